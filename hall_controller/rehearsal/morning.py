"""A morning, played: everybody of a day acts in turn until all were served and the counters are closed."""

from collections.abc import Callable
from typing import NamedTuple

from hall_controller.domain import commands as c
from hall_controller.domain.hall import Issuing, in_force
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import TicketState
from hall_controller.rehearsal.agenda import Agenda, At, Person, Send, Stage, Until, act_until
from hall_controller.rehearsal.day import Day, Door
from hall_controller.rehearsal.floor import Floor
from hall_controller.rehearsal.managing import LATEST_MS, MANAGER, clear_up, has, prepare
from hall_controller.rehearsal.serving import clerk
from hall_controller.rehearsal.visiting import booked, visitor

BOOKING_MS = 2_000
"""Booked visitors telephone one after another as the doors open."""


class Played(NamedTuple):
    turned_away: int
    gave_up: int
    to_the_end: bool
    """False when it was stopped before."""


async def play(
    stage: Stage,
    day: Day,
    catalogue: Catalogue,
    *,
    mode: Mode | None = None,
    prints: bool = True,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[], None] = lambda: None,
) -> Played:
    """Until the day is over or `stopped`. `prints`: speak for the printer too, since none runs."""
    agenda = Agenda()
    floor = Floor(stage, catalogue, lambda person: agenda.begin(person, stage.now_ms))
    agenda.begin(_manager(floor, day, mode), stage.now_ms)
    floor.to_come = len(day.visitors)
    bookings = 0
    for plan in day.visitors:
        if plan.door is Door.BOOKED:
            bookings += 1
            agenda.begin(booked(floor, plan, day.doors_ms + BOOKING_MS * bookings, prints=prints), day.doors_ms)
        else:
            agenda.begin(visitor(floor, plan, prints=prints), plan.arrives_ms)
    floor.colleagues = {one.clerk for one in day.clerks}
    for one in day.clerks:
        agenda.begin(clerk(floor, one), one.opens_ms)
    await act_until(agenda, stage, lambda: floor.day_is_over or stopped(), progress)
    return Played(floor.turned_away, floor.gave_up, to_the_end=floor.day_is_over)


def _manager(floor: Floor, day: Day, mode: Mode | None) -> Person:
    """Opens the hall, and sends the clerks home once everybody was served."""
    hall = floor.hall
    if floor.now_ms < day.doors_ms:
        yield from clear_up(floor)
    yield At(day.doors_ms)
    if hall.issuing is not Issuing.OPEN:
        yield Send(MANAGER, c.ResumeIssuing())
    yield from prepare(floor, mode)
    latest_ms = day.closing_ms + LATEST_MS
    yield At(day.closing_ms)
    yield Until(floor.all_served, latest_ms)
    floor.over = True
    yield Until(floor.all_closed, floor.now_ms + 60_000)
    # A visitor who missed the call may come back until the grace period has lapsed: the day ends when it has.
    grace_ms = in_force(hall).missed_grace_s * 1000
    yield Until(lambda: not has(floor, TicketState.MISSED), floor.now_ms + grace_ms + 60_000)
    floor.day_is_over = True
