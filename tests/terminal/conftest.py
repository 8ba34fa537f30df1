"""One controller for a whole module: each test finds an empty hall, but its numbers go on from the test before."""

from collections.abc import Iterator

import pytest

from hall_controller.domain import commands as c
from tests.support import RunningHall, make_hall, start_controller


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("terminal"))) as running:
        yield running


@pytest.fixture
def hall(shared_hall: RunningHall) -> Iterator[RunningHall]:
    """A hall with every counter closed and nobody in it."""
    yield shared_hall
    if shared_hall.process.poll() is not None:
        shared_hall.start()
    shared_hall.do(c.CloseHall(reason="end of the test"))
    shared_hall.do(c.ResumeIssuing())
