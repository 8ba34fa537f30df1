"""hall rehearse --scenario as a shell user starts it: the real bus, the journal on the disk, a person at a counter."""

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hall_controller.bus import wire
from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.config import load_config
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import CounterState
from hall_controller.rehearsal.days import play_day
from hall_controller.rehearsal.model import ModelStage
from hall_controller.rehearsal.place import sample_catalogue
from hall_controller.rehearsal.scenario import draw_scenario, load_scenario
from tests.support import HALL, hall_command, run_async, started, wait_for
from tests.terminal.test_command import Tty as Terminal

BUSY = """\
name = "busy"
about = "More come than three windows can serve, and the controller is killed at ten."
tier = "street"
counters = 4
policy = "fcfs"
favoured_limit = 3
hours = [{ days = ["mon"], start = 09:00:00, end = 12:00:00 }]
[[arrivals]]
start = 09:00:00
end = 12:00:00
visitors = 45
[people]
patience_minutes = 200
[[roster]]
start = 09:00:00
end = 12:00:00
counters = 3
[[incident]]
kind = "crash"
at = 10:00:00
"""
SCHOOL = """\
name = "school"
tier = "street"
counters = 2
trainee = 1
last_ticket_s = 0
hours = [{ days = ["mon"], start = 09:00:00, end = 09:30:00 }]
breaks = false
[[arrivals]]
start = 09:00:00
end = 09:15:00
visitors = 14
[people]
absent = 0
booked = 0
held = 0
transferred = 0
unticketed = 0
[[matters]]
code = "social-card"
minutes = 2
"""


class Tty(Terminal):
    def drain(self) -> None:
        """Read what is drawn: a program whose screen nobody takes stops."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self.ours, 65_536):
                pass


def write(where: Path, text: str, name: str = "day.toml") -> Path:
    file = where / name
    file.write_text(text, "utf-8")
    return file


def begin(directory: Path, scenario: Path, *options: str) -> subprocess.Popen[str]:
    command = [*HALL, "rehearse", str(directory), "--scenario", str(scenario), "--json", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def result_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=55)
    assert process.returncode == 0, err
    result: dict[str, Any] = json.loads(out)
    assert (result["broken"], result["refused"]) == ([], [])
    return result


def bodies(directory: Path) -> list[bytes]:
    connection = sqlite3.connect(f"file:{directory / 'hall.db'}?mode=ro", uri=True)
    try:
        return [bytes(body) for (body,) in connection.execute("SELECT body FROM events ORDER BY seq")]
    finally:
        connection.close()


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path], list[dict[str, Any]]]:
    """The same scenario and seed, played at the same time in two directories."""
    where = tmp_path_factory.mktemp("scenario")
    file = write(where, BUSY)
    places = [where / name for name in ("a", "b")]
    with started(begin(places[0], file, "--seed", "4")) as one, started(begin(places[1], file, "--seed", "4")) as two:
        return file, places, [result_of(one), result_of(two)]


def test_scenario_and_seed_give_the_same_journal_byte_by_byte_crash_included(
    twice: tuple[Path, list[Path], list[dict[str, Any]]],
) -> None:
    _, (first, second), (result, _) = twice
    assert result["controller_starts"] == 2
    assert len(bodies(first)) > 200
    assert bodies(first) == bodies(second)


def test_the_clock_may_be_stepped_either_way_the_last_ticket_included(
    twice: tuple[Path, list[Path], list[dict[str, Any]]],
) -> None:
    """The pure core, which knows no bus, no ticks and no crash, has the same day event by event."""
    file, (directory, _), (result, _) = twice
    catalogue = sample_catalogue()
    scenario = load_scenario(file, catalogue)
    thought: list[e.Event] = []
    plan = draw_scenario(scenario, catalogue, 4)
    stage = ModelStage(scenario.rules(), catalogue, plan.begins_ms, lambda _, event: thought.append(event))
    asyncio.run(play_day(stage, plan, catalogue))
    assert [told(wire.encode(one)) for one in thought if has_happened(one)] == [
        told(body) for body in bodies(directory) if has_happened(wire.decode_event(body))
    ]
    last = [one for one in thought if isinstance(one, e.IssuingStopped) and one.cause == "last_ticket"]
    assert [one.at_ms for one in last] == [result["days"][0]["last_ticket_ms"]]


def served_at(directory: Path, counter: int) -> bool:
    events = map(wire.decode_event, bodies(directory))
    return any(isinstance(one, e.ServiceFinished) and one.counter == counter for one in events)


def has_happened(event: e.Event) -> bool:
    return not isinstance(event, e.EpochStarted | e.RulesChanged | e.CatalogueChanged)


def told(body: bytes) -> dict[str, Any]:
    """Without the numbering: the model journals no catalogue, so each event's number is one less there."""
    event = {key: value for key, value in json.loads(body).items() if key not in ("epoch", "seq")}
    return {**event, "place": event["place"][:-1]} if "place" in event else event


