"""What evolutions share: a ticket in its place, an act that can be undone, a clerk's figures."""

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.counter import BUSY, Act, ClerkDay, Counter, CounterState, UndoableAct
from hall_controller.domain.hall import Ended, Hall, dequeue, enqueue
from hall_controller.domain.ticket import Ticket, TicketState


def put(hall: Hall, ticket: Ticket) -> None:
    """Replace a ticket, keeping it in a queue exactly while it waits."""
    old = hall.tickets.get(ticket.ticket)
    if old is not None and old.state is TicketState.WAITING:
        dequeue(hall, old)
    hall.tickets[ticket.ticket] = ticket
    if ticket.state is TicketState.WAITING:
        enqueue(hall, ticket)


def end(hall: Hall, ticket: Ticket, state: TicketState) -> None:
    if ticket.state is TicketState.WAITING:
        dequeue(hall, ticket)
    del hall.tickets[ticket.ticket]
    clerk = hall.counters[ticket.counter].clerk if ticket.counter in hall.counters else None
    hall.ended[ticket.ticket] = Ended(
        ticket.number, state, matter=ticket.matter, counter=ticket.counter, clerk=clerk or ""
    )
    if state is not TicketState.DONE and ticket.number in hall.carried:
        del hall.carried[ticket.number]  # Free again. Not so when it is done: an undo could bring it back.


def remember(
    hall: Hall,
    counter: Counter,
    act: UndoableAct,
    seq: int,
    before: Ticket | None = None,
    after: Ticket | None = None,
    passed: int | None = None,
) -> Act:
    """What it will take to undo an act that is about to change this counter."""
    return Act(
        act=act,
        counter_before=replace(counter, last_act=None),
        ticket_before=before,
        ticket_after=after,
        clerk_before=hall.clerks.get(counter.clerk or "", ClerkDay()),
        seq=seq,
        passed=passed,
    )


def move_on(hall: Hall, number: int, state: CounterState, event: e.Event, act: Act) -> None:
    """Bring a counter to its next state by a reversible act."""
    busy = state in BUSY
    hall.counters[number] = replace(
        hall.counters[number],
        state=state,
        since_ms=event.at_ms,
        ticket=act.ticket_after.ticket if act.ticket_after is not None and busy else None,
        pausing=hall.counters[number].pausing and busy,
        last_act=act,
    )


def count_clerk(
    hall: Hall, clerk: str, *, visits: int = 0, finished: int = 0, service_s: int = 0, no_shows: int = 0
) -> None:
    if not clerk:
        return  # A held visitor whose counter has closed ends without a clerk.
    day = hall.clerks.get(clerk, ClerkDay())
    hall.clerks[clerk] = ClerkDay(
        visits=day.visits + visits,
        finished=day.finished + finished,
        service_s=day.service_s + service_s,
        no_shows=day.no_shows + no_shows,
    )
