"""The day of a scenario, drawn from a seed.

Visitors, clerks and what goes wrong are drawn apart: another roster or a lost counter changes no visitor, so that two
rosters meet the same people.
"""

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial
from itertools import chain

from msgspec.structs import replace

from hall_controller.domain.hours import Opening, moment_ms, openings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Rules
from hall_controller.rehearsal.day import DOORS_S, Break, Clerk, Door, PaperFate, Visitor, draw_clerk, draw_visitor
from hall_controller.rehearsal.incidents import Incidents, Pace
from hall_controller.rehearsal.scenario_file import Incident, Mishap, Scenario
from hall_controller.rehearsal.whole_day import WholeDay

SLOT_MS = 900_000
REASON = "演练"
Stretches = list[tuple[int, int]]


def draw_scenario(scenario: Scenario, catalogue: Catalogue, seed: int, rules: Rules | None = None) -> WholeDay:
    """`rules`: of the hall in which it is played; by default the scenario's own."""
    draw = _Draw(scenario, catalogue, rules or scenario.rules(), seed)
    day, today = scenario.date, draw.today
    clerks = tuple(draw.clerks())
    return WholeDay(
        day=day,
        begins_ms=draw.at(dt.time()),
        ends_ms=moment_ms(draw.rules, day + dt.timedelta(days=1), dt.time()),
        closing_ms=today[-1].end_ms if today else None,
        visitors=tuple(sorted(draw.visitors(), key=lambda one: one.arrives_ms)),
        clerks=clerks,
        incidents=draw.incidents(),
        receives_ms=_receives_ms(today, clerks),
        trainee=scenario.trainee,
    )


def _receives_ms(today: list[Opening], clerks: tuple[Clerk, ...]) -> int | None:
    """Before the doors open, or the first clerk is there; clerks who are late keep no telephone silent."""
    if not today:
        return None
    return min(today[0].start_ms, *(clerk.opens_ms for clerk in clerks)) - DOORS_S * 1000 if clerks else None


