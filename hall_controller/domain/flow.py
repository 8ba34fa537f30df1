"""What a hall has learned of its own running: how long things take, who leaves, and how right its predictions were.

Everything is an exponentially weighted mean, so that the hall follows its clerks and its visitors, with a prior that
holds while little is known.
"""

import math

import msgspec

LEARNING_RATE = 0.05
"""Of service times: the last twenty services count most."""
PRIOR_WEIGHT = 5
"""How many services the usual minutes are worth against learned ones."""
PRIOR_CV = 0.6
"""Standard deviation of a service over its mean, before anything is learned."""
HABIT_RATE = 0.03
"""Of what belongs to no single matter: walking to the counter, no-shows."""
LEAVE_RATE = 0.01
FAVOURED_S = 2700.0
"""The favoured visitors of so long tell how many will come."""
PRIOR_EXPOSURE_S = 40_000.0
"""Waiting that is taken to have passed before the first visitor lost patience."""
NINE_IN_TEN = 0.9
Z = 1.2816
"""The normal distribution's 90 % quantile."""
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
    left: float = 0.0
    """Visitors who left the queue, those long ago counting less."""
    exposure_s: float = 0.0
    """The waiting of all: `left` over it is the rate at which patience ends."""
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


def leave_rate(flow: Flow) -> float:
    """Visitors who lose patience, a second of waiting (1/s)."""
    return flow.left / max(flow.exposure_s, PRIOR_EXPOSURE_S)


def favoured_rate(flow: Flow, at_ms: int, since_ms: int | None) -> float:
    """Priority and booked visitors who come, a second (1/s); `since_ms`: since when they could."""
    faded = flow.favoured * math.exp(-max(0, at_ms - flow.favoured_at_ms) / 1000 / FAVOURED_S)
    seen_s = math.inf if since_ms is None else max(600.0, (at_ms - since_ms) / 1000)
    return faded / (FAVOURED_S * (1 - math.exp(-seen_s / FAVOURED_S)))
