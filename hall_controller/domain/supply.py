"""How many visitors will have been called by when, if there were always one more: what the counters can do.

Each counter is a renewal process: what is left of its present visitor, then one visitor after another. A service time
is log-normal; what is left of one that has lasted so long is the distribution conditioned on that. What is known of
the roster, of lunch and of pauses changes the number of counters as time goes on. Mean and variance of the number of
calls follow in closed form (Cox 1962, Renewal theory, for the asymptotic terms).
"""

import math
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from hall_controller.domain.bundle import kind_of
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.flow import service_mean_s
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import Opening, next_openings, opening_at
from hall_controller.domain.roster import changes, planned
from hall_controller.domain.rules import Band
from hall_controller.domain.ticket import USUAL_S, stretch_ms

PAUSE_S = 600.0
"""A pause of which nobody knows the end."""
LONG_PAUSE_S = 2700.0
"""Who is away for so long is not counted on any more."""
FOLLOWS_S = 600.0
"""Who is to come by the roster comes within so long; later, one fewer stays one fewer."""
LEAVES_S = 3600.0
"""A visitor at the counter of somebody who is to leave takes so long at most."""
LATE_S = 120.0
"""A counter that should be open by now will be soon."""
AT_ONCE_S = -0.001
"""Just before now: a counter that is ready can call at this very moment."""
HORIZON_S = 12 * 3600.0
FAR_OVER = 0.01
"""A service longer than all but so many is one of which nothing is known but that it lasts."""


class Left(NamedTuple):
    """What is left of a visitor at a counter: log-normal, given that it has lasted `a_s`; then `after_s` more."""

    mean_s: float
    mu: float
    sigma: float
    a_s: float
    f_a: float
    g_a: float
    after_s: float

    def by(self, t_s: float) -> tuple[float, float]:
        """(probability that the counter is free by then, mean time that it has been free by then)."""
        t_s -= self.after_s
        if t_s <= 0:
            return 0.0, 0.0
        rest = 1 - self.f_a
        if rest < FAR_OVER:
            mean_s = max(60.0, 0.35 * self.a_s)
            free = 1 - math.exp(-t_s / mean_s)
            return free, t_s - mean_s * free
        x_s = self.a_s + t_s
        score = (math.log(x_s) - self.mu) / self.sigma
        f, g = _phi(score), _phi(score - self.sigma)
        return (f - self.f_a) / rest, (x_s * (f - self.f_a) - self.mean_s * (g - self.g_a)) / rest


class Supply(NamedTuple):
    turn_s: float
    """From one call to the next at a counter that has always somebody to call."""
    cv2: float
    """Squared coefficient of variation of a turn."""
    left: tuple[Left, ...]
    changes: tuple[tuple[float, int], ...]
    """(seconds from now, counters more or fewer)"""
    free: int
    """Counters that are ready now."""

    def calls(self, t_s: float) -> tuple[float, float]:
        """(mean, variance) of the number of calls within `t_s`."""
        mean = var = 0.0
        short = (1 - self.cv2) / 2
        for left in self.left:
            free, since_s = left.by(t_s)
            more = since_s / self.turn_s
            mean += free + more - short * free * (1 - math.exp(-2 * more))
            var += free * (1 - free) + self.cv2 * more
        for from_s, counters in self.changes:
            if from_s >= t_s:
                continue
            more = (t_s - from_s) / self.turn_s
            if counters > 0:
                mean += counters * (1 + more - short * (1 - math.exp(-2 * more)))
                var += counters * self.cv2 * more
            else:
                mean += counters * more
                var += counters * self.cv2 * more
        return mean, max(0.0, var)


def is_anybody_expected(hall: Hall) -> bool:
    """False where no counter is open, none is planned, and none is known from before: cheap to ask."""
    if in_force(hall).roster or hall.rosters or round(hall.flow.working):
        return True
    return any(counter.state is not CounterState.CLOSED for counter in hall.counters.values())


