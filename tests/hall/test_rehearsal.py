"""hall rehearse as a shell user starts it: a real controller, the real bus, the journal on the disk."""

import json
import re
import signal
import socket
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from hall_controller.bus import wire
from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.config import load_config
from hall_controller.domain import commands as c
from tests.support import (
    HALL,
    MATTER,
    RunningHall,
    hall_command,
    make_hall,
    run_async,
    start_controller,
    started,
    wait_for,
)

VISITORS = 60


def bodies(directory: Path) -> list[bytes]:
    """The events in the journal, as JSON; none while it is being made."""
    try:
        connection = sqlite3.connect(f"file:{directory / 'hall.db'}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return []
    try:
        return [bytes(body) for (body,) in connection.execute("SELECT body FROM events ORDER BY seq")]
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def count(directory: Path, kind: str) -> int:
    return sum(b'{"type":"%s"' % kind.encode() in body for body in bodies(directory))


def begin(directory: Path, *options: str) -> subprocess.Popen[str]:
    command = [*HALL, "rehearse", str(directory), "--json", "--counters", "6", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def running(directory: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    with begin(directory, *options) as process, started(process):
        yield process


def result_of(process: subprocess.Popen[str], code: int = 0) -> Any:
    out, err = process.communicate(timeout=50)
    assert process.returncode == code, err
    return json.loads(out)


def controller_of(process: subprocess.Popen[str]) -> psutil.Process:
    def find() -> list[psutil.Process]:
        return [child for child in psutil.Process(process.pid).children() if "controller" in child.cmdline()]

    return wait_for(find, "the controller's process")[0]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[dict[str, Any]]]:
    """Two rehearsals of the same seed, at the same time, each in a directory of its own."""
    directories = [tmp_path_factory.mktemp("rehearsal") / name for name in ("a", "b")]
    options = ("--visitors", str(VISITORS), "--seed", "7")
    with running(directories[0], *options) as one, running(directories[1], *options) as two:
        return directories, [result_of(one), result_of(two)]


def test_the_same_seed_gives_the_same_journal_byte_by_byte(
    twice: tuple[list[Path], list[dict[str, Any]]],
) -> None:
    (first, second), _ = twice
    assert len(bodies(first)) > VISITORS * 5
    assert bodies(first) == bodies(second)


def test_everybody_was_served_and_the_journal_holds_together(twice: tuple[list[Path], list[dict[str, Any]]]) -> None:
    (directory, _), (result, other) = twice
    outcome = result["outcome"]
    assert outcome == other["outcome"]
    assert outcome["issued"] == VISITORS
    assert outcome["visits"]["total"] + outcome["no_shows"] + outcome["cancelled"] == VISITORS
    assert sum(row["count"] for row in outcome["services"].values()) == outcome["visits"]["total"]
    assert outcome["calls"] == count(directory, "ticket_called")
    assert (result["broken"], result["refused"], result["interrupted"]) == ([], [], False)
    assert result["rehearsal"] is True


def test_its_report_is_marked_and_agrees(twice: tuple[list[Path], list[dict[str, Any]]]) -> None:
    (directory, _), (result, _) = twice
    report = hall_command("report", directory, "--day", result["day"], "--json")
    made = json.loads(report.stdout)
    assert made["rehearsal"] is True
    assert made["visits"]["total"] == result["outcome"]["visits"]["total"]
    assert "is a rehearsal" in report.stderr
    # It stays a rehearsal, whatever somebody makes of its settings.
    file = directory / "hall.toml"
    kept = file.read_text("utf-8")
    file.write_text(re.sub(r"(?m)^rehearsal = true.*\n", "", kept), "utf-8")
    assert json.loads(hall_command("report", directory, "--day", result["day"], "--json").stdout)["rehearsal"] is True
    file.write_text(kept, "utf-8")


def test_the_report_of_a_real_hall_says_nothing_of_rehearsals(hall: RunningHall) -> None:
    report = hall_command("report", hall.dir, "--month", "2026-03", "--json")
    assert "rehearsal" not in report.stdout + report.stderr


def test_its_hall_can_be_opened_and_rehearsed_on(twice: tuple[list[Path], list[dict[str, Any]]]) -> None:
    (_, directory), (result, _) = twice
    with start_controller(directory) as hall:
        status = hall.do(wire.Status())
        assert status.rehearsal
        assert status.clock_rate == 0
        assert 0 <= result["to_ms"] - status.now_ms < 60_000, "the clock is where it stood"
        busy = hall_command("rehearse", directory)
        assert busy.returncode == 2
        assert "a controller runs this hall" in busy.stderr
    page = hall_command("rehearse", directory, "--visitors", "12", "--seed", "3", "--mode", "push")
    assert page.returncode == 0, page.stderr
    assert "Rehearsed: 2026-03-03 08:50" in page.stdout
    assert "push" in page.stdout
    assert "issued 12" in page.stdout
    assert page.stderr == ""
    assert count(directory, "ticket_issued") + count(directory, "ticket_checked_in") == VISITORS + 12
    assert json.loads(hall_command("report", directory, "--day", "2026-03-02", "--json").stdout)["visits"]["total"]
    passed = hall_command("rehearse", directory, "--day", "2026-03-03")
    assert passed.returncode == 2
    assert "choose a later moment" in passed.stderr
    other = hall_command("rehearse", directory, "--counters", "9")
    assert other.returncode == 2
    assert "has 6; leave --counters out" in other.stderr


def test_a_real_hall_is_never_rehearsed_in(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    before = bodies(directory)
    refused = hall_command("rehearse", directory, "--visitors", "5")
    assert refused.returncode == 2
    assert "is the real hall BA001; rehearse in an empty directory" in refused.stderr
    # Nor one that was made to look like a rehearsal.
    file = directory / "hall.toml"
    file.write_text(file.read_text("utf-8").replace("[hall]\n", "[hall]\nrehearsal = true\n", 1), "utf-8")
    assert hall_command("rehearse", directory).returncode == 2
    assert bodies(directory) == before


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    refused = hall_command("rehearse", tmp_path)
    assert refused.returncode == 2
    assert "is not empty and not a rehearsal hall" in refused.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_controller_that_cannot_start_says_why(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    assert hall_command("rehearse", directory, "--visitors", "1", "--counters", "2").returncode == 0
    host, _, port = load_config(directory).bus.commands.removeprefix("tcp://").partition(":")
    with socket.socket() as taken:
        taken.bind((host, int(port)))
        taken.listen()
        refused = hall_command("rehearse", directory, "--visitors", "1")
    assert refused.returncode == 2
    assert "cannot listen on" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_controller_that_is_killed_is_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    with running(directory, "--visitors", "40", "--seed", "5") as process:
        wait_for(lambda: count(directory, "service_finished") > 5, "services")
        controller_of(process).kill()
        result = result_of(process)
    assert result["controller_starts"] == 2
    assert result["outcome"]["issued"] == 40
    assert result["broken"] == []
    assert not result["interrupted"]


def test_a_rehearsal_that_is_stopped_goes_on_the_next_day(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    with running(directory, "--visitors", "60", "--seed", "7") as process:
        wait_for(lambda: count(directory, "service_finished") > 5, "services")
        controller = controller_of(process)
        process.send_signal(signal.SIGTERM)
        result = result_of(process)
    assert result["interrupted"] is True
    assert 0 < result["outcome"]["visits"]["total"] < 60
    assert result["broken"] == []
    assert not controller.is_running()
    with running(directory, "--visitors", "5") as process:
        next_day = result_of(process)
    assert (next_day["day"], next_day["outcome"]["issued"]) == ("2026-03-03", 5)
    assert (next_day["broken"], next_day["refused"]) == ([], [])


def test_it_can_be_watched_on_screens_that_stay_until_they_are_ended(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    options = ("--visitors", "20", "--speed", "5000", "--watch")
    with running(directory, *options) as process:
        addresses = addresses_of(process)
        for part in ("kiosk", "board"):
            with urllib.request.urlopen(addresses[part], timeout=10) as page:
                assert page.status == 200
        status = ask(directory, wire.Status())
        assert (status.clock_rate, status.rehearsal) == (5000, True)
        assert ask(directory, c.IssueTicket(matter=MATTER)).number, "a person may take part"
        assert process.stdout is not None
        result = json.loads(process.stdout.readline())
        # A machine that cannot keep up with so fast a clock lets some come after the last ticket.
        assert (result["outcome"]["issued"] + result["turned_away"], result["broken"]) == (21, [])
        wait_for(lambda: ask(directory, wire.Status()).clock_rate == 1, "a clock that runs as others do")
        assert process.poll() is None, "the screens stay"
        children = psutil.Process(process.pid).children()
        assert len(children) == 5
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not [child for child in children if child.is_running()]


def ask(directory: Path, request: wire.Request) -> Any:
    async def asked() -> Any:
        async with HallClient(load_bundle(directory, "manager")) as client:
            return await client.ask(request)

    return run_async(asked)


def addresses_of(process: subprocess.Popen[str]) -> dict[str, str]:
    """Where each screen is, as it is said to whoever started the rehearsal."""
    assert process.stderr is not None
    addresses: dict[str, str] = {}
    while len(addresses) < 4:
        line = process.stderr.readline()
        assert line, "the rehearsal ended before its screens were up"
        part, _, address = line.partition(" ")
        if part in ("kiosk", "board", "printer", "voice"):
            addresses[part] = address.strip()
    return addresses
