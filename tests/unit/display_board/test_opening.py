"""The hours of today as they stand on the board."""

import datetime as dt

import pytest

from display_board.pages.opening import opening
from display_board.pages.words import Words
from hall_controller.domain.rules import DEFAULT_HOURS, Band, Rules, Tier, Window
from tests.unit.display_board.room import at

RULES = Rules(hall="BA001", tier=Tier.STREET, counters=8)


def test_windows_that_touch_are_one_stretch() -> None:
    assert opening(RULES, at("10:00"), 0).hours == ("09:00–12:00", "14:00–20:00")


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        ("08:00", Words("09:00开始办公", "Opens 09:00")),
        ("09:00", Words("办公至12:00", "Open until 12:00")),
        ("12:30", Words("14:00开始办公", "Opens 14:00")),
        ("19:59", Words("办公至20:00", "Open until 20:00")),
        ("20:00", Words("今日办公已结束", "Closed for today")),
    ],
)
def test_it_says_whether_the_hall_is_open_now(clock: str, state: Words) -> None:
    assert opening(RULES, at(clock), 0).state == state


def test_extended_hours_move_the_end_of_the_day() -> None:
    extended = opening(RULES, at("20:10"), 30)
    assert extended.hours == ("09:00–12:00", "14:00–20:30")
    assert extended.state == Words("今日延时30分钟", "Open 30 min longer")


def test_the_weekend_has_hours_of_its_own_and_a_day_without_says_so() -> None:
    assert opening(RULES, at("10:00", "2026-11-28"), 0).hours == ("09:00–18:00",)
    weekdays_only = Rules(hall="BA001", tier=Tier.STREET, counters=8, hours=DEFAULT_HOURS[:3])
    closed = opening(weekdays_only, at("10:00", "2026-11-28"), 60)
    assert (closed.hours, closed.state) == ((), Words("今日不办公", "No service today"))


def test_a_lunch_window_joins_morning_and_afternoon() -> None:
    lunch = Window(days=("tue",), start=dt.time(12), end=dt.time(14), band=Band.LUNCH)
    rules = Rules(hall="BA001", tier=Tier.STREET, counters=8, hours=(*DEFAULT_HOURS, lunch))
    assert opening(rules, at("12:30"), 0).hours == ("09:00–20:00",)
