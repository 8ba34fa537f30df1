"""Which alerts hold now, and when the next will: read from the hall, its rules, and what it is told around it.

Each is a `Finding` with the moment at which it is due. Waiting counts while the hall serves: from the opening on, not
over a lunch break, and after closing as long as a counter is open for those who hold a ticket.
"""

import datetime as dt
import math
from collections.abc import Iterator
from typing import NamedTuple

from hall_controller.domain.acceptance import is_under_way
from hall_controller.domain.alert import AlertKind, DeviceSeen, Surroundings
from hall_controller.domain.assignment import may_take
from hall_controller.domain.bundle import kind_of
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.counter import WORKING, Counter, CounterState
from hall_controller.domain.flow import service_mean_s
from hall_controller.domain.hall import Hall, Issuing, in_force, is_after_closing
from hall_controller.domain.hours import local, moment_ms, openings
from hall_controller.domain.rules_managing import AlertRules
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import Ticket

STILL = 0.8
"""What was raised at a threshold stands until it is below this share of it."""
GRACE_MS = 120_000
"""After a start of the controller its devices have so long to be heard again."""
HOUR_MS = 3_600_000
NEVER = math.inf

SILENT = {
    Role.KIOSK: AlertKind.KIOSK_SILENT,
    Role.PRINTER: AlertKind.PRINTER_SILENT,
    Role.BOARD: AlertKind.BOARD_SILENT,
    Role.VOICE: AlertKind.VOICE_SILENT,
    Role.COUNTER: AlertKind.TERMINAL_SILENT,
}
REPORTED = {
    ("paper", DeviceState.WARNING): AlertKind.PAPER_LOW,
    ("paper", DeviceState.FAILED): AlertKind.PAPER_OUT,
    ("printer", DeviceState.WARNING): AlertKind.PRINTER_FAILING,
    ("printer", DeviceState.FAILED): AlertKind.PRINTER_FAILING,
    ("sound", DeviceState.WARNING): AlertKind.SOUND_FAILING,
    ("sound", DeviceState.FAILED): AlertKind.SOUND_FAILING,
    ("queue", DeviceState.WARNING): AlertKind.VOICE_BACKLOG,
    ("queue", DeviceState.FAILED): AlertKind.VOICE_BACKLOG,
}
_THRESHOLDS = {alert: f"{alert}_s" for alert in (*SILENT.values(), *REPORTED.values())}
OUTSIDE = frozenset({*SILENT.values(), AlertKind.CLOCK_OFF, AlertKind.DISK_FILLING, AlertKind.BACKUP_OLD})
"""Those that are seen in the surroundings alone."""


class Finding(NamedTuple):
    """Something that is to be alerted of, or may soon be."""

    alert: AlertKind
    subject: str
    value: int
    since_ms: int
    due_ms: float
    """It is raised from then on; `NEVER` while nothing is known of it."""
    lasts: bool
    """If it stands, it is not over yet."""


def find(hall: Hall, at_ms: int, surroundings: Surroundings | None = None) -> Iterator[Finding]:
    """What holds at this moment, or will if nothing happens. What is not found is well."""
    rules = in_force(hall).alerts
    yield from _of_room(hall, rules, at_ms)
    yield from _of_papers(hall, rules, at_ms)
    day_ms = None
    complaints = any(report.state is not DeviceState.OK for report in hall.devices.values())
    if complaints or surroundings is not None:
        day_ms = day_since_ms(hall, at_ms)
    if complaints:
        yield from _reported(hall, rules, surroundings, day_ms, at_ms)
    if surroundings is not None:
        yield from _silent(hall, rules, surroundings, day_ms, at_ms)
        yield from _of_box(rules, surroundings, day_ms, at_ms)


def next_alert_ms(hall: Hall, at_ms: int) -> Iterator[int]:
    """The moments after this one at which an alert is raised, unless something happens before."""
    for one in find(hall, at_ms):
        if at_ms < one.due_ms < NEVER:
            yield math.ceil(one.due_ms)


# --- time that counts ----------------------------------------------------------------------------


def lasted_ms(hall: Hall, from_ms: int, at_ms: int) -> int:
    """How much of this stretch was within the openings of the day, or after its closing."""
    opening = hall.opening
    if opening is None:
        return max(0, at_ms - from_ms)
    until_ms = min(at_ms, opening.end_ms) if opening.over and not opening.last else at_ms
    return _before_ms(hall, from_ms) + max(0, until_ms - max(from_ms, opening.start_ms))


