"""Which counters and tickets an event changes in a way that matters to whoever acts on them.

That a ticket's paper came out, that its visitor was called once more, or that others went before, changes nothing here.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from hall_controller.domain import events as e
from hall_controller.domain.changes import COUNTER_FIELDS, Changes
from hall_controller.domain.hall import Hall
from hall_controller.domain.undoing import MOVES

_COUNTERS = {kind: tuple(name for name in COUNTER_FIELDS if name in kind.__struct_fields__) for kind in e.ALL}
_WITH_TICKET = frozenset(kind for kind in e.ALL if "ticket" in kind.__struct_fields__)
_of_ticket = attrgetter(*MOVES, "matter", "more", "visitor_class")

Seen = tuple[list[int], Sequence[int], list[Any]]
"""Counters, tickets, and how they were."""


def look(hall: Hall, event: e.Event) -> Seen | None:
    """How what the event may change is before it; None for an event of neither a counter nor a ticket."""
    kind = type(event)
    names = _COUNTERS[kind]
    if not names and kind not in _WITH_TICKET:
        return None
    counters = [getattr(event, name) for name in names]
    tickets: Sequence[int] = [getattr(event, "ticket")] if kind in _WITH_TICKET else ()  # noqa: B009 - many kinds have it
    if isinstance(event, e.CounterTakenOver):
        tickets = event.tickets
    return counters, tickets, _pictures(hall, counters, tickets)


def note(hall: Hall, event: e.Event, seen: Seen | None) -> None:
    """Keep the event's seq for what it has changed."""
    if seen is not None:
        counters, tickets, before = seen
        after = _pictures(hall, counters, tickets)
        for last, number, old, new in zip(
            [hall.changes.counters] * len(counters) + [hall.changes.tickets] * len(tickets),
            [*counters, *tickets],
            before,
            after,
            strict=True,
        ):
            if old != new:
                last[number] = event.seq
    elif isinstance(event, e.EpochStarted):
        hall.changes = Changes(everything=event.seq)
    elif isinstance(event, e.DayStarted):
        hall.changes.tickets = {number: seq for number, seq in hall.changes.tickets.items() if number in hall.tickets}


def _pictures(hall: Hall, counters: Sequence[int], tickets: Sequence[int]) -> list[Any]:
    """A ticket that is not there is seen as None."""
    here = [hall.tickets.get(number) for number in tickets]
    return [hall.counters.get(number) for number in counters] + [one and _of_ticket(one) for one in here]
