"""Alerts about visitors who wait, and whom each of them names: nobody is forgotten.

Whoever waits for a first call is named by a long wait; whoever waits again, is set aside or is kept for a counter, one
by one; and all who cannot be called, because no counter works, none of them may, or their results' window is away.
"""

from collections.abc import Iterator

from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alerts.counted_time import before_ms_of, due_ms_of, lasted_ms
from hall_controller.domain.alerts.finding import STILL, Finding
from hall_controller.domain.counter import WORKING, Counter, CounterState
from hall_controller.domain.hall import Hall, in_force, is_after_closing
from hall_controller.domain.keeping import keeper, leaves_to_window, results_windows, suits, waits_since_ms, windows_of
from hall_controller.domain.rules_managing import AlertRules
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass


def of_waiting(hall: Hall, rules: AlertRules, working: list[Counter], at_ms: int) -> Iterator[Finding]:
    """Of those in the queue, while somebody is."""
    if not is_after_closing(hall) or any(one.state is not CounterState.CLOSED for one in hall.counters.values()):
        yield from _long_wait(hall, rules.long_wait_s * 1000, at_ms)
        yield from _waiting_again(hall, rules, at_ms)
    if not working:
        away_ms = max((counter.since_ms for counter in hall.counters.values()), default=0)
        since_ms = max(away_ms, min(waits_since_ms(ticket) for ticket in waiting(hall)))
        yield from _lasting(hall, AlertKind.NO_COUNTER, "", since_ms, rules.no_counter_s, at_ms)
        return
    if rules.none_suits_s and (found := _whom_none_suits(hall, working, at_ms)):
        since_ms = min(max(waits_since_ms(ticket), _left_ms(hall, ticket)) for ticket in found)
        yield from _lasting(hall, AlertKind.NONE_SUITS, "", since_ms, rules.none_suits_s, at_ms)
    if rules.results_away_s and (found := _whose_window_is_away(hall, at_ms)):
        away = windows_of(hall, found[0])
        since_ms = max(waits_since_ms(found[0]), *(window.since_ms for window in away))
        subject = str(min(window.counter for window in away))
        yield from _lasting(hall, AlertKind.RESULTS_AWAY, subject, since_ms, rules.results_away_s, at_ms)


