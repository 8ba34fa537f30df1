"""`hall run`: the whole hall on one box, supervised."""

import contextlib
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hall_controller.domain import commands as c
from tests.support import HALL, MATTER, RunningHall, make_hall, started, wait_for

READY_S = 90.0
"""Five processes start on two cores that others use too."""


class WholeHall(RunningHall):
    """`hall run` and what it says."""

    def __init__(self, directory: Path) -> None:
        self.out = directory.with_name("run.log")
        super().__init__(directory)

    def start(self) -> subprocess.Popen[str]:
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [*HALL, "run", str(self.dir)], stdin=subprocess.DEVNULL, stdout=out, stderr=out, text=True
            )
        return self.process

    def until_running(self) -> str:
        return wait_for(
            lambda: self.out.read_text() if "The hall is running" in self.out.read_text() else "", "hall run", READY_S
        )

    def parts(self) -> dict[str, int]:
        """The pid of each part that runs."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it may end while we look
                words = child.cmdline()
                # Between fork and exec a part still bears the name of its parent.
                if "hall_controller" in words and "run" not in words:
                    found[words[words.index("hall_controller") + 1]] = child.pid
        return found


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[WholeHall]:
    running = WholeHall(make_hall(tmp_path))
    with started(running.process):
        yield running


@pytest.mark.timeout(240)
@pytest.mark.xdist_group("whole-hall")
def test_all_parts_come_up_come_back_and_stop_together(whole: WholeHall) -> None:
    said = whole.until_running()
    addresses = dict(re.findall(r"(?m)^(kiosk|board) +(http://\S+)", said))
    assert set(addresses) == {"kiosk", "board"}
    for address in addresses.values():
        with urllib.request.urlopen(address, timeout=20) as page:
            assert page.status == 200
    first = whole.parts()
    assert set(first) == {"controller", "kiosk", "board", "printer", "voice", "metrics"}

    whole.do(c.OpenCounter(counter=1, clerk="007"))
    issued = whole.do(c.IssueTicket(matter=MATTER))
    for part in ("voice", "controller"):
        os.kill(first[part], signal.SIGKILL)
    wait_for(lambda: _replaced(first, whole.parts()) == {"voice", "controller"}, "two new processes", READY_S)
    assert whole.do(c.CallNext(counter=1)).number == issued.number, "the journal outlived the controller"

    everyone = [psutil.Process(pid) for pid in whole.parts().values()]
    assert whole.stop() == 0
    assert not any(one.is_running() for one in everyone)
    assert "Traceback" not in whole.out.read_text()


@pytest.mark.xdist_group("whole-hall")
def test_a_hall_that_cannot_start_says_why_and_ends(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    (directory / "hall.toml").write_text("[hall]\nid = 3\n")
    ended = subprocess.run([*HALL, "run", str(directory)], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "hall.toml, line" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.xdist_group("whole-hall")
@pytest.mark.timeout(120)
def test_no_part_outlives_a_killed_run(tmp_path: Path) -> None:
    running = WholeHall(make_hall(tmp_path))
    try:
        wait_for(lambda: "controller ready" in running.out.read_text(), "the controller", READY_S)
        children = [psutil.Process(pid) for pid in running.parts().values()]
        assert children
    finally:
        running.process.kill()
        running.process.wait()
    wait_for(lambda: not any(_alive(one) for one in children), "the parts' end", READY_S)


def _replaced(first: dict[str, int], now: dict[str, int]) -> set[str]:
    """The parts that run as another process than before."""
    return {part for part, pid in now.items() if pid != first.get(part)}


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
