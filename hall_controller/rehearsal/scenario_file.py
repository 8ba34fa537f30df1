"""What a scenario file may say. Single values are checked here, what does not fit together in scenario_mistakes."""

import datetime as dt
from enum import StrEnum
from itertools import pairwise

from msgspec.structs import replace

from hall_controller.domain.record import Record
from hall_controller.domain.rules import (
    DAYS,
    DEFAULT_HOURS,
    HOLIDAY,
    LUNCH,
    Mode,
    Policy,
    RosterSpan,
    RosterWindow,
    Rules,
    Tier,
    Window,
)
from hall_controller.rehearsal.day import USUAL_PEOPLE, People

VISITORS_MOST = 5_000
MINUTES_MOST = 480
TIMES_LEAST, TIMES_MOST = 0.1, 10
HALF_HOUR_S = 1800
DAY_ENDS = dt.time(23, 59, 59)
"""As TOML can write it."""


class Arrivals(Record, frozen=True):
    """So many visitors come in this stretch, on average; their number and moments are drawn."""

    start: dt.time
    end: dt.time
    visitors: float

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"arrivals end {self.end} is not after start {self.start}; swap them")
        _must_lie("arrivals visitors", self.visitors, 0, VISITORS_MOST)


class HalfHours(Record, frozen=True):
    """The same, a number for each half hour from `start` on."""

    start: dt.time
    visitors: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.visitors:
            raise ValueError("half_hours visitors is empty; give a number for each half hour, e.g. [12, 20, 18]")
        for count in self.visitors:
            _must_lie("half_hours visitors", count, 0, VISITORS_MOST)
        left_s = 86_400 - _seconds(self.start)
        if len(self.visitors) * HALF_HOUR_S > left_s:
            raise ValueError(
                f"half_hours visitors has {len(self.visitors)} numbers, which from {self.start} reach beyond midnight;"
                f" give {left_s // HALF_HOUR_S} at most"
            )

    def arrivals(self) -> tuple[Arrivals, ...]:
        edges = [_time(_seconds(self.start) + HALF_HOUR_S * n) for n in range(len(self.visitors) + 1)]
        return tuple(Arrivals(start=start, end=end, visitors=count)
                     for (start, end), count in zip(pairwise(edges), self.visitors, strict=True))  # fmt: skip


class Wanted(Record, frozen=True):
    """A matter, how often it is wanted against the others, and what it really takes."""

    code: str
    share: float = 1.0
    minutes: float | None = None
    """By default what the catalogue calls usual."""

    def __post_init__(self) -> None:
        _must_lie("matters share", self.share, 0, 1_000_000)
        if self.minutes is not None:
            _must_lie("matters minutes", self.minutes, 0.5, MINUTES_MOST)


class Mishap(StrEnum):
    COUNTER_LOST = "counter_lost"
    """Its clerk is gone from `at` until `until`, or for the day, against the roster."""
    LATE_OPENING = "late_opening"
    """Clerks whose work begins at `at`, or that of one counter, come so many minutes later."""
    PRINTER_OUT = "printer_out"
    """Nothing is printed from `at` until `until`: numbers are read from the screen."""
    PACE = "pace"
    """Services that begin from `at` until `until`, or for the day, take so many times as long."""
    RUSH = "rush"
    """So many visitors more, within `minutes` from `at` on."""
    EMERGENCY = "emergency"
    """The hall is closed at `at`, and opened again at `until`, or not any more."""
    EXTENSION = "extension"
    """At `at` the manager extends the day by so many minutes."""
    CRASH = "crash"
    """The controller is killed, and started again."""


TAKES = {
    Mishap.COUNTER_LOST: ("counter", "until"),
    Mishap.LATE_OPENING: ("minutes", "counter"),
    Mishap.PRINTER_OUT: ("until",),
    Mishap.PACE: ("times", "until"),
    Mishap.RUSH: ("visitors", "minutes"),
    Mishap.EMERGENCY: ("until", "reason"),
    Mishap.EXTENSION: ("minutes",),
    Mishap.CRASH: (),
}
"""What each of them has, beside kind and at."""
NEEDS = {Mishap.COUNTER_LOST: "counter", Mishap.PACE: "times", Mishap.RUSH: "visitors"}
EXAMPLES = {"counter": "counter = 3", "times": "times = 1.5", "visitors": "visitors = 40"}
MINUTES = {Mishap.EXTENSION: 30, Mishap.LATE_OPENING: 30, Mishap.RUSH: 10}


