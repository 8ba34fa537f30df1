"""hours.toml, and what hall.toml says of the hours: when the hall serves, and the days that are not as their weekday.

The file may be the same for all halls of a district: a stretch may be for halls of certain tiers alone.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec.structs import replace

from hall_controller.config_mistakes import Mistake, line_of
from hall_controller.domain.record import Record
from hall_controller.domain.rules import (
    DAYS,
    DEFAULT_HOURS,
    HOLIDAY,
    LUNCH,
    OWN_DAYS,
    Band,
    DayKind,
    Span,
    SpecialDay,
    Tier,
    Window,
)

HOURS = "hours.toml"
COUNTRY = "CN"
DEFAULT = (*DEFAULT_HOURS, replace(LUNCH, tiers=(Tier.DISTRICT,)))
"""What the hours.toml of `hall init` says, for a hall that has none."""
_OWN_BAND = {DayKind.WORKDAY: Band.REGULAR, DayKind.WEEKEND: Band.WEEKEND, DayKind.HOLIDAY: Band.HOLIDAY}


class HolidayWeekends(StrEnum):
    """Whether the free weekend days of an announced holiday belong to it."""

    HOLIDAY = "holiday"
    """As the announcement says: the hall has the hours of a holiday."""
    WEEKEND = "weekend"
    """It has those of any weekend; only the holidays' own dates and days off are holidays."""


class SpecialSpan(Record, frozen=True):
    """A stretch of a special day."""

    start: dt.time
    end: dt.time
    band: Band | None = None
    """By default that of such a day: `regular`, `weekend` or `holiday`."""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"hours end {self.end} is not after start {self.start}; swap them")


class Special(Record, frozen=True):
    """A date that is not what its weekday or the public holidays say."""

    date: dt.date
    kind: DayKind
    name_zh: str = ""
    name_en: str = ""
    hours: tuple[SpecialSpan, ...] | None = None
    """Instead of the hours of such a day; an empty list: the hall is shut."""

    def __post_init__(self) -> None:
        for span in self.spans() or ():
            if (span.band is Band.HOLIDAY) is not (self.kind is DayKind.HOLIDAY):
                raise ValueError(f"hours band {span.band} does not fit a {self.kind}; leave the band out")
            if span.band is Band.WEEKEND and self.kind is not DayKind.WEEKEND:
                raise ValueError(f"hours band {span.band} does not fit a {self.kind}; leave the band out")
        for before, after in _overlaps(self.spans() or ()):
            raise ValueError(f"hours {_words(after)} overlap {_words(before)} on {self.date}; {_MEND}")

    def spans(self) -> tuple[Span, ...] | None:
        if self.hours is None:
            return None
        return tuple(Span(start=at.start, end=at.end, band=at.band or _OWN_BAND[self.kind]) for at in self.hours)

    def day(self, known: SpecialDay | None) -> SpecialDay:
        """As the core has it; named as the public holiday that it is, unless it has a name of its own."""
        if known is None or known.kind is not self.kind:
            known = SpecialDay(kind=self.kind)
        name_zh, name_en = self.name_zh or known.name_zh, self.name_en or known.name_en
        return SpecialDay(kind=self.kind, name_zh=name_zh, name_en=name_en, hours=self.spans())


class HoursFile(Record, frozen=True):
    """hours.toml as a whole."""

    country: str | None = None
    holiday_weekends: HolidayWeekends | None = None
    """What a free weekend day in an announced holiday, or at its edge, is: `holiday` by default, or `weekend`."""
    confirmed_years: tuple[int, ...] = ()
    """Years whose days off all stand in `[[special]]`, where the library does not have them yet."""
    hours: tuple[Window, ...] = ()
    special: tuple[Special, ...] = ()


# --- mistakes that no single value shows ---------------------------------------------------------


def check_hours(text: str, hours: tuple[Window, ...], special: tuple[Special, ...], country: str | None) -> None:
    """Of what was read from `text`. Raises Mistake."""
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        sentence = f"country {country!r} is no country; write its two letters, e.g. 'CN', or '' for no public holidays"
        raise Mistake(line_of(text, ("country",)), sentence)
    for number, window in enumerate(hours):
        if sentence := _wrong_band(window):
            raise Mistake(line_of(text, ("hours", number, "band")), sentence)
    for mistake in sorted(_overlapping(text, hours), key=lambda mistake: mistake.line):
        raise mistake
    first: dict[dt.date, int] = {}
    for number, day in enumerate(special):
        line = line_of(text, ("special", number, "date"))
        if day.date in first:
            raise Mistake(line, f"special date {day.date} is given in line {first[day.date]} already; keep one of them")
        first[day.date] = line


_MEND = "let the one begin where the other ends"


def _wrong_band(window: Window) -> str:
    for band, days in OWN_DAYS.items():
        wrong = next((day for day in window.days if day not in days), None)
        if window.band is band and wrong is not None:
            return f"hours band {band} is given for {wrong}; it belongs to {' and '.join(days)} alone"
    if HOLIDAY in window.days and window.band is not Band.HOLIDAY:
        return f"hours band {window.band} is given for {HOLIDAY}; there it is '{Band.HOLIDAY}'"
    return ""


def _overlapping(text: str, hours: tuple[Window, ...]) -> Iterator[Mistake]:
    for tier, day in itertools.product(Tier, (*DAYS, HOLIDAY)):
        there = [window for window in _of_tier(hours, tier) if day in window.days]
        for pair in _overlaps(there):
            earlier, later = sorted(_index(hours, window) for window in pair)
            what, other = hours[later], hours[earlier]
            halls = f" in {tier} halls" if what.tiers or other.tiers else ""
            yield Mistake(
                line_of(text, ("hours", later)),
                f"hours {_words(what)} overlap {_words(other)} of line {line_of(text, ('hours', earlier))}"
                f" on {day}{halls}; {_MEND}",
            )


def _index(hours: tuple[Window, ...], window: Span) -> int:
    """By identity: of two windows that are alike, each is itself."""
    return next(number for number, one in enumerate(hours) if one is window)


def _overlaps(spans: tuple[Span, ...] | list[Window]) -> Iterator[tuple[Span, Span]]:
    in_order = sorted(spans, key=lambda span: (span.start, span.end))
    return ((before, after) for before, after in itertools.pairwise(in_order) if after.start < before.end)


def _words(span: Span) -> str:
    return f"{span.start:%H:%M}-{span.end:%H:%M} ({span.band})"


# --- what holds for one hall ---------------------------------------------------------------------


def _of_tier(hours: tuple[Window, ...], tier: Tier) -> tuple[Window, ...]:
    return tuple(window for window in hours if not window.tiers or tier in window.tiers)


def hours_for(tier: Tier, text: str, hours: tuple[Window, ...]) -> tuple[Window, ...]:
    """Those of a hall of this tier; raises Mistake when none is for it. `text` is what they were read from."""
    if not hours:
        hours = DEFAULT
    mine = _of_tier(hours, tier)
    if not mine:
        mend = "name it in the tiers of one, or leave tiers out"
        raise Mistake(line_of(text, ("hours", 0, "tiers")), f"no [[hours]] is for a hall of tier {tier}; {mend}")
    # What is journalled is this hall's own: for which others it holds is no rule of this one.
    return tuple(replace(window, tiers=()) for window in mine)
