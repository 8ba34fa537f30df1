"""A controller in the test's own process, where the wall clock of its box can be set."""

import contextlib
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.clock import HallClock
from hall_controller.controller import Controller
from tests.support import BOUND_S, local_ms


class WallClock:
    """A wall clock that a clerk can set; it begins right, or at a local time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, local_time: str | None = None) -> None:
        self.ahead_ms = 0 if local_time is None else local_ms(local_time) - time.time_ns() // 1_000_000
        monkeypatch.setattr(HallClock, "_wall_ms", staticmethod(self.wall_ms))

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


@contextlib.contextmanager
def controller_of(directory: Path) -> Iterator[Controller]:
    """Opened, run and closed in one thread: its database belongs to it."""
    started: queue.Queue[Controller] = queue.Queue()

    def run() -> None:
        controller = Controller(directory)
        started.put(controller)
        controller.run()
        controller.close()

    thread = threading.Thread(target=run)
    thread.start()
    controller = started.get(timeout=BOUND_S)
    try:
        yield controller
    finally:
        controller.stop()
        thread.join(BOUND_S)
        assert not thread.is_alive()
