"""Not there when called; set aside for a while."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code
from tests.unit.domain.support import PRIORITY, RECEPTION, Pretend, terminal


def back(hall: Pretend, ticket: int) -> None:
    hall.do(c.ReturnToQueue(ticket=ticket), RECEPTION)


def test_a_visitor_who_is_back_comes_behind_the_next_two(hall: Pretend) -> None:
    hall.open(1)
    first, *_ = hall.take_many(5)
    hall.call(1)
    hall.missed(1)
    back(hall, first)
    assert hall.calls(1, 5) == "A002 A003 A001 A004 A005"


def test_one_called_out_of_turn_gains_nothing_by_missing_it(hall: Pretend) -> None:
    hall.open(1)
    last = hall.take_many(5)[-1]
    hall.call_by_hand(1, last)
    hall.missed(1)
    back(hall, last)
    assert hall.calls(1, 5) == "A001 A002 A003 A004 A005"


def test_two_who_are_back_keep_the_order_in_which_they_came_back(hall: Pretend) -> None:
    hall.open(1)
    first, second, *_ = hall.take_many(5)
    for _ in range(2):
        hall.call(1)
        hall.missed(1)
    back(hall, second)
    back(hall, first)
    hall.take()
    assert hall.calls(1, 6) == "A003 A004 A002 A001 A005 A006"


def test_with_fewer_than_two_waiting_one_is_behind_those(hall: Pretend) -> None:
    hall.open(1)
    first, _ = hall.take_many(2)
    hall.call(1)
    hall.missed(1)
    back(hall, first)
    hall.take()
    assert hall.calls(1, 3) == "A002 A001 A003"


def test_the_next_two_are_those_of_the_own_class(hall: Pretend) -> None:
    hall.open(1)
    first = hall.take_many(3, PRIORITY)[0]
    hall.call(1)
    hall.missed(1)
    back(hall, first)
    assert hall.calls(1, 3) == "P002 P003 P001"


def test_after_the_grace_period_it_is_a_no_show_and_the_visitor_is_told_what_to_do(hall: Pretend) -> None:
    hall.open(1)
    first, second = hall.take_many(2)
    for _ in range(2):
        hall.call(1)
        hall.missed(1)
    hall.later(minutes=30)
    back(hall, first)
    hall.now_ms += 1
    assert hall.refused(c.ReturnToQueue(ticket=second), RECEPTION) == Code.GRACE_OVER
    hall.tick()
    assert hall.state(second) == "no_show"
    assert hall.refused(c.ReturnToQueue(ticket=second), RECEPTION) == Code.GRACE_OVER
    assert hall.hall.no_shows == 1


def test_missed_and_back_the_wait_counts_to_the_first_call(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.later(minutes=4)
    hall.call(1)
    hall.missed(1)
    back(hall, ticket)
    hall.later(minutes=9)
    hall.call(1)
    called = hall.last(e.TicketCalled)
    assert isinstance(called, e.TicketCalled)
    assert (called.wait_s, called.first) == (240, False)


def test_a_missed_visitor_may_be_called_by_hand(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    hall.missed(1)
    hall.call_by_hand(1, ticket)
    assert hall.state(ticket) == "called"
    assert hall.refused(c.ReturnToQueue(ticket=ticket), RECEPTION) == Code.WRONG_STATE


def test_recall_announces_again_and_counts(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    for _ in range(2):
        hall.do(c.Recall(counter=1, ticket=ticket), terminal(1))
    recalled = hall.last(e.TicketRecalled)
    assert isinstance(recalled, e.TicketRecalled)
    assert (recalled.calls, recalled.counter, recalled.number) == (3, 1, "A001")
    hall.start(1)
    assert hall.refused(c.Recall(counter=1)) == Code.WRONG_STATE
    assert hall.refused(c.Missed(counter=1)) == Code.WRONG_STATE


def test_a_held_visitor_does_not_block_the_counter_and_the_pause_is_no_service_time(hall: Pretend) -> None:
    hall.open(1)
    ticket, other = hall.take_many(2)
    hall.begin(1)
    hall.later(minutes=2)
    hall.hold(1)
    assert hall.serve(1, seconds=600) == other
    hall.do(c.ResumeTicket(counter=1, ticket=ticket), terminal(1))
    hall.later(minutes=1)
    hall.finish(1)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert finished.service_s == 180
    assert sum(hall.hall.visits.values()) == 2
    assert hall.hall.clerks["clerk-1"].service_s == 780


def test_a_held_visitor_may_be_taken_up_by_another_counter(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.begin(1)
    hall.hold(1)
    hall.close(1)
    hall.do(c.ResumeTicket(counter=2, ticket=ticket), terminal(2))
    assert hall.ticket(ticket).counter == 2
    assert hall.refused(c.ResumeTicket(counter=2, ticket=ticket), terminal(2)) == Code.COUNTER_BUSY


def test_parts_of_seconds_on_both_sides_of_a_hold_are_not_lost(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.begin(1)
    hall.later(1.7)
    hall.hold(1)
    hall.do(c.ResumeTicket(counter=1, ticket=ticket), terminal(1))
    hall.later(1.7)
    hall.finish(1)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert finished.service_s == 3
