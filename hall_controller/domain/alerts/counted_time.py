"""Time that counts: while the hall serves, and in which the hall's day runs.

Waiting counts from the opening on, not over a lunch break, and after closing as long as a counter is open for those who
hold a ticket.
"""

import datetime as dt

from hall_controller.domain.alerts.finding import NEVER
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local, openings


def lasted_ms(hall: Hall, from_ms: int, at_ms: int) -> int:
    """How much of this stretch was within the openings of the day, or after its closing."""
    opening = hall.opening
    if opening is None:
        return max(0, at_ms - from_ms)
    until_ms = at_ms if opening.last else min(at_ms, opening.end_ms)
    return before_ms_of(hall, from_ms) + max(0, until_ms - max(from_ms, opening.start_ms))


def due_ms_of(hall: Hall, from_ms: int, before_ms: int, after_ms: float) -> float:
    """When `lasted_ms` reaches `after_ms`; `NEVER` if it does not before something else happens."""
    opening = hall.opening
    if opening is None:
        return from_ms + after_ms
    if before_ms and before_ms >= after_ms:
        return from_ms  # It was due in an earlier opening.
    due_ms = max(from_ms, opening.start_ms) + after_ms - before_ms
    return NEVER if not opening.last and due_ms > opening.end_ms else due_ms


def before_ms_of(hall: Hall, from_ms: int) -> int:
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
