"""The hours of today as they stand on board and phone, from a hall that the real core has made."""

import datetime as dt

import pytest

from display_board.pages.opening import Phase, Today, newcomers, today
from display_board.pages.words import Words
from hall_controller.domain import commands as c
from hall_controller.domain.rules import DEFAULT_HOURS, Band, Between, DayKind, SpecialDay, Window
from tests.unit.display_board.room import Room

HOLIDAY = SpecialDay(kind=DayKind.HOLIDAY, name_zh="国庆节", name_en="National Day")
WEEK = {f"2026-10-0{day}": HOLIDAY for day in range(1, 8)}


def see(room: Room) -> Today:
    return today(room.hall, room.now_ms)


def test_windows_that_touch_are_one_stretch() -> None:
    assert see(Room()).hours == ("09:00–12:00", "14:00–20:00")


@pytest.mark.parametrize(
    ("clock", "phase", "state"),
    [
        ("08:00", Phase.BEFORE, Words("09:00开始办公", "Opens 09:00")),
        ("09:00", Phase.OPEN, Words("办公至12:00", "Open until 12:00")),
        ("12:00", Phase.BREAK, Words("午休至14:00", "Lunch break until 14:00")),
        ("13:59", Phase.BREAK, Words("午休至14:00", "Lunch break until 14:00")),
        ("19:59", Phase.OPEN, Words("办公至20:00", "Open until 20:00")),
        ("20:00", Phase.SHUT, Words("今日办公已结束", "Closed for today")),
        ("23:59", Phase.SHUT, Words("今日办公已结束", "Closed for today")),
    ],
)
def test_it_says_whether_the_hall_is_open_now(clock: str, phase: Phase, state: Words) -> None:
    here = see(Room(clock))
    assert (here.phase, here.state) == (phase, state)


@pytest.mark.parametrize(
    ("clock", "day", "zh", "en"),
    [
        ("21:00", "2026-11-24", "下次办公：明天（星期三）09:00", "We open tomorrow, Wednesday, at 09:00"),
        ("21:00", "2026-11-27", "下次办公：明天（星期六）09:00", "We open tomorrow, Saturday, at 09:00"),
        ("21:00", "2026-09-30", "下次办公：10月8日（星期四）09:00", "We open on Thursday 8 October at 09:00"),
        ("10:00", "2026-10-05", "下次办公：星期四 09:00", "We open on Thursday at 09:00"),
    ],
)
def test_a_hall_that_is_shut_says_when_it_opens_with_the_weekday(clock: str, day: str, zh: str, en: str) -> None:
    room = Room(calendar=WEEK)
    room.until(clock, day)
    assert see(room).detail == Words(zh, en)


def test_a_break_in_the_evening_is_no_lunch_break() -> None:
    hours = (
        Window(days=("tue",), start=dt.time(9), end=dt.time(17)),
        Window(days=("tue",), start=dt.time(18), end=dt.time(20), band=Band.EVENING),
    )
    assert see(Room("17:30", hours=hours)).state == Words("休息至18:00", "Break until 18:00")


def test_longer_hours_are_told_by_their_end() -> None:
    room = Room("19:50")
    room.do(c.ExtendHours(minutes=30))
    assert see(room).hours == ("09:00–12:00", "14:00–20:30")
    assert (see(room).phase, see(room).state) == (
        Phase.EXTENDED,
        Words("今晚延时服务至20:30", "Open until 20:30 tonight"),
    )
    room.do(c.ExtendHours(minutes=15))
    assert see(room).state.en == "Open until 20:45 tonight"
    room.until("20:45")
    assert see(room).state == Words("今日办公已结束", "Closed for today")


def test_longer_hours_in_the_morning_change_the_hours_and_not_yet_the_state() -> None:
    room = Room("10:00")
    room.do(c.ExtendHours(minutes=30))
    assert (see(room).hours[-1], see(room).state.zh) == ("14:00–20:30", "办公至12:00")


