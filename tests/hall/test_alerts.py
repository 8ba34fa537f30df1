"""Alerts of a real controller: raised and cleared by themselves, told on the bus and by `hall show`."""

import os
import time
from pathlib import Path

import pytest

from hall_controller import surroundings
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.commands import DeviceState
from hall_controller.surroundings import MADE
from tests.hall.in_process import WallClock, controller_of
from tests.support import MATTER, RunningHall, hall_command, make_hall, make_hall_at, start_controller, wait_for


def standing(hall: RunningHall) -> list[str]:
    return sorted(hall.state().alerts)


def told(directory: Path) -> list[str]:
    """What was raised and cleared, from the bus."""
    done = hall_command("watch", directory, "--since", "0", "--until-now")
    lines = [wire.decode_event(line.encode()) for line in done.stdout.splitlines()]
    marks = {"AlertRaised": "+", "AlertCleared": "-"}
    return [f"{marks[name]}{event.alert}" for event in lines if (name := type(event).__name__) in marks]  # type: ignore[attr-defined]


def test_somebody_waits_too_long_in_front_of_an_idle_counter(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-24 09:30:00")
    with start_controller(directory) as hall:
        hall.do(c.OpenCounter(counter=1, clerk="007"), as_="counter-1")
        hall.do(c.IssueTicket(matter=MATTER), as_="reception")
        hall.set_clock("2026-11-24 09:32:59")
        assert standing(hall) == []
        hall.set_clock("2026-11-24 09:33:00")
        assert standing(hall) == ["counter_idle/1"]
        hall.set_clock("2026-11-24 10:00:00")
        assert standing(hall) == ["counter_idle/1", "long_wait/"]
        shown = hall_command("show", directory).stdout
        assert "alert long wait: A001 has waited for 30 min. Open another counter" in shown
        assert "alert counter idle: counter 1 has been idle for 30 min while people wait" in shown
        hall.kill()
        hall.start()
        assert standing(hall) == ["counter_idle/1", "long_wait/"]
        hall.do(c.CallNext(counter=1), as_="counter-1")
        hall.set_clock("2026-11-24 10:00:01")
        assert standing(hall) == []
        assert told(directory) == ["+counter_idle", "+long_wait", "-counter_idle", "-long_wait"]
        assert "alert " not in hall_command("show", directory).stdout
    assert hall_command("check", directory).stdout.count("events replay")


def test_a_printer_without_paper(tmp_path: Path) -> None:
    directory = make_hall(tmp_path, paper_out_s=1)
    with start_controller(directory) as hall:
        hall.do(c.ReportDevice(kind="paper", state=DeviceState.FAILED, detail="paper out"), as_="printer")
        wait_for(lambda: standing(hall) == ["paper_out/printer"], "the alert")
        hall.do(c.ReportDevice(kind="paper", state=DeviceState.OK), as_="printer")
        wait_for(lambda: standing(hall) == [], "the all-clear")
        assert told(directory) == ["+paper_out", "-paper_out"]


def test_a_backup_that_is_too_old_is_told_until_there_is_a_new_one(tmp_path: Path) -> None:
    directory = make_hall(tmp_path, backup_old_hours=24)
    long_ago_s = time.time() - 3 * 86_400
    os.utime(directory / MADE, (long_ago_s, long_ago_s))
    with start_controller(directory) as hall:
        wait_for(lambda: standing(hall) == ["backup_old/"], "the alert")
        assert "no backup for 3 days" in hall_command("show", directory).stdout
        assert hall_command("backup", directory, tmp_path / "hall.tar").returncode == 0
        wait_for(lambda: standing(hall) == [], "the all-clear")
        assert told(directory) == ["+backup_old", "-backup_old"]


def test_a_clock_that_is_off_is_told_and_a_board_that_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "LOOK_S", 0.1)
    wall = WallClock(monkeypatch)
    directory = make_hall(tmp_path, kiosk_silent_s=0, printer_silent_s=0, voice_silent_s=0)
    with controller_of(directory) as controller:
        controller._lookout._started_s -= 600
        wait_for(lambda: "board_silent/board" in controller.hall.alerts, "the board's alert")
        bundle = directory / "devices" / "board.toml"
        assert hall_command("show", bundle).returncode == 0  # it speaks
        wait_for(lambda: "board_silent/board" not in controller.hall.alerts, "the board")
        wall.ahead_ms = 3_600_000
        wait_for(lambda: "clock_off/" in controller.hall.alerts, "the clock's alert")
        wall.ahead_ms = 0
        wait_for(lambda: "clock_off/" not in controller.hall.alerts, "the clock")
    assert told_in(directory) == ["+board_silent", "-board_silent", "+clock_off", "-clock_off"]


def told_in(directory: Path) -> list[str]:
    with start_controller(directory):
        return told(directory)


def test_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "LOOK_S", 0.1)
    directory = make_hall(tmp_path, disk_filling_percent=10)
    real, share = os.statvfs, {"free": 0.5}

    class Disk:
        f_blocks, f_frsize = 1000, 4096

        @property
        def f_bavail(self) -> int:
            return round(self.f_blocks * share["free"])

        f_bfree = f_bavail

    monkeypatch.setattr(os, "statvfs", lambda path: Disk() if Path(path) == directory else real(path))
    with controller_of(directory) as controller:
        assert controller.hall.alerts == {}
        share["free"] = 0.09
        wait_for(lambda: "disk_filling/" in controller.hall.alerts, "the alert")
        assert controller.hall.alerts["disk_filling/"].value == 9
        share["free"] = 0.2
        wait_for(lambda: not controller.hall.alerts, "the all-clear")
