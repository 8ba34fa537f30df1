"""Whether a journal holds together, told from its events alone and not by the code that wrote them.

One place for each ticket, one visitor for each counter, no number twice in a day, nothing missing, and
the same totals whichever way they are counted.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

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


class Figures(NamedTuple):
    """What the hall itself has counted of its service day, so far."""

    day: str
    visits: dict[str, int]
    """By band."""
    issued: int
    no_shows: int

    @classmethod
    def of(cls, hall: Hall) -> Self:
        visits = {str(band): count for band, count in hall.visits.items() if count}
        return cls(hall.service_day, visits, hall.issued, hall.no_shows)


def broken(
    events: Sequence[e.Event], hall: Hall, figures: Sequence[Figures], report: Callable[[str], dict[str, Any]]
) -> list[str]:
    """What does not hold, a sentence each.

    `figures`: at the end of each day that is to be proven. `report`: make_report's of a service day or a month.
    """
    found = [
        f"event {after.seq} follows event {before.seq}"
        for before, after in itertools.pairwise(events)
        if after.seq != before.seq + 1
    ]
    walk = _Walk()
    days: dict[str, list[e.Event]] = {}
    for event in events:
        walk.follow(event)
        days.setdefault(event.service_day, []).append(event)
    found += walk.broken + _differs(walk, hall)
    for day in figures:
        found += _totals(walk, days.get(day.day, []), day, report(day.day))
    for month in dict.fromkeys(day.day[:7] for day in figures):
        found += _month(month, {day: own for day, own in days.items() if day.startswith(month)}, report)
    return found


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


def visits_of(events: Sequence[e.Event]) -> dict[int, str]:
    """The band of each visit, by ticket: an undone start is none."""
    visits: dict[int, str] = {}
    for event in events:
        if isinstance(event, e.ServiceStarted):
            visits[event.ticket] = event.band
        elif isinstance(event, e.ActUndone) and event.visit_band is not None and event.ticket is not None:
            visits.pop(event.ticket, None)
    return visits


def _totals(walk: _Walk, today: Sequence[e.Event], figures: Figures, report: dict[str, Any]) -> list[str]:
    """Counted by ticket, by the hall itself, and by its report."""
    day = figures.day
    visits = visits_of(today)
    numbers = sum(isinstance(event, e.TicketIssued | e.TicketCheckedIn) for event in today)
    no_shows = {event.ticket for event in today if isinstance(event, e.TicketNoShow)}
    cancelled = {event.ticket for event in today if isinstance(event, e.TicketCancelled)}
    done = {event.ticket for event in today if isinstance(event, e.ServiceFinished)}
    counted: dict[str, tuple[int, ...]] = {
        "visits": (len(visits), sum(figures.visits.values()), report["visits"]["total"]),
        "tickets issued": (numbers, figures.issued, report["tickets"]["issued"]),
        "no-shows": (len(no_shows), report["tickets"]["no_show"]),
        "no-shows of today's tickets": (sum(walk.days[ticket] == day for ticket in no_shows), figures.no_shows),
        "cancelled": (len(cancelled), report["tickets"]["cancelled"]),
        "services": (
            sum(walk.places[ticket] is S.DONE for ticket in done),
            sum(row["finished"] for row in report["by"]["band"].values()),
        ),
    }
    for band, count in Counter(visits.values()).items():
        counted[f"{band} visits"] = (count, figures.visits.get(band, 0), report["visits"].get(band, 0))
    return _differing(day, counted)


def _month(month: str, days: dict[str, list[e.Event]], report: Callable[[str], dict[str, Any]]) -> list[str]:
    """By ticket, by the sum of the days' reports, and by the month's: nothing lost or doubled at midnight."""
    visits = visits_of([event for own in days.values() for event in own])
    of_days, of_month = [report(day) for day in days], report(month)
    counted: dict[str, tuple[int, ...]] = {
        "visits": (len(visits), sum(one["visits"]["total"] for one in of_days), of_month["visits"]["total"])
    }
    for band, count in Counter(visits.values()).items():
        counted[f"{band} visits"] = (count, sum(one["visits"][band] for one in of_days), of_month["visits"][band])
    for what in of_month["tickets"]:
        counted[what] = (sum(one["tickets"][what] for one in of_days), of_month["tickets"][what])
    return _differing(month, counted)


def _differing(period: str, counted: dict[str, tuple[int, ...]]) -> list[str]:
    return [
        f"{period}: {name}, counted in different ways, are {' and '.join(map(str, counts))}"
        for name, counts in counted.items()
        if len(set(counts)) > 1
    ]
