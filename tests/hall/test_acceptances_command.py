"""hall acceptances: what a department has to decide, and which papers are on their way."""

import json
from pathlib import Path

from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain.catalogue_rows import catalogue_text, parse_catalogue
from hall_controller.domain.matters import Catalogue, How, Route
from tests.support import MATTER, hall_command, make_hall, start_controller


def test_what_is_accepted_is_listed_while_the_hall_runs_and_when_it_is_off(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    file = directory / "matters.csv"
    matters = parse_catalogue(file.read_text("utf-8")).matters
    matters[MATTER] = replace(
        matters[MATTER], department="公安分局", how=(How.HERE, How.ANY_HALL), route=Route.PHYSICAL, decide_days=7
    )
    file.write_text(catalogue_text(Catalogue(matters)), "utf-8")
    toml = directory / "hall.toml"
    toml.write_text(toml.read_text("utf-8").replace('# district_hall = "BA001"', 'district_hall = "BA900"'), "utf-8")
    with start_controller(directory) as hall:
        nothing = hall_command("acceptances", directory)
        assert (nothing.returncode, nothing.stdout) == (0, "")
        assert "nothing of the kind" in nothing.stderr
        hall.do(c.OpenCounter(counter=1, clerk="007"))
        receipts = []
        for _ in range(2):
            hall.do(c.IssueTicket(matter=MATTER))
            hall.do(c.CallNext(counter=1))
            hall.do(c.StartService(counter=1))
            receipts.append(hall.do(c.AcceptMatter(counter=1)).receipt)
            hall.do(c.FinishService(counter=1))
        sent = hall.do(c.SendConsignment(to_hall="BA900", receipts=(receipts[0],))).consignment
        lines = hall_command("acceptances", directory).stdout.splitlines()
        assert [line.split()[:4] for line in lines] == [
            [receipts[0], "sent", MATTER, "公安分局"], [receipts[1], "accepted", MATTER, "公安分局"],
        ]  # fmt: skip
        assert f"on {sent}" in lines[0]
        assert "papers for BA900" in lines[1]
        assert hall_command("acceptances", directory, "--department", "税务局").stdout == ""
        assert hall_command("acceptances", directory, "--overdue").stdout == ""
        papers = hall_command("acceptances", directory, "--consignments").stdout
        assert papers.startswith(f"{sent}  sent       ")
        assert "-> BA900  materials  due" in papers
    told = json.loads(hall_command("acceptances", directory, "--state", "accepted", "--json").stdout)
    assert [one["receipt"] for one in told] == [receipts[1]]
    wrong = hall_command("acceptances", directory, "--state", "lost")
    assert wrong.returncode == 2
    assert "'lost' is not one of" in wrong.stderr
