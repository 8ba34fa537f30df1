"""Events of tickets: how they are issued, printed, called, missed, sent on, and how they end."""

from typing import Any

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.counter import CounterState, UndoableAct
from hall_controller.domain.evolutions.common import count_clerk, end, move_on, put, remember
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import FAVOURED_LIMIT_MAX
from hall_controller.domain.ticket import Channel, Paper, Ticket, TicketState, VisitorClass, stretch_ms


def ticket_issued(hall: Hall, event: e.TicketIssued) -> None:
    ticket = Ticket(
        ticket=event.ticket,
        number=event.number,
        service_day=event.service_day,
        matter=event.matter,
        group=event.group,
        subject=event.subject,
        visitor_class=event.visitor_class,
        channel=event.channel,
        language=event.language,
        state=TicketState.WAITING,
        issued_at_ms=event.at_ms,
        place=event.place,
        kiosk=event.kiosk,
        paper=event.paper,
        claim_by_ms=event.claim_by_ms,
        usual_s=event.usual_s,
        told_s=event.predicted_wait_s,
        told_bound_s=event.predicted_bound_s,
        more=event.more,
        theme=event.theme,
        receipt=event.receipt,
    )
    put(hall, ticket)
    hall.next_ticket = event.ticket + 1
    hall.series[event.prefix] = event.count
    hall.issued += 1


def ticket_booked(hall: Hall, event: e.TicketBooked) -> None:
    hall.tickets[event.ticket] = Ticket(
        ticket=event.ticket,
        number=None,
        service_day=event.service_day,
        matter=event.matter,
        group=event.group,
        subject=event.subject,
        visitor_class=VisitorClass.APPOINTMENT,
        channel=Channel.APPOINTMENT,
        language=event.language,
        state=TicketState.BOOKED,
        issued_at_ms=event.at_ms,
        place=(event.slot_at_ms, event.seq),
        slot_at_ms=event.slot_at_ms,
        kiosk=event.kiosk,
        usual_s=event.usual_s,
        more=event.more,
        theme=event.theme,
        holder=event.holder,
    )
    hall.next_ticket = event.ticket + 1


def ticket_rebooked(hall: Hall, event: e.TicketRebooked) -> None:
    place = (event.slot_at_ms, event.seq)
    hall.tickets[event.ticket] = replace(hall.tickets[event.ticket], slot_at_ms=event.slot_at_ms, place=place)


def ticket_checked_in(hall: Hall, event: e.TicketCheckedIn) -> None:
    ticket = replace(
        hall.tickets[event.ticket],
        number=event.number,
        service_day=event.service_day,
        visitor_class=event.visitor_class,
        state=TicketState.WAITING,
        issued_at_ms=event.at_ms,
        place=event.place,
        kiosk=event.kiosk,
        paper=event.paper,
        claim_by_ms=event.claim_by_ms,
        told_s=event.predicted_wait_s,
        told_bound_s=event.predicted_bound_s,
    )
    put(hall, ticket)
    hall.series[event.prefix] = event.count
    hall.issued += 1


def claimed(hall: Hall, event: e.TicketPrinted | e.TicketAcknowledged) -> None:
    ticket = hall.tickets[event.ticket]
    paper = Paper.PRINTED if isinstance(event, e.TicketPrinted) else Paper.ACKNOWLEDGED
    state = TicketState.WAITING if ticket.state is TicketState.UNCLAIMED else ticket.state
    put(hall, replace(ticket, paper=paper, state=state))


def ticket_print_failed(hall: Hall, event: e.TicketPrintFailed) -> None:
    ticket = hall.tickets[event.ticket]
    if ticket.paper is Paper.PENDING:
        put(hall, replace(ticket, paper=Paper.FAILED))


def ticket_unclaimed(hall: Hall, event: e.TicketUnclaimed) -> None:
    put(hall, replace(hall.tickets[event.ticket], state=TicketState.UNCLAIMED))


def ticket_reprint_requested(hall: Hall, event: e.TicketReprintRequested) -> None:
    put(hall, replace(hall.tickets[event.ticket], copies=event.copy))


def ticket_amended(hall: Hall, event: e.TicketAmended) -> None:
    ticket = replace(
        hall.tickets[event.ticket],
        matter=event.matter,
        group=event.group,
        subject=event.subject,
        visitor_class=event.visitor_class,
        usual_s=event.usual_s,
        **_matters_now(hall.tickets[event.ticket], event),
    )
    put(hall, ticket)


