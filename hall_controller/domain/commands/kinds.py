"""What all commands are made of."""

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from hall_controller.domain.plain_text import Entry

Text = Annotated[str, Meta(max_length=400)]
OwnWords = Annotated[str, Meta(extra={"entry": Entry.OWN_WORDS})]
"""Of a visitor or a device: never refused for a character, but cleaned."""
Name = Annotated[str, Meta(min_length=1, max_length=64)]
CounterNumber = Annotated[int, Meta(ge=1, le=200)]
TicketId = Annotated[int, Meta(ge=1, lt=2**53)]
AtMs = Annotated[int, Meta(ge=0, lt=2**53)]
Seq = Annotated[int, Meta(ge=0, lt=2**53)]


def snake(name: str) -> str:
    """`CallNext` -> `call_next`: the tag of a command or event on the wire."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag=snake,
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """What every command may carry."""

    expires_at_ms: AtMs | None = None
    """By the hall's clock; refused as `stale` when decided later."""
    seen_seq: Seq | None = None
    """The last event that its sender's screen shows; refused as `stale` if the counter or ticket that the command names
    has changed since. Only for a hall with the feature `seen_seq`."""
    why: Text | None = None
    """The reason a person gives; kept with the events."""


class AtCounter(Command, frozen=True):
    """A command about one counter."""

    counter: CounterNumber


class WithVisitor(AtCounter, frozen=True):
    """A command about the visitor at a counter; `ticket` is the one its sender sees there: another is `stale`."""

    ticket: TicketId | None = None
