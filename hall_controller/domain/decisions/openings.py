"""The day that runs itself: openings, announcements, reduced lunchtime service, the last ticket, closing.

Each is decided on a tick by comparing what the rules say of this moment with what has been journalled, so a hall that
was off at the moment does what is due when it is on again, and nothing twice.
"""

from hall_controller.domain import events as e
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.day import Announcement, StopCause
from hall_controller.domain.decisions.common import Moment, clerk_of
from hall_controller.domain.hall import Hall, Issuing, OpeningState, in_force
from hall_controller.domain.hours import Opening, Stretch, local, opening_at, openings
from hall_controller.domain.rules import Band, Between

Events = list[e.Event]


def run_day(hall: Hall, moment: Moment) -> Events:
    """What the hours bring about now."""
    rules = in_force(hall)
    now = opening_at(rules, moment.at_ms, hall.extension, rules.issue_before_s)
    begun = hall.opening
    if now is None:
        return _ended(hall, begun, moment.at_ms) if begun is not None else []
    if begun is None or begun.over or begun.start_ms != now.start_ms:
        return [e.OpeningStarted(start_ms=now.start_ms, end_ms=now.end_ms, last=now.last)]
    if hall.issuing is Issuing.CLOSED:
        return []  # In an emergency nobody is told when lunch is.
    return [*_announced(hall, now, moment.at_ms), *_lunch(hall, now, moment.at_ms), *_last_ticket(hall, now, moment)]


def _ended(hall: Hall, begun: OpeningState, at_ms: int) -> Events:
    """The opening that ended last on the day of the one that began last: a hall may have been off for some."""
    rules = in_force(hall)
    later = _later_today(hall, begun.start_ms, at_ms)
    same_day = openings(rules, local(rules, begun.start_ms).date(), hall.extension)
    past = [(one.start_ms, one.end_ms) for one in same_day if one.end_ms <= at_ms]
    # Not among them when new rules have taken away the very opening that was running.
    start_ms, end_ms = past[-1] if past else (begun.start_ms, at_ms)
    if begun.over and start_ms <= begun.start_ms:
        return []
    return [
        e.OpeningEnded(
            start_ms=max(start_ms, begun.start_ms),
            end_ms=end_ms,
            next_ms=later.start_ms if later else None,
            stops_issuing=later is None or rules.between is Between.PAUSE,
        )
    ]


def _later_today(hall: Hall, start_ms: int, at_ms: int) -> Opening | None:
    """The next opening of the day of the one that began at `start_ms`; None when that day is over."""
    rules = in_force(hall)
    day = local(rules, start_ms).date()
    if local(rules, at_ms).date() != day:
        return None
    return next((one for one in openings(rules, day, hall.extension) if one.start_ms > at_ms), None)


# --- announcements -------------------------------------------------------------------------------


def _announced(hall: Hall, now: Opening, at_ms: int) -> Events:
    """Each moment that is near is announced once for each of the times before it; late ones are left out."""
    found: Events = []
    for announcement, moment_ms in _moments(hall, now):
        due_s = [before_s for before_s in in_force(hall).announce_s if moment_ms - before_s * 1000 <= at_ms < moment_ms]
        if not due_s:
            continue
        last = hall.announced.get(announcement)
        if last is not None and last.moment_ms == moment_ms and last.minutes * 60 <= min(due_s):
            continue
        later = _later_today(hall, now.start_ms, now.end_ms - 1) if announcement is Announcement.LUNCH_BREAK else None
        minutes = -(-(moment_ms - at_ms) // 60_000)
        found.append(
            e.AnnouncementMade(
                announcement=announcement,
                moment_ms=moment_ms,
                minutes=minutes,
                next_ms=later.start_ms if later else None,
            )
        )
    return found


def _moments(hall: Hall, now: Opening) -> list[tuple[Announcement, int]]:
    end = Announcement.CLOSING if now.last else Announcement.LUNCH_BREAK
    lunch = [(Announcement.LUNCH_SERVICE, one.start_ms) for one in now.stretches[1:] if one.band is Band.LUNCH]
    return [*(lunch if in_force(hall).lunch_counters else []), (end, now.end_ms)]


# --- lunch ---------------------------------------------------------------------------------------


def _lunch(hall: Hall, now: Opening, at_ms: int) -> Events:
    """A reduced roster serves on; the other clerks pause after their visitor."""
    roster = in_force(hall).lunch_counters
    lunch = next((one for one in now.stretches if one.band is Band.LUNCH and one.start_ms <= at_ms < one.end_ms), None)
    if not roster or lunch is None or hall.lunch_ms == lunch.start_ms:
        return []
    away = [counter for counter in hall.counters.values() if counter.counter not in roster]
    return [
        e.LunchStarted(start_ms=lunch.start_ms, end_ms=lunch.end_ms),
        *(event for counter in away for event in _sent_to_lunch(counter, lunch)),
    ]


def _sent_to_lunch(counter: Counter, lunch: Stretch) -> Events:
    number, clerk = counter.counter, clerk_of(counter)
    if counter.state in BUSY:
        return [e.CounterPausePlanned(counter=number, clerk=clerk, back_at_ms=lunch.end_ms)]
    if counter.state in (CounterState.READY, CounterState.WRAPPING_UP):
        return [e.CounterPaused(counter=number, clerk=clerk, back_at_ms=lunch.end_ms)]
    return []


# --- the last ticket -----------------------------------------------------------------------------


def judges_last_ticket(hall: Hall, at_ms: int) -> bool:
    """Whether a tick needs to know what a newcomer would be told. With an extension, from earlier than it must."""
    now = hall.opening
    if now is None or not now.last or now.over:
        return False
    return hall.stop_cause is StopCause.LAST_TICKET or at_ms >= now.end_ms - in_force(hall).last_ticket_s * 1000


def _last_ticket(hall: Hall, now: Opening, moment: Moment) -> Events:
    """Stop issuing before closing, once a newcomer would be called too late by what the newcomer would be told.

    Judged once for each closing time: a hall that says "no more tickets" does not change its mind with each visitor
    served, but an extension is a new closing time.
    """
    if not now.last or moment.estimate is None or moment.estimate.wait_s is None:
        return []
    wait_s = moment.estimate.wait_s
    in_time = moment.at_ms + wait_s * 1000 <= now.end_ms
    if hall.stop_cause is StopCause.LAST_TICKET:
        return [e.IssuingResumed()] if in_time and hall.judged_end_ms != now.end_ms else []
    near = moment.at_ms >= now.end_ms - in_force(hall).last_ticket_s * 1000
    if hall.issuing is not Issuing.OPEN or in_time or not near or hall.kept_end_ms == now.end_ms:
        return []
    return [e.IssuingStopped(cause=StopCause.LAST_TICKET, end_ms=now.end_ms, predicted_wait_s=wait_s)]
