"""Whole days, played one after another: people come and go, and the hall runs its own hours."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, Protocol

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import TicketState
from hall_controller.rehearsal.agenda import Agenda, At, Do, Person, Stage, act_until
from hall_controller.rehearsal.day import Door
from hall_controller.rehearsal.floor import Booked, Floor
from hall_controller.rehearsal.managing import befall, clear_up, prepare, see_the_day_out
from hall_controller.rehearsal.proof import Figures
from hall_controller.rehearsal.serving import clerk
from hall_controller.rehearsal.training import beside
from hall_controller.rehearsal.visiting import booked, comes_as_booked, visitor
from hall_controller.rehearsal.whole_day import WholeDay, draw_whole_day

BOOKING_MS = 2_000
"""Booked visitors telephone one after another before the counters open."""


class WholeStage(Stage, Protocol):
    """A hall that can also be asked how it stands, and be made to fail."""

    async def look(self) -> Hall:
        """As the controller has it."""

    async def fail(self) -> None:
        """Kill the controller, and go on when it is up again."""


class Audit(NamedTuple):
    """At the last moment of a service day."""

    figures: Figures | None
    """None when it was past midnight already, as a clock that runs may be: then the day goes without this proof."""
    under_way: int
    """People with a ticket who are still there."""
    agrees: bool
    """The hall as people know it by its events is the one that the controller has."""


class PlayedDay(NamedTuple):
    plan: WholeDay
    turned_away: int
    crashes: int
    closed_ms: int | None
    """When the last counter closed."""
    everyone_served: bool
    audit: Audit | None
    """None when the rehearsal was stopped before."""
    gave_up: int = 0
    """Visitors who lost patience."""


class Period(NamedTuple):
    """Which days are to be played."""

    first: dt.date
    last: dt.date | None
    service_days: int | None = None
    """Instead of a last day: so many days on which the hall serves."""


async def play_days(
    stage: WholeStage,
    period: Period,
    seed: int,
    visitors: int,
    catalogue: Catalogue,
    *,
    mode: Mode | None = None,
    prints: bool = True,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[], None] = lambda: None,
) -> list[PlayedDay]:
    """Each day with the rules that the hall has on it. Those who booked come on their day."""
    played: list[PlayedDay] = []
    bookings: list[Booked] = []
    day, served = period.first, 0
    while not stopped() and not _is_over(period, day, served):
        rules = in_force(stage.hall)
        plan = draw_whole_day(seed, visitors, catalogue, rules, day)
        today = [one for one in bookings if local(rules, one.slot_at_ms).date() == day]
        one = _Playing(stage, plan, catalogue, mode=mode, prints=prints, stopped=stopped)
        played.append(await one.play(today, progress))
        bookings = [*(one for one in bookings if one not in today), *one.floor.booked]
        served += plan.closing_ms is not None
        day += dt.timedelta(days=1)
    return played


async def play_day(
    stage: WholeStage,
    plan: WholeDay,
    catalogue: Catalogue,
    *,
    prints: bool = True,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] | None = None,
) -> PlayedDay:
    """One day by a plan of its own. `tell`: whoever is trained is told what the visitor at the counter does."""
    playing = _Playing(stage, plan, catalogue, mode=None, prints=prints, stopped=stopped)
    if tell is not None and plan.trainee is not None:
        playing.agenda.begin(beside(playing.floor, plan.trainee, tell), plan.begins_ms)
    return await playing.play([], progress)


def _is_over(period: Period, day: dt.date, served: int) -> bool:
    if period.last is not None and day > period.last:
        return True
    return period.service_days is not None and served >= period.service_days


class _Playing:
    def __init__(
        self,
        stage: WholeStage,
        plan: WholeDay,
        catalogue: Catalogue,
        *,
        mode: Mode | None,
        prints: bool,
        stopped: Callable[[], bool],
    ) -> None:
        self.stage = stage
        self.plan = plan
        self.mode = mode
        self.prints = prints
        self.stopped = stopped
        self.agenda = Agenda()
        self.floor = Floor(stage, catalogue, lambda person: self.agenda.begin(person, stage.now_ms))
        self.audit: Audit | None = None
        self.crashes = 0

    async def play(self, booked_before: list[Booked], progress: Callable[[], None]) -> PlayedDay:
        floor, plan = self.floor, self.plan
        self._begin(booked_before)

        def over() -> bool:
            return (floor.day_is_over and self.audit is not None) or self.stopped()

        await act_until(self.agenda, self.stage, over, progress)
        return PlayedDay(
            plan,
            floor.turned_away,
            self.crashes,
            floor.closed_ms,
            everyone_served=floor.day_is_over and not floor.left_over,
            audit=self.audit,
            gave_up=floor.gave_up,
        )

    def _begin(self, booked_before: list[Booked]) -> None:
        floor, plan, agenda, now_ms = self.floor, self.plan, self.agenda, self.stage.now_ms
        floor.colleagues = {one.clerk for one in plan.clerks}
        floor.paces = plan.incidents.paces
        agenda.begin(clear_up(floor), now_ms)
        agenda.begin(see_the_day_out(floor, plan), plan.begins_ms)
        agenda.begin(self._audited(), plan.begins_ms)
        if plan.closing_ms is not None:
            agenda.begin(prepare(floor, self.mode), plan.reception_ms)
        for n, one in enumerate(one for one in plan.visitors if one.door is Door.BOOKED):
            books_ms = plan.reception_ms + BOOKING_MS * n
            agenda.begin(booked(floor, one, books_ms, prints=self.prints), plan.reception_ms)
        for one in plan.visitors:
            if one.door is not Door.BOOKED:
                agenda.begin(visitor(floor, one, prints=self.prints), one.arrives_ms)
        for earlier in booked_before:
            agenda.begin(comes_as_booked(floor, earlier, prints=self.prints), plan.begins_ms)
        for one_clerk in plan.clerks:
            agenda.begin(clerk(floor, one_clerk), one_clerk.opens_ms)
        for person, at_ms in befall(floor, plan, self._fail):
            agenda.begin(person, at_ms)

    async def _fail(self) -> None:
        self.crashes += 1
        await self.stage.fail()

    def _audited(self) -> Person:
        yield At(self.plan.ends_ms - 1)
        yield Do(self._look)

    async def _look(self) -> None:
        hall = await self.stage.look()
        under_way = sum(ticket.state is not TicketState.BOOKED for ticket in hall.tickets.values())
        figures = Figures.of(hall)
        # Where somebody else has done something meanwhile, people do not know it yet.
        agrees = hall.seq != self.stage.hall.seq or hall == self.stage.hall
        self.audit = Audit(figures if figures.day == self.plan.day.isoformat() else None, under_way, agrees)
