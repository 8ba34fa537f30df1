"""Public holidays: what the library says, as the hall understands it, and the cache that keeps it."""

import datetime as dt
import importlib.metadata
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hall_controller import calendar
from hall_controller.calendar import Holidays, UnknownCountry, cache_directory, compute, holidays_of
from hall_controller.domain.rules import DayKind

VERSION = importlib.metadata.version("holidays")


@pytest.fixture(scope="module")
def china() -> Holidays:
    return compute("CN", [2026, 2027])


def dates(known: Holidays, kind: DayKind, prefix: str) -> list[str]:
    return [date for date, day in known.days.items() if day.kind is kind and date.startswith(prefix)]


def names(known: Holidays, *days: str) -> set[tuple[str, str]]:
    return {(known.days[day].name_zh, known.days[day].name_en) for day in days}


# --- what the State Council announced for 2026, and what the calendar alone gives ------------------


def test_the_national_day_of_2026_is_seven_days_and_two_are_made_up_for(china: Holidays) -> None:
    week = [f"2026-10-0{number}" for number in range(1, 8)]
    assert dates(china, DayKind.HOLIDAY, "2026-10") == week, "the free Sunday in the middle is one of them"
    assert names(china, *week) == {("国庆节", "National Day")}
    assert dates(china, DayKind.WORKDAY, "2026-10") == ["2026-10-10"]
    assert dates(china, DayKind.WORKDAY, "2026-09") == ["2026-09-20"]
    assert names(china, "2026-10-10", "2026-09-20") == {("国庆节调休上班", "Make-up day for National Day")}


def test_the_spring_festival_of_2026(china: Holidays) -> None:
    assert dates(china, DayKind.HOLIDAY, "2026-02") == [f"2026-02-{number}" for number in range(16, 24)]
    assert dates(china, DayKind.WORKDAY, "2026-02") == ["2026-02-14", "2026-02-28"]
    assert names(china, "2026-02-16") == {("农历除夕", "Chinese New Year's Eve")}
    assert names(china, "2026-02-17", "2026-02-21", "2026-02-23") == {("春节", "Chinese New Year (Spring Festival)")}


def test_all_make_up_days_of_2026_and_no_day_of_another_year(china: Holidays) -> None:
    expected = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert dates(china, DayKind.WORKDAY, "2026") == expected
    assert {date[:4] for date in china.days} == {"2026", "2027"}


def test_a_year_that_is_not_announced_has_the_holidays_themselves_alone() -> None:
    known = compute("CN", [2099])
    assert known.announced == ()
    assert dates(known, DayKind.WORKDAY, "") == []
    assert dates(known, DayKind.HOLIDAY, "2099-05") == ["2099-05-01", "2099-05-02"], "a weekend: no day off instead"
    assert all("补假" not in day.name_zh and "observed" not in day.name_en for day in known.days.values())


def test_announced_years_are_told_apart() -> None:
    assert compute("CN", [2025, 2026]).announced == (2025, 2026)
    assert compute("DE", [2099, 2100]).announced == (2099, 2100), "a country that announces nothing is known in full"


def test_a_holiday_and_its_make_up_day_on_two_sides_of_new_year() -> None:
    """New Year's Day of 2007 was three days, for which the last weekend of 2006 was worked."""
    assert dates(compute("CN", [2006]), DayKind.WORKDAY, "2006-12") == ["2006-12-30", "2006-12-31"]
    assert dates(compute("CN", [2007]), DayKind.HOLIDAY, "2007-01") == ["2007-01-01", "2007-01-02", "2007-01-03"]


def test_a_weekend_within_a_run_belongs_to_it_and_one_beside_it_does_not(china: Holidays) -> None:
    assert names(china, "2026-05-03") == {("劳动节", "Labor Day")}
    assert "2026-09-26" not in china.days


def test_free_weekend_days_in_and_at_the_edge_of_an_announced_holiday_are_told_apart(china: Holidays) -> None:
    assert sorted(date for date in china.weekends if date.startswith("2026")) == [
        "2026-01-03", "2026-02-15", "2026-02-21", "2026-02-22", "2026-04-04", "2026-05-03",
        "2026-06-20", "2026-06-21", "2026-09-26", "2026-09-27", "2026-10-04",
    ]  # fmt: skip
    assert {date[:4] for date in china.weekends} <= {"2026", "2027"}
    assert china.weekends["2026-09-26"].name_zh == "中秋节"
    assert all(dt.date.fromisoformat(date).weekday() >= 5 for date in china.weekends)
    worked = {date for date, day in china.days.items() if day.kind is DayKind.WORKDAY}
    assert not worked & china.weekends.keys(), "a make-up day is no day off"


