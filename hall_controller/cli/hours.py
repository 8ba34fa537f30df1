"""hall hours: a month as the hall understands it, for a person to check."""

import calendar
import contextlib
import datetime as dt
import os
import re
import sqlite3
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import click
import msgspec

from hall_controller.checking import today_in
from hall_controller.checking_bookings import bookings_of
from hall_controller.config import ConfigTrouble, HallConfig, load_config
from hall_controller.config_hours import HolidayWeekends
from hall_controller.domain.hours import day_kind, is_confirmed, openings, windows
from hall_controller.domain.plain_text import visible
from hall_controller.domain.rules import DAYS, WEEKEND, Band, DayKind, Rules, Span
from hall_controller.journal.journal import Journal, JournalTrouble
from hall_controller.part import Trouble
from hall_controller.streams import echo_styled

HALL_DIR = click.Path(exists=True, file_okay=False, path_type=Path)


class Day(msgspec.Struct, kw_only=True):
    date: dt.date
    weekday: str
    kind: DayKind
    make_up: bool
    """A working day at the weekend."""
    local: bool
    """From a [[special]] of hours.toml or hall.toml."""
    name_zh: str
    name_en: str
    confirmed: bool
    """The days off of its year are known, or this very day is."""
    openings: list[list[Span]]
    """Stretches that touch are one opening."""
    minutes: dict[Band, int]

    @property
    def total(self) -> int:
        return sum(self.minutes.values())

    @property
    def extended(self) -> int:
        return self.total - self.minutes.get(Band.REGULAR, 0)


class Month(msgspec.Struct, kw_only=True):
    hall: str
    tier: str
    name_zh: str
    name_en: str
    month: str
    country: str
    announced: bool
    """The days off of the year are known; otherwise only the dates of the holidays themselves."""
    holiday_weekends: str
    """What the free weekend days of an announced holiday are: `holiday` or `weekend`."""
    days: list[Day]
    days_open: int
    minutes: dict[Band, int]
    """By band, of the whole month."""
    beside: list[dt.date]
    """Weekend days next to a public holiday: an announcement may count them into it."""
    warnings: list[str]


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.option("--month", metavar="YYYY-MM", help="By default the present month, by the hall's clock.")
@click.option("--json", "as_json", is_flag=True)
def hours(directory: Path, month: str | None, as_json: bool) -> None:
    """Show a month's hours as the hall understands them: check them against the public announcement."""
    try:
        config = load_config(directory)
        today = today_in(directory, config)
        first = _first(month, today)
        made = make_month(config, first, today)
    except ConfigTrouble as error:
        raise Trouble(str(error)) from None
    if sentence := _not_yet(directory, config, made):
        made.warnings.append(sentence)
    booked = bookings_of(directory, config)
    if booked is not None and booked.stranded:
        made.warnings.append(booked.sentence)
    if as_json:
        click.echo(msgspec.json.encode(made).decode())
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        echo_styled("\n".join(render(visible(made), bold=colour)))
    sys.stdout.flush()
    for warning in made.warnings:
        click.echo(f"hall: {warning}", err=True)


def _first(month: str | None, today: dt.date) -> dt.date:
    if month is None:
        return today.replace(day=1)
    try:
        if re.fullmatch(r"\d{4}-\d{2}", month):
            return dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        pass
    raise Trouble(f"--month {month!r} is no month; write e.g. --month 2026-10")


def _not_yet(directory: Path, config: HallConfig, made: Month) -> str:
    """A sentence when the hall itself goes by other hours, as they were when it was started."""
    with contextlib.suppress(JournalTrouble, sqlite3.Error), Journal(directory, read_only=True) as journal:
        hall = journal.load()
        if hall.rules is not None and hall.service_day:
            year = int(hall.service_day[:4])
            rules, old = config.rules(dt.date(year, 1, 1)), hall.rules
            dates = [day.date for day in made.days if day.date.year in (year, year + 1)]
            other = [date for date in dates if _spans(windows(rules, date)) != _spans(windows(old, date))]
            if other:
                return f"the hall still has other hours for {other[0]}; start it again, and it goes by these"
    return ""


def _spans(spans: list[Span]) -> list[tuple[dt.time, dt.time, Band]]:
    return [(span.start, span.end, span.band) for span in spans]


# --- what the month is ---------------------------------------------------------------------------


def make_month(config: HallConfig, first: dt.date, today: dt.date) -> Month:
    """Raises ConfigTrouble."""
    rules = config.rules(first)
    local = {special.date for special in config.special}
    count = calendar.monthrange(first.year, first.month)[1]
    dates = [first.replace(day=number) for number in range(1, count + 1)]
    days = [_day(rules, date, local) for date in dates]
    total: Counter[Band] = Counter()
    for day in days:
        total.update(day.minutes)
    return Month(
        hall=rules.hall,
        tier=rules.tier,
        name_zh=rules.name_zh,
        name_en=rules.name_en,
        month=first.isoformat()[:7],
        country=config.country,
        announced=first.year in (*config.holidays(first.year).announced, *config.confirmed_years),
        holiday_weekends=config.holiday_weekends,
        days=days,
        days_open=sum(bool(day.openings) for day in days),
        minutes={band: total[band] for band in Band if total[band]},
        beside=[date for date in dates if date not in local and _is_beside(rules, date)],
        warnings=config.gaps(first.year, today),
    )


