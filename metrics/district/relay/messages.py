"""What an event of one hall means to another: pure. The same event always makes the same message."""

import hashlib
from enum import StrEnum
from typing import NamedTuple

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Delivery, hall_of
from hall_controller.domain.refusal import Code


class Kind(StrEnum):
    ANNOUNCE = "announce"
    """Papers are on their way to it."""
    CONFIRM = "confirm"
    """What it sent has arrived."""
    REPORT = "report"
    """Of what it accepted, the result has gone to its applicant by post or electronically."""


class State(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    """A later message says all that it says."""
    FAILED = "failed"
    """Its hall has refused it, and would each time."""
    DISMISSED = "dismissed"
    """Failed, and someone has seen to it."""


class Message(NamedTuple):
    kind: Kind
    to_hall: str
    from_hall: str
    subject: str
    """The consignment's or receipt's number."""
    command: c.AnnounceConsignment | c.ConfirmConsignment | c.ReportResult
    said_ms: int

    @property
    def key(self) -> str:
        """Two messages that say the same to the same hall are one."""
        said = b"\0".join((self.kind.encode(), self.to_hall.encode(), wire.encode(self.command)))
        return hashlib.blake2b(said, digest_size=16).hexdigest()


_TOLD = (e.ConsignmentSent, e.ConsignmentReceived, e.ResultReported)
TOLD = frozenset(str(kind.__struct_config__.tag) for kind in _TOLD)
"""Events that another hall must be told of."""
_DONE = (e.ConsignmentAnnounced, e.ConsignmentConfirmed, e.ResultReported)
DONE = frozenset(str(kind.__struct_config__.tag) for kind in _DONE)
"""Events that our messages lead to."""

_CAN_CHANGE = frozenset(
    {
        Code.STALE, Code.STORAGE, Code.INTERNAL, Code.NOT_ALLOWED, Code.UNKNOWN_COMMAND, Code.UNSUPPORTED_VERSION,
    }
)  # fmt: skip
"""Refusals for what a hall is at the moment: its clock, its disk, its keys, its version."""


def message_of(hall: str, event: e.Event) -> Message | None:
    """What an event of this hall must tell another; None where it tells nobody."""
    match event:
        case e.ConsignmentSent():
            command = c.AnnounceConsignment(
                consignment=event.consignment,
                carries=event.carries,
                receipts=event.receipts,
                matters=event.matters,
                sent_at_ms=event.at_ms,
                due_ms=event.due_ms,
                decisions=event.decisions,
            )
            return Message(Kind.ANNOUNCE, event.to_hall, hall, event.consignment, _short(command), event.at_ms)
        case e.ConsignmentReceived():
            confirm = c.ConfirmConsignment(consignment=event.consignment, receipts=event.receipts)
            return Message(Kind.CONFIRM, event.from_hall, hall, event.consignment, confirm, event.at_ms)
        case e.ResultReported() if event.delivery is not Delivery.WINDOW and hall_of(event.receipt) != hall:
            report = c.ReportResult(receipt=event.receipt, decision=event.decision, delivery=event.delivery)
            return Message(Kind.REPORT, hall_of(event.receipt), hall, event.receipt, report, event.at_ms)
        case _:
            return None


def _short(command: c.AnnounceConsignment) -> c.AnnounceConsignment:
    """A long list of long names may not pass: then without its matters, which the papers tell as well."""
    room = wire.MAX_REQUEST_BYTES - 200  # for the moment at which it expires, added when it is sent
    if len(wire.encode(command)) <= room:
        return command
    return c.AnnounceConsignment(
        consignment=command.consignment,
        carries=command.carries,
        receipts=command.receipts,
        sent_at_ms=command.sent_at_ms,
        due_ms=command.due_ms,
        decisions=command.decisions,
    )


def has_done(event: e.Event, command: c.Command) -> bool:
    """Whether this event of a hall is what the command, once sent to it, had to bring about."""
    match event, command:
        case e.ConsignmentAnnounced(), c.AnnounceConsignment():
            return event.consignment == command.consignment
        case e.ConsignmentConfirmed(), c.ConfirmConsignment():
            arrived = set(command.receipts)
            same = event.consignment == command.consignment
            return same and arrived.issuperset(event.receipts) and arrived.isdisjoint(event.missing)
        case e.ResultReported(), c.ReportResult():
            return event.receipt == command.receipt
        case _:
            return False


def can_change(code: Code) -> bool:
    """Whether the same message may be accepted another time, though it was refused with this code."""
    return code in _CAN_CHANGE