def test_what_nobody_has_announced_takes_no_weekend_with_it() -> None:
    assert compute("CN", [2099]).weekends == {}
    germany = compute("DE", [2026])
    assert "2026-04-04" in germany.weekends, "between Good Friday and Easter Monday"
    assert "2026-05-02" not in germany.weekends, "only next to a holiday: nobody has announced a run"


def test_a_country_without_these_languages_has_names_all_the_same() -> None:
    known = compute("FR", [2027])
    assert known.days["2027-07-14"].name_zh
    assert known.days["2027-07-14"].name_en


# --- the process and its cache -------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calendar._known.cache_clear()
    yield tmp_path / "hall"
    calendar._known.cache_clear()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was asked of a process of its own, which answers with one day."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        known = Holidays(announced=(2026, 2027), version=VERSION)
        return subprocess.CompletedProcess(command, 0, msgspec.json.encode(known), b"")

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def again() -> Holidays:
    """As the next start of the hall."""
    calendar._known.cache_clear()
    return holidays_of("CN", 2026)


def test_what_the_process_says_is_what_the_library_says(cache: Path, china: Holidays) -> None:
    assert holidays_of("CN", 2026) == china
    assert again() == china


def test_the_hall_itself_never_loads_the_library(cache: Path) -> None:
    ask = (
        "import sys; from hall_controller.calendar import holidays_of;"
        "assert holidays_of('CN', 2026).days; sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0


def test_it_is_asked_once_for_all_starts(cache: Path, asked: list[list[str]]) -> None:
    assert [again() == again() for _ in range(3)] == [True] * 3
    assert [command[-3:] for command in asked] == [["CN", "2026", "2027"]]
    assert [file.name for file in cache.iterdir()] == [f"holidays-{calendar.FORMAT}-{VERSION}-CN-2026-2027.json"]
    holidays_of("CN", 2027)
    assert len(asked) == 2, "another year is another question"


def test_a_newer_library_is_asked_afresh(cache: Path, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    holidays_of("CN", 2026)
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "999")
    holidays_of("CN", 2026)
    assert len(asked) == 2


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"\xff", b'{"version": 3}', b'{"days": {"x": 1}}'])
def test_a_corrupt_cache_is_made_anew(cache: Path, asked: list[list[str]], body: bytes) -> None:
    first = again()
    (file,) = cache.iterdir()
    good = file.read_bytes()
    file.write_bytes(body)
    assert again() == first
    assert len(asked) == 2
    assert file.read_bytes() == good


def test_a_cache_that_cannot_be_written_costs_a_second_and_one_line(
    cache: Path, asked: list[list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("not a directory")
    with caplog.at_level(logging.WARNING):
        assert holidays_of("CN", 2026) == holidays_of("CN", 2026)
    assert len(asked) == 1
    (record,) = caplog.records
    assert "cannot be kept for the next start" in record.message


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_DIRECTORY", "/var/cache/hall:/var/cache/other")
    assert cache_directory() == Path("/var/cache/hall")
    monkeypatch.delenv("CACHE_DIRECTORY")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_directory() == Path("/x/hall")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/clerk")
    assert cache_directory() == Path("/home/clerk/.cache/hall")


# --- when it fails -------------------------------------------------------------------------------


def test_no_country_has_no_holidays_and_lacks_none(cache: Path) -> None:
    assert holidays_of("", 2026) == Holidays(announced=(2026, 2027))
    assert not cache.exists()


def test_an_unknown_country(cache: Path) -> None:
    with pytest.raises(UnknownCountry):
        holidays_of("XX", 2026)
    assert not cache.exists()


def test_a_library_that_is_not_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    known = holidays_of("CN", 2026)
    assert (known.days, known.announced) == ({}, ())
    assert "no public holiday of CN is known: the Python package holidays is not installed; install it" in known.trouble


FAILURES: dict[str, Callable[[list[str]], subprocess.CompletedProcess[bytes]]] = {
    "exit": lambda command: subprocess.CompletedProcess(command, 1, b"", b"Traceback\nImportError: no lunar calendar"),
    "killed": lambda command: subprocess.CompletedProcess(command, -9, b"", b""),
    "babble": lambda command: subprocess.CompletedProcess(command, 0, b"hello", b""),
}


@pytest.mark.parametrize("how", FAILURES)
def test_a_library_that_fails_is_asked_again_the_next_time(
    cache: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append(command)
        return FAILURES[how](command)

    monkeypatch.setattr(subprocess, "run", run)
    assert "the Python package holidays fails: " in holidays_of("CN", 2026).trouble
    assert holidays_of("CN", 2026).days == {}
    assert len(asked) == 2
    assert not cache.exists()


@pytest.mark.parametrize("year", [dt.MINYEAR, 1949, 2500, dt.MAXYEAR])
def test_years_that_no_library_knows(year: int) -> None:
    known = compute("CN", [year])
    assert known.announced == ()
    assert not known.trouble
