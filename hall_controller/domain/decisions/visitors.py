"""Commands about tickets: kiosk, reception, phone, printer."""

from typing import Any

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import RESULTS_GROUP, AcceptanceState
from hall_controller.domain.bundle import bundle_usual_s
from hall_controller.domain.commands import CancelReason, PrintOutcome
from hall_controller.domain.day import StopCause
from hall_controller.domain.decisions.acceptances import find_acceptance
from hall_controller.domain.decisions.common import (
    Moment,
    find_bundle,
    find_matter,
    find_ticket,
    must_be,
    number_of,
    refuse,
)
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.matters import How, Matter
from hall_controller.domain.numbers import next_number
from hall_controller.domain.refusal import Code
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import Channel, Paper, Place, Ticket, TicketState, VisitorClass

Events = list[e.Event]
LOW_STARS = 3
"""With so many or fewer a visitor is asked why."""
RETURN_BEHIND = 2
"""A visitor who missed the call and is back goes behind this many of the class."""

WHY_STOPPED = {
    StopCause.MANAGER: "No more tickets are issued now; ask the hall manager.",
    StopCause.LAST_TICKET: "Today's last ticket is out: a newcomer could not be served before closing.",
    StopCause.LUNCH: "No tickets are issued over lunch; come back when the hall opens again.",
    StopCause.SHUT: "The hall is shut now; come back in its hours, or book a visit.",
}
CHANNEL_OF_ROLE = {Role.KIOSK: Channel.KIOSK, Role.GATEWAY: Channel.PHONE}


def issue_ticket(hall: Hall, command: c.IssueTicket, moment: Moment) -> Events:
    must_issue(hall)
    matters = find_bundle(moment, command.matter, command.more, command.theme)
    matter = matters[0]
    if command.receipt is not None:
        _must_be_ready(hall, matter, command.receipt)
    if command.visitor_class is VisitorClass.APPOINTMENT:
        refuse(Code.MALFORMED, "visitor_class appointment comes from book_ticket and check_in.", "visitor_class")
    if command.channel in (Channel.APPOINTMENT, Channel.COUNTER):
        refuse(Code.MALFORMED, f"channel {command.channel} is not issued; give kiosk, reception or phone.", "channel")
    at_kiosk = moment.by.role is Role.KIOSK
    number, prefix, count = next_number(hall, command.visitor_class, matter.group)
    estimate = moment.estimate
    return [
        e.TicketIssued(
            ticket=hall.next_ticket,
            number=number,
            prefix=prefix,
            count=count,
            matter=matter.code,
            group=matter.group,
            subject=matter.subject,
            visitor_class=command.visitor_class,
            channel=command.channel or CHANNEL_OF_ROLE.get(moment.by.role, Channel.RECEPTION),
            language=command.language,
            place=(moment.at_ms, hall.seq + 1),
            kiosk=printed_at(moment, command.print_at),
            paper=Paper.PENDING if at_kiosk else Paper.NOT_EXPECTED,
            claim_by_ms=moment.at_ms + in_force(hall).claim_s * 1000 if at_kiosk else None,
            ahead=estimate.ahead if estimate else None,
            predicted_wait_s=estimate.wait_s if estimate else None,
            predicted_bound_s=estimate.bound_s if estimate else None,
            usual_s=bundle_usual_s(matters),
            more=tuple(one.code for one in matters[1:]),
            theme=command.theme,
            receipt=command.receipt,
        )
    ]


def _must_be_ready(hall: Hall, matter: Matter, receipt: str) -> None:
    """Nobody waits in vain: a result that is not here yet is said before the number is given."""
    if matter.group != RESULTS_GROUP:
        refuse(Code.MALFORMED, f"matter {matter.code!r} is not for collecting a result; give one of pickup.", "matter")
    found = find_acceptance(hall, receipt)
    if found.state is not AcceptanceState.READY:
        refuse(Code.NOT_READY, f"The result of {receipt} is not here yet: it is {found.state}.", "receipt")


