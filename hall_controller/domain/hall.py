"""The state of one hall: everything that a restart must bring back, and nothing else."""

from bisect import bisect_left, insort

import msgspec

from hall_controller.domain.acceptance import Acceptance, Consignment
from hall_controller.domain.alert import Alert
from hall_controller.domain.changes import Changes
from hall_controller.domain.commands import CancelReason, DeviceState
from hall_controller.domain.counter import ClerkDay, Counter
from hall_controller.domain.day import Announcement, StopCause
from hall_controller.domain.flow import Flow, Learned
from hall_controller.domain.hours import Extension
from hall_controller.domain.hours import band as band_by_rules
from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.rules import Band, Mode, Policy, RosterSpan, Rules
from hall_controller.domain.ticket import Place, Ticket, TicketState, VisitorClass
from hall_controller.domain.totals import Totals

STATE_VERSION = 10
"""Version of `evolve` and of this state; a checkpoint of another version is not used."""


class Issuing(OpenEnum):
    OPEN = "open"
    STOPPED = "stopped"
    CLOSED = "closed"


class DeviceReport(msgspec.Struct, frozen=True):
    kind: str
    state: DeviceState
    detail: str
    at_ms: int


class Ended(msgspec.Struct, frozen=True):
    """What is kept of a ticket that has ended, for the rest of the service day."""

    number: str | None
    state: TicketState
    rated: bool = False
    matter: str = ""
    counter: int | None = None
    """Where the visitor was served last."""
    clerk: str = ""
    reason: CancelReason | None = None
    """Why it was cancelled."""


class Closure(msgspec.Struct, frozen=True):
    """The hall was closed for an emergency."""

    from_ms: int
    until_ms: int | None
    """Null while it is."""
    reason: str


class OpeningState(msgspec.Struct, frozen=True):
    """The opening that began last."""

    start_ms: int
    end_ms: int
    last: bool
    """Of its day."""
    over: bool = False


class Announced(msgspec.Struct, frozen=True):
    """The last announcement of a kind: of which moment, and how long before it."""

    moment_ms: int
    minutes: int


class Hall(msgspec.Struct, kw_only=True):
    """Changed by `evolve` alone, in place; `decide` only reads it."""

    epoch: str = ""
    seq: int = 0
    at_ms: int = 0
    """Of the last event."""
    service_day: str = ""
    rules: Rules | None = None
    catalogue_version: int = 0
    """Of the catalogue of matters; 0 until a journal of an older hall tells of one."""
    catalogue_digest: str = ""
    policy: Policy = Policy.PRIORITY
    favoured_limit: int = 2
    mode: Mode = Mode.PULL
    issuing: Issuing = Issuing.OPEN
    issuing_reason: str = ""
    stop_cause: StopCause | None = None
    """Why issuing is stopped."""
    judged_end_ms: int | None = None
    """The closing for which the last ticket was judged."""
    kept_end_ms: int | None = None
    """The closing for which the manager has overruled the last ticket."""
    opening: OpeningState | None = None
    """None until the first opening of a new hall: until then it is open, to be tried out."""
    lunch_ms: int | None = None
    """The start of the last lunchtime service."""
    announced: dict[Announcement, Announced] = {}
    notice_zh: str = ""
    notice_en: str = ""
    closures: tuple[Closure, ...] = ()
    """Emergencies, the last one last: as long as a booking that fell into one is kept."""
    extended_minutes: int = 0
    """Of the service day, in all."""
    extension: Extension | None = None
    counters: dict[int, Counter] = {}
    tickets: dict[int, Ticket] = {}
    """Those that have not ended, by ticket."""
    ended: dict[int, Ended] = {}
    queues: dict[VisitorClass, list[tuple[Place, int]]] = {}
    """Waiting tickets by class, each list sorted by place."""
    next_ticket: int = 1
    series: dict[str, int] = {}
    """The last number given in each series today, by prefix."""
    carried: dict[str, int] = {}
    """Numbers of an earlier day that somebody may still hold, with their ticket: not given again meanwhile."""
    favoured_run: tuple[int, ...] = ()
    """The last calls (their seq) of favoured visitors in a row while an ordinary one waited; the newest 20 at most."""
    last_wait_s: int | None = None
    """Of the last visitor called for the first time."""
    learned: dict[str, Learned] = {}
    """Service times by matter; the key `` holds those of all matters together."""
    flow: Flow = msgspec.field(default_factory=Flow)
    """What the hall has learned of its own running, for predictions."""
    arrivals: dict[str, tuple[float, ...]] = {}
    """Visitors in each half hour of a day, learned by day of the week or `holiday`: 48 means."""
    arrived: tuple[int, ...] = ()
    """Visitors in the half hours of the service day so far."""
    rosters: dict[str, tuple[RosterSpan, ...]] = {}
    """By day: what the manager planned instead of the roster in the rules."""
    visits: dict[Band, int] = {}
    """Visits of the service day by band."""
    issued: int = 0
    no_shows: int = 0
    clerks: dict[str, ClerkDay] = {}
    totals: Totals = msgspec.field(default_factory=Totals)
    devices: dict[str, DeviceReport] = {}
    """The last report of each device and kind, by `device/kind`."""
    alerts: dict[str, Alert] = {}
    """Those that stand, by `alert/subject`."""
    recent_calls: tuple[tuple[int, bool], ...] = ()
    """The last calls of today that have ended: the ticket, and whether nobody came; the newest 100 at most."""
    acceptances: dict[str, Acceptance] = {}
    """Those whose result was not handed out yet, by receipt."""
    consignments: dict[str, Consignment] = {}
    """Papers between this hall and others, by the number of their list."""
    receipts: int = 0
    """The count in the last receipt of the service day,"""
    consignments_sent: int = 0
    """and in its last transfer list."""
    restores: int = 0
    """How often the hall came back from a backup: its counts go on where those that were lost cannot have been."""
    requeued_ms: dict[int, int] = {}
    """Since when a ticket waits as it does, if that is not since it was issued: it was transferred, say, or amended."""
    changes: Changes = msgspec.field(default_factory=Changes)
    """When each counter and ticket last changed."""


def in_force(hall: Hall) -> Rules:
    """The hall's rules. Raises LookupError for a hall whose journal is empty."""
    if hall.rules is None:
        raise LookupError("the hall has no rules yet: its journal is empty")
    return hall.rules


def band_at(hall: Hall, at_ms: int) -> Band:
    """The band that a visit belongs to when it starts now."""
    return band_by_rules(in_force(hall), at_ms, hall.extension)


def is_after_closing(hall: Hall) -> bool:
    """The day's last opening is over: whoever holds a ticket is served still, and then the lights go out."""
    return hall.opening is not None and hall.opening.last and hall.opening.over


def waiting_count(hall: Hall) -> int:
    return sum(len(queue) for queue in hall.queues.values())


def enqueue(hall: Hall, ticket: Ticket) -> None:
    insort(hall.queues.setdefault(ticket.visitor_class, []), (ticket.place, ticket.ticket))


def dequeue(hall: Hall, ticket: Ticket) -> None:
    queue = hall.queues[ticket.visitor_class]
    del queue[bisect_left(queue, (ticket.place, ticket.ticket))]
