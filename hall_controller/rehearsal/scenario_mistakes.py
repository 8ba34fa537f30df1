"""What in a scenario does not fit together, each with the key that is to be mended."""

import datetime as dt
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise

from hall_controller.config_mistakes import Key
from hall_controller.domain.hours import Opening, local, openings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.record import COUNTERS_MAX
from hall_controller.domain.rules import Rules, must_not_overlap
from hall_controller.rehearsal.scenario_file import MINUTES_MOST, TAKES, VISITORS_MOST, Mishap, Scenario

Found = Iterator[tuple[Key, str]]
ONCE = (Mishap.EMERGENCY, Mishap.EXTENSION)
EXTENSION_MOST = MINUTES_MOST


def mistakes(scenario: Scenario, catalogue: Catalogue) -> Found:
    """(where, sentence); those that the others build on come first."""
    yield from _of_counters(scenario)
    try:
        for span in scenario.hours:
            for day in span.days:
                must_not_overlap((one for one in scenario.hours if day in one.days), day)
        rules = scenario.rules()
    except ValueError as error:
        yield (), str(error)
        return
    yield from _of_matters(scenario, catalogue)
    yield from _of_hours(scenario, rules)
    yield from _of_incidents(scenario)


def _of_counters(scenario: Scenario) -> Found:
    counters = scenario.counters
    if not 1 <= counters <= COUNTERS_MAX:
        yield ("counters",), f"counters is {counters}; a hall has 1 to {COUNTERS_MAX}"
        return
    here = f"the hall has counters 1 to {counters}"
    if scenario.trainee is not None and not 1 <= scenario.trainee <= counters:
        yield ("trainee",), f"trainee is {scenario.trainee}; {here}"
    for n, span in enumerate(scenario.roster):
        if span.counters > counters:
            key = ("roster", n, "counters")
            yield key, f"roster counters is {span.counters}, but the hall has {counters}; plan no more of them"
    for n, one in enumerate(scenario.incident):
        if one.counter is not None and not 1 <= one.counter <= counters:
            yield ("incident", n, "counter"), f"incident counter is {one.counter}; {here}"
    in_order = sorted(enumerate(scenario.roster), key=lambda item: item[1].start)
    for (_, before), (n, after) in pairwise(in_order):
        if after.start < before.end:
            yield ("roster", n, "start"), _overlaps("roster", after.start, before.end)


def _of_matters(scenario: Scenario, catalogue: Catalogue) -> Found:
    seen: set[str] = set()
    for n, wanted in enumerate(scenario.matters):
        key: Key = ("matters", n, "code")
        if wanted.code not in catalogue.matters:
            near = get_close_matches(wanted.code, catalogue.matters, 1)
            mend = f"did you mean {near[0]!r}?" if near else "hall matters lists them"
            yield key, f"matters code {wanted.code!r} is not in the catalogue; {mend}"
        if wanted.code in seen:
            yield key, f"matters code {wanted.code!r} is named twice; add up its shares in one place"
        seen.add(wanted.code)
    if scenario.matters and not any(wanted.share for wanted in scenario.matters):
        yield ("matters", 0, "share"), "matters share is 0 of all of them; give one of them more"


# --- times ---------------------------------------------------------------------------------------


def _of_hours(scenario: Scenario, rules: Rules) -> Found:
    if not scenario.arrivals and scenario.half_hours is None:
        yield (), "names no visitors; add [[arrivals]] with start, end and visitors, or [half_hours]"
    total = sum(stretch.visitors for stretch in scenario.coming())
    if total > VISITORS_MOST:
        key: Key = ("arrivals", len(scenario.arrivals) - 1, "visitors") if scenario.arrivals else ("half_hours",)
        yield key, f"arrivals visitors are {total:g} in all; give {VISITORS_MOST} at most"
    today = openings(rules, scenario.date)
    if not today:
        day = f"{scenario.date}, a {scenario.date:%A}"
        yield ("date",), f"date: by its hours the hall is shut on {day}; choose another, or give it hours then"
        return
    yield from _of_arrivals(scenario, rules, today)
    hours = _hours(rules, today)
    begins, ends = local(rules, today[0].start_ms).time(), local(rules, today[-1].end_ms).time()
    for n, span in enumerate(scenario.roster):
        if span.end <= begins or span.start >= ends:
            yield ("roster", n, "start"), _outside(f"roster {span.start} to {span.end}", hours)
    for n, one in enumerate(scenario.incident):
        if not begins <= one.at < ends:
            yield ("incident", n, "at"), _outside(f"incident at {one.at}", hours)


def _of_arrivals(scenario: Scenario, rules: Rules, today: list[Opening]) -> Found:
    begins = local(rules, today[0].start_ms - rules.issue_before_s * 1000).time()
    longer = sum(one.lasts_minutes for one in scenario.of_kind(Mishap.EXTENSION))
    end = local(rules, today[-1].end_ms + longer * 60_000)
    ends = end.time() if end.date() == scenario.date else dt.time.max
    for n, stretch in enumerate(scenario.arrivals):
        if stretch.end <= begins or stretch.start >= ends:
            yield ("arrivals", n, "start"), _outside(f"arrivals {stretch.start} to {stretch.end}", _hours(rules, today))
    keys: list[Key] = [("arrivals", n, "start") for n in range(len(scenario.arrivals))]
    keys += [("half_hours", "start")] * (len(scenario.coming()) - len(keys))
    in_order = sorted(zip(scenario.coming(), keys, strict=True), key=lambda item: item[0].start)
    for (before, _), (after, key) in pairwise(in_order):
        if after.start < before.end:
            yield key, _overlaps("arrivals", after.start, before.end)


def _overlaps(what: str, start: dt.time, end: dt.time) -> str:
    mend = "let the one begin where the other ends"
    return f"{what} start {start} lies before end {end} of another: two stretches overlap; {mend}"


def _hours(rules: Rules, today: list[Opening]) -> str:
    return " and ".join(f"{local(rules, one.start_ms):%H:%M} to {local(rules, one.end_ms):%H:%M}" for one in today)


def _outside(what: str, hours: str) -> str:
    return f"{what} lies outside the hours of that day, {hours}; choose a time within them"


# --- incidents -----------------------------------------------------------------------------------


def _of_incidents(scenario: Scenario) -> Found:
    for n, one in enumerate(scenario.incident):
        takes = TAKES[one.kind]
        for name in ("until", "counter", "minutes", "visitors", "times", "reason"):
            if getattr(one, name) is not None and name not in takes:
                other = f"it takes {' and '.join(('at', *takes))}" if takes else "it takes at alone"
                yield ("incident", n, name), f"incident {one.kind} has no {name}; {other}"
        if one.counter is not None and one.counter == scenario.trainee:
            mend = "choose another counter, or leave it to whoever is trained"
            yield ("incident", n, "counter"), f"incident counter {one.counter} is the trainee's; {mend}"
        if one.kind in ONCE and any(before.kind is one.kind for before in scenario.incident[:n]):
            yield ("incident", n, "kind"), f"incident {one.kind} is there twice; a day has one at most"
