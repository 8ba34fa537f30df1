"""Commands: what anyone may ask of the hall. Declared once; the wire, the command line and the docs read them here.

Each docstring is one line: it is the help text of `hall do` and the page in docs/protocol.md.
"""

import re
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from hall_controller.domain.alert import Surroundings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Mode, Policy, RosterSpan, Rules
from hall_controller.domain.ticket import Channel, Language, VisitorClass

Text = Annotated[str, Meta(max_length=400)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
CounterNumber = Annotated[int, Meta(ge=1, le=200)]
TicketId = Annotated[int, Meta(ge=1, lt=2**53)]
AtMs = Annotated[int, Meta(ge=0, lt=2**53)]


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
    why: Text | None = None
    """The reason a person gives; kept with the events."""


class AtCounter(Command, frozen=True):
    """A command about one counter."""

    counter: CounterNumber


class WithVisitor(AtCounter, frozen=True):
    """A command about the visitor at a counter; `ticket` is the one its sender sees there: another is `stale`."""

    ticket: TicketId | None = None


# --- the visitor's side: kiosk, reception, phone -------------------------------------------------


class IssueTicket(Command, frozen=True):
    """Give a visitor a place in the queue."""

    matter: Name
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
    language: Language = Language.MANDARIN
    print_at: Name | None = None
    """Print the booking at this kiosk's printer; a kiosk always prints at its own."""


class CheckIn(Command, frozen=True):
    """A booked visitor has arrived."""

    ticket: TicketId | None = None
    token: Name | None = None
    """The link's token, or, at a kiosk or reception, the code on the booking's paper (`12-3456`)."""
    print_at: Name | None = None
    """Print the number at this kiosk's printer; a kiosk always prints at its own."""


class CancelReason(StrEnum):
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
    visitor_class: VisitorClass | None = None


class ReturnToQueue(Command, frozen=True):
    """A visitor who missed the call is back: behind the next two of the class."""

    ticket: TicketId


class Rate(Command, frozen=True):
    """Rate a visit that is done, once."""

    stars: Annotated[int, Meta(ge=1, le=5)]
    ticket: TicketId | None = None
    token: Name | None = None


# --- the clerk's side ----------------------------------------------------------------------------


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


class CallNext(AtCounter, frozen=True):
    """Call the next visitor by the assignment policy."""


class CallTicket(AtCounter, frozen=True):
    """Call a chosen ticket out of turn."""

    ticket: TicketId


class Recall(WithVisitor, frozen=True):
    """Call the same visitor again."""


class StartService(WithVisitor, frozen=True):
    """The called visitor is here; service starts."""


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


# --- the catalogue -------------------------------------------------------------------------------


class ImportCatalogue(Command, frozen=True):
    """Bring one part of a catalogue (CSV); the last part to come puts the whole into force, or names every bad row."""

    upload: Name
    """Any name that is not used again; the parts of one catalogue share it."""
    part: Annotated[int, Meta(ge=1, le=1000)]
    parts: Annotated[int, Meta(ge=1, le=1000)]
    text: Annotated[str, Meta(max_length=12_000)]


# --- devices -------------------------------------------------------------------------------------


class PrintOutcome(StrEnum):
    PRINTED = "printed"
    FAILED = "failed"


class PrintDocuments(Command, frozen=True):
    """Print the list of documents that a matter needs, to take home."""

    matter: Name
    language: Language = Language.MANDARIN
    print_at: Name | None = None
    """Print at this kiosk's printer; a kiosk always prints at its own."""


class ReportPrint(Command, frozen=True):
    """A printer tells whether a ticket came out."""

    ticket: TicketId
    outcome: PrintOutcome
    detail: Text = ""


class DeviceState(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class ReportDevice(Command, frozen=True):
    """A device tells how it is."""

    kind: Name
    """Of which part it speaks: `paper`, `printer`, `sound`, `queue`, `screen`."""
    state: DeviceState
    detail: Text = ""


# --- the manager's side --------------------------------------------------------------------------


class TakeOverCounter(AtCounter, frozen=True):
    """Move the visitors of a dead terminal's counter to this ready counter, and close that one."""

    from_counter: CounterNumber


class AssignTicket(Command, frozen=True):
    """Keep a waiting ticket for one counter, as a transfer does; without `to_counter` any counter may call it again."""

    ticket: TicketId
    to_counter: CounterNumber | None = None


class SetNotice(Command, frozen=True):
    """Set the notice line of the boards; empty texts clear it."""

    zh: Text = ""
    en: Text = ""


class ExtendHours(Command, frozen=True):
    """Stay open longer today: closing is so many minutes later than it stands now."""

    minutes: Annotated[int, Meta(ge=1, le=600)]


class SetRoster(Command, frozen=True):
    """Plan how many counters are open on one day, instead of hall.toml's roster; without spans that one holds again."""

    day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    spans: Annotated[tuple[RosterSpan, ...], Meta(max_length=48)] = ()


class StopIssuing(Command, frozen=True):
    """Issue no more tickets until `resume_issuing` or the first opening of another day."""


class ResumeIssuing(Command, frozen=True):
    """Issue tickets again: overrules the last ticket until closing; also reopens a closed hall."""


class SetPolicy(Command, frozen=True):
    """Change the assignment policy."""

    policy: Policy
    favoured_limit: Annotated[int, Meta(ge=1, le=20)] | None = None


class SetMode(Command, frozen=True):
    """Change between pull (clerk presses next) and push (a ready counter is given its visitor)."""

    mode: Mode


class CloseHall(Command, frozen=True):
    """Emergency: end all that is outstanding, close the counters, issue nothing more."""

    reason: Name


class AcceptClock(Command, frozen=True):
    """Accept the wall clock after it stepped by a large amount."""


class AdvanceClock(Command, frozen=True):
    """Rehearsal halls only: move the clock forwards, and let it run `rate` times as fast from there."""

    to_ms: AtMs
    rate: Annotated[float, Meta(ge=0, le=10_000)] = 0.0


# --- internal: never on the wire -----------------------------------------------------------------


class Tick(Command, frozen=True):
    """Time has passed: decide what happens by itself."""

    surroundings: Surroundings | None = None
    """None: nothing is known of them, and what is alerted of them stays as it is."""


class ChangeRules(Command, frozen=True):
    """hall.toml says something else than the journal."""

    rules: Rules


class ChangeCatalogue(Command, frozen=True):
    """matters.csv says something else than the journal, or another catalogue was imported."""

    catalogue: Catalogue


class StepClock(Command, frozen=True):
    """The hall's clock was set."""

    step_ms: int


EXTERNAL: tuple[type[Command], ...] = (
    IssueTicket, AcknowledgeTicket, BookTicket, CheckIn, CancelTicket, ReprintTicket, AmendTicket, ReturnToQueue, Rate,
    OpenCounter, CloseCounter, PauseCounter, ResumeCounter, HandOverCounter, CallNext, CallTicket, Recall, StartService,
    FinishService, EndWrapUp, Missed, Hold, ResumeTicket, Transfer, ServeUnticketed, Undo, PrintDocuments, ReportPrint,
    ReportDevice, TakeOverCounter, AssignTicket, SetNotice, ExtendHours, SetRoster, StopIssuing, ResumeIssuing,
    SetPolicy, SetMode, CloseHall, AcceptClock, AdvanceClock, ImportCatalogue,
)  # fmt: skip
"""The commands that may come over the bus."""
