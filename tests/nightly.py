"""What takes minutes to hours, in named parts: `sh deploy/test --nightly [PART]`. Needs the standard library alone.

A part says how long it takes, can be stopped at any time, and keeps its counts over all its runs.
"""

import argparse
import contextlib
import datetime as dt
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

PART, STATE, MINUTES = "HALL_NIGHTLY_PART", "HALL_NIGHTLY_STATE", "HALL_NIGHTLY_MINUTES"
"""Environment variables: the part that is played, where it counts, and how long it is to go on."""
SIDE_BY_SIDE = ("--numprocesses=3", "--dist=loadgroup", "--no-loadscope-reorder")
ENDED_WITHIN_S = 30.0


@dataclass(frozen=True)
class Run:
    """One run of pytest; its part's marked tests unless the arguments say otherwise."""

    arguments: tuple[str, ...] = ("-m", "nightly", "-p", "no:xdist", "--capture=no")
    environment: dict[str, str] = field(default_factory=dict)
    at: tuple[str, str] | None = None
    """A moment (ISO, with its offset) and a time zone to run in, by libfaketime; None for now and here."""


@dataclass(frozen=True)
class Part:
    minutes: int
    """On two cores; of a part that goes on as long as it is let, how long that is."""
    what: str
    runs: tuple[Run, ...] = (Run(),)


DATES = {
    "a Saturday": ("2026-12-05T10:00+08:00", "UTC"),
    "New Year's Eve": ("2026-12-31T23:50+08:00", "Asia/Shanghai"),
    "29 February": ("2028-02-29T11:00+08:00", "America/St_Johns"),
    "a Saturday that is worked": ("2026-10-10T09:00+08:00", "UTC"),
    "two years on": ("2028-11-30T14:00+08:00", "Asia/Shanghai"),
    "a year whose holidays are unknown": ("2029-10-01T18:30+08:00", "America/St_Johns"),
}
"""Moments by the hall's clock, and the time zone of the machine that runs the tests."""
TWO_CLOCKS = "tests/district/test_district_day.py::test_twelve_halls_agree_to_the_visit"
"""Lays its own times beside those of a Prometheus, which no library can make believe another date."""
ON_A_DATE = ("--ignore=tests/browser", f"--deselect={TWO_CLOCKS}", *SIDE_BY_SIDE, "-m", "not nightly")

PARTS = {
    "dates": Part(
        90,
        "the suite without browsers on six dates in three time zones, by libfaketime",
        tuple(Run(ON_A_DATE, at=at) for at in DATES.values()),
    ),
    "properties": Part(
        60,
        "every property of tests/unit over 3,000 random examples, new ones each time",
        (Run(("tests/unit", *SIDE_BY_SIDE, "-m", "not nightly", "--timeout=3600"), {"HYPOTHESIS_PROFILE": "nightly"}),),
    ),
    "liveness": Part(30, "random steps, after each of which everybody who waits is reached or named by an alert"),
    "projections": Part(30, "random commands that drive every screen at once, each compared with the hall"),
    "months": Part(10, "the reports of 500 random months, recounted from their journals"),
    "year": Part(15, "a year in a district hall, right to the visit"),
    "faults": Part(5, "a hundred kills under load"),
    "releases": Part(3, "clients of today at halls of earlier releases, and the reverse; their journals under today's"),
    "district": Part(30, "a day of the whole district of 135 halls, right to the visit"),
    "screens": Part(
        10, "screens in the sizes and languages that the suite leaves out", (Run(("-m", "nightly", *SIDE_BY_SIDE)),)
    ),
}


