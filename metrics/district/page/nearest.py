"""What the hotline asks: which open hall near this community waits least."""

import re
from collections.abc import Iterator

import msgspec

from metrics.district.inventory import DISTRICT_LEVEL, HallEntry, Inventory, SelfService
from metrics.district.page.picture import HallNow, Picture, State

NEAR = 1
"""So many streets away is still a neighbour."""


class Place(msgspec.Struct, frozen=True):
    """What was searched for: a hall, or a whole street."""

    street: str
    hall: HallEntry | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    place: Place
    here: tuple[HallNow, ...]
    """Open halls of the same street, the shortest wait first."""
    near: tuple[HallNow, ...]
    """Those of the streets beside it and the district's own; where none of these is open, of the next ones on."""
    areas: tuple[SelfService, ...]
    """Machines of the street, open day and night."""


def plain(text: str) -> str:
    return re.sub(r"[^\w\s]", "", text.casefold())


def words_of(text: str) -> list[str]:
    """As people type it: `xinan 3` and `新安3` both mean Xin'an Community 3."""
    return re.findall(r"\d+|[^\W\d]+", plain(text))


def english(inventory: Inventory, street: str) -> str:
    """A street's name in English, taken from its own hall's."""
    seat = next((hall for hall in inventory.hall if hall.street == street and hall.tier == "street"), None)
    return re.sub(r"\s+(Sub-?district|Street)?\s*(Government\s+)?Service.*$", "", seat.name_en) if seat else ""


def search(inventory: Inventory, text: str, most: int = 8) -> list[Place]:
    """The places meant, the likeliest first; none for an empty text."""
    words = words_of(text)
    if not words:
        return []
    found = []
    for street in inventory.streets:
        named = f"{street}街道 {plain(english(inventory, street))} street"
        if all(word in named for word in words):
            found.append((0, 0, Place(street)))
    for index, hall in enumerate(inventory.hall):
        named = plain(f"{hall.id} {hall.street} {hall.name_zh} {hall.name_en}")
        if all(_is_in(word, named) for word in words):
            rank = -1 if plain(hall.id) == plain(text).strip() else 1
            found.append((rank, index, Place(hall.street, hall)))
    return [place for _, _, place in sorted(found, key=lambda one: one[:2])][:most]


def _is_in(word: str, named: str) -> bool:
    """1 is in `第1社区` and not in `第11社区`."""
    return re.search(rf"(?<!\d){word}(?!\d)", named) is not None if word.isdecimal() else word in named


def distance(inventory: Inventory, one: str, other: str) -> int:
    """How many streets apart, on the inventory's map; without a map, in the order of its streets."""
    if one == other:
        return 0
    if DISTRICT_LEVEL in {one, other}:
        return NEAR  # everybody's
    places = dict(_places(inventory))
    (row, column), (other_row, other_column) = places[one], places[other]
    return abs(row - other_row) + abs(column - other_column)


def _places(inventory: Inventory) -> Iterator[tuple[str, tuple[int, int]]]:
    rows = inventory.map or tuple((street,) for street in inventory.streets)
    for row, streets in enumerate(rows):
        for column, street in enumerate(streets):
            yield street, (row, column)


def answer(inventory: Inventory, picture: Picture, place: Place, most: int = 3) -> Answer:
    able = [hall for hall in picture.halls.values() if hall.state is State.OPEN]
    able.sort(key=lambda hall: (hall.wait_s or 0, hall.queue, hall.entry.id))
    away = [(distance(inventory, place.street, hall.entry.street), hall) for hall in able]
    here = [hall for far, hall in away if far == 0]
    # The next ring that has an open hall: at noon that may be the district's alone.
    ring = min((far for far, _ in away if far > 0), default=NEAR)
    near = [hall for far, hall in away if 0 < far <= max(ring, NEAR)]
    areas = tuple(area for area in inventory.self_service if area.street == place.street)
    return Answer(place=place, here=tuple(here[:most]), near=tuple(near[:most]), areas=areas)
