"""Commands about bookings: one is made, moved to another half hour, and its visitor checks in."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.booking import slots
from hall_controller.domain.bundle import bundle_usual_s, matters_of
from hall_controller.domain.decisions.common import Moment, find_bundle, find_ticket, must_be, refuse
from hall_controller.domain.decisions.visitors import must_issue, printed_at
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local, service_day
from hall_controller.domain.numbers import next_number
from hall_controller.domain.refusal import Code
from hall_controller.domain.sender import Role
from hall_controller.domain.stranded_bookings import clashing, is_taken_now, stranded_by
from hall_controller.domain.ticket import Paper, Ticket, TicketState, VisitorClass

Events = list[e.Event]
BY_THEMSELVES = (Role.KIOSK, Role.GATEWAY, Role.BOARD)
"""By these a visitor speaks: the half hour must be free."""


def book_ticket(hall: Hall, command: c.BookTicket, moment: Moment) -> Events:
    matters = find_bundle(moment, command.matter, command.more, command.theme)
    matter = matters[0]
    _must_be_ahead(command.slot_at_ms, moment.at_ms)
    _must_not_be_closed(hall, command.slot_at_ms)
    if moment.by.role in BY_THEMSELVES:
        _must_be_free(hall, command.slot_at_ms, moment.at_ms)
    if command.holder is not None:
        _must_not_clash(hall, command.holder, {one.code for one in matters}, command.slot_at_ms)
        _must_not_hold_more(hall, command.holder)
    return [
        e.TicketBooked(
            ticket=hall.next_ticket,
            matter=matter.code,
            group=matter.group,
            subject=matter.subject,
            language=command.language,
            slot_at_ms=command.slot_at_ms,
            usual_s=bundle_usual_s(matters),
            kiosk=printed_at(moment, command.print_at),
            more=tuple(one.code for one in matters[1:]),
            theme=command.theme,
            holder=command.holder,
        )
    ]


def rebook_ticket(hall: Hall, command: c.RebookTicket, moment: Moment) -> Events:
    """Code, token and all else of the booking stay. A visitor moves one that is stranded; the staff any."""
    ticket = find_ticket(hall, command.ticket)
    must_be(ticket, TicketState.BOOKED)
    why = stranded_by(hall, ticket)
    if why is None and ticket.slot_at_ms == command.slot_at_ms:
        return []  # It has been moved there already.
    _must_be_ahead(command.slot_at_ms, moment.at_ms)
    if moment.by.role in BY_THEMSELVES and why is None:
        message = "This booking holds: the hall is open then. To come at another time, cancel it and book again."
        refuse(Code.WRONG_STATE, message, "ticket")
    _must_not_be_closed(hall, command.slot_at_ms)
    if moment.by.role in BY_THEMSELVES:
        _must_be_free(hall, command.slot_at_ms, moment.at_ms)
    if ticket.holder is not None:
        _must_not_clash(hall, ticket.holder, set(matters_of(ticket)), command.slot_at_ms, ticket.ticket)
    return [
        e.TicketRebooked(ticket=ticket.ticket, slot_at_ms=command.slot_at_ms, from_slot_at_ms=ticket.slot_at_ms or 0)
    ]


def _must_be_ahead(slot_at_ms: int, at_ms: int) -> None:
    if slot_at_ms <= at_ms:
        refuse(Code.MALFORMED, "slot_at_ms is in the past; choose a later moment.", "slot_at_ms")


def _must_not_be_closed(hall: Hall, slot_at_ms: int) -> None:
    """In an emergency nobody is to come today."""
    if hall.issuing is Issuing.CLOSED and service_day(in_force(hall), slot_at_ms) == hall.service_day:
        must_issue(hall)


def _must_be_free(hall: Hall, slot_at_ms: int, at_ms: int) -> None:
    day = local(in_force(hall), slot_at_ms).date()
    free = {slot.slot_at_ms: slot.free for slot in slots(hall, day, at_ms)}
    if not free.get(slot_at_ms):
        refuse(Code.NO_SLOT, "This half hour cannot be booked, or is full; choose another.", "slot_at_ms")


def _must_not_clash(hall: Hall, holder: str, matters: set[str], slot_at_ms: int, but: int | None = None) -> None:
    """One person comes once: not in the same half hour, nor on the same day for the same matter."""
    other = clashing(hall, holder, matters, slot_at_ms, but)
    if other is not None:
        when = local(in_force(hall), other.slot_at_ms or 0).strftime("%Y-%m-%d %H:%M")
        refuse(Code.ALREADY_BOOKED, f"There is a booking already, for {when}; cancel that one first.", "holder")


def _must_not_hold_more(hall: Hall, holder: str) -> None:
    own = sum(one.holder == holder and one.state is TicketState.BOOKED for one in hall.tickets.values())
    if own >= in_force(hall).booking_holder_limit:
        message = f"There are {own} bookings already, the most that one person may hold; cancel one first."
        refuse(Code.TOO_MANY_BOOKINGS, message, "holder")


def check_in(hall: Hall, command: c.CheckIn, moment: Moment) -> Events:
    """On time: class appointment, placed at the slot. Late: an ordinary visitor, placed at arrival.

    A booking is a promise: it holds when no more tickets are issued. Whoever stood before a locked door keeps the class
    and is placed at arrival.
    """
    if hall.issuing is Issuing.CLOSED:
        must_issue(hall)
    ticket = find_ticket(hall, command.ticket)
    must_be(ticket, TicketState.BOOKED)
    rules = in_force(hall)
    slot_at_ms = ticket.slot_at_ms or moment.at_ms
    early_ms = slot_at_ms - rules.appointment_early_s * 1000
    if stranded_by(hall, ticket) is not None:
        _must_be_open(hall, ticket, moment.at_ms)
    elif moment.at_ms < early_ms:
        minutes = rules.appointment_early_s // 60
        refuse(Code.TOO_EARLY, f"Check-in opens {minutes} minutes before the booked time; please come back then.")
    visitor_class = class_on_arrival(hall, ticket, moment.at_ms)
    on_time = early_ms <= moment.at_ms <= slot_at_ms + rules.appointment_late_s * 1000
    number, prefix, count = next_number(hall, visitor_class, ticket.group)
    at_kiosk = moment.by.role is Role.KIOSK
    estimate = moment.estimate
    return [
        e.TicketCheckedIn(
            ticket=ticket.ticket,
            number=number,
            prefix=prefix,
            count=count,
            visitor_class=visitor_class,
            place=(slot_at_ms if on_time else moment.at_ms, hall.seq + 1),
            kiosk=printed_at(moment, command.print_at),
            paper=Paper.PENDING if at_kiosk else Paper.NOT_EXPECTED,
            claim_by_ms=moment.at_ms + rules.claim_s * 1000 if at_kiosk else None,
            ahead=estimate.ahead if estimate else None,
            predicted_wait_s=estimate.wait_s if estimate else None,
            predicted_bound_s=estimate.bound_s if estimate else None,
        )
    ]


def class_on_arrival(hall: Hall, ticket: Ticket | None, at_ms: int) -> VisitorClass:
    """Of a booked visitor who checks in now: too late, it is that of anyone who walks in."""
    slot_at_ms = ticket.slot_at_ms if ticket is not None else None
    late = slot_at_ms is not None and at_ms > slot_at_ms + in_force(hall).appointment_late_s * 1000
    kept = ticket is not None and stranded_by(hall, ticket) is not None
    return VisitorClass.ORDINARY if late and not kept else VisitorClass.APPOINTMENT


def _must_be_open(hall: Hall, ticket: Ticket, at_ms: int) -> None:
    """Whoever comes in vain to a booked half hour keeps the booking: a number from a shut hall would end by night."""
    if not is_taken_now(hall, ticket, at_ms):
        message = (
            "The hall is shut at the booked time: take another half hour, or come when it is open, from that day on."
        )
        refuse(Code.TOO_EARLY, message)
