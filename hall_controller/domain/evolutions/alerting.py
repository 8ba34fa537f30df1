"""Alerts raised and cleared, and what the hall must remember to see that one is due."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.alert import Alert, key
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules_managing import RECENT_CALLS
from hall_controller.domain.ticket import TicketState


def alert_raised(hall: Hall, event: e.AlertRaised) -> None:
    alert = Alert(event.alert, event.subject, event.value, event.since_ms, event.at_ms)
    hall.alerts[key(event.alert, event.subject)] = alert


def alert_cleared(hall: Hall, event: e.AlertCleared) -> None:
    del hall.alerts[key(event.alert, event.subject)]


def follow(hall: Hall, event: e.Event) -> None:
    """Asked before the event is applied."""
    memory = _MEMORIES.get(type(event))
    if memory is not None:
        memory(hall, event)


# --- how calls end -------------------------------------------------------------------------------


def _missed(hall: Hall, event: e.TicketMissed) -> None:
    _ended(hall, event.ticket, missed=True)


def _came(hall: Hall, event: e.ServiceStarted | e.ServiceResumed) -> None:
    if hall.tickets[event.ticket].state is TicketState.CALLED:
        _ended(hall, event.ticket, missed=False)


def _ended(hall: Hall, ticket: int, *, missed: bool) -> None:
    hall.recent_calls = (*hall.recent_calls, (ticket, missed))[-RECENT_CALLS:]


def _undone(hall: Hall, event: e.ActUndone) -> None:
    if event.ticket is None:
        return
    if event.ticket_state is TicketState.CALLED:
        calls = hall.recent_calls
        last = next((at for at in range(len(calls) - 1, -1, -1) if calls[at][0] == event.ticket), None)
        if last is not None:
            hall.recent_calls = calls[:last] + calls[last + 1 :]
    if event.ticket_state is TicketState.WAITING:
        hall.requeued_ms[event.ticket] = event.at_ms
    else:
        hall.requeued_ms.pop(event.ticket, None)


def _new_day(hall: Hall, event: e.DayStarted) -> None:
    del event
    hall.recent_calls = ()


# --- since when tickets wait ---------------------------------------------------------------------


def _waits_anew(hall: Hall, event: e.TicketTransferred | e.TicketReturned) -> None:
    hall.requeued_ms[event.ticket] = event.at_ms


def _waits_otherwise(hall: Hall, event: e.TicketAmended | e.TicketAssigned) -> None:
    """From now on other counters may serve it."""
    if hall.tickets[event.ticket].state is TicketState.WAITING:
        hall.requeued_ms[event.ticket] = event.at_ms


def _claimed(hall: Hall, event: e.TicketPrinted | e.TicketAcknowledged) -> None:
    if hall.tickets[event.ticket].state is TicketState.UNCLAIMED:
        hall.requeued_ms[event.ticket] = event.at_ms


def _waits_no_more(hall: Hall, event: e.TicketCalled | e.TicketCancelled | e.TicketNoShow | e.TicketUnclaimed) -> None:
    hall.requeued_ms.pop(event.ticket, None)


def _clock_stepped(hall: Hall, event: e.ClockStepped) -> None:
    step_ms = event.step_ms
    hall.requeued_ms = {ticket: at_ms + step_ms for ticket, at_ms in hall.requeued_ms.items()}
    hall.alerts = {
        name: replace(alert, since_ms=alert.since_ms + step_ms, raised_ms=alert.raised_ms + step_ms)
        for name, alert in hall.alerts.items()
    }


_MEMORIES: dict[type[e.Event], Callable[[Hall, Any], None]] = {
    e.TicketMissed: _missed,
    e.ServiceStarted: _came,
    e.ServiceResumed: _came,
    e.ActUndone: _undone,
    e.DayStarted: _new_day,
    e.TicketTransferred: _waits_anew,
    e.TicketReturned: _waits_anew,
    e.TicketAmended: _waits_otherwise,
    e.TicketAssigned: _waits_otherwise,
    e.TicketPrinted: _claimed,
    e.TicketAcknowledged: _claimed,
    e.TicketCalled: _waits_no_more,
    e.TicketCancelled: _waits_no_more,
    e.TicketNoShow: _waits_no_more,
    e.TicketUnclaimed: _waits_no_more,
    e.ClockStepped: _clock_stepped,
}
