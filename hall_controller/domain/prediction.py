"""How long will it take? The median, and within how long nine in ten are called, for each visitor.

A visitor with n people ahead is called at the (n + 1)-th call from now. `supply` says how many calls the counters make
by when, mean and variance. Against them stand those ahead who will still be there (patience ends at a learned rate, as
in the Erlang A model) and, for an ordinary visitor, the favoured ones who will yet come and go before. The median is
where the mean number of calls reaches the visitor's; the bound lies a number of standard deviations later that the hall
adjusts by how its bounds have held (`evolutions/learning`).
"""

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from hall_controller.domain.assignment import FAVOURED, call_order, run_before
from hall_controller.domain.flow import favoured_rate, leave_rate
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Policy
from hall_controller.domain.supply import HORIZON_S, Supply, mean_of, supply
from hall_controller.domain.ticket import Ticket, VisitorClass

HALF_CALL = 0.6
"""Where the median lies between two calls: a half by the normal approximation, two thirds by the gamma one."""
UNSURE = 0.06
"""Standard deviation, over the mean, of what is known of service times."""
LOOKED_AT = 400
"""So many people ahead are looked at one by one; beyond, the mean of these stands for all."""

Calls = Callable[[float], tuple[float, float]]


class Estimate(msgspec.Struct, frozen=True):
    """What a visitor is told."""

    ahead: int
    wait_s: int | None
    """The median: half are called sooner. None while nobody can say."""
    bound_s: int | None = None
    """Nine in ten are called within."""


class Rivals(NamedTuple):
    """Who is called before a visitor: those ahead, less those who leave, and those who will overtake."""

    ahead: float
    leave_rate: float
    overtake_rate: float
    overtake_most: float

    def by(self, t_s: float) -> tuple[float, float]:
        """(mean, variance) of how many they are when the visitor has waited so long."""
        staying = 1.0
        if self.leave_rate * t_s > 1e-6:
            staying = -math.expm1(-self.leave_rate * t_s) / (self.leave_rate * t_s)
        come = self.overtake_rate * t_s
        var = self.ahead * staying * (1 - staying)
        if come >= self.overtake_most:
            return self.ahead * staying + self.overtake_most, var
        return self.ahead * staying + come, var + come


