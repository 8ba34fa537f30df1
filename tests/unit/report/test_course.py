"""How a day went by half hours: the same visits and waits as the account, and who waited when."""

import datetime as dt
import random
from statistics import median
from typing import Any

import pytest

from hall_controller.bus.wire import encode
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.rules import DEFAULT_HOURS, RosterSpan
from hall_controller.report import make_report
from hall_controller.report.account import Account
from hall_controller.report.course import Course
from hall_controller.report.waits import Told, told_of, waits_of
from tests.unit.domain.support import KIOSK, PRINTER, RECEPTION, Pretend, at
from tests.unit.domain.test_months import Month
from tests.unit.report.accounts import DAY


@pytest.fixture(scope="module", params=[5, 6])
def month(request: pytest.FixtureRequest) -> Pretend:
    played = Month("2026-10", random.Random(request.param))
    played.play()
    return played.hall


def course_of(hall: Pretend, period: str = DAY) -> dict[str, Any]:
    made = make_report([encode(event) for event in hall.events], period, with_course=True)
    course: dict[str, Any] = made["course"]
    return course


def test_the_half_hours_of_a_random_month_add_up_to_its_account(month: Pretend) -> None:
    made = make_report([encode(event) for event in month.events], "2026-10", with_course=True)
    course = made["course"]
    slots = course["half_hours"].values()
    assert sum(slot["served"] for slot in slots) == made["visits"]["total"] > 100
    assert sum(slot["arrivals"] for slot in slots) == made["tickets"]["issued"]
    waits = {band: row["waits"] for band, row in made["by"]["band"].items() if row["waits"]}
    assert {band: row["count"] for band, row in course["waits_by_band"].items()} == waits
    assert sum(slot["waits"]["count"] for slot in slots) == sum(waits.values()) == course["waits"]["count"]
    assert sum(day["waits"]["count"] for day in course["days"].values()) == sum(waits.values())
    assert sum(day["arrivals"] for day in course["days"].values()) == made["tickets"]["issued"]
    assert sum(row["days"] for row in course["weekdays"].values()) == course["days_served"]
    assert sum(course["left"].values()) <= made["tickets"]["no_show"] + made["tickets"]["cancelled"]


def test_whoever_waits_is_counted_as_the_hall_itself_does(month: Pretend) -> None:
    account = Account("2026-10")
    course = Course("2026-10", account.attendance)
    again = Pretend("2026-09-30 10:00:00")
    again.hall = type(again.hall)()
    for event in month.events:
        again._apply([event])
        account.add(event)
        course.add(event)
        assert sorted(course._waiting) == again.waiting(), event


def test_a_level_is_the_mean_over_its_half_hour() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1)
    hall.open(2)
    hall.until(f"{DAY} 10:15:00")
    hall.close(2)
    hall.take_many(3)
    hall.until(f"{DAY} 10:25:00")
    hall.call(1)
    hall.until(f"{DAY} 10:45:00")
    hall.missed(1)
    slots = course_of(hall)["half_hours"]
    assert (slots["10:00"]["open_mean"], slots["10:30"]["open_mean"]) == (1.5, 1.0)
    assert slots["10:00"]["waiting_mean"] == pytest.approx((3 * 10 + 2 * 5) / 30, abs=0.01)
    assert (slots["10:00"]["waiting_most"], slots["10:30"]["waiting_most"]) == (3, 2)
    assert slots["10:30"]["waiting_mean"] == 2.0, "of the quarter hour that has passed"


def test_an_undone_call_takes_its_wait_back_to_the_half_hour_in_which_it_was() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1)
    hall.take()
    hall.until(f"{DAY} 10:20:00")
    hall.call(1)
    assert course_of(hall)["waits"]["median_s"] == 20 * 60
    hall.until(f"{DAY} 10:31:00")
    hall.undo(1)
    course = course_of(hall)
    assert (course["waits"]["count"], course["waits"]["median_s"]) == (0, None)
    assert course["half_hours"]["10:30"]["waiting_most"] == 1
    hall.until(f"{DAY} 10:40:00")
    hall.begin(1)
    slots = course_of(hall)["half_hours"]
    assert (slots["10:00"]["waits"]["count"], slots["10:30"]["waits"]["median_s"]) == (0, 40 * 60)
    hall.undo(1)
    assert course_of(hall)["half_hours"]["10:30"]["served"] == 0


def test_a_clock_that_is_set_changes_nobodys_level() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1)
    hall.take_many(2)
    hall.until(f"{DAY} 10:10:00")
    hall.set_clock(f"{DAY} 11:00:00")
    hall.until(f"{DAY} 11:05:00")
    hall.call(1)
    slots = course_of(hall)["half_hours"]
    assert (slots["10:00"]["open_mean"], slots["11:00"]["open_mean"], slots["10:30"]["open_mean"]) == (1, 1, 0)
    assert slots["11:00"]["waiting_mean"] == 2
    told = [one["en"] for one in course_of(hall)["incidents"] if one["kind"] != "alert"]
    assert told == ["the clock was set by +3000 seconds"]


