"""A started hall for tests that need one."""

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pluggy
import pytest

from tests import nightly
from tests.support import RunningHall, make_hall, start_controller


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A nightly run has its part's tests alone.

    A module's tests run in one process: its hall, its pages and its browser are started once, not once a worker.
    """
    chosen = os.environ.get(nightly.PART)
    other = [item for item in items if nightly_part(item) not in {None, chosen}]
    if other and chosen is not None:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in other]
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def nightly_part(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("nightly")
    if mark is None:
        return None
    if len(mark.args) != 1 or mark.args[0] not in nightly.PARTS:
        names = ", ".join(nightly.PARTS)
        raise pytest.UsageError(f'{item.nodeid}: say @pytest.mark.nightly("PART") with one of {names}')
    return str(mark.args[0])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Counts passed tests, and hypothesis' examples, for a nightly part."""
    report = (yield).get_result()
    if report.when == "call" and report.passed:
        nightly.record_steps("tests", 1)
        found = re.findall(r"(\d+) passing examples", getattr(item, "hypothesis_statistics", ""))
        if found:
            nightly.record_steps("examples", sum(map(int, found)))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A real controller process with eight counters, in pull mode."""
    with start_controller(make_hall(tmp_path)) as running:
        yield running