def supply(
    hall: Hall, at_ms: int, turn_s: float, turn_cv2: float, counters: Collection[Counter] | None = None
) -> Supply:
    """From the counters as they are, those of a lane or all, and what is known of the coming hours."""
    every = hall.counters.values()
    counters = every if counters is None else counters
    left, moves, working, free = _present(hall, counters, at_ms)
    if all(_is_away(counter) for counter in counters):
        moves, working = [], 0  # They may be back soon, but nobody has said so.
    now = opening_at(in_force(hall), at_ms, hall.extension)
    if len(counters) == len(every):
        moves += _planned(hall, now, at_ms, working)
    else:
        numbers = {one.counter for one in counters}
        others = _present(hall, (one for one in every if one.counter not in numbers), at_ms)[2]
        most = max(working, in_force(hall).counters - others)
        moves += _within(_planned(hall, now, at_ms, working + others), working, most)
    return Supply(turn_s, turn_cv2, tuple(left), tuple(moves), free)


def _within(moves: list[tuple[float, int]], working: int, most: int) -> Iterator[tuple[float, int]]:
    """What is planned for all counters, as far as it can concern these: never fewer than none of them."""
    there = working
    for from_s, more in sorted(moves):
        then = min(max(there + more, 0), most)
        if then != there:
            yield from_s, then - there
        there = then


def supply_of(hall: Hall, counter: Counter, at_ms: int, turn_s: float, turn_cv2: float) -> Supply:
    """Of one counter alone, as long as it stays."""
    left, moves, _, free = _present(hall, (counter,), at_ms)
    return Supply(turn_s, turn_cv2, tuple(left), tuple(moves), free)


def _present(
    hall: Hall, counters: Iterable[Counter], at_ms: int
) -> tuple[list[Left], list[tuple[float, int]], int, int]:
    """(what is left of visitors at counters, who is there or back later, how many work, how many are free)."""
    flow = hall.flow
    left: list[Left] = []
    moves: list[tuple[float, int]] = []
    working = free = 0
    for counter in counters:
        match counter.state:
            case CounterState.CLOSED:
                continue
            case CounterState.PAUSED:
                away = _back_s(counter, at_ms)
                if away is not None:
                    moves.append((away, 1))
                    working += 1
                continue
            case CounterState.READY:
                free += 1
                moves.append((AT_ONCE_S, 1))
            case CounterState.WRAPPING_UP:
                moves.append((max(0.0, flow.wrap_up_s - (at_ms - counter.since_ms) / 1000) + flow.react_s, 1))
            case _:
                left.append(_left(hall, counter, at_ms))
        working += 1
        if counter.pausing:
            # Its present visitor is the last one before the pause: one call less, and none until it is back.
            away = PAUSE_S if counter.back_at_ms is None else max(0.0, (counter.back_at_ms - at_ms) / 1000)
            left.pop()
            moves.append((away, 1))
    return left, moves, working, free


def _left(hall: Hall, counter: Counter, at_ms: int) -> Left:
    flow, ticket = hall.flow, hall.tickets.get(counter.ticket or 0)
    lasted_s = max(0.0, (at_ms - counter.since_ms) / 1000)
    mean_s = mean_of(hall, kind_of(ticket), ticket.usual_s) if ticket is not None else float(USUAL_S)
    after_s = flow.wrap_up_s + flow.react_s
    if counter.state is CounterState.CALLING:
        mean_s = (1 - flow.missed) * (mean_s + flow.walk_s) + flow.missed * flow.missed_s
    elif ticket is not None:
        lasted_s = (ticket.served_ms + stretch_ms(ticket, at_ms)) / 1000
    sigma2 = math.log(1 + flow.cv2)
    mu, sigma = math.log(mean_s) - sigma2 / 2, math.sqrt(sigma2)
    if lasted_s <= 0:
        return Left(mean_s, mu, sigma, 0.0, 0.0, 0.0, after_s)
    score = (math.log(lasted_s) - mu) / sigma
    return Left(mean_s, mu, sigma, lasted_s, _phi(score), _phi(score - sigma), after_s)


def mean_of(hall: Hall, matter: str, usual_s: int) -> float:
    return max(5.0, service_mean_s(hall.learned, hall.flow, matter, usual_s))


def _is_away(counter: Counter) -> bool:
    return counter.state is CounterState.CLOSED or (counter.state is CounterState.PAUSED and counter.back_at_ms is None)


