"""Commands about visitors at a counter: called, served, sent on."""

from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.assignment import choose, is_callable, may_take, passed_by, run_after
from hall_controller.domain.bundle import matters_of, outcome_of
from hall_controller.domain.counter import Counter, CounterState, UndoableAct
from hall_controller.domain.decisions.common import (
    Moment,
    clerk_of,
    find_matter,
    find_ticket,
    free_counter,
    must_be,
    number_of,
    open_counter,
    refuse,
    said,
    state_when_freed,
    usual_s,
    visitor_at,
)
from hall_controller.domain.decisions.visitors import matters_changed
from hall_controller.domain.hall import Hall, band_at, in_force
from hall_controller.domain.numbers import next_unticketed
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Channel, Language, Paper, Ticket, TicketState, stretch_ms
from hall_controller.domain.undoing import restored, unmoved

Events = list[e.Event]


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


def handle_matter(hall: Hall, command: c.HandleMatter, moment: Moment) -> Events:
    del moment
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.SERVING)
    if command.matter not in matters_of(ticket):
        refuse(Code.UNKNOWN_MATTER, f"{ticket.number} is not here for {command.matter!r}.", "matter")
    if outcome_of(ticket, command.matter) is command.outcome:
        return []
    return [
        e.MatterHandled(
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            matter=command.matter,
            outcome=command.outcome,
        )
    ]


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
        more=tuple(one for one in ticket.more if one not in ticket.left),
        left=ticket.left,
    )


def end_wrap_up(hall: Hall, command: c.EndWrapUp, moment: Moment) -> Events:
    del moment
    counter = open_counter(hall, command.counter)
    if counter.state is not CounterState.WRAPPING_UP:
        refuse(Code.WRONG_STATE, f"Counter {counter.counter} is {said(counter.state)}, not wrapping up.", "counter")
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
    changed = matters_changed(ticket, command.matter, None, moment)
    if command.to_counter is not None:
        target = open_counter(hall, command.to_counter, "to_counter")
        if target.counter == counter.counter:
            refuse(Code.MALFORMED, "to_counter is the counter the visitor is at; use hold.", "to_counter")
        must_take(hall, target, replace(ticket, group=changed["group"]), moment.at_ms)
    return [
        e.TicketTransferred(
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            counter_state=state_when_freed(hall, counter),
            to_counter=command.to_counter,
            service_s=stretch_ms(ticket, moment.at_ms) // 1000,
            **changed,
        )
    ]


def must_take(hall: Hall, target: Counter, ticket: Ticket, at_ms: int) -> None:
    """Refuse a `to_counter` whose narrowing does not let it serve this visitor."""
    narrowed = Counter(counter=target.counter, narrowing=target.narrowing)
    if not may_take(narrowed, replace(ticket, only_counter=None), hall, at_ms):
        message = f"Counter {target.counter} does not serve this visitor's matter, or not in this language."
        refuse(Code.COUNTER_NARROWED, message, "to_counter")


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
    if act is None or (act.act is UndoableAct.CALL_NEXT and hall.mode is Mode.PUSH):
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
