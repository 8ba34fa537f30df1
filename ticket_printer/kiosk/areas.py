"""The self-service areas that are open round the clock: read from a CSV file, the nearest first."""

import csv
import io
import math
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

import msgspec

from hall_controller.domain.matters import Catalogue, Matter
from hall_controller.domain.plain_text import NotPlain, checked_text
from hall_controller.domain.text_files import NotText, decoded
from hall_controller.part import Trouble

COLUMNS = (
    "name_zh",
    "name_en",
    "address_zh",
    "address_en",
    "latitude",
    "longitude",
    "services_zh",
    "services_en",
)
DOES = "does"
"""The one column that may be left out."""
LIMITS = {"latitude": 90.0, "longitude": 180.0}
MAX_LETTERS = 200
MAX_SERVICES = 12
"""More do not fit on a page, nor into anyone's memory."""
EARTH_KM = 6371.0


class Area(msgspec.Struct, frozen=True, kw_only=True):
    name_zh: str
    name_en: str
    address_zh: str
    address_en: str
    latitude: float
    longitude: float
    services_zh: tuple[str, ...]
    services_en: tuple[str, ...]
    does: frozenset[str] = frozenset()
    """Codes of matters and names of departments whose matters its machines do; empty: all that a machine can do."""

    def can_do(self, matter: Matter) -> bool:
        return not self.does or matter.code in self.does or matter.department in self.does


class Found(msgspec.Struct, frozen=True):
    """An area and how far away it is."""

    area: Area
    km: float | None
    """None where hall.toml does not say where the hall is."""


class AreasError(ValueError):
    """Every bad row, each with row, column, value and mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems[:10]) + (f"; and {len(problems) - 10} more" if len(problems) > 10 else ""))
        self.problems = problems


def load_areas(path: Path, setting: str) -> tuple[Area, ...]:
    """Those of the file in the hall's directory (or beside the bundle), or the sample. Raises Trouble."""
    if not setting:
        return parse_areas((files("ticket_printer.kiosk") / "data" / "areas.csv").read_text("utf-8"))
    file = (path if path.is_dir() else path.parent) / setting
    try:
        return parse_areas(decoded(file.read_bytes()))
    except OSError as error:
        raise Trouble(f"areas = {setting!r}: {file}: {error.strerror}; name a CSV file or take the line out") from None
    except NotText as error:
        raise Trouble(f"{file}: {error}; save the file as CSV in UTF-8") from None
    except AreasError as error:
        raise Trouble(f"{file}: {error}") from None


def parse_areas(text: str) -> tuple[Area, ...]:
    """From CSV; services, and what an area does, are separated by `;`. Raises AreasError: all or nothing."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    areas: list[Area] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    try:
        if wrong := _heading_problems(tuple(reader.fieldnames or ())):
            raise AreasError(wrong)
        for row in reader:
            line = reader.line_num
            cell = {column: (row.get(column) or "").strip() for column in (*COLUMNS, DOES)}
            wrong = [*_plain(cell), *_problems(cell)]
            if cell["name_zh"] in seen:
                wrong.append(f"name_zh {cell['name_zh']!r} is that of row {seen[cell['name_zh']]} too; tell them apart")
            seen.setdefault(cell["name_zh"], line)
            problems += [f"row {line}: {problem}" for problem in wrong]
            if not wrong:
                areas.append(_area(cell))
    except csv.Error as error:
        problems.append(f"row {reader.line_num + 1}: {error}; save the file as CSV in UTF-8")
    if problems:
        raise AreasError(problems)
    return tuple(areas)


def _heading_problems(heading: tuple[str, ...]) -> list[str]:
    """A column of one's own is let be, unless it looks like one of ours with a slip in it."""
    missing = [column for column in COLUMNS if column not in heading]
    if missing:
        return [f"row 1: column {', '.join(missing)} is missing; add it to the heading"]
    unused = [column for column in (DOES,) if column not in heading]
    near = {name: get_close_matches(name.strip().lower(), unused, 1, 0.6) for name in heading if name not in COLUMNS}
    return [f"row 1: column {name[:20]!r} is unknown; did you mean {ours[0]}?" for name, ours in near.items() if ours]


def _plain(cell: dict[str, str]) -> list[str]:
    """Makes each cell plain text; a sentence for each that is not."""
    wrong = []
    for column, value in cell.items():
        try:
            cell[column] = checked_text(value)
        except NotPlain as error:
            wrong.append(f"{column} {value[:20]!r} {error}")
    return wrong


def _problems(cell: dict[str, str]) -> list[str]:
    found = [f"{column} is empty; fill it in" for column in COLUMNS if not cell[column]]
    found += [
        f"{column} {cell[column][:20]!r}… has {len(cell[column])} letters; use {MAX_LETTERS} at most"
        for column in COLUMNS[:4]
        if len(cell[column]) > MAX_LETTERS
    ]
    found += [
        f"{column} {cell[column]!r} is not a number from -{limit:g} to {limit:g}; write e.g. 22.5561"
        for column, limit in LIMITS.items()
        if cell[column] and not _is_within(cell[column], limit)
    ]
    found += [
        f"{column} names {len(_split(cell[column]))} services; name {MAX_SERVICES} at most"
        for column in COLUMNS[6:]
        if len(_split(cell[column])) > MAX_SERVICES
    ]
    return found


def _is_within(text: str, limit: float) -> bool:
    try:
        return -limit <= float(text) <= limit
    except ValueError:
        return False


def _area(cell: dict[str, str]) -> Area:
    return Area(
        name_zh=cell["name_zh"],
        name_en=cell["name_en"],
        address_zh=cell["address_zh"],
        address_en=cell["address_en"],
        latitude=float(cell["latitude"]),
        longitude=float(cell["longitude"]),
        services_zh=_split(cell["services_zh"]),
        services_en=_split(cell["services_en"]),
        does=frozenset(_split(cell[DOES])),
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.replace("；", ";").split(";") if part.strip())


def nearest(areas: tuple[Area, ...], here: tuple[float, float] | None) -> tuple[Found, ...]:
    """By distance as the crow flies; as in the file when nobody said where the hall is."""
    if here is None:
        return tuple(Found(area, None) for area in areas)
    found = [Found(area, distance_km(here, (area.latitude, area.longitude))) for area in areas]
    return tuple(sorted(found, key=lambda one: one.km or 0.0))


def unknown_names(areas: Iterable[Area], catalogue: Catalogue) -> list[str]:
    """What areas are said to do and no matter of the hall is called: a sentence each, in the order of the file."""
    known = {name for matter in catalogue.matters.values() for name in (matter.code, matter.department)}
    return [
        f"{area.name_zh}: does {name[:40]!r} is neither the code of a matter of this hall nor a department; mend it"
        for area in areas
        for name in sorted(area.does - known)
    ]


def nearest_doing(found: tuple[Found, ...], matter: Matter) -> Found | None:
    """The first of those in their order whose machines do the matter."""
    return next((one for one in found if one.area.can_do(matter)), None)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the earth's surface (haversine), between two places in degrees of latitude and longitude."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))
