"""A ticket: a place in the queue, from the moment it is issued or booked until it ends."""

import msgspec

from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.rules import Band

Place = tuple[int, ...]
"""Where a ticket stands within its class: compared as a tuple, lower is sooner.

A fresh ticket's place is (issued_at_ms, seq); one put behind another has that one's place with
its own seq appended, so it sorts right behind it and before whoever came next.
"""


class TicketState(OpenEnum):
    BOOKED = "booked"
    WAITING = "waiting"
    UNCLAIMED = "unclaimed"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    MISSED = "missed"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


ENDED = frozenset({TicketState.DONE, TicketState.NO_SHOW, TicketState.CANCELLED})


class VisitorClass(OpenEnum):
    PRIORITY = "priority"
    APPOINTMENT = "appointment"
    ORDINARY = "ordinary"


class Channel(OpenEnum):
    KIOSK = "kiosk"
    RECEPTION = "reception"
    PHONE = "phone"
    APPOINTMENT = "appointment"
    COUNTER = "counter"


class Language(OpenEnum):
    MANDARIN = "zh"
    CANTONESE = "yue"
    ENGLISH = "en"


class Paper(OpenEnum):
    """Whether the visitor is known to hold the number: on paper, or read from the screen and touched away."""

    NOT_EXPECTED = "not_expected"
    PENDING = "pending"
    FAILED = "failed"
    PRINTED = "printed"
    ACKNOWLEDGED = "acknowledged"


USUAL_S = 480
"""Of a service, where nobody has said: eight minutes."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket that has not ended. Times are milliseconds of the hall's clock since 1970 (`_ms`)."""

    ticket: int
    """Unique over the life of the epoch."""
    number: str | None
    """What people read, `A001`; unique within the service day. None until a booking is checked in."""
    service_day: str
    matter: str
    """The first of its matters: group, subject and number series are those of it."""
    group: str
    subject: str
    visitor_class: VisitorClass
    channel: Channel
    language: Language
    state: TicketState
    issued_at_ms: int
    place: Place
    kiosk: str | None = None
    """The kiosk at whose printer the paper comes out."""
    paper: Paper = Paper.NOT_EXPECTED
    claim_by_ms: int | None = None
    slot_at_ms: int | None = None
    """The booked moment, for an appointment."""
    counter: int | None = None
    """The counter that called, serves, holds or missed the visitor."""
    only_counter: int | None = None
    """Set by a transfer: waits for this counter alone, while that counter is open."""
    called_at_ms: int | None = None
    """The first call; it ends the wait."""
    calls: int = 0
    """Announcements of the present call, recalls included."""
    announced: int = 0
    """Announcements in all: of earlier calls too."""
    started_at_ms: int | None = None
    """The first `service_started`: from here on the ticket is a visit."""
    band: Band | None = None
    """Of the visit: the band in which it started."""
    serving_since_ms: int | None = None
    served_ms: int = 0
    """Service time of earlier stretches: holds and transfers end a stretch."""
    missed_at_ms: int | None = None
    passed: tuple[int, ...] = ()
    """Calls (their seq) of favoured visitors before this ordinary one, by counters that might have called it; over the
    whole visit, however often it is missed, returned or sent on."""
    put_back_ms: int | None = None
    """When it was last sent on, returned or set aside; of one that was never called: first kept for a counter."""
    usual_s: int = USUAL_S
    """What the catalogue says of the matter's service time."""
    told_s: int | None = None
    """The wait that the visitor was told, and within how long nine in ten are called."""
    told_bound_s: int | None = None
    more: tuple[str, ...] = ()
    """Further matters of the same visit."""
    theme: str | None = None
    handled: tuple[str, ...] = ()
    """Of all these matters: done, as the clerk has noted."""
    left: tuple[str, ...] = ()
    """Put off to another day."""
    receipt: str | None = None
    """Of the result that the visitor has come for."""
    holder: str | None = None
    """Who has booked: a digest of whatever the visitor is known by."""
    copies: int = 0
    """Reprints asked for."""


def stretch_ms(ticket: Ticket, at_ms: int) -> int:
    """How long the service's present stretch has lasted; 0 when the visitor is not being served."""
    since_ms = ticket.serving_since_ms
    return max(0, at_ms - since_ms) if since_ms is not None else 0
