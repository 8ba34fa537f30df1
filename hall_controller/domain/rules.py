"""The rules of one hall: what its `hall.toml` says, journalled so that each decision can be explained later."""

import datetime as dt
import itertools
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.record import COUNTERS_MAX, Record
from hall_controller.domain.rules_acceptance import AcceptanceRules, CreditRules
from hall_controller.domain.rules_managing import AdviceRules, AlertRules

FAVOURED_LIMIT_MAX = 20


class Tier(OpenEnum):
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Mode(OpenEnum):
    """Who starts a call: the clerk presses next (`pull`), or a ready counter is given its visitor (`push`)."""

    PULL = "pull"
    PUSH = "push"


class Policy(OpenEnum):
    """Which waiting ticket a ready counter gets; see `assignment`."""

    FCFS = "fcfs"
    PRIORITY = "priority"


class Band(OpenEnum):
    REGULAR = "regular"
    LUNCH = "lunch"
    EVENING = "evening"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class NumberRules(Record, frozen=True):
    """How ticket numbers look: `A001` is prefix `A`, width 3.

    The prefix of a ticket is the first found of: class and group (`priority/business`),
    class, group, `default`.
    """

    width: int = 3
    default: str = "A"
    unticketed: str = "W"
    prefixes: dict[str, str] = msgspec.field(
        default_factory=lambda: {"priority": "P", "appointment": "R", "pickup": "Q"}
    )

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
WEEKDAYS, WEEKEND = DAYS[:5], DAYS[5:]
HOLIDAY = "holiday"
"""Stands among a window's days for statutory holidays: without such a window the hall is shut on them."""


class DayKind(OpenEnum):
    """What a date is, whatever weekday it falls on: a make-up working Sunday is a `workday`."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Span(Record, frozen=True, kw_only=True):
    """A stretch of one day in which the hall serves, e.g. `18:00` to `20:00`, band `evening`."""

    start: dt.time
    end: dt.time
    band: Band = Band.REGULAR

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"hours end {self.end} is not after start {self.start}; swap them")


class Window(Span, frozen=True, kw_only=True):
    """A span of certain days of the week; `tiers` limits it to halls of these tiers, none to no tier."""

    days: tuple[str, ...]
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for day in self.days:
            if day not in (*DAYS, HOLIDAY):
                raise ValueError(f"hours day {day!r} is unknown; use {', '.join(DAYS)}, {HOLIDAY}")


class SpecialDay(Record, frozen=True, kw_only=True):
    """A date that is not what its weekday says: a holiday, a make-up working day, or a day with hours of its own."""

    kind: DayKind
    name_zh: str = ""
    name_en: str = ""
    hours: tuple[Span, ...] | None = None
    """Instead of the hours of such a day; none of them: the hall is shut."""

    def __post_init__(self) -> None:
        must_not_overlap(self.hours or (), "this special day")


class RosterSpan(Record, frozen=True, kw_only=True):
    """A stretch of one day for which it is planned how many counters are open."""

    start: dt.time
    end: dt.time
    counters: int

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"roster end {self.end} is not after start {self.start}; swap them")
        if not 0 <= self.counters <= COUNTERS_MAX:
            raise ValueError(f"roster counters is {self.counters}; give 0 to {COUNTERS_MAX}")


class RosterWindow(RosterSpan, frozen=True, kw_only=True):
    """Of certain days of the week."""

    days: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        for day in self.days:
            if day not in (*DAYS, HOLIDAY):
                raise ValueError(f"roster day {day!r} is unknown; use {', '.join(DAYS)}, {HOLIDAY}")


def must_not_overlap(spans: Iterable["Span | RosterSpan"], when: str, what: str = "hours") -> None:
    """Raises ValueError."""
    for before, after in itertools.pairwise(sorted(spans, key=lambda span: (span.start, span.end))):
        if after.start < before.end:
            raise ValueError(
                f"{what} start {after.start} lies before end {before.end} on {when}: two stretches overlap;"
                " let the one begin where the other ends"
            )


class Between(OpenEnum):
    """Between two openings of a day, as over lunch: pause issuing, or issue for the afternoon."""

    PAUSE = "pause"
    ISSUE = "issue"


DEFAULT_HOURS = (
    Window(days=WEEKDAYS, start=dt.time(9), end=dt.time(12)),
    Window(days=WEEKDAYS, start=dt.time(14), end=dt.time(18)),
    Window(days=WEEKDAYS, start=dt.time(18), end=dt.time(20), band=Band.EVENING),
    Window(days=WEEKEND, start=dt.time(9), end=dt.time(18), band=Band.WEEKEND),
)
LUNCH = Window(days=WEEKDAYS, start=dt.time(12), end=dt.time(14), band=Band.LUNCH)


OWN_DAYS = {Band.WEEKEND: WEEKEND, Band.HOLIDAY: (HOLIDAY,)}
"""Bands that belong to certain days alone: elsewhere they would count extended hours as something else."""


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
    kept_pause_s: int = 180
    kept_busy_s: int = 1800
    results_anywhere: bool = False
    numbers: NumberRules = NumberRules()
    narrow: dict[int, Narrowing] = {}
    hours: tuple[Window, ...] = DEFAULT_HOURS
    calendar: dict[str, SpecialDay] = {}
    """Dates (`2026-10-01`) that are not what their weekday says."""
    confirmed_years: tuple[int, ...] | None = None
    """Years whose days off are known; no opening of others is certain. Null: no public holidays, or unknown."""
    issue_before_s: int = 1800
    """Tickets are issued from so long before an opening."""
    between: Between = Between.PAUSE
    last_ticket_s: int = 3600
    """So long before closing it is judged whether a newcomer can still be served; 0: never."""
    announce_s: tuple[int, ...] = (1800, 600)
    """Announcements so long before a lunch break, a reduced lunchtime service, and closing."""
    lunch_counters: tuple[int, ...] = ()
    """The counters that serve through lunch; the others pause after their visitor. None named: all serve."""
    booking_days: int = 7
    """A visitor may book so many days ahead."""
    booking_share: float = 0.3
    """Visitors may book so much of what the counters can serve in a half hour; 0: nothing."""
    booking_limit: int = 1000
    """Bookings that visitors make themselves, in each half hour, at most; 0: none."""
    booking_holder_limit: int = 3
    """Bookings that one person may hold at a time."""
    roster: tuple[RosterWindow, ...] = ()
    """How many counters are planned to be open; without any for a moment, nobody has planned it."""
    alerts: AlertRules = AlertRules()
    """When the manager is alerted of what."""
    advice: AdviceRules = AdviceRules()
    """What the advice on open counters aims at."""
    acceptance: AcceptanceRules = AcceptanceRules()
    """Where papers go, and by when."""
    credit: CreditRules = CreditRules()
    """What is said to whom a rating bars."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9-]{1,16}", self.hall):
            raise ValueError(f"hall id {self.hall!r} is not 1 to 16 letters, digits or dashes; write e.g. 'BA001'")
        if not 1 <= self.counters <= COUNTERS_MAX:
            raise ValueError(f"counters is {self.counters}; a hall has 1 to {COUNTERS_MAX}")
        _must_name_counters("narrow", self.narrow, self.counters)
        _must_name_counters("lunch_counters", self.lunch_counters, self.counters)
        for name, (least, most, what) in LIMITS.items():
            if not least <= (value := getattr(self, name)) <= most:
                raise ValueError(f"{name} is {value}; give {least} to {most} {what}")
        for before_s in self.announce_s:
            if not 60 <= before_s <= 7200:
                raise ValueError(f"announce_s holds {before_s}; give 60 to 7200 seconds")
        _check_hours(self.hours)
        _check_roster(self.roster, self.counters)
        for date in self.calendar:
            if not _is_date(date):
                raise ValueError(f"calendar date {date!r} is no date; write e.g. '2026-10-01'")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"timezone {self.timezone!r} is unknown; write e.g. 'Asia/Shanghai'") from None


