"""How long will it take? People ahead by policy, over working counters, times the learned service time.

A first form: the queue length delay announcement that Ibrahim and Whitt (2009) call QL,
with service times learned from the journal.
"""

import math

import msgspec

from hall_controller.domain.assignment import FAVOURED, call_order, run_before
from hall_controller.domain.counter import WORKING, CounterState
from hall_controller.domain.hall import Hall, Learned
from hall_controller.domain.rules import Policy
from hall_controller.domain.ticket import VisitorClass

USUAL_SERVICE_S = 480.0
"""The prior before anything is learned: eight minutes."""
PRIOR_WEIGHT = 5
"""How many services the prior is worth against learned ones."""
LEARNING_RATE = 0.05


class Estimate(msgspec.Struct, frozen=True):
    """What a visitor is told."""

    ahead: int
    wait_s: int | None
    """None while no counter works: nobody can say."""


def learn(learned: Learned, service_s: float) -> Learned:
    """A plain mean at first, then exponentially weighted, so that the hall follows its clerks."""
    rate = max(LEARNING_RATE, 1 / (learned.count + 1))
    return Learned(learned.count + 1, learned.mean_s + rate * (service_s - learned.mean_s))


def unlearn(learned: Learned, service_s: float) -> Learned:
    """Take a service out again: exactly while the mean is plain or nothing was learned since, nearly otherwise."""
    if learned.count <= 1:
        return Learned()
    rate = max(LEARNING_RATE, 1 / learned.count)
    return Learned(learned.count - 1, max(0.0, (learned.mean_s - rate * service_s) / (1 - rate)))


def mean_service_s(hall: Hall) -> float:
    """Mean service time over all matters, shrunk towards the usual when little is known."""
    learned = hall.learned.get("", Learned())
    weight = min(learned.count, 1 / LEARNING_RATE)
    return (learned.mean_s * weight + USUAL_SERVICE_S * PRIOR_WEIGHT) / (weight + PRIOR_WEIGHT)


def predict_newcomer(hall: Hall, visitor_class: VisitorClass, at_ms: int) -> Estimate:
    """For someone who takes a ticket now. Costs the same however long the queue is."""
    del at_ms  # the excellent form will need elapsed services
    favoured = sum(len(hall.queues.get(favoured_class, ())) for favoured_class in FAVOURED)
    queue = hall.queues.get(VisitorClass.ORDINARY, [])
    limit = hall.favoured_limit
    at_once = max(0, limit - run_before(hall, queue[0] if queue else None))  # favoured before the first ordinary
    if hall.policy is Policy.FCFS:
        ahead = favoured + len(queue)
    elif visitor_class is VisitorClass.ORDINARY:
        ahead = len(queue) + min(favoured, at_once + limit * len(queue))
    else:
        ahead = favoured + (min(len(queue), 1 + (favoured - at_once) // limit) if favoured >= at_once else 0)
    return Estimate(ahead, _wait_s(hall, ahead))


def predict(hall: Hall, at_ms: int) -> dict[int, Estimate]:
    """For every waiting ticket, in the order in which they will be called."""
    del at_ms
    return {ticket: Estimate(ahead, _wait_s(hall, ahead)) for ahead, ticket in enumerate(call_order(hall))}


def _wait_s(hall: Hall, ahead: int) -> int | None:
    working = free = 0
    for counter in hall.counters.values():
        working += counter.state in WORKING
        free += counter.state is CounterState.READY
    if not working:
        return None
    return math.ceil(max(0, ahead + 1 - free) * mean_service_s(hall) / working)
