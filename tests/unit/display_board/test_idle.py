"""What a screen says that has nobody to call fits the hall: nobody is told to watch for a call that cannot come."""

import itertools

import pytest
from msgspec.structs import replace

from display_board.pages.counter_view import counter_view
from display_board.pages.idle import HOLDERS, STAFF, WATCH, idle_words, may_be_called
from display_board.pages.opening import Phase, Today, today
from display_board.pages.words import NOTHING, Words
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Issuing
from tests.unit.display_board.room import Room, at

WAITS = ("等候叫号", "留意", "wait for", "watch")
TIMES = ("08:45", "10:00", "12:30", "19:30", "21:00")
EVERY = list(itertools.product(TIMES, Issuing, (None, *StopCause), (0, 2), (True, False)))


def room_at(clock: str, issuing: Issuing, cause: StopCause | None, waiting: int, *, tried_out: bool) -> Room:
    """Also of what no sequence of commands is known to lead to."""
    room = Room("09:00")
    room.open(3)
    room.issue(waiting)
    room.now_ms = at(clock)
    room.hall.issuing, room.hall.stop_cause = issuing, cause if issuing is Issuing.STOPPED else None
    if tried_out:
        room.hall.opening = None
    return room


@pytest.mark.parametrize(("clock", "issuing", "cause", "waiting", "tried_out"), EVERY)
def test_the_idle_words_fit_the_hall(
    clock: str, issuing: Issuing, cause: StopCause | None, waiting: int, tried_out: bool
) -> None:
    room = room_at(clock, issuing, cause, waiting, tried_out=tried_out)
    hours = today(room.hall, room.now_ms)
    head, detail = idle_words(room.hall, hours, room.now_ms)
    assert head.zh
    assert head.en
    assert bool(detail.zh) == bool(detail.en)
    words = f"{head.zh} {head.en} {detail.zh} {detail.en}"
    if issuing is not Issuing.OPEN:
        assert head != WATCH, "a stopped or closed hall"
    match issuing:
        case Issuing.CLOSED:
            assert (head, detail) == (Words("大厅已关闭", "The hall is closed"), STAFF)
        case Issuing.STOPPED if waiting:
            assert head == HOLDERS
        case Issuing.STOPPED:
            assert not any(part in words for part in WAITS), words
            assert "Tickets from now on" not in words or cause in (StopCause.LUNCH, StopCause.SHUT)
        case Issuing.OPEN:
            assert head == WATCH or not waiting
    for state in CounterState:
        room.hall.counters[3] = replace(room.hall.counters[3], state=state, ticket=None)
        said = counter_view(room.hall, 3, room.now_ms).lead
        told = f"{said.zh} {said.en}"
        assert may_be_called(room.hall) or not any(part in told for part in (*WAITS, "soon", "One moment"))
        assert bool(said.zh) == (state not in (CounterState.CALLING, CounterState.SERVING))


def test_a_hall_that_the_manager_has_stopped_says_so_and_what_to_do() -> None:
    room = Room("10:00")
    room.open(1)
    room.do(c.StopIssuing(why="系统维护"))
    hours = today(room.hall, room.now_ms)
    assert hours.phase is Phase.OPEN
    assert idle_words(room.hall, hours, room.now_ms) == (
        Words("停止取号", "No more tickets"), Words("如需办理，请咨询工作人员", "Please ask the staff"),
    )  # fmt: skip
    assert counter_view(room.hall, 1, room.now_ms).lead.zh == "停止取号"


def test_after_the_last_ticket_an_empty_hall_says_when_to_come_again() -> None:
    room = room_at("19:30", Issuing.STOPPED, StopCause.LAST_TICKET, 0, tried_out=False)
    assert idle_words(room.hall, today(room.hall, room.now_ms), room.now_ms)[1] == Words(
        "下次办公：明天（星期三）09:00", "We open tomorrow, Wednesday, at 09:00"
    )


def test_over_lunch_those_who_wait_are_told_until_when() -> None:
    room = room_at("12:30", Issuing.STOPPED, StopCause.LUNCH, 1, tried_out=False)
    assert idle_words(room.hall, today(room.hall, room.now_ms), room.now_ms) == (
        HOLDERS, Words("14:00继续办公", "Open again at 14:00"),
    )  # fmt: skip


def test_before_the_doors_open_whoever_has_a_ticket_may_watch() -> None:
    room = room_at("08:45", Issuing.OPEN, None, 1, tried_out=False)
    hours = today(room.hall, room.now_ms)
    assert idle_words(room.hall, hours, room.now_ms) == (WATCH, hours.head)
    assert idle_words(room.hall, Today(hours=(), phase=Phase.OPEN, state=NOTHING), room.now_ms) == (WATCH, NOTHING)
