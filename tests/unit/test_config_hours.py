"""hours.toml: what holds for which hall, and every mistake named by file, line and mend."""

import datetime as dt
import importlib.resources
import re
from pathlib import Path

import pytest

from hall_controller.calendar import Holidays
from hall_controller.checking import weekends_told
from hall_controller.config import ConfigTrouble, HallConfig, load_config
from hall_controller.config_hours import DEFAULT
from hall_controller.domain.hours import day_kind, windows
from hall_controller.domain.rules import DEFAULT_HOURS, Band, DayKind, SpecialDay, Tier, Window
from hall_controller.making import make_hall

SHIPPED = (importlib.resources.files("hall_controller") / "data" / "hours.toml").read_text("utf-8")
NATIONAL_DAY = SpecialDay(kind=DayKind.HOLIDAY, name_zh="国庆节", name_en="National Day")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[Tier, Path]:
    where = tmp_path_factory.mktemp("made")
    for tier in Tier:
        make_hall(where / tier, "BA001", tier, 8, port=5701)
    return {tier: where / tier for tier in Tier}


@pytest.fixture
def hall_dir(made: dict[Tier, Path], tmp_path: Path) -> Path:
    """A community hall."""
    (tmp_path / "hall.toml").write_bytes((made[Tier.COMMUNITY] / "hall.toml").read_bytes())
    return tmp_path


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that knows one holiday, and takes no second to say so."""
    known = Holidays(days={"2026-10-01": NATIONAL_DAY}, announced=(2026,), version="1.0")
    monkeypatch.setattr("hall_controller.config.holidays_of", lambda country, _: known if country else Holidays())


def write(directory: Path, hours: str, own: str = "") -> HallConfig:
    """Another hours.toml, and tables of the hall's own at the end of hall.toml."""
    (directory / "hours.toml").write_text(hours, "utf-8")
    with (directory / "hall.toml").open("a", encoding="utf-8") as file:
        file.write(own)
    return load_config(directory)


def spans(config: HallConfig, day: str) -> list[tuple[str, str]]:
    """`09-12` and its band."""
    date = dt.date.fromisoformat(day)
    found = windows(config.rules(date), date)
    return [(f"{span.start:%H:%M}-{span.end:%H:%M}", str(span.band)) for span in found]


WEEKDAY = [("09:00-12:00", "regular"), ("14:00-18:00", "regular"), ("18:00-20:00", "evening")]
LUNCH = [*WEEKDAY[:1], ("12:00-14:00", "lunch"), *WEEKDAY[1:]]


@pytest.mark.parametrize("tier", Tier)
def test_the_file_that_hall_init_writes_is_the_same_for_all_and_gives_lunch_to_the_district(
    made: dict[Tier, Path], tier: Tier
) -> None:
    assert (made[tier] / "hours.toml").read_text("utf-8") == SHIPPED
    config = load_config(made[tier])
    assert spans(config, "2026-11-25") == (LUNCH if tier is Tier.DISTRICT else WEEKDAY)
    assert spans(config, "2026-11-28") == [("09:00-18:00", "weekend")]
    assert spans(config, "2026-10-01") == []
    (made[tier] / "hours.toml").rename(made[tier] / "away")
    try:
        assert load_config(made[tier]).rules() == config.rules(), "a hall without the file goes by the shipped one"
    finally:
        (made[tier] / "away").rename(made[tier] / "hours.toml")
    assert {window.tiers for window in config.hours} == {()}, "of what is journalled, all holds for this hall"
    assert set(DEFAULT[:-1]) == set(DEFAULT_HOURS)


def test_the_commented_examples_are_right(hall_dir: Path) -> None:
    text = re.sub(r"(?m)^# (\[\[|\w+ = )", r"\1", SHIPPED)
    config = write(hall_dir, text)
    assert spans(config, "2026-10-01") == [("09:00-12:00", "holiday")]
    assert spans(config, "2026-10-10") == WEEKDAY, "a make-up Saturday"
    assert spans(config, "2026-12-31") == [("09:00-12:00", "regular")]


OWN = """
[[hours]]
days = ["mon"]
start = 08:30:00
end = 12:00:00
"""
SHUT = """
[[special]]
date = 2026-10-01
kind = "holiday"
hours = []
"""


