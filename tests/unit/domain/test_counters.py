"""Opening, closing, one clerk at one counter; presses that come late."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code
from tests.unit.domain.support import MANAGER, Pretend, terminal


def test_a_clerk_sits_at_one_counter(hall: Pretend) -> None:
    hall.open(1)
    assert hall.refused(c.OpenCounter(counter=2, clerk="clerk-1"), terminal(2)) == Code.CLERK_ELSEWHERE
    assert hall.refused(c.OpenCounter(counter=1, clerk="clerk-9"), terminal(1)) == Code.COUNTER_OPEN
    hall.close(1)
    hall.do(c.OpenCounter(counter=2, clerk="clerk-1"), terminal(2))


def test_a_counter_that_is_not_there_is_named(hall: Pretend) -> None:
    assert hall.refused(c.OpenCounter(counter=9, clerk="x")) == Code.UNKNOWN_COUNTER


def test_a_group_that_is_not_there_is_refused_before_a_counter_waits_for_nobody(hall: Pretend) -> None:
    assert hall.refused(c.OpenCounter(counter=1, clerk="x", groups=("pickpu",))) == Code.UNKNOWN_MATTER


def test_a_counter_with_a_visitor_does_not_close(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.call(1)
    assert hall.refused(c.CloseCounter(counter=1)) == Code.COUNTER_BUSY
    hall.missed(1)
    hall.close(1)
    assert hall.refused(c.CloseCounter(counter=1)) == Code.COUNTER_CLOSED


def test_one_counter_never_has_two_visitors(hall: Pretend) -> None:
    # One clerk with two active tickets, locked up: novosga #213.
    hall.open(1)
    first, second, held = hall.take_many(3)
    hall.call_by_hand(1, held)
    hall.start(1)
    hall.hold(1)
    hall.begin(1)
    for command in (
        c.CallNext(counter=1),
        c.CallTicket(counter=1, ticket=second),
        c.ResumeTicket(counter=1, ticket=held),
        c.ServeUnticketed(counter=1, matter="pension"),
    ):
        assert hall.refused(command, terminal(1)) == Code.COUNTER_BUSY
    hall.finish(1)
    assert hall.state(first) == "done"


def test_one_visitor_is_never_at_two_counters(hall: Pretend) -> None:
    # FQM under two workers calls the same ticket twice.
    hall.open(1, 2)
    ticket = hall.take()
    assert (hall.call(1), hall.call(2)) == (ticket, None)
    assert hall.refused(c.CallTicket(counter=2, ticket=ticket), terminal(2)) == Code.WRONG_STATE


def test_a_press_for_a_visitor_who_has_left_the_counter_does_nothing_to_the_next(hall: Pretend) -> None:
    hall.open(1)
    first, second = hall.take_many(2)
    hall.begin(1)
    hall.finish(1)
    hall.call(1)
    for command in (
        c.Missed(counter=1, ticket=first),
        c.FinishService(counter=1, ticket=first),
        c.StartService(counter=1, ticket=first),
        c.Recall(counter=1, ticket=first),
        c.Hold(counter=1, ticket=first),
        c.Transfer(counter=1, ticket=first, matter="licence"),
    ):
        assert hall.refused(command, terminal(1)) == Code.STALE
    hall.do(c.StartService(counter=1, ticket=second), terminal(1))


def test_a_press_that_comes_too_late_is_refused(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(2)
    expires_at_ms = hall.now_ms + 2000
    hall.later(2)
    hall.do(c.CallNext(counter=1, expires_at_ms=expires_at_ms), terminal(1))
    hall.missed(1)
    hall.later(0.001)
    assert hall.refused(c.CallNext(counter=1, expires_at_ms=expires_at_ms), terminal(1)) == Code.STALE


def test_pressing_start_twice_starts_once(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.begin(1)
    assert hall.refused(c.StartService(counter=1), terminal(1)) == Code.WRONG_STATE
    hall.finish(1)
    assert hall.refused(c.FinishService(counter=1), terminal(1)) == Code.NO_VISITOR
    assert hall.count(e.ServiceStarted) == 1


def test_every_event_at_a_counter_names_counter_and_clerk(hall: Pretend) -> None:
    hall.open(3)
    hall.take()
    hall.begin(3)
    hall.hold(3)
    at_counter = [event for event in hall.events if hasattr(event, "clerk")]
    assert {(getattr(event, "counter"), getattr(event, "clerk")) for event in at_counter} == {(3, "clerk-3")}  # noqa: B009


def test_a_call_is_the_same_event_whoever_asks_for_it(hall: Pretend) -> None:
    # A call through the API that never reaches the board: novosga #530.
    hall.open(1, 2)
    hall.take_many(2)
    hall.do(c.CallNext(counter=1), MANAGER)
    hall.do(c.CallNext(counter=2), terminal(2))
    calls = [event for event in hall.events if isinstance(event, e.TicketCalled)]
    assert [(call.number, call.counter, call.by) for call in calls] == [
        ("A001", 1, "manager"),
        ("A002", 2, "counter-2"),
    ]


def test_two_calls_in_the_same_instant_are_two_events_that_each_say_where(hall: Pretend) -> None:
    # The board drops the first of two calls, or does not say which counter: FQM #275, #279.
    hall.open(1, 2)
    hall.take_many(2)
    hall.call(2)
    hall.call(1)
    calls = [event for event in hall.events if isinstance(event, e.TicketCalled)]
    assert [(call.number, call.counter) for call in calls] == [("A001", 2), ("A002", 1)]
    assert calls[0].at_ms == calls[1].at_ms
    assert calls[1].seq == calls[0].seq + 1


def test_who_sent_it_and_why_is_kept(hall: Pretend) -> None:
    hall.do(c.StopIssuing(why="full"))
    stopped = hall.events[-1]
    assert (stopped.by, stopped.why, stopped.service_day) == ("manager", "full", "2026-11-24")


def test_wrap_up_is_ended_only_where_there_is_one(hall: Pretend) -> None:
    hall.open(1)
    assert hall.refused(c.EndWrapUp(counter=1), terminal(1)) == Code.WRONG_STATE
    assert hall.refused(c.ResumeCounter(counter=1), terminal(1)) == Code.WRONG_STATE
    assert hall.refused(c.EndWrapUp(counter=2), terminal(2)) == Code.COUNTER_CLOSED
