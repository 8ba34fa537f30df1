"""Alerts about papers between halls, and documents that were to come later."""

import datetime as dt
from collections.abc import Iterator

from hall_controller.domain.acceptance import is_under_way
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.alerts.finding import HOUR_MS, Finding
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import moment_ms
from hall_controller.domain.rules_managing import AlertRules


def of_papers(hall: Hall, rules: AlertRules, at_ms: int) -> Iterator[Finding]:
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
