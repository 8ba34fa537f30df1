"""The clerk's side."""

from typing import Annotated

from msgspec import Meta

from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.commands.kinds import AtCounter, CounterNumber, Name, TicketId, WithVisitor
from hall_controller.domain.ticket import Language, VisitorClass


class OpenCounter(AtCounter, frozen=True):
    """Open a counter for a clerk; it is ready."""

    clerk: Name
    groups: Annotated[tuple[Name, ...], Meta(max_length=50)] | None = None
    """Serve only these matter groups; by default what hall.toml says of this counter."""
    languages: tuple[Language, ...] | None = None


class CloseCounter(AtCounter, frozen=True):
    """Close a counter that has no visitor."""


class PauseCounter(AtCounter, frozen=True):
    """Pause a counter; with a visitor at it: after this one."""


class ResumeCounter(AtCounter, frozen=True):
    """End a pause, or take back "pause after this one"."""


class HandOverCounter(AtCounter, frozen=True):
    """Another clerk goes on at an open counter, also with a visitor at it: nobody loses a place."""

    clerk: Name
    groups: Annotated[tuple[Name, ...], Meta(max_length=50)] | None = None
    """Serve only these matter groups from now on; by default what hall.toml says of this counter."""
    languages: tuple[Language, ...] | None = None


class NarrowCounter(AtCounter, frozen=True):
    """Tell an open counter what it serves from now on: `pickup` for the results window, nothing for all."""

    groups: Annotated[tuple[Name, ...], Meta(max_length=50)] = ()
    languages: tuple[Language, ...] = ()


class CallNext(AtCounter, frozen=True):
    """Call the next visitor by the assignment policy."""


class CallTicket(AtCounter, frozen=True):
    """Call a chosen ticket out of turn."""

    ticket: TicketId


class Recall(WithVisitor, frozen=True):
    """Call the same visitor again."""


class StartService(WithVisitor, frozen=True):
    """The called visitor is here; service starts."""


class HandleMatter(WithVisitor, frozen=True, kw_only=True):
    """Note of one of the visitor's matters that it is handled, that it is left for another day, or neither."""

    matter: Name
    outcome: MatterOutcome = MatterOutcome.HANDLED


class FinishService(WithVisitor, frozen=True):
    """The service is finished."""


class EndWrapUp(AtCounter, frozen=True):
    """The paperwork after a visitor is done; the counter is ready."""


class Missed(WithVisitor, frozen=True):
    """The called visitor did not come."""


class Hold(WithVisitor, frozen=True):
    """Set the visitor aside (a copy, a photo); the counter is free meanwhile."""


class ResumeTicket(AtCounter, frozen=True):
    """Take up a held visitor's service again."""

    ticket: TicketId


class Transfer(WithVisitor, frozen=True):
    """Send the visitor back to the queue: for one counter, or for any with another matter."""

    to_counter: CounterNumber | None = None
    matter: Name | None = None


class ServeUnticketed(AtCounter, frozen=True):
    """Serve a visitor who has no ticket; service starts at once."""

    matter: Name
    visitor_class: VisitorClass = VisitorClass.ORDINARY


class Undo(AtCounter, frozen=True):
    """Take back the last reversible act at a counter; with `ticket`, only if it was that visitor's."""

    ticket: TicketId | None = None
