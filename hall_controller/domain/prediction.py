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
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.assignment import FAVOURED, call_order, run_before
from hall_controller.domain.bundle import kind_of
from hall_controller.domain.counter import Counter
from hall_controller.domain.flow import favoured_rate, patience
from hall_controller.domain.forecast import arrivals_ahead
from hall_controller.domain.hall import Hall
from hall_controller.domain.keeping import is_coming, kept_until_ms, others_after_s, windows_of
from hall_controller.domain.lanes import EVERY, Lanes, share
from hall_controller.domain.rules import Policy
from hall_controller.domain.supply import HORIZON_S, Supply, is_anybody_expected, mean_of, supply, supply_of
from hall_controller.domain.ticket import USUAL_S, Ticket, VisitorClass

HALF_CALL = 0.6
"""Where the median lies between two calls: a half by the normal approximation, two thirds by the gamma one."""
UNSURE = 0.06
"""Standard deviation, over the mean, of what is known of service times."""
LOOKED_AT = 200
"""So many people ahead are looked at one by one; beyond, the mean of these stands for all."""
ASKED = 4
"""So often at most it is asked how long it takes, and who stays that long."""
SETTLED = 0.02
"""Unless that changes by less of a turn."""
EXACT = 0.003
"""Of a wait: nobody is told the second of an hour."""
LASTS = 0.5
"""Share of the favoured visitors' present rate that is taken to stay, where no earlier day is known."""
SAMPLED = 12
"""Of those ahead of a newcomer, so many are asked whether they will stay."""

Calls = Callable[[float], tuple[float, float]]


class Estimate(msgspec.Struct, frozen=True):
    """What a visitor is told."""

    ahead: int
    wait_s: int | None
    """The median: half are called sooner. None while nobody can say."""
    bound_s: int | None = None
    """Nine in ten are called within."""


class Before(NamedTuple):
    """Who is called before a visitor: those ahead as far as they stay, and those who will overtake."""

    work: float
    """Those ahead who will still be there, in mean turns."""
    overtaking: Callable[[float], float]
    """How many come by then who are called before, if nothing limits them."""
    overtake_most: int

    def by(self, t_s: float) -> tuple[float, float]:
        """(mean, variance) of how many they are when the visitor has waited so long."""
        come = min(self.overtaking(t_s), self.overtake_most)
        return self.work + come, come if come < self.overtake_most else 0.0


def predict_newcomer(hall: Hall, visitor_class: VisitorClass, at_ms: int, group: str | None = None) -> Estimate:
    """For someone who takes a ticket now, for a matter of this group where that is known."""
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
    if not is_anybody_expected(hall):
        return Estimate(ahead, None)
    lanes = Lanes(hall)
    lane = lanes.of_newcomer(group)
    before: list[int] = []
    sharing = 0.0
    looked = min(ahead, LOOKED_AT)
    for number in itertools.islice(call_order(hall), looked):
        part = share(lane, lanes.of(hall.tickets[number]))
        sharing += part
        if part:
            before.append(number)
    turns = _Turns(hall, iter(before))
    able = supply(hall, at_ms, turns.mean_s, turns.cv2, lanes.counters(lane))
    competing = ahead * sharing / looked if looked else 0.0
    work = turns.work_of_all(competing, at_ms)
    told = _estimate(hall, at_ms, able, able.calls, math.ceil(competing), work, overtaken)
    return replace(told, ahead=ahead)


def predict(hall: Hall, at_ms: int) -> dict[int, Estimate]:
    """For every waiting ticket, in the order in which they will be called."""
    order = list(call_order(hall))
    if not order:
        return {}
    if not is_anybody_expected(hall):
        return {number: Estimate(ahead, None) for ahead, number in enumerate(order)}
    turns = _Turns(hall, iter(order))
    lanes = Lanes(hall)
    lane_of = {number: lanes.of(hall.tickets[number]) for number in order}
    queues = {lane: _Queue(hall, at_ms, turns, lanes.counters(lane), len(order)) for lane in {EVERY, *lane_of.values()}}
    estimates: dict[int, Estimate] = {}
    first = hall.queues.get(VisitorClass.ORDINARY, [])
    most = max(0, hall.favoured_limit - run_before(hall, first[0] if first else None))
    kept = _Kept(hall, at_ms, turns)
    for ahead, number in enumerate(order):
        ticket = hall.tickets[number]
        overtaken = 0
        if hall.policy is not Policy.FCFS:
            # Of those who may pass the ordinary visitors so far, one less for each favoured one among those ahead.
            if ticket.visitor_class in FAVOURED:
                most -= 1
            else:
                if number != first[0][1]:
                    most += max(0, hall.favoured_limit - len(ticket.passed))
                overtaken = max(0, most)
        # Who waits for the window of results waits for their turn among all, and then for the window.
        queue = queues[EVERY if lanes.waits_for_window(ticket.group) else lane_of[number]]
        told = _estimate(hall, at_ms, queue.able, queue.calls, queue.ahead, partial(_fixed, queue.work), overtaken)
        told = kept.estimate(ticket, replace(told, ahead=ahead))
        estimates[number] = told
        left = turns.left(ticket, at_ms, told.wait_s or 0)
        for lane, one in queues.items():
            one.join(share(lane, lane_of[number]), left)
    return estimates


