"""Commands at a counter."""

from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.assignment import choose, is_callable, may_take, passed_by, run_after
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.decisions.common import (
    Moment,
    clerk_of,
    find_counter,
    find_matter,
    find_ticket,
    free_counter,
    must_be,
    number_of,
    open_counter,
    refuse,
    state_when_freed,
    usual_s,
    visitor_at,
)
from hall_controller.domain.hall import Hall, Issuing, band_at, in_force, is_after_closing, waiting_count
from hall_controller.domain.numbers import next_unticketed
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode, Narrowing
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import Channel, Language, Paper, Ticket, TicketState, stretch_ms
from hall_controller.domain.undoing import restored, unmoved

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
    known = {matter.group for matter in moment.catalogue.matters.values()} if command.groups else set()
    for group in command.groups or ():
        if group not in known:
            message = f"There is no matter group {group!r} in this hall; use {', '.join(sorted(known))}."
            refuse(Code.UNKNOWN_MATTER, message, "groups")
    configured = in_force(hall).narrow.get(counter.counter, Narrowing())
    return Narrowing(
        groups=configured.groups if command.groups is None else command.groups,
        languages=configured.languages if command.languages is None else command.languages,
    )


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


def call_next(hall: Hall, command: c.CallNext, moment: Moment) -> Events:
    """No event when nobody waits for this counter."""
    counter = free_counter(hall, command.counter)
    if hall.mode is Mode.PUSH:
        refuse(Code.PUSH_MODE, "Visitors are assigned by themselves here; end the wrap-up to get the next.", "counter")
    ticket = choose(hall, counter, moment.at_ms)
    return [called(hall, counter, ticket, moment.at_ms)] if ticket else []


def call_ticket(hall: Hall, command: c.CallTicket, moment: Moment) -> Events:
    counter = free_counter(hall, command.counter)
    ticket = find_ticket(hall, command.ticket)
    if not is_callable(ticket):
        must_be(ticket, TicketState.WAITING)
    return [called(hall, counter, ticket, moment.at_ms, out_of_turn=True)]


def called(hall: Hall, counter: Counter, ticket: Ticket, at_ms: int, *, out_of_turn: bool = False) -> e.TicketCalled:
    first_call_ms = ticket.called_at_ms if ticket.called_at_ms is not None else at_ms
    return e.TicketCalled(
        ticket=ticket.ticket,
        number=number_of(ticket),
        counter=counter.counter,
        clerk=clerk_of(counter),
        matter=ticket.matter,
        visitor_class=ticket.visitor_class,
        language=ticket.language,
        wait_s=max(0, first_call_ms - ticket.issued_at_ms) // 1000,
        band=band_at(hall, first_call_ms),
        first=ticket.called_at_ms is None,
        out_of_turn=out_of_turn,
        favoured_run=len(hall.favoured_run) if out_of_turn else run_after(hall, ticket),
        passed=None if out_of_turn else passed_by(hall, counter, ticket, at_ms),
    )


def recall(hall: Hall, command: c.Recall, moment: Moment) -> Events:
    del moment
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.CALLED)
    return [
        e.TicketRecalled(
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            language=ticket.language,
            calls=ticket.calls + 1,
        )
    ]


def start_service(hall: Hall, command: c.StartService, moment: Moment) -> Events:
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.CALLED)
    return [started(hall, counter, ticket, moment)]


def started(hall: Hall, counter: Counter, ticket: Ticket, moment: Moment) -> e.ServiceStarted | e.ServiceResumed:
    """A visit is counted once: a service taken up again after a transfer or a hold is resumed."""
    number, clerk = number_of(ticket), clerk_of(counter)
    if ticket.started_at_ms is not None:
        return e.ServiceResumed(
            ticket=ticket.ticket, number=number, counter=counter.counter, clerk=clerk, matter=ticket.matter
        )
    return e.ServiceStarted(
        ticket=ticket.ticket,
        number=number,
        counter=counter.counter,
        clerk=clerk,
        matter=ticket.matter,
        band=band_at(hall, moment.at_ms),
    )


def finish_service(hall: Hall, command: c.FinishService, moment: Moment) -> Events:
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.SERVING)
    return [finished(hall, counter, ticket, moment.at_ms, state_when_freed(hall, counter))]


def finished(
    hall: Hall, counter: Counter, ticket: Ticket, at_ms: int, counter_state: CounterState | None
) -> e.ServiceFinished:
    return e.ServiceFinished(
        ticket=ticket.ticket,
        number=number_of(ticket),
        counter=counter.counter,
        clerk=clerk_of(counter),
        matter=ticket.matter,
        counter_state=counter_state,
        service_s=(ticket.served_ms + stretch_ms(ticket, at_ms)) // 1000,
        band=ticket.band or band_at(hall, at_ms),
    )


def end_wrap_up(hall: Hall, command: c.EndWrapUp, moment: Moment) -> Events:
    del moment
    counter = open_counter(hall, command.counter)
    if counter.state is not CounterState.WRAPPING_UP:
        refuse(Code.WRONG_STATE, f"Counter {counter.counter} is {counter.state}, not wrapping_up.", "counter")
    return [e.WrapUpEnded(counter=counter.counter, clerk=clerk_of(counter))]


