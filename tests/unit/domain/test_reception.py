"""At the door: amend, cancel, reprint, find, rate; and a ticket for whoever stands at the counter without one."""

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.refusal import Code
from hall_controller.domain.ticket import Channel
from tests.unit.domain.support import GATEWAY, KIOSK, MANAGER, ORDINARY, PRIORITY, RECEPTION, Pretend, terminal


def test_a_wrong_matter_is_amended_and_number_and_place_stay(hall: Pretend) -> None:
    hall.open(1, groups=("business",))
    ticket = hall.take(matter="pension")
    hall.take(matter="licence")
    hall.do(c.AmendTicket(ticket=ticket, matter="licence"), RECEPTION)
    assert (hall.number(ticket), hall.ticket(ticket).subject) == ("A001", "legal")
    assert hall.call(1) == ticket


def test_a_wrong_class_is_amended_and_the_place_in_time_stays(hall: Pretend) -> None:
    hall.open(1)
    first, second, third = hall.take(ORDINARY), hall.take(PRIORITY), hall.take(PRIORITY)
    hall.do(c.AmendTicket(ticket=first, visitor_class=PRIORITY), RECEPTION)
    assert hall.number(first) == "A001"
    assert [hall.call(1)] == [first]
    hall.missed(1)
    hall.do(c.AmendTicket(ticket=second, visitor_class=ORDINARY), RECEPTION)
    assert hall.call(1) == third


def test_the_matter_of_a_visitor_at_the_counter_is_amended_and_learned_as_such(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(matter="pension")
    hall.begin(1)
    hall.do(c.AmendTicket(ticket=ticket, matter="licence"), terminal(1))
    hall.later(60)
    hall.finish(1)
    assert set(hall.hall.learned) == {"", "licence"}


def test_an_amendment_says_what(hall: Pretend) -> None:
    ticket = hall.take()
    assert hall.refused(c.AmendTicket(ticket=ticket), RECEPTION) == Code.MALFORMED
    assert hall.refused(c.AmendTicket(ticket=ticket, matter="nothing"), RECEPTION) == Code.UNKNOWN_MATTER


def test_who_gives_up_leaves_the_queue_and_the_reason_is_kept(hall: Pretend) -> None:
    for by, reason in ((GATEWAY, CancelReason.VISITOR), (RECEPTION, CancelReason.STAFF), (MANAGER, CancelReason.STAFF)):
        ticket = hall.take()
        hall.do(c.CancelTicket(ticket=ticket), by)
        cancelled = hall.last(e.TicketCancelled)
        assert isinstance(cancelled, e.TicketCancelled)
        assert cancelled.reason == reason
        assert hall.waiting() == []
        assert hall.refused(c.CancelTicket(ticket=ticket), by) == Code.WRONG_STATE


def test_nobody_is_cancelled_at_a_counter(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    assert hall.refused(c.CancelTicket(ticket=ticket), RECEPTION) == Code.WRONG_STATE


def test_each_reprint_is_a_numbered_copy(hall: Pretend) -> None:
    ticket = hall.take(by=KIOSK)
    for copy in (1, 2):
        hall.do(c.ReprintTicket(ticket=ticket, print_at="kiosk-2"), RECEPTION)
        reprint = hall.last(e.TicketReprintRequested)
        assert isinstance(reprint, e.TicketReprintRequested)
        assert (reprint.copy, reprint.kiosk, reprint.number) == (copy, "kiosk-2", "A001")


def test_channels_by_role(hall: Pretend) -> None:
    issued = {hall.ticket(hall.take(by=by)).channel for by in (KIOSK, RECEPTION, GATEWAY)}
    assert issued == {Channel.KIOSK, Channel.RECEPTION, Channel.PHONE}


def test_a_ticket_says_what_the_visitor_was_told(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(2)
    hall.take()
    issued = hall.last(e.TicketIssued)
    assert isinstance(issued, e.TicketIssued)
    assert issued.ahead == 2
    assert issued.predicted_wait_s == pytest.approx(960, rel=0.1)


def test_an_appointment_is_not_simply_claimed(hall: Pretend) -> None:
    from hall_controller.domain.ticket import VisitorClass

    command = c.IssueTicket(matter="pension", visitor_class=VisitorClass.APPOINTMENT)
    assert hall.refused(command, RECEPTION) == Code.MALFORMED
    assert hall.refused(c.IssueTicket(matter="nothing"), RECEPTION) == Code.UNKNOWN_MATTER


def test_a_visit_is_rated_once(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.begin(1)
    assert hall.refused(c.Rate(ticket=ticket, stars=5), GATEWAY) == Code.WRONG_STATE
    hall.finish(1)
    hall.do(c.Rate(ticket=ticket, stars=4), GATEWAY)
    assert hall.refused(c.Rate(ticket=ticket, stars=5), GATEWAY) == Code.ALREADY_RATED
    assert hall.refused(c.Rate(stars=5), GATEWAY) == Code.WRONG_STATE


def test_only_visits_are_rated(hall: Pretend) -> None:
    ticket = hall.take()
    hall.do(c.CancelTicket(ticket=ticket), RECEPTION)
    assert hall.refused(c.Rate(ticket=ticket, stars=5), GATEWAY) == Code.WRONG_STATE


def test_a_visitor_without_ticket_is_served_and_counted(hall: Pretend) -> None:
    hall.open(1)
    hall.do(c.ServeUnticketed(counter=1, matter="licence", visitor_class=PRIORITY), terminal(1))
    (ticket,) = hall.hall.tickets.values()
    assert (ticket.number, ticket.channel, ticket.state) == ("W001", "counter", "serving")
    hall.later(minutes=2)
    hall.finish(1)
    assert hall.hall.clerks["clerk-1"].visits == hall.hall.clerks["clerk-1"].finished == 1
    assert hall.refused(c.ServeUnticketed(counter=1, matter="nothing")) == Code.UNKNOWN_MATTER


def test_a_chosen_ticket_is_called_out_of_turn_and_the_others_keep_their_turn(hall: Pretend) -> None:
    # No way to call a chosen ticket out of turn: novosga #323.
    hall.open(1, 2)
    tickets = hall.take_many(4)
    hall.call_by_hand(1, tickets[2])
    called = hall.last(e.TicketCalled)
    assert isinstance(called, e.TicketCalled)
    assert (called.number, called.out_of_turn) == ("A003", True)
    assert hall.calls(2, 3) == "A001 A002 A004"


def test_a_call_by_hand_does_not_use_up_the_turns_of_others(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take_many(2, ORDINARY)
    favoured = hall.take_many(4, PRIORITY)
    hall.call_by_hand(2, favoured[3])
    assert hall.calls(1, 3) == "P001 P002 A001"


def test_only_who_waits_can_be_called_by_hand(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    booked = hall.book("2026-11-24 10:00:00")
    hall.call(1)
    assert hall.refused(c.CallTicket(counter=2, ticket=ticket)) == Code.WRONG_STATE
    assert hall.refused(c.CallTicket(counter=2, ticket=booked)) == Code.WRONG_STATE
    assert hall.refused(c.CallTicket(counter=2, ticket=999)) == Code.UNKNOWN_TICKET


def test_a_booking_is_not_issued_by_claiming_its_channel(hall: Pretend) -> None:
    assert hall.refused(c.IssueTicket(matter="pension", channel=Channel.APPOINTMENT), RECEPTION) == Code.MALFORMED
