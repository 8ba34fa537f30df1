"""How a predicted wait is said, and how sure it is: `约20分钟（多数不超过35分钟）`.

The bound holds for nine in ten, so nobody is told a longest wait.
"""

from hall_controller.domain.told import told_bound_minutes, told_minutes

IN_MINUTES = 90
"""Longer waits are said in hours."""


def wait_zh(wait_s: int | None, bound_s: int | None = None) -> str:
    if wait_s is None:
        return "暂时无法预计"
    minutes = told_minutes(wait_s)
    return f"约{_length_zh(minutes)}{most_zh(wait_s, bound_s)}" if minutes else "无需等候"


def wait_en(wait_s: int | None, bound_s: int | None = None) -> str:
    if wait_s is None:
        return "cannot be told yet"
    minutes = told_minutes(wait_s)
    if not minutes:
        return "none"
    most = most_en(wait_s, bound_s)
    return f"about {_number(minutes)} {_unit(minutes)}{f' {most}' if most else ''}"


def most_zh(wait_s: int | None, bound_s: int | None) -> str:
    """Empty where it says nothing new."""
    most = told_bound_minutes(wait_s, bound_s)
    return f"（多数不超过{_length_zh(most)}）" if most else ""


def most_en(wait_s: int | None, bound_s: int | None) -> str:
    """The unit is left out where it is that of the wait: a ticket is narrow."""
    most = told_bound_minutes(wait_s, bound_s)
    if most is None or wait_s is None:
        return ""
    unit = "" if _unit(most) == _unit(told_minutes(wait_s)) else f" {_unit(most)}"
    return f"(most wait under {_number(most)}{unit})"


def _length_zh(minutes: int) -> str:
    return f"{_number(minutes)}{'分钟' if minutes <= IN_MINUTES else '小时'}"


def _number(minutes: int) -> str:
    return f"{minutes if minutes <= IN_MINUTES else minutes / 60:g}"


def _unit(minutes: int) -> str:
    return "min" if minutes <= IN_MINUTES else "h"
