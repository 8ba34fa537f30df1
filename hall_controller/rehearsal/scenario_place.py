"""The rehearsal hall of a scenario: made with its settings, or one that was made with the same."""

import datetime as dt
import hashlib
import random
import re
from pathlib import Path

import msgspec
from msgspec.structs import replace

from hall_controller.config import CATALOGUE, CONFIG, load_catalogue, load_config
from hall_controller.domain.hall import Hall
from hall_controller.domain.hours import moment_ms
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Rules
from hall_controller.journal.journal import Journal
from hall_controller.making import free_port, make_hall
from hall_controller.part import Trouble
from hall_controller.rehearsal.place import (
    HALL_ID,
    NAMES,
    WAKES,
    Place,
    Wish,
    is_new,
    must_be_rehearsal,
    sample_catalogue,
)
from hall_controller.rehearsal.scenario import Scenario

SETTINGS = ("tier", "counters", "policy", "favoured_limit", "mode", "last_ticket_s", "hours", "roster")
"""What a scenario settles of a hall."""
WEEK = dt.timedelta(days=7)


def catalogue_of(directory: Path) -> Catalogue:
    """By which a scenario's matters are looked up: the hall's, or of one that will be made. Raises ConfigTrouble."""
    return load_catalogue(directory) if (directory / CATALOGUE).exists() else sample_catalogue()


def scenario_place(directory: Path, scenario: Scenario, seed: int) -> Place:
    """Make the hall of the scenario, or take one that is there on its next such weekday.

    Raises Trouble for a real hall's directory and for a hall with other settings; ConfigTrouble, JournalTrouble.
    """
    if is_new(directory):
        _make(directory, scenario, seed)
    else:
        must_be_rehearsal(directory, Wish(visitors=1, seed=seed))
    config = load_config(directory)
    with Journal(directory, read_only=True) as journal:
        hall = journal.load()
    day = _next_day(config.rules(scenario.date), scenario.date, hall)
    rules = config.rules(day)
    wanted = scenario.rules()
    for name in SETTINGS:
        if getattr(rules, name) != getattr(wanted, name):
            raise Trouble(f"{directory}: its {name} is not that of the scenario {scenario.name!r}; {_MEND}")
    return Place(
        directory,
        config,
        load_catalogue(directory),
        moment_ms(rules, day, dt.time()),
        hall.seq + 1,
        scenario=replace(scenario, date=day),
    )


_MEND = "rehearse in a new directory"


def _next_day(rules: Rules, day: dt.date, hall: Hall) -> dt.date:
    """The scenario's day, or the first such weekday that has not begun in this hall."""
    while hall.at_ms >= moment_ms(rules, day, WAKES) or _has_begun(hall, day):
        day += WEEK
    return day


def _has_begun(hall: Hall, day: dt.date) -> bool:
    return bool(hall.service_day) and hall.opening is not None and day.isoformat() <= hall.service_day


def _make(directory: Path, scenario: Scenario, seed: int) -> None:
    rules = scenario.rules()
    make_hall(
        directory,
        HALL_ID,
        scenario.tier,
        scenario.counters,
        names=NAMES,
        port=free_port(20_000 + 10 * random.SystemRandom().randrange(1_000)),
        rehearsal=True,
        epoch=hashlib.sha256(f"rehearsal {seed}".encode()).hexdigest()[:8],
        at_ms=moment_ms(rules, scenario.date, dt.time()),
    )
    file = directory / CONFIG
    file.write_text(_settled(file.read_text("utf-8"), rules, scenario.name), "utf-8")


def _settled(text: str, rules: Rules, name: str) -> str:
    """hall.toml with what the scenario says; public holidays move none of its days."""
    lines = {
        "mode": f'"{rules.mode}"',
        "policy": f'"{rules.policy}"',
        "favoured_limit": str(rules.favoured_limit),
        "last_ticket_s": str(rules.last_ticket_s),
    }
    for key, value in lines.items():
        text, found = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value} ", text, count=1)
        assert found, f"the settings of a new hall have {key}"
    text, found = re.subn(r'(?m)^# country = "\w*" *', 'country = ""  ', text, count=1)
    assert found, "the settings of a new hall name the country"
    tables = [("hours", rules.hours), ("roster", rules.roster)]
    added = [f"\n# --- of the scenario {msgspec.json.encode(name).decode()} ---\n"]
    added += [_table(name, msgspec.to_builtins(window)) for name, windows in tables for window in windows]
    return text + "".join(added)


def _table(name: str, values: dict[str, object]) -> str:
    lines = [f"\n[[{name}]]"]
    for key, value in values.items():
        if value not in ((), []):
            is_time = key in ("start", "end")
            lines.append(f"{key} = {value if is_time else msgspec.json.encode(value).decode()}")
    return "\n".join(lines) + "\n"
