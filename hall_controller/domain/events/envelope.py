"""What all events carry."""

import msgspec

from hall_controller.domain.commands import snake


class Event(msgspec.Struct, kw_only=True, tag_field="type", tag=snake, gc=False):
    """The envelope: stamped by `decide`, the same in journal and on the bus."""

    epoch: str = ""
    seq: int = 0
    at_ms: int = 0
    service_day: str = ""
    by: str = ""
    """The device that sent the command."""
    why: str | None = None


class UnknownEvent(Event, tag="unknown"):
    """What a newer hall tells and this version cannot read: its envelope, and all of it as it came. In no journal."""

    kind: str
    """Its type on the wire."""
    body: msgspec.Raw
