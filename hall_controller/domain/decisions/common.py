"""What decisions share: the moment in which they are taken, refusing, and finding the things a command names."""

from enum import StrEnum
from typing import NoReturn

import msgspec

from hall_controller.domain.commands import WithVisitor
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.credit import Rating
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import Catalogue, Matter
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Mode
from hall_controller.domain.sender import Sender
from hall_controller.domain.ticket import Ticket, TicketState


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """All that a decision may know beside the hall and the command: no clock and no file is asked."""

    at_ms: int
    by: Sender
    catalogue: Catalogue
    estimate: Estimate | None = None
    """What a newcomer is to be told."""
    rating: Rating | None = None
    """Of the applicant that the command names; None where no register could be asked."""


class Refuse(Exception):
    """Raised within a decision; `decide` returns its refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refuse(code: Code, message: str, field: str | None = None) -> NoReturn:
    raise Refuse(Refusal(code, message, field))


def find_matter(moment: Moment, code: str, field: str = "matter") -> Matter:
    matter = moment.catalogue.matters.get(code)
    if matter is None:
        refuse(Code.UNKNOWN_MATTER, f"There is no matter {code!r} in this hall; `hall matters` lists them.", field)
    return matter


def find_bundle(moment: Moment, code: str, more: tuple[str, ...], theme: str | None = None) -> list[Matter]:
    """The matters of one visit, the first one first, each once."""
    matters = [find_matter(moment, code), *(find_matter(moment, one, "more") for one in dict.fromkeys(more))]
    if code in more:
        refuse(Code.MALFORMED, f"more holds {code!r}, which matter names already; name each once.", "more")
    for matter in matters if theme is not None else ():
        if theme not in matter.themes:
            refuse(Code.UNKNOWN_MATTER, f"Matter {matter.code!r} is not of theme {theme!r}; leave one out.", "theme")
    return matters


def usual_s(matter: Matter) -> int:
    return round(matter.usual_minutes * 60)


def find_ticket(hall: Hall, ticket: int | None) -> Ticket:
    found = hall.tickets.get(ticket or 0)
    if found is not None:
        return found
    if ticket is None:
        refuse(Code.MALFORMED, "No ticket is named; give ticket or token.", "ticket")
    ended = hall.ended.get(ticket)
    if ended is not None:
        refuse(Code.WRONG_STATE, f"Ticket {ended.number or ticket} has ended ({said(ended.state)}).", "ticket")
    refuse(Code.UNKNOWN_TICKET, f"There is no ticket {ticket} today; look it up by its number.", "ticket")


def must_be(ticket: Ticket, *states: TicketState) -> None:
    if ticket.state not in states:
        wanted = " or ".join(map(said, states))
        name = ticket.number or ticket.ticket
        refuse(Code.WRONG_STATE, f"Ticket {name} is {said(ticket.state)}, not {wanted}.", "ticket")


def said(state: StrEnum) -> str:
    """A state within a sentence: refusals are read by people too."""
    return state.replace("_", " ")


def find_counter(hall: Hall, number: int, field: str = "counter") -> Counter:
    """A counter that hall.toml no longer counts stays known until it is closed: its visitor must be served out."""
    counter = hall.counters.get(number) or Counter(counter=number)
    if number > in_force(hall).counters and counter.state is CounterState.CLOSED:
        refuse(
            Code.UNKNOWN_COUNTER, f"There is no counter {number}; this hall has 1 to {in_force(hall).counters}.", field
        )
    return counter


def open_counter(hall: Hall, number: int, field: str = "counter") -> Counter:
    counter = find_counter(hall, number, field)
    if counter.state is CounterState.CLOSED:
        refuse(Code.COUNTER_CLOSED, f"Counter {number} is closed; open it first.", field)
    return counter


def free_counter(hall: Hall, number: int) -> Counter:
    """A counter that can take a visitor now."""
    counter = open_counter(hall, number)
    if counter.state in BUSY:
        number_here = hall.tickets[counter.ticket or 0].number
        refuse(Code.COUNTER_BUSY, f"Counter {number} has a visitor ({number_here}); finish first.", "counter")
    if counter.state is CounterState.PAUSED:
        refuse(Code.COUNTER_PAUSED, f"Counter {number} is paused; resume it first.", "counter")
    return counter


def visitor_at(hall: Hall, command: WithVisitor) -> tuple[Counter, Ticket]:
    """The counter and its visitor, who is the one that the sender saw there."""
    counter = open_counter(hall, command.counter)
    if command.ticket is not None and command.ticket != counter.ticket:
        refuse(Code.STALE, f"Counter {counter.counter} no longer has the visitor you saw; look again.", "ticket")
    if counter.ticket is None:
        refuse(Code.NO_VISITOR, f"Counter {counter.counter} has no visitor.", "counter")
    return counter, hall.tickets[counter.ticket]


def state_when_freed(hall: Hall, counter: Counter) -> CounterState:
    if counter.pausing:
        return CounterState.PAUSED
    return CounterState.WRAPPING_UP if hall.mode is Mode.PUSH else CounterState.READY


def clerk_of(counter: Counter) -> str:
    return counter.clerk or ""


def number_of(ticket: Ticket) -> str:
    return ticket.number or ""
