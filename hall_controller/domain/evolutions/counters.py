"""Events of counters: opened, closed, paused, taken over, and the last act undone."""

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.bundle import kinds_learned
from hall_controller.domain.counter import BUSY, Act, Counter, CounterState, UndoableAct
from hall_controller.domain.evolutions.common import count_clerk, end, move_on, put, remember
from hall_controller.domain.flow import Learned, unlearn
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import FAVOURED_LIMIT_MAX
from hall_controller.domain.ticket import TicketState, stretch_ms
from hall_controller.domain.undoing import restored


def counter_opened(hall: Hall, event: e.CounterOpened) -> None:
    hall.counters[event.counter] = Counter(
        counter=event.counter,
        state=CounterState.READY,
        since_ms=event.at_ms,
        clerk=event.clerk,
        narrowing=event.narrowing,
    )


def counter_closed(hall: Hall, event: e.CounterClosed) -> None:
    hall.counters[event.counter] = Counter(counter=event.counter, since_ms=event.at_ms)


def counter_paused(hall: Hall, event: e.CounterPaused) -> None:
    """A pause that the hall itself ordered over lunch is no act of the clerk's, to be undone."""
    if event.back_at_ms is not None:
        counter = hall.counters[event.counter]
        hall.counters[event.counter] = replace(
            counter, state=CounterState.PAUSED, since_ms=event.at_ms, back_at_ms=event.back_at_ms, last_act=None
        )
        return
    act = remember(hall, hall.counters[event.counter], UndoableAct.PAUSE_COUNTER, event.seq)
    move_on(hall, event.counter, CounterState.PAUSED, event, act)


def counter_pause_planned(hall: Hall, event: e.CounterPausePlanned) -> None:
    counter = hall.counters[event.counter]
    if event.back_at_ms is not None:
        hall.counters[event.counter] = replace(counter, pausing=True, back_at_ms=event.back_at_ms)
        return
    act = remember(hall, counter, UndoableAct.PAUSE_COUNTER, event.seq)
    hall.counters[event.counter] = replace(counter, pausing=True, last_act=act)


def counter_resumed(hall: Hall, event: e.CounterResumed) -> None:
    counter = hall.counters[event.counter]
    act = remember(hall, counter, UndoableAct.RESUME_COUNTER, event.seq)
    hall.counters[event.counter] = replace(counter, back_at_ms=None)
    if counter.state is CounterState.PAUSED:
        move_on(hall, event.counter, CounterState.READY, event, act)
    else:
        hall.counters[event.counter] = replace(counter, pausing=False, back_at_ms=None, last_act=act)


def wrap_up_ended(hall: Hall, event: e.WrapUpEnded) -> None:
    counter = hall.counters[event.counter]
    hall.counters[event.counter] = replace(counter, state=CounterState.READY, since_ms=event.at_ms)


def counter_handed_over(hall: Hall, event: e.CounterHandedOver) -> None:
    """What the first clerk has served is theirs; what the first clerk did, the second cannot undo."""
    counter = hall.counters[event.counter]
    ticket = hall.tickets.get(counter.ticket or 0)
    if ticket is not None and ticket.serving_since_ms is not None:
        served_ms = stretch_ms(ticket, event.at_ms)
        put(hall, replace(ticket, served_ms=ticket.served_ms + served_ms, serving_since_ms=event.at_ms))
        count_clerk(hall, event.from_clerk, service_s=event.service_s)
    hall.counters[event.counter] = replace(counter, clerk=event.clerk, narrowing=event.narrowing, last_act=None)


def counter_narrowed(hall: Hall, event: e.CounterNarrowed) -> None:
    hall.counters[event.counter] = replace(hall.counters[event.counter], narrowing=event.narrowing)


def counter_taken_over(hall: Hall, event: e.CounterTakenOver) -> None:
    dead = hall.counters[event.from_counter]
    for number in event.tickets:
        put(hall, replace(hall.tickets[number], counter=event.counter))
    counter = hall.counters[event.counter]
    if dead.ticket is not None:
        counter = replace(counter, state=dead.state, ticket=dead.ticket, since_ms=event.at_ms)
    hall.counters[event.counter] = replace(counter, last_act=None)
    hall.counters[event.from_counter] = Counter(counter=event.from_counter, since_ms=event.at_ms)


def act_undone(hall: Hall, event: e.ActUndone) -> None:
    act = hall.counters[event.counter].last_act
    assert act is not None, "decided against this state"
    hall.counters[event.counter] = _back_at_work(act.counter_before, hall.counters[event.counter])
    if event.clerk:
        hall.clerks[event.clerk] = act.clerk_before
    if event.visit_band is not None:
        hall.visits[event.visit_band] -= 1
    if act.act is UndoableAct.CALL_NEXT:
        _uncall(hall, act)
    if act.ticket_before is not None:
        ended = hall.ended.pop(act.ticket_before.ticket, None)
        put(hall, restored(act.ticket_before, act.ticket_after, hall.tickets.get(act.ticket_before.ticket)))
        if ended is not None:
            for key in kinds_learned(act.ticket_before):
                hall.learned[key] = unlearn(hall.learned.get(key, Learned()), act.service_s)
    elif act.ticket_after is not None:
        end(hall, hall.tickets[act.ticket_after.ticket], TicketState.CANCELLED)


def _back_at_work(before: Counter, now: Counter) -> Counter:
    """As it was before the act; but what it was told to serve since holds, and lunch still calls its clerk away."""
    before = replace(before, narrowing=now.narrowing)
    if now.back_at_ms is None:
        return before
    if before.state in BUSY:
        return replace(before, pausing=True, back_at_ms=now.back_at_ms)
    return replace(before, state=CounterState.PAUSED, since_ms=now.since_ms, back_at_ms=now.back_at_ms)


def _uncall(hall: Hall, act: Act) -> None:
    """Count as if this call had not been: those that followed stay, and go on from the run that it ended."""
    run = (*act.ended_run, *(seq for seq in hall.favoured_run if seq != act.seq))
    hall.favoured_run = run[-FAVOURED_LIMIT_MAX:]
    ordinary = hall.tickets.get(act.passed or 0)
    if ordinary is not None:
        put(hall, replace(ordinary, passed=tuple(seq for seq in ordinary.passed if seq != act.seq)))
