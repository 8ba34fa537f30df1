"""The hours in words, through a day, at closing and in an emergency."""

from typing import Any

import pytest
from msgspec.structs import replace

from counter_client.clerk.acts import Act, primary, why_not
from counter_client.clerk.panes import frame, side_pane, visitor_pane
from counter_client.clerk.view import clerk_view
from counter_client.hours import hours_words, lunch_words, why_no_tickets
from counter_client.reception.acts import Act as Greeting
from counter_client.reception.acts import why_not as why_not_at_reception
from counter_client.reception.panes import hours_pane
from counter_client.reception.view import Tab, reception_view
from counter_client.words import Tongue
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, DayKind, SpecialDay
from tests.terminal.local_hall import CATALOGUE, NINE_MS, LocalHall

TONGUES: tuple[Tongue, ...] = ("zh", "en")
DAY_MS = 86_400_000


def district(**wishes: Any) -> LocalHall:
    return LocalHall(hours=(*DEFAULT_HOURS, LUNCH), **wishes)


def test_a_day_in_words() -> None:
    hall = LocalHall()
    told = []
    for hour, minute in ((9, 0), (12, 1), (13, 45), (14, 0), (20, 0)):
        hall.until(hour, minute)
        told.append(hours_words(hall.state, hall.at_ms))
    assert [words.zh for words in told] == [
        "开到 12:00，14:00 再开",
        "休息到 14:00",
        "休息到 14:00",
        "开到 20:00",
        "明天 09:00 开门",
    ]
    assert [words.en for words in told][-1] == "Opens tomorrow 09:00"


@pytest.mark.parametrize(
    ("days_before", "told"), [(0, "09:00 开门"), (1, "明天 09:00 开门"), (3, "周二 09:00 开门"), (9, "周二 09:00 开门")]
)
def test_the_next_opening_is_told_with_its_day(days_before: int, told: str) -> None:
    at_ms = NINE_MS - days_before * DAY_MS - 600_000
    tuesdays = tuple(replace(window, days=("tue",)) for window in DEFAULT_HOURS if "tue" in window.days)
    assert hours_words(LocalHall(at_ms=at_ms, hours=tuesdays).state, at_ms).zh == told


def test_a_far_opening_and_none_at_all() -> None:
    new_year = {"2026-12-31": SpecialDay(kind=DayKind.WORKDAY, hours=(DEFAULT_HOURS[0],))}
    assert hours_words(LocalHall(hours=(), calendar=new_year).state, NINE_MS).zh == "12月31日 09:00 开门"
    assert hours_words(LocalHall(hours=()).state, NINE_MS).zh == "近期不开门"


def test_an_extension_is_told_also_past_midnight() -> None:
    hall = LocalHall()
    hall.until(18)
    hall.do(c.ExtendHours(minutes=30))
    assert hours_words(hall.state, hall.at_ms).zh == "开到 20:30（延长 30 分钟）"
    hall.do(c.ExtendHours(minutes=240))
    assert hours_words(hall.state, hall.at_ms) == (
        "开到 明天 00:30（延长 270 分钟）",
        "Open until tomorrow 00:30 (+270 min)",
    )
    hall.until(24, 10)
    assert hours_words(hall.state, hall.at_ms).zh.startswith("开到 00:30")


def test_after_closing_those_who_wait_are_counted() -> None:
    hall = LocalHall()
    hall.until(19)
    for _ in range(3):
        hall.do(c.IssueTicket(matter="id-card-renew"))
    hall.until(20)
    assert hours_words(hall.state, hall.at_ms) == ("已闭门，还有 3 人等候", "Closed; 3 still wait")


@pytest.mark.parametrize("tongue", TONGUES)
def test_why_no_tickets_are_issued(tongue: Tongue) -> None:
    hall = LocalHall()
    assert why_no_tickets(hall.state) is None
    for command, told in (
        (c.StopIssuing(), "经理已停止取号"),
        (c.CloseHall(reason="台风"), "紧急关闭，不取号：台风"),
    ):
        hall.do(command)
        words = why_not_at_reception(Greeting.ISSUE, hall.state, None)
        assert words is not None
        assert words.zh == f"{told}。可按 B 预约以后的时间。"
        shown = hours_pane(reception_view(hall.state, Tab.WAITING, None, hall.at_ms), tongue, 78)
        assert shown.cell_length <= 78
        assert why_not_at_reception(Greeting.BOOK, hall.state, None) is None
    hall.do(c.ResumeIssuing())
    assert why_not_at_reception(Greeting.ISSUE, hall.state, None) is None


def test_lunch_for_the_roster_and_for_the_others() -> None:
    hall = district(lunch_counters=(1,))
    for number in (1, 3):
        hall.do(c.OpenCounter(counter=number, clerk=f"{number}"))

    def told(number: int) -> str | None:
        words = lunch_words(hall.state, hall.state.counters[number], hall.at_ms)
        return words.zh if words else None

    assert (told(1), told(3)) == (None, None)
    hall.until(11)
    assert (told(1), told(3)) == ("12:00 起午间服务，本窗值守", "12:00 起午休，本窗停到 14:00")
    hall.until(12)
    assert (told(1), told(3)) == ("午间服务到 14:00，本窗值守", "午休，停到 14:00")
    hall.until(14, 5)
    assert (told(1), told(3)) == (None, "午休到 14:00，时间已到")
    hall.do(c.ResumeCounter(counter=3))
    assert told(3) is None


def test_where_all_serve_through_lunch_nothing_is_said_of_it() -> None:
    hall = district()
    hall.do(c.OpenCounter(counter=3, clerk="3"))
    hall.until(11, 30)
    assert lunch_words(hall.state, hall.state.counters[3], hall.at_ms) is None


@pytest.mark.parametrize("tongue", TONGUES)
def test_after_closing_the_next_key_calls_the_missed_once_more(tongue: Tongue) -> None:
    hall = LocalHall()
    hall.until(19, 50)
    hall.do(c.OpenCounter(counter=3, clerk="007"))
    hall.do(c.IssueTicket(matter="id-card-renew"))
    hall.do(c.CallNext(counter=3))
    hall.do(c.Missed(counter=3))
    hall.until(19, 59)
    assert clerk_view(hall.state, 3, hall.at_ms, CATALOGUE.matters).second_call is None
    hall.until(20)
    view = clerk_view(hall.state, 3, hall.at_ms, CATALOGUE.matters)
    assert view.second_call == "A001"
    assert "A001" in visitor_pane(view, tongue, 49, 15).plain
    assert why_not(Act.NEXT, hall.state, 3) is None
    assert primary(hall.state, 3) is Act.NEXT
    hall.do(c.CallNext(counter=3))
    assert hall.state.counters[3].state is CounterState.CALLING


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("columns", [49, 78])
def test_the_border_holds_hours_lunch_and_the_last_ticket(tongue: Tongue, columns: int) -> None:
    hall = district(lunch_counters=(1,))
    hall.do(c.OpenCounter(counter=3, clerk="007"))
    hall.do(c.IssueTicket(matter="id-card-renew"))
    hall.do(c.CallNext(counter=3))
    hall.do(c.ExtendHours(minutes=300))
    for hour in (9, 11, 12, 14, 19):
        hall.until(hour)
        view = clerk_view(hall.state, 3, hall.at_ms, CATALOGUE.matters)
        for words in frame(view, tongue, columns):
            assert words.cell_length <= columns
            assert "…" not in words.plain
        for row in side_pane(view, tongue, 23, 14).split("\n"):
            assert row.cell_length <= 23
