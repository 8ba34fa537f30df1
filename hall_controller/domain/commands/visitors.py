"""The visitor's side: kiosk, reception, phone."""

from typing import Annotated

from msgspec import Meta

from hall_controller.domain.acceptance import Receipt
from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.commands.kinds import AtMs, Command, Name, OwnWords, TicketId
from hall_controller.domain.matters import How
from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.ticket import Channel, Language, VisitorClass

More = Annotated[tuple[Name, ...], Meta(max_length=MORE_MAX)]
"""Further matters of one visit."""


class IssueTicket(Command, frozen=True):
    """Give a visitor a place in the queue."""

    matter: Name
    more: More = ()
    """Further matters that are done in the same visit, with the same number."""
    theme: Name | None = None
    """The theme that the matters were chosen from; all of them must be of it."""
    receipt: Receipt | None = None
    """The visitor comes for this result; the matter must be one of the group `pickup`."""
    visitor_class: VisitorClass = VisitorClass.ORDINARY
    language: Language = Language.MANDARIN
    channel: Channel | None = None
    """By default that of the sender's role."""
    print_at: Name | None = None
    """Print at this kiosk's printer; a kiosk always prints at its own."""


class AcknowledgeTicket(Command, frozen=True):
    """The visitor has read the number from the screen and touched it away."""

    ticket: TicketId


class BookTicket(Command, frozen=True):
    """Book a visit for a later moment; it gets its number at check-in."""

    matter: Name
    slot_at_ms: AtMs
    """A visitor takes one of the free half hours; reception may choose any moment."""
    more: More = ()
    """Further matters that are done in the same visit."""
    theme: Name | None = None
    """The theme that the matters were chosen from; all of them must be of it."""
    holder: Name | None = None
    """Who books, by any key that the same person has each time: the hall keeps a digest, to refuse a double booking."""
    language: Language = Language.MANDARIN
    print_at: Name | None = None
    """Print the booking at this kiosk's printer; a kiosk always prints at its own."""


class RebookTicket(Command, frozen=True):
    """Move a booking to another half hour; its code and its link stay."""

    slot_at_ms: AtMs
    """A visitor takes a free half hour, once the hall is shut at the booked one; the staff any moment."""
    ticket: TicketId | None = None
    token: Name | None = None


class CheckIn(Command, frozen=True):
    """A booked visitor has arrived."""

    ticket: TicketId | None = None
    token: Name | None = None
    """The link's token, or, at a kiosk or reception, the code on the booking's paper (`12-3456`)."""
    print_at: Name | None = None
    """Print the number at this kiosk's printer; a kiosk always prints at its own."""


class CancelReason(OpenEnum):
    VISITOR = "visitor"
    STAFF = "staff"
    HALL_CLOSED = "hall_closed"
    SWEPT = "swept"


class CancelTicket(Command, frozen=True):
    """Give up a place in the queue."""

    ticket: TicketId | None = None
    token: Name | None = None


class ReprintTicket(Command, frozen=True):
    """Print a ticket again, marked as a copy."""

    ticket: TicketId
    print_at: Name | None = None


class AmendTicket(Command, frozen=True):
    """Correct the matter or the visitor class of a ticket; its number and its place in time stay."""

    ticket: TicketId
    matter: Name | None = None
    more: More | None = None
    """The further matters from now on; null leaves them."""
    visitor_class: VisitorClass | None = None


class ReturnToQueue(Command, frozen=True):
    """A visitor who missed the call is back: behind the next two of the class."""

    ticket: TicketId


class RatingReason(OpenEnum):
    """What a visitor was not content with."""

    WAIT = "wait"
    """It took too long."""
    UNCLEAR = "unclear"
    """What was needed was not explained."""
    UNFRIENDLY = "unfriendly"
    SENT_AWAY = "sent_away"
    """To come again, or to go elsewhere."""
    NOT_SOLVED = "not_solved"
    PLACE = "place"
    """The hall itself: noise, seats, way."""


class Rate(Command, frozen=True):
    """Rate a visit that is done, once."""

    stars: Annotated[int, Meta(ge=1, le=5)]
    reasons: Annotated[tuple[RatingReason, ...], Meta(max_length=6)] = ()
    """Of a rating of three stars or less."""
    comment: Annotated[OwnWords, Meta(max_length=200)] = ""
    """In the visitor's own words, for the manager; no names, please."""
    ticket: TicketId | None = None
    token: Name | None = None


class Divert(Command, frozen=True):
    """A visitor does without a visit: the matter is done elsewhere, or at once."""

    matter: Name
    way: How
    """One of the ways that the catalogue gives for the matter, other than a counter."""
    language: Language = Language.MANDARIN
