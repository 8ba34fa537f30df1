"""Which service day, opening and band a moment belongs to, by the hall's own wall clock.

A day's windows that touch are one opening: 14:00-18:00 regular and 18:00-20:00 evening. An extension moves the end
of a day's last opening, past midnight if need be.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hall_controller.domain.rules import DAYS, HOLIDAY, WEEKEND, Band, DayKind, Rules, Span

NIGHT_ENDS = dt.time(4)
"""Until then, whoever is still served outside all hours counts with the evening before."""
LOOK_AHEAD_DAYS = 60


class Extension(msgspec.Struct, frozen=True):
    """The last opening of this day ends later than the rules say."""

    day: str
    until_ms: int


class Stretch(NamedTuple):
    """A window on a certain day."""

    start_ms: int
    end_ms: int
    band: Band


class Opening(NamedTuple):
    """Windows of one day that touch: the hall serves from `start_ms` until just before `end_ms`."""

    stretches: tuple[Stretch, ...]
    last: bool
    """The last one of its day: it ends with closing."""

    @property
    def start_ms(self) -> int:
        return self.stretches[0].start_ms

    @property
    def end_ms(self) -> int:
        return self.stretches[-1].end_ms


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(rules: Rules, at_ms: int) -> dt.datetime:
    """The hall's local time; the day is never counted in UTC."""
    return dt.datetime.fromtimestamp(at_ms / 1000, zone(rules.timezone))


def moment_ms(rules: Rules, day: dt.date, time: dt.time) -> int:
    """When it is this time on this day in the hall."""
    return _moment_ms(rules.timezone, day, time)


@lru_cache(maxsize=512)
def _moment_ms(timezone: str, day: dt.date, time: dt.time) -> int:
    """Asked many times a second of the same few moments of today."""
    return round(dt.datetime.combine(day, time, zone(timezone)).timestamp() * 1000)


def service_day(rules: Rules, at_ms: int) -> str:
    return local(rules, at_ms).date().isoformat()


def day_kind(rules: Rules, day: dt.date) -> DayKind:
    special = rules.calendar.get(day.isoformat())
    if special is not None:
        return special.kind
    return DayKind.WEEKEND if DAYS[day.weekday()] in WEEKEND else DayKind.WORKDAY


def is_confirmed(rules: Rules, day: dt.date) -> bool:
    """Whether the hours of a day can be promised: its year's days off are known, or the calendar has this very day."""
    years = rules.confirmed_years
    return years is None or day.year in years or day.isoformat() in rules.calendar


def is_promised(rules: Rules, at_ms: int, now_ms: int) -> bool:
    """Whether a moment to come may be told without a reserve. Today the hall is open or it is not."""
    day = local(rules, at_ms).date()
    return is_confirmed(rules, day) or day == local(rules, now_ms).date()


def workday_after(rules: Rules, day: dt.date, days: int) -> dt.date:
    """So many working days later; 0: this day itself, or the next working day."""
    while days or day_kind(rules, day) is not DayKind.WORKDAY:
        day += dt.timedelta(days=1)
        days -= days > 0 and day_kind(rules, day) is DayKind.WORKDAY
    return day


def windows(rules: Rules, day: dt.date) -> list[Span]:
    """The stretches in which the hall serves on a day, in order.

    A make-up working day at the weekend has the hours of a Monday; a weekend day in midweek those of a Saturday.
    """
    special = rules.calendar.get(day.isoformat())
    if special is not None and special.hours is not None:
        return sorted(special.hours, key=lambda span: span.start)
    name = day_name(rules, day)
    return sorted((window for window in rules.hours if name in window.days), key=lambda window: window.start)


def day_name(rules: Rules, day: dt.date) -> str:
    """Which day of the week, or `holiday`, this date is like."""
    name, kind = DAYS[day.weekday()], day_kind(rules, day)
    if kind is DayKind.HOLIDAY:
        return HOLIDAY
    if (name in WEEKEND) is not (kind is DayKind.WEEKEND):
        return "sat" if kind is DayKind.WEEKEND else "mon"
    return name


class _ThisRules:
    """Rules as a key: the very same ones. They hold tables, and so have no hash; comparing them would cost more."""

    __slots__ = ("rules",)

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ThisRules) and other.rules is self.rules


def openings(rules: Rules, day: dt.date, extension: Extension | None = None) -> list[Opening]:
    """The openings of a day, in order."""
    return list(_openings(_ThisRules(rules), day, extension))


@lru_cache(maxsize=256)
def _openings(these: _ThisRules, day: dt.date, extension: Extension | None) -> tuple[Opening, ...]:
    """Asked many times for each command, of today and yesterday."""
    rules = these.rules
    joined: list[list[Stretch]] = []
    for span in windows(rules, day):
        stretch = Stretch(moment_ms(rules, day, span.start), moment_ms(rules, day, span.end), span.band)
        if joined and joined[-1][-1].end_ms == stretch.start_ms:
            joined[-1].append(stretch)
        else:
            joined.append([stretch])
    if joined and extension is not None and extension.day == day.isoformat():
        joined[-1] += _extra(joined[-1][-1], extension.until_ms)
    return tuple(Opening(tuple(stretches), last=stretches is joined[-1]) for stretches in joined)


def _extra(last: Stretch, until_ms: int) -> list[Stretch]:
    """What an extension adds: extended hours, also where the last window is an ordinary one."""
    if until_ms <= last.end_ms:
        return []
    band = Band.EVENING if last.band in (Band.REGULAR, Band.LUNCH) else last.band
    return [Stretch(last.end_ms, until_ms, band)]


def opening_at(rules: Rules, at_ms: int, extension: Extension | None = None, before_s: int = 0) -> Opening | None:
    """The opening that this moment is in, or in the `before_s` before it on the same day; yesterday's may run on."""
    today = local(rules, at_ms).date()
    midnight_ms = moment_ms(rules, today, dt.time())
    for day in (today - dt.timedelta(days=1), today):
        for opening in openings(rules, day, extension):
            from_ms = max(opening.start_ms - before_s * 1000, midnight_ms if day == today else 0)
            if from_ms <= at_ms < opening.end_ms:
                return opening
    return None


def next_openings(rules: Rules, at_ms: int) -> Iterator[Opening]:
    """Those that begin after this moment, in order, as far as the calendar is looked at."""
    today = local(rules, at_ms).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        for opening in openings(rules, today + dt.timedelta(days=ahead)):
            if opening.start_ms > at_ms:
                yield opening


def next_opening(rules: Rules, at_ms: int) -> Opening | None:
    return next(next_openings(rules, at_ms), None)


def band(rules: Rules, at_ms: int, extension: Extension | None = None) -> Band:
    """The band of a moment.

    Outside all windows that of the window before it, and before the first that of the first; in the small hours that
    of the evening before. A day without windows counts by its kind.
    """
    now = local(rules, at_ms)
    today = [stretch for opening in openings(rules, now.date(), extension) for stretch in opening.stretches]
    begun = [stretch for stretch in today if stretch.start_ms <= at_ms]
    if begun:
        return begun[-1].band
    yesterday = openings(rules, now.date() - dt.timedelta(days=1), extension)
    if yesterday and (now.time() < NIGHT_ENDS or at_ms < yesterday[-1].end_ms):
        return yesterday[-1].stretches[-1].band
    if today:
        return today[0].band
    return Band.WEEKEND if day_kind(rules, now.date()) is DayKind.WEEKEND else Band.HOLIDAY
