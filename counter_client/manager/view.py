"""What the manager's console shows, from the hall as it is: the hall in one line, its counters, its queue. Pure."""

from collections.abc import Iterator, Mapping
from enum import IntEnum

import msgspec

from counter_client.clerk.acts import counter_of
from counter_client.clerk.bundles import progress
from counter_client.clerk.serving import served_words
from counter_client.clerk.view import matter_words
from counter_client.hours import hours_words, lunch_words, why_no_tickets
from counter_client.words import Words
from hall_controller.domain.assignment import call_order, may_take
from hall_controller.domain.counter import WORKING, Counter, CounterState
from hall_controller.domain.flow import Learned
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.keeping import keeper
from hall_controller.domain.matters import Matter
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass

PRIOR_WEIGHT = 5
"""How many services the catalogue's usual minutes are worth against those of the journal."""
FAR_OVER = 2.0
"""A service beyond so many times its usual is marked as far over it."""
SLOW_CALL_S = 120
"""A call to which nobody has come, and which nobody has given up, for so long."""
IDLE_S = 60
"""A ready counter, in pull mode, while somebody waits whom it may take."""

Matters = Mapping[str, Matter]


class Trouble(IntEnum):
    """How much a counter wants the manager's eye; the most troubled stand first."""

    FAR_OVER = 0
    SLOW_CALL = 1
    IDLE = 2
    OVER = 3
    PAUSED = 4
    NONE = 5
    CLOSED = 6


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known in three seconds."""

    waiting: int
    oldest_s: int | None
    counters: dict[CounterState, int]
    working: int
    hours: Words
    no_tickets: Words | None
    visits: int
    no_shows: int
    issued: int
    missed: int
    unclaimed: int


class CounterRow(msgspec.Struct, frozen=True, kw_only=True):
    counter: int
    state: CounterState
    clerk: str | None
    number: str | None
    """Of the visitor there."""
    matter: Words | None
    for_s: int
    """The service so far; otherwise, how long in this state."""
    usual_s: int | None
    """Of the matter, while serving."""
    trouble: Trouble
    pausing: bool
    lunch: Words | None
    held: int
    kept: int
    """Waiting tickets that are kept for this counter."""
    only: Words | None
    """What it is limited to; None for a counter that serves everything."""
    progress: str = ""
    """Of a visit for several matters: `2/5` are done."""

    @property
    def ratio(self) -> float:
        return self.for_s / self.usual_s if self.usual_s else 0.0


class ClassRow(msgspec.Struct, frozen=True, kw_only=True):
    visitor_class: VisitorClass
    waiting: int
    oldest_s: int | None


def summary(hall: Hall, at_ms: int) -> Summary:
    counters = dict.fromkeys(CounterState, 0)
    for number in numbers(hall):
        state = counter_of(hall, number).state
        counters[state] = counters.get(state, 0) + 1
    states = [ticket.state for ticket in hall.tickets.values()]
    return Summary(
        waiting=sum(len(queue) for queue in hall.queues.values()),
        oldest_s=max(
            (oldest for one in hall.queues if (oldest := _oldest_s(hall, one, at_ms)) is not None), default=None
        ),
        counters=counters,
        working=sum(count for state, count in counters.items() if state in WORKING),
        hours=hours_words(hall, at_ms),
        no_tickets=why_no_tickets(hall),
        visits=sum(hall.visits.values()),
        no_shows=hall.no_shows,
        issued=hall.issued,
        missed=states.count(TicketState.MISSED),
        unclaimed=states.count(TicketState.UNCLAIMED),
    )


def _oldest_s(hall: Hall, visitor_class: VisitorClass, at_ms: int) -> int | None:
    issued = [hall.tickets[ticket].issued_at_ms for _, ticket in hall.queues.get(visitor_class, ())]
    return _seconds(min(issued), at_ms) if issued else None


def class_rows(hall: Hall, at_ms: int) -> list[ClassRow]:
    return [
        ClassRow(
            visitor_class=one,
            waiting=len(hall.queues.get(one, ())),
            oldest_s=_oldest_s(hall, one, at_ms),
        )
        for one in VisitorClass
    ]


def numbers(hall: Hall) -> list[int]:
    """All counters: those that hall.toml counts, and older ones that are still open."""
    late = [
        n for n, one in hall.counters.items() if n > in_force(hall).counters and one.state is not CounterState.CLOSED
    ]
    return [*range(1, in_force(hall).counters + 1), *sorted(late)]


def counter_rows(hall: Hall, at_ms: int, matters: Matters, *, by_number: bool = False) -> list[CounterRow]:
    """Those in trouble first, the worst on top."""
    held: dict[int, int] = {}
    kept: dict[int, int] = {}
    for ticket in hall.tickets.values():
        if ticket.state is TicketState.HELD and ticket.counter is not None:
            held[ticket.counter] = held.get(ticket.counter, 0) + 1
        elif ticket.state is TicketState.WAITING and (keeps := keeper(hall, ticket, at_ms)) is not None:
            kept[keeps] = kept.get(keeps, 0) + 1
    rows = [_counter_row(hall, counter_of(hall, n), at_ms, matters, held, kept) for n in numbers(hall)]
    if by_number:
        return rows
    return sorted(
        rows, key=lambda row: (row.trouble, -row.ratio, -row.for_s if row.trouble < Trouble.NONE else 0, row.counter)
    )


def _counter_row(
    hall: Hall, counter: Counter, at_ms: int, matters: Matters, held: dict[int, int], kept: dict[int, int]
) -> CounterRow:
    ticket = hall.tickets.get(counter.ticket or 0)
    for_s, usual = _seconds(counter.since_ms, at_ms), None
    if ticket is not None and ticket.state is TicketState.SERVING:
        for_s = ticket.served_ms // 1000 + _seconds(ticket.serving_since_ms or at_ms, at_ms)
        usual = usual_s(hall, ticket, matters)
    return CounterRow(
        counter=counter.counter,
        state=counter.state,
        clerk=counter.clerk,
        number=ticket.number if ticket else None,
        matter=matter_words(ticket.matter, dict(matters)) if ticket else None,
        for_s=for_s,
        usual_s=usual,
        trouble=_trouble(hall, counter, for_s, usual, at_ms),
        pausing=counter.pausing,
        lunch=lunch_words(hall, counter, at_ms) if counter.back_at_ms is not None else None,
        held=held.get(counter.counter, 0),
        kept=kept.get(counter.counter, 0),
        only=served_words(counter.narrowing, matters),
        progress=progress(ticket) if ticket is not None and ticket.more else "",
    )


def _trouble(hall: Hall, counter: Counter, for_s: int, usual: int | None, at_ms: int) -> Trouble:
    match counter.state:
        case CounterState.CLOSED:
            return Trouble.CLOSED
        case CounterState.PAUSED:
            return Trouble.PAUSED
        case CounterState.SERVING if usual is not None and for_s > usual:
            return Trouble.FAR_OVER if for_s > FAR_OVER * usual else Trouble.OVER
        case CounterState.CALLING if for_s > SLOW_CALL_S:
            return Trouble.SLOW_CALL
        case CounterState.READY if for_s > IDLE_S and hall.mode is Mode.PULL and _has_someone(hall, counter, at_ms):
            return Trouble.IDLE
    return Trouble.NONE


def _has_someone(hall: Hall, counter: Counter, at_ms: int) -> bool:
    waiting = (hall.tickets[ticket] for queue in hall.queues.values() for _, ticket in queue)
    return any(may_take(counter, ticket, hall, at_ms) for ticket in waiting)


def usual_s(hall: Hall, ticket: Ticket, matters: Matters) -> int:
    """The usual service of a ticket's matter: the journal's, leaning on the catalogue while it knows little."""
    matter = matters.get(ticket.matter)
    prior = matter.usual_minutes * 60 if matter else ticket.usual_s
    learned = hall.learned.get(ticket.matter, Learned())
    return round((learned.mean_s * learned.count + prior * PRIOR_WEIGHT) / (learned.count + PRIOR_WEIGHT))


QUEUED = (TicketState.MISSED, TicketState.UNCLAIMED, TicketState.HELD)


def queue_order(hall: Hall) -> list[int]:
    """The waiting in the order of their turn; then who missed the call, who took no ticket, who is set aside."""
    rest: dict[TicketState, list[int]] = {state: [] for state in QUEUED}
    for ticket in hall.tickets.values():
        if ticket.state in rest:
            rest[ticket.state].append(ticket.ticket)
    return [*call_order(hall), *(ticket for state in QUEUED for ticket in rest[state])]


def at_counters(hall: Hall) -> Iterator[Ticket]:
    return (t for t in hall.tickets.values() if t.state in (TicketState.CALLED, TicketState.SERVING))


def _seconds(from_ms: int, to_ms: int) -> int:
    return max(0, to_ms - from_ms) // 1000
