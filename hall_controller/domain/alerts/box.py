"""Alerts about the box that the hall runs on."""

from collections.abc import Iterator

from hall_controller.domain.alert import AlertKind, Surroundings
from hall_controller.domain.alerts.finding import NEVER, STILL, Finding
from hall_controller.domain.rules_managing import AlertRules


def of_box(rules: AlertRules, surroundings: Surroundings, day_ms: int | None, at_ms: int) -> Iterator[Finding]:
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
