"""The calls that wait to be spoken: in order, each once, never late.

Pure: the announcer adds what the hall's events say, and takes the next one when the last has been spoken.
"""

import msgspec
from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import Language, TicketState

CROWD = 2
"""With so many calls waiting behind it, a call is spoken in the short form."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    ticket: int
    number: str
    counter: int
    language: Language
    before: int
    """Earlier announcements of this visitor: with ticket and counter they name the call, whatever the clock does."""
    at_ms: int
    """When it was last asked for; its age counts from here."""
    calls: int = 1
    """How often the clerk has called, recalls included."""
    nth: int = 1
    """As which call it is to be spoken: a recall of one that nobody has heard yet is still the first."""


class Queue(msgspec.Struct, frozen=True):
    waiting: tuple[Call, ...] = ()


class Taken(msgspec.Struct, frozen=True):
    call: Call | None
    """What to say now; None when nothing waits."""
    short: bool
    stale: tuple[Call, ...]
    """Too old to be said; staff are told."""
    queue: Queue


def call_of(event: e.Event, hall: Hall) -> Call | None:
    """What an event asks to be spoken; `hall` has been brought forward by it."""
    # Taken over: the called visitor was sent to a dead counter, so the voice names the new one.
    # Undone: a no-show or start pressed by mistake may have come before the call was spoken.
    if isinstance(event, e.TicketCalled | e.TicketRecalled | e.CounterTakenOver | e.ActUndone):
        return call_at(hall, event.counter, event.at_ms)
    return None


def call_at(hall: Hall, number: int, at_ms: int) -> Call | None:
    """The call that this counter is making."""
    counter = hall.counters.get(number)
    ticket = hall.tickets.get(counter.ticket or 0) if counter is not None else None
    # Between the events of an emergency a counter may still call one whose ticket has ended.
    if ticket is None or ticket.state is not TicketState.CALLED:
        return None
    return Call(
        ticket=ticket.ticket,
        number=ticket.number or "",
        counter=number,
        language=ticket.language,
        before=ticket.announced - ticket.calls,
        at_ms=at_ms,
        calls=ticket.calls,
        nth=ticket.calls,
    )


def standing(hall: Hall) -> tuple[Call, ...]:
    """Every call being made now, the oldest first: what a voice that has just arrived may have missed."""
    calls = (call_at(hall, counter.counter, counter.since_ms) for counter in hall.counters.values())
    return tuple(sorted((call for call in calls if call), key=lambda call: (call.at_ms, call.counter)))


def stands(call: Call, hall: Hall) -> bool:
    """Whether the visitor is still being called there: not undone, missed, moved or already at the counter."""
    now = call_at(hall, call.counter, call.at_ms)
    return now is not None and is_same(now, call)


def is_same(one: Call, other: Call) -> bool:
    """Whether both are of one call, recalls included."""
    return (one.ticket, one.counter, one.before) == (other.ticket, other.counter, other.before)


def add(queue: Queue, call: Call) -> Queue:
    """Put a call behind the others. One still waiting to be spoken absorbs its recall and keeps its turn."""
    waiting = []
    merged = False
    for other in queue.waiting:
        if other.ticket != call.ticket:
            waiting.append(other)
        elif is_same(other, call):
            merged = True
            waiting.append(replace(other, at_ms=max(other.at_ms, call.at_ms), calls=max(other.calls, call.calls)))
    return Queue(tuple(waiting) if merged else (*waiting, call))


def step(queue: Queue, step_ms: int) -> Queue:
    """The hall's clock was set: the calls are as old as they were."""
    return Queue(tuple(replace(call, at_ms=call.at_ms + step_ms) for call in queue.waiting))


def prune(queue: Queue, hall: Hall) -> Queue:
    """Without the calls that no longer stand."""
    waiting = tuple(call for call in queue.waiting if stands(call, hall))
    return queue if len(waiting) == len(queue.waiting) else Queue(waiting)


def take(queue: Queue, now_ms: int, *, stale_ms: int, short_after_ms: int) -> Taken:
    """The next call to speak, and those found too old on the way."""
    stale = tuple(call for call in queue.waiting if now_ms - call.at_ms > stale_ms)
    fresh = tuple(call for call in queue.waiting if now_ms - call.at_ms <= stale_ms)
    if not fresh:
        return Taken(None, False, stale, Queue())
    call, rest = fresh[0], fresh[1:]
    # The last one is said in full however long it waited: nobody waits for its end.
    short = len(rest) >= CROWD or (bool(rest) and now_ms - call.at_ms >= short_after_ms)
    return Taken(call, short, stale, Queue(rest))