class _Queue:
    """Those who wait for the counters of one lane, as far as they have been told."""

    def __init__(self, hall: Hall, at_ms: int, turns: "_Turns", counters: Collection[Counter], count: int) -> None:
        self.able = supply(hall, at_ms, turns.mean_s, turns.cv2, counters)
        self.calls = _tabled(self.able, count + 2)
        self.ahead, self.work = 0, 0.0

    def join(self, part: float, turns: float) -> None:
        self.ahead += part > 0
        self.work += part * turns


class _Kept:
    """Tickets that one counter alone may call: when it is their turn, they wait until that counter is free.

    At the latest they wait until others may call them too. Results wait for the window that is free first.
    """

    def __init__(self, hall: Hall, at_ms: int, turns: "_Turns") -> None:
        self._hall = hall
        self._at_ms = at_ms
        self._turns = turns
        self._last_s: dict[int, float] = {}
        """When each counter calls the last of those kept for it so far."""

    def estimate(self, ticket: Ticket, told: Estimate) -> Estimate:
        if ticket.only_counter is not None:
            until_ms = kept_until_ms(self._hall, ticket)
            if until_ms is not None and until_ms > self._at_ms:
                return self._by_one_of((ticket.only_counter,), told, (until_ms - self._at_ms) / 1000)
        if ticket.group == RESULTS_GROUP and (windows := windows_of(self._hall, ticket)):
            others_s = others_after_s(self._hall, ticket, windows, self._at_ms)
            return self._by_one_of([window.counter for window in windows], told, others_s)
        return told

    def _by_one_of(self, numbers: Sequence[int], told: Estimate, others_s: float | None) -> Estimate:
        """By the counter that is free first, or after `others_s` by any; None: never by another."""
        if told.wait_s is None:
            return told
        found = [(wait_s, number) for number in numbers if (wait_s := self._free_s(number, told.wait_s)) is not None]
        wait_s, number = min(found, default=(None, 0))
        if wait_s is not None and (others_s is None or wait_s <= max(told.wait_s, others_s)):
            self._last_s[number] = wait_s
        elif others_s is not None:
            wait_s = max(told.wait_s, others_s)
        else:
            return Estimate(told.ahead, None)
        more_s = max(0.0, wait_s - told.wait_s)
        bound_s = None if told.bound_s is None else max(told.bound_s, math.ceil(told.bound_s + 2 * more_s))
        return Estimate(told.ahead, math.ceil(wait_s), bound_s)

    def _free_s(self, number: int, turn_s: float) -> float | None:
        """When this counter calls one whose turn comes after `turn_s`; None: nobody knows."""
        counter = self._hall.counters[number]
        if not is_coming(self._hall, counter, self._at_ms):
            return None
        able = supply_of(self._hall, counter, self._at_ms, self._turns.mean_s, self._turns.cv2)
        before_s = self._last_s.get(number)
        if before_s is None and able.free:
            return 0.0
        from_s = max(turn_s, before_s or 0.0)
        # At a chance moment half a turn is left; after another that is kept for it, a whole one.
        calls = able.calls(from_s)[0] + (HALF_CALL if before_s is None or before_s < turn_s else 1.0)
        return _first(lambda t_s: able.calls(t_s)[0] - calls, from_s, self._turns.mean_s / 2)


def _overtaking(hall: Hall, at_ms: int) -> Callable[[float], float]:
    """As many favoured visitors as came lately, and as the day goes on as on earlier days of its kind.

    Without such days: half of it passes within the hour, since whoever waits long has come in a rush.
    """
    since_ms = hall.opening.start_ms if hall.opening is not None else None
    rate = favoured_rate(hall.flow, at_ms, since_ms)
    shape = arrivals_ahead(hall, at_ms)
    if shape is not None:
        return lambda t_s: rate * shape(t_s)
    return lambda t_s: rate * (LASTS * t_s - (1 - LASTS) * 3600 * math.expm1(-t_s / 3600))


def _nobody(t_s: float) -> float:
    del t_s
    return 0.0


def _fixed(work: float, t_s: float) -> float:
    del t_s
    return work


