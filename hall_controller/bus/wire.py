"""The wire, version 1: what goes over the bus, declared once. docs/protocol.md explains it to a vendor.

Requests: DEALER -> ROUTER, frames `[b"1", request_id, json]`; replies alike.
Events: PUB, frames `[topic, b"1", epoch, seq as 8 bytes big-endian, json]`.
"""

from typing import Annotated, Any, Union

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from hall_controller.bus.mistakes import explain, not_json
from hall_controller.bus.tolerant import TolerantDecoder
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.commands import Command, Name, TicketId, snake
from hall_controller.domain.credit import Rating
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Matter
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Tier
from hall_controller.domain.ticket import TicketState

VERSION = b"1"
TOPIC_EVENT = b"event"
TOPIC_PULSE = b"pulse"
MAX_REQUEST_BYTES = 16_384
MAX_REQUEST_ID_BYTES = 64
PAGE = 1_000
"""Events in one answer to `events_since` at most."""
COMMAND_BUCKETS_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Upper bounds of the buckets of `command_counts`."""

# --- queries: they change nothing and are not remembered -----------------------------------------


class Query(Struct, frozen=True, tag_field="type", tag=snake, forbid_unknown_fields=True):
    """A question about the hall."""


class Snapshot(Query, frozen=True):
    """The whole state of the hall at one seq."""


class EventsSince(Query, frozen=True):
    """The events after a seq, at most 1,000."""

    seq: Annotated[int, Meta(ge=0, lt=2**53)]
    limit: Annotated[int, Meta(ge=1, le=PAGE)] = PAGE


class Status(Query, frozen=True, omit_defaults=True):
    """Which hall this is, its clock, and its devices."""

    delay_ms: Annotated[int, Meta(ge=0)] | None = None
    """A voice tells with it how late it is: the longest from a call to its announcement, of the last minute's."""
    session: Name | None = None
    """A counter's terminal names its running self: any text that no other run has. For a hall with the feature
    `sessions`."""


class Matters(Query, frozen=True):
    """The catalogue of matters."""


class TicketStatus(Query, frozen=True):
    """Where a ticket stands, by the token that its visitor holds."""

    token: Name | None = None
    ticket: TicketId | None = None


class Credit(Query, frozen=True):
    """What an applicant's credit rating changes for a matter; for the clerk's eyes alone."""

    applicant: Name
    """The number of the person or company: it is kept nowhere."""
    matter: Name


QUERIES: tuple[type[Query], ...] = (Snapshot, EventsSince, Status, Matters, TicketStatus, Credit)
Request = Command | Query


# --- replies -------------------------------------------------------------------------------------


class Accepted(Struct, tag="accepted", tag_field="type", frozen=True):
    """The command is in the journal; `seq` is its last event, or the hall's last when it led to none."""

    seq: int
    ticket: int | UnsetType | None = UNSET
    """For a call: None when nobody waits."""
    number: str | UnsetType | None = UNSET
    counter: int | UnsetType = UNSET
    ahead: int | UnsetType | None = UNSET
    predicted_wait_s: int | UnsetType | None = UNSET
    predicted_bound_s: int | UnsetType | None = UNSET
    token: str | UnsetType = UNSET
    """Opens the phone page of a ticket."""
    code: str | UnsetType = UNSET
    """Of a booking: what its visitor types at a kiosk to check in."""
    receipt: str | UnsetType = UNSET
    """Of an acceptance."""
    consignment: str | UnsetType = UNSET
    """Of papers that were sent: the number of their transfer list."""


class SnapshotReply(Struct, tag="snapshot", tag_field="type", frozen=True):
    epoch: str
    seq: int
    now_ms: int
    state: Hall


class EventsReply(Struct, tag="events", tag_field="type", frozen=True):
    epoch: str
    oldest_seq: int
    """Older events are archived and cannot be asked for."""
    last_seq: int
    events: list[msgspec.Raw]
    now_ms: int | None = None


class DeviceStatus(Struct, frozen=True):
    role: str
    last_seen_ms: int | None
    """None when it has not spoken since the controller started."""
    delay_ms: int | None = None
    """Of a voice: the longest from a call to its announcement, of those in the minute before it spoke last."""
    counter: int | None = None
    """Of a counter's terminal: where it stands."""
    sessions: int = 0
    """Of a counter's terminal: how many run with this device's key; more than one where the key was copied."""


class ProcessFigures(Struct, frozen=True):
    """What the controller's process counts from its start on; nothing of it is journalled."""

    started_ms: int
    """By the wall clock."""
    commands: dict[str, int]
    """Commands by `type/outcome`; the outcomes are accepted, refused and error (the hall failed)."""
    command_counts: list[int]
    """Accepted commands by the seconds from deciding to replying, in buckets up to 0.001, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 1, 5 and beyond; not cumulative."""
    command_sum_s: float
    """Of all these, in seconds."""
    journal_writable: bool
    """False once a commit has failed, until one succeeds."""
    journal_bytes: int
    """Size of the journal's files."""
    disk_bytes: int
    """Size of the disk that the hall's directory lies on."""
    disk_free_bytes: int
    """Of these still free for the hall."""
    backed_up_ms: int | None
    """When `hall backup` last succeeded, by the wall clock; None for never."""


