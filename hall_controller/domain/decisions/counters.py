"""Commands about a counter itself: opened, handed over, narrowed, paused, closed."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.decisions.common import (
    Moment,
    clerk_of,
    find_counter,
    open_counter,
    refuse,
)
from hall_controller.domain.hall import Hall, Issuing, in_force, is_after_closing, waiting_count
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import stretch_ms

Events = list[e.Event]


def open_(hall: Hall, command: c.OpenCounter, moment: Moment) -> Events:
    counter = find_counter(hall, command.counter)
    if hall.issuing is Issuing.CLOSED:
        refuse(Code.HALL_CLOSED, f"The hall is closed: {hall.issuing_reason}. The manager reopens it.")
    if counter.state is not CounterState.CLOSED:
        refuse(
            Code.COUNTER_OPEN, f"Counter {counter.counter} is open (clerk {counter.clerk}); close it first.", "counter"
        )
    _must_be_nowhere(hall, command.clerk)
    return [
        e.CounterOpened(
            counter=counter.counter, clerk=command.clerk, narrowing=_narrowing(hall, counter, command, moment)
        )
    ]


def hand_over(hall: Hall, command: c.HandOverCounter, moment: Moment) -> Events:
    counter = open_counter(hall, command.counter)
    if counter.clerk == command.clerk:
        return []
    _must_be_nowhere(hall, command.clerk)
    ticket = hall.tickets.get(counter.ticket or 0)
    return [
        e.CounterHandedOver(
            counter=counter.counter,
            clerk=command.clerk,
            from_clerk=clerk_of(counter),
            narrowing=_narrowing(hall, counter, command, moment),
            ticket=counter.ticket,
            service_s=stretch_ms(ticket, moment.at_ms) // 1000 if ticket else 0,
        )
    ]


def _must_be_nowhere(hall: Hall, clerk: str) -> None:
    for other in hall.counters.values():
        if other.clerk == clerk and other.state is not CounterState.CLOSED:
            message = f"Clerk {clerk} has counter {other.counter} open; close that one first."
            refuse(Code.CLERK_ELSEWHERE, message, "clerk")


def _narrowing(hall: Hall, counter: Counter, command: c.OpenCounter | c.HandOverCounter, moment: Moment) -> Narrowing:
    configured = in_force(hall).narrow.get(counter.counter, Narrowing())
    return Narrowing(
        groups=configured.groups if command.groups is None else _known_groups(command.groups, moment),
        languages=configured.languages if command.languages is None else command.languages,
    )


def _known_groups(groups: tuple[str, ...], moment: Moment) -> tuple[str, ...]:
    known = {matter.group for matter in moment.catalogue.matters.values()} if groups else set()
    for group in groups:
        if group not in known:
            message = f"There is no matter group {group!r} in this hall; use {', '.join(sorted(known))}."
            refuse(Code.UNKNOWN_MATTER, message, "groups")
    return groups


def narrow(hall: Hall, command: c.NarrowCounter, moment: Moment) -> Events:
    counter = open_counter(hall, command.counter)
    narrowing = Narrowing(groups=_known_groups(command.groups, moment), languages=command.languages)
    if narrowing == counter.narrowing:
        return []
    return [e.CounterNarrowed(counter=counter.counter, clerk=clerk_of(counter), narrowing=narrowing)]


def close(hall: Hall, command: c.CloseCounter, moment: Moment) -> Events:
    """After closing time the last clerk serves whoever still holds a ticket; the manager may close all the same."""
    counter = open_counter(hall, command.counter)
    if counter.state in BUSY:
        refuse(Code.COUNTER_BUSY, f"Counter {counter.counter} has a visitor; finish first.", "counter")
    others = [one for one in hall.counters.values() if one.state is not CounterState.CLOSED and one is not counter]
    if is_after_closing(hall) and not others and moment.by.role is Role.COUNTER and waiting_count(hall):
        waiting = [hall.tickets[ticket].number or "" for queue in hall.queues.values() for _, ticket in queue]
        who = ", ".join(sorted(waiting)[:5]) + (", …" if len(waiting) > 5 else "")
        message = f"{len(waiting)} still wait ({who}): call them first; who does not come is a no-show."
        refuse(Code.VISITORS_WAITING, message, "counter")
    return [e.CounterClosed(counter=counter.counter, clerk=clerk_of(counter))]


def pause(hall: Hall, command: c.PauseCounter, moment: Moment) -> Events:
    del moment
    counter = open_counter(hall, command.counter)
    if counter.state is CounterState.PAUSED or counter.pausing:
        refuse(Code.COUNTER_PAUSED, f"Counter {counter.counter} is paused or about to be.", "counter")
    if counter.state in BUSY:
        return [e.CounterPausePlanned(counter=counter.counter, clerk=clerk_of(counter))]
    return [e.CounterPaused(counter=counter.counter, clerk=clerk_of(counter))]


def resume(hall: Hall, command: c.ResumeCounter, moment: Moment) -> Events:
    del moment
    counter = open_counter(hall, command.counter)
    if counter.state is not CounterState.PAUSED and not counter.pausing:
        refuse(Code.WRONG_STATE, f"Counter {counter.counter} is not paused.", "counter")
    return [e.CounterResumed(counter=counter.counter, clerk=clerk_of(counter))]
