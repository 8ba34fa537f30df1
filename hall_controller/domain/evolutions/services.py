"""Events of services: started, resumed, held, finished."""

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.bundle import MatterOutcome, kinds_learned
from hall_controller.domain.counter import CounterState, UndoableAct
from hall_controller.domain.evolutions.common import count_clerk, end, move_on, put, remember
from hall_controller.domain.flow import Learned, learn
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import TicketState, stretch_ms


def service_started(hall: Hall, event: e.ServiceStarted) -> None:
    before = hall.tickets[event.ticket]
    after = replace(
        before,
        state=TicketState.SERVING,
        counter=event.counter,
        started_at_ms=event.at_ms,
        serving_since_ms=event.at_ms,
        band=event.band,
        claim_by_ms=None,  # The visitor stands here: never again a phantom, even if no paper ever came.
    )
    put(hall, after)
    counter = hall.counters[event.counter]
    if before.state is TicketState.WAITING:
        # Served without a ticket: to undo it is to end it.
        act = remember(hall, counter, UndoableAct.SERVE_UNTICKETED, event.seq, None, after)
    else:
        act = remember(hall, counter, UndoableAct.START_SERVICE, event.seq, before, after)
    move_on(hall, event.counter, CounterState.SERVING, event, act)
    hall.visits[event.band] = hall.visits.get(event.band, 0) + 1
    count_clerk(hall, event.clerk, visits=1)


def service_resumed(hall: Hall, event: e.ServiceResumed) -> None:
    before = hall.tickets[event.ticket]
    after = replace(
        before, state=TicketState.SERVING, counter=event.counter, only_counter=None, serving_since_ms=event.at_ms
    )
    put(hall, after)
    name = UndoableAct.RESUME_TICKET if before.state is TicketState.HELD else UndoableAct.START_SERVICE
    act = remember(hall, hall.counters[event.counter], name, event.seq, before, after)
    move_on(hall, event.counter, CounterState.SERVING, event, act)


def service_held(hall: Hall, event: e.ServiceHeld) -> None:
    before = hall.tickets[event.ticket]
    served_ms = stretch_ms(before, event.at_ms)
    after = replace(
        before,
        state=TicketState.HELD,
        serving_since_ms=None,
        served_ms=before.served_ms + served_ms,
        put_back_ms=event.at_ms,
    )
    put(hall, after)
    act = remember(hall, hall.counters[event.counter], UndoableAct.HOLD, event.seq, before, after)
    move_on(hall, event.counter, event.counter_state, event, act)
    count_clerk(hall, event.clerk, service_s=served_ms // 1000)


def service_finished(hall: Hall, event: e.ServiceFinished) -> None:
    """The clerk is credited with the last stretch; whoever served the earlier ones was credited then."""
    before = hall.tickets[event.ticket]
    end(hall, before, TicketState.DONE)
    if event.counter_state is not None:
        act = remember(hall, hall.counters[event.counter], UndoableAct.FINISH_SERVICE, event.seq, before, None)
        move_on(hall, event.counter, event.counter_state, event, replace(act, service_s=event.service_s))
    count_clerk(hall, event.clerk, finished=1, service_s=stretch_ms(before, event.at_ms) // 1000)
    for key in kinds_learned(before):
        hall.learned[key] = learn(hall.learned.get(key, Learned()), event.service_s)


def matter_handled(hall: Hall, event: e.MatterHandled) -> None:
    ticket = hall.tickets[event.ticket]
    handled = tuple(one for one in ticket.handled if one != event.matter)
    left = tuple(one for one in ticket.left if one != event.matter)
    if event.outcome is MatterOutcome.HANDLED:
        handled = (*handled, event.matter)
    elif event.outcome is MatterOutcome.LEFT:
        left = (*left, event.matter)
    put(hall, replace(ticket, handled=handled, left=left))