class _Turns:
    """What one visitor after another costs a counter, from call to call; those who leave or do not come included."""

    def __init__(self, hall: Hall, tickets: Iterator[int]) -> None:
        self._hall = hall
        self._known: dict[tuple[str, int], float] = {}
        self._patience = patience(hall.flow)
        self._ahead = [hall.tickets[ticket] for ticket in tickets]
        flow = hall.flow
        usual = hall.learned.get("")
        if self._ahead:
            self.mean_s = sum(self._of(ticket, flow.missed) for ticket in self._ahead) / len(self._ahead)
        else:
            service_s = usual.mean_s if usual is not None and usual.count else float(USUAL_S)
            self.mean_s = self._turn_s(service_s, flow.missed)
        # A visitor who does not come takes a minute, one who does the whole service: both belong to the spread.
        served = 1 - flow.missed
        service_s = max(1.0, self.mean_s - flow.react_s - flow.missed * flow.missed_s) / max(0.1, served)
        var_s2 = served * flow.cv2 * service_s**2 + served * flow.missed * service_s**2
        self.cv2 = min(2.0, var_s2 / self.mean_s**2)

    def _turn_s(self, service_s: float, missed: float) -> float:
        flow = self._hall.flow
        return flow.react_s + missed * flow.missed_s + (1 - missed) * (flow.walk_s + service_s + flow.wrap_up_s)

    def _of(self, ticket: Ticket, missed: float) -> float:
        key = (kind_of(ticket), ticket.usual_s)
        service_s = self._known.get(key)
        if service_s is None:
            service_s = self._known[key] = mean_of(self._hall, *key)
        return self._turn_s(service_s, missed)

    def left(self, ticket: Ticket, at_ms: int, more_s: float) -> float:
        """What is to be expected of one ahead who is called in `more_s`, in mean turns."""
        waited_s = max(0, at_ms - ticket.issued_at_ms) / 1000
        stays = self._patience.stays(waited_s, more_s) if ticket.called_at_ms is None else 1.0
        turn_s = self._of(ticket, 1 - self._patience.comes(waited_s + more_s))
        return stays * turn_s / self.mean_s

    def work_of_all(self, ahead: float, at_ms: int) -> Callable[[float], float]:
        """Of so many ahead: they are called one after another while the newcomer waits.

        What all of them need is known; what share of it falls away, some tell for all.
        """
        if not self._ahead:
            return partial(_fixed, float(ahead))
        count = len(self._ahead)
        every = max(1, -(-count // SAMPLED))
        sample = self._ahead[every // 2 :: every]
        # The newcomer is called half a call after `count` whole ones; each of those ahead as many calls before.
        moments = [(place + HALF_CALL) / (count + HALF_CALL) for place in range(every // 2, count, every)]
        missed = self._hall.flow.missed
        weight = ahead * self.mean_s / sum(self._of(one, missed) for one in sample)

        def work(t_s: float) -> float:
            return weight * sum(
                self.left(one, at_ms, moment * t_s) for moment, one in zip(moments, sample, strict=True)
            )

        return work


def _estimate(
    hall: Hall,
    at_ms: int,
    able: Supply,
    calls: Calls,
    ahead: int,
    work: Callable[[float], float],
    overtaken: int,
) -> Estimate:
    if ahead < able.free:
        return Estimate(ahead, 0, math.ceil(hall.flow.free_bound_s))
    flow = hall.flow
    overtaking = _overtaking(hall, at_ms) if overtaken else _nobody

    def lead(t_s: float, z: float) -> float:
        """How many calls beyond the visitor's own are made by then; for z > 0 even if things go badly."""
        made, made_var = calls(t_s)
        others, others_var = before.by(t_s)
        spread = math.sqrt(made_var + others_var + (UNSURE * made) ** 2) if z else 0.0
        return made - z * spread - others - HALF_CALL

    step_s = able.turn_s * (ahead + 1) / max(1, len(able.left) + len(able.changes))
    median_s, staying = 0.0, -1.0
    for _ in range(ASKED):
        # Who stays depends on how long it takes, and that on who stays: from below, as a queue is told from its head.
        again = work(median_s)
        if abs(again - staying) < SETTLED:
            break
        staying = again
        before = Before(staying, overtaking, overtaken)
        found_s = _first(lambda t_s: lead(t_s, 0.0), 0.0, step_s)
        if found_s is None:
            return Estimate(ahead, None)
        median_s = step_s = found_s
    bound_s = _first(lambda t_s: lead(t_s, flow.z), 0.0 if flow.z < 0 else median_s, 0.3 * median_s)
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
        if high - low <= max(1.0, EXACT * high):
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
