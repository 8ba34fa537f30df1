"""The manager's side."""

from typing import Annotated

from msgspec import Meta

from hall_controller.domain.commands.kinds import AtCounter, AtMs, Command, CounterNumber, Name, Text, TicketId
from hall_controller.domain.plain_text import Entry
from hall_controller.domain.rules import Mode, Policy, RosterSpan


class ImportCatalogue(Command, frozen=True):
    """Bring one part of a catalogue (CSV); the last part to come puts the whole into force, or names every bad row."""

    upload: Name
    """Any name that is not used again; the parts of one catalogue share it."""
    part: Annotated[int, Meta(ge=1, le=1000)]
    parts: Annotated[int, Meta(ge=1, le=1000)]
    text: Annotated[str, Meta(max_length=12_000, extra={"entry": Entry.CELLS})]


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
    """Emergency: end every number, close the counters, issue nothing more; bookings are kept."""

    reason: Name


class AcceptClock(Command, frozen=True):
    """Accept the wall clock after it stepped by a large amount."""


class AdvanceClock(Command, frozen=True):
    """Rehearsal halls only: move the clock forwards, and let it run `rate` times as fast from there."""

    to_ms: AtMs
    rate: Annotated[float, Meta(ge=0, le=10_000)] = 0.0
