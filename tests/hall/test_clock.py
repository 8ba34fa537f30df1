"""The hall's clock: a wall clock that is set changes nothing until it is journalled."""

import asyncio
import json
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.bus.wire import Status
from hall_controller.clock import SMALL_STEP_MS, HallClock
from hall_controller.controller import Controller
from hall_controller.domain import commands as c
from hall_controller.journal.journal import Journal
from tests.support import BOUND_S, MATTER, make_hall, wait_for

HOUR_MS = 3_600_000


class SetClock:
    """A wall clock that a clerk can set."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    clock = SetClock()
    monkeypatch.setattr(HallClock, "_wall_ms", staticmethod(clock.wall_ms))
    return clock


@pytest.fixture
def directory(tmp_path: Path, wall: SetClock) -> Iterator[Path]:
    """A hall whose controller runs in this process, where its wall clock can be set."""
    made = make_hall(tmp_path)
    started: queue.Queue[Controller] = queue.Queue()

    def run() -> None:
        controller = Controller(made)
        started.put(controller)
        controller.run()
        controller.close()

    thread = threading.Thread(target=run)
    thread.start()
    controller = started.get(timeout=BOUND_S)
    yield made
    controller.stop()
    thread.join(BOUND_S)
    assert not thread.is_alive()


def ask(directory: Path, *requests: c.Command | Status) -> list[object]:
    async def all_of_them() -> list[object]:
        async with HallClient(load_bundle(directory, "manager")) as client:
            return [await client.ask(request) for request in requests]

    return asyncio.run(all_of_them())


def steps(directory: Path) -> list[int]:
    with Journal(directory, read_only=True) as journal:
        events = [json.loads(body) for body in journal.bodies()]
    return [event["step_ms"] for event in events if event["type"] == "clock_stepped"]


def test_an_hour_back_at_lunch_waits_for_the_manager(directory: Path, wall: SetClock) -> None:
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


def test_a_small_step_is_taken_and_journalled_by_itself(directory: Path, wall: SetClock) -> None:
    wall.ahead_ms = 2_000
    wait_for(lambda: steps(directory), "clock_stepped")
    assert abs(steps(directory)[0] - 2_000) < 500


def test_a_flat_battery_does_not_send_the_hall_back_in_time(wall: SetClock) -> None:
    now_ms = wall.wall_ms()
    wall.ahead_ms = -now_ms  # 1970
    assert HallClock(not_before_ms=now_ms).now_ms() >= now_ms
