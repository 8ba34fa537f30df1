"""Two scenarios side by side, on the same visitors: a difference of means, and whether it is more than chance.

Each seed is a day that is played in both, on the pure core: what the visitors have in common cancels out in the
difference of the pair (common random numbers), so few seeds tell much.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from statistics import NormalDist, fmean, stdev
from typing import NamedTuple

import msgspec

from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from hall_controller.rehearsal.days import PlayedDay, play_day
from hall_controller.rehearsal.model import ModelStage
from hall_controller.rehearsal.outcome import Outcome, tell
from hall_controller.rehearsal.scenario import Scenario, draw_scenario
from hall_controller.rehearsal.use import Use, Watch, in_all

SURE = 0.95
"""A difference counts as more than chance where chance alone would bring a smaller one in so many cases."""


class Played(NamedTuple):
    """A day on the pure core."""

    day: PlayedDay
    outcome: Outcome
    use: Use


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Means over the seeds."""

    measure: str
    unit: str
    a: float
    b: float
    difference: float
    """b less a."""
    error: float
    """Standard error of the difference, from its pairs."""
    beyond_chance: bool
    pairs: int


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What `hall rehearse --compare --json` prints."""

    a: str
    b: str
    first_seed: int
    seeds: int
    same_visitors: bool
    """Else the scenarios themselves bring other people, and a difference is theirs too."""
    interrupted: bool
    rows: list[Row]


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _after_closing(one: Played) -> float | None:
    if one.day.closed_ms is None or one.day.plan.closing_ms is None:
        return None
    return (one.day.closed_ms - one.day.plan.closing_ms) / 60_000


MEASURES: dict[str, tuple[str, Callable[[Played], float | None]]] = {
    "visits": ("", lambda one: one.outcome.visits["total"]),
    "wait, mean": ("min", lambda one: _minutes(one.outcome.waits.mean_s)),
    "wait, half within": ("min", lambda one: _minutes(one.outcome.waits.p50_s)),
    "wait, nine of ten within": ("min", lambda one: _minutes(one.outcome.waits.p90_s)),
    "wait, longest": ("min", lambda one: _minutes(one.outcome.waits.max_s)),
    "called within 15 minutes": ("%", lambda one: _percent(one.outcome.waits.soon)),
    "gave up": ("", lambda one: one.day.gave_up),
    "no-shows": ("", lambda one: one.outcome.no_shows),
    "turned away": ("", lambda one: one.day.turned_away),
    "prediction off by, median": ("min", lambda one: _minutes(one.outcome.predictions.median_absolute_error_s)),
    "called within the told bound": ("%", lambda one: _percent(one.outcome.predictions.held)),
    "counters open": ("hours", lambda one: one.use.open_s / 3600),
    "counters with visitors": ("%", lambda one: _percent(one.use.share)),
    "last counter closed after closing": ("min", _after_closing),
}


def play_on_core(scenario: Scenario, catalogue: Catalogue, seed: int) -> Played:
    """One day, in about a second."""
    plan = draw_scenario(scenario, catalogue, seed)
    events: list[e.Event] = []
    watch = Watch()

    def seen(hall: Hall, event: e.Event) -> None:
        watch.hear(hall, event)
        events.append(event)

    stage = ModelStage(scenario.rules(), catalogue, plan.begins_ms, seen)
    day = asyncio.run(play_day(stage, plan, catalogue))
    return Played(day, tell(events), in_all(watch.told().values()))


def compare(
    a: Scenario, b: Scenario, catalogue: Catalogue, seeds: Sequence[int], progress: Callable[[int], None]
) -> Compared:
    """`progress` is told after each day. Ctrl-C ends it with the pairs that are there."""
    pairs: list[tuple[Played, Played]] = []
    interrupted = False
    try:
        for seed in seeds:
            one = play_on_core(a, catalogue, seed)
            progress(1)
            pairs.append((one, play_on_core(b, catalogue, seed)))
            progress(1)
    except KeyboardInterrupt:
        interrupted = True
    return Compared(
        a=a.name,
        b=b.name,
        first_seed=seeds[0],
        seeds=len(pairs),
        same_visitors=all(one.day.plan.visitors == other.day.plan.visitors for one, other in pairs),
        interrupted=interrupted,
        rows=[row for name, (unit, of) in MEASURES.items() if (row := _row(name, unit, of, pairs)) is not None],
    )


def _row(
    measure: str, unit: str, of: Callable[[Played], float | None], pairs: Sequence[tuple[Played, Played]]
) -> Row | None:
    """None where fewer than two pairs have this measure."""
    both = [(of(one), of(other)) for one, other in pairs]
    known = [(one, other) for one, other in both if one is not None and other is not None]
    if len(known) < 2:
        return None
    differences = [other - one for one, other in known]
    difference, error = fmean(differences), stdev(differences) / math.sqrt(len(differences))
    beyond = abs(difference) > quantile(len(known) - 1) * error + 1e-9
    return Row(
        measure=measure,
        unit=unit,
        a=round(fmean(one for one, _ in known), 3),
        b=round(fmean(other for _, other in known), 3),
        difference=round(difference, 3),
        error=round(error, 3),
        beyond_chance=beyond,
        pairs=len(known),
    )


def quantile(freedom: int) -> float:
    """Of Student's t, two-sided; exact for 1 and 2 degrees of freedom, else by Cornish and Fisher's expansion."""
    p = 0.5 + SURE / 2
    if freedom == 1:
        return math.tan(math.pi * (p - 0.5))
    if freedom == 2:
        return (2 * p - 1) * math.sqrt(1 / (2 * p * (1 - p)))
    z = NormalDist().inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return float(z + sum(term / freedom ** (n + 1) for n, term in enumerate(terms)))


def render(compared: Compared) -> str:
    """As a table; a star where a difference is more than chance."""
    last = compared.first_seed + compared.seeds - 1
    lines = [
        f"A: {compared.a}",
        f"B: {compared.b}",
        f"{compared.seeds} days each, seeds {compared.first_seed} to {last}, "
        + ("the same visitors in both" if compared.same_visitors else "NOT THE SAME VISITORS: the scenarios differ in"
           " who comes, so a difference is not the roster's alone"),
    ]  # fmt: skip
    if not compared.rows:
        return "\n".join([*lines, "stopped before two days were played in both: nothing can be told"])
    lines += ["", f"{'':<40} {'A':>9} {'B':>9} {'B - A':>9}   ± error"]
    for row in compared.rows:
        name = f"{row.measure}, {row.unit}" if row.unit else row.measure
        mark = "  *" if row.beyond_chance else ""
        means = f"{name:<40} {row.a:>9.1f} {row.b:>9.1f} {row.difference:>+9.2f}"
        lines.append(f"{means}   ± {row.error:<6.2f}{mark}".rstrip())
    lines += ["", f"* more than chance: with no true difference such a one comes in {1 - SURE:.0%} of cases"]
    if compared.interrupted:
        lines.append("stopped before all seeds were played")
    return "\n".join(lines)
