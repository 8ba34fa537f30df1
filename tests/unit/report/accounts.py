"""Accounts of a pretended hall."""

from typing import Any

from hall_controller.bus.wire import encode
from hall_controller.domain import commands as c
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH
from hall_controller.report import make_report
from tests.unit.domain.support import Pretend, terminal

DAY, MONTH = "2026-11-24", "2026-11"
"""A Tuesday, and its month."""
WITH_LUNCH = (*DEFAULT_HOURS, LUNCH)
MINUTE, HOUR = 60, 3600


def report_of(hall: Pretend, period: str = MONTH) -> dict[str, Any]:
    return make_report([encode(event) for event in hall.events], period)


def counted(amounts: dict[str, int]) -> dict[str, int]:
    """What is not 0, and not the total."""
    return {key: amount for key, amount in amounts.items() if amount and key != "total"}


def visits(hall: Pretend, period: str = MONTH) -> dict[str, int]:
    return counted(report_of(hall, period)["visits"])


def at_counter(hall: Pretend, clerk: str = "clerk-1", period: str = MONTH) -> dict[str, int]:
    """Seconds by band."""
    return counted(report_of(hall, period)["roster"][clerk]["at_counter_s"])


def serving(hall: Pretend, clerk: str = "clerk-1", period: str = MONTH) -> dict[str, int]:
    return counted(report_of(hall, period)["roster"][clerk]["serving_s"])


def hand_over(hall: Pretend, counter: int, clerk: str) -> None:
    hall.do(c.HandOverCounter(counter=counter, clerk=clerk), terminal(counter))


def pause(hall: Pretend, counter: int) -> None:
    hall.do(c.PauseCounter(counter=counter), terminal(counter))


def resume(hall: Pretend, counter: int) -> None:
    hall.do(c.ResumeCounter(counter=counter), terminal(counter))