def missed(hall: Hall, command: c.Missed, moment: Moment) -> Events:
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.CALLED)
    return [
        e.TicketMissed(
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            counter_state=state_when_freed(hall, counter),
            return_by_ms=moment.at_ms + in_force(hall).missed_grace_s * 1000,
        )
    ]


def hold(hall: Hall, command: c.Hold, moment: Moment) -> Events:
    del moment
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.SERVING)
    return [
        e.ServiceHeld(
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            counter_state=state_when_freed(hall, counter),
        )
    ]


def resume_ticket(hall: Hall, command: c.ResumeTicket, moment: Moment) -> Events:
    counter = free_counter(hall, command.counter)
    ticket = find_ticket(hall, command.ticket)
    must_be(ticket, TicketState.HELD)
    return [started(hall, counter, ticket, moment)]


def transfer(hall: Hall, command: c.Transfer, moment: Moment) -> Events:
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.SERVING)
    if command.to_counter is None and command.matter is None:
        refuse(Code.MALFORMED, "Where to? Give to_counter or another matter.", "to_counter")
    matter = find_matter(moment, command.matter) if command.matter else None
    group = matter.group if matter else ticket.group
    if command.to_counter is not None:
        target = open_counter(hall, command.to_counter, "to_counter")
        if target.counter == counter.counter:
            refuse(Code.MALFORMED, "to_counter is the counter the visitor is at; use hold.", "to_counter")
        must_take(hall, target, replace(ticket, group=group))
    return [
        e.TicketTransferred(
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            counter_state=state_when_freed(hall, counter),
            to_counter=command.to_counter,
            matter=matter.code if matter else ticket.matter,
            group=group,
            subject=matter.subject if matter else ticket.subject,
            service_s=stretch_ms(ticket, moment.at_ms) // 1000,
            usual_s=usual_s(matter) if matter else ticket.usual_s,
        )
    ]


def must_take(hall: Hall, target: Counter, ticket: Ticket) -> None:
    """Refuse a `to_counter` whose narrowing does not let it serve this visitor."""
    narrowed = Counter(counter=target.counter, narrowing=target.narrowing)
    if not may_take(narrowed, replace(ticket, only_counter=None), hall):
        only = ", ".join(target.narrowing.groups or target.narrowing.languages)
        refuse(Code.COUNTER_NARROWED, f"Counter {target.counter} serves only {only}.", "to_counter")


def serve_unticketed(hall: Hall, command: c.ServeUnticketed, moment: Moment) -> Events:
    """Issued and started in one: the visitor already stands at the counter."""
    counter = free_counter(hall, command.counter)
    matter = find_matter(moment, command.matter)
    number, prefix, count = next_unticketed(hall)
    return [
        e.TicketIssued(
            ticket=hall.next_ticket,
            number=number,
            prefix=prefix,
            count=count,
            matter=matter.code,
            group=matter.group,
            subject=matter.subject,
            visitor_class=command.visitor_class,
            channel=Channel.COUNTER,
            language=Language.MANDARIN,
            place=(moment.at_ms, hall.seq + 1),
            kiosk=None,
            paper=Paper.NOT_EXPECTED,
            claim_by_ms=None,
            ahead=0,
            predicted_wait_s=0,
            usual_s=usual_s(matter),
        ),
        e.ServiceStarted(
            ticket=hall.next_ticket,
            number=number,
            counter=counter.counter,
            clerk=clerk_of(counter),
            matter=matter.code,
            band=band_at(hall, moment.at_ms),
        ),
    ]


def undo(hall: Hall, command: c.Undo, moment: Moment) -> Events:
    del moment
    counter = open_counter(hall, command.counter)
    act = counter.last_act
    if act is None or (act.act == "call_next" and hall.mode is Mode.PUSH):
        refuse(Code.NOTHING_TO_UNDO, f"Counter {counter.counter} has done nothing that can be undone.", "counter")
    before, after = act.ticket_before, act.ticket_after
    ticket = after or before
    if command.ticket is not None and (ticket is None or ticket.ticket != command.ticket):
        refuse(Code.STALE, f"Counter {counter.counter} has done something else since; look again.", "ticket")
    if ticket is not None:
        now, ended = hall.tickets.get(ticket.ticket), hall.ended.get(ticket.ticket)
        intact = now is not None and unmoved(after, now) if after else ended is not None and not ended.rated
        if not intact:
            refuse(Code.NOTHING_TO_UNDO, f"Ticket {ticket.number} has moved on since; it cannot be undone.", "counter")
    state = None
    if before is not None:
        state = restored(before, after, hall.tickets.get(before.ticket)).state
    elif after is not None:
        state = TicketState.CANCELLED
    visit_undone = after is not None and after.band is not None and (before is None or before.band is None)
    return [
        e.ActUndone(
            counter=counter.counter,
            clerk=clerk_of(counter),
            act=act.act,
            ticket=ticket.ticket if ticket else None,
            number=ticket.number if ticket else None,
            ticket_state=state,
            counter_state=act.counter_before.state,
            visit_band=after.band if after is not None and visit_undone else None,
            service_s=act.service_s,
        )
    ]
