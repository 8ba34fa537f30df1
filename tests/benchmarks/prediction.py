"""How right the predictions are: over rehearsed days, against what simpler announcements would have told.

    python -m tests.benchmarks.prediction [--seeds N] [--json] [SCENARIO.toml …]

Each scenario is pooled over the seeds. Anchors, by Ibrahim and Whitt (2009), Real-time delay estimation in overloaded
multiserver queues with abandonments: LES, the wait of the last visitor to enter service; HOL, the wait so far of the
head of the line; and QL, queue length times mean service time over working counters, as common systems print.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import msgspec

from hall_controller.domain import events as e
from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.counter import WORKING, CounterState
from hall_controller.domain.hall import Hall, waiting_count
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.ticket import Channel
from hall_controller.rehearsal.days import play_day
from hall_controller.rehearsal.model import ModelStage
from hall_controller.rehearsal.scenario import Scenario, draw_scenario, load_scenario

SCENARIOS = Path(__file__).parent / "scenarios"
CATALOGUE = Path(__file__).parents[2] / "hall_controller" / "data" / "matters.csv"
USUAL_S = 480.0


class Told(NamedTuple):
    """What one visitor was told, and by the anchors would have been; seconds."""

    median_s: int
    bound_s: int | None
    les_s: float
    hol_s: float
    ql_s: float
    favoured: bool
    at_ms: int


Rows = list[tuple[Told, int]]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Of one scenario; errors are means of absolute values, in seconds."""

    scenario: str
    visitors: int
    mean_wait_s: float
    error_s: float
    les_s: float
    hol_s: float
    ql_s: float
    bias_s: float
    held: float
    """Share of visitors who were called within what they were told as the bound."""
    held_waiting: float
    """The same, of those who had to wait at all."""

    @property
    def ratio(self) -> float:
        """The error over the best anchor's."""
        return self.error_s / max(1e-9, min(self.les_s, self.hol_s, self.ql_s))


class Watch:
    """Hears a hall's events, and notes what each visitor is told and what comes of it."""

    def __init__(self) -> None:
        self.told: dict[int, Told] = {}
        self.scored: list[tuple[Told, int]] = []
        self.services_s: list[float] = []
        self.last_s = 0.0

    def hear(self, hall: Hall, event: e.Event) -> None:
        match event:
            case e.TicketIssued() if event.channel is not Channel.COUNTER:
                self._tell(hall, event)
            case e.TicketCheckedIn():
                self._tell(hall, event)
            case e.TicketCalled(first=True):
                self.last_s = float(event.wait_s)
                told = self.told.pop(event.ticket, None)
                if told is not None:
                    self.scored.append((told, event.wait_s))
            case e.ServiceFinished():
                self.services_s.append(float(event.service_s))
            case _:
                pass

    def _tell(self, hall: Hall, event: e.TicketIssued | e.TicketCheckedIn) -> None:
        if event.predicted_wait_s is None:
            return
        working = sum(counter.state in WORKING for counter in hall.counters.values())
        free = sum(counter.state is CounterState.READY for counter in hall.counters.values())
        waiting = waiting_count(hall)
        mean_s = fmean(self.services_s) if self.services_s else USUAL_S
        # A counter that is free and nobody before: every system says "now".
        at_once = free > waiting
        heads = [hall.tickets[queue[0][1]].issued_at_ms for queue in hall.queues.values() if queue]
        self.told[event.ticket] = Told(
            event.predicted_wait_s,
            event.predicted_bound_s,
            0.0 if at_once else self.last_s,
            0.0 if at_once or not heads else (event.at_ms - min(heads)) / 1000,
            0.0 if at_once else (waiting + 1 - free) * mean_s / max(1, working),
            event.visitor_class != "ordinary",
            event.at_ms,
        )


def play(scenario: Scenario, catalogue: Catalogue, seed: int) -> list[tuple[Told, int]]:
    """One day on the pure core."""
    watch = Watch()
    plan = draw_scenario(scenario, catalogue, seed)
    stage = ModelStage(scenario.rules(), catalogue, plan.begins_ms, watch.hear)
    asyncio.run(play_day(stage, plan, catalogue))
    return watch.scored


def score(name: str, pooled: Iterable[tuple[Told, int]]) -> Score:
    rows = list(pooled)
    bounded = [(told, wait) for told, wait in rows if told.bound_s is not None]
    waited = [(told, wait) for told, wait in bounded if told.median_s > 0]
    return Score(
        scenario=name,
        visitors=len(rows),
        mean_wait_s=fmean(wait for _, wait in rows),
        error_s=fmean(abs(told.median_s - wait) for told, wait in rows),
        les_s=fmean(abs(told.les_s - wait) for told, wait in rows),
        hol_s=fmean(abs(told.hol_s - wait) for told, wait in rows),
        ql_s=fmean(abs(told.ql_s - wait) for told, wait in rows),
        bias_s=fmean(told.median_s - wait for told, wait in rows),
        held=fmean(wait <= (told.bound_s or 0) for told, wait in bounded),
        held_waiting=fmean(wait <= (told.bound_s or 0) for told, wait in waited) if waited else 1.0,
    )


HEAD = "scenario           visitors   wait  error    LES    HOL     QL  error/best   bias  held  held(waited)"


def line(one: Score) -> str:
    minutes = [one.error_s / 60, one.les_s / 60, one.hol_s / 60, one.ql_s / 60]
    errors = " ".join(f"{error:>6.2f}" for error in minutes)
    shares = f"{one.ratio:>11.2f} {one.bias_s / 60:>6.2f} {one.held:>5.1%} {one.held_waiting:>7.1%}"
    return f"{one.scenario:<18} {one.visitors:>8} {one.mean_wait_s / 60:>6.1f} {errors} {shares}"


def main() -> None:
    parser = argparse.ArgumentParser(description="How right the predictions are, in minutes, against simpler ones.")
    parser.add_argument(
        "scenarios", nargs="*", type=Path, help="TOML files; by default those beside this file, and ciw"
    )
    parser.add_argument("--seeds", type=int, default=20, help="days of each scenario, at least")
    parser.add_argument("--visitors", type=int, default=0, help="visitors of each scenario, at least")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    scores = []
    if not options.json:
        print(HEAD)
    for one in all_scores(options.scenarios, options.seeds, options.visitors):
        scores.append(one)
        if not options.json:
            print(line(one), flush=True)
    if options.json:
        sys.stdout.write(msgspec.json.encode(scores).decode() + "\n")


def all_scores(files: Sequence[Path], seeds: int, visitors: int = 0) -> Iterator[Score]:
    """Of these scenarios, or of all, those of the other simulator last; so many seeds and visitors at least."""
    catalogue = parse_catalogue(CATALOGUE.read_text("utf-8"))
    for file in files or sorted(SCENARIOS.glob("*.toml")):
        scenario = load_scenario(file, catalogue)
        yield score(scenario.name, _pooled(partial(play, scenario, catalogue), seeds, visitors))
    if files:
        return
    from tests.benchmarks.simulator import MODELS, play_model

    for model in MODELS:
        yield score(model.name, _pooled(partial(play_model, model), seeds, visitors))


def _pooled(day: Callable[[int], Rows], seeds: int, visitors: int) -> Rows:
    rows: Rows = []
    for seed in itertools.count():
        if seed >= seeds and len(rows) >= visitors:
            break
        rows += day(seed)
    return rows


if __name__ == "__main__":
    main()
