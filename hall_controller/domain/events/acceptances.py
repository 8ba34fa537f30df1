"""Events of acceptances: receipts, papers between halls, results."""

from hall_controller.domain.acceptance import Carries, Decision, Delivery
from hall_controller.domain.credit import Rating
from hall_controller.domain.events.envelope import Event
from hall_controller.domain.matters import Route


class MatterAccepted(Event):
    """A receipt was given; the department decides."""

    receipt: str
    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    department: str
    catalogue_version: int
    route: Route | None
    to_hall: str
    """Where its papers must go; empty: nowhere."""
    rating: Rating | None
    outstanding_zh: tuple[str, ...]
    outstanding_en: tuple[str, ...]
    documents_due_day: str | None
    result_due_day: str | None
    kiosk: str | None
    """Where the receipt is printed."""


class AcceptanceWithdrawn(Event):
    receipt: str
    ticket: int | None


class PapersReprintRequested(Event):
    """A receipt or a transfer list is to be printed again."""

    receipt: str | None
    consignment: str | None
    """One of the two."""
    ticket: int | None
    """Of the receipt's visit."""
    kiosk: str
    copy: int


class DocumentsSupplied(Event):
    receipt: str
    supplied_zh: tuple[str, ...]
    outstanding_zh: tuple[str, ...]
    """Still to come."""
    outstanding_en: tuple[str, ...]
    result_due_day: str | None = None
    """The promise, made anew once nothing is to come any more; null: as it was."""


class DocumentsDue(Event):
    """The applicant is to be reminded: documents are still to come."""

    receipt: str
    ticket: int | None
    outstanding_zh: tuple[str, ...]
    outstanding_en: tuple[str, ...]
    documents_due_day: str


class ConsignmentSent(Event):
    consignment: str
    to_hall: str
    carries: Carries
    receipts: tuple[str, ...]
    matters: tuple[str, ...]
    """Codes of their matters, in the same order."""
    due_ms: int
    kiosk: str | None
    """Where the transfer list is printed."""
    decisions: tuple[Decision, ...] = ()
    """Of results: what was decided, in the order of the receipts."""


class ConsignmentAnnounced(Event):
    """Another hall has sent something here."""

    consignment: str
    from_hall: str
    carries: Carries
    receipts: tuple[str, ...]
    matters: tuple[str, ...]
    sent_at_ms: int
    due_ms: int
    decisions: tuple[Decision, ...] = ()


class ConsignmentReceived(Event):
    consignment: str
    from_hall: str
    carries: Carries
    receipts: tuple[str, ...]
    """Scanned here in all, also of an earlier scan."""
    missing: tuple[str, ...]
    """On the list, but not scanned."""


class ConsignmentConfirmed(Event):
    """What this hall sent has arrived."""

    consignment: str
    to_hall: str
    receipts: tuple[str, ...]
    missing: tuple[str, ...]


class ResultReported(Event):
    """The department has decided."""

    receipt: str
    decision: Decision
    ready: bool
    """The result waits at this hall's results window; false where it is to be sent back first, or goes by post."""
    delivery: Delivery = Delivery.WINDOW
    """Otherwise the acceptance is over."""


class ResultHandedOut(Event):
    receipt: str
    counter: int
    clerk: str
    ticket: int | None
    """The visitor at the counter, if there is one."""