def _back_s(counter: Counter, at_ms: int) -> float | None:
    """Until a paused counter is back; None when nobody counts on it."""
    if counter.back_at_ms is not None:
        return max(0.0, (counter.back_at_ms - at_ms) / 1000)
    away_s = (at_ms - counter.since_ms) / 1000
    if away_s > LONG_PAUSE_S:
        return None
    return max(LATE_S, PAUSE_S - away_s)


def _planned(hall: Hall, now: Opening | None, at_ms: int, working: int) -> list[tuple[float, int]]:
    """What changes later: lunch, the end of an opening, the roster."""
    rules = in_force(hall)
    if now is None and rules.hours:
        after_closing = hall.opening is not None and hall.opening.over and hall.opening.last
        return [] if after_closing and working else _from_next_opening(hall, at_ms, working)
    until_ms = at_ms + round(HORIZON_S * 1000)
    breaks_off = now is not None and not now.last and now.end_ms < until_ms
    if now is not None and breaks_off:
        until_ms = now.end_ms
    late = _catching_up(hall, at_ms, working)
    counters = working + sum(number for _, number in late)
    moves = [*late, *(_lunch(hall, now, at_ms) if now is not None else ())]
    plan = planned(hall, at_ms)
    for moment_ms, then in changes(hall, at_ms, until_ms):
        before = counters
        if plan is None:
            counters = then
        elif then < plan:
            counters = min(counters, then)
        else:
            counters = min(max(counters + then - plan, 0), rules.counters)
        plan = then
        moves.append(((moment_ms - at_ms) / 1000, counters - before))
    if breaks_off:
        moves.append(((until_ms - at_ms) / 1000, -counters))
        moves += _from_next_opening(hall, until_ms - 1, counters, at_ms)
    return moves


def _catching_up(hall: Hall, at_ms: int, working: int) -> list[tuple[float, int]]:
    """The roster has changed a while ago, and the counters are not there yet.

    Whom it sends away leaves after the visitor at the counter; who is missing comes soon, or else not at all.
    """
    plan = planned(hall, at_ms)
    if plan is None or working == plan:
        return []
    last = max((moment for moment, _ in changes(hall, at_ms - round(LEAVES_S * 1000), at_ms + 1)), default=None)
    if last is None:
        return []
    if working < plan:
        return [(LATE_S, plan - working)] if at_ms - last < FOLLOWS_S * 1000 else []
    called = (hall.tickets.get(one.ticket or 0) for one in hall.counters.values() if one.state in BUSY)
    leaving = sum(ticket is not None and (ticket.called_at_ms or 0) < last for ticket in called)
    return [(0.0, -min(working - plan, leaving))] if leaving else []


def _lunch(hall: Hall, now: Opening, at_ms: int) -> list[tuple[float, int]]:
    """A reduced lunchtime service, where no roster says more of it."""
    numbers = in_force(hall).lunch_counters
    lunch = next((one for one in now.stretches if one.band is Band.LUNCH and one.start_ms > at_ms), None)
    if lunch is None or not numbers or planned(hall, lunch.start_ms) is not None:
        return []
    there = [one.counter for one in hall.counters.values() if one.state is not CounterState.CLOSED]
    away = sum(number not in numbers for number in there)
    return [((lunch.start_ms - at_ms) / 1000, -away), ((lunch.end_ms - at_ms) / 1000, away)]


def _from_next_opening(hall: Hall, after_ms: int, working: int, at_ms: int | None = None) -> list[tuple[float, int]]:
    """Who serves when the hall opens again: as planned, or as many as there are or used to be."""
    at_ms = after_ms if at_ms is None else at_ms
    opening = next(next_openings(in_force(hall), after_ms), None)
    if opening is None or opening.start_ms - at_ms > HORIZON_S * 1000:
        return []
    plan = planned(hall, opening.start_ms)
    counters = plan if plan is not None else max(working, round(hall.flow.working))
    there = working if at_ms == after_ms else 0  # those who have come early are counted already
    moves = [((opening.start_ms - at_ms) / 1000, max(0, counters - there))]
    for moment_ms, then in changes(hall, opening.start_ms, opening.end_ms):
        moves.append(((moment_ms - at_ms) / 1000, then - counters))
        counters = then
    return moves


def _phi(score: float) -> float:
    """The normal distribution's probability below this score."""
    return 0.5 * math.erfc(-score / math.sqrt(2))