def must_issue(hall: Hall) -> None:
    if hall.issuing is Issuing.CLOSED:
        refuse(Code.HALL_CLOSED, f"The hall is closed: {hall.issuing_reason}.")
    if hall.issuing is Issuing.STOPPED:
        refuse(Code.ISSUING_STOPPED, WHY_STOPPED[hall.stop_cause or StopCause.MANAGER])


def acknowledge_ticket(hall: Hall, command: c.AcknowledgeTicket, moment: Moment) -> Events:
    ticket = hall.tickets.get(command.ticket)
    if ticket is None:
        return []  # It may have ended while the number stood on the screen: nothing is left to say.
    if moment.by.role is Role.KIOSK and ticket.kiosk != moment.by.name:
        refuse(Code.NOT_ALLOWED, f"Ticket {ticket.number} was not issued at this kiosk.", "ticket")
    if ticket.paper in (Paper.PRINTED, Paper.ACKNOWLEDGED):
        return []
    return [e.TicketAcknowledged(ticket=ticket.ticket, number=ticket.number)]


def report_print(hall: Hall, command: c.ReportPrint, moment: Moment) -> Events:
    del moment
    ticket = hall.tickets.get(command.ticket)
    if ticket is None:
        return []
    if command.outcome is PrintOutcome.FAILED:
        return [e.TicketPrintFailed(ticket=ticket.ticket, number=ticket.number, detail=command.detail)]
    if ticket.paper is Paper.PRINTED:
        return []
    return [e.TicketPrinted(ticket=ticket.ticket, number=ticket.number)]


def reprint_ticket(hall: Hall, command: c.ReprintTicket, moment: Moment) -> Events:
    del moment
    ticket = find_ticket(hall, command.ticket)
    if ticket.number is None:
        refuse(Code.WRONG_STATE, "A booking has no number yet; check it in first.", "ticket")
    kiosk = command.print_at or ticket.kiosk or "kiosk"
    return [e.TicketReprintRequested(ticket=ticket.ticket, number=ticket.number, kiosk=kiosk, copy=ticket.copies + 1)]


def printed_at(moment: Moment, print_at: str | None) -> str | None:
    return moment.by.name if moment.by.role is Role.KIOSK else print_at


def print_documents(hall: Hall, command: c.PrintDocuments, moment: Moment) -> Events:
    del hall
    first, *more = (matter.code for matter in find_bundle(moment, command.matter, command.more))
    kiosk = printed_at(moment, command.print_at)
    if kiosk is None:
        refuse(Code.MALFORMED, "Where to print? Give print_at.", "print_at")
    return [e.DocumentsRequested(matter=first, language=command.language, kiosk=kiosk, more=tuple(more))]


def divert(hall: Hall, command: c.Divert, moment: Moment) -> Events:
    del hall
    matter = find_matter(moment, command.matter)
    if command.way in (How.HERE, How.ANY_HALL) or command.way not in matter.how:
        ways = ", ".join(way for way in matter.how if way not in (How.HERE, How.ANY_HALL)) or "none"
        refuse(Code.WRONG_STATE, f"{matter.code!r} cannot be done by {command.way}; without a visit: {ways}.", "way")
    return [e.VisitDiverted(matter=matter.code, subject=matter.subject, way=command.way, language=command.language)]


def cancel_ticket(hall: Hall, command: c.CancelTicket, moment: Moment) -> Events:
    ticket = find_ticket(hall, command.ticket)
    must_be(ticket, TicketState.WAITING, TicketState.BOOKED, TicketState.UNCLAIMED)
    by = moment.by
    if by.role is Role.KIOSK and (ticket.kiosk != by.name or ticket.paper is Paper.PRINTED):
        refuse(
            Code.NOT_ALLOWED, f"Ticket {ticket.number} is printed or from another place; ask at reception.", "ticket"
        )
    visitor = by.role in (Role.KIOSK, Role.GATEWAY)
    return [cancelled(ticket, CancelReason.VISITOR if visitor else CancelReason.STAFF)]


