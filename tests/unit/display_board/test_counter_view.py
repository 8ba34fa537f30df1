"""What the small display above a counter says."""

import datetime as dt

from display_board.pages.counter_view import counter_view
from display_board.pages.words import Words
from hall_controller.domain import commands as c
from hall_controller.domain.rules import DEFAULT_HOURS, Band, Window
from tests.unit.display_board.room import Room


def test_a_day_at_one_counter() -> None:
    room = Room()
    assert counter_view(room.hall, 3, room.now_ms).lead.zh == "暂停服务"
    room.open(3)
    ready = counter_view(room.hall, 3, room.now_ms)
    assert (ready.state, ready.lead.zh, ready.clerk) == ("ready", "请等候叫号", "003")
    room.issue(2)
    room.call(3)
    calling = counter_view(room.hall, 3, room.now_ms, fresh=True)
    assert (calling.lead.zh, calling.number, calling.trail.zh) == ("请", "A001", "号")
    assert calling.fresh
    room.do(c.StartService(counter=3))
    serving = counter_view(room.hall, 3, room.now_ms, fresh=True)
    assert (serving.lead.zh, serving.number, serving.fresh) == ("正在办理", "A001", False)
    room.do(c.PauseCounter(counter=3))
    assert counter_view(room.hall, 3, room.now_ms).pausing
    room.do(c.FinishService(counter=3))
    paused = counter_view(room.hall, 3, room.now_ms)
    assert (paused.state, paused.lead.zh, paused.number) == ("paused", "暂停服务", "")
    room.do(c.CloseCounter(counter=3))
    assert counter_view(room.hall, 3, room.now_ms).clerk == ""


def test_a_counter_that_the_hall_does_not_have_is_said_so() -> None:
    for number in (0, 9, 2_000):
        view = counter_view(Room().hall, number, 0)
        assert (view.state, view.lead.en) == ("unknown", "This hall has counters 1 to 8")


def test_a_counter_on_its_lunch_break_says_when_it_is_back() -> None:
    lunch = Window(days=("tue",), start=dt.time(12), end=dt.time(14), band=Band.LUNCH)
    room = Room("11:50", hours=(*DEFAULT_HOURS, lunch), lunch_counters=(1,))
    room.open(1, 3)
    room.until("12:00")
    assert counter_view(room.hall, 3, room.now_ms).lead == Words("午间休息 14:00恢复", "Lunch break, back at 14:00")
    assert counter_view(room.hall, 1, room.now_ms).state == "ready"
