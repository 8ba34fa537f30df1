"""Whether a journal holds together, told from its events alone and not by the code that wrote them.

One place for each ticket, one visitor for each counter, no number twice in a day, nothing missing, and
the same totals whichever way they are counted.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import ENDED, TicketState

S = TicketState
AT_COUNTER = (S.CALLED, S.SERVING)
LIVING = frozenset(TicketState) - ENDED

MOVES: dict[type[e.Event], tuple[frozenset[TicketState], TicketState]] = {
    e.TicketCheckedIn: (frozenset({S.BOOKED}), S.WAITING),
    e.TicketUnclaimed: (frozenset({S.WAITING}), S.UNCLAIMED),
    e.TicketCalled: (frozenset({S.WAITING, S.UNCLAIMED, S.MISSED}), S.CALLED),
    e.TicketMissed: (frozenset({S.CALLED}), S.MISSED),
    e.TicketReturned: (frozenset({S.MISSED}), S.WAITING),
    e.TicketNoShow: (frozenset({S.MISSED, S.BOOKED}), S.NO_SHOW),
    e.TicketTransferred: (frozenset({S.SERVING}), S.WAITING),
    e.TicketCancelled: (LIVING, S.CANCELLED),
    e.ServiceStarted: (frozenset({S.CALLED, S.WAITING}), S.SERVING),
    e.ServiceResumed: (frozenset({S.CALLED, S.HELD}), S.SERVING),
    e.ServiceHeld: (frozenset({S.SERVING}), S.HELD),
    e.ServiceFinished: (frozenset({S.SERVING, S.HELD}), S.DONE),
}
"""What brings a ticket from where to where."""


class _Walk:
    """Every ticket followed through the events."""

    def __init__(self) -> None:
        self.places: dict[int, TicketState] = {}
        self.days: dict[int, str] = {}
        """The service day in which each was issued or booked."""
        self.numbers: dict[tuple[str, str], int] = {}
        self.at_counter: dict[int, int] = {}
        self.broken: list[str] = []

    def follow(self, event: e.Event) -> None:
        match event:
            case e.TicketIssued():
                self._enter(event, event.ticket, S.WAITING)
                self._number(event, event.ticket, event.number)
            case e.TicketBooked():
                self._enter(event, event.ticket, S.BOOKED)
            case e.TicketCheckedIn():
                self._number(event, event.ticket, event.number)
                self._move(event, event.ticket, None)
            case e.TicketPrinted() | e.TicketAcknowledged() if self.places.get(event.ticket) is S.UNCLAIMED:
                self.places[event.ticket] = S.WAITING
            case e.ActUndone(ticket=int() as ticket, ticket_state=TicketState() as state):
                self._put(event, ticket, state, event.counter)
            case e.CounterTakenOver():
                for ticket in event.tickets:
                    self._put(event, ticket, self.places[ticket], event.counter)
            case _ if type(event) in MOVES:
                moved: Any = event
                self._move(event, moved.ticket, getattr(event, "counter", None))
            case _:
                pass

    def _enter(self, event: e.Event, ticket: int, place: TicketState) -> None:
        if ticket in self.places:
            self._say(event, f"ticket {ticket} was given out twice")
        self.places[ticket] = place
        self.days[ticket] = event.service_day

    def _number(self, event: e.Event, ticket: int, number: str) -> None:
        key = (event.service_day, number)
        if key in self.numbers:
            self._say(event, f"number {number} was given to tickets {self.numbers[key]} and {ticket}")
        self.numbers[key] = ticket
        self.days[ticket] = event.service_day

    def _move(self, event: e.Event, ticket: int, counter: int | None) -> None:
        origins, place = MOVES[type(event)]
        was = self.places.get(ticket)
        if was not in origins:
            self._say(event, f"ticket {ticket} was {was or 'nowhere'}")
        stands_at = next((number for number, one in self.at_counter.items() if one == ticket), None)
        if None not in (counter, stands_at) and counter != stands_at:
            self._say(event, f"ticket {ticket} was at counter {stands_at} and not at {counter}")
        self._put(event, ticket, place, counter)

    def _put(self, event: e.Event, ticket: int, place: TicketState, counter: int | None) -> None:
        self.places[ticket] = place
        self.at_counter = {number: one for number, one in self.at_counter.items() if one != ticket}
        if place in AT_COUNTER and counter is not None:
            if counter in self.at_counter:
                self._say(event, f"counter {counter} had ticket {self.at_counter[counter]} already")
            self.at_counter[counter] = ticket

    def _say(self, event: e.Event, what: str) -> None:
        self.broken.append(f"event {event.seq} ({type(event).__struct_config__.tag}): {what}")


def broken(events: Sequence[e.Event], hall: Hall, report: dict[str, Any]) -> list[str]:
    """What does not hold, a sentence each. `report` is make_report's of the hall's present service day."""
    found = [
        f"event {after.seq} follows event {before.seq}"
        for before, after in itertools.pairwise(events)
        if after.seq != before.seq + 1
    ]
    walk = _Walk()
    for event in events:
        walk.follow(event)
    return found + walk.broken + _differs(walk, hall) + _totals(walk, events, hall, report)


def _differs(walk: _Walk, hall: Hall) -> list[str]:
    """The hall's state against the walk: each ticket of today in exactly one place, and in the same."""
    found = [f"ticket {ticket} is in the hall and has ended" for ticket in hall.tickets.keys() & hall.ended.keys()]
    now = {ticket: known.state for ticket, known in hall.tickets.items()}
    now |= {ticket: known.state for ticket, known in hall.ended.items()}
    expected = {
        ticket: place
        for ticket, place in walk.places.items()
        if place not in ENDED or walk.days[ticket] == hall.service_day or ticket in hall.ended
    }
    found += [
        f"ticket {ticket} is {now.get(ticket, 'nowhere')}, and {expected.get(ticket, 'nowhere')} by its events"
        for ticket in sorted(now.keys() | expected.keys())
        if now.get(ticket) is not expected.get(ticket)
    ]
    queued = sorted(ticket for queue in hall.queues.values() for _, ticket in queue)
    waiting = sorted(ticket for ticket, state in now.items() if state is S.WAITING)
    if queued != waiting:
        found.append(f"the queues hold {queued}, but waiting are {waiting}")
    return found


