"""Which papers this printer is to print: pure. Decided from the hall and from what was handled before."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from hall_controller.domain.events import (
    ConsignmentSent,
    DocumentsRequested,
    Event,
    MatterAccepted,
    PapersReprintRequested,
    TicketBooked,
    TicketCheckedIn,
    TicketIssued,
    TicketReprintRequested,
)
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import Language, Paper, Ticket, TicketState
from ticket_printer.printer.handled import Handled, Key, Kind


class WhyNot(StrEnum):
    """Why a paper is not to come out (any more)."""

    HANDLED = "handled before"
    ENDED = "no longer waiting"
    HELD = "the visitor holds the number already"
    TOO_LATE = "too late"


WORTH_PAPER = (TicketState.WAITING, TicketState.UNCLAIMED, TicketState.CALLED, TicketState.MISSED, TicketState.HELD)


class Job(NamedTuple):
    """A number to print: of a ticket, or of a booking that was checked in."""

    ticket: int
    copy: int
    """0 for the ticket itself, n for its n-th reprint."""
    asked_at_ms: int
    """The hall's clock, when it was issued or the reprint asked for."""
    ahead: int | None = None
    predicted_wait_s: int | None = None
    predicted_bound_s: int | None = None
    """What the visitor was told; None: to be predicted when it is printed."""

    @property
    def key(self) -> Key:
        return Key(self.ticket, self.copy)


class BookingJob(NamedTuple):
    """The slip of a booking to print."""

    ticket: int
    asked_at_ms: int

    @property
    def key(self) -> Key:
        return Key(self.ticket, kind=Kind.BOOKING)


class DocumentsJob(NamedTuple):
    """A document list to print."""

    seq: int
    """Of the event that asks for it: each is printed once."""
    matter: str
    language: Language
    asked_at_ms: int
    more: tuple[str, ...] = ()
    """Further matters, in the same list."""

    @property
    def key(self) -> Key:
        return Key(self.seq, kind=Kind.DOCUMENTS)


class ReceiptJob(NamedTuple):
    """The receipt of an acceptance to print."""

    seq: int
    receipt: str
    ticket: int
    asked_at_ms: int
    language: Language = Language.MANDARIN
    """Of the visitor, whose ticket may have ended before the paper comes out."""
    copy: int = 0
    """n for its n-th reprint."""

    @property
    def key(self) -> Key:
        return Key(self.seq, kind=Kind.RECEIPT)


class ConsignmentJob(NamedTuple):
    """A transfer list to print."""

    seq: int
    consignment: str
    asked_at_ms: int
    copy: int = 0

    @property
    def key(self) -> Key:
        return Key(self.seq, kind=Kind.CONSIGNMENT)


TicketsJob = Job | BookingJob
AnyJob = TicketsJob | DocumentsJob | ReceiptJob | ConsignmentJob


def job_of(event: Event, kiosk: str) -> AnyJob | None:
    """What an event asks of the printer of this kiosk."""
    if getattr(event, "kiosk", None) != kiosk:
        return None
    match event:
        case TicketIssued() | TicketCheckedIn():
            told = (event.ahead, event.predicted_wait_s, event.predicted_bound_s)
            return Job(event.ticket, 0, event.at_ms, *told)
        case TicketReprintRequested():
            return Job(event.ticket, event.copy, event.at_ms)
        case TicketBooked():
            return BookingJob(event.ticket, event.at_ms)
        case DocumentsRequested():
            return DocumentsJob(event.seq, event.matter, event.language, event.at_ms, event.more)
        case MatterAccepted():
            return ReceiptJob(event.seq, event.receipt, event.ticket, event.at_ms)
        case PapersReprintRequested(receipt=str() as receipt, ticket=int() as ticket):
            return ReceiptJob(event.seq, receipt, ticket, event.at_ms, copy=event.copy)
        case PapersReprintRequested(consignment=str() as consignment):
            return ConsignmentJob(event.seq, consignment, event.at_ms, event.copy)
        case ConsignmentSent():
            return ConsignmentJob(event.seq, event.consignment, event.at_ms)
    return None


def in_language(job: AnyJob, hall: Hall) -> AnyJob:
    """A receipt in its visitor's language, while the ticket that says it is known."""
    ticket = hall.tickets.get(job.ticket) if isinstance(job, ReceiptJob) else None
    return job._replace(language=ticket.language) if isinstance(job, ReceiptJob) and ticket else job


def jobs_told(events: Iterable[Event], kiosk: str) -> list[AnyJob]:
    """Receipts and transfer lists that were asked for meanwhile: the hall's state does not say where they come out."""
    jobs = (job_of(event, kiosk) for event in events)
    return [job for job in jobs if isinstance(job, ReceiptJob | ConsignmentJob)]


def jobs_found(hall: Hall, kiosk: str) -> list[AnyJob]:
    """What a printer that comes (back) to the hall finds waiting for its paper, the oldest first.

    Reprints and lists that were asked for meanwhile are not printed late: whoever asked sees that none came.
    """
    return [
        BookingJob(ticket.ticket, ticket.issued_at_ms)
        if ticket.state is TicketState.BOOKED
        else Job(ticket.ticket, 0, ticket.issued_at_ms)
        for ticket in hall.tickets.values()
        if ticket.kiosk == kiosk and _waits_for_paper(ticket)
    ]


def _waits_for_paper(ticket: Ticket) -> bool:
    if ticket.state is TicketState.BOOKED:
        return ticket.paper is not Paper.PRINTED
    return ticket.paper is Paper.PENDING and ticket.state is not TicketState.UNCLAIMED


def reason_not_to(hall: Hall, job: AnyJob, handled: Handled, now_ms: int, fresh_s: float) -> WhyNot | None:
    """Asked right before printing; None when the paper is to come out."""
    if handled.has(hall.epoch, job.key):
        return WhyNot.HANDLED
    if isinstance(job, ReceiptJob) and job.receipt not in hall.acceptances:
        return WhyNot.ENDED
    if isinstance(job, TicketsJob):
        ticket = hall.tickets.get(job.ticket)
        worth = (TicketState.BOOKED,) if isinstance(job, BookingJob) else WORTH_PAPER
        if ticket is None or ticket.state not in worth:
            return WhyNot.ENDED
        if isinstance(job, Job) and job.copy == 0 and ticket.paper not in (Paper.PENDING, Paper.NOT_EXPECTED):
            return WhyNot.HELD
    if now_ms - job.asked_at_ms > fresh_s * 1000:
        return WhyNot.TOO_LATE
    return None
