"""The manager keeps a waiting ticket for one counter, and lets go of it again."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code
from tests.unit.domain.support import Pretend


def assign(hall: Pretend, ticket: int, counter: int | None) -> list[e.Event]:
    return hall.do(c.AssignTicket(ticket=ticket, to_counter=counter, why="speaks Cantonese"))


def test_an_assigned_ticket_is_called_by_its_counter_alone(hall: Pretend) -> None:
    hall.open(1, 2)
    first, second = hall.take_many(2)
    [event] = assign(hall, first, 2)
    assert event.why == "speaks Cantonese"
    assert hall.call(1) == second
    assert hall.call(2) == first


def test_its_place_stays(hall: Pretend) -> None:
    hall.open(1, 2)
    first, second = hall.take_many(2)
    assign(hall, second, 2)
    assert hall.call(2) == first, "whoever came first is called first, by that counter too"


def test_pulled_back_it_may_be_called_anywhere_again(hall: Pretend) -> None:
    hall.open(1, 2)
    first = hall.take()
    assign(hall, first, 2)
    assign(hall, first, None)
    assert hall.call(1) == first


def test_one_whose_counter_closes_is_anybodys(hall: Pretend) -> None:
    hall.open(1, 2)
    first = hall.take()
    assign(hall, first, 2)
    hall.close(2)
    assert hall.call(1) == first


def test_assigning_twice_the_same_says_nothing_new(hall: Pretend) -> None:
    hall.open(2)
    first = hall.take()
    assign(hall, first, 2)
    assert assign(hall, first, 2) == []


def test_what_cannot_be_assigned(hall: Pretend) -> None:
    hall.open(1)
    hall.open(2, groups=("business",))
    ticket = hall.take()
    assert hall.refused(c.AssignTicket(ticket=ticket, to_counter=2)) == Code.COUNTER_NARROWED
    assert hall.refused(c.AssignTicket(ticket=ticket, to_counter=3)) == Code.COUNTER_CLOSED
    assert hall.refused(c.AssignTicket(ticket=ticket, to_counter=77)) == Code.UNKNOWN_COUNTER
    assert hall.refused(c.AssignTicket(ticket=999, to_counter=1)) == Code.UNKNOWN_TICKET
    hall.call(1)
    assert hall.refused(c.AssignTicket(ticket=ticket, to_counter=1)) == Code.WRONG_STATE