def state_directory() -> Path:
    """Outside the clone, which a test may remove or make anew."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(os.environ.get(STATE) or Path(home, "hall-appliance", "nightly"))


def counts(part: str) -> Counter[str]:
    """What all runs of this part have done so far: `runs`, `seconds`, and what its tests have recorded."""
    try:
        return Counter(json.loads((state_directory() / f"{part}.json").read_text("utf-8")))
    except (OSError, ValueError):
        return Counter()


def add(part: str, more: dict[str, int]) -> None:
    """At once and in a file, since a run may be killed; by any of its processes."""
    directory = state_directory()
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{part}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh = directory / f"{part}.json.new"
        fresh.write_text(json.dumps(counts(part) + Counter(more)), "utf-8")
        fresh.replace(directory / f"{part}.json")


def record_steps(what: str, count: int) -> None:
    """Count what a test has done, e.g. ("steps", 1000), if it runs in a nightly part; seldom, as it writes a file."""
    if PART in os.environ:
        add(os.environ[PART], {what: count})


def seconds(otherwise_s: float) -> float:
    """How long a test of a nightly part is to go on; `otherwise_s` in an ordinary run of the suite."""
    return 60 * float(os.environ[MINUTES]) if MINUTES in os.environ else otherwise_s


def main(words: list[str]) -> int:
    named = [words.pop(0)] if words and not words[0].startswith("-") else []
    arguments, more = _parser().parse_known_args(words)
    chosen = named or list(PARTS)
    if unknown := [part for part in chosen if part not in PARTS]:
        print(f"deploy/test: there is no nightly part {unknown[0]}; the parts are:\n{_list()}", file=sys.stderr)
        return 2
    if arguments.list or arguments.check:
        print(_list(), end="")
        return 0
    os.environ[STATE] = str(state_directory())
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _stop)
    wrong = [part for part in chosen if not _play(part, arguments.minutes, more)]
    if wrong:
        print(f"nightly: failed: {', '.join(wrong)}")
    return 1 if wrong else 0


def _minutes(word: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < float(word) < float("inf"):
            return float(word)
    raise argparse.ArgumentTypeError(f"{word!r} is no number of minutes; give e.g. 30")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sh deploy/test --nightly [PART]", allow_abbrev=False, add_help=False)
    parser.add_argument("--list", action="store_true", help="names the parts and what each has done so far")
    parser.add_argument("--minutes", type=_minutes, metavar="N", help="how long a part that can go on for ever goes on")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    return parser


def _list() -> str:
    lines = [f"  {name:12}{part.minutes:4} min  {part.what}{_so_far(counts(name))}\n" for name, part in PARTS.items()]
    return "".join(lines)


def _so_far(done: Counter[str]) -> str:
    return f"\n{'':24}so far: {_told(done)}" if done else ""


def _told(done: Counter[str]) -> str:
    took = str(dt.timedelta(seconds=done["seconds"]))
    return ", ".join([*(f"{count:,} {what}" for what, count in sorted(done.items()) if what != "seconds"), took])


class _Stopped(BaseException):
    """By a signal: passes through everything, as KeyboardInterrupt does."""


def _stop(signum: int, _frame: object) -> NoReturn:
    raise _Stopped(signum)


def _play(name: str, minutes: float | None, more: list[str]) -> bool:
    """Did every run of this part pass? Tells what was reached, however it ends."""
    part, before, began = PARTS[name], counts(name), time.monotonic()
    how_long = minutes or part.minutes
    print(f"nightly: {name}, about {how_long:g} minutes: {part.what}", flush=True)
    add(name, {"runs": 1})
    os.environ |= {PART: name, MINUTES: str(how_long)}
    try:
        passed = [_passes(run, more) for run in part.runs]  # every date, also after one that failed
        return all(passed)
    except _Stopped as stopped:
        print(f"\nnightly: {name} was stopped", flush=True)
        raise SystemExit(128 + stopped.args[0]) from None
    finally:
        add(name, {"seconds": round(time.monotonic() - began)})
        done = counts(name)
        print(f"nightly: {name}: {_told(done - before)}\n  in all its runs: {_told(done)}", flush=True)


def _passes(run: Run, more: list[str]) -> bool:
    environment = os.environ | run.environment
    if run.at is not None:
        print(f"nightly: it is {run.at[0]}, seen from {run.at[1]}", flush=True)
        environment |= _pretended(*run.at)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *run.arguments, *more]
    # In a session of its own: a key in the terminal reaches this process alone, which then ends all of them in order.
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        return process.wait() == 0
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The tests first, so that each ends what it has started; then whatever is left of their session."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    with contextlib.suppress(subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(ENDED_WITHIN_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _pretended(at: str, zone: str) -> dict[str, str]:
    """The environment in which it is `at`, in `zone`. Neither how time passes nor files' times are pretended."""
    libraries = list(Path("/usr/lib").glob("**/libfaketimeMT.so.1"))
    if not libraries:
        raise SystemExit("deploy/test: no libfaketime here; get it with: sudo apt-get install faketime")
    path = [str(Path(__file__).with_name("faketime")), *filter(None, [os.environ.get("PYTHONPATH")])]
    ahead_s = dt.datetime.fromisoformat(at).timestamp() - time.time()
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME": f"{ahead_s:+.0f}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": os.pathsep.join(path),
        "TZ": zone,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