def _day(rules: Rules, date: dt.date, local: set[dt.date]) -> Day:
    kind = day_kind(rules, date)
    special = rules.calendar.get(date.isoformat())
    spans = iter(windows(rules, date))
    minutes: Counter[Band] = Counter()
    opened = []
    for opening in openings(rules, date):
        # Openings are the windows joined: as many of them as the opening has stretches.
        opened.append([_plain(next(spans)) for _ in opening.stretches])
        for stretch in opening.stretches:
            minutes[stretch.band] += (stretch.end_ms - stretch.start_ms) // 60_000
    return Day(
        date=date,
        weekday=DAYS[date.weekday()],
        kind=kind,
        make_up=kind is DayKind.WORKDAY and DAYS[date.weekday()] in WEEKEND,
        local=date in local,
        name_zh=special.name_zh if special else "",
        name_en=special.name_en if special else "",
        confirmed=is_confirmed(rules, date),
        openings=opened,
        minutes=dict(minutes),
    )


def _plain(span: Span) -> Span:
    return Span(start=span.start, end=span.end, band=span.band)


def _is_beside(rules: Rules, date: dt.date) -> bool:
    """A weekend day with nothing but weekend days between it and a holiday."""
    if day_kind(rules, date) is not DayKind.WEEKEND:
        return False
    for step in (dt.timedelta(days=-1), dt.timedelta(days=1)):
        near = date
        with contextlib.suppress(OverflowError):
            while day_kind(rules, near) is DayKind.WEEKEND:
                near += step
            if day_kind(rules, near) is DayKind.HOLIDAY:
                return True
    return False


# --- as a page of text ---------------------------------------------------------------------------


def render(month: Month, *, bold: bool = False) -> list[str]:
    """Lines of at most 80 columns: a column for each band, so that a day that differs stands out."""
    bands = list(month.minutes)
    cells = {day.date: {band: _stretches(day, band) for band in bands} for day in month.days}
    widths = {band: max(len(band), *(len(row[band]) for row in cells.values())) for band in bands}
    heads = "  ".join(f"{band:<{widths[band]}}" for band in bands)
    names = " ".join(filter(None, (month.name_zh, month.name_en)))
    first = month.days[0].date
    lines = [f"{month.hall} {names}, {month.tier}", f"{first:%B %Y}", ""]
    lines.append(f"{'':<18}{heads}  {'hours':>6}  {'extended':>8}".rstrip())
    for day in month.days:
        if day.weekday == DAYS[0] and day.date != first:
            lines.append("")
        rows = _rows(day, cells[day.date], widths)
        ordinary = day.kind is (DayKind.WEEKEND if day.weekday in WEEKEND else DayKind.WORKDAY)
        lines += [click.style(row, bold=True) if bold and not ordinary else row for row in rows]
    return [*lines, "", *_summary(month)]


def _rows(day: Day, cells: dict[Band, str], widths: dict[Band, int]) -> list[str]:
    kind = "make-up" if day.make_up else str(day.kind)
    head = f"{day.date:%d %a}  {kind + ('*' if day.local else ''):<10}"
    name = " ".join(filter(None, (day.name_zh, day.name_en)))
    if not day.openings:
        return [_cut(f"{head}shut{'  ' + name if name else ''}")]
    times = "  ".join(f"{cells[band]:<{width}}" for band, width in widths.items())
    row = f"{head}{times}  {_hours(day.total):>6}  {_hours(day.extended) if day.extended else '-':>8}"
    return [row, _cut(f"{'':<8}{name}")] if name else [row]


def _stretches(day: Day, band: Band) -> str:
    spans = [span for opening in day.openings for span in opening if span.band is band]
    return " ".join(f"{_time(span.start)}-{_time(span.end)}" for span in spans)


def _time(time: dt.time) -> str:
    """09, 09:30: a column of full hours reads at a glance."""
    if time.second:
        return f"{time:%H:%M:%S}"
    return f"{time:%H:%M}" if time.minute else f"{time:%H}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)


def _summary(month: Month) -> list[str]:
    total, regular = sum(month.minutes.values()), month.minutes.get(Band.REGULAR, 0)
    extended = [f"{band} {_hours(minutes)}" for band, minutes in month.minutes.items() if band is not Band.REGULAR]
    named = f": {', '.join(extended)}" if extended else ""
    lines = [
        f"Open on {month.days_open} of {len(month.days)} days: {_hours(total)} hours.",
        f"Regular {_hours(regular)}, extended {_hours(total - regular)}{named}.",
    ]
    kinds = Counter("make-up day" if day.make_up else str(day.kind) for day in month.days)
    special = [f"{kinds[kind]} {kind}{'s' * (kinds[kind] > 1)}" for kind in ("holiday", "make-up day") if kinds[kind]]
    lines.append(f"{' and '.join(special) or 'No holiday and no make-up day'}.")
    if not month.announced:
        lines.append(f"The days off of {month.month[:4]} are not known yet: check them against the announcement.")
        lines.append("Until then no opening of that year is certain, and every screen says so.")
    if any(day.local for day in month.days):
        lines.append("* as [[special]] says, in hours.toml or hall.toml.")
    if month.country and kinds["holiday"]:
        is_holiday = month.holiday_weekends == HolidayWeekends.HOLIDAY
        told = "belong to it" if is_holiday else "have weekend hours"
        lines.append(f"Weekend days in or beside an announced holiday {told} (holiday_weekends).")
    if month.beside:
        days = ", ".join(f"{date:%a %d}" for date in month.beside)
        lines += [
            f"{days}: next to a holiday, with weekend hours.",
            "If the hall shuts then, say so in [[special]] of hours.toml.",
        ]
    return lines


def _cut(text: str, width: int = 80) -> str:
    """To so many columns; a Chinese character takes two."""
    taken = 0
    for number, character in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if taken > width:
            return f"{text[: number - 1]}…"
    return text
