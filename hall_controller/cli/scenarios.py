"""What `hall rehearse` does with scenarios: list those that come along, find a place to play one, compare two."""

import datetime as dt
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import msgspec

from hall_controller.bus.bundle import BundleError
from hall_controller.config import ConfigTrouble
from hall_controller.domain.hours import moment_ms, openings
from hall_controller.journal.journal import JournalTrouble
from hall_controller.part import Trouble
from hall_controller.rehearsal.compare import compare, render
from hall_controller.rehearsal.place import Place, sample_catalogue
from hall_controller.rehearsal.scenario import (
    SAMPLES,
    Scenario,
    ScenarioTrouble,
    draw_scenario,
    find_scenario,
    load_scenario,
    sample_names,
)
from hall_controller.rehearsal.scenario_place import catalogue_of, scenario_place
from hall_controller.streams import own_stderr

SEEDS = 20
SETTLED = {"tier": "tier", "counters": "counters", "mode": "mode", "visitors": "[[arrivals]]", "day": "date"}
"""Options whose place is in the scenario."""
PERIODS = ("days", "month", "year")
OF_A_HALL = ("scenario", "speed", "watch", "opening")
BEFORE_MS = 120_000
"""A clock that runs does so from shortly before the counters open."""


class Sample(msgspec.Struct, frozen=True):
    name: str
    about: str
    file: str


def show_samples(*, as_json: bool) -> None:
    """Raises Trouble."""
    found = []
    for name in sample_names():
        file = SAMPLES / f"{name}.toml"
        found.append(Sample(name, _load(file, None).about, str(file)))
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for sample in found:
        click.echo(f"{sample.name:<16} {sample.about}")
    click.echo(f"\nhall rehearse DIR --scenario NAME plays one; copy it from {SAMPLES} to change it.")


def check(directory: Path | None, options: dict[str, Any]) -> None:
    """Raises Trouble for options that exclude or need each other."""
    given = [name for name in (*SETTLED, *PERIODS) if options[name] is not None]
    if options["compare"]:
        given += [name for name in OF_A_HALL if options[name]]
        if given:
            raise Trouble(f"--compare plays two scenarios in memory; leave --{_option(given[0])} out")
        if directory is not None:
            raise Trouble(f"--compare makes no hall; leave {directory} out")
        return
    if options["seeds"] is not None:
        raise Trouble("--seeds is for --compare; one day has one --seed")
    if directory is None:
        raise Trouble("DIR is missing; name a new directory for the rehearsal hall, or say --scenarios or --compare")
    if not options["scenario"]:
        return
    if given:
        name = given[0]
        instead = f"is said by the scenario, {SETTLED[name]}" if name in SETTLED else "is for days without a scenario"
        raise Trouble(f"--{name} {instead}; leave --{name} out")
    if options["opening"] is not None and not options["speed"]:
        raise Trouble("--from says from when on a scenario runs at --speed; without it the clock jumps all day long")


def _option(name: str) -> str:
    return {"opening": "from"}.get(name, name)


def find_place(directory: Path, word: str, seed: int) -> tuple[Place, int]:
    """(the scenario's hall, how many will come). Raises Trouble."""
    try:
        place = scenario_place(directory, _load(_find(word), directory), seed)
    except (BundleError, ConfigTrouble, JournalTrouble) as error:
        raise Trouble(str(error)) from None
    assert place.scenario is not None
    return place, len(draw_scenario(place.scenario, place.catalogue, seed).visitors)


def runs_from_ms(place: Place, wanted: dt.datetime | None) -> int:
    """Until then the clock jumps also when it runs. Raises Trouble."""
    assert place.scenario is not None
    rules, day = place.config.rules(place.scenario.date), place.scenario.date
    today = openings(rules, day)
    if wanted is None:
        return today[0].start_ms - BEFORE_MS
    from_ms = moment_ms(rules, day, wanted.time())
    if not today[0].start_ms - rules.issue_before_s * 1000 <= from_ms < today[-1].end_ms:
        raise Trouble(f"--from {wanted:%H:%M} lies outside the hours of the scenario's day; choose a time within them")
    return from_ms


def compare_two(options: dict[str, Any]) -> None:
    """Raises Trouble."""
    a, b = (_load(_find(word), None) for word in options["compare"])
    count = options["seeds"] or SEEDS
    seeds = range(options["seed"], options["seed"] + count)
    with ExitStack() as bars:
        bar: Any = None
        if sys.stderr.isatty():
            bar = bars.enter_context(
                click.progressbar(length=2 * count, label="days", file=own_stderr(), show_pos=True)
            )

        def progress(days: int) -> None:
            if bar is not None:
                bar.update(days)

        compared = compare(a, b, sample_catalogue(), seeds, progress)
    click.echo(msgspec.json.encode(compared).decode() if options["as_json"] else render(compared))


def _find(word: str) -> Path:
    try:
        return find_scenario(word)
    except ScenarioTrouble as error:
        raise Trouble(str(error)) from None


def _load(file: Path, directory: Path | None) -> Scenario:
    """With the catalogue of the hall that is there, if any."""
    try:
        return load_scenario(file, sample_catalogue() if directory is None else catalogue_of(directory))
    except (ScenarioTrouble, ConfigTrouble) as error:
        raise Trouble(str(error)) from None
