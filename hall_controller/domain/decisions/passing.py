"""What happens by itself: as time passes, when the rules change, and when a counter becomes ready in push mode."""

import datetime as dt

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.assignment import choose, ready_counters
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.decisions.acceptances import documents_due
from hall_controller.domain.decisions.alerting import alerts_due
from hall_controller.domain.decisions.clerks import called, finished
from hall_controller.domain.decisions.common import Moment, clerk_of
from hall_controller.domain.decisions.openings import run_day
from hall_controller.domain.decisions.visitors import cancelled
from hall_controller.domain.hall import Hall, in_force, is_after_closing, waiting_count
from hall_controller.domain.hours import service_day
from hall_controller.domain.rules import Mode
from hall_controller.domain.stranded_bookings import is_kept, stranded_by
from hall_controller.domain.ticket import Paper, Ticket, TicketState

Events = list[e.Event]
CALLED_TWICE = 2
SWEEP_AFTER_S = 120
"""After closing, somebody who missed the call has so long to come back once nobody else waits."""


def tick(hall: Hall, command: c.Tick, moment: Moment) -> Events:
    """A day that begins comes alone: what it changes is decided on the next tick."""
    today = service_day(in_force(hall), moment.at_ms)
    if today > hall.service_day:
        return [e.DayStarted(service_day=today)]
    events = run_day(hall, moment)
    if hall.acceptances:
        events += documents_due(hall, dt.date.fromisoformat(hall.service_day))
    shut = all(counter.state is CounterState.CLOSED for counter in hall.counters.values())
    all_served = is_after_closing(hall) and not waiting_count(hall)
    for ticket in hall.tickets.values():
        event = _sweep(hall, ticket, moment.at_ms) if shut else None
        event = event or _lapse(hall, ticket, moment.at_ms, all_served=all_served)
        if event is not None:
            events.append(event)
    wrap_up_ms = in_force(hall).wrap_up_s * 1000
    events.extend(
        e.WrapUpEnded(counter=counter.counter, clerk=clerk_of(counter))
        for counter in hall.counters.values()
        if counter.state is CounterState.WRAPPING_UP and moment.at_ms >= counter.since_ms + wrap_up_ms
    )
    events.extend(alerts_due(hall, moment.at_ms, command.surroundings))
    return events


def _lapse(hall: Hall, ticket: Ticket, at_ms: int, *, all_served: bool) -> e.Event | None:
    """Grace periods that are over, and before the lights go out whoever was called twice and is not there."""
    if ticket.state is TicketState.MISSED:
        grace_s = in_force(hall).missed_grace_s
        if all_served and ticket.announced >= CALLED_TWICE:
            grace_s = min(grace_s, SWEEP_AFTER_S)
        if at_ms > (ticket.missed_at_ms or 0) + grace_s * 1000:
            return e.TicketNoShow(ticket=ticket.ticket, number=ticket.number)
    elif ticket.state is TicketState.WAITING and ticket.paper in (Paper.PENDING, Paper.FAILED):
        if ticket.claim_by_ms is not None and at_ms > ticket.claim_by_ms:
            return e.TicketUnclaimed(ticket=ticket.ticket, number=ticket.number)
    elif ticket.state is TicketState.UNCLAIMED and all_served:
        return cancelled(ticket, CancelReason.SWEPT)
    elif ticket.state is TicketState.BOOKED and service_day(in_force(hall), ticket.slot_at_ms or 0) < hall.service_day:
        return _not_come(hall, ticket)
    return None


def _not_come(hall: Hall, ticket: Ticket) -> e.Event | None:
    """Nobody misses a booking before a locked door: it is kept for its visitor for a while."""
    if stranded_by(hall, ticket) is None:
        return e.TicketNoShow(ticket=ticket.ticket, number=ticket.number)
    return None if is_kept(hall, ticket) else cancelled(ticket, CancelReason.HALL_CLOSED)


def _sweep(hall: Hall, ticket: Ticket, at_ms: int) -> e.Event | None:
    """A ticket of an earlier day ends once every counter is closed: while one is open, someone may still be served."""
    if ticket.service_day == hall.service_day:
        return None
    if ticket.state is TicketState.HELD:
        counter = hall.counters.get(ticket.counter or 0) or Counter(counter=ticket.counter or 0)
        return finished(hall, counter, ticket, at_ms, None)
    if ticket.state in (TicketState.WAITING, TicketState.UNCLAIMED):
        return cancelled(ticket, CancelReason.SWEPT)
    return None


def assign(hall: Hall, moment: Moment) -> e.TicketCalled | None:
    """In push mode: the next call that a ready counter is owed; None when there is none.

    One at a time, since each call changes what the next counter is to get.
    """
    if hall.mode is not Mode.PUSH:
        return None
    for counter in ready_counters(hall):
        ticket = choose(hall, counter, moment.at_ms)
        if ticket is not None:
            return called(hall, counter, ticket, moment.at_ms)
    return None


def change_rules(hall: Hall, command: c.ChangeRules, moment: Moment) -> Events:
    del moment
    return [] if hall.rules == command.rules else [e.RulesChanged(rules=command.rules)]


def step_clock(hall: Hall, command: c.StepClock, moment: Moment) -> Events:
    del hall, moment
    return [e.ClockStepped(step_ms=command.step_ms)]
