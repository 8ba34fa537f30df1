"""Credit over the real bus: asked by a clerk's terminal, kept nowhere, shown to nobody else."""

import json
from pathlib import Path

from msgspec.structs import replace

from hall_controller.domain.catalogue_rows import catalogue_text, parse_catalogue
from hall_controller.domain.matters import Catalogue, Subject
from hall_controller.domain.rules_acceptance import CreditRules
from tests.hall.page_client import PageClient
from tests.support import make_hall, start_controller

GOOD, BAD = "91440300MA5DA0000X", "91440300MA5DB1111Y"


def test_a_clerk_asks_and_accepts_on_credit(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    (directory / "credit.csv").write_text(f"applicant,rating\n{GOOD},good\n{BAD},discredited\n", "utf-8")
    file = directory / "matters.csv"
    matters = parse_catalogue(file.read_text("utf-8")).matters
    subsidy = next(code for code, matter in matters.items() if matter.subject is Subject.LEGAL)
    matters[subsidy] = replace(matters[subsidy], subsidy=True)
    matters["id-card-renew"] = replace(matters["id-card-renew"], later=(1,))
    file.write_text(catalogue_text(Catalogue(matters)), "utf-8")
    with (
        start_controller(directory) as hall,
        PageClient(hall.dir / "devices" / "counter-1.toml") as counter,
        PageClient(hall.dir / "devices" / "reception.toml") as reception,
    ):
        asked = counter.ask("credit", applicant=GOOD, matter="id-card-renew")
        assert (asked["type"], asked["rating"], asked["later"], asked["barred"]) == ("credit", "good", [1], False)
        barred = counter.ask("credit", applicant=BAD, matter=subsidy)
        assert (barred["rating"], barred["barred"], barred["barred_zh"]) == (
            "discredited", True, CreditRules().barred_zh,
        )  # fmt: skip
        assert counter.ask("credit", applicant=BAD, matter="id-card-renew")["barred_zh"] == ""
        assert counter.ask("credit", applicant=GOOD, matter="nothing")["code"] == "unknown_matter"
        assert reception.ask("credit", applicant=GOOD, matter=subsidy)["code"] == "not_allowed"

        assert reception.ask("issue_ticket", matter="id-card-renew", more=[subsidy])["type"] == "accepted"
        counter.ask("open_counter", counter=1, clerk="007")
        counter.ask("call_next", counter=1)
        counter.ask("start_service", counter=1)
        refused = counter.ask("accept_matter", counter=1, matter=subsidy, applicant=BAD)
        assert (refused["code"], refused["message"]) == ("barred", CreditRules().barred_zh)
        late = counter.ask("accept_matter", counter=1, matter="id-card-renew", applicant=GOOD, outstanding=[1])
        assert late["type"] == "accepted"
        receipt = late["receipt"]
        (directory / "credit.csv").unlink()
        assert counter.ask("accept_matter", counter=1, matter=subsidy, applicant=GOOD)["code"] == "credit_needed"
        state = hall.state()
        assert state.acceptances[receipt].outstanding_zh == ("居民身份证（旧证）",)
        stream = json.dumps(reception.ask("events_since", seq=0))
        assert receipt in stream
        for number in (GOOD, BAD):
            assert number not in stream
            assert number.encode() not in b"".join(file.read_bytes() for file in directory.glob("hall.db*"))
