"""The calls on the big panel, and those before. Pure: the hall's state goes in, a stage comes out.

The hall itself says who is called, and where: the panel shows all of them, however many, and nobody else. What the
stage adds is only what a screen knows: since when it has shown a call, and which of them have been answered.
Times are milliseconds of the stage's clock, any clock that only goes forward.
"""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.counter import Counter
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import TicketState

USUAL = 3
"""Calls of one column in letters that are read across the hall."""
CROWDED = 8
"""Up to so many have two columns and words; more than that are numbers alone."""
REMEMBERED = 60
ANSWERED = frozenset({TicketState.SERVING, TicketState.HELD, TicketState.DONE})


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    hold_ms: int = 8_000
    """A new call is highlighted this long."""


class Call(msgspec.Struct, frozen=True):
    ticket: int
    number: str
    counter: int
    announced: int = 1
    """How often the visitor was called in all: one more is a new call."""
    again: bool = False
    """A recall: the visitor has been called to this counter before."""


class Shown(msgspec.Struct, frozen=True):
    call: Call
    seq: int
    """The hall's, when the call came up."""
    since_ms: int = 0


class Stage(msgspec.Struct, frozen=True):
    epoch: str = ""
    shown: tuple[Shown, ...] = ()
    """On the big panel, the newest first: all who are called."""
    before: tuple[Shown, ...] = ()
    """Have been on the panel, and their visitors have come; the newest call first."""


def standing(hall: Hall) -> tuple[Call, ...]:
    """Every call that is not answered yet, the newest first."""
    found: list[Call] = []
    for counter in sorted(hall.counters.values(), key=_made, reverse=True):
        ticket = hall.tickets.get(counter.ticket or 0)
        # Between the events of an emergency a counter may still call one whose ticket has ended.
        if ticket is not None and ticket.state is TicketState.CALLED:
            again = ticket.calls > 1
            found.append(Call(ticket.ticket, ticket.number or "", counter.counter, ticket.announced, again))
    return tuple(found)


def _made(counter: Counter) -> tuple[int, int, int]:
    """When a counter began to call, to be sorted by."""
    return counter.since_ms, counter.last_act.seq if counter.last_act is not None else 0, counter.counter


def advance(stage: Stage, hall: Hall, now_ms: int, timing: Timing) -> Stage:
    """Bring the stage to what the hall says now."""
    since_ms = now_ms
    if stage.epoch != hall.epoch:
        # This screen has just begun to follow: who is expected is shown, without being called again.
        stage, since_ms = Stage(hall.epoch), now_ms - timing.hold_ms
    up = {shown.call: shown for shown in stage.shown}
    shown = tuple(up.pop(call, Shown(call, hall.seq, since_ms)) for call in standing(hall))
    return replace(stage, shown=shown, before=_answered(hall, (*up.values(), *stage.before)))


def restore(stage: Stage, hall: Hall, events: Iterable[e.Event]) -> Stage:
    """With the answered calls of before the screen began, read from a stretch of the journal that ends with `hall`."""
    calls: dict[int, Shown] = {}
    before: list[Shown] = []
    for event in events:
        match event:
            case e.TicketCalled() | e.TicketRecalled():
                calls[event.ticket] = Shown(Call(event.ticket, event.number, event.counter), event.seq)
            case e.ServiceStarted() | e.ServiceResumed() if event.ticket in calls:
                made = calls.pop(event.ticket)
                # Taken over meanwhile, it was answered at another counter than it was made for.
                before.append(replace(made, call=replace(made.call, counter=event.counter)))
            case _:
                pass
    return replace(stage, before=_answered(hall, (*stage.before, *before)))


def _answered(hall: Hall, left: Iterable[Shown]) -> tuple[Shown, ...]:
    """Those whose visitors have come and neither wait again nor are called; each once, the newest first."""
    found: dict[int, Shown] = {}
    for shown in sorted(left, key=lambda shown: shown.seq, reverse=True):
        call = shown.call
        ticket = hall.tickets.get(call.ticket) or hall.ended.get(call.ticket)
        # After a lost tail of the journal the hall may not know of it, or know another visitor by its ticket.
        if ticket is not None and ticket.state in ANSWERED and ticket.number == call.number and shown.seq <= hall.seq:
            found.setdefault(call.ticket, shown)
    return tuple(found.values())[:REMEMBERED]


def is_fresh(shown: Shown, now_ms: int, timing: Timing) -> bool:
    """Whether it is still to be highlighted."""
    return now_ms - shown.since_ms < timing.hold_ms


def next_change_ms(stage: Stage, now_ms: int, timing: Timing) -> int | None:
    """The next moment at which `is_fresh` says something new; None when none is planned."""
    moments = (shown.since_ms + timing.hold_ms for shown in stage.shown)
    return min((moment for moment in moments if moment > now_ms), default=None)
