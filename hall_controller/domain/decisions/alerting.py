"""Which alerts are raised and cleared on a tick. Each once: what stands is in the hall."""

from hall_controller.domain import events as e
from hall_controller.domain.alert import Surroundings, key
from hall_controller.domain.alerts.find import OUTSIDE, find
from hall_controller.domain.hall import Hall


def alerts_due(hall: Hall, at_ms: int, surroundings: Surroundings | None) -> list[e.Event]:
    """One that stands is cleared only when things are well by some margin, so that it does not come and go."""
    raised: list[e.Event] = []
    standing: set[str] = set()
    for one in find(hall, at_ms, surroundings):
        is_due = one.due_ms <= at_ms
        if is_due or (one.lasts and hall.alerts):
            name = key(one.alert, one.subject)
            standing.add(name)
            if is_due and name not in hall.alerts:
                raised.append(
                    e.AlertRaised(alert=one.alert, subject=one.subject, value=one.value, since_ms=one.since_ms)
                )
    known = surroundings is not None
    cleared: list[e.Event] = [
        e.AlertCleared(alert=alert.alert, subject=alert.subject)
        for name, alert in hall.alerts.items()
        if name not in standing and (known or alert.alert not in OUTSIDE)
    ]
    return [*cleared, *raised]
