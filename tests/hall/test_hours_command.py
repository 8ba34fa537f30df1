"""hall hours, and what hall check says of the hours: a manager checks a month against the announcement."""

import json
import os
import subprocess
import unicodedata
from pathlib import Path

import pytest

from hall_controller.domain.rules import Tier
from hall_controller.making import make_hall
from tests.support import free_port_row, hall_command, local_ms, start_controller
from tests.support import make_hall as init_hall


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The library is asked once for this file."""
    return {**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """A hall whose clock stands in September 2026."""
    make_hall(
        tmp_path / "hall",
        "BA001",
        Tier.DISTRICT,
        3,
        port=free_port_row(),
        rehearsal=True,
        at_ms=local_ms("2026-09-30 07:00:00"),
    )
    return tmp_path / "hall"


def hours(directory: Path, *words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return hall_command("hours", directory, *words, env=env)


def line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def test_october_2026_at_a_glance(district: Path, cache: dict[str, str]) -> None:
    shown = hours(district, "--month", "2026-10", env=cache)
    assert (shown.returncode, shown.stderr) == (0, ""), "in September nobody knows the next year's days yet"
    out = shown.stdout
    assert out.startswith("BA001 区政务服务大厅 District Public Service Hall, district\nOctober 2026\n")
    assert line(out, "01 Thu").split() == ["01", "Thu", "holiday", "shut", "国庆节", "National", "Day"]
    assert "shut" in line(out, "04 Sun")
    assert line(out, "08 Thu").split() == ["08", "Thu", "workday", "09-12", "14-18", "12-14", "18-20", "11", "4"]
    assert line(out, "10 Sat").split() == ["10", "Sat", "make-up", "09-12", "14-18", "12-14", "18-20", "11", "4"]
    assert "国庆节调休上班 Make-up day for National Day" in out
    assert line(out, "11 Sun").split() == ["11", "Sun", "weekend", "09-18", "9", "9"]
    assert "Open on 24 of 31 days: 252 hours." in out
    assert "Regular 126, extended 126: lunch 36, evening 36, weekend 54." in out
    assert "7 holidays and 1 make-up day." in out
    assert "Weekend days in or beside an announced holiday belong to it (holiday_weekends)." in out
    assert "\x1b" not in out


@pytest.mark.parametrize("month", ["2026-02", "2026-06", "2026-10", "2027-02"])
def test_it_fits_eighty_columns_and_has_a_line_for_each_day(district: Path, cache: dict[str, str], month: str) -> None:
    rows = hours(district, "--month", month, env=cache).stdout.splitlines()
    assert max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in row) for row in rows) <= 80
    numbers = [int(row[:2]) for row in rows if row[:2].isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 28


def test_the_month_as_json_adds_up(district: Path, cache: dict[str, str]) -> None:
    made = json.loads(hours(district, "--month", "2026-02", "--json", env=cache).stdout)
    assert (made["hall"], made["month"], made["country"], made["announced"]) == ("BA001", "2026-02", "CN", True)
    kinds = {day["date"]: day["kind"] for day in made["days"]}
    assert [date for date, kind in kinds.items() if kind == "holiday"] == [f"2026-02-{n}" for n in range(15, 24)]
    assert [day["date"] for day in made["days"] if day["make_up"]] == ["2026-02-14", "2026-02-28"]
    assert made["minutes"] == {"regular": 112 * 60, "lunch": 32 * 60, "evening": 32 * 60, "weekend": 27 * 60}
    for band, minutes in made["minutes"].items():
        assert sum(day["minutes"].get(band, 0) for day in made["days"]) == minutes
    assert made["days_open"] == sum(bool(day["openings"]) for day in made["days"]) == 19
    assert (made["holiday_weekends"], made["beside"]) == ("holiday", []), "the festival begins with its first Sunday"
    assert all(day["confirmed"] for day in made["days"])
    assert made["warnings"] == []


def test_without_a_month_it_is_that_of_the_halls_clock(district: Path, cache: dict[str, str]) -> None:
    assert json.loads(hours(district, "--json", env=cache).stdout)["month"] == "2026-09"


def test_a_year_that_is_not_announced_is_warned_of(district: Path, cache: dict[str, str]) -> None:
    shown = hours(district, "--month", "2099-02", env=cache)
    assert shown.returncode == 0
    for part in ("hall: the days off of 2099", "only the dates of the holidays", "[[special]] of hours.toml", "newer"):
        assert part in shown.stderr
    assert shown.stderr.count("\n") == 1
    assert "The days off of 2099 are not known yet" in shown.stdout, "it is on the printed page, too"


def test_the_local_table_wins_and_is_marked(district: Path, cache: dict[str, str]) -> None:
    special = (
        '\n[[special]]\ndate = 2026-10-11\nkind = "workday"\nname_zh = "加班"\nname_en = "Extra day"\n'
        '[[special]]\ndate = 2026-10-02\nkind = "holiday"\nhours = [{start = 09:30:00, end = 12:00:00}]\n'
        "[[special]]\ndate = 2026-10-12\nkind = 'workday'\nhours = []\n"
    )
    with (district / "hours.toml").open("a", encoding="utf-8") as file:
        file.write(special)
    out = hours(district, "--month", "2026-10", env=cache).stdout
    assert line(out, "11 Sun").split() == ["11", "Sun", "make-up*", "09-12", "14-18", "12-14", "18-20", "11", "4"]
    assert "加班 Extra day" in out
    assert line(out, "02 Fri").split() == ["02", "Fri", "holiday*", "09:30-12", "2:30", "2:30"]
    assert line(out, "12 Mon").split() == ["12", "Mon", "workday*", "shut"]
    assert "* as [[special]] says" in out


def test_it_works_while_the_hall_runs_and_tells_of_hours_that_wait_for_its_next_start(
    tmp_path: Path, cache: dict[str, str]
) -> None:
    directory = init_hall(tmp_path, tier="community", real_hours=True)  # without public holidays
    with start_controller(directory):
        shown = hours(directory, env=cache)
        assert (shown.returncode, shown.stderr) == (0, "")
        file = directory / "hours.toml"
        file.write_text(file.read_text("utf-8").replace("end = 20:00:00", "end = 21:00:00"), "utf-8")
        shown = hours(directory, env=cache)
        assert "the hall still has other hours for" in shown.stderr
        assert "start it again" in shown.stderr
        assert "18-21" in shown.stdout


@pytest.mark.parametrize("month", ["2026-9", "2026-13", "october", "2026-10-01", ""])
def test_a_month_that_is_none(district: Path, cache: dict[str, str], month: str) -> None:
    shown = hours(district, "--month", month, env=cache)
    assert shown.returncode == 2
    assert shown.stderr == f"hall: --month {month!r} is no month; write e.g. --month 2026-10\n"


def test_wrong_hours_are_named_by_hours_and_check_and_stop_the_controller(
    district: Path, cache: dict[str, str]
) -> None:
    file = district / "hours.toml"
    text = file.read_text("utf-8")
    number = text[: text.index("end = 20:00:00")].count("\n") + 1
    file.write_text(text.replace("end = 20:00:00", "end = 17:00:00"), "utf-8")
    said = f"{file}, line {number}: hours end 17:00:00 is not after start 18:00:00; swap them"
    shown = hours(district, env=cache)
    assert (shown.returncode, shown.stderr) == (2, f"hall: {said}\n")
    checked = hall_command("check", district, env=cache)
    assert checked.returncode == 1
    assert f"MEND  settings: {said}" in checked.stdout
    stopped = hall_command("controller", district, env=cache)
    assert stopped.returncode == 2
    assert said in stopped.stderr


def test_an_unknown_country_is_named_with_its_line(district: Path, cache: dict[str, str]) -> None:
    file = district / "hours.toml"
    text = file.read_text("utf-8").replace('country = "CN"', 'country = "XX"')
    file.write_text(text, "utf-8")
    number = text[: text.index("country = ")].count("\n") + 1
    shown = hours(district, env=cache)
    assert shown.returncode == 2
    assert f"hours.toml, line {number}: the library of public holidays has no country 'XX'; write" in shown.stderr
    assert f"MEND  hours: {file}, line {number}: " in hall_command("check", district, env=cache).stdout


@pytest.mark.parametrize(("clock", "day"), [("07:00:00", "02"), ("19:00:00", "02"), ("21:00:00", "03")])
def test_check_warns_as_hours_does_and_names_no_opening_that_is_over(
    tmp_path: Path, cache: dict[str, str], clock: str, day: str
) -> None:
    late = tmp_path / "late"
    port = free_port_row()
    make_hall(late, "BA001", Tier.STREET, 1, port=port, rehearsal=True, at_ms=local_ms(f"2099-03-02 {clock}"))
    out = hall_command("check", late, env=cache).stdout
    assert f"OK    hours: the next day it opens is 2099-03-{day}" in out
    assert "NOTE  hours: the days off of 2099 are not in the library" in out
    (warned,) = hours(late, env=cache).stderr.splitlines()
    assert warned.removeprefix("hall: ") in out
