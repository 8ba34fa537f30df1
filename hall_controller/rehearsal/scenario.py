"""A day as somebody wrote it down in TOML: who comes when, for what, who serves, and what goes wrong.

Same scenario and seed: the same day. What is left out is as in every rehearsal.
"""

import datetime as dt
import random
import tomllib
from enum import StrEnum
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from hall_controller.domain.hours import Opening, moment_ms, openings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import (
    DAYS,
    DEFAULT_HOURS,
    HOLIDAY,
    LUNCH,
    Mode,
    Policy,
    Record,
    RosterSpan,
    RosterWindow,
    Rules,
    Tier,
    Window,
    must_not_overlap,
)
from hall_controller.rehearsal.day import (
    USUAL_PEOPLE,
    Break,
    Clerk,
    Door,
    PaperFate,
    People,
    Visitor,
    draw_clerk,
    draw_visitor,
)
from hall_controller.rehearsal.incidents import Incidents
from hall_controller.rehearsal.whole_day import WholeDay

ARRIVALS_MOST = 5_000
SLOT_MS = 900_000


class ScenarioTrouble(Exception):
    """One sentence: file, what is wrong, the mend."""


class Arrivals(Record, frozen=True):
    """So many visitors come in this stretch, on average; their number and moments are drawn."""

    start: dt.time
    end: dt.time
    visitors: float

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"arrivals end {self.end} is not after start {self.start}; swap them")
        if not 0 <= self.visitors <= ARRIVALS_MOST:
            raise ValueError(f"arrivals visitors is {self.visitors}; give 0 to {ARRIVALS_MOST}")


class Wanted(Record, frozen=True):
    """A matter, how often it is wanted against the others, and what it really takes."""

    code: str
    share: float = 1.0
    minutes: float | None = None
    """By default what the catalogue calls usual."""


class Mishap(StrEnum):
    COUNTER_LOST = "counter_lost"
    """Its clerk is gone from `at` until `until`, or for the day, against the roster."""
    PRINTER_OUT = "printer_out"
    """Nothing is printed from `at` until `until`: numbers are read from the screen."""
    EMERGENCY = "emergency"
    EXTENSION = "extension"
    CRASH = "crash"
    """The controller is killed, and started again."""


class Incident(Record, frozen=True):
    kind: Mishap
    at: dt.time
    until: dt.time | None = None
    counter: int | None = None
    minutes: int = 30
    """Of an extension."""
    reason: str = "演练"
    """Of an emergency."""

    def __post_init__(self) -> None:
        if self.kind is Mishap.COUNTER_LOST and self.counter is None:
            raise ValueError("incident counter_lost names no counter; say which, e.g. counter = 3")
        if self.until is not None and self.until <= self.at:
            raise ValueError(f"incident until {self.until} is not after at {self.at}; swap them")


class Scenario(Record, frozen=True, kw_only=True):
    """A file as a whole."""

    name: str
    about: str = ""
    date: dt.date = dt.date(2026, 11, 30)
    """A Monday by default."""
    tier: Tier = Tier.DISTRICT
    counters: int
    policy: Policy = Policy.PRIORITY
    favoured_limit: int = 2
    mode: Mode = Mode.PULL
    roster_known: bool = True
    """The hall is told of the roster, as a manager would by hall.toml; else clerks come and go unannounced."""
    breaks: bool = True
    """Each clerk has a short break in the morning and the afternoon."""
    last_ticket_s: int = 3600
    hours: tuple[Window, ...] = ()
    arrivals: tuple[Arrivals, ...]
    people: People = USUAL_PEOPLE
    matters: tuple[Wanted, ...] = ()
    """By default all of the catalogue, short ones more often."""
    roster: tuple[RosterSpan, ...] = ()
    """By default all counters, in all hours."""
    incident: tuple[Incident, ...] = ()

    def __post_init__(self) -> None:
        must_not_overlap(self.roster, "this day", "roster")
        for span in self.roster:
            if span.counters > self.counters:
                raise ValueError(f"roster counters is {span.counters}, but the hall has {self.counters}; plan no more")
        for one in self.incident:
            if one.counter is not None and not 1 <= one.counter <= self.counters:
                raise ValueError(f"incident counter is {one.counter}; the hall has counters 1 to {self.counters}")

    def rules(self) -> Rules:
        hours = self.hours or (*DEFAULT_HOURS, *((LUNCH,) if self.tier is Tier.DISTRICT else ()))
        days = (*DAYS, HOLIDAY)
        known = tuple(
            RosterWindow(days=days, start=span.start, end=span.end, counters=span.counters) for span in self.roster
        )
        return Rules(
            hall="SCENARIO",
            tier=self.tier,
            counters=self.counters,
            policy=self.policy,
            favoured_limit=self.favoured_limit,
            mode=self.mode,
            last_ticket_s=self.last_ticket_s,
            hours=tuple(replace(window, tiers=()) for window in hours),
            roster=known if self.roster_known else (),
        )


