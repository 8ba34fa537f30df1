"""Events of the hall as a whole: rules, service days, issuing, the clock, devices."""

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.counter import Counter
from hall_controller.domain.day import StopCause
from hall_controller.domain.evolutions.acceptances import forget_old
from hall_controller.domain.hall import Announced, Closure, DeviceReport, Hall, Issuing, OpeningState
from hall_controller.domain.hours import Extension
from hall_controller.domain.ticket import Ticket, TicketState

CLOSURES_KEPT_MS = 20 * 86_400_000
"""Longer than a booking that fell into one is kept."""


def epoch_started(hall: Hall, event: e.EpochStarted) -> None:
    """A restored hall gives no receipt twice: what it gave after the backup is unknown, and may be on paper."""
    hall.epoch = event.epoch
    if event.origin == "restore":
        hall.restores += 1
        _count_receipts_afresh(hall)


def _count_receipts_afresh(hall: Hall) -> None:
    hall.receipts = 1000 * hall.restores
    hall.consignments_sent = 100 * hall.restores


def rules_changed(hall: Hall, event: e.RulesChanged) -> None:
    """A policy or mode that the manager chose stays, unless hall.toml changed its own."""
    old, new = hall.rules, event.rules
    if old is None or (old.policy, old.favoured_limit) != (new.policy, new.favoured_limit):
        hall.policy, hall.favoured_limit = new.policy, new.favoured_limit
    if old is None or old.mode != new.mode:
        hall.mode = new.mode
    hall.rules = new


def catalogue_changed(hall: Hall, event: e.CatalogueChanged) -> None:
    """A ticket keeps group, subject and usual time of its matter, as it was when it was issued."""
    hall.catalogue_version, hall.catalogue_digest = event.version, event.digest


def day_started(hall: Hall, event: e.DayStarted) -> None:
    """Figures start again, and what was done yesterday can no longer be undone."""
    hall.service_day = event.service_day
    hall.series = {}
    hall.carried = {ticket.number: ticket.ticket for ticket in hall.tickets.values() if ticket.number is not None}
    hall.ended = {}
    hall.rosters = {day: spans for day, spans in hall.rosters.items() if day >= event.service_day}
    _count_receipts_afresh(hall)
    forget_old(hall, event.at_ms)
    _reopened(hall, event.at_ms)
    hall.closures = tuple(one for one in hall.closures if (one.until_ms or 0) >= event.at_ms - CLOSURES_KEPT_MS)
    hall.visits = {}
    hall.clerks = {}
    hall.issued = hall.no_shows = hall.extended_minutes = 0
    if hall.extension is not None and hall.extension.until_ms <= event.at_ms:
        hall.extension = None
    if hall.opening is None:
        hall.issuing, hall.issuing_reason = Issuing.OPEN, ""
    elif hall.issuing is not Issuing.OPEN:
        # What the manager stopped or an emergency closed yesterday opens again with the hall.
        hall.issuing, hall.issuing_reason, hall.stop_cause = Issuing.STOPPED, "", StopCause.SHUT
    hall.counters = {number: replace(counter, last_act=None) for number, counter in hall.counters.items()}


def opening_started(hall: Hall, event: e.OpeningStarted) -> None:
    hall.opening = OpeningState(event.start_ms, event.end_ms, event.last)
    if hall.issuing is Issuing.STOPPED and hall.stop_cause is not StopCause.MANAGER:
        hall.issuing, hall.issuing_reason, hall.stop_cause = Issuing.OPEN, "", None


def opening_ended(hall: Hall, event: e.OpeningEnded) -> None:
    hall.opening = OpeningState(event.start_ms, event.end_ms, last=event.next_ms is None, over=True)
    stopped_by_itself = hall.issuing is Issuing.STOPPED and hall.stop_cause is not StopCause.MANAGER
    if event.stops_issuing and (hall.issuing is Issuing.OPEN or stopped_by_itself):
        cause = StopCause.SHUT if event.next_ms is None else StopCause.LUNCH
        hall.issuing, hall.issuing_reason, hall.stop_cause = Issuing.STOPPED, "", cause


def lunch_started(hall: Hall, event: e.LunchStarted) -> None:
    hall.lunch_ms = event.start_ms


def announcement_made(hall: Hall, event: e.AnnouncementMade) -> None:
    hall.announced = {**hall.announced, event.announcement: Announced(event.moment_ms, event.minutes)}