def predict_newcomer(hall: Hall, visitor_class: VisitorClass, at_ms: int) -> Estimate:
    """For someone who takes a ticket now."""
    favoured = sum(len(hall.queues.get(favoured_class, ())) for favoured_class in FAVOURED)
    queue = hall.queues.get(VisitorClass.ORDINARY, [])
    limit = hall.favoured_limit
    at_once = max(0, limit - run_before(hall, queue[0] if queue else None))  # favoured before the first ordinary
    overtaken = 0
    if hall.policy is Policy.FCFS:
        ahead = favoured + len(queue)
    elif visitor_class is VisitorClass.ORDINARY:
        most = at_once + limit * len(queue)
        ahead = len(queue) + min(favoured, most)
        overtaken = max(0, most - favoured)
    else:
        ahead = favoured + (min(len(queue), 1 + (favoured - at_once) // limit) if favoured >= at_once else 0)
    waiting = (ticket for place in hall.queues.values() for _, ticket in place)
    turns = _Turns(hall, itertools.islice(waiting, LOOKED_AT))
    able = supply(hall, at_ms, turns.mean_s, turns.cv2)
    return _estimate(hall, at_ms, able, able.calls, ahead, float(ahead), overtaken)


def predict(hall: Hall, at_ms: int) -> dict[int, Estimate]:
    """For every waiting ticket, in the order in which they will be called."""
    order = list(call_order(hall))
    if not order:
        return {}
    turns = _Turns(hall, iter(order))
    able = supply(hall, at_ms, turns.mean_s, turns.cv2)
    calls = _tabled(able, len(order) + 2)
    estimates: dict[int, Estimate] = {}
    work_s, ordinary = 0.0, 0
    favoured = 0
    limit = hall.favoured_limit
    first = hall.queues.get(VisitorClass.ORDINARY, [])
    at_once = max(0, limit - run_before(hall, first[0] if first else None))
    for ahead, number in enumerate(order):
        ticket = hall.tickets[number]
        overtaken = 0
        if ticket.visitor_class in FAVOURED:
            favoured += 1
        elif hall.policy is not Policy.FCFS:
            overtaken = max(0, at_once + limit * ordinary - favoured)
            ordinary += 1
        estimates[number] = _estimate(hall, at_ms, able, calls, ahead, work_s / turns.mean_s, overtaken)
        work_s += turns.of(ticket)
    return estimates


class _Turns:
    """What one visitor after another costs a counter, from call to call; no-shows included."""

    def __init__(self, hall: Hall, tickets: Iterator[int]) -> None:
        self._hall = hall
        self._known: dict[tuple[str, int], float] = {}
        flow = hall.flow
        self._beside_s = flow.react_s + flow.missed * flow.missed_s + (1 - flow.missed) * (flow.walk_s + flow.wrap_up_s)
        turns = [self.of(hall.tickets[ticket]) for ticket in tickets]
        usual = hall.learned.get("")
        if turns:
            self.mean_s = sum(turns) / len(turns)
        else:
            self.mean_s = self._beside_s + (usual.mean_s if usual is not None and usual.count else 480.0)
        # A visitor who does not come takes a minute, one who does the whole service: both belong to the spread.
        served = 1 - flow.missed
        service_s = max(1.0, (self.mean_s - self._beside_s) / served)
        var_s2 = served * flow.cv2 * service_s**2 + served * flow.missed * service_s**2
        self.cv2 = min(2.0, var_s2 / self.mean_s**2)

    def of(self, ticket: Ticket) -> float:
        key = (ticket.matter, ticket.usual_s)
        known = self._known.get(key)
        if known is None:
            service_s = mean_of(self._hall, *key)
            known = self._known[key] = self._beside_s + (1 - self._hall.flow.missed) * service_s
        return known


def _estimate(hall: Hall, at_ms: int, able: Supply, calls: Calls, ahead: int, work: float, overtaken: int) -> Estimate:
    """`work`: those ahead, in mean turns."""
    if ahead < able.free:
        return Estimate(ahead, 0, math.ceil(hall.flow.free_bound_s))
    flow = hall.flow
    since_ms = hall.opening.start_ms if hall.opening is not None else None
    rate = favoured_rate(flow, at_ms, since_ms) if overtaken else 0.0
    rivals = Rivals(work, leave_rate(flow), rate, overtaken)

    def lead(t_s: float, z: float) -> float:
        """How many calls beyond the visitor's own are made by then; for z > 0 even if things go badly."""
        made, made_var = calls(t_s)
        before, before_var = rivals.by(t_s)
        spread = math.sqrt(made_var + before_var + (UNSURE * made) ** 2) if z else 0.0
        return made - z * spread - before - HALF_CALL

    guess_s = able.turn_s * (work + 1) / max(1, len(able.left) + len(able.changes))
    median_s = _first(lambda t_s: lead(t_s, 0.0), 0.0, guess_s)
    if median_s is None:
        return Estimate(ahead, None)
    bound_s = _first(lambda t_s: lead(t_s, flow.z), 0.0 if flow.z < 0 else median_s, guess_s)
    wait_s = math.ceil(median_s)
    return Estimate(ahead, wait_s, None if bound_s is None else max(wait_s, math.ceil(bound_s)))


def _first(lead: Callable[[float], float], from_s: float, step_s: float) -> float | None:
    """The first moment at which `lead` is no longer negative, within a second; None beyond the horizon."""
    low, low_lead = from_s, lead(from_s) if from_s else -1.0
    if low_lead >= 0:
        return low
    step_s = max(step_s, 5.0)
    high = low + step_s
    while (high_lead := lead(high)) < 0:
        if high >= HORIZON_S:
            return None
        low, low_lead = high, high_lead
        step_s *= 1.5
        high = min(HORIZON_S, high + step_s)
    # Illinois: regula falsi that cannot get stuck at one end (Dowell and Jarratt 1971).
    for _ in range(30):
        if high - low <= 1:
            break
        middle = high - high_lead * (high - low) / (high_lead - low_lead)
        middle = min(max(middle, low + 0.01 * (high - low)), high - 0.01 * (high - low))
        middle_lead = lead(middle)
        if middle_lead >= 0:
            high, high_lead, low_lead = middle, middle_lead, low_lead / 2
        else:
            low, low_lead, high_lead = middle, middle_lead, high_lead / 2
    return high


def _tabled(able: Supply, calls: int) -> Calls:
    """The same function, looked up between points: many tickets ask for it."""
    times = sorted({0.0, *(from_s for from_s, _ in able.changes if 0 < from_s < HORIZON_S)})
    points: list[float] = []
    step = 5.0
    t_s = 0.0
    while t_s < HORIZON_S:
        points.append(t_s)
        step = max(5.0, t_s * 0.06)
        t_s += step
    points = sorted({*points, *times, *(time + 0.5 for time in times)})
    table: list[tuple[float, float]] = []
    for t_s in points:
        table.append(able.calls(t_s))
        if table[-1][0] > 2 * calls + 20:
            break
    points = points[: len(table)]

    def look_up(t_s: float) -> tuple[float, float]:
        after = bisect_right(points, t_s)
        if after >= len(points):
            return able.calls(t_s)
        low, high = table[after - 1], table[after]
        share = (t_s - points[after - 1]) / (points[after] - points[after - 1])
        return low[0] + share * (high[0] - low[0]), low[1] + share * (high[1] - low[1])

    return look_up
