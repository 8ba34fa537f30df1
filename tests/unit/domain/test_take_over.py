"""A terminal has died: its visitors go on elsewhere."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code
from tests.unit.domain.support import Pretend, terminal


def take_over(hall: Pretend, counter: int, dead: int) -> None:
    hall.do(c.TakeOverCounter(counter=counter, from_counter=dead))


def test_the_called_visitor_is_called_at_the_other_counter(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.call(1)
    take_over(hall, 2, 1)
    assert (hall.counter_state(1), hall.counter_state(2)) == ("closed", "calling")
    assert hall.ticket(ticket).counter == 2
    hall.start(2)
    assert hall.hall.clerks["clerk-2"].visits == 1


def test_the_served_visitor_loses_no_time(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take()
    hall.begin(1)
    hall.later(minutes=5)
    take_over(hall, 2, 1)
    hall.later(minutes=3)
    hall.finish(2)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert (finished.service_s, finished.clerk) == (480, "clerk-2")
    assert sum(hall.hall.visits.values()) == 1


def test_held_visitors_come_along(hall: Pretend) -> None:
    hall.open(1, 2)
    held, called = hall.take_many(2)
    hall.begin(1)
    hall.hold(1)
    hall.call(1)
    take_over(hall, 2, 1)
    moved = hall.last(e.CounterTakenOver)
    assert isinstance(moved, e.CounterTakenOver)
    assert moved.tickets == (called, held)
    hall.missed(2)
    hall.do(c.ResumeTicket(counter=2, ticket=held), terminal(2))
    hall.finish(2)


def test_a_take_over_is_not_undone_piecemeal(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take_many(2)
    hall.serve(2)
    hall.begin(1)
    take_over(hall, 2, 1)
    assert hall.refused(c.Undo(counter=2)) == Code.NOTHING_TO_UNDO
    assert hall.refused(c.Undo(counter=1)) == Code.COUNTER_CLOSED


def test_the_dead_counter_can_be_opened_again_by_its_clerk(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take()
    hall.begin(1)
    take_over(hall, 2, 1)
    hall.open(1)
    assert hall.counter_state(1) == "ready"


def test_only_a_free_counter_takes_over_and_only_from_another_open_one(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take_many(2)
    hall.begin(1)
    assert hall.refused(c.TakeOverCounter(counter=1, from_counter=2)) == Code.COUNTER_BUSY
    assert hall.refused(c.TakeOverCounter(counter=2, from_counter=2)) == Code.MALFORMED
    assert hall.refused(c.TakeOverCounter(counter=2, from_counter=3)) == Code.COUNTER_CLOSED
    assert hall.refused(c.TakeOverCounter(counter=3, from_counter=1)) == Code.COUNTER_CLOSED


def test_a_late_press_of_the_dead_terminal_does_nothing(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.begin(1)
    take_over(hall, 2, 1)
    assert hall.refused(c.FinishService(counter=1, ticket=ticket), terminal(1)) == Code.COUNTER_CLOSED
    hall.open(1)
    assert hall.refused(c.FinishService(counter=1, ticket=ticket), terminal(1)) == Code.STALE
    assert hall.state(ticket) == "serving"
