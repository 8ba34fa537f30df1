"""Features: what this hall understands beyond the first release of the wire.

`status` lists them. A client sends a field or message of a feature only to a hall that lists it; other halls refuse it.
"""

from enum import StrEnum

from msgspec.structs import replace

from hall_controller.domain.commands import Command


class Feature(StrEnum):
    """A feature's name never changes, and is listed for ever."""

    SEEN_SEQ = "seen_seq"
    """Commands may carry `seen_seq`."""
    SESSIONS = "sessions"
    """`status` may name the terminal's session; pulses tell of counters that several terminals speak for."""
    REBOOK = "rebook"
    """`rebook_ticket` moves a booking to another half hour."""


OPTIONAL_FIELDS: dict[str, Feature] = {"seen_seq": Feature.SEEN_SEQ}
"""Fields of every command that need a feature."""


def understood(command: Command, features: frozenset[str]) -> Command:
    """The command without the fields that a hall with these features would refuse."""
    unknown = {name: None for name, feature in OPTIONAL_FIELDS.items() if feature not in features}
    return replace(command, **unknown) if any(getattr(command, name) is not None for name in unknown) else command
