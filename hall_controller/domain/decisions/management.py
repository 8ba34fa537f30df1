"""Commands of the hall manager, and reports of devices."""

import datetime as dt

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.day import StopCause
from hall_controller.domain.decisions.clerks import finished, must_take
from hall_controller.domain.decisions.common import (
    Moment,
    clerk_of,
    find_ticket,
    free_counter,
    must_be,
    open_counter,
    refuse,
)
from hall_controller.domain.decisions.visitors import cancelled
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local, opening_at, openings
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import must_not_overlap
from hall_controller.domain.ticket import TicketState

Events = list[e.Event]


def take_over_counter(hall: Hall, command: c.TakeOverCounter, moment: Moment) -> Events:
    del moment
    counter = free_counter(hall, command.counter)
    dead = open_counter(hall, command.from_counter, "from_counter")
    if dead.counter == counter.counter:
        refuse(Code.MALFORMED, "A counter cannot take over itself; name another from_counter.", "from_counter")
    held = [t.ticket for t in hall.tickets.values() if t.state is TicketState.HELD and t.counter == dead.counter]
    at_counter = [dead.ticket] if dead.ticket is not None else []
    return [
        e.CounterTakenOver(
            counter=counter.counter, from_counter=dead.counter, clerk=clerk_of(counter), tickets=(*at_counter, *held)
        )
    ]


def assign_ticket(hall: Hall, command: c.AssignTicket, moment: Moment) -> Events:
    """Its place stays: it is called when its turn comes, but by that counter, while that one is there."""
    ticket = find_ticket(hall, command.ticket)
    must_be(ticket, TicketState.WAITING, TicketState.UNCLAIMED)
    if command.to_counter is not None:
        must_take(hall, open_counter(hall, command.to_counter, "to_counter"), ticket, moment.at_ms)
    if ticket.only_counter == command.to_counter:
        return []
    return [e.TicketAssigned(ticket=ticket.ticket, number=ticket.number, to_counter=command.to_counter)]


def set_notice(hall: Hall, command: c.SetNotice, moment: Moment) -> Events:
    del hall, moment
    return [e.NoticeSet(zh=command.zh, en=command.en)]


def extend_hours(hall: Hall, command: c.ExtendHours, moment: Moment) -> Events:
    """Of today's closing, or of yesterday's while that has not come yet."""
    rules = in_force(hall)
    today = local(rules, moment.at_ms).date()
    running = opening_at(rules, moment.at_ms, hall.extension)
    day = local(rules, running.start_ms).date() if running is not None and running.last else today
    last = next(iter(openings(rules, day, hall.extension)[-1:]), None)
    if last is None:
        refuse(Code.WRONG_STATE, f"The hall has no hours on {day}; there is nothing to extend.", "minutes")
    until_ms = last.end_ms + command.minutes * 60_000
    if until_ms <= moment.at_ms:
        needed = (moment.at_ms - last.end_ms) // 60_000 + 1
        closing = f"{local(rules, last.end_ms):%H:%M}"
        refuse(Code.WRONG_STATE, f"The hall closed at {closing}; give more than {needed - 1} minutes.", "minutes")
    minutes = hall.extended_minutes + command.minutes
    return [e.HoursExtended(minutes=minutes, day=day.isoformat(), until_ms=until_ms)]


def set_roster(hall: Hall, command: c.SetRoster, moment: Moment) -> Events:
    """Of today or a day to come: what was planned for a day that is over stays as it was."""
    rules = in_force(hall)
    try:
        day = dt.date.fromisoformat(command.day)
        must_not_overlap(command.spans, command.day, "roster")
    except ValueError as error:
        refuse(Code.MALFORMED, f"day {command.day!r} or its spans cannot be: {error}.", "day")
    if day < local(rules, moment.at_ms).date():
        refuse(Code.WRONG_STATE, f"{day} is over; plan today or a later day.", "day")
    for span in command.spans:
        if span.counters > rules.counters:
            refuse(Code.MALFORMED, f"counters is {span.counters}, but the hall has {rules.counters}.", "spans")
    spans = tuple(sorted(command.spans, key=lambda span: span.start))
    if spans == hall.rosters.get(command.day, ()):
        return []
    return [e.RosterSet(day=command.day, spans=spans)]


def stop_issuing(hall: Hall, command: c.StopIssuing, moment: Moment) -> Events:
    """Also where it has stopped by itself: the manager's word then lasts beyond the next opening."""
    del command, moment
    if hall.issuing is Issuing.CLOSED or hall.stop_cause is StopCause.MANAGER:
        return []
    return [e.IssuingStopped(cause=StopCause.MANAGER)]


def resume_issuing(hall: Hall, command: c.ResumeIssuing, moment: Moment) -> Events:
    del command
    if hall.issuing is Issuing.OPEN:
        return []
    rules = in_force(hall)
    now = opening_at(rules, moment.at_ms, hall.extension, rules.issue_before_s)
    return [e.IssuingResumed(until_ms=now.end_ms if now else None)]


def set_policy(hall: Hall, command: c.SetPolicy, moment: Moment) -> Events:
    del moment
    return [e.PolicySet(policy=command.policy, favoured_limit=command.favoured_limit or hall.favoured_limit)]


def set_mode(hall: Hall, command: c.SetMode, moment: Moment) -> Events:
    del hall, moment
    return [e.ModeSet(mode=command.mode)]


def close_hall(hall: Hall, command: c.CloseHall, moment: Moment) -> Events:
    """A typhoon: every number ends with a reason, every counter closes, nothing is issued; bookings are kept."""
    if hall.issuing is Issuing.CLOSED:
        refuse(Code.HALL_CLOSED, f"The hall is closed already: {hall.issuing_reason}.")
    events: Events = []
    for ticket in hall.tickets.values():
        counter = hall.counters.get(ticket.counter or 0) or Counter(counter=ticket.counter or 0)
        match ticket.state:
            case TicketState.SERVING:
                events.append(finished(hall, counter, ticket, moment.at_ms, CounterState.READY))
            case TicketState.HELD:
                events.append(finished(hall, counter, ticket, moment.at_ms, None))
            case TicketState.MISSED:
                events.append(e.TicketNoShow(ticket=ticket.ticket, number=ticket.number))
            case TicketState.BOOKED:
                pass  # Its visitor is offered another half hour, and today's holds if the hall opens again in time.
            case _:
                events.append(cancelled(ticket, CancelReason.HALL_CLOSED))
    events.extend(
        e.CounterClosed(counter=counter.counter, clerk=clerk_of(counter))
        for counter in hall.counters.values()
        if counter.state is not CounterState.CLOSED
    )
    events.append(e.HallClosed(reason=command.reason))
    return events


def accept_clock(hall: Hall, command: c.AcceptClock | c.AdvanceClock, moment: Moment) -> Events:
    """The clock itself is the shell's; a step of a real one follows as a `clock_stepped` of its own."""
    del hall, command, moment
    return []


def report_device(hall: Hall, command: c.ReportDevice, moment: Moment) -> Events:
    """Only a change is an event: a printer may report each second."""
    last = hall.devices.get(f"{moment.by.name}/{command.kind}")
    if last is not None and (last.state, last.detail) == (command.state, command.detail):
        return []
    return [e.DeviceReported(device=moment.by.name, kind=command.kind, state=command.state, detail=command.detail)]
