"""What the tests of the voice share: a hall that speaks, a player that keeps a log, and ears."""

import datetime as dt
import re
import time
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psutil

from display_board.voice import sound
from hall_controller.bus import wire
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain.counter import BUSY, CounterState
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.ticket import Channel, Language, TicketState
from tests.support import (
    BOUND_S,
    MATTER,
    RunningHall,
    make_hall,
    make_hall_at,
    run_async,
    start_controller,
    start_part,
    started,
    wait_for,
)

QUICK = {"chime": False, "words_per_minute": 300}
"""Short announcements, where their sound is not what is tested."""


def set_voice(directory: Path, **settings: Any) -> None:
    """Write the table `[device.voice]` of hall.toml afresh."""
    file = directory / "hall.toml"
    lines = [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in settings.items()]
    table = "[device.voice]\n" + "\n".join(lines) + "\n"
    text, count = re.subn(r"(?ms)^\[device\.voice\]\n.*?(?=^\[|\Z)", lambda _: table, file.read_text("utf-8"))
    assert count == 1
    file.write_text(text, "utf-8")


@contextmanager
def speaking_hall(where: Path, **settings: Any) -> Iterator["SpeakingHall"]:
    """A controller and a voice, both real processes; eight counters are open."""
    with speaking(make_hall(where), **settings) as hall:
        yield hall


@contextmanager
def speaking_hall_at(where: Path, local_time: str, **settings: Any) -> Iterator["SpeakingHall"]:
    """The same, with a clock that runs on from this local time, until the test moves it on."""
    with speaking(make_hall_at(where, local_time, counters=8), **settings) as hall:
        hall.hall.set_clock(local_time, rate=1.0)
        yield hall


@contextmanager
def speaking(directory: Path, **settings: Any) -> Iterator["SpeakingHall"]:
    set_voice(directory, **settings)
    with start_controller(directory) as hall:
        voice = SpeakingHall(hall)
        voice.do(*(c.OpenCounter(counter=counter, clerk=f"c{counter}") for counter in range(1, 9)))
        try:
            yield voice
        finally:
            with started(voice.process):
                pass


