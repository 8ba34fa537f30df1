"""What everybody in the hall is told of the hours, from a hall that the real core has made."""

import datetime as dt

import pytest

from display_board.pages.news import EXTENSION_SHOWN_MS, news, stopped
from display_board.pages.words import Words
from hall_controller.domain import commands as c
from hall_controller.domain.rules import DEFAULT_HOURS, Band, Window
from tests.unit.display_board.room import Room

LUNCH = Window(days=("tue",), start=dt.time(12), end=dt.time(14), band=Band.LUNCH)
PROMISE = Words("今日已停止取号，持票人将全部办完", "No more tickets today; everyone with a ticket will be served")


def told(room: Room, extended_ms: int | None = None) -> Words | None:
    return news(room.hall, room.now_ms, extended_ms)


def test_the_lunch_break_is_announced_until_it_begins() -> None:
    room = Room("11:00")
    assert told(room) is None
    room.until("11:30")
    break_ = Words("12:00起午休，14:00继续办公", "Lunch break from 12:00; open again at 14:00")
    assert told(room) == break_
    room.until("11:59:59")
    assert told(room) == break_
    room.until("12:00")
    assert told(room) is None, "now the line of the hours says it"


def test_closing_is_announced_with_the_promise_to_serve_everyone() -> None:
    room = Room("19:00")
    room.until("19:31")
    assert told(room) == Words(
        "20:00结束办公，持票人将全部办完", "We close at 20:00; everyone with a ticket will be served"
    )
    room.until("20:00")
    assert told(room) is None


def test_an_extension_takes_the_place_of_the_closing_that_is_no_longer_true() -> None:
    room = Room("19:00")
    room.until("19:45")
    room.do(c.ExtendHours(minutes=60))
    longer = Words("今晚延时服务至21:00，可以继续取号", "Open until 21:00 tonight: tickets are still issued")
    assert told(room, room.now_ms) == longer
    assert told(room) is None, "a board that has not heard when does not announce 20:00 either"
    since_ms = room.now_ms
    room.until("20:05")
    assert told(room, since_ms) is None, "long enough"
    assert EXTENSION_SHOWN_MS >= 300_000
    room.until("20:35")
    ahead = told(room, since_ms)
    assert ahead is not None
    assert ahead.zh.startswith("21:00结束办公")


def test_while_no_tickets_are_given_an_extension_promises_none() -> None:
    room = Room("19:00")
    room.do(c.StopIssuing())
    room.do(c.ExtendHours(minutes=30))
    assert told(room, room.now_ms) == Words("今晚延时服务至20:30", "Open until 20:30 tonight")


@pytest.mark.parametrize(
    ("counters", "zh", "en"),
    [
        ((2,), "2号窗口照常办理", "counter 2 stays open"),
        ((5, 2), "2、5号窗口照常办理", "counters 2 and 5 stay open"),
        ((1, 2, 3, 4, 5), "5个窗口照常办理", "5 counters stay open"),
    ],
)
def test_lunchtime_service_names_its_counters(counters: tuple[int, ...], zh: str, en: str) -> None:
    room = Room("11:00", hours=(*DEFAULT_HOURS, LUNCH), lunch_counters=counters)
    room.until("11:50")
    assert told(room) == Words(f"12:00–14:00 午间服务，{zh}", f"Lunchtime service 12:00–14:00: {en}")
    room.until("12:00")
    assert told(room) is None


def test_after_the_last_ticket_everyone_who_holds_one_is_promised_service_and_nothing_is_said_twice() -> None:
    room = Room("18:00")
    room.open(1)
    room.issue(12)
    room.until("19:31")
    assert str(room.hall.stop_cause) == "last_ticket"
    assert (stopped(room.hall), told(room)) == (PROMISE, None)
    room.until("20:01")
    assert str(room.hall.stop_cause) == "shut"
    assert stopped(room.hall) == PROMISE, "people are still here"


def test_a_shut_hall_that_is_empty_promises_nothing_to_nobody() -> None:
    room = Room("19:00")
    room.until("20:01")
    assert stopped(room.hall) is None


def test_in_an_emergency_nothing_else_is_told() -> None:
    room = Room("19:00")
    room.until("19:40")
    room.do(c.CloseHall(reason="台风"))
    assert (stopped(room.hall), told(room, room.now_ms)) == (None, None)
