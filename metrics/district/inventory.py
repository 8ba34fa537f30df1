"""The inventory: which halls and self-service areas the district has. Every mistake is named by file, line and mend."""

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from hall_controller.domain.plain_text import NotPlain
from hall_controller.domain.rules import Tier
from hall_controller.domain.text_files import NotText, checked_settings, decoded, why_unread

DISTRICT_LEVEL = "区级"
"""Stands as the street of the district's own hall, which is in none of the streets' accounts."""
ID = r"[A-Za-z0-9-]{1,16}"
HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"


class InventoryTrouble(Exception):
    """One sentence for each mistake: file, line, value, mend."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read from TOML: an unknown key is a typing error and not a wish."""


class HallEntry(Table, frozen=True, kw_only=True):
    id: str
    tier: Tier
    street: str = DISTRICT_LEVEL
    """Left out for the district's own hall."""
    name_zh: str
    name_en: str
    counters: int
    host: str
    commands: int = 5701
    """Port of the bus for requests."""
    events: int = 5702
    """Port of the bus for events."""
    metrics: int = 5706
    """Port that Prometheus scrapes."""

    @property
    def ports(self) -> dict[str, int]:
        return {"commands": self.commands, "events": self.events, "metrics": self.metrics}


class SelfService(Table, frozen=True, kw_only=True):
    """A room with machines, open at any hour; it has no counters and no controller."""

    id: str
    street: str
    name_zh: str
    name_en: str
    address: str
    round_the_clock: bool = True


class Counts(Table, frozen=True, kw_only=True):
    """How many there must be, so that a hall left out by mistake is noticed."""

    district: int
    street: int
    community: int
    self_service: int


class Inventory(Table, frozen=True, kw_only=True):
    name_zh: str
    name_en: str
    sample: bool = False
    """Made up, to try things out; said wherever the inventory is listed."""
    hours: str = "hours.toml"
    """The file of opening hours by tier that goes to every hall."""
    agents: tuple[str, ...] = ()
    """Ids of halls behind a firewall: the district does not scrape them, their own Prometheus sends the figures."""
    streets: tuple[str, ...]
    map: tuple[tuple[str, ...], ...] = ()
    """Rows of streets as they lie, the northern first: for the district page, and for who is a neighbour."""
    counts: Counts
    hall: tuple[HallEntry, ...]
    self_service: tuple[SelfService, ...] = ()

    def find(self, hall: str) -> HallEntry | None:
        return next((entry for entry in self.hall if entry.id == hall), None)


