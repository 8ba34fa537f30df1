"""A started hall for tests that need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import RunningHall, make_hall, start_controller


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A module's tests run in one process: its hall, its pages and its browser are started once, not once a worker."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A real controller process with eight counters, in pull mode."""
    with start_controller(make_hall(tmp_path)) as running:
        yield running
