"""The hall's clock: a wall clock that is set changes nothing until it is journalled."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.bus.wire import Status
from hall_controller.clock import SMALL_STEP_MS, HallClock
from hall_controller.domain import commands as c
from hall_controller.journal.journal import Journal
from tests.hall.in_process import WallClock, controller_of
from tests.support import MATTER, make_hall, wait_for

HOUR_MS = 3_600_000


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    return WallClock(monkeypatch)


@pytest.fixture
def directory(tmp_path: Path, wall: WallClock) -> Iterator[Path]:
    made = make_hall(tmp_path)
    with controller_of(made):
        yield made


def ask(directory: Path, *requests: c.Command | Status) -> list[object]:
    async def all_of_them() -> list[object]:
        async with HallClient(load_bundle(directory, "manager")) as client:
            return [await client.ask(request) for request in requests]

    return asyncio.run(all_of_them())


def steps(directory: Path) -> list[int]:
    with Journal(directory, read_only=True) as journal:
        events = [json.loads(body) for body in journal.bodies()]
    return [event["step_ms"] for event in events if event["type"] == "clock_stepped"]


def test_an_hour_back_at_lunch_waits_for_the_manager(directory: Path, wall: WallClock) -> None:
    ask(directory, c.IssueTicket(matter=MATTER))
    before = ask(directory, Status())[0].now_ms  # type: ignore[attr-defined]
    wall.ahead_ms = -HOUR_MS
    status = ask(directory, c.IssueTicket(matter=MATTER), Status())[1]
    assert status.now_ms >= before, "the hall's clock goes on"  # type: ignore[attr-defined]
    assert abs(status.clock_off_ms + HOUR_MS) < SMALL_STEP_MS, "and says how far it is off"  # type: ignore[attr-defined]
    assert steps(directory) == []
    after = ask(directory, c.AcceptClock(), Status())[1]
    assert abs(after.clock_off_ms) < SMALL_STEP_MS  # type: ignore[attr-defined]
    assert len(steps(directory)) == 1
    numbers = [ask(directory, c.IssueTicket(matter=MATTER))[0].number]  # type: ignore[attr-defined]
    assert numbers == ["A003"], "no number comes twice for a clock"


def test_a_small_step_is_taken_and_journalled_by_itself(directory: Path, wall: WallClock) -> None:
    wall.ahead_ms = 2_000
    wait_for(lambda: steps(directory), "clock_stepped")
    assert abs(steps(directory)[0] - 2_000) < 500


def test_a_flat_battery_does_not_send_the_hall_back_in_time(wall: WallClock) -> None:
    now_ms = wall.wall_ms()
    wall.ahead_ms = -now_ms  # 1970
    assert HallClock(not_before_ms=now_ms).now_ms() >= now_ms
