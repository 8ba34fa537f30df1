"""A hall of the first release, kept as a backup that its own program wrote: today's program goes on with it.

first/hall.backup is of a rehearsed day of 30 visitors (`hall rehearse DIR --day 2026-11-24 --days 1 --visitors 30
--tier district --counters 6 --seed 7`) and of half the next, played by release_scene.py; its keys are no real hall's.
first/hall.json is what the hall then said of itself.
"""

import contextlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.hall import STATE_VERSION
from hall_controller.journal.journal import Journal
from hall_controller.keeping import back_up, restore
from tests.hall.releases import Json, differences
from tests.support import MATTER, free_port_row, hall_command, start_controller

FIRST = Path(__file__).parent / "first"
PORTS = range(26_040, 26_046)
"""That the recorded hall was given."""
ANEW = {".epoch", ".seq", ".receipts", ".consignments_sent", ".restores"}
"""What a restored hall counts on from elsewhere."""
KEPT_LONGER = re.compile(r"\.tickets\.\d+\.passed")
"""Counted over the whole visit since."""


@pytest.fixture
def restored(tmp_path: Path) -> Path:
    """On ports that are free here."""
    directory = tmp_path / "hall"
    restore(FIRST / "hall.backup", directory)
    row = free_port_row()
    for file in (directory / "hall.toml", *(directory / "devices").iterdir()):
        text = file.read_text("utf-8")
        for place, port in enumerate(PORTS):
            text = text.replace(str(port), str(row + place))
        file.write_text(text, "utf-8")
    return directory


def said() -> Json:
    told: Json = json.loads((FIRST / "hall.json").read_text("utf-8"))
    return told


def state_in(directory: Path) -> Json:
    with Journal(directory, read_only=True) as journal:
        state: Json = json.loads(wire.encode(journal.load()))
        return state


def changed(before: Json, after: Json) -> set[str]:
    return {path for path in differences(before, after) if not KEPT_LONGER.fullmatch(path)}


def test_all_that_the_hall_said_of_itself_is_still_so(restored: Path) -> None:
    before, after = said(), state_in(restored)
    assert before.keys() <= after.keys()
    assert changed(before, after) == ANEW
    states = {one["state"] for one in before["tickets"].values()}
    assert {"booked", "waiting", "called", "serving", "held", "missed"} <= states, "a hall in full swing"
    assert before["acceptances"]


def test_its_checkpoint_is_left_and_its_journal_read_from_the_start(restored: Path) -> None:
    with contextlib.closing(sqlite3.connect(restored / "hall.db")) as database:
        [(version,)] = database.execute("SELECT state_version FROM checkpoints").fetchall()
    assert version < STATE_VERSION
    with Journal(restored) as journal:
        assert journal.load() == journal.load(use_checkpoint=False)
        before = journal.load()
        journal.checkpoint(before)
    with Journal(restored) as journal:
        assert journal.checkpoint_seq() == before.seq
        assert journal.load() == before, "by a checkpoint of today"


def test_a_backup_of_it_by_todays_program_is_restored(restored: Path, tmp_path: Path) -> None:
    back_up(restored, tmp_path / "again.backup")
    restore(tmp_path / "again.backup", tmp_path / "again")
    assert changed(said(), state_in(tmp_path / "again")) == ANEW


def test_its_visitors_are_served_under_todays_program(restored: Path) -> None:
    tickets = {one["state"]: one["ticket"] for one in said()["tickets"].values()}
    calling = next(one["counter"] for one in said()["counters"].values() if one["state"] == "calling")
    with start_controller(restored) as hall:
        acts: list[c.Command] = [
            c.StartService(counter=calling, ticket=tickets["called"]),
            c.FinishService(counter=calling, ticket=tickets["called"]),
            c.ReturnToQueue(ticket=tickets["missed"]),
            c.ResumeTicket(counter=2, ticket=tickets["held"]),
            c.CheckIn(token=hall.do(wire.TicketStatus(ticket=tickets["booked"])).token),
            c.HandOut(counter=4, receipt=next(iter(said()["acceptances"]))),
            c.CallNext(counter=calling),
        ]
        for act in acts:
            assert isinstance(reply := hall.do(act), wire.Accepted), reply
        fresh = hall.do(c.IssueTicket(matter=MATTER), as_="reception")
        numbers = {one["number"] for now in (said()["tickets"], said()["ended"]) for one in now.values()}
        assert fresh.number not in numbers
    checked = hall_command("check", restored)
    assert checked.returncode == 0, checked.stdout
