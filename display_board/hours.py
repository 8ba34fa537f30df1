"""What board, phone page and voice must judge alike about the hours. Pure."""

from hall_controller.domain.day import Announcement
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import Opening, Stretch, local, opening_at, openings
from hall_controller.domain.rules import Band, Rules

LUNCH_BEGINS_BEFORE = 15
"""A break that begins later is a break, but no lunch break."""
EVENING_FROM = 18
NIGHT_ENDS = 5


def is_lunch(rules: Rules, break_ms: int) -> bool:
    """Whether people call a break that begins then their lunch break."""
    return local(rules, break_ms).hour < LUNCH_BEGINS_BEFORE


def is_evening(rules: Rules, at_ms: int) -> bool:
    """Whether one says "tonight" of it; an extension past midnight is still the same night."""
    hour = local(rules, at_ms).hour
    return hour >= EVENING_FROM or hour < NIGHT_ENDS


def running(hall: Hall, at_ms: int) -> Opening | None:
    """The opening that the hall is in now, extended or not; it may have begun yesterday."""
    return opening_at(in_force(hall), at_ms, hall.extension)


def is_extended(hall: Hall, opening: Opening) -> bool:
    """Whether it ends later than the rules say."""
    day = local(in_force(hall), opening.start_ms).date()
    usual = openings(in_force(hall), day)
    return opening.last and bool(usual) and opening.end_ms > usual[-1].end_ms


def stands(hall: Hall, announcement: Announcement, moment_ms: int, at_ms: int) -> bool:
    """Whether what was announced is still ahead, and still so: hours may have been extended, or the hall closed."""
    now = running(hall, at_ms)
    if now is None or moment_ms <= at_ms or hall.issuing is Issuing.CLOSED:
        return False
    if announcement is Announcement.LUNCH_SERVICE:
        return lunch_service(now, moment_ms) is not None
    return now.end_ms == moment_ms and now.last is (announcement is Announcement.CLOSING)


def lunch_service(opening: Opening, start_ms: int) -> Stretch | None:
    return next((one for one in opening.stretches if one.band is Band.LUNCH and one.start_ms == start_ms), None)
