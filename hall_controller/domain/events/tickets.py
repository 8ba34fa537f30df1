"""Events of tickets: issued, printed, called, missed, sent on, ended."""

from hall_controller.domain.commands import CancelReason, RatingReason
from hall_controller.domain.counter import CounterState
from hall_controller.domain.events.envelope import Event
from hall_controller.domain.matters import How
from hall_controller.domain.rules import Band
from hall_controller.domain.ticket import USUAL_S, Channel, Language, Paper, Place, TicketState, VisitorClass


class TicketIssued(Event):
    ticket: int
    number: str
    prefix: str
    count: int
    """The number without its prefix; the next in this series is count + 1 or later."""
    matter: str
    group: str
    subject: str
    visitor_class: VisitorClass
    channel: Channel
    language: Language
    place: Place
    kiosk: str | None
    paper: Paper
    claim_by_ms: int | None
    ahead: int | None
    """What the visitor was told: people to be called before."""
    predicted_wait_s: int | None
    predicted_bound_s: int | None = None
    """Nine in ten are called within."""
    usual_s: int = USUAL_S
    """What the catalogue says of the service time of all its matters."""
    more: tuple[str, ...] = ()
    theme: str | None = None
    receipt: str | None = None
    """Of the result that the visitor has come for."""


class TicketBooked(Event):
    ticket: int
    matter: str
    group: str
    subject: str
    language: Language
    slot_at_ms: int
    kiosk: str | None = None
    """Where the booking is printed."""
    usual_s: int = USUAL_S
    more: tuple[str, ...] = ()
    theme: str | None = None
    holder: str | None = None
    """A digest of who has booked."""


class TicketRebooked(Event):
    """A booking was moved to another half hour."""

    ticket: int
    slot_at_ms: int
    from_slot_at_ms: int


class TicketCheckedIn(Event):
    ticket: int
    number: str
    prefix: str
    count: int
    visitor_class: VisitorClass
    place: Place
    ahead: int | None
    predicted_wait_s: int | None
    predicted_bound_s: int | None = None
    kiosk: str | None = None
    paper: Paper = Paper.NOT_EXPECTED
    claim_by_ms: int | None = None


class TicketPrinted(Event):
    ticket: int
    number: str | None


class TicketPrintFailed(Event):
    ticket: int
    number: str | None
    detail: str


class TicketAcknowledged(Event):
    ticket: int
    number: str | None


class TicketUnclaimed(Event):
    """Neither printed nor acknowledged in time: likely nobody holds this number."""

    ticket: int
    number: str | None


class TicketReprintRequested(Event):
    ticket: int
    number: str
    kiosk: str
    copy: int


class DocumentsRequested(Event):
    """The list of documents of a matter is to be printed."""

    matter: str
    language: Language
    kiosk: str
    more: tuple[str, ...] = ()


class TicketAmended(Event):
    ticket: int
    number: str | None
    matter: str
    group: str
    subject: str
    visitor_class: VisitorClass
    usual_s: int = USUAL_S
    more: tuple[str, ...] = ()


class TicketCalled(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    visitor_class: VisitorClass
    language: Language
    wait_s: int
    """From issue to first call; also on a later call of the same ticket."""
    band: Band
    """Of the first call."""
    first: bool
    out_of_turn: bool
    favoured_run: int
    """Priority and appointment calls in a row while an ordinary visitor waited, this one included."""
    passed: int | None = None
    """The ordinary ticket that this counter would have called, had it not called a favoured one."""


class TicketRecalled(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    language: Language
    calls: int


class TicketMissed(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    counter_state: CounterState
    return_by_ms: int


class TicketReturned(Event):
    ticket: int
    number: str
    place: Place


class TicketNoShow(Event):
    ticket: int
    number: str | None


class TicketTransferred(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    counter_state: CounterState
    to_counter: int | None
    matter: str
    group: str
    subject: str
    service_s: int
    """Of the stretch that ends here."""
    usual_s: int = USUAL_S
    more: tuple[str, ...] = ()


class TicketAssigned(Event):
    """A waiting ticket is kept for one counter; `to_counter` is null when any may call it again."""

    ticket: int
    number: str | None
    to_counter: int | None


class TicketCancelled(Event):
    ticket: int
    number: str | None
    reason: CancelReason
    state: TicketState
    """The state it was in."""


class TicketRated(Event):
    ticket: int
    stars: int
    number: str | None = None
    reasons: tuple[RatingReason, ...] = ()
    comment: str = ""
    matter: str | None = None
    counter: int | None = None
    """Where the visitor was served last."""
    clerk: str = ""


class VisitDiverted(Event):
    """Somebody does without a visit: the matter is done in another way."""

    matter: str
    subject: str
    way: How
    language: Language
