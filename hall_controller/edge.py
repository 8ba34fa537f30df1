"""What the core cannot know of a command, checked before it decides: text, tokens and codes, kiosks, dates."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from hall_controller.bus.keys import Enrolled, holder_digest, ticket_of_code, ticket_of_token
from hall_controller.bus.mistakes import shown
from hall_controller.domain import commands as c
from hall_controller.domain.plain_text import NotPlain, entered, entries
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.sender import Role, Sender

CALENDAR_ENDS_MS = 221_845_392_000_000
"""The year 9000: dates soon after it cannot be computed, and a booking so far off would stop the hall."""


class Edge(NamedTuple):
    token_secret: bytes
    epoch: str
    devices: Mapping[str, Enrolled]


def checked(command: c.Command, sender: Sender, edge: Edge) -> c.Command | Refusal:
    """The command in plain text, with its ticket named by number; or what is wrong with it."""
    plain = _plain(command)
    if isinstance(plain, Refusal):
        return plain
    command = plain
    token = getattr(command, "token", None)
    if token is not None:
        ticket = _named_by(token, sender, edge)
        if ticket is None:
            message = f"{token!r} is not valid here; check it, or take a new ticket."
            return Refusal(Code.UNKNOWN_TICKET, message, "token")
        command = replace(command, ticket=ticket)
    print_at = getattr(command, "print_at", None)
    if print_at is not None:
        device = edge.devices.get(print_at)
        if device is None or device.role is not Role.KIOSK:
            return Refusal(Code.UNKNOWN_KIOSK, f"There is no kiosk {print_at!r} to print at.", "print_at")
    if isinstance(command, c.BookTicket) and command.holder is not None:
        command = replace(command, holder=holder_digest(edge.token_secret, command.holder))
    for name in ("slot_at_ms", "to_ms", "sent_at_ms", "due_ms"):
        at_ms = getattr(command, name, 0)
        if at_ms > CALENDAR_ENDS_MS:
            return Refusal(Code.MALFORMED, f"{name} is {at_ms}, after the year 9000; give milliseconds.", name)
    return command


def _plain(command: c.Command) -> c.Command | Refusal:
    """Every text in the command as its field's type says that it enters."""
    fresh = {}
    for name, way in entries(type(command)).items():
        value = getattr(command, name)
        if not value or (type(value) is str and value.isascii() and value.isprintable() and not value.isspace()):
            continue  # which is nearly all of them
        try:
            plain = entered(value, way)
        except NotPlain as error:
            return Refusal(Code.MALFORMED, f"{name} is {shown(value)}: it {error}.", name)
        if plain != value:
            fresh[name] = plain
    return replace(command, **fresh) if fresh else command


def _named_by(token: str, sender: Sender, edge: Edge) -> int | None:
    """A link's token from anyone; a booking's code, which is short, only from inside the hall."""
    if "-" in token:
        inside = sender.role is not Role.GATEWAY
        return ticket_of_code(edge.token_secret, edge.epoch, token) if inside else None
    return ticket_of_token(edge.token_secret, edge.epoch, token)
