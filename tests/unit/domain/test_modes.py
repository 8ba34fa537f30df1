"""Pull and push."""

from hall_controller.domain import commands as c
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import KIOSK, PRINTER, Pretend, terminal


def test_pull_waits_for_the_clerk(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.later(minutes=5)
    assert hall.state(ticket) == "waiting"
    assert hall.call(1) == ticket


def test_a_call_with_nobody_waiting_is_accepted_and_calls_nobody(hall: Pretend) -> None:
    hall.open(1)
    assert hall.call(1) is None
    assert hall.counter_state(1) == "ready"


def test_pull_is_ready_for_the_next_as_soon_as_a_service_is_finished(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.serve(1)
    assert hall.counter_state(1) == "ready"


def test_push_gives_a_ready_counter_its_visitor_at_once(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    hall.open(1)
    ticket = hall.take()
    assert hall.state(ticket) == "called"
    assert hall.refused(c.CallNext(counter=1), terminal(1)) == Code.COUNTER_BUSY
    waiting = hall.take()
    hall.start(1)
    hall.finish(1)
    assert (hall.counter_state(1), hall.state(waiting)) == ("wrapping_up", "waiting")
    assert hall.refused(c.CallNext(counter=1), terminal(1)) == Code.PUSH_MODE
    hall.do(c.EndWrapUp(counter=1), terminal(1))
    assert hall.state(waiting) == "called"


def test_push_ends_the_wrap_up_by_itself_after_the_set_time(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH, wrap_up_s=20)
    hall.open(1)
    hall.take()
    hall.start(1)
    hall.finish(1)
    waiting = hall.take()
    hall.later(19)
    assert hall.state(waiting) == "waiting"
    hall.later(1)
    assert hall.state(waiting) == "called"


def test_push_waits_up_to_five_seconds_for_a_fresh_print(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    hall.open(1)
    ticket = hall.take(by=KIOSK)
    hall.later(4.9)
    assert hall.state(ticket) == "waiting"
    hall.later(0.1)
    assert hall.state(ticket) == "called"


def test_push_calls_as_soon_as_the_paper_is_out(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    hall.open(1)
    ticket = hall.take(by=KIOSK)
    hall.later(1)
    hall.do(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER)
    assert hall.state(ticket) == "called"


def test_pull_does_not_wait_for_the_print_a_clerk_has_pressed(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(by=KIOSK)
    assert hall.call(1) == ticket


def test_a_hall_that_changes_to_push_serves_those_who_wait(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take_many(3)
    hall.do(c.SetMode(mode=Mode.PUSH))
    assert [hall.counter_state(number) for number in (1, 2)] == ["calling", "calling"]
    hall.do(c.SetMode(mode=Mode.PULL))
    hall.start(1)
    hall.finish(1)
    assert hall.counter_state(1) == "ready"


def test_pause_after_this_one(make: MakeHall) -> None:
    for mode in Mode:
        hall = make(mode=mode)
        hall.open(1)
        hall.take_many(2)
        if mode is Mode.PULL:
            hall.call(1)
        hall.do(c.PauseCounter(counter=1), terminal(1))
        assert hall.counter_state(1) == "calling"
        hall.start(1)
        hall.finish(1)
        assert hall.counter_state(1) == "paused"
        assert hall.refused(c.CallNext(counter=1), terminal(1)) == Code.COUNTER_PAUSED
        hall.do(c.ResumeCounter(counter=1), terminal(1))
        assert hall.counter_state(1) == ("ready" if mode is Mode.PULL else "calling")


def test_a_planned_pause_can_be_taken_back(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(2)
    hall.begin(1)
    hall.do(c.PauseCounter(counter=1), terminal(1))
    assert hall.refused(c.PauseCounter(counter=1), terminal(1)) == Code.COUNTER_PAUSED
    hall.do(c.ResumeCounter(counter=1), terminal(1))
    hall.finish(1)
    assert hall.counter_state(1) == "ready"


def test_a_free_counter_pauses_at_once_and_gets_nobody(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    hall.open(1)
    hall.do(c.PauseCounter(counter=1), terminal(1))
    ticket = hall.take()
    hall.later(minutes=10)
    assert (hall.counter_state(1), hall.state(ticket)) == ("paused", "waiting")
