"""Which tickets this printer is to print: pure. Decided from the hall and from what was handled before."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from hall_controller.domain.events import Event, TicketIssued, TicketReprintRequested
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.matters import Matter
from hall_controller.domain.prediction import predict
from hall_controller.domain.ticket import Paper, Ticket, TicketState
from ticket_printer.printer.handled import Handled
from ticket_printer.printer.layout import TicketFacts


class WhyNot(StrEnum):
    """Why a paper is not to come out (any more)."""

    HANDLED = "handled before"
    ENDED = "no longer waiting"
    HELD = "the visitor holds the number already"
    TOO_LATE = "too late"


WORTH_PAPER = (TicketState.WAITING, TicketState.UNCLAIMED, TicketState.CALLED, TicketState.MISSED, TicketState.HELD)


class Job(NamedTuple):
    """One piece of paper to print."""

    ticket: int
    copy: int
    """0 for the ticket itself, n for its n-th reprint."""
    asked_at_ms: int
    """The hall's clock, when it was issued or the reprint asked for."""
    ahead: int | None = None
    predicted_wait_s: int | None = None
    """What the visitor was told; None: to be predicted when it is printed."""


def job_of(event: Event, kiosk: str) -> Job | None:
    """What an event asks of the printer of this kiosk."""
    if isinstance(event, TicketIssued) and event.kiosk == kiosk:
        return Job(event.ticket, 0, event.at_ms, event.ahead, event.predicted_wait_s)
    if isinstance(event, TicketReprintRequested) and event.kiosk == kiosk:
        return Job(event.ticket, event.copy, event.at_ms)
    return None


def jobs_found(hall: Hall, kiosk: str) -> list[Job]:
    """What a printer that comes (back) to the hall finds waiting for its paper, the oldest first.

    Reprints that were asked for meanwhile are not printed late: whoever asked sees that none came.
    """
    return [
        Job(ticket.ticket, 0, ticket.issued_at_ms)
        for ticket in hall.tickets.values()
        if ticket.kiosk == kiosk and ticket.paper is Paper.PENDING and ticket.state is not TicketState.UNCLAIMED
    ]


def reason_not_to(hall: Hall, job: Job, handled: Handled, now_ms: int, fresh_s: float) -> WhyNot | None:
    """Asked right before printing; None when the paper is to come out."""
    ticket = hall.tickets.get(job.ticket)
    if handled.has(hall.epoch, job.ticket, job.copy):
        return WhyNot.HANDLED
    if ticket is None or ticket.state not in WORTH_PAPER:
        return WhyNot.ENDED
    if job.copy == 0 and ticket.paper not in (Paper.PENDING, Paper.NOT_EXPECTED):
        return WhyNot.HELD
    if now_ms - job.asked_at_ms > fresh_s * 1000:
        return WhyNot.TOO_LATE
    return None


def facts_of(
    hall: Hall, job: Job, ticket: Ticket, matter: Matter | None, phone_url: str | None, now_ms: int
) -> TicketFacts:
    """What stands on the paper. `phone_url` is whole, token included."""
    rules = in_force(hall)
    ahead, wait_s = job.ahead, job.predicted_wait_s
    if ahead is None and (estimate := predict(hall, now_ms).get(ticket.ticket)):
        ahead, wait_s = estimate.ahead, estimate.wait_s
    return TicketFacts(
        hall_zh=rules.name_zh or rules.name_en or rules.hall,
        hall_en=rules.name_en,
        number=ticket.number or "",
        matter_zh=matter.name_zh if matter else ticket.matter,
        matter_en=matter.name_en if matter else "",
        visitor_class=ticket.visitor_class,
        language=ticket.language,
        issued_at=_wall(hall, ticket.issued_at_ms),
        ahead=ahead,
        predicted_wait_s=wait_s,
        phone_url=phone_url,
        documents_zh=matter.documents_zh if matter else (),
        documents_en=matter.documents_en if matter else (),
        missed_grace_s=rules.missed_grace_s,
        copy=job.copy,
        printed_at=_wall(hall, now_ms),
    )


def _wall(hall: Hall, at_ms: int) -> dt.datetime:
    return local(in_force(hall), at_ms)