def test_the_hall_has_the_settings_of_the_scenario(twice: tuple[Path, list[Path], list[dict[str, Any]]]) -> None:
    file, (directory, _), (result, _) = twice
    rules = load_config(directory).rules()
    wanted = load_scenario(file, sample_catalogue()).rules()
    for name in ("tier", "counters", "policy", "favoured_limit", "mode", "last_ticket_s", "hours", "roster"):
        assert getattr(rules, name) == getattr(wanted, name), name
    assert tomllib.loads((directory / "hall.toml").read_text("utf-8"))["country"] == ""
    assert (result["scenario"], result["day"], result["counters"]) == ("busy", "2026-11-30", 4)


def test_its_report_tells_waits_counters_and_predictions(
    twice: tuple[Path, list[Path], list[dict[str, Any]]],
) -> None:
    _, _, (result, _) = twice
    outcome = result["outcome"]
    assert set(outcome["use"]) == {"1", "2", "3"}
    assert all(row["busy_s"] <= row["open_s"] for row in outcome["use"].values())
    assert outcome["waits"]["count"] == sum(row["count"] for row in outcome["by_half_hour"].values())
    assert 0 <= outcome["waits"]["soon"] <= 1
    assert outcome["predictions"]["bounds"] > 10
    assert set(outcome["by_class"]) <= {"ordinary", "priority", "appointment"}
    assert result["gave_up"] <= outcome["cancelled"] + outcome["no_shows"]


def test_it_goes_on_a_week_later_in_the_same_hall_and_never_in_another(
    tmp_path: Path, twice: tuple[Path, list[Path], list[dict[str, Any]]]
) -> None:
    file, (_, directory), _ = twice
    with started(begin(directory, file, "--seed", "5")) as process:
        assert result_of(process)["day"] == "2026-12-07"
    report = json.loads(hall_command("report", directory, "--month", "2026-11", "--json").stdout)
    assert report["rehearsal"] is True
    other = write(tmp_path, BUSY.replace("counters = 3", "counters = 2"))
    refused = hall_command("rehearse", directory, "--scenario", other)
    assert refused.returncode == 2
    assert "its roster is not that of the scenario 'busy'; rehearse in a new directory" in refused.stderr