def test_an_extended_saturday_is_not_called_tonight_while_it_is_afternoon() -> None:
    afternoon = Window(days=("tue",), start=dt.time(9), end=dt.time(16))
    room = Room("15:30", hours=(afternoon,))
    room.do(c.ExtendHours(minutes=30))
    assert see(room).state == Words("今日延时服务至16:30", "Open until 16:30 today")


def test_an_opening_that_runs_past_midnight_is_the_one_that_is_shown() -> None:
    room = Room("19:50")
    room.do(c.ExtendHours(minutes=240))
    assert (see(room).hours[-1], see(room).state.zh) == ("14:00–24:00", "今晚延时服务至24:00")
    room.do(c.ExtendHours(minutes=30))
    assert see(room).state.zh == "今晚延时服务至00:30"
    room.until("00:10", "2026-11-25")
    here = see(room)
    assert (here.hours, here.phase) == (("09:00–12:00", "14:00–00:30"), Phase.EXTENDED)
    assert here.state == Words("延时服务至00:30", "Open until 00:30")
    room.until("00:30", "2026-11-25")
    assert (see(room).hours[-1], see(room).phase) == ("14:00–20:00", Phase.BEFORE)


def test_a_holiday_is_named_open_or_shut() -> None:
    room = Room(calendar=WEEK)
    room.until("10:00", "2026-10-01")
    here = see(room)
    assert (here.hours, here.state) == ((), Words("今日不办公", "No service today"))
    assert here.head == Words("国庆节 今日不办公", "National Day: no service today")
    served = Window(days=("holiday",), start=dt.time(10), end=dt.time(16), band=Band.HOLIDAY)
    room = Room(calendar=WEEK, hours=(*DEFAULT_HOURS, served))
    room.until("10:30", "2026-10-01")
    here = see(room)
    assert (here.special.zh, here.state.zh, here.hours) == ("国庆节", "办公至16:00", ("10:00–16:00",))
    room.until("10:30", "2026-10-08")
    assert see(room).special == Words("", "")


def test_a_lunch_window_joins_morning_and_afternoon() -> None:
    lunch = Window(days=("tue",), start=dt.time(12), end=dt.time(14), band=Band.LUNCH)
    assert see(Room("12:30", hours=(*DEFAULT_HOURS, lunch))).hours == ("09:00–20:00",)


def test_a_hall_closed_for_an_emergency_promises_nothing() -> None:
    room = Room("10:00")
    room.do(c.CloseHall(reason="台风"))
    here = see(room)
    assert (here.phase, here.state.en, here.detail.en) == (Phase.CLOSED, "The hall is closed", "")


def test_who_comes_while_no_tickets_are_given_learns_from_when_they_are() -> None:
    room = Room("11:00")
    room.until("12:00")
    assert str(room.hall.stop_cause) == "lunch"
    assert newcomers(room.hall, room.now_ms) == Words("13:30起取号", "Tickets from 13:30")
    room.until("13:30")
    room.until("20:00")
    assert str(room.hall.stop_cause) == "shut"
    assert newcomers(room.hall, room.now_ms) == Words("明天08:30起取号", "Tickets from 08:30 tomorrow")
    room.until("20:01", "2026-11-25")
    room.do(c.StopIssuing())
    assert newcomers(room.hall, room.now_ms) == Words("停止取号", "No more tickets")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-10-01", Words("10月8日08:30起取号", "Tickets from 08:30 on 8 Oct")),
        ("2026-10-05", Words("星期四08:30起取号", "Tickets from 08:30 on Thu")),
    ],
)
def test_over_a_holiday_tickets_are_promised_for_the_day_after_it(day: str, words: Words) -> None:
    room = Room(calendar=WEEK)
    room.until("10:00", "2026-09-30")
    room.until("10:00", day)
    assert newcomers(room.hall, room.now_ms) == words


def test_a_hall_that_issues_through_lunch_is_on_its_break_all_the_same() -> None:
    room = Room("11:00", between=Between.ISSUE)
    room.until("12:10")
    assert (room.hall.issuing, see(room).phase) == ("open", Phase.BREAK)