def _due_ms(hall: Hall, from_ms: int, before_ms: int, after_ms: float) -> float:
    """When `lasted_ms` reaches `after_ms`; `NEVER` if it does not before something else happens."""
    opening = hall.opening
    if opening is None:
        return from_ms + after_ms
    if before_ms and before_ms >= after_ms:
        return from_ms  # It was due in an earlier opening.
    due_ms = max(from_ms, opening.start_ms) + after_ms - before_ms
    return NEVER if opening.over and not opening.last and due_ms > opening.end_ms else due_ms


def _before_ms(hall: Hall, from_ms: int) -> int:
    """What of it was in earlier openings of the day."""
    opening = hall.opening
    if opening is None or from_ms >= opening.start_ms:
        return 0
    rules = in_force(hall)
    earlier = openings(rules, local(rules, opening.start_ms).date(), hall.extension)
    return sum(max(0, one.end_ms - max(from_ms, one.start_ms)) for one in earlier if one.end_ms <= opening.start_ms)


def day_since_ms(hall: Hall, at_ms: int) -> int | None:
    """When the hall's day began, a little before its first opening; None before it and after closing."""
    if hall.issuing is Issuing.CLOSED:
        return None
    rules = in_force(hall)
    today = local(rules, at_ms).date()
    for day in (today - dt.timedelta(days=1), today):  # yesterday's closing may have been put off past midnight
        found = openings(rules, day, hall.extension)
        if found and (from_ms := found[0].start_ms - rules.issue_before_s * 1000) <= at_ms < found[-1].end_ms:
            return from_ms
    return None


# --- the room ------------------------------------------------------------------------------------


