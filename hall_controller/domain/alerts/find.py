"""All that may be alerted of, from each subject."""

import math
from collections.abc import Iterator

from hall_controller.domain.alert import AlertKind, Surroundings
from hall_controller.domain.alerts.bookings import of_bookings
from hall_controller.domain.alerts.box import of_box
from hall_controller.domain.alerts.counted_time import day_since_ms
from hall_controller.domain.alerts.devices import SILENT, reported, silent
from hall_controller.domain.alerts.finding import NEVER, Finding
from hall_controller.domain.alerts.papers import of_papers
from hall_controller.domain.alerts.room import of_room
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.hall import Hall, in_force

OUTSIDE = frozenset({*SILENT.values(), AlertKind.CLOCK_OFF, AlertKind.DISK_FILLING, AlertKind.BACKUP_OLD})
"""Those that are seen in the surroundings alone."""


def find(hall: Hall, at_ms: int, surroundings: Surroundings | None = None) -> Iterator[Finding]:
    """What holds at this moment, or will if nothing happens. What is not found is well."""
    rules = in_force(hall).alerts
    yield from of_room(hall, rules, at_ms)
    yield from of_papers(hall, rules, at_ms)
    yield from of_bookings(hall, rules, at_ms)
    day_ms = None
    complaints = any(report.state is not DeviceState.OK for report in hall.devices.values())
    if complaints or surroundings is not None:
        day_ms = day_since_ms(hall, at_ms)
    if complaints:
        yield from reported(hall, rules, surroundings, day_ms, at_ms)
    if surroundings is not None:
        yield from silent(hall, rules, surroundings, day_ms, at_ms)
        yield from of_box(rules, surroundings, day_ms, at_ms)


def next_alert_ms(hall: Hall, at_ms: int) -> Iterator[int]:
    """The moments after this one at which an alert is raised, unless something happens before."""
    for one in find(hall, at_ms):
        if at_ms < one.due_ms < NEVER:
            yield math.ceil(one.due_ms)
