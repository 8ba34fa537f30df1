"""Which events are calls, and which take a call back. Pure."""

from collections.abc import Iterable

from display_board.pages.calls import Call, forget, remember
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import TicketState


def call_of(event: e.Event) -> Call | None:
    """The call that an event announces, if it does."""
    if isinstance(event, e.TicketCalled):
        return Call(event.ticket, event.number, event.counter, event.seq)
    if isinstance(event, e.TicketRecalled):
        return Call(event.ticket, event.number, event.counter, event.seq, again=True)
    return None


def withdrawn_by(event: e.Event) -> int | None:
    """The ticket whose call nobody is to follow any more: undone by the clerk, or cancelled."""
    if isinstance(event, e.ActUndone) and event.act == "call_next":
        return event.ticket
    if isinstance(event, e.TicketCancelled):
        return event.ticket
    return None


def moved_by(event: e.Event, hall: Hall) -> list[Call]:
    """Visitors who are on their way to a counter whose place another has taken: they must be told the new one."""
    if not isinstance(event, e.CounterTakenOver):
        return []
    tickets = [hall.tickets[ticket] for ticket in event.tickets if ticket in hall.tickets]
    return [
        Call(t.ticket, t.number or "", event.counter, event.seq, again=True)
        for t in tickets
        if t.state is TicketState.CALLED
    ]


def is_expected(hall: Hall, ticket: int) -> bool:
    """Whether a counter still waits for this visitor to come."""
    found = hall.tickets.get(ticket)
    return found is not None and found.state is TicketState.CALLED


def history_of(events: Iterable[e.Event], hall: Hall) -> tuple[Call, ...]:
    """The calls of the hall's service day, the newest first, from a stretch of its events and its state after them."""
    history: tuple[Call, ...] = ()
    for event in events:
        if event.service_day != hall.service_day:
            continue
        call, withdrawn = call_of(event), withdrawn_by(event)
        if call is not None:
            history = remember(history, call)
        elif withdrawn is not None:
            history = forget(history, withdrawn)
    known = {call.ticket: call for call in history}
    # Older than that stretch, or since moved to another counter: the state knows where each visitor is expected.
    expected = [t for t in hall.tickets.values() if t.state is TicketState.CALLED and t.counter is not None]
    for ticket in sorted(expected, key=lambda t: t.called_at_ms or 0):
        counter = ticket.counter or 0
        old = known.get(ticket.ticket)
        if old is None or old.counter != counter:
            call = Call(ticket.ticket, ticket.number or "", counter, old.seq if old else 0, again=ticket.calls > 1)
            history = remember(history, call)
    return history
