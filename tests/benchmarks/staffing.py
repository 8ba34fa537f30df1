"""What the advice on open counters is worth: rehearsed days whose manager follows it, and the same without.

    python -m tests.benchmarks.staffing [--seeds N] [--weeks N] [--json] [SCENARIO.toml …]

The hall has learned from earlier days of the same scenario, on the same weekday, with the roster that the scenario
names. The visitors of a seed are the same whoever serves. Followed in two ways: `roster` is what `suggest_roster`
planned the day before; `advice` keeps the scenario's roster and asks `advise` every ten minutes; the manager sends its
spans as `set_roster`, and the clerks come and go by them.
"""

import argparse
import asyncio
import copy
import datetime as dt
import random
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple, cast

import msgspec
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.advice_words import Advised
from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, moment_ms, openings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.roster import planned
from hall_controller.domain.rules import RosterSpan
from hall_controller.domain.staffing import advise, suggest_roster
from hall_controller.domain.ticket import Channel
from hall_controller.rehearsal.agenda import At, Person, Send, Until
from hall_controller.rehearsal.day import Clerk, draw_clerk
from hall_controller.rehearsal.days import _Playing, play_day
from hall_controller.rehearsal.floor import Floor
from hall_controller.rehearsal.model import ModelStage
from hall_controller.rehearsal.scenario import Scenario, draw_scenario, load_scenario
from hall_controller.rehearsal.serving import clerk

SCENARIOS = Path(__file__).parent / "staffing_days"
CATALOGUE = Path(__file__).parents[2] / "hall_controller" / "data" / "matters.csv"
TARGET_S, SHARE = 900, 0.9
ASKED_MS = 600_000
"""The manager looks at the advice every ten minutes."""
LEARNING_SEED = 1000
WAYS = ("ignored", "roster", "advice")


class Waited(NamedTuple):
    half: int
    """The half hour of the day in which the ticket was issued."""
    in_time: bool