def of_held(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    for ticket in hall.tickets.values() if rules.long_hold_s else ():
        if ticket.state is TicketState.HELD:
            yield from _about(hall, AlertKind.LONG_HOLD, ticket, rules.long_hold_s, at_ms)


def whom(hall: Hall, alert: Alert, at_ms: int) -> list[Ticket]:
    """The visitors whom a standing alert names, who has waited longest first."""
    match alert.alert:
        case AlertKind.LONG_WAIT:
            limit_ms = in_force(hall).alerts.long_wait_s * 1000 * STILL
            never = (one for one in waiting(hall) if one.called_at_ms is None)
            found = [one for one in never if lasted_ms(hall, one.issued_at_ms, at_ms) >= limit_ms]
        case AlertKind.KEPT_WAIT | AlertKind.SECOND_WAIT:
            found = [one for one in waiting(hall) if one.number == alert.subject]
        case AlertKind.LONG_HOLD:
            tickets = hall.tickets.values()
            found = [one for one in tickets if one.state is TicketState.HELD and one.number == alert.subject]
        case AlertKind.NO_COUNTER:
            found = list(waiting(hall))
        case AlertKind.NONE_SUITS:
            found = _whom_none_suits(hall, working_counters(hall), at_ms)
        case AlertKind.RESULTS_AWAY:
            found = _whose_window_is_away(hall, at_ms)
        case _:
            found = []
    return sorted(found, key=lambda ticket: (waits_since_ms(ticket), ticket.ticket))


def waiting(hall: Hall) -> Iterator[Ticket]:
    return (hall.tickets[number] for queue in hall.queues.values() for _, number in queue)


def working_counters(hall: Hall) -> list[Counter]:
    return [counter for counter in hall.counters.values() if counter.state in WORKING]


def oldest(hall: Hall) -> Ticket | None:
    """The one who has waited longest for a first call."""
    first: Ticket | None = None
    for visitor_class, queue in hall.queues.items():
        for _, number in queue:
            ticket = hall.tickets[number]
            if ticket.called_at_ms is None:
                if first is None or ticket.issued_at_ms < first.issued_at_ms:
                    first = ticket
                if visitor_class is not VisitorClass.APPOINTMENT:  # those stand in the order of their half hours
                    break  # the others of the class have come later
    return first


def _long_wait(hall: Hall, limit_ms: int, at_ms: int) -> Iterator[Finding]:
    ticket = oldest(hall) if limit_ms else None
    if ticket is None:
        return
    since_ms = ticket.issued_at_ms
    before_ms = before_ms_of(hall, since_ms)
    due_ms = due_ms_of(hall, since_ms, before_ms, limit_ms)
    lasts = at_ms >= due_ms_of(hall, since_ms, before_ms, limit_ms * STILL)
    value = lasted_ms(hall, since_ms, at_ms) // 1000 if at_ms >= due_ms else 0
    yield Finding(AlertKind.LONG_WAIT, "", value, since_ms, due_ms, lasts)


def _waiting_again(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    """All who were called before or are kept for a counter are among those who wait otherwise than they came."""
    for number in hall.requeued_ms:
        ticket = hall.tickets[number]
        if ticket.only_counter is not None and keeper(hall, ticket, at_ms) is not None:
            yield from _about(hall, AlertKind.KEPT_WAIT, ticket, rules.kept_wait_s, at_ms)
        elif ticket.called_at_ms is not None:
            yield from _about(hall, AlertKind.SECOND_WAIT, ticket, rules.second_wait_s, at_ms)


def _whom_none_suits(hall: Hall, working: list[Counter], at_ms: int) -> list[Ticket]:
    """Those whom no counter that works may call; but not those whose results lie at a window that is away."""
    if any(not counter.narrowing.groups and not counter.narrowing.languages for counter in working):
        return []
    return [
        ticket
        for ticket in waiting(hall)
        if not any(suits(counter, ticket) for counter in working) and not _lies_elsewhere(hall, ticket, at_ms)
    ]


def _lies_elsewhere(hall: Hall, ticket: Ticket, at_ms: int) -> bool:
    return bool(windows_of(hall, ticket)) and leaves_to_window(hall, Counter(counter=0), ticket, at_ms)


def _left_ms(hall: Hall, ticket: Ticket) -> int:
    """Since when the last counter that might have called this visitor has been away."""
    away = (one.since_ms for one in hall.counters.values() if one.state not in WORKING and suits(one, ticket))
    return max(away, default=0)


def _whose_window_is_away(hall: Hall, at_ms: int) -> list[Ticket]:
    """Those who come for a result, of which each window is paused or at lunch."""
    if all(window.state in WORKING for window in results_windows(hall)):
        return []
    found = []
    for ticket in waiting(hall):
        windows = windows_of(hall, ticket)
        if windows and not any(one.state in WORKING for one in windows) and _lies_elsewhere(hall, ticket, at_ms):
            found.append(ticket)
    return sorted(found, key=lambda ticket: (waits_since_ms(ticket), ticket.ticket))


def _about(hall: Hall, kind: AlertKind, ticket: Ticket, limit_s: int, at_ms: int) -> Iterator[Finding]:
    return _lasting(hall, kind, ticket.number or "", waits_since_ms(ticket), limit_s, at_ms)


def _lasting(hall: Hall, kind: AlertKind, subject: str, since_ms: int, limit_s: int, at_ms: int) -> Iterator[Finding]:
    """Once raised it stands until things are otherwise."""
    if limit_s:
        due_ms = due_ms_of(hall, since_ms, before_ms_of(hall, since_ms), limit_s * 1000)
        value = lasted_ms(hall, since_ms, at_ms) // 1000 if at_ms >= due_ms else 0
        yield Finding(kind, subject, value, since_ms, due_ms, lasts=True)
