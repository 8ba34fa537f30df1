"""Queues whose visitors lose patience: Erlang C, Erlang A (M/M/n+M), and its course over a day that is not even.

Visitors come at rate `arrivals`, each of n counters serves at rate `service`, each waiting visitor leaves at rate
`leave` (all 1/s). The number of people in the hall, waiting or served, is a birth-death chain with

    up(i) = arrivals        down(i) = service * min(i, n) + leave * max(0, i - n)

Its stationary distribution is the product of up / down (Palm 1946; Garnett, Mandelbaum and Reiman 2002, Designing a
call center with impatient customers; Mandelbaum and Zeltyn 2007, Service engineering in action: the Palm/Erlang-A
queue). Who finds j people waiting is called after j + 1 departures, which come at the rates n * service + leave * l for
l = j .. 0, so that exp(-leave * wait) is Beta(n * service / leave, j + 1) distributed, and with x = 1 - exp(-leave * t)

    P(wait > t | j) = sum over l = 0 .. j of C(c + l - 1, l) * x^l * (1 - x)^c,    c = n * service / leave

a negative binomial sum; without impatience the Poisson sum of Erlang C.

A day is not stationary within its half hours, and a queue left over from one must be worked off in the next. `Course`
therefore follows the chain itself through time, in two-stage implicit steps (SDIRK2: of second order, and stable for
any step). Services are less spread than exponential ones: while all counters are busy the number of departures has the
variance `spread` times its mean, and the chain is given exactly this drift and variance (locally consistent in the
sense of Kushner and Dupuis 1992, Numerical methods for stochastic control problems). With `spread` 1 it is Erlang A.
In a large hall, one state stands for several people.
"""

import math
from typing import NamedTuple

NEGLIGIBLE = 1e-9
TAIL = 3e-5
"""States beyond which so little lies are left out of the course."""
DRIFT_REACH = 2.0
STATES_MOST, STATES_LEAST = 30, 10
"""With more states than this, each stands for twice as many people; with fewer for half as many again."""
GAMMA = 1 - 1 / math.sqrt(2)
"""Of the implicit step that is of second order and damps what is fast."""


class Rates(NamedTuple):
    arrivals: float
    service: float
    """Of one counter."""
    leave: float
    """Of one waiting visitor."""


# --- in the long run -----------------------------------------------------------------------------


