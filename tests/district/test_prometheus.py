"""Debian's Prometheus over a real hall: it counts what the account counts, to the visit, whatever is killed."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Refusal
from tests.district.watching import Exporter, Prometheus, exporting, prometheus
from tests.support import MATTER, RunningHall, hall_command, make_hall_at, start_controller

DAY = "2026-11-24"
"""A Tuesday."""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A district hall on a Tuesday morning, with one counter open."""
    with start_controller(make_hall_at(tmp_path, f"{DAY} 11:50:00", tier="district")) as running:
        accept(running, c.OpenCounter(counter=1, clerk="7"))
        yield running


@pytest.fixture
def exporter(hall: RunningHall) -> Iterator[Exporter]:
    with exporting(hall.dir) as running:
        yield running


@pytest.fixture
def server(tmp_path: Path, exporter: Exporter) -> Iterator[Prometheus]:
    with prometheus(tmp_path, exporter) as running:
        yield running


def accept(hall: RunningHall, *commands: c.Command) -> None:
    for command in commands:
        reply = hall.do(command)
        assert not isinstance(reply, Refusal), reply


def visit(hall: RunningHall, *, undone: bool = False) -> None:
    last = c.Undo(counter=1) if undone else c.FinishService(counter=1)
    accept(hall, c.IssueTicket(matter=MATTER), c.CallNext(counter=1), c.StartService(counter=1), last)
    if undone:
        accept(hall, c.Missed(counter=1))


def report(hall: RunningHall) -> dict[str, float]:
    """Visits by band in `hall report --day`, zeros left out."""
    made = json.loads(hall_command("report", hall.dir, "--day", DAY, "--json").stdout)
    return {band: count for band, count in made["visits"].items() if count and band != "total"}


def agree(hall: RunningHall, server: Prometheus, expected: dict[str, float]) -> None:
    assert report(hall) == expected
    server.wait_for(expected, "hall_day_visits")
    server.wait_for(expected, "hall_visits_total - hall_visits_undone_total")


@pytest.mark.timeout(120)
def test_the_days_visits_are_those_of_the_report_whatever_is_killed(
    hall: RunningHall, exporter: Exporter, server: Prometheus
) -> None:
    visit(hall)
    hall.set_clock(f"{DAY} 12:10:00")
    visit(hall)
    visit(hall, undone=True)
    visit(hall)
    agree(hall, server, {"regular": 1, "lunch": 2})
    hall.kill()
    hall.start()
    hall.set_clock(f"{DAY} 18:20:00")
    visit(hall)
    agree(hall, server, {"regular": 1, "lunch": 2, "evening": 1})
    exporter.kill()
    visit(hall)
    visit(hall, undone=True)
    exporter.start()
    agree(hall, server, {"regular": 1, "lunch": 2, "evening": 2})
    assert server.query("hall_visits_undone_total") == {"lunch": 1, "evening": 1}
    assert server.query("sum(resets(hall_visits_total[1h]))") == {}, "no restart looks like one to a rate"
    assert server.query("hall_wait_seconds_count") == {"regular": 1, "lunch": 3, "evening": 3}
    assert server.query("hall_up", "tier") == {"district": 1}, "labels of the target"


def test_a_hall_that_is_silent_shows_nothing_stale_and_comes_back_by_itself(
    hall: RunningHall, exporter: Exporter, server: Prometheus
) -> None:
    visit(hall)
    agree(hall, server, {"regular": 1})
    server.wait_for({"closed": 3, "ready": 1}, "hall_counters", by="state")
    hall.kill()
    server.wait_for({}, "hall_up", by="hall")
    server.wait_for({}, '{__name__=~"hall_(counters|open|day_visits|device_up|disk_bytes|build_info)"}', by="__name__")
    assert server.query("up", by="job") == {"hall": 1}, "the scrape goes on answering"
    assert server.query("hall_visits_total") == {"regular": 1}, "what happened has happened"
    hall.start()
    server.wait_for({"closed": 3, "ready": 1}, "hall_counters", by="state")
    agree(hall, server, {"regular": 1})


def test_the_hotline_learns_where_the_wait_is_shortest(hall: RunningHall, server: Prometheus) -> None:
    accept(hall, *[c.IssueTicket(matter=MATTER)] * 3)
    told = hall.do(c.IssueTicket(matter=MATTER)).predicted_wait_s
    accept(hall, c.CancelTicket(ticket=4))
    # Not to the second: from one who leaves, the hall learns how patient visitors are.
    shortest = "bottomk(1, hall_newcomer_wait_seconds and on (hall) hall_open == 1)"
    server.wait_for({"BA001": 1}, f"abs({shortest} - {told}) < bool {0.1 * told}", by="hall")


def test_promtool_is_silent_about_the_real_page(hall: RunningHall, exporter: Exporter) -> None:
    visit(hall)
    exporter.wait_for(1, "hall_visits_total", band="regular")
    text = exporter.text()
    result = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")
