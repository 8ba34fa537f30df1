"""From a job to the paper that it asks for: pure."""

from typing import NamedTuple

from hall_controller.bus import wire
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from ticket_printer.printer.duties import AnyJob, BookingJob, ConsignmentJob, DocumentsJob, Job, ReceiptJob
from ticket_printer.printer.facts import (
    booking_facts,
    consignment_facts,
    documents_facts,
    receipt_facts,
    ticket_facts,
)
from ticket_printer.printer.layout import Layout, ticket_layout
from ticket_printer.printer.receipts import consignment_layout, receipt_layout
from ticket_printer.printer.slips import booking_layout, documents_layout


class CannotSayError(Exception):
    """One sentence for the log: what the hall did not tell in time, without which the paper is of no use."""


class Known(NamedTuple):
    """What a paper is made from."""

    hall: Hall
    catalogue: Catalogue
    status: wire.TicketStatusReply | None
    """Of the ticket, as only the hall knows it."""
    phone_url: str | None
    """Without the token."""
    now_ms: int
    width_mm: int

    @property
    def url(self) -> str | None:
        return self.phone_url + self.status.token if self.phone_url and self.status else None


class Named(NamedTuple):
    name: str
    """For the log."""
    layout: Layout


def paper_of(job: AnyJob, known: Known) -> Named | None:
    """None for what has ended meanwhile. Raises CannotSayError."""
    match job:
        case Job() | BookingJob():
            return _of_ticket(job, known)
        case DocumentsJob():
            if job.matter not in known.catalogue.matters:
                raise CannotSayError(f"the document list of {job.matter}: the hall did not tell its matters")
            facts = documents_facts(known.hall, job, known.catalogue, known.now_ms)
            return Named(f"the documents of {job.matter}", documents_layout(facts, known.width_mm))
        case ReceiptJob():
            acceptance = known.hall.acceptances.get(job.receipt)
            if acceptance is None:
                return None
            receipt = receipt_facts(known.hall, job, acceptance, known.catalogue, known.url)
            return Named(job.receipt, receipt_layout(receipt, known.width_mm))
        case ConsignmentJob():
            consignment = known.hall.consignments.get(job.consignment)
            if consignment is None:
                return None
            listed = consignment_facts(known.hall, job, consignment, known.catalogue)
            return Named(job.consignment, consignment_layout(listed, known.width_mm))


def _of_ticket(job: Job | BookingJob, known: Known) -> Named | None:
    ticket = known.hall.tickets.get(job.ticket)
    if ticket is None:
        return None
    if isinstance(job, Job):
        facts = ticket_facts(known.hall, job, ticket, known.catalogue, known.url, known.now_ms)
        return Named(str(ticket.number), ticket_layout(facts, known.width_mm))
    code = known.status.code if known.status else None
    if code is None:
        raise CannotSayError(f"booking {ticket.ticket}: the hall did not tell its code")
    booking = booking_facts(known.hall, ticket, known.catalogue, code, known.url)
    return Named(f"booking {ticket.ticket}", booking_layout(booking, known.width_mm))
