"""What devices say, and what is printed."""

from typing import Annotated

from msgspec import Meta

from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.commands.kinds import Command, Name, OwnWords, TicketId
from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.ticket import Language


class PrintOutcome(OpenEnum):
    PRINTED = "printed"
    FAILED = "failed"


class PrintDocuments(Command, frozen=True):
    """Print the list of documents that a matter needs, to take home; of several matters, without repeats."""

    matter: Name
    more: Annotated[tuple[Name, ...], Meta(max_length=MORE_MAX)] = ()
    language: Language = Language.MANDARIN
    print_at: Name | None = None
    """Print at this kiosk's printer; a kiosk always prints at its own."""


class ReportPrint(Command, frozen=True):
    """A printer tells whether a ticket came out."""

    ticket: TicketId
    outcome: PrintOutcome
    detail: Annotated[OwnWords, Meta(max_length=400)] = ""


class DeviceState(OpenEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class DeviceKind(OpenEnum):
    """The parts of devices that this hall knows by name; a device may report on others, which are shown as named."""

    PAPER = "paper"
    PRINTER = "printer"
    SOUND = "sound"
    QUEUE = "queue"
    """Of calls that wait to be spoken."""
    PACK = "pack"
    """The voice pack."""
    SCREEN = "screen"


def device_kind(name: str) -> DeviceKind | None:
    """None for a part that only its own device knows."""
    try:
        return DeviceKind(name)
    except ValueError:
        return None


class ReportDevice(Command, frozen=True):
    """A device tells how it is."""

    kind: Name
    """Of which part it speaks: `paper`, `printer`, `sound`, `queue`, `pack`, `screen`, or another."""
    state: DeviceState
    detail: Annotated[OwnWords, Meta(max_length=400)] = ""