def _totals(walk: _Walk, events: Sequence[e.Event], hall: Hall, report: dict[str, Any]) -> list[str]:
    """Counted by ticket, by the hall itself, and by its report."""
    day = hall.service_day
    today = [event for event in events if event.service_day == day]
    visits: dict[int, str] = {}
    for event in today:
        if isinstance(event, e.ServiceStarted):
            visits[event.ticket] = event.band
        elif isinstance(event, e.ActUndone) and event.visit_band is not None and event.ticket is not None:
            visits.pop(event.ticket, None)
    numbers = sum(1 for number_day, _ in walk.numbers if number_day == day)
    no_shows = {event.ticket for event in today if isinstance(event, e.TicketNoShow)}
    cancelled = {event.ticket for event in today if isinstance(event, e.TicketCancelled)}
    done = {event.ticket for event in today if isinstance(event, e.ServiceFinished)}
    counted = {
        "visits": (len(visits), sum(hall.visits.values()), report["visits"]["total"]),
        "tickets issued": (numbers, hall.issued, report["tickets"]["issued"]),
        "no-shows": (len(no_shows), report["tickets"]["no_show"]),
        "no-shows of today's tickets": (sum(walk.days[ticket] == day for ticket in no_shows), hall.no_shows),
        "cancelled": (len(cancelled), report["tickets"]["cancelled"]),
        "services": (
            sum(walk.places[ticket] is S.DONE for ticket in done),
            sum(row["finished"] for row in report["by"]["band"].values()),
        ),
    }
    return [
        f"{day}: {name}, counted in different ways, are {' and '.join(map(str, counts))}"
        for name, counts in counted.items()
        if len(set(counts)) > 1
    ]
