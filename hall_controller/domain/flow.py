"""What a hall has learned of its own running: how long things take, who leaves, and how right its predictions were.

Everything is an exponentially weighted mean, so that the hall follows its clerks and its visitors, with a prior that
holds while little is known.
"""

import math
from typing import NamedTuple

import msgspec

LEARNING_RATE = 0.02
"""Of service times: the last fifty services count most."""
PRIOR_WEIGHT = 5
"""How many services the usual minutes are worth against learned ones."""
PRIOR_CV = 0.6
"""Standard deviation of a service over its mean, before anything is learned."""
HABIT_RATE = 0.03
"""Of what belongs to no single matter: walking to the counter, no-shows."""
FAVOURED_S = 2700.0
"""The favoured visitors of so long tell how many will come."""
STEP_S = 600
STEPS = 12
"""Patience is learned by ten minutes of waiting, up to two hours."""
PATIENCE_S, PATIENCE_SHAPE = 7200.0, 2.5
"""The prior: a Weibull distribution; hardly anybody leaves in the first half hour, half within two hours."""
PRIOR_EXPOSURE_S = 12_000.0
"""What the prior is worth, in waiting seconds of each step."""
PRIOR_CALLS = 8.0
FADE = 0.996
"""What each visitor leaves of what was learned of patience before."""
NINE_IN_TEN = 0.9
Z = 1.5
"""At first a little more than the normal distribution's 90 % quantile (1.28): a fresh hall knows its clerks badly."""
Z_STEP = 0.12
Z_RANGE = (-0.5, 6.0)
FREE_STEP_S = 6.0


class Learned(msgspec.Struct, frozen=True):
    """Service times of one matter, learned from the journal: an exponentially weighted mean."""

    count: int = 0
    mean_s: float = 0.0


class Flow(msgspec.Struct):
    """Changed by `evolve` alone, in place."""

    ratio: float = 1.0
    """Service times over what the catalogue calls usual."""
    services: int = 0
    """How many the ratio and the spread were learned from."""
    cv2: float = PRIOR_CV**2
    """Squared coefficient of variation of a service whose matter is known."""
    react_s: float = 10.0
    """From being free to calling the next, while somebody waits."""
    walk_s: float = 20.0
    """From the call to the start of the service."""
    missed_s: float = 60.0
    """From the call to giving it up."""
    wrap_up_s: float = 0.0
    missed: float = 0.03
    """Share of calls to which nobody comes."""
    answers: int = 0
    """Calls that this was learned from."""
    left: list[float] = []
    """Visitors who left the queue, by ten minutes of waiting; those long ago count less."""
    exposure_s: list[float] = []
    """The waiting of all in each ten minutes: `left` over it is the rate at which patience ends."""
    absent: list[float] = []
    """Visitors who were called and not there, by ten minutes of waiting before."""
    called: list[float] = []
    """All who were called for the first time, likewise."""
    favoured: float = 0.0
    """Priority and booked visitors, those long ago counting less."""
    favoured_at_ms: int = 0
    """When `favoured` was brought up to date last."""
    working: float = 0.0
    """Counters at work when somebody is called; 0 before the first."""
    z: float = Z
    """How many standard deviations the bound lies above the median, so that it holds for nine in ten."""
    free_bound_s: float = 30.0
    """Nine in ten of those who find a free counter are called within."""


def learn(learned: Learned, service_s: float) -> Learned:
    """A plain mean at first, then exponentially weighted."""
    rate = max(LEARNING_RATE, 1 / (learned.count + 1))
    return Learned(learned.count + 1, learned.mean_s + rate * (service_s - learned.mean_s))


def unlearn(learned: Learned, service_s: float) -> Learned:
    """Take a service out again: exactly while the mean is plain or nothing was learned since, nearly otherwise."""
    if learned.count <= 1:
        return Learned()
    rate = max(LEARNING_RATE, 1 / learned.count)
    return Learned(learned.count - 1, max(0.0, (learned.mean_s - rate * service_s) / (1 - rate)))


def service_mean_s(learned: dict[str, Learned], flow: Flow, matter: str, usual_s: int) -> float:
    """What a service of this matter takes: learned, shrunk towards the usual when little is known.

    The usual is what the catalogue says, corrected by how much slower or faster this hall is in all.
    """
    known = learned.get(matter)
    prior_s = usual_s * flow.ratio
    if known is None:
        return prior_s
    weight = min(known.count, 1 / LEARNING_RATE)
    return (known.mean_s * weight + prior_s * PRIOR_WEIGHT) / (weight + PRIOR_WEIGHT)


class Patience(NamedTuple):
    """Whether somebody in the queue is still there when called."""

    leaving: tuple[float, ...]
    """Cumulative rate of leaving at the beginning of each step of waiting."""
    absent: tuple[float, ...]
    """Share of those called after so long who do not come."""

    def stays(self, waited_s: float, more_s: float) -> float:
        """Probability that one who has waited so long does not leave in the next `more_s`."""
        return math.exp(self._leaving(waited_s) - self._leaving(waited_s + more_s)) if more_s > 0 else 1.0

    def comes(self, waited_s: float) -> float:
        """Probability that one who is called after so long is there."""
        return 1 - self.absent[min(int(waited_s // STEP_S), STEPS - 1)]

    def _leaving(self, waited_s: float) -> float:
        step = min(int(waited_s // STEP_S), STEPS - 1)
        rate = self.leaving[step + 1] - self.leaving[step]
        return self.leaving[step] + rate * (waited_s / STEP_S - step)


def patience(flow: Flow) -> Patience:
    """As learned, shrunk towards the prior where little is known."""
    leaving = [0.0]
    absent = []
    for step in range(STEPS):
        prior = _WEIBULL[step + 1] - _WEIBULL[step]
        left, exposure_s = (flow.left[step], flow.exposure_s[step]) if flow.left else (0.0, 0.0)
        rate = (left + prior * PRIOR_EXPOSURE_S / STEP_S) / ((exposure_s + PRIOR_EXPOSURE_S) / STEP_S)
        leaving.append(leaving[-1] + rate)
        away, called = (flow.absent[step], flow.called[step]) if flow.called else (0.0, 0.0)
        absent.append((away + flow.missed * PRIOR_CALLS) / (called + PRIOR_CALLS))
    return Patience(tuple(leaving), tuple(absent))


_WEIBULL = tuple(math.log(2) * (step * STEP_S / PATIENCE_S) ** PATIENCE_SHAPE for step in range(STEPS + 1))


def favoured_rate(flow: Flow, at_ms: int, since_ms: int | None) -> float:
    """Priority and booked visitors who come, a second (1/s); `since_ms`: since when they could."""
    faded = flow.favoured * math.exp(-max(0, at_ms - flow.favoured_at_ms) / 1000 / FAVOURED_S)
    seen_s = math.inf if since_ms is None else max(600.0, (at_ms - since_ms) / 1000)
    return faded / (FAVOURED_S * (1 - math.exp(-seen_s / FAVOURED_S)))
