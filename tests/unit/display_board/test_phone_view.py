"""What a visitor reads on the phone, from taking the ticket to the end."""

from display_board.pages.phone_view import PhoneView, phone_view
from hall_controller.domain import commands as c
from hall_controller.domain.prediction import predict
from tests.unit.display_board.room import Room, at


def look(room: Room, ticket: int, **more: bool) -> PhoneView:
    estimate = predict(room.hall, room.now_ms).get(ticket)
    view = phone_view(room.hall, ticket, estimate, room.now_ms, **more)
    assert view is not None
    return view


def test_a_visit_as_the_phone_tells_it() -> None:
    room = Room()
    room.open(3)
    room.issue(14)
    mine = room.issue()
    far = look(room, mine)
    assert (far.number, far.head.zh, far.big, far.big_label.zh) == ("A015", "正在等候", "14", "前面人数")
    assert far.detail.en == "Expected wait: about 1 h 52 min"
    assert far.poll_s == 10, "who is far back asks less often"
    assert far.alarm == ""
    for _ in range(12):
        room.call(3)
        room.do(c.StartService(counter=3))
        room.do(c.FinishService(counter=3))
    near = look(room, mine)
    assert (near.head.zh, near.big, near.poll_s) == ("快到您了，请不要走远", "2", 5)
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
    assert (booked.number, booked.big, booked.big_label.zh) == ("", "15:30", "11月24日")


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
    assert phone_view(room.hall, mine, None, room.now_ms) is None
    assert phone_view(room.hall, 4711, None, room.now_ms) is None


def test_it_says_when_the_hall_is_not_heard() -> None:
    room = Room()
    assert not look(room, room.issue(), heard=False).heard