class StatusReply(Struct, tag="status", tag_field="type", frozen=True):
    hall: str
    tier: Tier
    name_zh: str
    name_en: str
    version: str
    epoch: str
    seq: int
    now_ms: int
    clock_rate: float
    """1.0; a rehearsal hall's clock runs X times as fast, 0.0 when it jumps from event to event."""
    clock_off_ms: int
    """Wall clock less hall clock; not 0 when a large step waits for `accept_clock`."""
    rehearsal: bool
    devices: dict[str, DeviceStatus]
    process: ProcessFigures | None = None
    """What the controller's process counts of itself."""
    features: list[str] = []
    """What this hall understands beyond the first release of this protocol."""


class MattersReply(Struct, tag="matters", tag_field="type", frozen=True):
    matters: list[Matter]


class TicketStatusReply(Struct, tag="ticket_status", tag_field="type", frozen=True):
    ticket: int
    number: str | None
    state: TicketState
    token: str
    counter: int | None = None
    ahead: int | None = None
    predicted_wait_s: int | None = None
    predicted_bound_s: int | None = None
    slot_at_ms: int | None = None
    """The booked moment."""
    code: str | None = None
    """Of a booking: what its visitor types at a kiosk to check in."""
    acceptances: list[Acceptance] = []
    """What was accepted in this visit and not handed out yet."""


class CreditReply(Struct, tag="credit", tag_field="type", frozen=True):
    rating: Rating | None
    """Null where no register could be asked."""
    barred: bool
    """The matter must not be accepted from this applicant."""
    barred_zh: str
    """The legal wording; empty where nothing is barred."""
    barred_en: str
    later: tuple[int, ...]
    """Numbers, from 1 on, of the documents that may come later."""


class Pulse(Struct, tag="pulse", tag_field="type", frozen=True):
    """Each second: shows that the hall lives, where it stands, and its clock. Never moves a reader's own seq."""

    seq: int
    now_ms: int
    rate: float = 1.0
    """How fast the hall's clock runs against real time."""
    shared: tuple[int, ...] = ()
    """Counters for which more than one terminal speaks now."""


class _Envelope(Struct):
    """Of any event, also of a kind or with fields of later versions."""

    type: str
    epoch: str
    seq: int
    at_ms: int = 0
    service_day: str = ""
    by: str = ""
    why: str | None = None


Reply = Accepted | Refusal | SnapshotReply | EventsReply | StatusReply | MattersReply | TicketStatusReply | CreditReply

_encoder = msgspec.json.Encoder()
encode = _encoder.encode
_request_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Union[(*c.EXTERNAL, *QUERIES)])
_reply_decoder = TolerantDecoder(Reply)
_event_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Union[(*e.ALL,)])
_tolerant_event_decoder = TolerantDecoder(Union[(*e.ALL,)])
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_pulse_decoder = msgspec.json.Decoder(Pulse)

KINDS: dict[str, type[Any]] = {str(struct.__struct_config__.tag): struct for struct in (*c.EXTERNAL, *QUERIES)}
"""Every command and query by its type on the wire."""


class BadRequest(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def decode_request(body: bytes) -> Request:
    """Raises BadRequest with a refusal that names the field."""
    try:
        request: Request = _request_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise BadRequest(explain(body, str(error), KINDS)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(not_json(error)) from None
    return request


def decode_reply(body: bytes) -> Reply:
    """With what only a newer hall knows: fields are dropped, values of enums kept as they are."""
    reply: Reply = _reply_decoder.decode(body)
    return reply


def decode_event(body: bytes | msgspec.Raw) -> e.Event:
    """For whoever must understand each event. Raises msgspec.ValidationError for a kind or value that is not known."""
    event: e.Event = _event_decoder.decode(body)
    return event


def read_event(body: bytes | msgspec.Raw) -> e.Event:
    """For clients: UnknownEvent for a kind that only a newer hall knows. Raises msgspec.DecodeError for no event."""
    try:
        event: e.Event = _tolerant_event_decoder.decode(body)
    except msgspec.ValidationError:
        envelope = _envelope_decoder.decode(body)
        return e.UnknownEvent(
            epoch=envelope.epoch, seq=envelope.seq, at_ms=envelope.at_ms, service_day=envelope.service_day,
            by=envelope.by, why=envelope.why, kind=envelope.type, body=msgspec.Raw(bytes(body)),
        )  # fmt: skip
    return event


def encode_event(event: e.Event) -> bytes:
    """As it came over the bus, also an unknown one."""
    return bytes(event.body) if isinstance(event, e.UnknownEvent) else encode(event)


def decode_pulse(body: bytes) -> Pulse:
    return _pulse_decoder.decode(body)
