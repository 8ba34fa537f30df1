"""evolve(hall, event): apply what has happened. No I/O, no clock, no rule: the event says it all.

Every handler may rely on the event having been decided against this very state.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.counter import Act, ClerkDay, Counter, CounterState
from hall_controller.domain.hall import DeviceReport, Ended, Hall, Issuing, Learned, dequeue, enqueue
from hall_controller.domain.prediction import learn
from hall_controller.domain.ticket import Channel, Paper, Ticket, TicketState, VisitorClass


def evolve(hall: Hall, event: e.Event) -> None:
    """Bring the hall forward by one event. Raises ValueError when the event is not the next one."""
    if event.seq != hall.seq + 1:
        raise ValueError(f"event {event.seq} does not follow {hall.seq}")
    _HANDLERS[type(event)](hall, event)
    hall.seq = event.seq
    hall.at_ms = event.at_ms


# --- the hall ------------------------------------------------------------------------------------


def _epoch_started(hall: Hall, event: e.EpochStarted) -> None:
    hall.epoch = event.epoch


def _rules_changed(hall: Hall, event: e.RulesChanged) -> None:
    """A policy or mode that the manager chose stays, unless hall.toml changed its own."""
    old, new = hall.rules, event.rules
    if old is None or (old.policy, old.favoured_limit) != (new.policy, new.favoured_limit):
        hall.policy, hall.favoured_limit = new.policy, new.favoured_limit
    if old is None or old.mode != new.mode:
        hall.mode = new.mode
    hall.rules = new


def _day_started(hall: Hall, event: e.DayStarted) -> None:
    if event.service_day > hall.service_day:
        # A clock set back must not bring yesterday's numbers again.
        hall.series = {}
    hall.service_day = event.service_day
    hall.ended = {}
    hall.visits = {}
    hall.clerks = {}
    hall.issued = hall.no_shows = hall.extended_minutes = 0
    hall.issuing, hall.issuing_reason = Issuing.OPEN, ""


def _hall_closed(hall: Hall, event: e.HallClosed) -> None:
    hall.issuing, hall.issuing_reason = Issuing.CLOSED, event.reason


def _issuing_stopped(hall: Hall, event: e.IssuingStopped) -> None:
    hall.issuing, hall.issuing_reason = Issuing.STOPPED, event.why or ""


def _issuing_resumed(hall: Hall, event: e.IssuingResumed) -> None:
    del event
    hall.issuing, hall.issuing_reason = Issuing.OPEN, ""


def _policy_set(hall: Hall, event: e.PolicySet) -> None:
    hall.policy, hall.favoured_limit = event.policy, event.favoured_limit


def _mode_set(hall: Hall, event: e.ModeSet) -> None:
    hall.mode = event.mode


def _notice_set(hall: Hall, event: e.NoticeSet) -> None:
    hall.notice_zh, hall.notice_en = event.zh, event.en


def _hours_extended(hall: Hall, event: e.HoursExtended) -> None:
    hall.extended_minutes = event.minutes


def _clock_stepped(hall: Hall, event: e.ClockStepped) -> None:
    """Nothing to change: the step shows in the times of the events that follow."""


def _device_reported(hall: Hall, event: e.DeviceReported) -> None:
    report = DeviceReport(event.kind, event.state, event.detail, event.at_ms)
    hall.devices[f"{event.device}/{event.kind}"] = report


# --- tickets -------------------------------------------------------------------------------------


def _put(hall: Hall, ticket: Ticket) -> None:
    """Replace a ticket, keeping it in a queue exactly while it waits."""
    old = hall.tickets.get(ticket.ticket)
    if old is not None and old.state is TicketState.WAITING:
        dequeue(hall, old)
    hall.tickets[ticket.ticket] = ticket
    if ticket.state is TicketState.WAITING:
        enqueue(hall, ticket)


def _end(hall: Hall, ticket: Ticket, state: TicketState) -> None:
    if ticket.state is TicketState.WAITING:
        dequeue(hall, ticket)
    del hall.tickets[ticket.ticket]
    hall.ended[ticket.ticket] = Ended(ticket.number, state)


def _ticket_issued(hall: Hall, event: e.TicketIssued) -> None:
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
    )
    _put(hall, ticket)
    hall.next_ticket = event.ticket + 1
    hall.series[event.prefix] = event.count
    hall.issued += 1


def _ticket_booked(hall: Hall, event: e.TicketBooked) -> None:
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
    )
    hall.next_ticket = event.ticket + 1


def _ticket_checked_in(hall: Hall, event: e.TicketCheckedIn) -> None:
    ticket = replace(
        hall.tickets[event.ticket],
        number=event.number,
        service_day=event.service_day,
        visitor_class=event.visitor_class,
        state=TicketState.WAITING,
        issued_at_ms=event.at_ms,
        place=event.place,
    )
    _put(hall, ticket)
    hall.series[event.prefix] = event.count
    hall.issued += 1


def _claimed(hall: Hall, event: e.TicketPrinted | e.TicketAcknowledged) -> None:
    ticket = hall.tickets[event.ticket]
    paper = Paper.PRINTED if isinstance(event, e.TicketPrinted) else Paper.ACKNOWLEDGED
    state = TicketState.WAITING if ticket.state is TicketState.UNCLAIMED else ticket.state
    _put(hall, replace(ticket, paper=paper, state=state))


def _ticket_print_failed(hall: Hall, event: e.TicketPrintFailed) -> None:
    ticket = hall.tickets[event.ticket]
    if ticket.paper is Paper.PENDING:
        _put(hall, replace(ticket, paper=Paper.FAILED))


def _ticket_unclaimed(hall: Hall, event: e.TicketUnclaimed) -> None:
    _put(hall, replace(hall.tickets[event.ticket], state=TicketState.UNCLAIMED))


def _ticket_reprint_requested(hall: Hall, event: e.TicketReprintRequested) -> None:
    _put(hall, replace(hall.tickets[event.ticket], copies=event.copy))


def _ticket_amended(hall: Hall, event: e.TicketAmended) -> None:
    ticket = replace(
        hall.tickets[event.ticket],
        matter=event.matter,
        group=event.group,
        subject=event.subject,
        visitor_class=event.visitor_class,
    )
    _put(hall, ticket)
    counter = hall.counters.get(ticket.counter or 0)
    if counter is not None and counter.ticket == ticket.ticket:
        _refresh_act(hall, counter, ticket)


def _ticket_called(hall: Hall, event: e.TicketCalled) -> None:
    before = hall.tickets[event.ticket]
    ticket = replace(
        before,
        state=TicketState.CALLED,
        counter=event.counter,
        calls=1,
        called_at_ms=event.at_ms if event.first else before.called_at_ms,
    )
    _put(hall, ticket)
    _act(hall, event.counter, "call_next", before, ticket, CounterState.CALLING, event.at_ms)
    hall.favoured_run = event.favoured_run
    if event.first:
        hall.last_wait_s = event.wait_s


def _ticket_recalled(hall: Hall, event: e.TicketRecalled) -> None:
    ticket = replace(hall.tickets[event.ticket], calls=event.calls)
    _put(hall, ticket)
    _refresh_act(hall, hall.counters[event.counter], ticket)


def _ticket_missed(hall: Hall, event: e.TicketMissed) -> None:
    before = hall.tickets[event.ticket]
    ticket = replace(before, state=TicketState.MISSED, missed_at_ms=event.at_ms)
    _put(hall, ticket)
    _act(hall, event.counter, "missed", before, ticket, event.counter_state, event.at_ms)
    _count_clerk(hall, event.clerk, no_shows=1)


def _ticket_returned(hall: Hall, event: e.TicketReturned) -> None:
    ticket = replace(hall.tickets[event.ticket], state=TicketState.WAITING, place=event.place, counter=None)
    _put(hall, replace(ticket, missed_at_ms=None))


def _ticket_no_show(hall: Hall, event: e.TicketNoShow) -> None:
    _end(hall, hall.tickets[event.ticket], TicketState.NO_SHOW)
    hall.no_shows += 1


def _ticket_transferred(hall: Hall, event: e.TicketTransferred) -> None:
    before = hall.tickets[event.ticket]
    ticket = replace(
        before,
        state=TicketState.WAITING,
        counter=None,
        only_counter=event.to_counter,
        matter=event.matter,
        group=event.group,
        subject=event.subject,
        serving_since_ms=None,
        served_ms=_served_ms(before, event.at_ms),
    )
    _put(hall, ticket)
    _act(hall, event.counter, "transfer", before, ticket, event.counter_state, event.at_ms)


def _ticket_cancelled(hall: Hall, event: e.TicketCancelled) -> None:
    _end(hall, hall.tickets[event.ticket], TicketState.CANCELLED)


def _ticket_rated(hall: Hall, event: e.TicketRated) -> None:
    hall.ended[event.ticket] = Ended(hall.ended[event.ticket].number, TicketState.DONE, rated=True)


# --- services ------------------------------------------------------------------------------------


def _served_ms(ticket: Ticket, at_ms: int) -> int:
    since_ms = ticket.serving_since_ms
    return ticket.served_ms + (max(0, at_ms - since_ms) if since_ms is not None else 0)


def _service_started(hall: Hall, event: e.ServiceStarted) -> None:
    before = hall.tickets[event.ticket]
    ticket = replace(
        before,
        state=TicketState.SERVING,
        counter=event.counter,
        started_at_ms=event.at_ms,
        serving_since_ms=event.at_ms,
        band=event.band,
    )
    _put(hall, ticket)
    if before.state is TicketState.WAITING:
        # Served without a ticket: to undo it is to end it.
        _act(hall, event.counter, "serve_unticketed", None, ticket, CounterState.SERVING, event.at_ms)
    else:
        _act(hall, event.counter, "start_service", before, ticket, CounterState.SERVING, event.at_ms)
    hall.visits[event.band] = hall.visits.get(event.band, 0) + 1
    _count_clerk(hall, event.clerk, visits=1)


def _service_resumed(hall: Hall, event: e.ServiceResumed) -> None:
    before = hall.tickets[event.ticket]
    ticket = replace(
        before, state=TicketState.SERVING, counter=event.counter, only_counter=None, serving_since_ms=event.at_ms
    )
    _put(hall, ticket)
    act = "resume_ticket" if before.state is TicketState.HELD else "start_service"
    _act(hall, event.counter, act, before, ticket, CounterState.SERVING, event.at_ms)


def _service_held(hall: Hall, event: e.ServiceHeld) -> None:
    before = hall.tickets[event.ticket]
    served_ms = _served_ms(before, event.at_ms)
    ticket = replace(before, state=TicketState.HELD, serving_since_ms=None, served_ms=served_ms)
    _put(hall, ticket)
    _act(hall, event.counter, "hold", before, ticket, event.counter_state, event.at_ms)


def _service_finished(hall: Hall, event: e.ServiceFinished) -> None:
    before = hall.tickets[event.ticket]
    _end(hall, before, TicketState.DONE)
    if event.counter_state is not None:
        _act(hall, event.counter, "finish_service", before, None, event.counter_state, event.at_ms)
    _count_clerk(hall, event.clerk, finished=1, service_s=event.service_s)
    for key in ("", event.matter):
        hall.learned[key] = learn(hall.learned.get(key, Learned()), event.service_s)


# --- counters ------------------------------------------------------------------------------------


def _counter_opened(hall: Hall, event: e.CounterOpened) -> None:
    hall.counters[event.counter] = Counter(
        counter=event.counter,
        state=CounterState.READY,
        since_ms=event.at_ms,
        clerk=event.clerk,
        narrowing=event.narrowing,
    )


def _counter_closed(hall: Hall, event: e.CounterClosed) -> None:
    hall.counters[event.counter] = Counter(counter=event.counter, since_ms=event.at_ms)


def _counter_paused(hall: Hall, event: e.CounterPaused) -> None:
    _act(hall, event.counter, "pause_counter", None, None, CounterState.PAUSED, event.at_ms)


def _counter_pause_planned(hall: Hall, event: e.CounterPausePlanned) -> None:
    counter = hall.counters[event.counter]
    hall.counters[event.counter] = replace(counter, pausing=True)


def _counter_resumed(hall: Hall, event: e.CounterResumed) -> None:
    counter = hall.counters[event.counter]
    if counter.state is CounterState.PAUSED:
        _act(hall, event.counter, "resume_counter", None, None, CounterState.READY, event.at_ms)
    else:
        hall.counters[event.counter] = replace(counter, pausing=False)


def _wrap_up_ended(hall: Hall, event: e.WrapUpEnded) -> None:
    counter = hall.counters[event.counter]
    hall.counters[event.counter] = replace(counter, state=CounterState.READY, since_ms=event.at_ms)


def _counter_taken_over(hall: Hall, event: e.CounterTakenOver) -> None:
    dead = hall.counters[event.from_counter]
    for number in event.tickets:
        _put(hall, replace(hall.tickets[number], counter=event.counter))
    counter = hall.counters[event.counter]
    if dead.ticket is not None:
        counter = replace(counter, state=dead.state, ticket=dead.ticket, since_ms=event.at_ms)
    hall.counters[event.counter] = replace(counter, last_act=None)
    hall.counters[event.from_counter] = Counter(counter=event.from_counter, since_ms=event.at_ms)


def _act_undone(hall: Hall, event: e.ActUndone) -> None:
    counter = hall.counters[event.counter]
    act = counter.last_act
    assert act is not None, "decided against this state"
    hall.counters[event.counter] = act.counter_before
    hall.favoured_run = act.favoured_run_before if act.act == "call_next" else hall.favoured_run
    if event.clerk:
        hall.clerks[event.clerk] = act.clerk_before
    if event.visit_band is not None:
        hall.visits[event.visit_band] -= 1
    if act.ticket_before is not None:
        hall.ended.pop(act.ticket_before.ticket, None)
        _put(hall, act.ticket_before)
    elif act.ticket_after is not None:
        _end(hall, act.ticket_after, TicketState.CANCELLED)


def _act(
    hall: Hall, number: int, act: str, before: Ticket | None, after: Ticket | None, state: CounterState, at_ms: int
) -> None:
    """Bring a counter to a new state by a reversible act, and keep what it takes to undo it."""
    counter = hall.counters[number]
    busy = state in (CounterState.CALLING, CounterState.SERVING)
    hall.counters[number] = replace(
        counter,
        state=state,
        since_ms=at_ms,
        ticket=after.ticket if after is not None and busy else None,
        pausing=counter.pausing and busy,
        last_act=Act(
            act=act,
            counter_before=replace(counter, last_act=None),
            ticket_before=before,
            ticket_after=after,
            favoured_run_before=hall.favoured_run,
            clerk_before=hall.clerks.get(counter.clerk or "", ClerkDay()),
        ),
    )


def _refresh_act(hall: Hall, counter: Counter, ticket: Ticket) -> None:
    """A recall or an amendment leaves the act before it undoable."""
    if counter.last_act is not None:
        hall.counters[counter.counter] = replace(counter, last_act=replace(counter.last_act, ticket_after=ticket))


def _count_clerk(
    hall: Hall, clerk: str, *, visits: int = 0, finished: int = 0, service_s: int = 0, no_shows: int = 0
) -> None:
    day = hall.clerks.get(clerk, ClerkDay())
    hall.clerks[clerk] = ClerkDay(
        visits=day.visits + visits,
        finished=day.finished + finished,
        service_s=day.service_s + service_s,
        no_shows=day.no_shows + no_shows,
    )


_HANDLERS: dict[type[e.Event], Callable[[Hall, Any], None]] = {
    e.EpochStarted: _epoch_started,
    e.RulesChanged: _rules_changed,
    e.DayStarted: _day_started,
    e.HallClosed: _hall_closed,
    e.IssuingStopped: _issuing_stopped,
    e.IssuingResumed: _issuing_resumed,
    e.PolicySet: _policy_set,
    e.ModeSet: _mode_set,
    e.NoticeSet: _notice_set,
    e.HoursExtended: _hours_extended,
    e.ClockStepped: _clock_stepped,
    e.DeviceReported: _device_reported,
    e.TicketIssued: _ticket_issued,
    e.TicketBooked: _ticket_booked,
    e.TicketCheckedIn: _ticket_checked_in,
    e.TicketPrinted: _claimed,
    e.TicketAcknowledged: _claimed,
    e.TicketPrintFailed: _ticket_print_failed,
    e.TicketUnclaimed: _ticket_unclaimed,
    e.TicketReprintRequested: _ticket_reprint_requested,
    e.TicketAmended: _ticket_amended,
    e.TicketCalled: _ticket_called,
    e.TicketRecalled: _ticket_recalled,
    e.TicketMissed: _ticket_missed,
    e.TicketReturned: _ticket_returned,
    e.TicketNoShow: _ticket_no_show,
    e.TicketTransferred: _ticket_transferred,
    e.TicketCancelled: _ticket_cancelled,
    e.TicketRated: _ticket_rated,
    e.ServiceStarted: _service_started,
    e.ServiceResumed: _service_resumed,
    e.ServiceHeld: _service_held,
    e.ServiceFinished: _service_finished,
    e.CounterOpened: _counter_opened,
    e.CounterClosed: _counter_closed,
    e.CounterPaused: _counter_paused,
    e.CounterPausePlanned: _counter_pause_planned,
    e.CounterResumed: _counter_resumed,
    e.WrapUpEnded: _wrap_up_ended,
    e.CounterTakenOver: _counter_taken_over,
    e.ActUndone: _act_undone,
}