class Incident(Record, frozen=True):
    kind: Mishap
    at: dt.time
    until: dt.time | None = None
    counter: int | None = None
    minutes: int | None = None
    visitors: int | None = None
    times: float | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        needed = NEEDS.get(self.kind)
        if needed is not None and getattr(self, needed) is None:
            raise ValueError(f"incident {self.kind} names no {needed}; say which, e.g. {EXAMPLES[needed]}")
        if self.until is not None and self.until <= self.at:
            raise ValueError(f"incident until {self.until} is not after at {self.at}; swap them")
        if self.minutes is not None:
            _must_lie("incident minutes", self.minutes, 1, MINUTES_MOST)
        if self.visitors is not None:
            _must_lie("incident visitors", self.visitors, 1, VISITORS_MOST)
        if self.times is not None:
            _must_lie("incident times", self.times, TIMES_LEAST, TIMES_MOST)
        if self.reason is not None and not 1 <= len(self.reason.strip()) <= 64:
            raise ValueError(f"incident reason has {len(self.reason)} characters; give 1 to 64")

    @property
    def lasts_minutes(self) -> int:
        return self.minutes if self.minutes is not None else MINUTES.get(self.kind, 0)


class Scenario(Record, frozen=True, kw_only=True):
    """A file as a whole."""

    name: str
    about: str = ""
    date: dt.date = dt.date(2026, 11, 30)
    """A Monday by default."""
    tier: Tier = Tier.DISTRICT
    counters: int
    policy: Policy = Policy.PRIORITY
    favoured_limit: int = 2
    mode: Mode = Mode.PULL
    roster_known: bool = True
    """The hall is told of the roster, as a manager would by hall.toml; else clerks come and go unannounced."""
    breaks: bool = True
    """Each clerk has a short break in the morning and the afternoon."""
    trainee: int | None = None
    """This counter is left to a person, who opens it with `hall counter`."""
    last_ticket_s: int = 3600
    hours: tuple[Window, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()
    half_hours: HalfHours | None = None
    people: People = USUAL_PEOPLE
    matters: tuple[Wanted, ...] = ()
    """By default all of the catalogue, short ones more often."""
    roster: tuple[RosterSpan, ...] = ()
    """By default all counters, in all hours."""
    incident: tuple[Incident, ...] = ()

    def coming(self) -> tuple[Arrivals, ...]:
        """All arrivals, however they are written."""
        return (*self.arrivals, *(self.half_hours.arrivals() if self.half_hours is not None else ()))

    def of_kind(self, kind: Mishap) -> list[Incident]:
        return [one for one in self.incident if one.kind is kind]

    def rules(self) -> Rules:
        """Raises ValueError for settings that no hall may have."""
        hours = self.hours or (*DEFAULT_HOURS, *((LUNCH,) if self.tier is Tier.DISTRICT else ()))
        days = (*DAYS, HOLIDAY)
        known = tuple(
            RosterWindow(days=days, start=span.start, end=span.end, counters=span.counters) for span in self.roster
        )
        return Rules(
            hall="SCENARIO",
            tier=self.tier,
            counters=self.counters,
            policy=self.policy,
            favoured_limit=self.favoured_limit,
            mode=self.mode,
            last_ticket_s=self.last_ticket_s,
            hours=tuple(replace(window, tiers=()) for window in hours),
            roster=known if self.roster_known else (),
        )


def _must_lie(what: str, value: float, least: float, most: float) -> None:
    """Raises ValueError; also for what is no number."""
    if not least <= value <= most:
        raise ValueError(f"{what} is {value:g}; give {least:g} to {most:g}")


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _time(seconds: int) -> dt.time:
    if seconds >= 86_400:
        return DAY_ENDS
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)
