"""Alerts about bookings for half hours in which the hall is shut."""

from collections import Counter
from collections.abc import Iterator

from hall_controller.domain.alert import AlertKind
from hall_controller.domain.alerts.finding import NEVER, Finding
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import service_day
from hall_controller.domain.rules_managing import AlertRules
from hall_controller.domain.stranded_bookings import stranded


def of_bookings(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
    """One for each day to come, today included: on a day that is over nobody can be kept from coming in vain."""
    if not rules.bookings_stranded:
        return
    days = Counter(service_day(in_force(hall), one.slot_at_ms or 0) for one, _ in stranded(hall))
    for day, count in sorted(days.items()):
        if day >= hall.service_day:
            due_ms = at_ms if count >= rules.bookings_stranded else NEVER
            yield Finding(AlertKind.BOOKINGS_STRANDED, day, count, at_ms, due_ms, lasts=due_ms == at_ms)
