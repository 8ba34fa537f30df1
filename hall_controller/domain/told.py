"""How exactly people are told a wait: minutes rounded up, so that nobody holds a minute against the hall."""

import math

FINE_MIN, COARSE_MIN = 10, 90
"""Up to so many minutes a wait is told to the minute, and to five minutes; beyond to half an hour."""
SOON_MIN = 5
"""Within so many it is not worth saying how sure a wait is."""


def told_minutes(wait_s: float) -> int:
    minutes = math.ceil(max(0.0, wait_s) / 60)
    step = 1 if minutes <= FINE_MIN else 5 if minutes <= COARSE_MIN else 30
    return math.ceil(minutes / step) * step


def told_bound_minutes(wait_s: float | None, bound_s: float | None) -> int | None:
    """Within so many minutes nine in ten are called; None where that says nothing new beside the wait."""
    if wait_s is None or wait_s <= 0 or bound_s is None:
        return None
    bound = told_minutes(bound_s)
    return bound if bound > max(SOON_MIN, told_minutes(wait_s)) else None
