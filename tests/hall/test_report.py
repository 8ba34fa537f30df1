"""hall report as a shell user has it: formats, files, sentences for what cannot be."""

import csv
import io
import json
import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from hall_controller.bus.wire import encode
from hall_controller.cli import main, reporting
from hall_controller.journal.journal import Entry, Journal
from tests.support import HALL, hall_command, make_hall
from tests.unit.domain.support import Pretend

DAY, MONTH = "2026-11-24", "2026-11"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall with two visits by day and one in the evening."""
    room = make_hall(tmp_path_factory.mktemp("report"), counters=2)
    hall = Pretend(f"{DAY} 10:00:00", counters=2)
    hall.open(1)
    hall.take_many(3)
    hall.serve(1)
    hall.serve(1)
    hall.until(f"{DAY} 18:10:00")
    hall.serve(1)
    hall.close(1)
    with Journal(room) as journal:
        seq = journal.last_seq()
        entries = [Entry.of(event, encode(event)) for event in hall.events if event.seq > seq]
        journal.commit(entries, [])
    return room


def sentence(*words: str | Path) -> str:
    done = CliRunner().invoke(main, ["report", *map(str, words)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("hall: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_text_json_and_csv_tell_the_same(directory: Path) -> None:
    page = hall_command("report", directory, "--month", MONTH)
    assert "3 visits, 1 of them in extended hours (33.3%)" in page.stdout
    assert page.stderr == ""
    made = json.loads(hall_command("report", directory, "--day", DAY, "--json").stdout)
    assert (made["visits"]["total"], made["visits"]["evening"], made["extended"]) == (3, 1, 1)
    assert (made["hall"], made["tier"]) == ("BA001", "street")
    table = hall_command("report", directory, "--day", DAY, "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    assert sum(int(row["visits"]) for row in rows if row["by"] == "clerk") == 3


def test_files_are_written_whole_over_old_ones(directory: Path, tmp_path: Path) -> None:
    workbook, picture = tmp_path / "十一月.xlsx", tmp_path / "month.png"
    workbook.write_text("an old file")
    done = hall_command("report", directory, "--month", MONTH, "--xlsx", workbook, "--picture", picture)
    assert done.returncode == 0, done.stderr
    said = "3 visits, 1 of them in extended hours"
    assert done.stdout == f"{workbook}: {said}\n{picture}: {said}\n"
    assert load_workbook(workbook)["Days"]["C2"].value == 3
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([workbook.name, picture.name])
    first = workbook.read_bytes()
    printed = hall_command("report", directory, "--month", MONTH, "--xlsx", workbook, "--json")
    assert json.loads(printed.stdout)["visits"]["total"] == 3
    assert workbook.read_bytes() == first


def test_what_cannot_be_is_told_in_a_sentence(directory: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "month.xlsx"
    said = sentence(directory, "--month", MONTH, "--xlsx", nowhere)
    assert said == f"hall: {nowhere}: cannot be written: No such file or directory; choose another place\n"
    said = sentence(directory, "--month", MONTH, "--picture", "month.gif")
    assert "--picture month.gif: give a name that ends in .svg or .png" in said
    assert "give either --day YYYY-MM-DD or --month YYYY-MM" in sentence(directory, "--day", DAY, "--month", MONTH)
    assert "--day 2026-02-29: there is no such day; write e.g. 2026-11-24" in sentence(directory, "--day", "2026-02-29")
    assert "--month 2026-11-24: there is no such month" in sentence(directory, "--month", DAY)
    assert "choose one of them" in sentence(directory, "--month", MONTH, "--json", "--csv")


def test_a_month_without_a_day_in_the_journal_is_said_to_have_none(directory: Path) -> None:
    done = hall_command("report", directory, "--month", "2025-01")
    assert done.returncode == 0
    assert "0 visits" in done.stdout
    assert done.stderr == "hall: the journal holds no service day of 2025-01: nothing is counted\n"


def test_a_damaged_journal_is_told_and_not_counted(directory: Path, tmp_path: Path) -> None:
    room = tmp_path / "hall"
    room.mkdir()
    with Journal(directory, read_only=True) as journal:
        journal.back_up(room / "hall.db")
    database = sqlite3.connect(room / "hall.db")
    with database:
        database.execute("UPDATE events SET body = x'7b7d' WHERE type = 'ticket_called'")
    database.close()
    assert "an event cannot be counted" in sentence(room, "--day", DAY)


def test_a_library_that_is_missing_is_named_and_only_where_it_is_needed(directory: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'openpyxl', 'matplotlib', 'numpy', 'PIL'}:\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "from hall_controller.cli import main\n"
        "main(prog_name='hall')\n"
    )

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, "report", directory, "--month", MONTH, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    for words in ([], ["--json"], ["--csv"]):
        assert run(*words).returncode == 0
    for option, file, library in (("--xlsx", "m.xlsx", "openpyxl"), ("--picture", "m.svg", "matplotlib")):
        done = run(option, tmp_path / file)
        assert done.returncode == 2
        assert f"`hall report` needs the Python package '{library}" in done.stderr
        assert not (tmp_path / file).exists()


def test_a_terminal_has_a_bar_while_a_long_journal_is_read(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"from hall_controller.cli import reporting, main; reporting.LONG = 5; main(['report', {str(directory)!r}"
    assert reporting.LONG > 5
    shown = []
    for options in ("'--month', '2026-11']", "'--day', '2025-01-01']"):
        leader, follower = pty.openpty()
        command = [HALL[0], "-c", f"{program}, {options})"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=follower, timeout=60, check=True)
        os.close(follower)
        shown.append(os.read(leader, 65_536).decode())
        os.close(leader)
        assert b"visits" in done.stdout
    assert "events" in shown[0]
    assert "100%" in shown[0]
    assert "100%" not in shown[1]
