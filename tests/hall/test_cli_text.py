"""Old journals may hold anything: whatever command shows it, nothing of it commands the terminal."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace
from openpyxl import load_workbook

from hall_controller.bus import wire
from hall_controller.cli import main
from hall_controller.config import load_catalogue, load_config
from hall_controller.domain import commands as c
from hall_controller.domain.decide import decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.evolve import evolve
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.sender import HALL
from hall_controller.journal.journal import Entry, Journal
from tests.hostile import FORGED, HOSTILE, unreadable
from tests.support import HALL as HALL_COMMAND
from tests.support import make_hall_at, start_controller

DAY = "2026-11-24"
OFF = [
    ["report", "--day", DAY],
    ["report", "--day", DAY, "--csv"],
    ["report", "--day", DAY, "--json"],
    ["matters"],
    ["matters", "--versions"],
    ["matters", "--version", "1"],
    ["acceptances"],
    ["acceptances", "--json"],
    ["hours", "--month", "2026-11"],
    ["check"],
]
ON = [
    ["show"],
    ["show", "--json"],
    ["watch", "--since", "0", "--until-now"],
    ["acceptances"],
    ["advise"],
    ["do", "status"],
    ["do", "snapshot"],
    ["do", "set_notice", "--zh", HOSTILE],
    ["do", "set_notice", f"--{HOSTILE}", "x"],
    ["do", HOSTILE],
    ["report", "--day", HOSTILE],
    ["enroll", HOSTILE, "--role", "kiosk"],
]


def hostile_hall(where: Path) -> Path:
    """As a hall would have written it that checked no text: every command was decided without its edge."""
    directory = make_hall_at(where, f"{DAY} 09:00:00")
    catalogue = load_catalogue(directory)
    first = next(iter(catalogue.matters.values()))
    bad = Catalogue({**catalogue.matters, first.code: replace(first, name_zh=HOSTILE, name_en=HOSTILE)})
    with Journal(directory) as journal:
        hall, at_ms = journal.load(), journal.load().at_ms

        rules = replace(load_config(directory).rules(), name_zh=HOSTILE, name_en=HOSTILE + r"$\bad_{$")
        for command in (
            c.ChangeRules(rules=rules),
            c.Tick(),
            c.ChangeCatalogue(catalogue=bad),
            c.SetNotice(zh=HOSTILE, en=HOSTILE, why=HOSTILE),
            c.OpenCounter(counter=1, clerk=HOSTILE),
            c.IssueTicket(matter=first.code, why=HOSTILE),
            c.CallNext(counter=1),
            c.StartService(counter=1),
            c.AcceptMatter(counter=1),
            c.FinishService(counter=1),
            c.Rate(stars=1, comment=HOSTILE, ticket=1),
            c.ReportDevice(kind=HOSTILE, state=c.DeviceState.FAILED, detail=HOSTILE),
            c.IssueTicket(matter=first.code),
            c.StopIssuing(why=HOSTILE),
        ):
            events = decide(hall, command, Moment(at_ms=at_ms, by=HALL, catalogue=bad, estimate=None, rating=None))
            assert not isinstance(events, Refusal), events
            for event in events:
                evolve(hall, event)
            journal.commit([Entry.of(event, wire.encode(event)) for event in events], [])
    return directory


@pytest.fixture(scope="module")
def off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_hall(tmp_path_factory.mktemp("off"))


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with start_controller(hostile_hall(tmp_path_factory.mktemp("on"))) as running:
        yield running.dir


def run(words: list[str], directory: Path) -> Result:
    place = [words[0], str(directory), *words[1:]]
    result = CliRunner().invoke(main, place)
    assert "Traceback" not in result.output
    assert "unexpected" not in result.output
    return result


def check_output(result: Result, *, is_csv: bool = False) -> None:
    for said in (result.stdout, result.stderr):
        assert not unreadable(said)
        if not is_csv:
            assert not any(line.startswith(FORGED) for line in said.splitlines())


@pytest.mark.parametrize("words", OFF, ids=" ".join)
def test_a_hall_that_is_off_shows_old_text_escaped(off: Path, words: list[str]) -> None:
    check_output(run(words, off))


@pytest.mark.parametrize("words", ON, ids=lambda words: " ".join(words).encode("unicode_escape").decode())
def test_a_running_hall_shows_old_text_escaped(on: Path, words: list[str]) -> None:
    check_output(run(words, on))


def test_json_lines_are_json_and_keep_what_was_said(on: Path) -> None:
    events = [json.loads(line) for line in run(["watch", "--since", "0", "--until-now"], on).stdout.splitlines()]
    assert HOSTILE in {event.get("zh") for event in events}
    assert json.loads(run(["show", "--json"], on).stdout)["state"]["notice_zh"] == HOSTILE


def test_text_that_nobody_can_read_is_refused_over_the_bus(on: Path) -> None:
    result = run(["do", "open_counter", "--counter", "2", "--clerk", "a\x1b[2J"], on)
    assert result.exit_code == 3
    assert json.loads(result.stdout)["field"] == "clerk"
    assert 'clerk is "a\\u001b[2J": it holds an escape character (U+001B); leave it out' in result.stderr


def shell(command: str, directory: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    hall = " ".join(HALL_COMMAND)
    return subprocess.run(
        ["bash", "-c", command.replace("hall", hall, 1)],
        env={**os.environ, "D": str(directory), **more},
        capture_output=True,
        check=False,
    )


def test_a_reader_that_leaves_ends_a_command_without_a_word(off: Path) -> None:
    done = shell('hall matters "$D" --json | true; exit "${PIPESTATUS[0]}"', off)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_output_in_an_encoding_without_chinese_is_escaped(off: Path) -> None:
    done = shell('hall matters "$D"', off, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u8eab" in done.stdout


def test_an_argument_that_is_no_utf8_is_one_sentence(off: Path) -> None:
    done = shell("hall check $'caf\\xe9'", off)
    assert done.returncode == 2
    assert b"hall: argument 2 is not UTF-8: caf\\xe9; type it in a terminal that speaks UTF-8" in done.stderr
    done = shell("""hall do "$D" set_notice --zh $'\\xb4\\xf3'""", off)
    assert b"argument 5 is not UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_table_in_a_file_is_marked_for_spreadsheets_and_one_in_a_pipe_is_not(off: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    assert shell(f'hall report "$D" --day {DAY} --csv > {file}', off).returncode == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + shell(f'hall report "$D" --day {DAY} --csv', off).stdout


def test_the_report_takes_days_by_name_and_today_by_itself(off: Path) -> None:
    today = run(["report"], off)
    assert today.exit_code == 0
    assert today.stdout == run(["report", "--day", "today"], off).stdout == run(["report", "--day", DAY], off).stdout
    assert "2026-11-23" in run(["report", "--day", "yesterday"], off).output


def test_a_shell_completes_commands() -> None:
    words = {"COMP_WORDS": "hall re", "COMP_CWORD": "1", "_HALL_COMPLETE": "bash_complete"}
    program = [HALL_COMMAND[0], "-c", "from hall_controller.cli import main; main(prog_name='hall')"]
    done = subprocess.run(program, env={**os.environ, **words}, capture_output=True, check=False)
    assert {"plain,rehearse", "plain,report", "plain,restore", "plain,revoke"} <= set(done.stdout.decode().split())
    done = subprocess.run(
        program, env={**os.environ, "_HALL_COMPLETE": "bash_source"}, capture_output=True, check=False
    )
    assert b"complete -o nosort -F _hall_completion hall" in done.stdout


@pytest.mark.parametrize(
    "words", [["report", "--day", DAY], ["acceptances"], ["matters", "--versions"], ["backup", "b"], ["check"]]
)
def test_a_journal_that_was_cut_off_says_to_restore_a_backup(off: Path, tmp_path: Path, words: list[str]) -> None:
    cut = tmp_path / "hall"
    shutil.copytree(off, cut)
    whole = (cut / "hall.db").read_bytes()
    (cut / "hall.db").write_bytes(whole[: len(whole) // 2])
    result = run([word.replace("b", str(tmp_path / "b")) if word == "b" else word for word in words], cut)
    assert result.exit_code != 0
    assert "restore a backup" in result.output


def test_a_hall_that_never_ran_has_accepted_nothing(tmp_path: Path) -> None:
    make = make_hall_at(tmp_path, f"{DAY} 09:00:00")
    assert run(["acceptances"], make).stderr == "hall: there is nothing of the kind\n"


def test_workbook_page_and_picture_hold_old_text_and_are_whole(off: Path, tmp_path: Path) -> None:
    book, page, picture = (tmp_path / name for name in ("day.xlsx", "day.html", "day.svg"))
    words = ["report", "--day", DAY, "--xlsx", str(book), "--html", str(page), "--picture", str(picture)]
    assert run(words, off).exit_code == 0
    cells = [
        cell for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any("\\u001b]0;pwned" in str(cell.value) for cell in cells)
    for file in (page, picture):
        said = file.read_text("utf-8")
        assert not unreadable(said)
        assert "<b>张" not in said
    ET.parse(picture)
