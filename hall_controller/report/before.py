"""What a period is compared to: the last such weekday on which anybody came, or the month before."""

import datetime as dt
from typing import Any

from hall_controller.journal.journal import Journal
from hall_controller.report.account import make_report
from hall_controller.report.source import read

WEEKS = 4
"""A holiday may lie between; what is further back compares to nothing."""
DAY_LETTERS = len("2026-11-24")


def report_before(journal: Journal, period: str) -> dict[str, Any] | None:
    """With its course. None where the journal has no such period, or nobody came in it."""
    for candidate in earlier(period):
        source = read(journal, candidate)
        if not source.is_empty:
            made = make_report(source.bodies, candidate, with_course=True)
            if made["visits"]["total"]:
                return made
    return None


def earlier(period: str) -> list[str]:
    """The periods to look at, the nearest first."""
    if len(period) == DAY_LETTERS:
        day = dt.date.fromisoformat(period)
        return [(day - dt.timedelta(weeks=week)).isoformat() for week in range(1, WEEKS + 1)]
    last = dt.date.fromisoformat(f"{period}-01") - dt.timedelta(days=1)
    return [f"{last:%Y-%m}"]
