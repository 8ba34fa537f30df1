"""What the people in a rehearsed hall know of each other, beyond what the hall knows."""

import math
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from hall_controller.domain.assignment import choose
from hall_controller.domain.counter import WORKING, Counter, CounterState
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.ticket import TicketState
from hall_controller.rehearsal.agenda import Person, Stage
from hall_controller.rehearsal.day import Visitor, stranger
from hall_controller.rehearsal.incidents import Pace

IN_PROGRESS = (
    TicketState.WAITING,
    TicketState.UNCLAIMED,
    TicketState.CALLED,
    TicketState.SERVING,
    TicketState.HELD,
)


class Booked(NamedTuple):
    """Somebody with a booking for another day, to be checked in by its code."""

    slot_at_ms: int
    ticket: int
    code: str | None
    """None on a stage that gives out none."""
    plan: Visitor


class Floor:
    """Shared by all people of one rehearsed morning or day."""

    def __init__(self, stage: Stage, catalogue: Catalogue, begin: Callable[[Person], None]) -> None:
        self._stage = stage
        self._catalogue = catalogue
        self.begin = begin
        """Let another person act from now on."""
        self.plans: dict[int, Visitor] = {}
        """By ticket."""
        self.paces: tuple[Pace, ...] = ()
        """When services take longer than they do elsewise."""
        self.services_s: dict[int, float] = {}
        """How long a visitor's whole service takes, by ticket: told when it begins."""
        self.left_s: dict[int, float] = {}
        """How much of a visitor's service is still to be done, by ticket."""
        self.happened: set[tuple[int, str]] = set()
        """(ticket, what): what befalls a visitor once."""
        self.gone: set[int] = set()
        """Tickets of visitors who walked out."""
        self.held: dict[int, list[tuple[int, int]]] = {}
        """By counter: (when they are back, ticket)."""
        self.colleagues: set[str] = set()
        """The rehearsed clerks: they hand counters over to each other, and take none from a person."""
        self.booked: list[Booked] = []
        """Who booked for another day."""
        self.at_desk: deque[Visitor] = deque()
        """Without a ticket, waiting for any clerk who looks up."""
        self.to_come = 0
        """Visitors who are expected yet, returning ones included."""
        self.turned_away = 0
        self.gave_up = 0
        """Who lost patience, and told the greeter or did not."""
        self.over = False
        """Everybody was served: clerks may go."""
        self.closed_ms: int | None = None
        """When the last counter closed."""
        self.left_over = 0
        """People who were there when the clerks went home."""
        self.day_is_over = False

    @property
    def hall(self) -> Hall:
        return self._stage.hall

    @property
    def now_ms(self) -> int:
        return self._stage.now_ms

    def counter(self, number: int) -> Counter:
        return self.hall.counters.get(number) or Counter(counter=number)

    def plan(self, ticket: int) -> Visitor:
        """Of anybody who holds a ticket: people whom the rehearsal did not bring are served as usual."""
        plan = self.plans.get(ticket)
        if plan is None:
            held = self.hall.tickets.get(ticket)
            matter = self._catalogue.matters.get(held.matter) if held else None
            plan = self.plans[ticket] = stranger(matter.code if matter else "", matter.usual_minutes if matter else 8)
        return plan

    def service_s(self, ticket: int) -> float:
        """Of the whole service, by when it began."""
        if ticket not in self.services_s:
            times = math.prod(pace.times for pace in self.paces if pace.holds(self.now_ms))
            self.services_s[ticket] = round(self.plan(ticket).service_s * times, 1)
        return self.services_s[ticket]

    def once(self, ticket: int, what: str) -> bool:
        """True the first time."""
        if (ticket, what) in self.happened:
            return False
        self.happened.add((ticket, what))
        return True

    def has_visitor_for(self, number: int) -> bool:
        return choose(self.hall, self.counter(number), self.now_ms) is not None

    def is_owed_to_someone(self, number: int) -> bool:
        """Whether a colleague has sent someone to this very counter, who waits."""
        return any(
            ticket.only_counter == number and ticket.state is TicketState.WAITING
            for ticket in self.hall.tickets.values()
        )

    def someone_back(self, number: int) -> int | None:
        """A held visitor of this counter who has come back."""
        for back_ms, ticket in self.held.get(number, ()):
            if back_ms <= self.now_ms:
                return ticket
        return None

    def next_back_ms(self, number: int) -> int | None:
        return min((back_ms for back_ms, _ in self.held.get(number, ())), default=None)

    def colleague_of(self, number: int) -> int | None:
        """Another counter that works and takes anything."""
        others = [
            counter.counter
            for counter in self.hall.counters.values()
            if counter.counter != number
            and counter.state in WORKING
            and not (counter.pausing or counter.narrowing.groups or counter.narrowing.languages)
        ]
        return min(others, key=lambda other: (other - number) % 1000, default=None)

    def all_served(self) -> bool:
        if self.to_come or self.at_desk:
            return False
        return not any(ticket.state in IN_PROGRESS for ticket in self.hall.tickets.values())

    def all_gone(self) -> bool:
        """Nobody holds a ticket any more, who missed the call included; bookings of other days are no matter."""
        return not (self.at_desk or any(t.state is not TicketState.BOOKED for t in self.hall.tickets.values()))

    def all_closed(self) -> bool:
        return all(counter.state is CounterState.CLOSED for counter in self.hall.counters.values())