def erlang_b(counters: int, load: float) -> float:
    """Share of visitors who find all counters busy, if those went away. `load`: arrivals / service."""
    blocked = 1.0
    for n in range(1, counters + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(counters: int, load: float) -> float:
    """Share of visitors who have to wait, if all wait until they are called."""
    if load >= counters:
        return 1.0
    blocked = erlang_b(counters, load)
    return counters * blocked / (counters - load * (1 - blocked))


class Palm(NamedTuple):
    """Erlang A in the long run."""

    rates: Rates
    counters: int
    states: tuple[float, ...]
    """Probability of so many people in the hall."""

    @property
    def waits(self) -> float:
        """Share of visitors who have to wait at all."""
        return sum(self.states[self.counters :])

    @property
    def waiting(self) -> float:
        """Mean number of people in the queue."""
        return sum(share * people for people, share in enumerate(self.states[self.counters :]))

    @property
    def leaves(self) -> float:
        """Share of visitors who lose patience."""
        return self.rates.leave * self.waiting / self.rates.arrivals

    def late(self, after_s: float) -> float:
        """Share of visitors who are not called within so long, if they wait until they are."""
        if not self.counters:
            return 1.0
        late = departures = 0.0
        terms = departures_within(self.rates, self.counters, after_s)
        for ahead, share in enumerate(self.states[self.counters :]):
            departures = departures + terms[ahead] if ahead < len(terms) else 1.0
            late += share * departures
        return min(1.0, late)


def palm(rates: Rates, counters: int) -> Palm:
    """Raises ValueError where the queue would grow for ever."""
    if rates.leave <= 0 and rates.arrivals >= counters * rates.service:
        raise ValueError(f"{counters} counters cannot serve {rates.arrivals / rates.service:.2f} erlangs for ever")
    logs, most, log = [0.0], 0.0, 0.0
    while log > most + math.log(NEGLIGIBLE) - 10 or len(logs) <= counters:
        people = len(logs)
        down = rates.service * min(people, counters) + rates.leave * max(0, people - counters)
        log += math.log(rates.arrivals / down)
        most = max(most, log)
        logs.append(log)
    weights = [math.exp(log - most) for log in logs]
    total = sum(weights)
    return Palm(rates, counters, tuple(weight / total for weight in weights))


def departures_within(rates: Rates, counters: int, after_s: float) -> "list[float]":
    """Probability of 0, 1, 2 … departures from n busy counters and a queue that loses its patient visitors too."""
    capacity = counters * rates.service * after_s
    if rates.leave * after_s < NEGLIGIBLE:
        x, c, log = 0.0, 0.0, -capacity
    else:
        x = -math.expm1(-rates.leave * after_s)
        c = counters * rates.service / rates.leave
        log = -capacity  # (1 - x)^c
    terms: list[float] = []
    done = 0.0
    while done < 1 - NEGLIGIBLE and len(terms) < 10_000:
        term = math.exp(log)
        terms.append(term)
        done += term
        number = len(terms)
        log += math.log((capacity if x <= 0 else x * (c + number - 1)) / number)
    return terms


# --- in the course of a day ----------------------------------------------------------------------


class Step(NamedTuple):
    """A stretch of time in which the rates stay as they are."""

    rates: Rates
    counters: float
    """How many serve; a fraction where one serves for a part of the stretch."""
    spread: float
    """Squared coefficient of variation of a turn."""
    lasts_s: float
    restless: float = 1.0
    """Variance of the number of arrivals over its mean: above 1 where a forecast may be wrong."""


class Course(NamedTuple):
    """How many people may be in the hall at one moment."""

    low: int
    states: tuple[float, ...]
    """Probability of `low`, `low + 1` … lots of `lot` people.

    A long step from a sure start may leave some a little below 0, which the next steps smooth: cut off, they would
    shift the mean.
    """
    lot: int = 1
    least_lot: int = 1

    @classmethod
    def of(cls, people: float, lot: int = 1) -> "Course":
        """So many, for sure."""
        low, part = divmod(people / lot, 1)
        return cls(int(low), (1 - part, part), lot, lot)

    @property
    def mean(self) -> float:
        return self.lot * sum(share * state for state, share in enumerate(self.states, self.low))

    def after(self, step: Step) -> "Course":
        if len(self.states) > STATES_MOST:
            return self._coarser().after(step)
        if self.lot > self.least_lot and len(self.states) < STATES_LEAST:
            return self._finer().after(step)
        low, high = self._reach(step)
        up, down = self._rates(step, low, high)
        first = [0.0] * (high - low)
        first[self.low - low : self.low - low + len(self.states)] = self.states
        second, third = _stages(first, up, down, GAMMA * step.lasts_s)
        root = math.sqrt(2)
        more = 1 + root
        return self._trimmed(low, [more * b - root * a for a, b in zip(second, third, strict=True)])

    def _coarser(self) -> "Course":
        """Twice as many people in a state; one between two states counts half with either."""
        low = self.low // 2
        states = [0.0] * ((self.low + len(self.states)) // 2 - low + 1)
        for state, share in enumerate(self.states, self.low):
            if state % 2:
                states[state // 2 - low] += share / 2
                states[state // 2 + 1 - low] += share / 2
            else:
                states[state // 2 - low] += share
        return Course(low, tuple(states), self.lot * 2, self.least_lot)

    def _finer(self) -> "Course":
        states = [0.0] * (2 * len(self.states) - 1)
        states[::2] = self.states
        return Course(self.low * 2, tuple(states), self.lot // 2, self.least_lot)

    def _reach(self, step: Step) -> tuple[int, int]:
        """The states that matter at the end of a step: as far as people drift, and chance takes them beyond."""
        lot, lasts_s, (arrivals, service, leave) = self.lot, step.lasts_s, step.rates
        low, high = self.low * lot, (self.low + len(self.states)) * lot
        fewer = service * min(low, step.counters) + leave * max(0.0, low - step.counters)
        more = arrivals - service * min(high, step.counters) - leave * max(0.0, high - step.counters)
        chance = 2 * math.sqrt((arrivals * step.restless + service * step.counters) * lasts_s) / lot + 1
        down = DRIFT_REACH * max(0.0, fewer - arrivals) * lasts_s / lot + chance
        up = DRIFT_REACH * max(0.0, more) * lasts_s / lot + chance
        return max(0, self.low - math.ceil(down)), self.low + len(self.states) + math.ceil(up)

    def _rates(self, step: Step, low: int, high: int) -> tuple[list[float], list[float]]:
        """Up and down from each of these states."""
        lot, counters, (arrivals, service, leave) = self.lot, step.counters, step.rates
        noise = arrivals * step.restless
        all_serve, all_noise = arrivals - service * counters, noise + service * counters * step.spread
        up, down = [], []
        per, twice = 1 / lot, 1 / (2 * lot)
        for people in range(low * lot, high * lot, lot):
            if people < counters:
                served = service * people
                drift, variance = arrivals - served, (noise + served) * per
            else:
                left = leave * (people - counters)
                drift, variance = all_serve - left, (all_noise + left) * per
            if drift > variance:  # too coarse for its noise: it moves one way only
                variance = drift
            elif -drift > variance:
                variance = -drift
            up.append((variance + drift) * twice)
            down.append((variance - drift) * twice)
        up[-1] = down[0] = 0.0
        return up, down

    def _trimmed(self, low: int, states: list[float]) -> "Course":
        first, last = 0, len(states)
        rest = TAIL
        while first < last - 1 and (rest := rest - abs(states[first])) > 0:
            first += 1
        rest = TAIL
        while last - 1 > first and (rest := rest - abs(states[last - 1])) > 0:
            last -= 1
        scale = 1 / sum(states[first:last])
        return Course(low + first, tuple([share * scale for share in states[first:last]]), self.lot, self.least_lot)

    def late(self, step: Step) -> float:
        """Share of the visitors who come now and are not called within `step.lasts_s`, at the rates of this step.

        The departures until then: negative binomial as above, here by its normal approximation, with the variance that
        services of this spread bring about (Cox 1962, Renewal theory, for the term that does not grow with time).
        """
        counters, (_, service, leave) = step.counters, step.rates
        if counters <= 0:
            return 1.0
        grown = math.exp(leave * step.lasts_s)
        capacity = counters * service * step.lasts_s
        made = capacity * (grown - 1) / (leave * step.lasts_s) if leave * step.lasts_s > NEGLIGIBLE else capacity
        variance = step.spread * made * grown + counters * max(0.0, 1 - step.spread) / 6
        per_deviation = 1 / math.sqrt(2 * max(variance, NEGLIGIBLE))
        late, lot = 0.0, self.lot
        for state, share in enumerate(self.states, self.low):
            ahead = state * lot - counters
            waits = ahead / lot + 0.5 + 0.5 / lot  # the part of a lot that finds no counter free
            if waits <= 0:
                continue
            score = (made - ahead - 0.5) * per_deviation
            if score < 4:
                late += share * min(1.0, waits) * 0.5 * math.erfc(score)
        return min(max(0.0, late), 1.0)


def _stages(first: list[float], up: list[float], down: list[float], over_s: float) -> tuple[list[float], list[float]]:
    """Both stages of a step: twice the tridiagonal equations (1 - over_s * rates) * after = before."""
    pivots: list[float] = []
    above: list[float] = []
    second: list[float] = []
    kept = before = last = below = 0.0
    for value, rate_up, rate_down in zip(first, up, down, strict=True):
        if pivots:
            kept = over_s * rate_down * pivots[-1]
            above.append(kept)
            before = below * kept
        pivot = 1 / (1 + over_s * (rate_up + rate_down) - before)
        pivots.append(pivot)
        last = (value + below * last) * pivot
        second.append(last)
        below = over_s * rate_up
    _back(second, above)
    third: list[float] = []
    last = below = 0.0
    for value, rate_up, pivot in zip(second, up, pivots, strict=True):
        last = (value + below * last) * pivot
        third.append(last)
        below = over_s * rate_up
    _back(third, above)
    return second, third


def _back(made: list[float], above: list[float]) -> None:
    after = made[-1]
    for state in range(len(made) - 2, -1, -1):
        after = made[state] = made[state] + above[state] * after
