"""An acceptance: what was accepted at a counter, until its result is handed out; and the papers that travel for it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hall_controller.domain.credit import Rating
from hall_controller.domain.matters import Route
from hall_controller.domain.open_enum import OpenEnum

Receipt = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,16}-\d{6}-\d{4,6}$")]
"""As printed, `BA001-261128-0007`: the hall that accepted, the day, a count. Unique in the district."""
HallId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,16}$")]
RESULTS_GROUP = "pickup"
"""The matter group of those who come for a result: a queue of its own."""


class AcceptanceState(OpenEnum):
    ACCEPTED = "accepted"
    """Its papers are in this hall, or go electronically."""
    SENT = "sent"
    """Its papers, or its result, are on the way."""
    RECEIVED = "received"
    """Its papers have arrived where it is decided."""
    DECIDED = "decided"
    """Elsewhere accepted and decided here: the result is to be sent back."""
    READY = "ready"
    """The result waits at the results window."""


class Decision(OpenEnum):
    GRANTED = "granted"
    REJECTED = "rejected"


class Delivery(OpenEnum):
    """How a result reaches its applicant."""

    WINDOW = "window"
    """At the results window of the hall that accepted."""
    POST = "post"
    ELECTRONIC = "electronic"


class Carries(OpenEnum):
    """What a consignment carries."""

    MATERIALS = "materials"
    RESULTS = "results"


class ConsignmentState(OpenEnum):
    SENT = "sent"
    """From this hall; nothing is heard of it yet."""
    ANNOUNCED = "announced"
    """On its way to this hall."""
    RECEIVED = "received"
    """It has arrived, though something may be missing."""


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """Times are milliseconds of the hall's clock (`_ms`), days local dates (`_day`, `2026-11-28`)."""

    receipt: str
    matter: str
    department: str
    state: AcceptanceState
    accepted_at_ms: int
    from_hall: str = ""
    """The hall that accepted it; empty for this one."""
    ticket: int | None = None
    """The visit; null for one of another hall."""
    number: str | None = None
    catalogue_version: int = 0
    """The matter is to be read as it was in this version."""
    counter: int | None = None
    clerk: str = ""
    route: Route | None = None
    to_hall: str = ""
    """Where its papers must go; empty: nowhere."""
    rating: Rating | None = None
    """On which it was accepted; null where none was asked for."""
    outstanding_zh: tuple[str, ...] = ()
    """Documents that are still to come."""
    outstanding_en: tuple[str, ...] = ()
    documents_due_day: str | None = None
    reminded: bool = False
    result_due_day: str | None = None
    """By when the applicant was promised a result."""
    decision: Decision | None = None
    consignment: str | None = None
    """The transfer list that it is on, or was on last."""
    copies: int = 0
    """How often its receipt was printed again."""


class Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """Papers on their way between two halls, and the transfer list (交接单) that goes with them."""

    consignment: str
    """`BA001-261128-C01`: the hall that sends, the day, a count."""
    from_hall: str
    to_hall: str
    carries: Carries
    receipts: tuple[str, ...]
    """Those on the list; of one that came unannounced, those that were scanned."""
    matters: tuple[str, ...] = ()
    """Codes of their matters, in the same order; empty until it is announced."""
    decisions: tuple[Decision, ...] = ()
    """Of results: what was decided, in the same order; empty until it is announced."""
    missing: tuple[str, ...] = ()
    """On the list, but not scanned when it came."""
    state: ConsignmentState
    sent_at_ms: int | None = None
    """Null for one that came unannounced."""
    due_ms: int | None = None
    """Overdue when nothing was heard of it by then."""
    received_at_ms: int | None = None
    copies: int = 0
    """How often its list was printed again."""


def hall_of(numbered: str) -> str:
    """The hall that a receipt or a consignment comes from."""
    return numbered.rsplit("-", 2)[0]


def is_decided(acceptance: Acceptance) -> bool:
    """Also where only its paper says how: a result that came unannounced."""
    return acceptance.decision is not None or acceptance.state is AcceptanceState.READY


def is_under_way(consignment: Consignment) -> bool:
    return consignment.state is not ConsignmentState.RECEIVED or bool(consignment.missing)


def is_overdue(consignment: Consignment, at_ms: int) -> bool:
    return is_under_way(consignment) and consignment.due_ms is not None and at_ms > consignment.due_ms
