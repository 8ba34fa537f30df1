"""`hall report` of what is no visit, of a hall that runs: text, JSON, CSV and page say the same."""

import csv
import io
import json
from pathlib import Path

import pytest

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.commands import RatingReason
from hall_controller.domain.matters import How
from tests.support import RunningHall, hall_command, make_hall, start_controller

COMMENT = "材料说了三遍才说全"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day with a diversion, a bundle with one matter left, an acceptance, a result handed out and a low rating."""
    directory = make_hall(tmp_path_factory.mktemp("report"))
    assert hall_command("matters", directory, "--import", "sample").returncode == 0
    with start_controller(directory) as hall:
        live(hall)
    return directory


def live(hall: RunningHall) -> None:
    assert isinstance(hall.do(c.Divert(matter="id-card-replace", way=How.SELF_SERVICE), "kiosk"), wire.Accepted)
    hall.do(c.OpenCounter(counter=1, clerk="007"), "counter-1")
    bundle = c.IssueTicket(matter="id-card-renew", more=("residence-register", "id-card-child"))
    ticket = hall.do(bundle, "reception").ticket
    for command in (
        c.CallNext(counter=1),
        c.StartService(counter=1),
        c.HandleMatter(counter=1, matter="id-card-child", outcome=MatterOutcome.LEFT),
        c.AcceptMatter(counter=1, matter="id-card-renew"),
        c.FinishService(counter=1),
        c.EndWrapUp(counter=1),
    ):
        reply = hall.do(command, "counter-1")
        assert isinstance(reply, wire.Accepted) or isinstance(command, c.EndWrapUp), reply
    rate = c.Rate(ticket=ticket, stars=2, reasons=(RatingReason.UNCLEAR,), comment=COMMENT)
    assert isinstance(hall.do(rate), wire.Accepted)
    (receipt,) = hall.state().acceptances
    assert isinstance(hall.do(c.ReportResult(receipt=receipt)), wire.Accepted)
    assert isinstance(hall.do(c.HandOut(counter=1, receipt=receipt), "counter-1"), wire.Accepted)


def test_all_forms_tell_the_same(directory: Path, tmp_path: Path) -> None:
    with start_controller(directory) as hall:
        day = hall.state().service_day
        made = json.loads(hall_command("report", directory, "--day", day, "--json").stdout)
        besides = made["besides"]
        assert made["visits"]["total"] == 1, "one number is one visit, whatever it bundles"
        assert besides["diversions"]["matter"] == {"id-card-replace": {"self_service": 1}}
        assert besides["matters"] == {"handled": 2, "left": 1, "bundles": 1}
        acceptances = {key: count for key, count in besides["acceptances"].items() if count}
        assert acceptances == {"accepted": 1, "granted": 1, "handed_out": 1}
        (low,) = besides["ratings"]["low"]
        assert (low["reasons"], low["comment"], low["counter"], low["clerk"]) == (["unclear"], COMMENT, 1, "007")

        text = hall_command("report", directory, "--day", day).stdout
        assert "visits that need not be: 1 (self-service 1)" in text
        assert "matters handled: 2, left for another day: 1" in text
        assert COMMENT in text

        rows = csv.DictReader(io.StringIO(hall_command("report", directory, "--day", day, "--csv").stdout))
        counts = {(row["by"], row["key"]): int(row["count"]) for row in rows if row["count"]}
        assert (
            counts[("diversion", "self_service")] == counts[("matters", "left")] == counts[("reason", "unclear")] == 1
        )

        assert hall_command("report", directory, "--day", day, "--html", tmp_path / "day.html").returncode == 0
        page = (tmp_path / "day.html").read_text("utf-8")
        assert "没讲清楚" in page
        assert COMMENT in page
        options = ("--html", tmp_path / "open.html", "--without-clerks")
        assert hall_command("report", directory, "--month", day[:7], *options).returncode == 0
        assert COMMENT not in (tmp_path / "open.html").read_text("utf-8")