def _matters_now(ticket: Ticket, event: e.TicketAmended | e.TicketTransferred) -> dict[str, Any]:
    """What was noted of matters that the visit no longer has is forgotten; other matters are no theme any more."""
    now = (event.matter, *event.more)
    return {
        "more": event.more,
        "theme": ticket.theme if set(now) <= set(matters_of(ticket)) else None,
        "handled": tuple(one for one in ticket.handled if one in now),
        "left": tuple(one for one in ticket.left if one in now),
    }


def ticket_called(hall: Hall, event: e.TicketCalled) -> None:
    before = hall.tickets[event.ticket]
    after = replace(
        before,
        state=TicketState.CALLED,
        counter=event.counter,
        calls=1,
        announced=before.announced + 1,
        called_at_ms=event.at_ms if event.first else before.called_at_ms,
        missed_at_ms=None,
    )
    put(hall, after)
    name = UndoableAct.CALL_TICKET if event.out_of_turn else UndoableAct.CALL_NEXT
    act = remember(hall, hall.counters[event.counter], name, event.seq, before, after, event.passed)
    if event.favoured_run and not event.out_of_turn:
        hall.favoured_run = (*hall.favoured_run, event.seq)[-FAVOURED_LIMIT_MAX:]
    elif not event.out_of_turn:
        act = replace(act, ended_run=hall.favoured_run)
        hall.favoured_run = ()
    move_on(hall, event.counter, CounterState.CALLING, event, act)
    if event.passed is not None:
        ordinary = hall.tickets[event.passed]
        put(hall, replace(ordinary, passed=(*ordinary.passed, event.seq)))
    if event.first:
        hall.last_wait_s = event.wait_s


def ticket_recalled(hall: Hall, event: e.TicketRecalled) -> None:
    ticket = hall.tickets[event.ticket]
    put(hall, replace(ticket, calls=event.calls, announced=ticket.announced + 1))


def ticket_missed(hall: Hall, event: e.TicketMissed) -> None:
    before = hall.tickets[event.ticket]
    after = replace(before, state=TicketState.MISSED, missed_at_ms=event.at_ms)
    put(hall, after)
    act = remember(hall, hall.counters[event.counter], UndoableAct.MISSED, event.seq, before, after)
    move_on(hall, event.counter, event.counter_state, event, act)
    count_clerk(hall, event.clerk, no_shows=1)


def ticket_returned(hall: Hall, event: e.TicketReturned) -> None:
    """Whoever comes back in person holds the number, printed or not."""
    ticket = replace(
        hall.tickets[event.ticket],
        state=TicketState.WAITING,
        place=event.place,
        counter=None,
        missed_at_ms=None,
        claim_by_ms=None,
        put_back_ms=event.at_ms,
    )
    put(hall, ticket)


def ticket_no_show(hall: Hall, event: e.TicketNoShow) -> None:
    ticket = hall.tickets[event.ticket]
    end(hall, ticket, TicketState.NO_SHOW)
    if ticket.service_day == hall.service_day:
        # Not those of yesterday that lapse this morning: the day's figure is what the manager sees.
        hall.no_shows += 1


def ticket_transferred(hall: Hall, event: e.TicketTransferred) -> None:
    before = hall.tickets[event.ticket]
    after = replace(
        before,
        state=TicketState.WAITING,
        counter=None,
        only_counter=event.to_counter,
        put_back_ms=event.at_ms,
        matter=event.matter,
        group=event.group,
        subject=event.subject,
        usual_s=event.usual_s,
        **_matters_now(before, event),
        serving_since_ms=None,
        served_ms=before.served_ms + stretch_ms(before, event.at_ms),
    )
    put(hall, after)
    act = remember(hall, hall.counters[event.counter], UndoableAct.TRANSFER, event.seq, before, after)
    move_on(hall, event.counter, event.counter_state, event, act)
    count_clerk(hall, event.clerk, service_s=event.service_s)


def ticket_assigned(hall: Hall, event: e.TicketAssigned) -> None:
    """How long it waits goes on: only one that has never been called begins to wait for its counter."""
    ticket = hall.tickets[event.ticket]
    since_ms = event.at_ms if ticket.put_back_ms is None else ticket.put_back_ms
    put(hall, replace(ticket, only_counter=event.to_counter, put_back_ms=since_ms))


def ticket_cancelled(hall: Hall, event: e.TicketCancelled) -> None:
    end(hall, hall.tickets[event.ticket], TicketState.CANCELLED)
    hall.ended[event.ticket] = replace(hall.ended[event.ticket], reason=event.reason)


def ticket_rated(hall: Hall, event: e.TicketRated) -> None:
    hall.ended[event.ticket] = replace(hall.ended[event.ticket], rated=True)
