"""What each event teaches the hall; asked before the event is applied, so that durations can be seen."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from hall_controller.domain import events as e
from hall_controller.domain.assignment import FAVOURED
from hall_controller.domain.counter import WORKING, CounterState
from hall_controller.domain.flow import (
    FADE,
    FAVOURED_S,
    FREE_STEP_S,
    HABIT_RATE,
    LEARNING_RATE,
    NINE_IN_TEN,
    STEP_S,
    STEPS,
    Z_RANGE,
    Z_STEP,
    Flow,
    service_mean_s,
)
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import day_name, local
from hall_controller.domain.ticket import Channel, Ticket, TicketState

LONGEST_S = 300.0
"""Of a habit: what takes longer was something else."""
PRIOR_ANSWERS = 15
PRIOR_SERVICES = 8
"""How many services the catalogue's times are worth."""
SPREAD_RATE, PRIOR_SPREAD = 0.01, 15
"""A spread is learned from many services: a single long one says little of it."""
RATIO_MAX, CV2_MAX = 6.0, 9.0
"""One visitor who forgot to leave must not shift what is told to all."""
HALF_HOURS = 48
DAY_RATE = 0.3
"""Weight of a new day among the earlier ones of its weekday."""
FEWEST_ARRIVED = 5
"""A day with fewer was not one to learn from: the hall stood idle, or was tried out."""


def learn_from(hall: Hall, event: e.Event) -> None:
    lesson = _LESSONS.get(type(event))
    if lesson is not None:
        lesson(hall, event)


def _started(hall: Hall, event: e.ServiceStarted) -> None:
    ticket = hall.tickets[event.ticket]
    if ticket.state is TicketState.CALLED:
        hall.flow.walk_s = _habit(hall.flow.walk_s, _since_s(hall, event))
        _answered(hall.flow, ticket, came=True)


def _missed(hall: Hall, event: e.TicketMissed) -> None:
    hall.flow.missed_s = _habit(hall.flow.missed_s, _since_s(hall, event))
    _answered(hall.flow, hall.tickets[event.ticket], came=False)


def _answered(flow: Flow, ticket: Ticket, *, came: bool) -> None:
    """Whether a call was answered, and after how long a wait."""
    rate = max(HABIT_RATE, 1 / (flow.answers + PRIOR_ANSWERS))
    flow.answers += 1
    flow.missed += rate * ((0 if came else 1) - flow.missed)
    if ticket.announced <= ticket.calls and ticket.called_at_ms is not None:
        step = _step((ticket.called_at_ms - ticket.issued_at_ms) / 1000)
        flow.called = _counted(flow.called, step)
        flow.absent = _counted(flow.absent, None if came else step)


def _wrapped_up(hall: Hall, event: e.WrapUpEnded) -> None:
    hall.flow.wrap_up_s = _habit(hall.flow.wrap_up_s, _since_s(hall, event))


def _left(hall: Hall, event: e.TicketCancelled | e.TicketUnclaimed) -> None:
    ticket = hall.tickets[event.ticket]
    if ticket.state is TicketState.WAITING and ticket.called_at_ms is None:
        _waited(hall.flow, (event.at_ms - ticket.issued_at_ms) / 1000, left=True)


def _clock_stepped(hall: Hall, event: e.ClockStepped) -> None:
    hall.flow.favoured_at_ms += event.step_ms


def _since_s(hall: Hall, event: e.ServiceStarted | e.TicketMissed | e.WrapUpEnded) -> float:
    return (event.at_ms - hall.counters[event.counter].since_ms) / 1000


def _habit(mean_s: float, seen_s: float) -> float:
    return mean_s + HABIT_RATE * (min(max(0.0, seen_s), LONGEST_S) - mean_s)


def _served(hall: Hall, event: e.ServiceFinished) -> None:
    """Times themselves are averaged, not their logarithms: what is wanted is the mean."""
    flow, ticket, service_s = hall.flow, hall.tickets[event.ticket], event.service_s
    flow.services += 1
    rate = max(LEARNING_RATE, 1 / (flow.services + PRIOR_SERVICES))
    spread_rate = max(SPREAD_RATE, 1 / (flow.services + PRIOR_SPREAD))
    expected_s = service_mean_s(hall.learned, flow, ticket.matter, ticket.usual_s)
    flow.cv2 += spread_rate * (min((service_s / expected_s - 1) ** 2, CV2_MAX) - flow.cv2)
    flow.ratio += rate * (min(service_s / ticket.usual_s, RATIO_MAX) - flow.ratio)


