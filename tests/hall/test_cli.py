"""hall do, watch, show, enroll, revoke as a shell user has them: sentences, exit codes, pipes."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hall_controller.bus import wire
from hall_controller.cli import main
from hall_controller.cli.doing import KINDS
from hall_controller.domain import commands as c
from hall_controller.domain.events import Origin
from hall_controller.journal.epoch import start_epoch
from tests.support import (
    HALL,
    MATTER,
    RunningHall,
    hall_command,
    local_ms,
    make_hall,
    make_hall_at,
    start_controller,
    wait_for,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("cli"))) as hall:
        yield hall


def run(*words: str | Path, code: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
    """`hall WORDS…` must end with `code`, and never show a traceback or an escape code."""
    done = hall_command(*words, **options)
    for text in (done.stdout, done.stderr):
        assert "Traceback" not in text
        assert "\x1b" not in text
    assert done.returncode == code, done.stderr
    return done


def sentence(*words: str | Path, code: int = 2) -> str:
    """What `hall WORDS…` says on stderr, in one line, when it ends with `code`."""
    said = run(*words, code=code).stderr
    assert said.startswith("hall: ")
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("name", sorted(main.list_commands(None)))  # type: ignore[arg-type]  # it needs no context
def test_every_subcommand_has_help(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert f"Usage: main {name}" in shown.output
    assert len(shown.output.splitlines()) > 3
    assert "Not installed" not in shown.output


def test_the_list_of_commands_and_the_version() -> None:
    listed = run("--help").stdout
    assert "  do " in listed
    assert "  kiosk " in listed
    assert run("--version").stdout.startswith("hall, version ")
    assert "No such command 'nothing'" in run("nothing", code=2).stderr


def test_a_box_without_a_parts_libraries_still_lists_all_commands(tmp_path: Path) -> None:
    block = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'nicegui', 'textual', 'escpos', 'pyttsx3'}:\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "from hall_controller.cli import main\n"
        "main()\n"
    )
    (tmp_path / "hall.py").write_text(block)
    word = [HALL[0], str(tmp_path / "hall.py")]
    listed = subprocess.run([*word, "--help"], capture_output=True, text=True, check=True)
    assert "  board " in listed.stdout
    refused = subprocess.run([*word, "board", str(tmp_path)], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


# --- hall do ------------------------------------------------------------------------------------


def test_do_sends_a_command_and_prints_the_reply(running: RunningHall) -> None:
    reply = json.loads(run("do", running.dir, "issue_ticket", "--matter", MATTER, "--visitor-class=priority").stdout)
    assert (reply["type"], reply["number"][0]) == ("accepted", "P")
    status = json.loads(run("do", running.dir / "devices" / "board.toml", "status").stdout)
    assert status["hall"] == "BA001", "a bundle alone is enough, for another box"


def test_do_speaks_as_another_device(running: RunningHall) -> None:
    assert json.loads(run("do", running.dir, "issue_ticket", "--matter", MATTER, "--as", "kiosk").stdout)["seq"]
    said = sentence("do", running.dir, "issue_ticket", "--matter", MATTER, "--as", "voice", code=3)
    assert "refused (not_allowed): A voice may not send issue_ticket." in said
    assert "no such bundle; `hall enroll" in sentence("do", running.dir, "status", "--as", "nobody")


def test_do_knows_a_ticket_by_its_number(running: RunningHall) -> None:
    issued = running.do(c.IssueTicket(matter=MATTER))
    status = json.loads(run("do", running.dir, "ticket_status", "--ticket", issued.number.lower()).stdout)
    assert status["ticket"] == issued.ticket
    assert "there is no ticket 'Z999'" in sentence("do", running.dir, "cancel_ticket", "--ticket", "Z999")


def test_do_repeats_a_request(running: RunningHall) -> None:
    command = ("do", running.dir, "issue_ticket", "--matter", MATTER, "--request-id", "desk-1")
    assert run(*command).stdout == run(*command).stdout


def test_do_takes_lists(running: RunningHall) -> None:
    words = ("do", running.dir, "open_counter", "--counter", "8", "--clerk", "008", "--languages", "yue,en")
    run(*words)
    assert running.state().counters[8].narrowing.languages == ("yue", "en")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["call_nxt"], "there is no command 'call_nxt'; did you mean call_next?"),
        (["xyzzy"], "there is no command 'xyzzy'; see hall do --help"),
        (["call_next"], "call_next needs --counter; it takes: --counter INT"),
        (["call_next", "--counter"], "field --counter of call_next has no value"),
        (["call_next", "--counter", "x"], 'field --counter is "x"; give a whole number'),
        (["call_next", "--counter", "0"], 'field --counter is "0"; give a whole number >= 1'),
        (["call_next", "--counter", "-1"], 'field --counter is "-1"; give a whole number >= 1'),
        (["call_next", "--counter", "1", "--speed", "9"], "call_next has no field '--speed'; it takes: --counter INT"),
        (["call_next", "now", "--counter", "1"], "call_next has no field 'now'"),
        (
            ["issue_ticket", "--matter", "x", "--visitor-class", "vip"],
            'field --visitor_class "vip" is unknown; use priority, appointment, ordinary',
        ),
        (["open_counter", "--counter", "1", "--clerk", "x", "--languages", "zh,fr"], 'languages[1] "fr" is unknown'),
    ],
)  # fmt: skip
def test_do_names_what_is_wrong_before_it_sends(running: RunningHall, words: list[str], said: str) -> None:
    assert said in sentence("do", running.dir, *words)


def test_do_tells_a_refusal_on_stderr_and_the_reply_on_stdout(running: RunningHall) -> None:
    done = run("do", running.dir, "call_next", "--counter", "5", code=3)
    assert json.loads(done.stdout)["code"] == "counter_closed"
    assert done.stderr == "hall: refused (counter_closed): Counter 5 is closed; open it first.\n"


def test_do_help_lists_commands_and_their_fields() -> None:
    shown = CliRunner().invoke(main, ["do", ".", "--help"]).output
    assert all(name in shown for name in KINDS)
    fields = CliRunner().invoke(main, ["do", ".", "transfer", "--help"]).output
    assert "--counter INT" in fields
    assert "--to_counter INT (optional)" in fields
    assert CliRunner().invoke(main, ["do", "."]).exit_code == 2


def test_no_controller_is_exit_code_four(tmp_path: Path) -> None:
    directory = make_hall(tmp_path, counters=1)
    for words in (["status"], ["call_next", "--counter", "1"]):
        said = sentence("do", directory, *words, "--timeout", "0.5", code=4)
        assert "no answer from the hall controller at tcp://127.0.0.1:" in said
        assert "within 0.5 s; is it running" in said
    bundle = directory / "devices" / "manager.toml"
    bundle.write_text(bundle.read_text().replace('secret_key = "', 'secret_key = "x'))
    assert "not a device bundle: secret_key is no key of 40 characters" in sentence("show", directory)
    bundle.write_text("garbage")
    assert "not a device bundle" in sentence("watch", directory, "--until-now")


# --- hall watch and hall show -------------------------------------------------------------------


def test_watch_prints_what_has_happened(running: RunningHall) -> None:
    issued = running.do(c.IssueTicket(matter=MATTER))
    events = [json.loads(line) for line in run("watch", running.dir, "--until-now").stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    last = run("watch", running.dir, "--since", str(issued.seq - 1), "--until-now").stdout
    assert json.loads(last.splitlines()[0])["ticket"] == issued.ticket
    assert run("watch", running.dir, "--since", "999999", "--until-now").stdout == ""


def watching(running: RunningHall, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*HALL, "watch", str(running.dir), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_watch_goes_on_until_it_is_stopped(running: RunningHall) -> None:
    first = running.do(c.IssueTicket(matter=MATTER))
    with watching(running, "--since", str(first.seq - 1)) as watch:
        assert watch.stdout is not None
        assert json.loads(watch.stdout.readline())["seq"] == first.seq
        second = running.do(c.IssueTicket(matter=MATTER))
        assert json.loads(watch.stdout.readline())["seq"] == second.seq
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(10) == 0
        assert watch.stderr is not None
        assert watch.stderr.read() == ""


def test_watch_follows_a_restored_hall_into_its_new_epoch(tmp_path: Path) -> None:
    with start_controller(make_hall(tmp_path, counters=1)) as hall:
        first = hall.do(c.IssueTicket(matter=MATTER))
        with watching(hall, "--since", str(first.seq - 1)) as watch:
            assert watch.stdout is not None
            watch.stdout.readline()
            hall.stop()
            start_epoch(hall.dir, Origin.RESTORE)
            hall.start()
            assert watch.stderr is not None
            # It may say first that the connection is lost.
            lines = iter(watch.stderr.readline, "")
            assert any("a new epoch" in line for line in lines)
            second = hall.do(c.IssueTicket(matter=MATTER))
            assert json.loads(watch.stdout.readline())["ticket"] == second.ticket
            watch.terminate()
            assert watch.wait(10) == 0


def test_watch_ends_quietly_when_its_reader_has_seen_enough(running: RunningHall) -> None:
    for _ in range(20):
        running.do(c.IssueTicket(matter=MATTER))
    words = " ".join([*HALL, "watch", f"'{running.dir}'", "--since 0", "--until-now"])
    head = subprocess.run(
        ["bash", "-c", f"{words} | head -n 1"], capture_output=True, text=True, timeout=30, check=False
    )
    assert json.loads(head.stdout)["seq"] == 1
    assert head.stderr == ""


def test_show_is_a_page_for_people_and_json_for_scripts(running: RunningHall) -> None:
    running.do(c.OpenCounter(counter=2, clerk="陈晓明"))
    issued = running.do(c.IssueTicket(matter=MATTER))
    page = run("show", running.dir, env={**os.environ, "FORCE_COLOR": "1"}).stdout
    assert page.startswith("BA001 ")
    assert "陈晓明" in page
    assert issued.number in page
    data = json.loads(run("show", running.dir, "--json").stdout)
    assert set(data) == {"epoch", "seq", "now_ms", "state", "hours", "predicted"}
    assert issued.number in {one["number"] for one in data["predicted"]}
    assert data["state"]["counters"]["2"]["clerk"] == "陈晓明"


def test_show_tells_the_hours_the_extension_and_why_no_tickets_are_issued(tmp_path: Path) -> None:
    with start_controller(make_hall_at(tmp_path, "2026-11-24 19:30:00")) as hall:
        hall.set_clock("2026-11-24 19:30:01")
        page = run("show", hall.dir).stdout
        assert "hours today (workday): 09:00-12:00 regular, 14:00-18:00 regular, 18:00-20:00 evening" in page
        assert "open until 20:00, opens again 2026-11-25 09:00" in page
        assert "issuing is open" in page
        hall.do(c.ExtendHours(minutes=300))
        hall.do(c.StopIssuing(why="system down"))
        page = run("show", hall.dir).stdout
        assert "18:00-20:00 evening, 20:00-2026-11-25 01:00 evening" in page
        assert "open until 2026-11-25 01:00" in page
        assert "extended by 300 min today" in page
        assert "issuing is stopped: stopped by the manager: system down" in page
        hours = json.loads(run("show", hall.dir, "--json").stdout)["hours"]
        assert (hours["day"], hours["kind"], hours["open"]) == ("2026-11-24", "workday", True)
        assert hours["until_ms"] == local_ms("2026-11-25 01:00:00") == hours["stretches"][-1]["end_ms"]
        assert hours["next_ms"] == local_ms("2026-11-25 09:00:00")
        assert [stretch["band"] for stretch in hours["stretches"]] == ["regular", "regular", "evening", "evening"]


def test_show_tells_who_is_at_lunch_and_when_the_hall_opens(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-24 11:50:00", tier="district")
    file = directory / "hall.toml"
    file.write_text(file.read_text("utf-8").replace("# lunch_counters = [1, 2]", "lunch_counters = [1]"), "utf-8")
    with start_controller(directory) as hall:
        hall.do(c.OpenCounter(counter=2, clerk="002"))
        hall.set_clock("2026-11-24 11:50:01")
        hall.set_clock("2026-11-24 12:10:00")
        assert "lunch until 14:00" in run("show", hall.dir).stdout
        assert json.loads(run("show", hall.dir, "--json").stdout)["state"]["counters"]["2"]["back_at_ms"]
        hall.set_clock("2026-11-24 20:00:00")
        page = run("show", hall.dir).stdout
        assert "shut now, opens 2026-11-25 09:00" in page
        assert "issuing is stopped: outside the hours" in page


# --- devices ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["enroll", "kiosk", "--role", "kiosk"], "device 'kiosk' is enrolled already; revoke it first"),
        (["enroll", "x y", "--role", "kiosk"], "device name 'x y' is not 1 to 32 letters"),
        (["enroll", "../x", "--role", "kiosk"], "device name '../x' is not"),
        (["enroll", "x", "--role", "counter"], "needs --counter NUMBER"),
        (["enroll", "x", "--role", "counter", "--counter", "9"], "--counter 9: this hall has counters 1 to 8"),
        (["enroll", "x", "--role", "kiosk", "--counter", "1"], "no other role takes one"),
        (["revoke", "nobody"], "device 'nobody' is not enrolled; enrolled are: board, counter-1,"),
    ],
)  # fmt: skip
def test_devices_that_cannot_be(running: RunningHall, words: list[str], said: str) -> None:
    assert said in sentence(words[0], running.dir, *words[1:])
    assert wait_for(lambda: running.do(wire.Status()).seq)


def test_an_unknown_role_is_told_the_known_ones(running: RunningHall) -> None:
    assert "'gateway', 'district'" in run("enroll", running.dir, "x", "--role", "wizard", code=2).stderr