def nothing_changed(hall: Hall, event: e.DocumentsRequested | e.VisitDiverted) -> None:
    """Paper to take home, or a visit that need not be: nothing in the hall changes."""


def hall_closed(hall: Hall, event: e.HallClosed) -> None:
    hall.issuing, hall.issuing_reason, hall.stop_cause = Issuing.CLOSED, event.reason, None
    hall.closures = (*hall.closures, Closure(event.at_ms, None, event.reason))


def _reopened(hall: Hall, at_ms: int) -> None:
    """The emergency is over, if there was one."""
    if hall.closures and hall.closures[-1].until_ms is None:
        hall.closures = (*hall.closures[:-1], replace(hall.closures[-1], until_ms=at_ms))


def issuing_stopped(hall: Hall, event: e.IssuingStopped) -> None:
    hall.issuing, hall.issuing_reason, hall.stop_cause = Issuing.STOPPED, event.why or "", event.cause
    if event.cause is StopCause.LAST_TICKET:
        hall.judged_end_ms = event.end_ms


def issuing_resumed(hall: Hall, event: e.IssuingResumed) -> None:
    hall.issuing, hall.issuing_reason, hall.stop_cause = Issuing.OPEN, "", None
    _reopened(hall, event.at_ms)
    if event.until_ms is not None:
        hall.kept_end_ms = event.until_ms


def policy_set(hall: Hall, event: e.PolicySet) -> None:
    hall.policy, hall.favoured_limit = event.policy, event.favoured_limit


def mode_set(hall: Hall, event: e.ModeSet) -> None:
    hall.mode = event.mode


def notice_set(hall: Hall, event: e.NoticeSet) -> None:
    hall.notice_zh, hall.notice_en = event.zh, event.en


def hours_extended(hall: Hall, event: e.HoursExtended) -> None:
    hall.extended_minutes = event.minutes
    if event.until_ms is not None:
        hall.extension = Extension(event.day, event.until_ms)


def roster_set(hall: Hall, event: e.RosterSet) -> None:
    hall.rosters = {day: spans for day, spans in hall.rosters.items() if day != event.day}
    if event.spans:
        hall.rosters[event.day] = event.spans


def clock_stepped(hall: Hall, event: e.ClockStepped) -> None:
    """All times under way move with the clock: places, waits, services and grace periods stay what they were."""
    step_ms = event.step_ms
    hall.tickets = {number: _ticket_moved(ticket, step_ms) for number, ticket in hall.tickets.items()}
    hall.queues = {
        visitor_class: [((place[0] + step_ms, *place[1:]), number) for place, number in queue]
        for visitor_class, queue in hall.queues.items()
    }
    hall.counters = {number: _counter_moved(counter, step_ms) for number, counter in hall.counters.items()}


def _ticket_moved(ticket: Ticket, step_ms: int) -> Ticket:
    if ticket.state is TicketState.BOOKED:
        return ticket  # Its slot is a time on the wall.
    return replace(
        ticket,
        issued_at_ms=ticket.issued_at_ms + step_ms,
        place=(ticket.place[0] + step_ms, *ticket.place[1:]),
        claim_by_ms=_moved(ticket.claim_by_ms, step_ms),
        called_at_ms=_moved(ticket.called_at_ms, step_ms),
        started_at_ms=_moved(ticket.started_at_ms, step_ms),
        serving_since_ms=_moved(ticket.serving_since_ms, step_ms),
        missed_at_ms=_moved(ticket.missed_at_ms, step_ms),
        put_back_ms=_moved(ticket.put_back_ms, step_ms),
    )


def _counter_moved(counter: Counter, step_ms: int) -> Counter:
    act = counter.last_act
    if act is not None:
        before, after = act.ticket_before, act.ticket_after
        act = replace(
            act,
            counter_before=_counter_moved(act.counter_before, step_ms),
            ticket_before=_ticket_moved(before, step_ms) if before is not None else None,
            ticket_after=_ticket_moved(after, step_ms) if after is not None else None,
        )
    return replace(
        counter, since_ms=counter.since_ms + step_ms, back_at_ms=_moved(counter.back_at_ms, step_ms), last_act=act
    )


def _moved(at_ms: int | None, step_ms: int) -> int | None:
    return None if at_ms is None else at_ms + step_ms


def device_reported(hall: Hall, event: e.DeviceReported) -> None:
    report = DeviceReport(event.kind, event.state, event.detail, event.at_ms)
    hall.devices[f"{event.device}/{event.kind}"] = report
