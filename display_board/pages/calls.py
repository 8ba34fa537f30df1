"""Which calls the big panel shows, and for how long. Pure: arrivals and the time go in, a stage comes out.

A call is on the screen for at least `hold_ms`, alone or beside others; then it stays until a newer
call needs its place or its visitor has come. Calls that find no place wait their turn: none is lost.
Usually up to three are shown; when many come at once (forty counters called at opening), up to eight, smaller.
Times are milliseconds of any clock that only goes forward.
"""

import msgspec
from msgspec.structs import replace

USUAL = 3
"""Calls shown side by side in a hall that is not overrun."""
CROWDED = 8
REMEMBERED = 60


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    hold_ms: int = 8_000
    """A call is shown at least this long."""
    linger_ms: int = 25_000
    """A call whose visitor has come leaves after this long, though nobody needs its place."""


class Call(msgspec.Struct, frozen=True):
    ticket: int
    number: str
    counter: int
    seq: int
    """Of the event that announced it."""
    again: bool = False
    """A recall: the visitor has been called before."""


class Shown(msgspec.Struct, frozen=True):
    call: Call
    since_ms: int
    stays_ms: int | None = None
    """Set once the call is settled: it leaves this long after `since_ms`. None while the visitor is expected."""


class Stage(msgspec.Struct, frozen=True):
    shown: tuple[Shown, ...] = ()
    """On the big panel, the newest first."""
    queue: tuple[Call, ...] = ()
    """Called, but not yet on the panel; the oldest first."""


def announce(stage: Stage, call: Call, now_ms: int, timing: Timing) -> Stage:
    """A call or recall has been made. A visitor who is shown already is highlighted anew in the same place."""
    if any(shown.call.ticket == call.ticket for shown in stage.shown):
        shown = tuple(Shown(call, now_ms) if s.call.ticket == call.ticket else s for s in stage.shown)
        return advance(replace(stage, shown=shown), now_ms, timing)
    if any(queued.ticket == call.ticket for queued in stage.queue):
        queue = tuple(call if queued.ticket == call.ticket else queued for queued in stage.queue)
        return advance(replace(stage, queue=queue), now_ms, timing)
    return advance(replace(stage, queue=(*stage.queue, call)), now_ms, timing)


def settle(stage: Stage, ticket: int, stays_ms: int | None) -> Stage:
    """The visitor has come or was given up: the call leaves `stays_ms` after it was put up, never before its hold."""
    return replace(
        stage, shown=tuple(replace(s, stays_ms=stays_ms) if s.call.ticket == ticket else s for s in stage.shown)
    )


def withdraw(stage: Stage, ticket: int) -> Stage:
    """The call was a mistake, or its ticket is no longer valid: nobody is to follow it."""
    return Stage(
        tuple(shown for shown in stage.shown if shown.call.ticket != ticket),
        tuple(call for call in stage.queue if call.ticket != ticket),
    )


def advance(stage: Stage, now_ms: int, timing: Timing) -> Stage:
    """Bring the stage to `now_ms`: take away what has had its time, and put up what waits."""
    shown = [s for s in stage.shown if not _leaves(s, now_ms, timing)]
    queue = list(stage.queue)
    fresh = sum(not _seen(s, now_ms, timing) for s in shown)
    room = USUAL if fresh + len(queue) <= 2 * USUAL else CROWDED
    while queue:
        if len(shown) >= room and not _give_way(shown, now_ms, timing):
            break
        shown.insert(0, Shown(queue.pop(0), now_ms))
    while len(shown) > USUAL and _give_way(shown, now_ms, timing):
        pass
    return Stage(tuple(shown), tuple(queue))


def is_fresh(shown: Shown, now_ms: int, timing: Timing) -> bool:
    """Whether it is still to be highlighted."""
    return not _seen(shown, now_ms, timing)


def next_change_ms(stage: Stage, now_ms: int, timing: Timing) -> int | None:
    """The next moment at which `advance` or `is_fresh` may say something new; None when none is planned."""
    moments = [s.since_ms + timing.hold_ms for s in stage.shown]
    moments += [s.since_ms + max(s.stays_ms, timing.hold_ms) for s in stage.shown if s.stays_ms is not None]
    return min((moment for moment in moments if moment > now_ms), default=None)


def remember(history: tuple[Call, ...], call: Call) -> tuple[Call, ...]:
    """The calls of the day, the newest first, each visitor once."""
    return (call, *forget(history, call.ticket))[:REMEMBERED]


def forget(history: tuple[Call, ...], ticket: int) -> tuple[Call, ...]:
    return tuple(call for call in history if call.ticket != ticket)


def _seen(shown: Shown, now_ms: int, timing: Timing) -> bool:
    return now_ms - shown.since_ms >= timing.hold_ms


def _leaves(shown: Shown, now_ms: int, timing: Timing) -> bool:
    return shown.stays_ms is not None and now_ms - shown.since_ms >= max(shown.stays_ms, timing.hold_ms)


def _give_way(shown: list[Shown], now_ms: int, timing: Timing) -> bool:
    """Remove the one that needs its place least: settled before expected, then the longest shown. False: none may."""
    seen = [s for s in reversed(shown) if _seen(s, now_ms, timing)]
    if not seen:
        return False
    shown.remove(min(seen, key=lambda s: (s.stays_ms is None, s.since_ms)))
    return True