def load_inventory(file: Path) -> Inventory:
    """Raises InventoryTrouble with all mistakes that can be seen at once."""
    try:
        text = decoded(file.read_bytes())
        values = checked_settings(tomllib.loads(text))
    except FileNotFoundError:
        raise InventoryTrouble(f"{file}: no such inventory; `hall district halls --sample` prints one") from None
    except (OSError, NotText) as error:
        raise InventoryTrouble(f"{file}: cannot be read: {why_unread(error)}; it must be text in UTF-8") from None
    except NotPlain as error:
        raise InventoryTrouble(f"{file}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        what, _, at = str(error).partition(" (at ")
        line = next(iter(re.findall(r"line (\d+)", at)), str(text.count("\n") + 1))
        mend = "check the quotes, brackets and equals signs"
        raise InventoryTrouble(f"{file}, line {line}: not TOML: {what}; {mend}") from None
    lines = _Lines(text)
    try:
        inventory = msgspec.convert(values, Inventory)
    except msgspec.ValidationError as error:
        line_number, sentence = _shape_mistake(lines, values, str(error))
        raise InventoryTrouble(f"{file}, line {line_number}: {sentence}") from None
    found = sorted(_mistakes(inventory, lines))
    if found:
        raise InventoryTrouble(*(f"{file}, line {line_number}: {sentence}" for line_number, sentence in found))
    return inventory


Place = tuple[str, int, str]
"""Which table, which of its kind, which key; empty for the top of the file and for the table itself."""


class _Lines:
    """Where each table and key of the inventory stands."""

    def __init__(self, text: str) -> None:
        self._found: dict[Place, int] = {}
        table, counts = "", dict[str, int]()
        for number, line in enumerate(text.splitlines(), 1):
            if header := re.match(r"\s*\[\[?\s*([\w-]+)", line):
                table = header[1]
                counts[table] = counts.get(table, -1) + 1
                self._found[table, counts[table], ""] = number
            elif pair := re.match(r"\s*([\w-]+)\s*=", line):
                self._found[table, counts.get(table, 0), pair[1]] = number

    def of(self, table: str = "", index: int = 0, key: str = "") -> int:
        """The key's line; the table's where the key is left out."""
        return self._found.get((table, index, key)) or self._found.get((table, index, "")) or 1


def _shape_mistake(lines: _Lines, values: dict[str, Any], message: str) -> tuple[int, str]:
    """msgspec's message, as a sentence with its line."""
    what, _, path = message.partition(" - at ")
    named = re.match(r"`\$\.?(\w*)(?:\[(\d+)\])?(?:\.(\w+))?", path)
    first, index, key = (named[1], int(named[2] or 0), named[3] or "") if named else ("", 0, "")
    is_table = isinstance(values.get(first), list | dict) and first in Inventory.__struct_fields__
    table = first if is_table and first != "streets" else ""
    field = next(iter(re.findall(r"field `(\w+)`", what)), "")
    key = key or field or ("" if table else first)
    line = lines.of(table, index, key)
    where = f"[{table}] " if table else ""
    if "unknown field" in what:
        return line, f"{where}there is no key {key!r}; take it out, or check its spelling"
    if "missing required" in what:
        return line, f"{where}has no {key!r}; add {key} = …"
    value = values.get(table) if table else values
    if isinstance(value, list):
        value = value[index]
    shown = value.get(key) if isinstance(value, dict) else value
    if "enum" in what:
        return line, f"{where}{key} is {shown!r}; use one of {', '.join(Tier)}"
    wanted = what.removeprefix("Expected ").replace("`", "").split(", got")[0]
    return line, f"{where}{key} is {shown!r}; write a value of type {wanted}"


Mistake = tuple[int, str]


def _mistakes(inventory: Inventory, lines: _Lines) -> Iterator[Mistake]:
    for index, hall in enumerate(inventory.hall):
        yield from (
            (lines.of("hall", index, key), f"hall {hall.id}: {said}") for key, said in _of_hall(hall, inventory)
        )
    for index, area in enumerate(inventory.self_service):
        if area.street not in inventory.streets:
            line = lines.of("self_service", index, "street")
            yield line, f"self-service area {area.id}: street is {area.street!r}; {_one_of(inventory.streets)}"
    ids = [
        *((entry.id, ("hall", index, "id")) for index, entry in enumerate(inventory.hall)),
        *((area.id, ("self_service", index, "id")) for index, area in enumerate(inventory.self_service)),
    ]
    for line, value, _, before in _twice(ids, lines):
        yield line, f"id {value} is given twice, first in line {before}; give each hall and area its own"
    places = [
        (f"{hall.host}:{port}", ("hall", index, name))
        for index, hall in enumerate(inventory.hall)
        for name, port in hall.ports.items()
    ]
    for line, value, key, before in _twice(places, lines):
        yield line, f"{key}: {value} is taken already in line {before}; give another host or port"
    for index, street in enumerate(inventory.streets):
        if street in inventory.streets[:index]:
            yield lines.of("", 0, "streets"), f"streets names {street!r} twice; name each street once"
    yield from ((lines.of("", 0, "map"), said) for said in _of_map(inventory))
    yield from ((lines.of("", 0, "agents"), said) for said in _of_agents(inventory))
    yield from ((lines.of("counts", 0, key), said) for key, said in _counted(inventory))


def _of_map(inventory: Inventory) -> Iterator[str]:
    on_map = [street for row in inventory.map for street in row]
    for index, street in enumerate(on_map):
        if street not in inventory.streets:
            yield f"map names {street!r}; {_one_of(inventory.streets)}"
        elif street in on_map[:index]:
            yield f"map names {street!r} twice; a street lies in one place"
    for street in inventory.streets if on_map else ():
        if street not in on_map:
            yield f"map leaves out {street!r}; give each street its place, or no map"


def _of_agents(inventory: Inventory) -> Iterator[str]:
    for index, hall in enumerate(inventory.agents):
        if inventory.find(hall) is None:
            yield f"agents names {hall!r}, which is no hall of this file; use the id of one, or take it out"
        elif hall in inventory.agents[:index]:
            yield f"agents names {hall!r} twice; name each hall once"


def _of_hall(hall: HallEntry, inventory: Inventory) -> Iterator[tuple[str, str]]:
    """The key of each mistake, and the mistake."""
    if not re.fullmatch(ID, hall.id):
        yield "id", f"id {hall.id!r} is not 1 to 16 letters, digits or dashes; write e.g. 'BA001'"
    if hall.tier is Tier.DISTRICT and hall.street != DISTRICT_LEVEL:
        yield "street", f"street is {hall.street!r}, but a hall of the district is in no street; take the line out"
    elif hall.tier is not Tier.DISTRICT and hall.street not in inventory.streets:
        said = "left out" if hall.street == DISTRICT_LEVEL else repr(hall.street)
        yield "street", f"street is {said}; {_one_of(inventory.streets)}"
    if not 1 <= hall.counters <= 200:
        yield "counters", f"counters is {hall.counters}; a hall has 1 to 200"
    if not re.fullmatch(HOST, hall.host):
        yield "host", f"host is {hall.host!r}; write a name or an IPv4 address, without a port"
    for name, port in hall.ports.items():
        if not 0 < port < 65_536:
            yield name, f"{name} is {port}; a port is 1 to 65535"


def _one_of(streets: Iterable[str]) -> str:
    return f"use one of {', '.join(streets)}"


def _twice(values: Iterable[tuple[str, Place]], lines: _Lines) -> Iterator[tuple[int, str, str, int]]:
    """Of each value that was there before: its line, the value, its key, the first one's line."""
    first: dict[str, int] = {}
    for value, place in values:
        line = lines.of(*place)
        if value in first:
            yield line, value, place[2], first[value]
        first.setdefault(value, line)


def _counted(inventory: Inventory) -> Iterator[tuple[str, str]]:
    tiers = [hall.tier for hall in inventory.hall]
    for tier, expected in zip(
        Tier, (inventory.counts.district, inventory.counts.street, inventory.counts.community), strict=True
    ):
        if tiers.count(tier) != expected:
            mend = "add or remove halls, or correct the number"
            yield tier.value, f"[counts] {tier} = {expected}, but the file lists {tiers.count(tier)} such halls; {mend}"
    if len(inventory.self_service) != inventory.counts.self_service:
        listed, expected = len(inventory.self_service), inventory.counts.self_service
        mend = "add or remove areas, or correct the number"
        yield "self_service", f"[counts] self_service = {expected}, but the file lists {listed} areas; {mend}"


def by_street(inventory: Inventory) -> dict[str, list[HallEntry]]:
    """Street by street as the inventory names them, the district's own hall first."""
    order = (DISTRICT_LEVEL, *inventory.streets)
    halls = sorted(inventory.hall, key=lambda hall: (order.index(hall.street), list(Tier).index(hall.tier), hall.id))
    return {street: list(group) for street, group in itertools.groupby(halls, key=lambda hall: hall.street)}
