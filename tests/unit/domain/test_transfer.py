"""Sent to another counter or another matter: number and place stay."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code
from tests.unit.domain.support import PRIORITY, Pretend, terminal


def send(hall: Pretend, counter: int, to_counter: int | None = None, matter: str | None = None) -> None:
    hall.do(c.Transfer(counter=counter, to_counter=to_counter, matter=matter), terminal(counter))


def test_a_transfer_keeps_number_and_place(hall: Pretend) -> None:
    # A transfer that changes the visitor's number: novosga #15.
    hall.open(1, 2)
    ticket, *later = hall.take_many(4)
    hall.begin(1)
    hall.later(minutes=3)
    send(hall, 1, 2)
    assert hall.number(ticket) == "A001"
    assert hall.call(2) == ticket
    assert hall.call(1) == later[0]


def test_other_counters_leave_the_visitor_to_the_counter_sent_to(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.begin(1)
    send(hall, 1, 2)
    assert hall.call(1) is None
    assert hall.call(2) == ticket


def test_when_the_counter_sent_to_has_closed_anyone_may_take_the_visitor(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.begin(1)
    send(hall, 1, 2)
    hall.close(2)
    assert hall.call(1) == ticket


def test_when_the_counter_sent_to_comes_back_narrowed_anyone_may_take_the_visitor(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take(matter="pension")
    hall.begin(1)
    send(hall, 1, 2)
    hall.close(2)
    hall.open(2, groups=("pickup",))
    assert hall.call(2) is None
    assert hall.call(1) == ticket


def test_with_another_matter_any_counter_may_take_the_visitor(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take(matter="pension")
    hall.begin(1)
    send(hall, 1, matter="licence")
    assert hall.call(2) == ticket
    assert (hall.ticket(ticket).matter, hall.ticket(ticket).group) == ("licence", "business")


def test_a_transferred_visitor_is_one_visit_and_the_times_add_up(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.later(minutes=5)
    hall.begin(1)
    hall.later(minutes=3)
    send(hall, 1, 2)
    hall.later(minutes=10)
    assert hall.begin(2) == ticket
    hall.later(minutes=4)
    hall.finish(2)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert finished.service_s == 7 * 60
    assert sum(hall.hall.visits.values()) == 1
    called = hall.last(e.TicketCalled)
    assert isinstance(called, e.TicketCalled)
    assert (called.first, called.wait_s) == (False, 300)


def test_each_clerk_is_credited_with_the_own_part(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take()
    hall.begin(1)
    hall.later(minutes=20)
    send(hall, 1, 2)
    hall.begin(2)
    hall.later(minutes=2)
    hall.finish(2)
    first, second = hall.hall.clerks["clerk-1"], hall.hall.clerks["clerk-2"]
    assert (first.visits, first.finished, first.service_s) == (1, 0, 1200)
    assert (second.visits, second.finished, second.service_s) == (0, 1, 120)


def test_a_transfer_says_where_to(hall: Pretend) -> None:
    hall.open(1)
    hall.open(2, groups=("pickup",))
    hall.take()
    hall.begin(1)
    assert hall.refused(c.Transfer(counter=1)) == Code.MALFORMED
    assert hall.refused(c.Transfer(counter=1, to_counter=1)) == Code.MALFORMED
    assert hall.refused(c.Transfer(counter=1, to_counter=3)) == Code.COUNTER_CLOSED
    assert hall.refused(c.Transfer(counter=1, to_counter=99)) == Code.UNKNOWN_COUNTER
    assert hall.refused(c.Transfer(counter=1, to_counter=2)) == Code.COUNTER_NARROWED
    assert hall.refused(c.Transfer(counter=1, matter="nothing")) == Code.UNKNOWN_MATTER
    send(hall, 1, 2, "collect")
    assert hall.call(2) is not None


def test_a_transferred_visitor_keeps_the_class(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(PRIORITY)
    hall.take()
    hall.begin(1)
    send(hall, 1, matter="licence")
    assert hall.call(1) == ticket


def test_one_who_misses_the_second_call_is_still_waited_for_at_that_counter(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.begin(1)
    send(hall, 1, 2)
    hall.call(2)
    hall.missed(2)
    hall.do(c.ReturnToQueue(ticket=ticket))
    assert hall.call(1) is None
    assert hall.call(2) == ticket
