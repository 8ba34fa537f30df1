"""Alerts about the room: its counters and calls, and the visitors who wait."""

from collections.abc import Iterator

from hall_controller.domain.alert import AlertKind
from hall_controller.domain.alerts.counted_time import before_ms_of, due_ms_of, lasted_ms
from hall_controller.domain.alerts.finding import NEVER, STILL, Finding
from hall_controller.domain.alerts.visitors import of_held, of_waiting, working_counters
from hall_controller.domain.assignment import may_take
from hall_controller.domain.bundle import kind_of
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.flow import service_mean_s
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules_managing import AlertRules


def of_room(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    working = working_counters(hall)
    if any(hall.queues.values()):
        yield from of_waiting(hall, rules, working, at_ms)
        if rules.counter_idle_s:
            for counter in working:
                if counter.state is CounterState.READY:
                    yield from _idle(hall, counter, rules.counter_idle_s * 1000, at_ms)
    yield from of_held(hall, rules, at_ms)
    if rules.slow_service_times:
        yield from _services(hall, [one for one in working if one.state is CounterState.SERVING], rules, at_ms)
    if rules.no_shows:
        yield from _no_shows(hall, rules, at_ms)


def _idle(hall: Hall, counter: Counter, limit_ms: int, at_ms: int) -> Iterator[Finding]:
    """Once raised it stands until the counter calls somebody, or nobody is left whom it could call."""
    since_ms: int | None = None
    for queue in hall.queues.values():
        for _, number in queue:
            ticket = hall.tickets[number]
            waits_ms = max(counter.since_ms, hall.requeued_ms.get(number, ticket.issued_at_ms))
            if (since_ms is None or waits_ms < since_ms) and may_take(counter, ticket, hall, at_ms):
                since_ms = waits_ms
                if waits_ms == counter.since_ms:
                    break
        if since_ms == counter.since_ms:
            break
    if since_ms is not None:
        due_ms = due_ms_of(hall, since_ms, before_ms_of(hall, since_ms), limit_ms)
        value = lasted_ms(hall, since_ms, at_ms) // 1000 if at_ms >= due_ms else 0
        yield Finding(AlertKind.COUNTER_IDLE, str(counter.counter), value, since_ms, due_ms, lasts=True)


def _services(hall: Hall, serving: list[Counter], rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    """What the matter's services take is looked up only once a service is long enough to be an alert at all."""
    least_ms = rules.slow_service_at_least_s * 1000
    first_ms: int | None = None
    for counter in serving:
        ticket = hall.tickets[counter.ticket or 0]
        since_ms = (ticket.serving_since_ms or at_ms) - ticket.served_ms
        if at_ms - since_ms < least_ms * STILL:
            first_ms = since_ms if first_ms is None or since_ms < first_ms else first_ms
            continue
        mean_s = service_mean_s(hall.learned, hall.flow, kind_of(ticket), ticket.usual_s)
        limit_ms = max(rules.slow_service_times * mean_s * 1000, least_ms)
        lasts_ms = at_ms - since_ms
        yield Finding(
            AlertKind.SLOW_SERVICE,
            str(counter.counter),
            lasts_ms // 1000,
            since_ms,
            since_ms + limit_ms,
            lasts_ms >= limit_ms * STILL,
        )
    if first_ms is not None:
        yield Finding(AlertKind.SLOW_SERVICE, "", 0, first_ms, first_ms + least_ms, lasts=False)  # when to look again


def _no_shows(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    opening = hall.opening
    if opening is not None and opening.over and opening.last:
        return
    missed = sum(nobody for _, nobody in hall.recent_calls[-rules.no_shows_of :])
    now = missed >= rules.no_shows and (opening is None or not opening.over)
    if missed:
        lasts = missed > rules.no_shows * STILL
        yield Finding(AlertKind.NO_SHOWS, "", missed, at_ms, at_ms if now else NEVER, lasts)
