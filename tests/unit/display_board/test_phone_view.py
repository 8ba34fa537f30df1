"""What a visitor reads on the phone, from taking the ticket to the end."""

import re
from typing import Any

from display_board.pages.phone_view import Known, PhoneView, phone_view
from display_board.pages.words import Words
from hall_controller.domain import commands as c
from hall_controller.domain.prediction import predict
from hall_controller.domain.rules import DayKind, SpecialDay
from tests.unit.display_board.room import Room, at


def look(room: Room, ticket: int, **more: Any) -> PhoneView:
    estimate = predict(room.hall, room.now_ms).get(ticket)
    view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms, estimate=estimate, **more))
    assert view is not None
    return view


def test_a_visit_as_the_phone_tells_it() -> None:
    room = Room()
    room.open(3)
    room.issue(14)
    mine = room.issue()
    far = look(room, mine)
    assert (far.number, far.head.zh, far.big, far.big_label.zh) == ("A015", "正在等候", "14", "前面人数")
    assert re.fullmatch(r"Expected wait: about \d(\.5)? h \(most wait under \d(\.5)? h\)", far.detail.en)
    assert re.fullmatch(r"预计等候：约\d(\.5)?小时（多数不超过\d(\.5)?小时）", far.detail.zh)
    assert far.poll_s == 10, "who is far back asks less often"
    assert far.alarm == ""
    for _ in range(12):
        room.call(3)
        room.do(c.StartService(counter=3))
        room.later(8 * 60)
        room.do(c.FinishService(counter=3))
    near = look(room, mine)
    assert (near.head.zh, near.big, near.poll_s) == ("正在等候", "2", 5), "two services are a quarter of an hour"
    room.open(4, 5, 6, 7)
    assert look(room, mine).head.zh == "快到您了，请不要走远"
    for _ in range(2):
        room.call(3)
        room.do(c.StartService(counter=3))
        room.do(c.FinishService(counter=3))
    assert look(room, mine).head.en == "You are next"
    assert room.call(3) == mine
    called = look(room, mine)
    assert (called.head.zh, called.big, called.title.zh) == ("请到3号窗口", "3", "A015 请到3号窗口")
    room.do(c.Recall(counter=3))
    again = look(room, mine)
    assert again.detail.zh == "第2次呼叫，请尽快前往"
    assert called.alarm != again.alarm != ""
    room.do(c.StartService(counter=3))
    serving = look(room, mine)
    assert (serving.head.zh, serving.alarm) == ("正在3号窗口办理", "")
    room.do(c.Hold(counter=3))
    assert look(room, mine).head.zh == "已挂起，准备好后请回3号窗口"
    room.do(c.ResumeTicket(counter=3, ticket=mine))
    room.do(c.FinishService(counter=3))
    done = look(room, mine)
    assert (done.state, done.head.zh, done.poll_s) == ("done", "已办结", 30)


def test_a_missed_call_says_until_when_to_return() -> None:
    room = Room("10:00")
    room.open(3)
    mine = room.issue()
    room.call(3)
    room.do(c.Missed(counter=3))
    missed = look(room, mine)
    assert missed.big == "10:30"
    assert missed.detail.zh == "请在10:30前到导办台重新排队，无需重新取号"
    room.do(c.ReturnToQueue(ticket=mine))
    assert look(room, mine).state == "waiting"
    room.call(3)
    room.do(c.Missed(counter=3))
    room.later(1801)
    room.do(c.Tick())
    assert look(room, mine).head.zh == "已过号失效"


def test_a_cancelled_ticket_a_booking_and_an_unclaimed_ticket() -> None:
    room = Room()
    mine = room.issue()
    room.do(c.CancelTicket(ticket=mine))
    assert look(room, mine).head.en == "This ticket was cancelled"
    room.do(c.BookTicket(matter="id-card", slot_at_ms=at("15:30")))
    booked = look(room, room.hall.next_ticket - 1)
    assert (booked.number, booked.big, booked.big_label.zh) == ("", "15:30", "11月24日 星期二")


def test_a_booking_says_when_and_where_to_check_in_with_which_code() -> None:
    room = Room()
    room.do(c.BookTicket(matter="id-card", slot_at_ms=at("15:30")))
    mine = room.hall.next_ticket - 1
    booked = look(room, mine, code="12-3456")
    assert (booked.code, booked.code_label.zh, booked.mine.zh, booked.big_label.en) == (
        "12-3456", "签到码", "", "Tue 24 Nov",
    )  # fmt: skip
    assert booked.detail == Words(
        "15:00起凭签到码在取号机签到，15:40后签到按普通号排队",
        "Check in at the kiosk with this code from 15:00 on; after 15:40 you queue without the booking",
    )
    assert look(room, mine).detail.zh.startswith("15:00起在导办台签到"), "a code that we do not know is not asked for"
    room.until("15:10")
    room.do(c.CheckIn(ticket=mine))
    waiting = look(room, mine, code="12-3456")
    assert (waiting.number, waiting.code, waiting.code_label.zh, waiting.mine.zh) == ("R001", "", "", "您的号码")


def test_the_phone_knows_the_hours_and_what_everybody_is_told() -> None:
    room = Room("11:00")
    mine = room.issue()
    view = look(room, mine)
    assert (view.hours.zh, view.open.zh, view.news.zh) == ("今日 09:00–12:00、14:00–20:00", "办公至12:00", "")
    room.until("11:30")
    assert look(room, mine).news.en == "Lunch break from 12:00; open again at 14:00"
    room.until("19:00")
    room.do(c.ExtendHours(minutes=30))
    longer = look(room, mine, extended_ms=room.now_ms)
    assert (longer.hours.en, longer.open.zh) == ("Today 09:00–12:00, 14:00–20:30", "今晚延时服务至20:30")
    assert longer.news.zh == "今晚延时服务至20:30，可以继续取号"
    room.until("20:31")
    late = look(room, mine)
    assert late.news.zh == "今日已停止取号，持票人将全部办完"
    assert late.open.en == "Closed for today. We open tomorrow, Wednesday, at 09:00"


def test_on_a_holiday_the_phone_names_it() -> None:
    named = SpecialDay(kind=DayKind.HOLIDAY, name_zh="国庆节", name_en="National Day")
    room = Room(calendar={"2026-11-25": named})
    mine = room.issue()
    room.until("10:00", "2026-11-25")
    view = look(room, mine)
    assert (view.hours.en, view.open.zh) == ("National Day", "今日不办公，下次办公：明天（星期四）09:00")


def test_a_transfer_to_one_counter_names_it() -> None:
    room = Room()
    room.open(1, 2)
    mine = room.issue()
    room.call(1)
    room.do(c.StartService(counter=1))
    room.do(c.Transfer(counter=1, to_counter=2))
    assert look(room, mine).detail.zh.endswith("，在2号窗口办理")


def test_a_ticket_of_yesterday_is_not_known_any_more() -> None:
    room = Room()
    mine = room.issue()
    room.do(c.CancelTicket(ticket=mine))
    room.now_ms = at("08:00", "2026-11-25")
    room.do(c.Tick())
    assert phone_view(room.hall, mine, Known(now_ms=room.now_ms)) is None
    assert phone_view(room.hall, 4711, Known(now_ms=room.now_ms)) is None


def test_it_says_when_the_hall_is_not_heard() -> None:
    room = Room()
    assert not look(room, room.issue(), heard=False).heard
