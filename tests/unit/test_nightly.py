"""The nightly parts: told before they run, stopped with all that they started, counted over their runs."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests import nightly
from tests.support import wait_for

ROOT = Path(nightly.__file__).parent.parent


def deploy_test(*words: str, state: Path) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {nightly.STATE: str(state)}
    command = ["sh", "deploy/test", "--nightly", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_an_unknown_part_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    refused = deploy_test("drates", "-k", "number", state=tmp_path)
    assert refused.returncode == 2
    assert "there is no nightly part drates" in refused.stderr
    for name, part in nightly.PARTS.items():
        assert re.search(rf"(?m)^  {name} +{part.minutes} min  {re.escape(part.what)}$", refused.stderr)


def test_the_list_says_what_each_part_has_done_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(nightly.STATE, str(tmp_path))
    for _ in range(2):
        nightly.add("months", {"runs": 1, "months": 1_000, "seconds": 61})
    listed = deploy_test("--list", state=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "so far: 2,000 months, 2 runs, 0:02:02" in listed.stdout


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "soon"])
def test_a_part_goes_on_for_some_time(tmp_path: Path, minutes: str) -> None:
    refused = deploy_test("liveness", "--minutes", minutes, state=tmp_path)
    assert refused.returncode == 2
    assert f"--minutes: {minutes!r} is no number of minutes" in refused.stderr


def test_counts_go_nowhere_in_an_ordinary_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(nightly.STATE, str(tmp_path))
    monkeypatch.delenv(nightly.PART, raising=False)
    monkeypatch.delenv(nightly.MINUTES, raising=False)
    nightly.record_steps("steps", 5)
    assert nightly.seconds(60) == 60
    assert not list(tmp_path.iterdir())


def test_marks_of_xdist_are_known_where_a_part_runs_without_it() -> None:
    """Else no part would find a test: marks are strict."""
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "--collect-only", "-q"]
    marked = ["tests/district/test_ledger_postgres.py", "tests/hall/test_run.py"]
    found = subprocess.run([*command, *marked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 0, found.stdout


SLEEPER = """
import subprocess, sys
from tests.nightly import record_steps, seconds

def test_sleeps():
    assert seconds(1) == 90
    record_steps("steps", 3)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        print("began", child.pid, flush=True)
"""
PART = """
import sys
from tests import nightly

nightly.PARTS = {"sleepy": nightly.Part(1, "sleeps", (nightly.Run(("--capture=no", sys.argv[1])),) * 2)}
sys.exit(nightly.main(["sleepy", "--minutes", "1.5"]))
"""


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_part_that_is_stopped_ends_what_it_started_and_tells_what_it_reached(
    tmp_path: Path, signum: signal.Signals
) -> None:
    test, told = tmp_path / "test_sleeper.py", tmp_path / "told"
    test.write_text(SLEEPER, "utf-8")
    environment = os.environ | {
        nightly.STATE: str(tmp_path / "state"),
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # some take seconds to load
    }
    nightly_command = [sys.executable, "-c", PART, str(test)]
    for total in (3, 6):
        with told.open("w") as out:
            part = subprocess.Popen(nightly_command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            began = wait_for(lambda: re.search(r"began (\d+)", told.read_text("utf-8")), "the test's own child")
        finally:
            part.send_signal(signum)
        assert part.wait(40) == 128 + signum
        assert began
        assert not psutil.pid_exists(int(began[1]))
        assert "nightly: sleepy: 1 runs, 3 steps" in told.read_text("utf-8")
        assert f"in all its runs: {total // 3} runs, {total} steps" in told.read_text("utf-8")
