"""What was accepted at a counter: its receipt, the papers that travel, the result that is handed out."""

from typing import Annotated

from msgspec import Meta

from hall_controller.domain.acceptance import Carries, Decision, Delivery, HallId, Receipt
from hall_controller.domain.commands.kinds import AtCounter, AtMs, Command, Name, WithVisitor

Documents = Annotated[tuple[Annotated[int, Meta(ge=1, le=40)], ...], Meta(max_length=40)]
"""By their number in the list, from 1 on."""
Receipts = Annotated[tuple[Receipt, ...], Meta(min_length=1, max_length=200)]
ConsignmentId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,16}-\d{6}-C\d{2,4}$")]
"""As printed on the transfer list, `BA001-261128-C01`."""


class AcceptMatter(WithVisitor, frozen=True):
    """Accept a matter of the visitor at a counter: a receipt is printed, and its department decides."""

    matter: Name | None = None
    """By default the one that the visitor has come for."""
    applicant: Name | None = None
    """The number of the person or company, for the credit rating alone: it is kept nowhere."""
    outstanding: Documents = ()
    """Documents that may come later, by their number in the matter's list."""
    print_at: Name | None = None
    """Print the receipt at this kiosk's printer; null: not at all."""


class WithdrawAcceptance(Command, frozen=True):
    """Take an acceptance back that was made by mistake, or that its applicant gives up."""

    receipt: Receipt


class ReprintPapers(Command, frozen=True):
    """Print a receipt or a transfer list again, marked as a copy."""

    print_at: Name
    """The kiosk at whose printer it comes out."""
    receipt: Receipt | None = None
    consignment: ConsignmentId | None = None
    """One of the two."""


class SupplyDocuments(Command, frozen=True):
    """Outstanding documents have been brought."""

    receipt: Receipt
    documents: Documents = ()
    """By their number among the outstanding ones; none named: all."""


class SendConsignment(Command, frozen=True):
    """Send papers to another hall: a transfer list of receipts, printed to go with them."""

    to_hall: HallId
    receipts: Receipts
    carries: Carries = Carries.MATERIALS
    print_at: Name | None = None
    """Print the list at this kiosk's printer; null: not at all."""


class ReceiveConsignment(Command, frozen=True):
    """Papers have come from another hall: the list's number and every receipt that was scanned, announced or not."""

    consignment: ConsignmentId
    receipts: Annotated[tuple[Receipt, ...], Meta(max_length=200)]
    carries: Carries = Carries.MATERIALS


class AnnounceConsignment(Command, frozen=True):
    """The district tells a hall what another one has sent to it."""

    consignment: ConsignmentId
    carries: Carries
    receipts: Receipts
    sent_at_ms: AtMs
    due_ms: AtMs
    matters: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=200)] = ()
    """Codes of their matters, in the same order."""
    decisions: Annotated[tuple[Decision, ...], Meta(max_length=200)] = ()
    """Of results: what was decided, in the same order."""


class ConfirmConsignment(Command, frozen=True):
    """The district tells the hall that sent it what the other one has received."""

    consignment: ConsignmentId
    receipts: Annotated[tuple[Receipt, ...], Meta(max_length=200)]
    """That were scanned there."""


class ReportResult(Command, frozen=True):
    """The department has decided; where it decides in this hall, the result waits at the results window."""

    receipt: Receipt
    decision: Decision = Decision.GRANTED
    delivery: Delivery = Delivery.WINDOW
    """By post or electronically: nothing waits at the window, and the acceptance is over."""


class HandOut(AtCounter, frozen=True):
    """A result is handed out to whoever holds its receipt."""

    receipt: Receipt
