"""`hall check`: is this hall fit to open? Each finding is a sentence with the mend."""

import contextlib
import datetime as dt
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

import msgspec
import zmq

from hall_controller.bus.bundle import BundleError, load_bundle
from hall_controller.bus.keys import KeyTrouble, load_devices, load_server_pair, load_token_secret
from hall_controller.bus.wire import decode_event
from hall_controller.checking_bookings import bookings_of
from hall_controller.config import ConfigTrouble, HallConfig, load_catalogue, load_config
from hall_controller.config_hours import HolidayWeekends
from hall_controller.credit.lookup import GROUP
from hall_controller.credit.register import FILE, RegisterTrouble, read_register
from hall_controller.domain.events import TicketCheckedIn, TicketIssued
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.hours import local, next_opening, openings
from hall_controller.i18n.hours import reserve
from hall_controller.journal.journal import Journal, JournalTrouble
from hall_controller.journal.orm import PeeweeException, cause_of, mend_of
from hall_controller.rare_letters import undrawn

PartCheck = Callable[[Path], Iterator[tuple[str, str, str]]]
"""What a part brings as entry point `hall.checks`: yields findings as (subject, level, text)."""


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Works, but not all that one may expect: a hall without a loudspeaker."""
    MEND = "mend"


class Finding(NamedTuple):
    subject: str
    level: Level
    text: str

    @property
    def ok(self) -> bool:
        return self.level is not Level.MEND


def check_hall(directory: Path) -> Iterator[Finding]:
    """All findings, in the order in which one would mend them."""
    for check in (_config, _hours, _bookings, _credit, _keys, _bundles, _journal):
        yield from check(directory)
    # A part checks its own device: the controller knows no printer and no loudspeaker.
    for point in entry_points(group="hall.checks"):
        try:
            check_part: PartCheck = point.load()
        except ModuleNotFoundError as error:
            text = f"needs the Python package {error.name}; install hall-appliance[all]"
            yield Finding(point.name, Level.MEND, text)
            continue
        yield from (Finding(subject, Level(level), text) for subject, level, text in check_part(directory))


def _config(directory: Path) -> Iterator[Finding]:
    try:
        config = load_config(directory)
        yield Finding("settings", Level.OK, f"hall {config.hall.id}, {config.hall.counters} counters")
        catalogue = load_catalogue(directory)
        groups = catalogue.groups()
        yield Finding("matters", Level.OK, f"{sum(map(len, groups.values()))} matters in {len(groups)} groups")
        named = [config.hall.name_zh, *(matter.name_zh for matter in catalogue.matters.values())]
        for letter, name in undrawn(named):
            text = (
                f"{name!r} holds {letter} (U+{ord(letter):04X}), which no font of this box draws; install one that does"
            )
            yield Finding("fonts", Level.NOTE, text)
        for number, narrowing in config.narrow.items():
            for group in narrowing.groups:
                if group not in groups:
                    text = f"hall.toml: narrow.{number} names group {group!r}; the catalogue has {', '.join(groups)}"
                    yield Finding("settings", Level.MEND, text)
    except ConfigTrouble as error:
        yield Finding("settings", Level.MEND, str(error))


def _hours(directory: Path) -> Iterator[Finding]:
    """Of what they say; what they cannot say is a finding of the settings."""
    try:
        config = load_config(directory)
    except ConfigTrouble:
        return
    at_ms = now_in(directory, config)
    today = config.date(at_ms)
    try:
        rules, gaps = config.rules(today), config.gaps(today.year, today)
    except ConfigTrouble as error:
        yield Finding("hours", Level.MEND, str(error))
        return
    # While an opening of today lasts or is to come, that day is today.
    opens = next((one for one in openings(rules, today) if one.end_ms > at_ms), None) or next_opening(rules, at_ms)
    but = reserve(rules, opens.start_ms, at_ms).en if opens else ""
    first = f"the next day it opens is {local(rules, opens.start_ms):%Y-%m-%d}{but}" if opens else "it never opens"
    yield Finding("hours", Level.OK if opens else Level.MEND, f"{first}; `hall hours` shows the month")
    yield Finding("hours", Level.OK, weekends_told(config))
    for gap in gaps:
        yield Finding("hours", Level.NOTE, gap)


def weekends_told(config: HallConfig) -> str:
    """Which rule holds for the weekend days of an announced holiday."""
    if not config.country:
        return "no public holidays are taken; weekend days have the hours of a weekend"
    if config.holiday_weekends is HolidayWeekends.HOLIDAY:
        return "weekend days in or beside an announced holiday belong to it (holiday_weekends of hours.toml)"
    return "weekend days in or beside an announced holiday have weekend hours (holiday_weekends of hours.toml)"


def _bookings(directory: Path) -> Iterator[Finding]:
    """Also while the hall does not run, and when its files were edited but not loaded yet."""
    try:
        booked = bookings_of(directory, load_config(directory))
    except ConfigTrouble:
        return
    if booked is not None and booked.stranded:
        yield Finding("bookings", Level.MEND, booked.sentence)
    elif booked is not None and booked.bookings:
        yield Finding("bookings", Level.OK, f"{booked.bookings} bookings, all for half hours in which the hall is open")


def _credit(directory: Path) -> Iterator[Finding]:
    """Without ratings no subsidy can be accepted; a source that was installed is asked by its own program alone."""
    try:
        credit = load_config(directory).credit
    except ConfigTrouble:
        return
    if credit.source != "csv":
        known = any(entry_points(group=GROUP, name=credit.source))
        text = f"source {credit.source!r}" + ("" if known else ' is not installed; install its package, or set "csv"')
        yield Finding("credit", Level.OK if known else Level.MEND, text)
        return
    try:
        count = len(read_register(directory / str(credit.options.get("file", FILE))))
        yield Finding("credit", Level.OK, f"{count} ratings; whoever is not among them is ordinary")
    except RegisterTrouble as error:
        yield Finding("credit", Level.MEND, f"{error}; until then no subsidy is accepted")


def today_in(directory: Path, config: HallConfig) -> dt.date:
    """The hall's local date."""
    return config.date(now_in(directory, config))


