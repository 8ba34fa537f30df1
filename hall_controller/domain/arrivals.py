"""How the day goes on: arrivals still to come, by what the hall has learned of such days."""

import datetime as dt
from collections.abc import Callable

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import day_name, local

HALF_HOUR_S = 1800
FEWEST = 1.0
"""Visitors in a half hour; with fewer on average, nothing can be said of what follows."""
MOST_TIMES = 3.0


def arrivals_ahead(hall: Hall, at_ms: int) -> Callable[[float], float] | None:
    """Seconds from now -> the seconds in which as many come at the present rate; None when too little is known."""
    rules = in_force(hall)
    now = local(rules, at_ms)
    means = hall.arrivals.get(day_name(rules, now.date()))
    if means is None:
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    from_s = (now - midnight) / dt.timedelta(seconds=1)
    present = _around(means, int(from_s // HALF_HOUR_S))
    if present < FEWEST:
        return None

    def ahead(t_s: float) -> float:
        done_s, at_s = 0.0, from_s
        while at_s < from_s + t_s:
            half_hour = int(at_s // HALF_HOUR_S)
            until_s = min((half_hour + 1) * HALF_HOUR_S, from_s + t_s)
            mean = means[half_hour] if half_hour < len(means) else 0.0
            done_s += (until_s - at_s) * min(mean / present, MOST_TIMES)
            at_s = until_s
        return done_s

    return ahead


def _around(means: tuple[float, ...], half_hour: int) -> float:
    """The rate now was learned over the last three quarters of an hour."""
    near = [means[one] for one in (half_hour - 1, half_hour) if 0 <= one < len(means) and means[one] > 0]
    return sum(near) / len(near) if near else 0.0