class _Draw:
    def __init__(self, scenario: Scenario, catalogue: Catalogue, rules: Rules, seed: int) -> None:
        self.scenario = scenario
        self.catalogue = catalogue
        self.rules = rules
        self.seed = seed
        self.today = openings(rules, scenario.date)
        self._shares = {wanted.code: wanted.share for wanted in scenario.matters} or None
        self._really = {wanted.code: wanted.minutes for wanted in scenario.matters if wanted.minutes is not None}

    def at(self, time: dt.time) -> int:
        return moment_ms(self.rules, self.scenario.date, time)

    def span(self, one: Incident) -> tuple[int, int | None]:
        return self.at(one.at), self.at(one.until) if one.until is not None else None

    # --- who comes -------------------------------------------------------------------------------

    def visitors(self) -> Iterator[Visitor]:
        paper = random.Random(f"{self.seed} paper")
        for one in chain(self._usual(), self._rushes()):
            out = any(self._is_within(mishap, one.arrives_ms) for mishap in self.scenario.of_kind(Mishap.PRINTER_OUT))
            if out and one.door is Door.KIOSK:
                yield replace(one, paper=PaperFate.TOUCHED, paper_s=round(paper.uniform(5, 20), 1))
            else:
                yield one

    def _usual(self) -> Iterator[Visitor]:
        rng = random.Random(f"{self.seed} scenario")
        for stretch in self.scenario.coming():
            for at_ms in _poisson(rng, self.at(stretch.start), self.at(stretch.end), stretch.visitors):
                yield self._visitor(rng, at_ms)

    def _rushes(self) -> Iterator[Visitor]:
        """As many as it says, and nobody of them has booked."""
        for n, one in enumerate(self.scenario.of_kind(Mishap.RUSH)):
            rng = random.Random(f"{self.seed} rush {n}")
            for _ in range(one.visitors or 0):
                at_ms = self.at(one.at) + round(rng.uniform(0, one.lasts_minutes) * 60_000)
                come = self._visitor(rng, at_ms)
                is_booked = come.door is Door.BOOKED
                yield replace(come, door=Door.KIOSK, arrives_ms=at_ms, slot_ms=None) if is_booked else come

    def _visitor(self, rng: random.Random, at_ms: int) -> Visitor:
        one = draw_visitor(rng, self.catalogue, partial(_arrival, rng, at_ms), self.scenario.people, self._shares)
        if one.matter in self._really:
            share = self._really[one.matter] / self.catalogue.matters[one.matter].usual_minutes
            return replace(one, service_s=round(one.service_s * share, 1))
        return one

    def _is_within(self, mishap: Incident, at_ms: int) -> bool:
        from_ms, until_ms = self.span(mishap)
        return from_ms <= at_ms and (until_ms is None or at_ms < until_ms)

    # --- who serves ------------------------------------------------------------------------------

    def clerks(self) -> Iterator[Clerk]:
        """Counter n is open while the roster plans n or more; a lost counter is not, whatever the roster says."""
        if not self.today:
            return
        closing_ms = self.today[-1].end_ms
        for number in range(1, self.scenario.counters + 1):
            if number == self.scenario.trainee:
                continue
            for n, (from_ms, to_ms) in enumerate(self._worked(number)):
                rng = random.Random(f"{self.seed} clerk {number} {n}")
                jitter_s = rng.uniform(-120, 40) if from_ms == self.today[0].start_ms else rng.uniform(-20, 60)
                yield draw_clerk(
                    rng,
                    number,
                    f"{100 + number}",
                    from_ms + round(jitter_s * 1000),
                    leaves_ms=None if to_ms >= closing_ms else to_ms,
                    breaks=self._breaks(rng, number, from_ms, to_ms) if self.scenario.breaks else (),
                )

    def _worked(self, number: int) -> Stretches:
        stretches = self._planned(number)
        for one in self.scenario.of_kind(Mishap.LATE_OPENING):
            if one.counter in (None, number):
                stretches = _late(stretches, self.at(one.at), one.lasts_minutes)
        for one in self.scenario.of_kind(Mishap.COUNTER_LOST):
            if one.counter == number:
                stretches = _without(stretches, *self.span(one))
        return stretches

    def _planned(self, number: int) -> Stretches:
        if not self.scenario.roster:
            return [(opening.start_ms, opening.end_ms) for opening in self.today]
        found: Stretches = []
        for span in sorted(self.scenario.roster, key=lambda one: one.start):
            if span.counters < number:
                continue
            start_ms, end_ms = self.at(span.start), self.at(span.end)
            if found and found[-1][1] == start_ms:
                found[-1] = (found[-1][0], end_ms)
            else:
                found.append((start_ms, end_ms))
        return found

    def _breaks(self, rng: random.Random, number: int, from_ms: int, to_ms: int) -> tuple[Break, ...]:
        """In turn through the middle of each stretch of more than two hours."""
        if to_ms - from_ms < 7_200_000:
            return ()
        place = (number - 0.5) / self.scenario.counters
        at_ms = from_ms + round((to_ms - from_ms) * (0.3 + 0.4 * place)) + round(rng.uniform(-120, 120) * 1000)
        return (Break(at_ms, round(rng.uniform(300, 720), 1)),)

    # --- what goes wrong -------------------------------------------------------------------------

    def incidents(self) -> Incidents:
        scenario = self.scenario
        made = Incidents(
            crashes_at_ms=tuple(self.at(one.at) for one in scenario.of_kind(Mishap.CRASH)),
            paces=tuple(Pace(*self.span(one), one.times or 1.0) for one in scenario.of_kind(Mishap.PACE)),
        )
        for one in scenario.of_kind(Mishap.EXTENSION):
            made = replace(made, extended_at_ms=self.at(one.at), extended_minutes=one.lasts_minutes)
        for one in scenario.of_kind(Mishap.EMERGENCY):
            closed_ms, reopened_ms = self.span(one)
            made = replace(made, closed_at_ms=closed_ms, closed_reason=one.reason or REASON, reopened_at_ms=reopened_ms)
        return made


def _late(stretches: Stretches, from_ms: int, minutes: int) -> Stretches:
    """Whoever would begin within these minutes begins after them."""
    come_ms = from_ms + minutes * 60_000
    late = [(come_ms if from_ms <= start_ms < come_ms else start_ms, end_ms) for start_ms, end_ms in stretches]
    return [(start_ms, end_ms) for start_ms, end_ms in late if start_ms < end_ms]


def _without(stretches: Stretches, gone_ms: int, back_ms: int | None) -> Stretches:
    cut: Stretches = []
    for from_ms, to_ms in stretches:
        parts = [(from_ms, min(to_ms, gone_ms)), (max(from_ms, back_ms), to_ms) if back_ms is not None else (0, 0)]
        cut += [part for part in parts if part[0] < part[1]]
    return cut


def _poisson(rng: random.Random, start_ms: int, end_ms: int, mean: float) -> list[int]:
    """Moments of a Poisson process with this mean number between."""
    found: list[int] = []
    at_ms = float(start_ms)
    while mean > 0:
        at_ms += rng.expovariate(mean / (end_ms - start_ms))
        if at_ms >= end_ms:
            break
        found.append(round(at_ms))
    return found


def _arrival(rng: random.Random, at_ms: int, door: Door) -> tuple[int, int | None]:
    if door is not Door.BOOKED:
        return at_ms, None
    early_s = rng.uniform(-900, -600) if rng.random() < 0.1 else rng.uniform(0, 1500)
    slot_ms = -(-(at_ms + round(early_s * 1000)) // SLOT_MS) * SLOT_MS
    return slot_ms - round(early_s * 1000), slot_ms