def _called(hall: Hall, event: e.TicketCalled) -> None:
    flow, counter, ticket = hall.flow, hall.counters[event.counter], hall.tickets[event.ticket]
    working = float(sum(one.state in WORKING for one in hall.counters.values()))
    flow.working = flow.working + HABIT_RATE * (working - flow.working) if flow.working else working
    if event.out_of_turn:
        return
    waited_there = ticket.place[0] <= counter.since_ms
    if counter.state is CounterState.READY and waited_there:
        flow.react_s = _habit(flow.react_s, (event.at_ms - counter.since_ms) / 1000)
    if event.first:
        _waited(flow, event.wait_s, left=False)
        _score(flow, ticket, event.wait_s)


def _waited(flow: Flow, wait_s: float, *, left: bool) -> None:
    """One visitor's wait is over: by a call, or by losing patience."""
    wait_s = max(0.0, wait_s)
    last = _step(wait_s)
    flow.exposure_s = [
        before * FADE + (STEP_S if step < last else wait_s - last * STEP_S if step == last else 0.0)
        for step, before in enumerate(flow.exposure_s or [0.0] * STEPS)
    ]
    flow.left = _counted(flow.left, last if left else None)


def _step(wait_s: float) -> int:
    """A wait may seem negative: the clock was set back meanwhile."""
    return min(max(0, int(wait_s // STEP_S)), STEPS - 1)


def _counted(counts: list[float], step: int | None) -> list[float]:
    faded = [count * FADE for count in counts or [0.0] * STEPS]
    if step is not None:
        faded[step] += 1
    return faded


def _score(flow: Flow, ticket: Ticket, wait_s: int) -> None:
    """Move the bound so that it holds for nine in ten, whatever is wrong with what it is computed from.

    Quantile tracking: Gibbs and Candès (2021), Adaptive conformal inference under distribution shift.
    """
    if ticket.told_s is None or ticket.told_bound_s is None:
        return
    step = NINE_IN_TEN if wait_s > ticket.told_bound_s else NINE_IN_TEN - 1
    if ticket.told_s > 0:
        flow.z = min(max(flow.z + Z_STEP * step, Z_RANGE[0]), Z_RANGE[1])
    else:
        flow.free_bound_s = max(0.0, flow.free_bound_s + FREE_STEP_S * step)


def _arrived(hall: Hall, event: e.TicketIssued | e.TicketCheckedIn) -> None:
    if isinstance(event, e.TicketIssued) and event.channel is Channel.COUNTER:
        return
    now = local(in_force(hall), event.at_ms)
    half_hour = now.hour * 2 + now.minute // 30
    arrived = list(hall.arrived) or [0] * HALF_HOURS
    arrived[half_hour] += 1
    hall.arrived = tuple(arrived)
    if event.visitor_class in FAVOURED:
        flow = hall.flow
        passed_s = max(0, event.at_ms - flow.favoured_at_ms) / 1000
        flow.favoured = flow.favoured * math.exp(-passed_s / FAVOURED_S) + 1
        flow.favoured_at_ms = event.at_ms


def _day_over(hall: Hall, event: e.DayStarted) -> None:
    """The day that ends now joins the earlier ones of its kind."""
    del event
    if hall.rules is None or not hall.service_day or sum(hall.arrived) < FEWEST_ARRIVED:
        hall.arrived = ()
        return
    day = day_name(hall.rules, dt.date.fromisoformat(hall.service_day))
    before = hall.arrivals.get(day)
    if before is None:
        means: tuple[float, ...] = tuple(float(count) for count in hall.arrived)
    else:
        means = tuple(
            round(mean + DAY_RATE * (count - mean), 3) for mean, count in zip(before, hall.arrived, strict=True)
        )
    hall.arrivals = {**hall.arrivals, day: means}
    hall.arrived = ()


_LESSONS: dict[type[e.Event], Callable[[Hall, Any], None]] = {
    e.TicketCalled: _called,
    e.ServiceStarted: _started,
    e.TicketMissed: _missed,
    e.WrapUpEnded: _wrapped_up,
    e.ServiceFinished: _served,
    e.TicketCancelled: _left,
    e.TicketUnclaimed: _left,
    e.TicketIssued: _arrived,
    e.TicketCheckedIn: _arrived,
    e.DayStarted: _day_over,
    e.ClockStepped: _clock_stepped,
}
