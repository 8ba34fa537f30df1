"""Events: what has happened in the hall, in order. The journal holds them, the bus carries them, `evolve` applies them.

An event carries what a reader needs to act on it alone (number, counter, clerk), and what `evolve`
needs to reach the same state without the rules or the clock that led to it.
"""

import msgspec

from hall_controller.domain.alert import AlertKind
from hall_controller.domain.commands import CancelReason, DeviceState, snake
from hall_controller.domain.counter import CounterState
from hall_controller.domain.day import Announcement, StopCause
from hall_controller.domain.rules import Band, Mode, Narrowing, Policy, RosterSpan, Rules
from hall_controller.domain.ticket import USUAL_S, Channel, Language, Paper, Place, TicketState, VisitorClass


class Event(msgspec.Struct, kw_only=True, tag_field="type", tag=snake, gc=False):
    """The envelope: stamped by `decide`, the same in journal and on the bus."""

    epoch: str = ""
    seq: int = 0
    at_ms: int = 0
    service_day: str = ""
    by: str = ""
    """The device that sent the command."""
    why: str | None = None


# --- the hall ------------------------------------------------------------------------------------


class EpochStarted(Event):
    """A new numbering: the hall was made, or restored from a backup."""

    origin: str


class RulesChanged(Event):
    rules: Rules


class CatalogueChanged(Event):
    """Another catalogue of matters is in force."""

    version: int
    """From 1 on; 1 is the one that the hall began with."""
    digest: str
    """16 hexadecimal digits that tell one catalogue from another."""
    matters: int
    added: int
    """Matters that the version before had not."""
    changed: int
    removed: int
    packed: str
    """The whole catalogue: base64 of zlib of its CSV."""


class DayStarted(Event):
    """A new service day; the envelope names it. Numbers start again."""


class HallClosed(Event):
    reason: str


class OpeningStarted(Event):
    """The doors are open: tickets are issued, unless the manager or an emergency has stopped that."""

    start_ms: int
    end_ms: int
    last: bool
    """The last opening of its day: it ends with closing."""


class OpeningEnded(Event):
    """Who holds a ticket is served still."""

    start_ms: int
    end_ms: int
    next_ms: int | None
    """The start of the next opening today; None at closing."""
    stops_issuing: bool


class LunchStarted(Event):
    """Lunchtime service: the counters that do not serve through it pause after their visitor."""

    start_ms: int
    end_ms: int


class AnnouncementMade(Event):
    """Said by voice and boards."""

    announcement: Announcement
    moment_ms: int
    """When it is so far."""
    minutes: int
    """Until then."""
    next_ms: int | None = None
    """Before a break: when the hall serves again."""


class IssuingStopped(Event):
    cause: StopCause = StopCause.MANAGER
    end_ms: int | None = None
    """Of a last ticket: the closing that it was judged by."""
    predicted_wait_s: int | None = None
    """Of a last ticket: a newcomer's, by which it was judged."""


class IssuingResumed(Event):
    until_ms: int | None = None
    """No last ticket is judged for an opening that ends then: the manager decided."""


class PolicySet(Event):
    policy: Policy
    favoured_limit: int


class ModeSet(Event):
    mode: Mode


class NoticeSet(Event):
    zh: str
    en: str


class HoursExtended(Event):
    minutes: int
    """In all today."""
    day: str = ""
    """Whose last opening ends later."""
    until_ms: int | None = None
    """When it ends now."""


class RosterSet(Event):
    """How many counters are planned to be open on one day."""

    day: str
    spans: tuple[RosterSpan, ...]


class ClockStepped(Event):
    """The hall's clock was set; all times of what is under way move with it, so nobody's place or wait changes."""

    step_ms: int
    """New clock less old; `at_ms` is by the new one."""


class DeviceReported(Event):
    device: str
    kind: str
    state: DeviceState
    detail: str


class AlertRaised(Event):
    """The manager is to look at something; it stands until `alert_cleared`."""

    alert: AlertKind
    subject: str
    """A counter's number or a device's name; empty where it is about the hall."""
    value: int
    """Seconds, no-shows, percent of the disk that are free, or hours since the last backup."""
    since_ms: int
    """Since when things are so."""


class AlertCleared(Event):
    """Things are well again, or it does not matter any more."""

    alert: AlertKind
    subject: str


# --- tickets -------------------------------------------------------------------------------------


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
    """What the catalogue says of the matter's service time."""


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


class TicketAmended(Event):
    ticket: int
    number: str | None
    matter: str
    group: str
    subject: str
    visitor_class: VisitorClass
    usual_s: int = USUAL_S


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


# --- services ------------------------------------------------------------------------------------


class ServiceStarted(Event):
    """The first service of a ticket: one visit."""

    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    band: Band


class ServiceResumed(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str


class ServiceHeld(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    counter_state: CounterState


class ServiceFinished(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    counter_state: CounterState | None
    """The counter's state after it; None when the visitor was not at the counter (ended while held)."""
    service_s: int
    """From start to finish, less holds and waits between transfers."""
    band: Band


# --- counters ------------------------------------------------------------------------------------


class CounterOpened(Event):
    counter: int
    clerk: str
    narrowing: Narrowing


class CounterClosed(Event):
    counter: int
    clerk: str


class CounterPaused(Event):
    counter: int
    clerk: str
    back_at_ms: int | None = None
    """Over lunch: nobody need wait for this very counter until then."""


class CounterPausePlanned(Event):
    """Pause after this one."""

    counter: int
    clerk: str
    back_at_ms: int | None = None


class CounterResumed(Event):
    counter: int
    clerk: str


class WrapUpEnded(Event):
    counter: int
    clerk: str


class CounterHandedOver(Event):
    """Another clerk goes on; a service under way goes on too."""

    counter: int
    clerk: str
    from_clerk: str
    narrowing: Narrowing
    ticket: int | None
    """The visitor at the counter."""
    service_s: int
    """Of the stretch that ends here for the first clerk; 0 when nobody was being served."""


class CounterTakenOver(Event):
    counter: int
    from_counter: int
    clerk: str
    tickets: tuple[int, ...]
    """The visitors that moved: the one at the counter first, then the held ones."""


class ActUndone(Event):
    counter: int
    clerk: str
    act: str
    ticket: int | None
    number: str | None
    ticket_state: TicketState | None
    counter_state: CounterState
    visit_band: Band | None
    """Set when this takes back a visit: the band it was counted in."""
    service_s: int = 0
    """Of a finish that is taken back."""


ALL: tuple[type[Event], ...] = (
    EpochStarted, RulesChanged, CatalogueChanged, DayStarted, OpeningStarted, OpeningEnded, LunchStarted,
    AnnouncementMade,
    HallClosed, IssuingStopped, IssuingResumed, PolicySet, ModeSet, NoticeSet, HoursExtended, RosterSet,
    ClockStepped, DeviceReported, AlertRaised, AlertCleared, TicketIssued, TicketBooked, TicketCheckedIn,
    TicketPrinted, TicketPrintFailed, TicketAcknowledged, TicketUnclaimed, TicketReprintRequested,
    DocumentsRequested, TicketAmended, TicketCalled,
    TicketRecalled, TicketMissed, TicketReturned, TicketNoShow, TicketTransferred, TicketAssigned, TicketCancelled,
    TicketRated, ServiceStarted, ServiceResumed, ServiceHeld, ServiceFinished, CounterOpened, CounterClosed,
    CounterPaused, CounterPausePlanned, CounterResumed, WrapUpEnded, CounterHandedOver, CounterTakenOver, ActUndone,
)  # fmt: skip
"""Every kind of event; its tag is the class name in snake case."""