class SpeakingHall:
    def __init__(self, hall: RunningHall) -> None:
        self.hall = hall
        self.log = hall.dir / "voice.log"
        self.folder = hall.dir / "announcements"
        self.process = self.start()

    def start(self) -> Any:
        self.process = start_part(self.hall.dir, "voice", log=self.log)
        return self.process

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def do(self, *commands: wire.Request) -> list[Any]:
        """Send commands as the manager, one after another over one connection; each must be accepted."""

        async def ask() -> list[Any]:
            async with HallClient(self.hall.bundle("manager"), give_up_s=BOUND_S) as client:
                return [await client.ask(command) for command in commands]

        replies: list[Any] = run_async(ask)
        assert not [reply for reply in replies if isinstance(reply, Refusal)], replies
        return replies

    def issue(self, *languages: Language) -> list[str]:
        """A visitor for each language; the numbers."""
        commands = (c.IssueTicket(matter=MATTER, language=each, channel=Channel.RECEPTION) for each in languages)
        return [reply.number for reply in self.do(*commands)]

    def call(self, *counters: int) -> list[str]:
        return [reply.number for reply in self.do(*(c.CallNext(counter=counter) for counter in counters))]

    def clear(self) -> None:
        """Nobody waits, no counter has a visitor."""
        hall = self.hall.state()
        commands: list[wire.Request] = []
        for counter in hall.counters.values():
            if counter.state in BUSY:
                start = [c.StartService(counter=counter.counter)] if counter.state is CounterState.CALLING else []
                commands += [*start, c.FinishService(counter=counter.counter)]
        waiting = [ticket for ticket in hall.tickets.values() if ticket.state is TicketState.WAITING]
        self.do(*commands, *(c.CancelTicket(ticket=ticket.ticket) for ticket in waiting))

    def files(self) -> list[Path]:
        """The calls that were spoken."""
        return sorted(self.folder.glob("*_counter-*.wav")) if self.folder.is_dir() else []

    def news(self) -> list[str]:
        """What was told to everybody, and in which language: `closing-zh`."""
        files = sorted(self.folder.glob("*.wav")) if self.folder.is_dir() else []
        return [file.stem.split("_")[1] for file in files if "_counter-" not in file.name]

    def spoken(self, numbers: list[str]) -> list[Path]:
        """The announcements from the first of these numbers on, once the last of them is there."""
        wait_for(lambda: numbers[-1] in self._numbers(), f"the announcement of {numbers[-1]}")
        first = self._numbers().index(numbers[0])
        assert self._numbers()[first:] == numbers
        return self.files()[first:]

    def spoken_twice(self, number: str) -> list[Path]:
        """Both announcements of a number."""
        wait_for(lambda: self._numbers().count(number) == 2, f"the second announcement of {number}")
        return [file for file in self.files() if f"_{number}_" in file.name]

    def _numbers(self) -> list[str]:
        return [file.name.split("_")[1] for file in self.files()]

    def told(self, kind: str, state: str) -> str:
        """What staff are told of this kind, once its state is this."""
        reports: list[str] = []

        def is_so() -> bool:
            report = self.hall.state().devices.get(f"voice/{kind}")
            reports[:] = [report.detail] if report and report.state == state else []
            return bool(reports)

        wait_for(is_so, f"the report that {kind} is {state}")
        return reports[0]

    def engine(self) -> psutil.Process:
        """The synthesiser's process, once it has made ahead all that it can."""
        found: list[psutil.Process] = []
        used: list[float] = []

        def is_idle() -> bool:
            if not found:
                children = psutil.Process(self.process.pid).children()
                found.extend(child for child in children if "display_board.voice.engine" in child.cmdline())
                return False
            used.append(sum(found[0].cpu_times()[:2]))
            time.sleep(0.05)
            return len(used) > 10 and used[-1] == used[-10] > 0.1

        wait_for(is_idle, "an idle synthesiser")
        return found[0]


def begun_s(file: Path) -> float:
    """When an announcement began, in seconds since 1970, by its file's name."""
    date, clock, ms = file.name.split("_")[0].split("-")
    shanghai = ZoneInfo("Asia/Shanghai")
    return dt.datetime.strptime(date + clock, "%Y%m%d%H%M%S").replace(tzinfo=shanghai).timestamp() + int(ms) / 1000


def samples_of(file: Path) -> sound.Samples:
    with wave.open(str(file)) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, sound.RATE)
        return array("h", wav.readframes(wav.getnframes()))


def leading_silence_s(samples: sound.Samples) -> float:
    first = next(index for index, sample in enumerate(samples) if abs(sample) > sound.FULL // 100)
    return first / sound.RATE


class LoggingPlayer:
    """A player that takes as long as its sound, and notes when it began and ended."""

    def __init__(self, where: Path) -> None:
        self.command, self._log = where / "player", where / "played"
        # The length once, at the start: by the end the file may be the next announcement's.
        note = f'"$(date +%s%N)" "$length" >>{self._log}'
        script = f'#!/bin/sh\nlength=$(soxi -D "$1")\necho start {note}\nsleep "$length"\necho end {note}\n'
        self.command.write_text(script)
        self.command.chmod(0o755)
        self._log.touch()
        self._read = 0

    def skip(self) -> None:
        """Forget what was played until now."""
        self._read = len(self._log.read_text().splitlines())

    def notes(self) -> list[tuple[str, float]]:
        """`start` and `end` with their seconds since 1970, less the silence by which the voice tries its speaker."""
        lines = [line.split() for line in self._log.read_text().splitlines()[self._read :]]
        return [(word, int(at) / 1e9) for word, at, length in lines if float(length) > 0.2]

    def played(self, count: int) -> list[tuple[str, float]]:
        """The notes, once so many announcements were played to their end: one after another, never two at a time."""
        wait_for(lambda: len(self.notes()) >= 2 * count, f"{count} announcements")
        notes = self.notes()
        assert [word for word, _ in notes] == ["start", "end"] * count
        return notes
