"""hall advise: what a manager asks at a shell, of a running hall."""

import json
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.bus import wire
from hall_controller.config import load_config
from hall_controller.domain import commands as c
from tests.support import MATTER, RunningHall, hall_command, make_hall_at, start_controller

VISITORS = 24


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """A street's hall of four counters on a Tuesday at half past nine, a week after its first one."""
    directory = make_hall_at(tmp_path_factory.mktemp("advise"), "2026-11-24 09:30:00")
    with start_controller(directory) as hall:
        for _ in range(VISITORS):
            accepted(hall, c.IssueTicket(matter=MATTER), "reception")
        hall.set_clock("2026-11-25 00:01:00")
        hall.set_clock("2026-12-01 09:10:00")
        accepted(hall, c.OpenCounter(counter=1, clerk="101"), "counter-1")
        yield hall


def accepted(hall: RunningHall, command: c.Command, as_: str = "manager") -> None:
    reply = hall.do(command, as_)
    assert isinstance(reply, wire.Accepted), reply


def advised(hall: RunningHall, *words: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = hall_command("advise", hall.dir, *words)
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    return done


def test_the_rest_of_today_in_sentences_and_half_hours(running: RunningHall) -> None:
    lines = advised(running).stdout.splitlines()
    assert lines[1] == "2026-12-01 (tue), by earlier days like it"
    assert "请在09:20前增开3个窗口，" in lines[3]
    assert "使十位中有九位在15分钟内叫到；按原安排只有" in lines[3]
    assert lines[4].startswith("Open 3 more windows by 09:20, ")
    head = next(number for number, line in enumerate(lines) if line.startswith("from "))
    assert lines[head].split() == ["from", "visitors", "planned", "advised", "in", "15", "min"]
    rows = {line.split()[0]: line.split()[1:] for line in lines[head + 1 :]}
    assert rows["09:20"][:3] == [str(VISITORS), "1", "4"]
    assert rows["09:20"][4] == "->", "how it would be, and how it will be if the advice is followed"
    assert rows["19:30"][:3] == ["0", "1", "1"]
    assert "12:30" not in rows, "the hall shuts over lunch"
    assert max(map(len, lines[head:])) <= 80


def test_all_of_it_as_json(running: RunningHall) -> None:
    made = json.loads(advised(running, "--json").stdout)
    assert (made["day"], made["basis"]) == ("2026-12-01", "weekday")
    first = made["sentences"][0]
    assert (first["kind"], first["counters"]) == ("open", 3)
    assert first["by_ms"] < first["until_ms"]
    assert 0 <= first["share"] < 0.9
    assert made["outlook"][-1]["advised"] == 1
    assert made["spans"][-1]["end"] == "20:00:00"


def test_a_day_to_come_as_a_roster_for_hall_toml(running: RunningHall) -> None:
    text = advised(running, "--day", "2026-12-08", "--toml").stdout
    spans = tomllib.loads(text)["roster"]
    assert {day for span in spans for day in span["days"]} == {"tue"}
    assert max(span["counters"] for span in spans) == 4
    file = running.dir / "hall.toml"
    before = file.read_text("utf-8")
    try:
        file.write_text(before + "\n" + text, "utf-8")
        assert len(load_config(running.dir).roster) == len(spans)
    finally:
        file.write_text(before, "utf-8")


def test_tomorrow_is_planned_by_one_word(running: RunningHall) -> None:
    done = advised(running, "--day", "tomorrow", "--set", "--json")
    assert done.stderr == "hall: planned for 2026-12-02\n"
    made = json.loads(done.stdout)
    assert made["basis"] == "alike", "of Wednesdays nothing is known yet"
    spans = running.state().rosters["2026-12-02"]
    assert [span.counters for span in spans] == [span["counters"] for span in made["spans"]]
    assert str(spans[0].start) == "09:00:00"


def test_a_whole_day_is_shown_without_a_plan_beside_it(running: RunningHall) -> None:
    lines = advised(running, "--day", "2026-12-08").stdout.splitlines()
    assert any("With 4 windows at the busiest (" in line for line in lines)
    head = next(line for line in lines if line.startswith("from "))
    assert head.split() == ["from", "visitors", "advised", "in", "15", "min"]


def test_a_device_that_only_reads_is_told_too_but_may_not_plan(running: RunningHall) -> None:
    bundle = running.dir / "devices" / "board.toml"
    shown = hall_command("advise", bundle)
    assert shown.returncode == 0, shown.stderr
    refused = hall_command("advise", bundle, "--day", "tomorrow", "--set")
    assert refused.returncode == 3
    assert refused.stderr.startswith("hall: refused (not_allowed): ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--day", "soon"), "--day is 'soon'; give tomorrow, or a date as 2026-11-30"),
        (("--day", "2026-11-30"), "--day is 2026-11-30, which is over; give 2026-12-01 or a later day"),
        (("--json", "--toml"), "--json and --toml exclude each other; give one of them"),
        (("--day", "2026-12-05", "--set"), "there is nothing to plan for 2026-12-05: "),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(running: RunningHall, words: tuple[str, ...], said: str) -> None:
    done = advised(running, *words, code=2)
    assert done.stderr.startswith(f"hall: {said}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_without_a_controller_it_ends_with_four(tmp_path: Path) -> None:
    done = hall_command("advise", make_hall_at(tmp_path, "2026-11-24 09:00:00"))
    assert done.returncode == 4
    assert done.stderr.startswith("hall: ")