def cancelled(ticket: Ticket, reason: CancelReason) -> e.TicketCancelled:
    return e.TicketCancelled(ticket=ticket.ticket, number=ticket.number, reason=reason, state=ticket.state)


def amend_ticket(hall: Hall, command: c.AmendTicket, moment: Moment) -> Events:
    ticket = find_ticket(hall, command.ticket)
    if command.matter is None and command.visitor_class is None and command.more is None:
        refuse(Code.MALFORMED, "Nothing to amend; give matter, more or visitor_class.", "matter")
    if command.visitor_class is not None and ticket.state is TicketState.BOOKED:
        refuse(Code.WRONG_STATE, "A booking has no visitor class yet; check it in first.", "visitor_class")
    return [
        e.TicketAmended(
            ticket=ticket.ticket,
            number=ticket.number,
            visitor_class=command.visitor_class or ticket.visitor_class,
            **matters_changed(ticket, command.matter, command.more, moment),
        )
    ]


def matters_changed(ticket: Ticket, code: str | None, more: tuple[str, ...] | None, moment: Moment) -> dict[str, Any]:
    """What an event says of a ticket's matters once the first of them, or the others, are different ones."""
    first = code or ticket.matter
    if code is None and more is None:
        # Untouched, and maybe of an earlier catalogue.
        return {name: getattr(ticket, name) for name in ("matter", "group", "subject", "usual_s", "more")}
    if more is None:
        more = tuple(one for one in ticket.more if one != first and one in moment.catalogue.matters)
    matters = find_bundle(moment, first, more)
    return {
        "matter": first,
        "group": matters[0].group,
        "subject": matters[0].subject,
        "usual_s": bundle_usual_s(matters),
        "more": tuple(one.code for one in matters[1:]),
    }


def return_to_queue(hall: Hall, command: c.ReturnToQueue, moment: Moment) -> Events:
    ended = hall.ended.get(command.ticket)
    if ended is not None and ended.state is TicketState.NO_SHOW:
        refuse(Code.GRACE_OVER, f"The time to return with {ended.number} is over; please take a new ticket.", "ticket")
    ticket = find_ticket(hall, command.ticket)
    must_be(ticket, TicketState.MISSED)
    if moment.at_ms > (ticket.missed_at_ms or 0) + in_force(hall).missed_grace_s * 1000:
        refuse(Code.GRACE_OVER, f"The time to return with {ticket.number} is over; please take a new ticket.", "ticket")
    queue = hall.queues.get(ticket.visitor_class, [])
    behind: Place | None = queue[min(len(queue), RETURN_BEHIND) - 1][0] if queue else None
    # One who was called out of turn gains nothing by missing it: the own place is never bettered.
    place = ticket.place if behind is None else max(ticket.place, (*behind, hall.seq + 1))
    return [e.TicketReturned(ticket=ticket.ticket, number=number_of(ticket), place=place)]


def rate(hall: Hall, command: c.Rate, moment: Moment) -> Events:
    del moment
    ended = hall.ended.get(command.ticket or 0)
    if command.ticket is None or ended is None or ended.state is not TicketState.DONE:
        refuse(Code.WRONG_STATE, "Only a visit of today that is done can be rated.", "ticket")
    if ended.rated:
        refuse(Code.ALREADY_RATED, "This visit has been rated already; thank you.", "ticket")
    if command.stars > LOW_STARS and command.reasons:
        refuse(Code.MALFORMED, f"reasons are of a rating of {LOW_STARS} stars or less; leave them out.", "reasons")
    return [
        e.TicketRated(
            ticket=command.ticket,
            stars=command.stars,
            number=ended.number,
            reasons=tuple(dict.fromkeys(command.reasons)),
            comment=command.comment.strip(),
            matter=ended.matter,
            counter=ended.counter,
            clerk=ended.clerk,
        )
    ]
