"""Public holidays and make-up working days, from the `holidays` library.

The library takes most of a second and 46 MB to load, so no part of the hall imports it: a process of its own does
(`python -m hall_controller.calendar CN 2026 2027`), and what it says is kept in a cache file.
"""

import datetime as dt
import importlib.metadata
import itertools
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from hall_controller.domain.rules import DayKind, SpecialDay

if TYPE_CHECKING:
    from holidays import HolidayBase

LIBRARY = "holidays"
FORMAT = 2
"""Of what is kept: one more whenever the same library would be understood otherwise."""
LIMIT_S = 60
EXIT_UNKNOWN_COUNTRY = 3
ZH, EN = "zh_CN", "en_US"
ANNOUNCED = "special_public_holidays"
"""The library's table of what a government announced, by year; China's days off are known no further than it goes."""
ANNOUNCING = ("CN",)

log = logging.getLogger(__name__)


class UnknownCountry(Exception):
    """The library has no such country."""


class Holidays(msgspec.Struct, frozen=True):
    """What is known of some years."""

    days: dict[str, SpecialDay] = {}
    """Holidays and make-up working days, by date."""
    weekends: dict[str, SpecialDay] = {}
    """Free weekend days within a run of holidays, and at its edges where whole runs are announced; as holidays."""
    announced: tuple[int, ...] = ()
    """The years that are known in full: of the others only what the calendar itself gives, and no make-up day."""
    version: str = ""
    trouble: str = ""
    """Why nothing is known, and the mend."""


class _Failed(Exception):
    pass


# --- for the hall: from the cache, else from a process of its own ---------------------------------


def holidays_of(country: str, year: int) -> Holidays:
    """Of this country in this year and the next; none for the country "". Raises UnknownCountry."""
    years = tuple(range(year, min(year + 1, dt.MAXYEAR) + 1))
    if not country:
        return Holidays(announced=years)
    try:
        return _known(importlib.metadata.version(LIBRARY), country, years)
    except importlib.metadata.PackageNotFoundError:
        why = f"the Python package {LIBRARY} is not installed; install it"
    except _Failed as error:
        why = f"the Python package {LIBRARY} fails: {error}; install it again"
    return Holidays(trouble=f"no public holiday of {country} is known: {why}, or name the days in [[special]]")


@lru_cache(maxsize=32)
def _known(version: str, country: str, years: tuple[int, ...]) -> Holidays:
    """Raises UnknownCountry, _Failed; neither is remembered."""
    name = f"holidays-{FORMAT}-{version}-{country}-{'-'.join(map(str, years))}.json"
    try:
        kept = msgspec.json.decode((cache_directory() / name).read_bytes(), type=Holidays)
    except (OSError, RuntimeError, msgspec.DecodeError):
        kept = Holidays()
    if kept.version == version:
        return kept
    found = _ask(country, years)
    try:
        _keep(cache_directory() / name, msgspec.json.encode(found))
    except (OSError, RuntimeError) as error:
        log.warning("the public holidays cannot be kept for the next start, which takes a second longer: %s", error)
    return found


def cache_directory() -> Path:
    """Where systemd says, else the user's own. Raises RuntimeError for a user without a home."""
    given = os.environ.get("CACHE_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given)
    own = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(own) if own else Path.home() / ".cache") / "hall"


def _keep(file: Path, body: bytes) -> None:
    """Whole or not at all, whoever else writes it. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as fresh:
        part = Path(fresh.name)
        try:
            fresh.write(body)
            fresh.close()
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def _ask(country: str, years: tuple[int, ...]) -> Holidays:
    """Raises UnknownCountry, _Failed."""
    command = [sys.executable, "-m", __name__, country, *map(str, years)]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT_S, check=False)
        if done.returncode == EXIT_UNKNOWN_COUNTRY:
            raise UnknownCountry(country)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _Failed(said[-1] if said else f"exit code {done.returncode}")
        return msgspec.json.decode(done.stdout, type=Holidays)
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        raise _Failed(error) from None


# --- in that process: what the library says, as the hall understands it ---------------------------


class _Off(NamedTuple):
    """A holiday as the library has it; without a name when it was swapped for a working weekend day."""

    name_zh: str
    name_en: str
    swapped_for: dt.date | None = None


def compute(country: str, years: Iterable[int]) -> Holidays:
    """Loads the library. Raises UnknownCountry, and whatever the library raises."""
    years = sorted(years)
    # A run of holidays and a make-up day may reach over New Year.
    around = sorted({near for year in years for near in (year - 1, year, year + 1) if dt.MINYEAR <= near <= dt.MAXYEAR})
    off: dict[dt.date, _Off] = {}
    worked: set[dt.date] = set()
    announced: list[int] = []
    for year in around:
        known = _is_announced(country, year)
        if known:
            announced.append(year)
        in_zh, in_en = (_library(country, year, language, observed=known) for language in (ZH, EN))
        worked |= in_zh.weekend_workdays
        for date in in_zh:
            if date.year == year and not in_zh.is_working_day(date):
                off[date] = _off(in_zh, in_en, date)
    named = _name_runs(off, worked)
    days = {date: SpecialDay(kind=DayKind.HOLIDAY, name_zh=zh, name_en=en) for date, (zh, en) in named.items()}
    whole_runs = announced if country in ANNOUNCING else []
    weekends = {date: days[date] for date in named.keys() - off.keys()}
    weekends |= {date: days[run_day] for date, run_day in _edges(named, worked).items() if date.year in whole_runs}
    reasons = {entry.swapped_for: named[date] for date, entry in off.items() if entry.swapped_for}
    for date in worked - days.keys():
        zh, en = reasons.get(date, ("", ""))
        name_en = f"Make-up day for {en}" if en else "Make-up working day"
        days[date] = SpecialDay(kind=DayKind.WORKDAY, name_zh=f"{zh}调休上班", name_en=name_en)
    return Holidays(
        days={date.isoformat(): days[date] for date in sorted(days) if date.year in years},
        weekends={date.isoformat(): weekends[date] for date in sorted(weekends) if date.year in years},
        announced=tuple(year for year in announced if year in years),
        version=importlib.metadata.version(LIBRARY),
    )


def _library(country: str, year: int, language: str, *, observed: bool = True) -> "HolidayBase":
    from holidays import country_holidays

    try:
        return country_holidays(country, years=year, language=language, observed=observed, expand=False)
    except NotImplementedError:
        raise UnknownCountry(country) from None


def _is_announced(country: str, year: int) -> bool:
    """Where the government announces each year's days, only those years are known in full."""
    return country not in ANNOUNCING or year in getattr(_library(country, year, EN), ANNOUNCED, {})


