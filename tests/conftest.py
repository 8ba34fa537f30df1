"""A started hall for tests that need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import RunningHall, make_hall, start_controller


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A real controller process with eight counters, in pull mode."""
    with start_controller(make_hall(tmp_path)) as running:
        yield running
