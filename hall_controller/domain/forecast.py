"""Who will come, half hour by half hour, and what each visitor takes: as the hall has learned it."""

import datetime as dt
import math
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from hall_controller.domain.erlang import Rates
from hall_controller.domain.flow import PRIOR_WEIGHT, Flow, patience
from hall_controller.domain.flow import STEP_S as PATIENCE_STEP_S
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import day_name, local, moment_ms, openings
from hall_controller.domain.rules import WEEKDAYS, WEEKEND
from hall_controller.domain.ticket import USUAL_S

HALF_HOURS = 48
HALF_HOUR_S = 1800
HALF_HOUR_MS = HALF_HOUR_S * 1000
RATE_MS = 5_400_000
"""On a hall's first day, the visitors of so long tell how many will come."""
FEWEST = 8
"""Fewer visitors tell nothing."""
RATE_LEAST = 1.0
"""Visitors in a half hour; with fewer on average, nothing can be said of what follows."""
MOST_TIMES = 3.0
"""A half hour has so many times the present one's visitors at most: few days may exaggerate a peak."""
SPREAD_RANGE = (0.1, 2.0)
USUAL_MISSED, PRIOR_CALLS = 0.05, 20.0


class Basis(StrEnum):
    """What a forecast was made from."""

    WEEKDAY = "weekday"
    """Earlier days of the same weekday, or earlier holidays."""
    ALIKE = "alike"
    """Other working days, or other days off."""
    TODAY = "today"
    """Today's own visitors alone."""


TRUST = {Basis.WEEKDAY: 40.0, Basis.ALIKE: 15.0}
"""So many of today's visitors weigh as much as the forecast when it is corrected by how today goes."""
RESTLESS = {Basis.WEEKDAY: 1.2, Basis.ALIKE: 1.5, Basis.TODAY: 1.5}
"""Variance of visitors over their mean: chance, and what a mean of few days may be wrong by."""


class Forecast(NamedTuple):
    day: dt.date
    visitors: tuple[float, ...]
    """In each half hour of the day."""
    basis: Basis

    @property
    def restless(self) -> float:
        return RESTLESS[self.basis]


class Pace(NamedTuple):
    """What visitors take."""

    turn_s: float
    """From one call to the next at a counter that has always somebody to call, no-shows included."""
    spread: float
    """Squared coefficient of variation of a turn."""
    leave: float
    """Of one waiting visitor (1/s)."""

    def rates(self, visitors: float, in_s: float, away: float) -> Rates:
        """`away`: share of a counter's time in which its clerk is on a short break."""
        return Rates(max(visitors / in_s, 1e-6), (1 - away) / self.turn_s, self.leave)


def forecast(hall: Hall, day: dt.date, at_ms: int) -> Forecast | None:
    """None where nothing is known. The hall's own day is corrected by how it has gone so far."""
    rules = in_force(hall)
    name = day_name(rules, day)
    basis, means = Basis.WEEKDAY, hall.arrivals.get(name)
    if means is None:
        alike = [other for kind in (WEEKDAYS,) if name in kind for other in kind] or [*WEEKEND, "holiday"]
        known = [hall.arrivals[other] for other in alike if other in hall.arrivals]
        if known:
            basis, means = Basis.ALIKE, tuple(sum(halves) / len(known) for halves in zip(*known, strict=True))
    is_today = day.isoformat() == hall.service_day
    if means is None:
        own = _own(hall, at_ms)
        return Forecast(day, own, Basis.TODAY) if own is not None else None
    if is_today and hall.arrived:
        passed = (at_ms - moment_ms(rules, day, dt.time())) / HALF_HOUR_MS
        usual = sum(mean * min(1.0, max(0.0, passed - half)) for half, mean in enumerate(means))
        scale = (sum(hall.arrived) + TRUST[basis]) / (usual + TRUST[basis])
        means = tuple(mean * scale for mean in means)
    return Forecast(day, means, basis)


def _own(hall: Hall, at_ms: int) -> tuple[float, ...] | None:
    """Today's visitors so far, and their present rate for the hours to come."""
    if sum(hall.arrived) < FEWEST:
        return None
    rules = in_force(hall)
    day = dt.date.fromisoformat(hall.service_day)
    midnight_ms = moment_ms(rules, day, dt.time())
    passed = min((at_ms - midnight_ms) / HALF_HOUR_MS, float(HALF_HOURS))
    today = openings(rules, day, hall.extension)
    seen = rate_ms = 0.0
    for half in range(min(int(passed), HALF_HOURS - 1), -1, -1):
        start_ms = midnight_ms + half * HALF_HOUR_MS
        end_ms = min(start_ms + HALF_HOUR_MS, at_ms)
        shown_ms = sum(max(0, min(end_ms, one.end_ms) - max(start_ms, one.start_ms)) for one in today)
        if hall.arrived[half] or shown_ms:
            seen += hall.arrived[half]
            rate_ms += shown_ms
        if rate_ms >= RATE_MS:
            break
    rate = seen / max(rate_ms, HALF_HOUR_MS / 2)
    coming = []
    for half, came in enumerate(hall.arrived):
        start_ms = midnight_ms + half * HALF_HOUR_MS
        open_ms = sum(max(0, min(start_ms + HALF_HOUR_MS, one.end_ms) - max(start_ms, one.start_ms)) for one in today)
        coming.append(float(came) if half < int(passed) else rate * open_ms)
    return tuple(coming)


def pace(hall: Hall, target_s: float) -> Pace:
    """Over all matters, each as often as it was wanted so far."""
    flow = hall.flow
    known = [(one.count, one.mean_s) for matter, one in hall.learned.items() if matter and one.count]
    total = sum(count for count, _ in known) + PRIOR_WEIGHT
    usual_s = USUAL_S * flow.ratio
    service_s = (sum(count * mean_s for count, mean_s in known) + PRIOR_WEIGHT * usual_s) / total
    # Matters differ; what few services of each show of that is chance in part.
    between_s2 = sum(count * (mean_s - service_s) ** 2 for count, mean_s in known) / total
    between_s2 = max(0.0, between_s2 - flow.cv2 * service_s**2 * len(known) / total)
    missed = _missed(flow, target_s)
    comes = 1 - missed
    served_s = flow.walk_s + service_s + flow.wrap_up_s
    turn_s = flow.react_s + missed * flow.missed_s + comes * served_s
    var_s2 = flow.cv2 * (service_s**2 + between_s2) + between_s2
    var_s2 = comes * var_s2 + comes * missed * (served_s - flow.missed_s) ** 2
    spread = min(max(var_s2 / turn_s**2, SPREAD_RANGE[0]), SPREAD_RANGE[1])
    leave = -math.log(max(1e-6, patience(flow).stays(0.0, target_s))) / target_s
    return Pace(turn_s, spread, max(0.0, leave))


def _missed(flow: Flow, target_s: float) -> float:
    """Share of calls in time to which nobody comes: whoever was called late may have gone for that very reason."""
    steps = max(1, math.ceil(target_s / PATIENCE_STEP_S))
    return (sum(flow.absent[:steps]) + USUAL_MISSED * PRIOR_CALLS) / (sum(flow.called[:steps]) + PRIOR_CALLS)


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
    if present < RATE_LEAST:
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
