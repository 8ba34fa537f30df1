"""What is told beside an opening of a year whose public holidays are not announced yet."""

import datetime as dt

from hall_controller.domain.hours import is_confirmed, is_promised
from hall_controller.domain.rules import Rules
from hall_controller.i18n.words import NOTHING, Words

TO_BE_CONFIRMED = Words("（待节假日公布确认）", " (to be confirmed)")


def reserve(rules: Rules, at_ms: int, now_ms: int) -> Words:
    """Follows a moment to come; nothing where it is certain."""
    return NOTHING if is_promised(rules, at_ms, now_ms) else TO_BE_CONFIRMED


def reserve_of_day(rules: Rules, day: dt.date, today: dt.date) -> Words:
    """Likewise of a whole day."""
    return NOTHING if day == today or is_confirmed(rules, day) else TO_BE_CONFIRMED