LIMITS = {
    "favoured_limit": (1, FAVOURED_LIMIT_MAX, "calls in a row"),
    **dict.fromkeys(
        (
            "missed_grace_s",
            "claim_s",
            "print_wait_s",
            "wrap_up_s",
            "issue_before_s",
            "last_ticket_s",
            "kept_pause_s",
            "kept_busy_s",
        ),
        (0, 86_400, "seconds"),
    ),
    "booking_days": (0, 60, "days"),
    "booking_share": (0, 1, "of what the counters can serve"),
    "booking_limit": (0, 1000, "bookings"),
    "booking_holder_limit": (1, 100, "bookings"),
}


def _must_name_counters(what: str, numbers: Iterable[int], counters: int) -> None:
    for number in numbers:
        if not 1 <= number <= counters:
            raise ValueError(f"{what} names counter {number}, but the hall has counters 1 to {counters}")


def _check_hours(hours: tuple[Window, ...]) -> None:
    for day in (*DAYS, HOLIDAY):
        must_not_overlap((window for window in hours if day in window.days), day)
    for window in hours:
        for band, days in OWN_DAYS.items():
            wrong = next((day for day in window.days if day not in days), None)
            if window.band is band and wrong is not None:
                raise ValueError(f"hours band {band} is given for {wrong}; it belongs to {' and '.join(days)} alone")
        if HOLIDAY in window.days and window.band is not Band.HOLIDAY:
            raise ValueError(f"hours band {window.band} is given for {HOLIDAY}; there it is '{Band.HOLIDAY}'")


def _check_roster(roster: tuple[RosterWindow, ...], counters: int) -> None:
    for window in roster:
        if window.counters > counters:
            raise ValueError(f"roster counters is {window.counters}, but the hall has {counters}; plan no more of them")
    for day in (*DAYS, HOLIDAY):
        must_not_overlap((window for window in roster if day in window.days), day, "roster")


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
