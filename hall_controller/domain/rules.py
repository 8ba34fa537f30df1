"""The rules of one hall: what its `hall.toml` says, journalled so that each decision can be explained later."""

import datetime as dt
import re
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

FAVOURED_LIMIT_MAX = 20


class Tier(StrEnum):
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Mode(StrEnum):
    """Who starts a call: the clerk presses next (`pull`), or a ready counter is given its visitor (`push`)."""

    PULL = "pull"
    PUSH = "push"


class Policy(StrEnum):
    """Which waiting ticket a ready counter gets; see `assignment`."""

    FCFS = "fcfs"
    PRIORITY = "priority"


class Band(StrEnum):
    REGULAR = "regular"
    LUNCH = "lunch"
    EVENING = "evening"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the rules: read from TOML, so an unknown key is a typing error and not a wish."""


class NumberRules(Record, frozen=True):
    """How ticket numbers look: `A001` is prefix `A`, width 3.

    The prefix of a ticket is the first found of: class and group (`priority/business`),
    class, group, `default`.
    """

    width: int = 3
    default: str = "A"
    unticketed: str = "W"
    prefixes: dict[str, str] = msgspec.field(default_factory=lambda: {"priority": "P", "appointment": "R"})

    def __post_init__(self) -> None:
        if not 1 <= self.width <= 6:
            raise ValueError(f"numbers.width is {self.width}; give a width from 1 to 6")
        for prefix in (self.default, self.unticketed, *self.prefixes.values()):
            # Letters only: a digit in the prefix could make two tickets read the same (A1 + 001, A + 1001).
            if not re.fullmatch(r"[A-Z]{1,3}", prefix):
                raise ValueError(f"numbers prefix {prefix!r} is not one to three capital letters; write e.g. 'A'")
        if self.unticketed in (self.default, *self.prefixes.values()):
            raise ValueError(f"numbers.unticketed {self.unticketed!r} is used for tickets too; choose another letter")

    def prefix(self, visitor_class: str, group: str) -> str:
        for key in (f"{visitor_class}/{group}", visitor_class, group):
            if key in self.prefixes:
                return self.prefixes[key]
        return self.default


class Narrowing(Record, frozen=True):
    """What a counter is limited to; an empty tuple limits nothing."""

    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Window(Record, frozen=True):
    """A stretch of a weekday in which the hall serves, e.g. `18:00` to `20:00`, band `evening`."""

    days: tuple[str, ...]
    start: dt.time
    end: dt.time
    band: Band = Band.REGULAR

    def __post_init__(self) -> None:
        for day in self.days:
            if day not in DAYS:
                raise ValueError(f"hours day {day!r} is unknown; use {', '.join(DAYS)}")
        if self.end <= self.start:
            raise ValueError(f"hours end {self.end} is not after start {self.start}; swap them")


WEEKDAYS, WEEKEND = DAYS[:5], DAYS[5:]

DEFAULT_HOURS = (
    Window(days=WEEKDAYS, start=dt.time(9), end=dt.time(12)),
    Window(days=WEEKDAYS, start=dt.time(14), end=dt.time(18)),
    Window(days=WEEKDAYS, start=dt.time(18), end=dt.time(20), band=Band.EVENING),
    Window(days=WEEKEND, start=dt.time(9), end=dt.time(18), band=Band.WEEKEND),
)
LUNCH = Window(days=WEEKDAYS, start=dt.time(12), end=dt.time(14), band=Band.LUNCH)


class Rules(Record, frozen=True):
    """All that the core needs to know of a hall; times in seconds (`_s`)."""

    hall: str
    tier: Tier
    counters: int
    name_zh: str = ""
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    mode: Mode = Mode.PULL
    policy: Policy = Policy.PRIORITY
    favoured_limit: int = 2
    """k: at most this many priority or appointment calls in a row while an ordinary visitor waits."""
    missed_grace_s: int = 1800
    """How long after a no-show a visitor may return to the queue."""
    claim_s: int = 90
    """How long a kiosk ticket may stay neither printed nor acknowledged before it is unclaimed."""
    print_wait_s: int = 5
    """How long push mode waits for a fresh ticket's print before it calls it."""
    wrap_up_s: int = 20
    """How long a counter stays in wrap-up in push mode, unless its clerk ends it sooner."""
    appointment_early_s: int = 1800
    appointment_late_s: int = 600
    numbers: NumberRules = NumberRules()
    narrow: dict[int, Narrowing] = {}
    hours: tuple[Window, ...] = DEFAULT_HOURS

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9-]{1,16}", self.hall):
            raise ValueError(f"hall id {self.hall!r} is not 1 to 16 letters, digits or dashes; write e.g. 'BA001'")
        if not 1 <= self.counters <= 200:
            raise ValueError(f"counters is {self.counters}; a hall has 1 to 200")
        if not 1 <= self.favoured_limit <= FAVOURED_LIMIT_MAX:
            raise ValueError(f"favoured_limit is {self.favoured_limit}; give 1 to {FAVOURED_LIMIT_MAX} calls in a row")
        for name in ("missed_grace_s", "claim_s", "print_wait_s", "wrap_up_s"):
            if not 0 <= (value := getattr(self, name)) <= 86_400:
                raise ValueError(f"{name} is {value}; give 0 to 86400 seconds")
        for number in self.narrow:
            if not 1 <= number <= self.counters:
                raise ValueError(f"narrow names counter {number}, but the hall has counters 1 to {self.counters}")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"timezone {self.timezone!r} is unknown; write e.g. 'Asia/Shanghai'") from None