def test_who_left_is_told_by_how_and_bookings_apart() -> None:
    hall = Pretend(f"{DAY} 10:00:00", hours=DEFAULT_HOURS, missed_grace_s=60)
    hall.open(1)
    gave_up, missed = hall.take(), hall.take()
    hall.do(c.CancelTicket(ticket=gave_up), RECEPTION)
    assert hall.call(1) == missed
    hall.missed(1)
    hall.take()
    hall.serve(1)
    booked = hall.book(f"{DAY} 11:00:00")
    hall.do(c.CancelTicket(ticket=booked), RECEPTION)
    hall.later(minutes=5)
    assert course_of(hall)["left"] == {"booking_cancelled": 1, "no_show": 1, "staff": 1}
    assert course_of(hall)["days"][DAY]["left"] == 2


def test_incidents_are_sentences_with_their_reason_and_the_same_one_is_told_once() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.do(c.SetNotice(zh="二楼<b>停水</b>", en="No water", why="pipe"))
    for _ in range(3):
        hall.later(minutes=1)
        ticket = hall.take(by=KIOSK)
        hall.do(c.ReportPrint(ticket=ticket, outcome=c.PrintOutcome.FAILED, detail="paper out"), PRINTER)
    hall.do(c.ExtendHours(minutes=30, why="many wait"))
    hall.do(c.CloseHall(reason="台风"))
    found = [one for one in course_of(hall)["incidents"] if one["kind"] != "alert"]
    assert [one["kind"] for one in found] == ["notice", "printing", "hours", "emergency"]
    assert found[0]["zh"] == "公告：二楼<b>停水</b>（pipe）"
    assert (found[1]["count"], found[1]["time"], found[1]["until"]) == (3, "10:01", "10:03")
    assert found[2]["en"] == "hours extended by 30 minutes in all until 20:30 (many wait)"
    assert found[3]["zh"] == "紧急关闭大厅：台风"


def test_a_roster_of_one_day_is_told_by_its_spans() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    spans = (RosterSpan(start=dt.time(9), end=dt.time(12), counters=6),)
    hall.do(c.SetRoster(day=DAY, spans=spans))
    assert [one["zh"] for one in course_of(hall)["incidents"] if one["kind"] == "roster"] == [
        f"{DAY} 计划窗口数：09:00–12:00 6"
    ]


def test_every_alert_has_its_words_and_is_told_once_however_often_it_was_raised() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    stamp = {"epoch": "e1", "service_day": DAY, "by": "hall"}
    raised = [
        e.AlertRaised(alert=kind, subject="3", value=1, since_ms=0, seq=1000 + place, at_ms=at(time), **stamp)
        for time in (f"{DAY} 10:10:00", f"{DAY} 10:50:00")
        for place, kind in enumerate(AlertKind)
    ]
    found = make_report([encode(event) for event in (*hall.events, *raised)], DAY, with_course=True)["course"]
    assert len(found["incidents"]) == len(AlertKind)
    assert {(one["count"], one["time"], one["until"]) for one in found["incidents"]} == {(2, "10:10", "10:50")}
    assert found["incidents"][0]["zh"] == "告警：等候过久 3"


def test_nine_in_ten_and_the_classes_of_waits() -> None:
    waits_s = [60 * minutes for minutes in range(1, 21)]
    found = waits_of(random.Random(1).sample(waits_s, 20))
    assert (found["median_s"], found["nine_in_ten_s"], found["most_s"]) == (600, 1080, 1200)
    assert (found["soon"], found["classes"]) == (15, [5, 10, 5, 0, 0])
    assert waits_of([900, 901])["soon"] == 1
    assert waits_of([])["nine_in_ten_s"] is None


def test_what_visitors_were_told_against_what_they_waited() -> None:
    pairs = [(Told(600, 900), 660), (Told(600, 900), 901), (Told(600, None), 0), (Told(None, None), 5000)]
    found = told_of(pairs)
    assert (found["count"], found["bounded"], found["within_bound"]) == (3, 2, 1)
    assert found["median_error_s"] == median([60, 301, 600])
    assert found["median_later_s"] == 60
    assert dict(found["off"]) | {0: 1, 5: 1, -10: 1} == dict(found["off"])
    assert sum(visitors for _, visitors in found["off"]) == 3
    assert told_of([])["median_error_s"] is None
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1)
    hall.take_many(2)
    hall.call(1)
    assert course_of(hall)["told"]["count"] == 1
