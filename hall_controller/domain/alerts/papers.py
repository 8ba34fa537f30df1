"""Alerts about papers between halls, and documents that were to come later."""

import datetime as dt
from collections.abc import Iterator

from hall_controller.domain.acceptance import AcceptanceState, is_under_way
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
    documents_days, result_days = rules.documents_overdue_days, rules.result_overdue_days
    for one in hall.acceptances.values():
        if one.outstanding_zh:
            if documents_days and one.documents_due_day is not None:
                kind, due_day = AlertKind.DOCUMENTS_OVERDUE, one.documents_due_day
                yield _overdue(hall, kind, one.receipt, due_day, documents_days, at_ms)
        elif result_days and one.result_due_day is not None and one.state is not AcceptanceState.READY:
            kind, due_day = AlertKind.RESULT_OVERDUE, one.result_due_day
            yield _overdue(hall, kind, one.receipt, due_day, result_days, at_ms)


def _overdue(hall: Hall, kind: AlertKind, receipt: str, due_day: str, limit_days: int, at_ms: int) -> Finding:
    """Over its day from the next midnight on."""
    since_ms = moment_ms(in_force(hall), dt.date.fromisoformat(due_day) + dt.timedelta(days=1), dt.time())
    due_ms = since_ms + (limit_days - 1) * 24 * HOUR_MS
    return Finding(kind, receipt, max(0, at_ms - since_ms) // (24 * HOUR_MS), since_ms, due_ms, lasts=True)
