"""One controller for a whole module: each test finds an empty hall, but its numbers go on from the test before.

Its hours are one minute of public holidays, so that it stays open as a new hall is, at whatever hour the tests run.
"""

import re
from collections.abc import Iterator

import pytest

from hall_controller.domain import commands as c
from tests.support import RunningHall, make_hall, start_controller

HARDLY_EVER = """
[[hours]]
days = ["holiday"]
start = 00:00:00
end = 00:01:00
band = "holiday"
"""


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    directory = make_hall(tmp_path_factory.mktemp("terminal"))
    file = directory / "hall.toml"
    without = re.sub(r"(?ms)^\[\[hours\]\].*?(?=^\[(?!\[hours))", "", file.read_text("utf-8"))
    file.write_text(without + HARDLY_EVER, "utf-8")
    with start_controller(directory) as running:
        yield running


@pytest.fixture
def hall(shared_hall: RunningHall) -> Iterator[RunningHall]:
    """A hall with every counter closed and nobody in it."""
    yield shared_hall
    if shared_hall.process.poll() is not None:
        shared_hall.start()
    shared_hall.do(c.CloseHall(reason="end of the test"))
    shared_hall.do(c.ResumeIssuing())