class Watch:
    """Hears a hall's events, and notes who was called in time."""

    def __init__(self) -> None:
        self.issued: dict[int, tuple[int, int]] = {}
        self.waited: list[Waited] = []
        self.open_ms = 0.0
        self._open = (0, 0)

    def hear(self, hall: Hall, event: e.Event) -> None:
        match event:
            case e.TicketIssued() if event.channel is not Channel.COUNTER:
                self._come(hall, event)
            case e.TicketCheckedIn():
                self._come(hall, event)
            case e.TicketCalled(first=True):
                self._gone(event.ticket, event.wait_s)
            case e.TicketCancelled():
                came = self.issued.get(event.ticket)
                if came is not None and event.at_ms - came[1] > TARGET_S * 1000:
                    self._gone(event.ticket, TARGET_S + 1)
            case e.CounterOpened() | e.CounterClosed():
                there, since_ms = self._open
                self.open_ms += there * (event.at_ms - since_ms)
                self._open = (there + (1 if isinstance(event, e.CounterOpened) else -1), event.at_ms)
            case _:
                pass

    def _come(self, hall: Hall, event: e.TicketIssued | e.TicketCheckedIn) -> None:
        now = local(in_force(hall), event.at_ms)
        self.issued[event.ticket] = (now.hour * 2 + now.minute // 30, event.at_ms)

    def _gone(self, ticket: int, wait_s: int) -> None:
        came = self.issued.pop(ticket, None)
        if came is not None:
            self.waited.append(Waited(came[0], wait_s <= TARGET_S))


class Shift:
    """A clerk who comes and goes as the hall's roster says: counter n is open while n or more are planned."""

    def __init__(self, floor: Floor, drawn: Clerk, day: dt.date) -> None:
        self._floor, self._drawn, self._day = floor, drawn, day

    def __getattr__(self, name: str) -> object:
        return getattr(self._drawn, name)

    @property
    def leaves_ms(self) -> int | None:
        now_ms, hall = self._floor.now_ms, self._floor.hall
        closing_ms = openings(in_force(hall), self._day)[-1].end_ms
        if now_ms >= closing_ms or (planned(hall, now_ms) or 0) >= self._drawn.counter:
            return None
        return now_ms


def on_shift(floor: Floor, drawn: Clerk, day: dt.date) -> Person:
    hall = floor.hall
    shift = cast("Clerk", Shift(floor, drawn, day))
    closing_ms = openings(in_force(hall), day)[-1].end_ms
    while floor.now_ms < closing_ms:
        if (planned(floor.hall, floor.now_ms) or 0) >= drawn.counter:
            yield from clerk(floor, shift)
        yield Until(lambda: (planned(floor.hall, floor.now_ms) or 0) >= drawn.counter, floor.now_ms + 60_000)


def manager(floor: Floor, day: dt.date, told: list[str]) -> Person:
    """Looks at the advice, and takes it."""
    rules = in_force(floor.hall)
    first_ms = openings(rules, day)[0].start_ms - 2 * ASKED_MS
    closing_ms = openings(rules, day)[-1].end_ms
    for at_ms in range(first_ms, closing_ms, ASKED_MS):
        yield At(at_ms)
        advice = advise(floor.hall, at_ms)
        urgent_ms = at_ms + rules.advice.notice_s * 1000 + ASKED_MS
        due = [
            one
            for one in advice.sentences
            if one.kind in (Advised.OPEN, Advised.CLOSE, Advised.SHORT) and (one.by_ms or 0) < urgent_ms
        ]
        if due:
            told += [f"{local(rules, at_ms):%H:%M} {one.en}" for one in due]
            yield Send("manager", c.SetRoster(day=day.isoformat(), spans=advice.spans))


class _Advised(_Playing):
    """A day whose clerks follow the hall's roster as it changes."""

    told: list[str]

    def _begin(self, booked_before: list[object]) -> None:  # type: ignore[override]
        super()._begin(booked_before)  # type: ignore[arg-type]
        self.told = []
        rules = in_force(self.stage.hall)
        rng = random.Random("shifts")
        begins_ms = openings(rules, self.plan.day)[0].start_ms - 60_000
        self.agenda.begin(manager(self.floor, self.plan.day, self.told), self.plan.begins_ms)
        for number in range(1, rules.counters + 1):
            drawn = draw_clerk(rng, number, f"{100 + number}", begins_ms)
            self.floor.colleagues.add(drawn.clerk)
            self.agenda.begin(on_shift(self.floor, drawn, self.plan.day), begins_ms)


class Knowledge(NamedTuple):
    """What a hall has learned."""

    hall: Hall

    def teach(self, hall: Hall) -> None:
        hall.arrivals = dict(self.hall.arrivals)
        hall.learned = dict(self.hall.learned)
        hall.flow = copy.deepcopy(self.hall.flow)


def learn(scenario: Scenario, catalogue: Catalogue, weeks: int) -> Knowledge:
    """From the same weekday of so many weeks before."""
    hall = Hall()
    for week in range(weeks, 0, -1):
        earlier = replace(scenario, date=scenario.date - dt.timedelta(weeks=week))
        stage = _stage(earlier, catalogue, Watch(), Knowledge(hall))
        plan = draw_scenario(earlier, catalogue, LEARNING_SEED + week)
        asyncio.run(_to_its_end(stage, plan.ends_ms, play_day(stage, plan, catalogue)))
        hall = stage.hall
    return Knowledge(hall)


async def _to_its_end(stage: ModelStage, ends_ms: int, played: object) -> None:
    await played  # type: ignore[misc]
    while stage.now_ms < ends_ms + 60_000:
        await stage.reach(ends_ms + 60_000)


def _stage(scenario: Scenario, catalogue: Catalogue, watch: Watch, knows: Knowledge) -> ModelStage:
    stage = ModelStage(scenario.rules(), catalogue, moment_ms(scenario.rules(), scenario.date, dt.time()), watch.hear)
    knows.teach(stage.hall)
    return stage


class Played(NamedTuple):
    waited: list[Waited]
    open_h: float
    """Hours that counters were open."""
    told: list[str]
    spans: tuple[RosterSpan, ...]


def play(scenario: Scenario, catalogue: Catalogue, seed: int, knows: Knowledge, way: str) -> Played:
    watch = Watch()
    told: list[str] = []
    if way == "roster":
        stage = _stage(scenario, catalogue, watch, knows)
        roster = suggest_roster(stage.hall, scenario.date)
        scenario, watch = replace(scenario, roster=roster), Watch()
    stage = _stage(scenario, catalogue, watch, knows)
    plan = draw_scenario(scenario, catalogue, seed)
    if way == "advice":
        plan = replace(plan, clerks=())
        playing = _Advised(stage, plan, catalogue, mode=None, prints=True, stopped=lambda: False)
        asyncio.run(playing.play([], lambda: None))
        told = playing.told
    else:
        asyncio.run(play_day(stage, plan, catalogue))
    return Played(watch.waited, watch.open_ms / 3_600_000, told, scenario.roster)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Of one scenario and way, pooled over the seeds."""

    scenario: str
    way: str
    visitors: int
    share: float
    """Called within the target."""
    open_h: float
    by_half_hour: dict[str, float]


def pooled(name: str, way: str, days: Sequence[Played]) -> Row:
    rows = [one for day in days for one in day.waited]
    halves = sorted({one.half for one in rows})
    return Row(
        scenario=name,
        way=way,
        visitors=len(rows),
        share=fmean(one.in_time for one in rows),
        open_h=fmean(day.open_h for day in days),
        by_half_hour={clock(half): round(_share(rows, half), 3) for half in halves},
    )


def _share(rows: Iterable[Waited], half: int) -> float:
    return fmean(one.in_time for one in rows if one.half == half)


def clock(half: int) -> str:
    return f"{half // 2:02}:{half % 2 * 30:02}"


def main() -> None:
    parser = argparse.ArgumentParser(description="What following the advice on open counters brings.")
    parser.add_argument("scenarios", nargs="*", type=Path, help="TOML files; by default those in staffing_days/")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=4, help="of learning")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--told", action="store_true", help="what the advice said on the first day")
    options = parser.parse_args()
    catalogue = parse_catalogue(CATALOGUE.read_text("utf-8"))
    made: list[Row] = []
    for file in options.scenarios or sorted(SCENARIOS.glob("*.toml")):
        scenario = load_scenario(file, catalogue)
        knows = learn(scenario, catalogue, options.weeks)
        rows = []
        for way in WAYS:
            began = time.perf_counter()
            days = [play(scenario, catalogue, seed, knows, way) for seed in range(options.seeds)]
            rows.append(pooled(scenario.name, way, days))
            if not options.json:
                took = (time.perf_counter() - began) / options.seeds
                one = rows[-1]
                print(
                    f"{one.scenario:<14} {way:<8} visitors {one.visitors:>6}  in time {one.share:6.1%}"
                    f"  counter hours a day {one.open_h:6.1f}  ({took:.1f} s a day)",
                    flush=True,
                )
            if way == "roster" and not options.json:
                print("   ", ", ".join(f"{s.start:%H:%M} {s.counters}" for s in days[0].spans))
            if options.told:
                print("\n".join(f"    {line}" for line in days[0].told))
        if not options.json:
            print("half hour  " + "  ".join(f"{one.way:>8}" for one in rows))
            for half in rows[0].by_half_hour:
                print(f"{half:>9}  " + "  ".join(f"{one.by_half_hour.get(half, 1):>8.0%}" for one in rows))
        made += rows
    if options.json:
        sys.stdout.write(msgspec.json.encode(made).decode() + "\n")


if __name__ == "__main__":
    main()