def test_hours_of_the_halls_own_replace_all_others(hall_dir: Path) -> None:
    config = write(hall_dir, SHIPPED, OWN)
    assert spans(config, "2026-11-23") == [("08:30-12:00", "regular")]
    assert spans(config, "2026-11-28") == []
    (hall_dir / "hours.toml").unlink()
    assert load_config(hall_dir).rules() == config.rules(), "as in a hall.toml of an earlier version"


def test_special_days_of_the_halls_own_are_added_and_win(hall_dir: Path) -> None:
    days = SHUT + SHUT.replace("2026-10-01", "2026-12-31").replace("hours = []", 'name_zh = "盘点"')
    assert spans(write(hall_dir, SHIPPED + days), "2026-10-01") == []
    open_then = SHUT.replace("[]", "[{start = 10:00:00, end = 11:30:00}]")
    config = write(hall_dir, SHIPPED + days, open_then)
    assert spans(config, "2026-10-01") == [("10:00-11:30", "holiday")], "the band of such a day"
    calendar = config.rules(dt.date(2026, 5, 1)).calendar
    assert calendar["2026-10-01"].name_zh == "国庆节", "the name is that of the library"
    assert calendar["2026-12-31"].name_zh == "盘点"


def test_the_country_of_the_hall_wins(hall_dir: Path) -> None:
    assert write(hall_dir, SHIPPED).rules(dt.date(2026, 5, 1)).calendar == {"2026-10-01": NATIONAL_DAY}
    assert not load_config(hall_dir).rules().calendar, "without a day the library is not asked"
    assert not write(hall_dir, 'country = ""').rules(dt.date(2026, 5, 1)).calendar
    file = hall_dir / "hall.toml"
    file.write_text(f'country = "CN"\n{file.read_text("utf-8")}', "utf-8")
    assert load_config(hall_dir).rules(dt.date(2026, 5, 1)).calendar


SUNDAY = "2026-10-04"


@pytest.mark.parametrize(
    ("hours", "own", "kind"),
    [
        ("", "", DayKind.HOLIDAY),
        ('holiday_weekends = "holiday"\n', "", DayKind.HOLIDAY),
        ('holiday_weekends = "weekend"\n', "", DayKind.WEEKEND),
        ('holiday_weekends = "holiday"\n', 'holiday_weekends = "weekend"\n', DayKind.WEEKEND),
    ],
)
def test_weekend_days_of_an_announced_holiday_are_what_the_district_decides(
    hall_dir: Path, monkeypatch: pytest.MonkeyPatch, hours: str, own: str, kind: DayKind
) -> None:
    known = Holidays(days={SUNDAY: NATIONAL_DAY}, weekends={SUNDAY: NATIONAL_DAY}, announced=(2026,), version="1.0")
    monkeypatch.setattr("hall_controller.config.holidays_of", lambda *_: known)
    hall = hall_dir / "hall.toml"
    hall.write_text(own + hall.read_text("utf-8"), "utf-8")
    config = write(hall_dir, hours)
    assert day_kind(config.rules(dt.date(2026, 10, 1)), dt.date.fromisoformat(SUNDAY)) is kind
    assert weekends_told(config).endswith("(holiday_weekends of hours.toml)")


def test_a_word_that_is_none_of_them_is_named(hall_dir: Path) -> None:
    with pytest.raises(ConfigTrouble, match=r"hours.toml, line 1: .*holiday_weekends"):
        write(hall_dir, 'holiday_weekends = "open"\n')


def test_a_year_that_the_district_has_written_down_itself_is_confirmed(hall_dir: Path) -> None:
    config = write(hall_dir, "")
    assert config.rules(dt.date(2026, 12, 1)).confirmed_years == (2026,)
    assert config.gaps(2026, dt.date(2026, 12, 1))
    config = write(hall_dir, "confirmed_years = [2027]\n")
    assert config.rules(dt.date(2026, 12, 1)).confirmed_years == (2026, 2027)
    assert config.gaps(2026, dt.date(2026, 12, 1)) == []
    assert write(hall_dir, 'country = ""\n').rules(dt.date(2026, 12, 1)).confirmed_years is None