def load_scenario(file: Path, catalogue: Catalogue) -> Scenario:
    """Raises ScenarioTrouble."""
    try:
        scenario = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Scenario)
    except FileNotFoundError:
        raise ScenarioTrouble(f"{file}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioTrouble(f"{file}: cannot be read: {error}; it must be text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioTrouble(f"{file}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise ScenarioTrouble(f"{file}: {error}") from None
    for wanted in scenario.matters:
        if wanted.code not in catalogue.matters:
            raise ScenarioTrouble(
                f"{file}: matters names {wanted.code!r}, which is not in the catalogue; see hall matters"
            )
    return scenario


def draw_scenario(scenario: Scenario, catalogue: Catalogue, seed: int, rules: Rules | None = None) -> WholeDay:
    """`rules`: of the hall in which it is played; by default the scenario's own."""
    rules = rules or scenario.rules()
    day = scenario.date
    today = openings(rules, day)
    midnight_ms = moment_ms(rules, day, dt.time())
    rng = random.Random(f"{seed} scenario")
    return WholeDay(
        day=day,
        begins_ms=midnight_ms,
        ends_ms=moment_ms(rules, day + dt.timedelta(days=1), dt.time()),
        closing_ms=today[-1].end_ms if today else None,
        visitors=tuple(sorted(_visitors(scenario, catalogue, rules, rng), key=lambda one: one.arrives_ms)),
        clerks=tuple(_clerks(scenario, rules, today, random.Random(f"{seed} clerks"))),
        incidents=_incidents(scenario, rules),
    )


def _visitors(scenario: Scenario, catalogue: Catalogue, rules: Rules, rng: random.Random) -> list[Visitor]:
    day, found = scenario.date, []
    shares = {wanted.code: wanted.share for wanted in scenario.matters} or None
    really = {wanted.code: wanted.minutes for wanted in scenario.matters if wanted.minutes is not None}
    out = [one for one in scenario.incident if one.kind is Mishap.PRINTER_OUT]
    for stretch in scenario.arrivals:
        start_ms, end_ms = moment_ms(rules, day, stretch.start), moment_ms(rules, day, stretch.end)
        for at_ms in _poisson(rng, start_ms, end_ms, stretch.visitors):
            one = draw_visitor(rng, catalogue, partial(_arrival, rng, at_ms), scenario.people, shares)
            if one.matter in really:
                share = really[one.matter] / catalogue.matters[one.matter].usual_minutes
                one = replace(one, service_s=round(one.service_s * share, 1))
            if any(_is_within(rules, day, mishap, at_ms) for mishap in out) and one.door is Door.KIOSK:
                one = replace(one, paper=PaperFate.TOUCHED, paper_s=round(rng.uniform(5, 20), 1))
            found.append(one)
    return found


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


def _is_within(rules: Rules, day: dt.date, mishap: Incident, at_ms: int) -> bool:
    until_ms = moment_ms(rules, day, mishap.until) if mishap.until else at_ms + 1
    return moment_ms(rules, day, mishap.at) <= at_ms < until_ms


# --- who serves ----------------------------------------------------------------------------------


def _clerks(scenario: Scenario, rules: Rules, today: list[Opening], rng: random.Random) -> list[Clerk]:
    """Counter n is open while the roster plans n or more; a lost counter is not, whatever the roster says."""
    if not today:
        return []
    clerks: list[Clerk] = []
    closing_ms = today[-1].end_ms
    for number in range(1, scenario.counters + 1):
        stretches = _stretches(scenario, rules, today, number)
        for from_ms, to_ms in _without_losses(scenario, rules, stretches, number):
            jitter_s = rng.uniform(-120, 40) if from_ms == today[0].start_ms else rng.uniform(-20, 60)
            clerks.append(
                draw_clerk(
                    rng,
                    number,
                    f"{100 + number}",
                    from_ms + round(jitter_s * 1000),
                    leaves_ms=None if to_ms >= closing_ms else to_ms,
                    breaks=_breaks(scenario, rng, number, from_ms, to_ms) if scenario.breaks else (),
                )
            )
    return clerks


def _stretches(scenario: Scenario, rules: Rules, today: list[Opening], number: int) -> list[tuple[int, int]]:
    if not scenario.roster:
        return [(opening.start_ms, opening.end_ms) for opening in today]
    day = scenario.date
    spans = sorted(scenario.roster, key=lambda span: span.start)
    found: list[tuple[int, int]] = []
    for span in spans:
        if span.counters < number:
            continue
        start_ms, end_ms = moment_ms(rules, day, span.start), moment_ms(rules, day, span.end)
        if found and found[-1][1] == start_ms:
            found[-1] = (found[-1][0], end_ms)
        else:
            found.append((start_ms, end_ms))
    return found


def _without_losses(
    scenario: Scenario, rules: Rules, stretches: list[tuple[int, int]], number: int
) -> list[tuple[int, int]]:
    for one in scenario.incident:
        if one.kind is not Mishap.COUNTER_LOST or one.counter != number:
            continue
        gone_ms = moment_ms(rules, scenario.date, one.at)
        back_ms = moment_ms(rules, scenario.date, one.until) if one.until else None
        cut: list[tuple[int, int]] = []
        for from_ms, to_ms in stretches:
            parts = [(from_ms, min(to_ms, gone_ms)), (max(from_ms, back_ms), to_ms) if back_ms is not None else (0, 0)]
            cut += [part for part in parts if part[0] < part[1]]
        stretches = cut
    return stretches


def _breaks(scenario: Scenario, rng: random.Random, number: int, from_ms: int, to_ms: int) -> tuple[Break, ...]:
    """In turn through the middle of each stretch of more than two hours."""
    if to_ms - from_ms < 7_200_000:
        return ()
    place = (number - 0.5) / scenario.counters
    at_ms = from_ms + round((to_ms - from_ms) * (0.3 + 0.4 * place)) + round(rng.uniform(-120, 120) * 1000)
    return (Break(at_ms, round(rng.uniform(300, 720), 1)),)


def _incidents(scenario: Scenario, rules: Rules) -> Incidents:
    def at(time: dt.time) -> int:
        return moment_ms(rules, scenario.date, time)

    made = Incidents(crashes_at_ms=tuple(at(one.at) for one in scenario.incident if one.kind is Mishap.CRASH))
    for one in scenario.incident:
        if one.kind is Mishap.EXTENSION:
            made = replace(made, extended_at_ms=at(one.at), extended_minutes=one.minutes)
        elif one.kind is Mishap.EMERGENCY:
            reopened_ms = at(one.until) if one.until else None
            made = replace(made, closed_at_ms=at(one.at), closed_reason=one.reason, reopened_at_ms=reopened_ms)
    return made