def _off(in_zh: "HolidayBase", in_en: "HolidayBase", date: dt.date) -> _Off:
    (zh, swapped_for), (en, _) = _plain_name(in_zh, date), _plain_name(in_en, date)
    return _Off(zh, en, swapped_for)


def _plain_name(days: "HolidayBase", date: dt.date) -> tuple[str, dt.date | None]:
    """The name without what the library adds: (observed), (estimated), or the day that is worked instead."""
    names: list[str] = []
    swapped_for = None
    for name in days.get_list(date):
        plain = name
        for label in ("observed_estimated_label", "observed_label", "estimated_label"):
            plain = _within(days, label, plain) or plain
        swapped = _within(days, "substituted_label", plain)
        if swapped:
            form = days.tr(days.substituted_date_format)
            swapped_for = dt.datetime.strptime(swapped, form).date()  # noqa: DTZ007 - a date
        elif plain not in names:
            names.append(plain)
    return "; ".join(names), swapped_for


def _within(days: "HolidayBase", label: str, name: str) -> str:
    """What stands for the `%s` of one of the library's labels; empty when the name is not made by it."""
    form = getattr(days, label, None)
    if not form:
        return ""
    before, _, after = days.tr(form).partition("%s")
    match = re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", name)
    return match[1] if match else ""


def _name_runs(off: dict[dt.date, _Off], worked: set[dt.date]) -> dict[dt.date, tuple[str, str]]:
    """Names for all, and the weekend days between two holidays of one run: those are holidays too.

    A day without a name has that of the one before it in its run, else of the next: what people call the whole run.
    """
    named: dict[dt.date, tuple[str, str]] = {}
    for run in _runs(sorted(off), worked):
        names = [(date, off[date][:2]) for date in run if date in off and off[date].name_zh]
        for date in run:
            before = [name for at, name in names if at <= date]
            named[date] = before[-1] if before else names[0][1] if names else ("", "")
    return named


def _edges(named: Iterable[dt.date], worked: set[dt.date]) -> dict[dt.date, dt.date]:
    """Free weekend days right before or after a run of holidays, with the day of the run that they touch."""
    holidays, found = set(named), dict[dt.date, dt.date]()
    for date, step in itertools.product(sorted(holidays), (-1, 1)):
        near = date + dt.timedelta(days=step)
        while near.weekday() >= 5 and near not in holidays and near not in worked:
            found.setdefault(near, date)
            near += dt.timedelta(days=step)
    return found


def _runs(dates: list[dt.date], worked: set[dt.date]) -> Iterator[list[dt.date]]:
    """Holidays that follow on each other, with nothing between them but free weekend days; those included."""
    run: list[dt.date] = []
    for date in dates:
        gap = _days_between(run[-1], date) if run else []
        if any(day.weekday() < 5 or day in worked for day in gap):
            yield run
            run, gap = [], []
        run += [*gap, date]
    if run:
        yield run


def _days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    days = (first + dt.timedelta(days=ahead) for ahead in itertools.count(1))
    return list(itertools.takewhile(lambda day: day < last, days))


def main(words: list[str]) -> int:
    """COUNTRY YEAR …; prints Holidays as JSON. Returns the exit code."""
    try:
        found = compute(words[0], map(int, words[1:]))
    except UnknownCountry:
        return EXIT_UNKNOWN_COUNTRY
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
