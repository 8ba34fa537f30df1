"""One controller for a whole module: each test finds an empty hall, but its numbers go on from the test before."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.domain import commands as c
from tests.support import RunningHall, make_hall, start_controller


def empty(hall: RunningHall) -> None:
    """Closing ends every number and keeps the bookings; these end one by one."""
    hall.do(c.CloseHall(reason="end of the test"))
    hall.do(c.ResumeIssuing())
    for ticket in hall.state().tickets:
        hall.do(c.CancelTicket(ticket=ticket))


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("terminal"))) as running:
        yield running


@pytest.fixture(scope="module")
def shared_paper_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """A hall that accepts for the district's hall BA135, asks a register of ratings, and knows a theme."""
    directory = make_hall(tmp_path_factory.mktemp("papers"))
    shutil.copy(Path(__file__).parent / "matters.csv", directory / "matters.csv")
    (directory / "credit.csv").write_text("applicant,rating\nGOOD1,good\nBAD1,discredited\n", "utf-8")
    settings = directory / "hall.toml"
    text = settings.read_text("utf-8").replace('# district_hall = "BA001"', 'district_hall = "BA135"')
    settings.write_text(text, "utf-8")
    with start_controller(directory) as running:
        yield running


@pytest.fixture
def paper_hall(shared_paper_hall: RunningHall) -> Iterator[RunningHall]:
    """Every counter closed and nobody in it; receipts of earlier tests are still known."""
    yield shared_paper_hall
    empty(shared_paper_hall)


@pytest.fixture
def hall(shared_hall: RunningHall) -> Iterator[RunningHall]:
    """A hall with every counter closed and nobody in it."""
    yield shared_hall
    if shared_hall.process.poll() is not None:
        shared_hall.start()
    empty(shared_hall)