def now_in(directory: Path, config: HallConfig) -> int:
    """By the wall, but in a rehearsal hall by the clock of its journal."""
    at_ms = time.time_ns() // 1_000_000
    if config.hall.rehearsal:
        with contextlib.suppress(JournalTrouble, sqlite3.Error), Journal(directory, read_only=True) as journal:
            at_ms = journal.load().at_ms
    return at_ms


def _keys(directory: Path) -> Iterator[Finding]:
    try:
        pair = load_server_pair(directory)
        if zmq.curve_public(pair.secret_key.encode()).decode() != pair.public_key:
            yield Finding("keys", Level.MEND, "keys/server.toml: the keys are not a pair; restore a backup")
        load_token_secret(directory)
        yield Finding("keys", Level.OK, f"{len(load_devices(directory))} devices enrolled")
        for file in (directory / "keys").iterdir():
            if file.stat().st_mode & 0o077:
                yield Finding("keys", Level.MEND, f"{file} can be read by others; chmod 600 it")
    except (KeyTrouble, OSError, zmq.ZMQError) as error:
        yield Finding("keys", Level.MEND, str(error))


def _bundles(directory: Path) -> Iterator[Finding]:
    try:
        devices = load_devices(directory)
    except KeyTrouble:
        return
    for name, device in devices.items():
        if not (directory / "devices" / f"{name}.toml").exists():
            continue  # carried to its box and deleted here: as it should be
        try:
            bundle = load_bundle(directory, name)
        except BundleError as error:
            yield Finding("devices", Level.MEND, str(error))
            continue
        if bundle.public_key != device.public_key:
            text = f"devices/{name}.toml is not the bundle that is enrolled; revoke {name} and enroll it again"
            yield Finding("devices", Level.MEND, text)


def _journal(directory: Path) -> Iterator[Finding]:
    try:
        with Journal(directory, read_only=True) as journal:
            broken = journal.integrity()
            if broken:
                yield Finding("journal", Level.MEND, f"hall.db is damaged: {broken}; restore a backup")
                return
            yield from _replay(journal)
    except JournalTrouble as error:
        yield Finding("journal", Level.MEND, str(error))
    except (PeeweeException, sqlite3.Error) as error:
        yield Finding("journal", Level.MEND, f"hall.db cannot be read: {cause_of(error)}; {mend_of(error)}")


def _replay(journal: Journal) -> Iterator[Finding]:
    """Every event applies, no number twice in a day, and the checkpoint is what the events say."""
    hall, given = Hall(), set[tuple[str, str]]()
    for body in journal.bodies():
        try:
            event = decode_event(body)
            evolve(hall, event)
        except (msgspec.DecodeError, ValueError, LookupError, AssertionError) as error:
            shown = json.dumps(body[:80].decode("utf-8", "replace"))
            text = f"event {hall.seq + 1} does not replay: {error!r} ({shown}); restore a backup"
            yield Finding("journal", Level.MEND, text)
            return
        if isinstance(event, TicketIssued | TicketCheckedIn):
            key = (event.service_day, event.number)
            if key in given:
                yield Finding("journal", Level.MEND, f"number {event.number} was given twice on {event.service_day}")
            given.add(key)
    if journal.load() != hall:
        yield Finding("journal", Level.MEND, "the checkpoint differs from the events; delete it: it is made anew")
    else:
        yield Finding("journal", Level.OK, f"{hall.seq} events replay, {len(given)} numbers, none twice in a day")