def test_a_mistake_is_told_before_anything_is_made(tmp_path: Path) -> None:
    file = write(tmp_path, BUSY.replace("counters = 3", "counters = 9"))
    refused = hall_command("rehearse", tmp_path / "r", "--scenario", file)
    assert refused.returncode == 2
    assert f"{file}, line 17: roster counters is 9, but the hall has 4; plan no more of them" in refused.stderr
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("DIR", "--scenario", "quite"), "quite: no such file, and no sample; samples are counter-lost"),
        (("DIR", "--scenario", "quiet", "--counters", "3"), "--counters is said by the scenario, counters; leave"),
        (("DIR", "--scenario", "quiet", "--visitors", "3"), "--visitors is said by the scenario, [[arrivals]]; leave"),
        (("DIR", "--scenario", "quiet", "--month", "2026-03"), "--month is for days without a scenario"),
        (("DIR", "--scenario", "quiet", "--from", "10:00"), "without it the clock jumps all day long"),
        (("DIR", "--scenario", "quiet", "--from", "20:00", "--speed", "9"), "--from 20:00 lies outside the hours"),
        (("DIR", "--seeds", "3"), "--seeds is for --compare"),
        (("DIR", "--compare", "quiet", "quiet"), "--compare makes no hall; leave"),
        (("--compare", "quiet", "quiet", "--watch"), "leave --watch out"),
        (("--compare", "quiet", "none.toml"), "none.toml: no such file; hall rehearse --scenarios"),
        (("--scenario", "quiet"), "DIR is missing; name a new directory"),
        ((), "DIR is missing"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    refused = hall_command("rehearse", *(str(tmp_path / "r") if word == "DIR" else word for word in words))
    assert refused.returncode == 2
    assert sentence in refused.stderr


def test_the_samples_are_listed() -> None:
    text = hall_command("rehearse", "--scenarios")
    assert text.returncode == 0
    assert "training-day" in text.stdout
    samples = json.loads(hall_command("rehearse", "--scenarios", "--json").stdout)
    assert all(Path(sample["file"]).exists() and sample["about"] for sample in samples)


def test_two_rosters_are_compared_on_the_same_visitors(tmp_path: Path) -> None:
    few = write(tmp_path, BUSY, "few.toml")
    more = write(tmp_path, BUSY.replace("counters = 3", "counters = 4").replace('"busy"', '"more"'), "more.toml")
    made = hall_command("rehearse", "--compare", few, more, "--seeds", "3", "--json")
    assert (made.returncode, made.stderr) == (0, "")
    compared = json.loads(made.stdout)
    assert (compared["a"], compared["b"], compared["seeds"]) == ("busy", "more", 3)
    assert compared["same_visitors"] is True
    waits = next(row for row in compared["rows"] if row["measure"] == "wait, mean")
    assert waits["difference"] < 0
    table = hall_command("rehearse", "--compare", few, more, "--seeds", "2", "--seed", "7").stdout
    assert "2 days each, seeds 7 to 8, the same visitors in both" in table
    assert "± error" in table


def test_a_trainee_works_at_a_real_terminal_among_rehearsed_people(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    with started(begin(directory, write(tmp_path, SCHOOL), "--speed", "30")) as process:
        wait_for((directory / "devices" / "counter-1.toml").exists, "the hall")
        wait_for(lambda: waiting(directory) > 0, "somebody who waits")
        tty = Tty("counter", directory, "--number", "1", "--clerk", "007", "--language", "en")
        try:
            tty.until("CLOSED")
            press_until(tty, "o", directory, CounterState.READY)
            for _ in range(2):
                wait_for(lambda: waiting(directory) > 0, "somebody who waits")
                press_until(tty, "c", directory, CounterState.CALLING)
                press_until(tty, "s", directory, CounterState.SERVING)
                press_until(tty, "f", directory, CounterState.READY)
            wait_for(lambda: served_at(directory, 2), "the colleague's first visitor", 50)
        finally:
            tty.drain()
            tty.close()
        process.terminate()
        out, err = process.communicate(timeout=30)
    result = json.loads(out)
    assert result["broken"] == []
    assert result["outcome"]["services"]["1"] == {**result["outcome"]["services"]["1"], "clerk": "007", "count": 2}
    assert result["outcome"]["services"]["2"]["clerk"] == "102", "the colleague works on"
    assert "Counter 1 is yours" in err


def test_a_rehearsed_visitor_comes_to_the_trainee_and_the_day_ends_though_the_window_stays_open(
    tmp_path: Path,
) -> None:
    directory = tmp_path / "r"
    with started(begin(directory, write(tmp_path, SCHOOL), "--speed", "150", "--from", "09:05")) as process:
        wait_for((directory / "devices" / "counter-1.toml").exists, "the hall")
        wait_for(lambda: waiting(directory) > 0, "somebody who waits")
        do(directory, c.OpenCounter(counter=1, clerk="007"))
        called = wait_for(lambda: call_next(directory), "a visitor whom the colleague did not call first")
        assert process.stderr is not None
        lines: list[str] = []
        while not lines or "is at counter 1, for social-card" not in lines[-1]:
            lines.append(process.stderr.readline())
            assert lines[-1], "the visitor did not come"
        do(directory, c.StartService(counter=1, ticket=called.ticket))
        while "has everything: finish" not in lines[-1]:
            lines.append(process.stderr.readline())
            assert lines[-1], "the visitor was never content"
        do(directory, c.FinishService(counter=1, ticket=called.ticket))
        result = result_of(process)
    assert not result["interrupted"]
    assert result["outcome"]["services"]["1"]["count"] == 1
    assert called.number in "".join(lines)


def press_until(tty: Tty, key: str, directory: Path, state: CounterState) -> None:
    """As a person does: a terminal takes no key for a screen that has just changed."""

    def reached() -> bool:
        tty.press(key)
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            tty.drain()
            if getattr(counter(directory), "state", None) is state:
                return True
        return False

    wait_for(reached, f"{state} by {key}")


def counter(directory: Path) -> Any:
    return ask(directory, "manager", wire.Snapshot()).state.counters.get(1)


def waiting(directory: Path) -> int:
    return sum(len(queue) for queue in ask(directory, "manager", wire.Snapshot()).state.queues.values())


def call_next(directory: Path) -> Any:
    reply = do(directory, c.CallNext(counter=1))
    return reply if reply.ticket is not None else None


def do(directory: Path, command: c.Command) -> Any:
    # As the clock runs so fast, a command that took a second on its way would be a minute late.
    in_time_ms = ask(directory, "counter-1", wire.Status()).now_ms + 3_600_000
    reply = ask(directory, "counter-1", replace(command, expires_at_ms=in_time_ms))
    assert isinstance(reply, wire.Accepted), reply
    return reply


def ask(directory: Path, device: str, request: wire.Request) -> Any:
    async def asked() -> Any:
        async with HallClient(load_bundle(directory, device), give_up_s=20) as client:
            return await client.ask(request)

    return run_async(asked)
