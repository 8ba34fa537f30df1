"""The catalogue of matters: what visitors come for."""

import csv
import io
from enum import StrEnum

import msgspec


class Subject(StrEnum):
    """Whose matter it is."""

    NATURAL = "natural"
    LEGAL = "legal"
    CONVENIENCE = "convenience"


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name_zh: str
    name_en: str
    subject: Subject
    group: str
    """Key of its button on the kiosk and of its number series, e.g. `business`."""
    group_zh: str
    group_en: str
    usual_minutes: float
    documents_zh: tuple[str, ...] = ()
    documents_en: tuple[str, ...] = ()


NAME_LETTERS = 64
"""A command can name a code or group of this length."""

COLUMNS = (
    "code",
    "name_zh",
    "name_en",
    "subject",
    "group",
    "group_zh",
    "group_en",
    "usual_minutes",
    "documents_zh",
    "documents_en",
)


class CatalogueError(ValueError):
    """Every bad row of a catalogue, each with row, column, value and mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems[:20]) + (f"; and {len(problems) - 20} more" if len(problems) > 20 else ""))
        self.problems = problems


class Catalogue(msgspec.Struct, frozen=True):
    """Matters by code, in the order of the file."""

    matters: dict[str, Matter]

    def groups(self) -> dict[str, list[Matter]]:
        by_group: dict[str, list[Matter]] = {}
        for matter in self.matters.values():
            by_group.setdefault(matter.group, []).append(matter)
        return by_group


def parse_catalogue(text: str) -> Catalogue:
    """Read a catalogue from CSV text; documents are separated by `;`.

    Raises CatalogueError naming every bad row: all or nothing.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    matters: dict[str, Matter] = {}
    problems: list[str] = []
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise CatalogueError([f"row 1: column {', '.join(missing)} is missing; add it to the heading"])
        for row in reader:
            line = reader.line_num
            matter = _parse_row(row, line, problems)
            if matter is not None and matter.code in matters:
                problems.append(f"row {line}: code {matter.code!r} appears twice; give each matter its own code")
            if matter is not None:
                matters[matter.code] = matter
    except csv.Error as error:
        problems.append(f"row {reader.line_num + 1}: {error}; save the file as CSV in UTF-8")
    if not matters and not problems:
        problems.append("row 2: no matters; add at least one row")
    if problems:
        raise CatalogueError(problems)
    return Catalogue(matters)


def _parse_row(row: dict[str, str | None], line: int, problems: list[str]) -> Matter | None:
    before = len(problems)
    cell = {column: (row[column] or "").strip() for column in COLUMNS}
    problems.extend(
        f"row {line}: {column} is {'too long; use at most 200 letters' if cell[column] else 'empty; fill it in'}"
        for column in COLUMNS[:8]
        if not 1 <= len(cell[column]) <= 200
    )
    problems.extend(
        f"row {line}: {column} {cell[column][:20]!r}… is longer than {NAME_LETTERS} letters"
        for column in ("code", "group")
        if len(cell[column]) > NAME_LETTERS
    )
    if cell["subject"] and cell["subject"] not in set(Subject):
        problems.append(f"row {line}: subject {cell['subject']!r} is unknown; use {', '.join(Subject)}")
    try:
        minutes = float(cell["usual_minutes"] or 1)
    except ValueError:
        minutes = -1
    if not 0 < minutes <= 480:
        problems.append(f"row {line}: usual_minutes {cell['usual_minutes']!r} is not a number from 0 to 480")
    if len(problems) > before:
        return None
    return Matter(
        code=cell["code"],
        name_zh=cell["name_zh"],
        name_en=cell["name_en"],
        subject=Subject(cell["subject"]),
        group=cell["group"],
        group_zh=cell["group_zh"],
        group_en=cell["group_en"],
        usual_minutes=minutes,
        documents_zh=_split(cell["documents_zh"]),
        documents_en=_split(cell["documents_en"]),
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.replace("；", ";").split(";") if part.strip())