def test_while_the_library_fails_what_was_known_before_stays_confirmed(
    hall_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write(hall_dir, "")
    before = config.rules(dt.date(2026, 12, 1))
    monkeypatch.setattr("hall_controller.config.holidays_of", lambda *_: Holidays(trouble="gone"))
    assert config.rules(dt.date(2026, 12, 1), before).confirmed_years == (2026,)
    assert config.rules(dt.date(2026, 12, 1)).confirmed_years == ()


def test_gaps_are_named_in_the_year_itself_and_in_autumn(hall_dir: Path) -> None:
    config = write(hall_dir, SHIPPED + SHUT.replace("2026", "2027"))
    assert config.gaps(2026, dt.date(2026, 9, 30)) == []
    (autumn,) = config.gaps(2026, dt.date(2026, 10, 1))
    assert config.gaps(2027, dt.date(2026, 9, 30)) == [autumn]
    for part in ("of 2027", "holidays 1.0", "the 1 of the local table", "no make-up day", "[[special]]", "newer"):
        assert part in autumn


# --- mistakes ------------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, int, str]] = {
    "overlap": (
        ('[[hours]]\ndays = ["mon", "tue"]\nstart = 09:00:00\nend = 12:00:00\n'
        '[[hours]]\ndays = ["tue"]\nstart = 11:30:00\nend = 14:00:00\nband = "lunch"\n'),
        5,
        "hours 11:30-14:00 (lunch) overlap 09:00-12:00 (regular) of line 1 on tue; let the one begin where the other",
    ),
    "overlap, the earlier one later": (
        ('[[hours]]\ndays = ["tue"]\nstart = 11:00:00\nend = 14:00:00\n\n'
        '# and\n[[hours]]\ndays = ["tue"]\nstart = 09:00:00\nend = 12:00:00\n'),
        7,
        "hours 09:00-12:00 (regular) overlap 11:00-14:00 (regular) of line 1 on tue",
    ),
    "overlap in another tier": (
        ('[[hours]]\ndays = ["mon"]\nstart = 09:00:00\nend = 12:00:00\n'
        '[[hours]]\ntiers = ["district"]\ndays = ["mon"]\nstart = 09:00:00\nend = 12:00:00\n'),
        5,
        "of line 1 on mon in district halls",
    ),
    "end before start": (
        '[[hours]]\ndays = ["mon"]\nstart = 12:00:00\nend = 09:00:00\n',
        4,
        "hours end 09:00:00 is not after start 12:00:00; swap them",
    ),
    "unknown tier": (
        '[[hours]]\ndays = ["mon"]\ntiers = ["street", "city"]\nstart = 09:00:00\nend = 12:00:00\n',
        3,
        'tiers[1] "city" is unknown; use district, street, community',
    ),
    "no tier of this hall": (
        '\n[[hours]]\ntiers = ["street"]\ndays = ["mon"]\nstart = 09:00:00\nend = 12:00:00\n',
        3,
        "no [[hours]] is for a hall of tier community; name it in the tiers of one, or leave tiers out",
    ),
    "unknown band": (
        '[[hours]]\ndays = ["mon"]\nstart = 09:00:00\nend = 12:00:00\nband = "night"\n',
        5,
        'band "night" is unknown; use regular, lunch, evening, weekend, holiday',
    ),
    "weekend on a Monday": (
        '[[hours]]\ndays = ["mon"]\nstart = 09:00:00\nend = 12:00:00\nband = "weekend"\n',
        5,
        "hours band weekend is given for mon; it belongs to sat and sun alone",
    ),
    "a holiday that counts as regular": (
        '[[hours]]\ndays = ["holiday"]\nstart = 09:00:00\nend = 12:00:00\n',
        1,
        "hours band regular is given for holiday; there it is 'holiday'",
    ),
    "unknown day": (
        '[[hours]]\ndays = ["mon", "sunday"]\nstart = 09:00:00\nend = 12:00:00\n',
        2,
        "hours day 'sunday' is unknown; use mon, tue, wed, thu, fri, sat, sun, holiday",
    ),
    "days that are no list": ('[[hours]]\ndays = "mon"\nstart = 09:00:00\nend = 12:00:00\n', 2, 'days is "mon"; give'),
    "a special date given twice": (
        '[[special]]\ndate = 2026-10-10\nkind = "workday"\n[[special]]\nkind = "holiday"\ndate = 2026-10-10\n',
        6,
        "special date 2026-10-10 is given in line 2 already; keep one of them",
    ),
    "a date that does not exist": (
        '[[special]]\ndate = 2026-02-30\nkind = "workday"\n',
        2,
        "not TOML: Invalid date or datetime; write a date that exists as 2026-10-01",
    ),
    "a date in words": (
        '[[special]]\nkind = "workday"\ndate = "10 October"\n',
        3,
        "date is no date; write one that exists, as 2026-10-01, without quotes",
    ),
    "a moment for a date": ('[[special]]\ndate = 2026-10-10T09:00:00\nkind = "workday"\n', 2, "date is no date; write"),
    "unknown kind": ('[[special]]\ndate = 2026-10-10\nkind = "off"\n', 3, 'kind "off" is unknown; use workday'),
    "no kind": ("\n[[special]]\ndate = 2026-10-10\n", 2, "[special] needs the field kind; it takes date, kind,"),
    "a band that does not fit the kind": (
        '[[special]]\ndate = 2026-10-10\nkind = "workday"\nhours = [{start=09:00:00, end=12:00:00, band="holiday"}]\n',
        4,
        "hours band holiday does not fit a workday; leave the band out",
    ),
    "a special day that overlaps itself": (
        ('[[special]]\ndate = 2026-10-10\nkind = "workday"\nhours = [\n'
        '  {start = 09:00:00, end = 12:00:00},\n  {start = 11:00:00, end = 14:00:00},\n]\n'),
        4,
        "hours 11:00-14:00 (regular) overlap 09:00-12:00 (regular) on 2026-10-10",
    ),
    "the second stretch of a special day": (
        ('[[special]]\ndate = 2026-10-10\nkind = "workday"\nhours = [\n'
        '  {start = 09:00:00, end = 12:00:00},\n  {start = 14:00:00, end = 13:00:00},\n]\n'),
        6,
        "hours end 13:00:00 is not after start 14:00:00; swap them",
    ),
    "unknown key": ('[[hours]]\ndays = ["mon"]\nbend = "lunch"\n', 3, '[hours] has no field "bend"; it takes start'),
    "unknown key at the top": ("\nhour = 3\n", 2, 'has no field "hour"; it takes country, holiday_weekends, '),
    "a country below a table": (
        '[[special]]\ndate = 2026-10-10\nkind = "workday"\ncountry = "CN"\n',
        4,
        '[special] has no field "country"; write country at the top of the file, above the first table',
    ),
    "no country": ('# 中国\ncountry = "中国"\n', 2, "country '中国' is no country; write its two letters, e.g. 'CN'"),
    "a time without seconds": ('[[hours]]\ndays = ["mon"]\nstart = 09:00\n', 3, "write a time with seconds, e.g. 09"),
    "a time in quotes": (
        '[[hours]]\ndays = ["mon"]\nend = "9 o\'clock"\nstart = 09:00:00\n',
        3,
        "end is no time; write it as 20:00:00, without quotes",
    ),
    "midnight at the end": ("[[hours]]\nend = 24:00:00\n", 2, "a day ends at 23:59:59"),
    "no list of tables": ('[hours]\ndays = ["mon"]\n', 1, "hours is {"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_is_named_by_file_line_and_mend(hall_dir: Path, wrong: str) -> None:
    text, line, said = WRONG[wrong]
    with pytest.raises(ConfigTrouble) as caught:
        write(hall_dir, text)
    sentence = str(caught.value)
    assert sentence.startswith(f"{hall_dir / 'hours.toml'}, line {line}: "), sentence
    assert said in sentence
    assert "\n" not in sentence
    assert "`" not in sentence


@pytest.mark.parametrize("wrong", ["overlap", "end before start", "weekend on a Monday", "a special date given twice"])
def test_the_same_mistakes_in_hall_toml_are_named_there(hall_dir: Path, wrong: str) -> None:
    text, line, _ = WRONG[wrong]
    before = (hall_dir / "hall.toml").read_text("utf-8").count("\n")
    with pytest.raises(ConfigTrouble) as caught:
        write(hall_dir, SHIPPED, text)
    assert str(caught.value).startswith(f"{hall_dir / 'hall.toml'}, line {before + line}: "), str(caught.value)


def test_an_hours_file_that_is_none(hall_dir: Path) -> None:
    (hall_dir / "hours.toml").mkdir()
    with pytest.raises(ConfigTrouble, match=r"hours.toml: cannot be read"):
        load_config(hall_dir)


def test_a_window_of_the_default_is_what_the_core_has() -> None:
    assert {window.band for window in DEFAULT} == {Band.REGULAR, Band.EVENING, Band.WEEKEND, Band.LUNCH}
    assert all(isinstance(window, Window) for window in DEFAULT)
