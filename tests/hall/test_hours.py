"""A real hall through its hours: closing, midnight, power cuts, and a clock that is set back at lunch."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Band
from tests.hall.in_process import WallClock, controller_of
from tests.support import (
    MATTER,
    RunningHall,
    hall_command,
    make_hall,
    make_hall_at,
    start_controller,
    wait_for,
)

ISSUE = c.IssueTicket(matter=MATTER)


def accepted(hall: RunningHall, *commands: c.Command, as_: str = "manager") -> None:
    for command in commands:
        reply = hall.do(command, as_)
        assert not isinstance(reply, Refusal), reply


def serve(hall: RunningHall, counter: int) -> None:
    accepted(hall, c.CallNext(counter=counter), c.StartService(counter=counter), c.FinishService(counter=counter))


def visits(directory: Path, *period: str) -> dict[str, int]:
    """What `hall report` says, bands without visits left out."""
    made = json.loads(hall_command("report", directory, *period, "--json").stdout)
    return {band: count for band, count in made["visits"].items() if count}


def test_a_hall_restarted_a_second_before_midnight_counts_each_visit_on_its_day(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-12-31 19:00:00")
    with start_controller(directory) as hall:
        accepted(hall, c.OpenCounter(counter=1, clerk="7"), c.ExtendHours(minutes=300), ISSUE, ISSUE, ISSUE)
        serve(hall, 1)
        hall.set_clock("2026-12-31 23:59:58")
        accepted(hall, c.CallNext(counter=1), c.StartService(counter=1))
        hall.set_clock("2026-12-31 23:59:59")
        before = hall.state()
        hall.kill()
        hall.start()
        assert hall.state() == before
        hall.set_clock("2027-01-01 00:00:01")
        after = hall.state()
        assert (before.service_day, after.service_day) == ("2026-12-31", "2027-01-01")
        assert after.counters[1].state == "serving", "midnight ends no service"
        accepted(hall, c.FinishService(counter=1))
        serve(hall, 1)
        assert hall.state().visits == {Band.EVENING: 1}, "the evening before is still open"
        hall.kill()
    assert visits(directory, "--day", "2026-12-31") == {"total": 2, "evening": 2}
    assert visits(directory, "--day", "2027-01-01") == {"total": 1, "evening": 1}
    assert visits(directory, "--month", "2026-12") == {"total": 2, "evening": 2}


def test_a_hall_that_was_killed_at_closing_has_closed_when_it_is_back(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-24 19:59:00")
    with start_controller(directory) as hall:
        accepted(hall, ISSUE)
        hall.kill()
        hall.start()
        hall.set_clock("2026-11-24 20:00:00")
        refused = hall.do(ISSUE, "kiosk")
        assert isinstance(refused, Refusal)
        assert refused.code is Code.ISSUING_STOPPED
        assert len(hall.state().tickets) == 1
        accepted(hall, c.ExtendHours(minutes=30))
        accepted(hall, ISSUE, as_="kiosk")


# --- a clock set back in the middle of lunch ------------------------------------------------------


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    # Later than any true clock, by which the hall is made: a hall never starts before its journal's end.
    return WallClock(monkeypatch, "2100-11-24 12:30:00")


@pytest.fixture
def directory(tmp_path: Path, wall: WallClock) -> Iterator[Path]:
    """A district hall at lunch."""
    made = make_hall(tmp_path, tier="district", real_hours=True)
    with controller_of(made):
        yield made


def say(directory: Path, *commands: c.Command) -> Any:
    async def all_of_them() -> Any:
        async with HallClient(load_bundle(directory, "manager")) as client:
            replies = [await client.ask(command) for command in commands]
            refused = [reply for reply in replies if isinstance(reply, Refusal)]
            assert not refused, refused[0]
            return replies[-1]

    return asyncio.run(all_of_them())


def test_a_clock_set_back_an_hour_in_the_middle_of_lunch_leaves_every_visit_in_its_band(
    directory: Path, wall: WallClock
) -> None:
    visit = (ISSUE, c.CallNext(counter=1), c.StartService(counter=1), c.FinishService(counter=1))
    say(directory, c.OpenCounter(counter=1, clerk="7"), *visit, ISSUE, c.CallNext(counter=1), c.StartService(counter=1))
    wall.ahead_ms -= 3_600_000
    say(directory, c.FinishService(counter=1), *visit)  # not accepted yet: it is lunch still
    say(directory, c.AcceptClock())
    say(directory, *visit)  # half past eleven
    wall.ahead_ms += 3_600_000
    say(directory, c.AcceptClock())
    say(directory, *visit)
    expected = {"total": 5, "regular": 1, "lunch": 4}
    wait_for(lambda: visits(directory, "--day", "2100-11-24") == expected, f"{expected} in the report")
    rows = json.loads(hall_command("report", directory, "--day", "2100-11-24", "--json").stdout)["by"]["clerk"]
    assert rows["7"]["finished"] == 5
    assert rows["7"]["service_s"] < 60, "no service lasted an hour for a clock"