def _of_room(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    ready, serving, works = [], [], False
    for counter in hall.counters.values():
        state = counter.state
        works = works or state is not CounterState.CLOSED
        if state is CounterState.SERVING:
            serving.append(counter)
        elif state is CounterState.READY:
            ready.append(counter)
    if any(hall.queues.values()) and (works or not is_after_closing(hall)):
        yield from _long_wait(hall, rules.long_wait_s * 1000, at_ms)
        if rules.counter_idle_s:
            for counter in ready:
                yield from _idle(hall, counter, rules.counter_idle_s * 1000, at_ms)
    if rules.slow_service_times:
        yield from _services(hall, serving, rules, at_ms)
    if rules.no_shows:
        yield from _no_shows(hall, rules, at_ms)


def oldest(hall: Hall) -> Ticket | None:
    """The one who has waited longest for a first call."""
    first: Ticket | None = None
    for queue in hall.queues.values():
        for _, number in queue:
            ticket = hall.tickets[number]
            if ticket.called_at_ms is None:
                if first is None or ticket.issued_at_ms < first.issued_at_ms:
                    first = ticket
                break  # the others of the class have come later
    return first


def _long_wait(hall: Hall, limit_ms: int, at_ms: int) -> Iterator[Finding]:
    ticket = oldest(hall) if limit_ms else None
    if ticket is None:
        return
    since_ms = ticket.issued_at_ms
    before_ms = _before_ms(hall, since_ms)
    due_ms = _due_ms(hall, since_ms, before_ms, limit_ms)
    lasts = at_ms >= _due_ms(hall, since_ms, before_ms, limit_ms * STILL)
    value = lasted_ms(hall, since_ms, at_ms) // 1000 if at_ms >= due_ms else 0
    yield Finding(AlertKind.LONG_WAIT, "", value, since_ms, due_ms, lasts)


def _idle(hall: Hall, counter: Counter, limit_ms: int, at_ms: int) -> Iterator[Finding]:
    """Once raised it stands until the counter calls somebody, or nobody is left whom it could call."""
    since_ms: int | None = None
    for queue in hall.queues.values():
        for _, number in queue:
            ticket = hall.tickets[number]
            waits_ms = max(counter.since_ms, hall.requeued_ms.get(number, ticket.issued_at_ms))
            if (since_ms is None or waits_ms < since_ms) and may_take(counter, ticket, hall):
                since_ms = waits_ms
                if waits_ms == counter.since_ms:
                    break
        if since_ms == counter.since_ms:
            break
    if since_ms is not None:
        due_ms = _due_ms(hall, since_ms, _before_ms(hall, since_ms), limit_ms)
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


# --- papers --------------------------------------------------------------------------------------


def _of_papers(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    for consignment in hall.consignments.values() if rules.consignment_overdue_hours else ():
        if consignment.due_ms is not None and is_under_way(consignment):
            since_ms, due_ms = consignment.due_ms, consignment.due_ms + rules.consignment_overdue_hours * HOUR_MS
            over = max(0, at_ms - since_ms) // HOUR_MS
            yield Finding(AlertKind.CONSIGNMENT_OVERDUE, consignment.consignment, over, since_ms, due_ms, lasts=True)
    for one in hall.acceptances.values() if rules.documents_overdue_days else ():
        if one.outstanding_zh and one.documents_due_day is not None:
            day = dt.date.fromisoformat(one.documents_due_day) + dt.timedelta(days=1)
            since_ms = moment_ms(in_force(hall), day, dt.time())
            due_ms = since_ms + (rules.documents_overdue_days - 1) * 24 * HOUR_MS
            over = max(0, at_ms - since_ms) // (24 * HOUR_MS)
            yield Finding(AlertKind.DOCUMENTS_OVERDUE, one.receipt, over, since_ms, due_ms, lasts=True)


# --- the devices ---------------------------------------------------------------------------------


def _reported(
    hall: Hall, rules: AlertRules, surroundings: Surroundings | None, day_ms: int | None, at_ms: int
) -> Iterator[Finding]:
    """Raised during the hall's day; cleared by the device alone."""
    for name, report in hall.devices.items():
        alert = REPORTED.get((report.kind, report.state))
        if alert is None or not (limit_s := getattr(rules, _THRESHOLDS[alert])):
            continue
        device = name.rpartition("/")[0]
        if surroundings is not None and device not in surroundings.devices:
            continue  # It was revoked, and will report nothing better.
        since_ms = min(report.at_ms, at_ms)  # the clock may have been set back since
        due_ms = NEVER if day_ms is None else since_ms + limit_s * 1000
        yield Finding(alert, device, (at_ms - since_ms) // 1000, since_ms, due_ms, lasts=True)


def _silent(
    hall: Hall, rules: AlertRules, surroundings: Surroundings, day_ms: int | None, at_ms: int
) -> Iterator[Finding]:
    """By night no device need speak, and a terminal only while its counter works."""
    if day_ms is None:
        return
    for subject, device in _expected(hall, surroundings):
        alert = SILENT[device.role]
        limit_ms = getattr(rules, _THRESHOLDS[alert]) * 1000
        if not limit_ms:
            continue
        heard_ms = surroundings.started_ms + GRACE_MS if device.seen_ms is None else device.seen_ms
        since_ms = max(day_ms, heard_ms)
        if device.seen_ms is None and device.counter is not None:
            since_ms = max(since_ms, hall.counters[device.counter].since_ms)
        due_ms = max(since_ms + limit_ms, surroundings.started_ms + GRACE_MS)
        # Of one that was silent before the controller was started again nothing is known yet.
        unknown = device.seen_ms is None and at_ms < due_ms
        lasts = unknown or at_ms >= since_ms + limit_ms * STILL
        yield Finding(alert, subject, max(0, at_ms - since_ms) // 1000, since_ms, due_ms, lasts)


def _expected(hall: Hall, surroundings: Surroundings) -> Iterator[tuple[str, DeviceSeen]]:
    """Who should be heard. Of two terminals at one counter, the one that was heard last."""
    terminals: dict[int, DeviceSeen] = {}
    for name, device in surroundings.devices.items():
        if device.counter is not None:
            other = terminals.get(device.counter)
            if other is None or (device.seen_ms or 0) > (other.seen_ms or 0):
                terminals[device.counter] = device
        elif device.role in SILENT:
            yield name, device
    for number, device in terminals.items():
        counter = hall.counters.get(number)
        if counter is not None and counter.state in WORKING:
            yield str(number), device


# --- the box -------------------------------------------------------------------------------------


def _of_box(rules: AlertRules, surroundings: Surroundings, day_ms: int | None, at_ms: int) -> Iterator[Finding]:
    off_s = abs(surroundings.clock_off_ms) / 1000
    if rules.clock_off_s:
        due_ms = at_ms if off_s >= rules.clock_off_s else NEVER
        yield Finding(AlertKind.CLOCK_OFF, "", int(off_s), at_ms, due_ms, off_s >= rules.clock_off_s * STILL)
    free = surroundings.disk_free_percent
    if rules.disk_filling_percent:
        due_ms = at_ms if free < rules.disk_filling_percent else NEVER
        yield Finding(AlertKind.DISK_FILLING, "", free, at_ms, due_ms, free * STILL < rules.disk_filling_percent)
    age_s = surroundings.backup_age_s
    if rules.backup_old_hours:
        is_old = age_s >= rules.backup_old_hours * 3600
        due_ms = at_ms if is_old and day_ms is not None else NEVER
        yield Finding(AlertKind.BACKUP_OLD, "", age_s // 3600, at_ms - age_s * 1000, due_ms, is_old)
