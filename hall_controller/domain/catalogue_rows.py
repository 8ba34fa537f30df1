"""The catalogue as rows of cells: read with every bad row named, and written, as CSV. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from hall_controller.domain.matters import Catalogue, How, Level, Matter, Route, Subject
from hall_controller.domain.plain_text import NotPlain, checked_text, escaped, guarded_cell, unguarded_cell

NAME_LETTERS = 64
"""A command can name a code or group of this length."""
CELL_LETTERS = 200
PARTS = 40
"""Documents, aliases or themes in one cell at most."""
MATTERS = 5_000
"""In one catalogue at most."""
DECIDE_DAYS = 400
TOLD = 20
"""Bad rows that are told in full; of the rest only how many."""

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
OPTIONAL = (
    "aliases",
    "department",
    "department_en",
    "level",
    "themes",
    "themes_zh",
    "themes_en",
    "how",
    "route",
    "later",
    "subsidy",
    "decide_days",
    "sample",
)
"""Columns that a file may leave out."""
HEADINGS = {
    "编码": "code",
    "名称": "name_zh",
    "英文名称": "name_en",
    "主体": "subject",
    "类别": "group",
    "类别名称": "group_zh",
    "类别英文": "group_en",
    "办理分钟": "usual_minutes",
    "材料": "documents_zh",
    "英文材料": "documents_en",
    "别名": "aliases",
    "部门": "department",
    "部门英文": "department_en",
    "层级": "level",
    "主题": "themes",
    "主题名称": "themes_zh",
    "主题英文": "themes_en",
    "办理方式": "how",
    "流转方式": "route",
    "容缺材料": "later",
    "补贴": "subsidy",
    "办结工作日": "decide_days",
    "示例": "sample",
}
"""A heading may be Chinese."""
LISTS = ("documents_zh", "documents_en", "aliases", "themes", "themes_zh", "themes_en", "how")
OFFICES = ("department", "department_en")
FLAGS = ("subsidy", "sample")
_YES = dict.fromkeys(("yes", "true", "1", "是"), True) | dict.fromkeys(("", "no", "false", "0", "否"), False)


class CatalogueError(ValueError):
    """Every bad row of a catalogue, each with row, column, value and mend."""

    def __init__(self, problems: list[str]) -> None:
        more = len(problems) - TOLD
        super().__init__("; ".join(problems[:TOLD]) + (f"; and {more} more" if more > 0 else ""))
        self.problems = problems


# --- writing -------------------------------------------------------------------------------------


def cells(matter: Matter) -> dict[str, str]:
    """A matter as a row: the text of each column."""
    return {
        **{name: str(getattr(matter, name) or "") for name in (*COLUMNS[:7], *OFFICES, "level", "route")},
        "usual_minutes": f"{matter.usual_minutes:g}",
        **{name: ";".join(getattr(matter, name)) for name in LISTS},
        "later": ";".join(str(number) for number in matter.later),
        "decide_days": "" if matter.decide_days is None else str(matter.decide_days),
        **{name: "yes" if getattr(matter, name) else "" for name in FLAGS},
    }


def catalogue_text(catalogue: Catalogue, *, guarded: bool = False) -> str:
    """The catalogue as CSV: the same text for the same matters, and `parse_catalogue` reads it back.

    `guarded`: for a spreadsheet, which takes no cell for a formula then.
    """
    as_cell = guarded_cell if guarded else str
    out = io.StringIO()
    writer = csv.DictWriter(out, (*COLUMNS, *OPTIONAL), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: as_cell(text) for name, text in cells(one).items()} for one in catalogue.matters.values())
    return out.getvalue()


def digest(text: str) -> str:
    """What tells one catalogue from another: 16 hexadecimal digits of its `catalogue_text`."""
    return sha256(text.encode()).hexdigest()[:16]


# --- reading -------------------------------------------------------------------------------------


def parse_catalogue(text: str, *, entering: bool = True, guarded: bool = False) -> Catalogue:
    """Read a catalogue from CSV text; documents are separated by `;`.

    Raises CatalogueError naming every bad row: all or nothing.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    broken: list[str] = []

    def rows() -> Iterable[tuple[int, list[str]]]:
        try:
            for row in reader:
                yield reader.line_num, list(map(unguarded_cell, row)) if guarded else row
        except csv.Error as error:
            broken.append(f"row {reader.line_num + 1}: {error}; save the file as CSV in UTF-8")

    try:
        catalogue = parse_rows(rows(), entering=entering)
    except CatalogueError as error:
        raise CatalogueError(error.problems + broken) from None
    if broken:
        raise CatalogueError(broken)
    return catalogue


def parse_rows(rows: Iterable[tuple[int, list[str]]], *, entering: bool = True) -> Catalogue:
    """Read a catalogue from rows of cells, each with its number; the first one is the heading.

    Cells of one that is `entering` must be plain text; one of the journal has entered, as it was.

    Raises CatalogueError naming every bad row: all or nothing.
    """
    numbered = iter(rows)
    _, first = next(numbered, (1, []))
    heading = [HEADINGS.get(name.strip(), name.strip()) for name in first]
    problems = _check_heading(heading)
    if problems:
        raise CatalogueError(problems)
    matters: dict[str, Matter] = {}
    for line, row in numbered:
        if not any(cell.strip() for cell in row):
            continue
        named = dict(zip(heading, row, strict=False))
        matter = _parse_row(_plain(named, line, problems) if entering else named, line, problems)
        if matter is not None and matter.code in matters:
            problems.append(f"row {line}: code {matter.code!r} appears twice; give each matter its own code")
        if matter is not None:
            matters[matter.code] = matter
        if len(matters) > MATTERS:
            raise CatalogueError([f"row {line}: more than {MATTERS} matters; split the catalogue", *problems])
    if not matters and not problems:
        problems.append("row 2: no matters; add at least one row")
    if problems:
        raise CatalogueError(problems)
    return Catalogue(matters)


def _check_heading(heading: list[str]) -> list[str]:
    problems = []
    missing = [column for column in COLUMNS if column not in heading]
    if missing:
        problems.append(f"row 1: column {', '.join(missing)} is missing; add it to the heading")
    known = (*COLUMNS, *OPTIONAL)
    twice = sorted({column for column in known if heading.count(column) > 1})
    problems += [f"row 1: column {column} appears twice; keep one of them" for column in twice]
    for name in (name for name in heading if name and name not in known):
        from difflib import get_close_matches  # only where a heading is strange: every part reads this module

        near = get_close_matches(name[:CELL_LETTERS], [column for column in known if column not in heading], 1, 0.8)
        if near:
            problems.append(f"row 1: column {name[:CELL_LETTERS]!r} is unknown; did you mean {near[0]}?")
    return problems


def _plain(row: Mapping[str, str], line: int, problems: list[str]) -> dict[str, str]:
    plain = {}
    for column, cell in row.items():
        plain[column] = cell.strip()
        try:
            plain[column] = checked_text(plain[column])
        except NotPlain as error:
            problems.append(f"row {line}: {escaped(column)} is {escaped(cell[:20])!r}: it {error}")
    return plain


def _parse_row(row: Mapping[str, str], line: int, problems: list[str]) -> Matter | None:
    before = len(problems)
    cell = {column: row.get(column, "").strip() for column in (*COLUMNS, *OPTIONAL)}
    long = f"too long; use at most {CELL_LETTERS} letters"
    problems.extend(
        f"row {line}: {column} is {long if cell[column] else 'empty; fill it in'}"
        for column in COLUMNS[:8]
        if not 1 <= len(cell[column]) <= CELL_LETTERS
    )
    problems.extend(
        f"row {line}: {column} {cell[column][:20]!r}… is longer than {NAME_LETTERS} letters; shorten it"
        for column in ("code", "group", *OFFICES)
        if len(cell[column]) > NAME_LETTERS
    )
    try:
        minutes = float(cell["usual_minutes"] or 1)
    except ValueError:
        minutes = -1
    if not 0 < minutes <= 480:
        problems.append(
            f"row {line}: usual_minutes {cell['usual_minutes'][:20]!r} is not a number from 0 to 480; write minutes"
        )
    lists = {name: _split(cell[name]) for name in LISTS}
    problems.extend(
        f"row {line}: {name} has {len(parts)} parts; use at most {PARTS}"
        for name, parts in lists.items()
        if len(parts) > PARTS
    )
    problems.extend(
        f"row {line}: {name} {part[:20]!r}… is longer than {NAME_LETTERS} letters; shorten it"
        for name in ("aliases", "themes", "themes_zh", "themes_en")
        for part in lists[name]
        if len(part) > NAME_LETTERS
    )
    for column, kind in (("subject", Subject), ("level", Level), ("route", Route)):
        if cell[column] and cell[column] not in set(kind):
            problems.append(_unknown(line, column, cell[column], kind))
    problems.extend(_unknown(line, "how", way, How) for way in lists["how"] if way not in set(How))
    if cell["route"] and How.ANY_HALL not in lists["how"]:
        problems.append(f"row {line}: route {cell['route']!r} is of a matter for any hall; add any_hall to how")
    if not cell["route"] and How.ANY_HALL in lists["how"]:
        problems.append(f"row {line}: route is empty, but how has any_hall; write {' or '.join(Route)}")
    problems.extend(
        f"row {line}: {name} {cell[name][:20]!r} is unknown; write yes, or leave it empty"
        for name in FLAGS
        if cell[name].lower() not in _YES
    )
    problems.extend(
        f"row {line}: {name} has {len(lists[name])} names for {len(lists['themes'])} themes; give one for each key"
        for name in ("themes_zh", "themes_en")
        if len(lists[name]) > len(lists["themes"])
    )
    later = _later(cell["later"], len(lists["documents_zh"]), line, problems)
    days = cell["decide_days"]
    if days and not (days.isascii() and days.isdigit() and len(days) <= 3 and int(days) <= DECIDE_DAYS):
        problems.append(f"row {line}: decide_days {days[:20]!r} is not 0 to {DECIDE_DAYS}; write working days")
    if len(problems) > before:
        return None
    values: dict[str, Any] = {
        **{name: cell[name] for name in ("code", "name_zh", "name_en", "group", "group_zh", "group_en", *OFFICES)},
        **{name: lists[name] for name in LISTS},
        **{name: _YES[cell[name].lower()] for name in FLAGS},
    }
    values["how"] = tuple(How(way) for way in dict.fromkeys(lists["how"])) or (How.HERE,)
    return Matter(
        **values,
        subject=Subject(cell["subject"]),
        usual_minutes=minutes,
        level=Level(cell["level"]) if cell["level"] else None,
        route=Route(cell["route"]) if cell["route"] else None,
        later=later,
        decide_days=int(days) if days else None,
    )


def _later(cell: str, documents: int, line: int, problems: list[str]) -> tuple[int, ...]:
    parts = _split(cell)
    wrong = [part for part in parts if not (part.isascii() and part.isdigit() and 1 <= int(part[:4]) <= documents)]
    if wrong:
        mend = f"write numbers from 1 to {documents}" if documents else "fill in documents_zh first"
        problems.append(f"row {line}: later {wrong[0][:20]!r} is no document of this matter; {mend}")
        return ()
    return tuple(sorted({int(part) for part in parts}))


def _unknown(line: int, column: str, value: str, kind: type[StrEnum]) -> str:
    return f"row {line}: {column} {value[:20]!r} is unknown; use {', '.join(kind)}"


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.replace("；", ";").split(";") if part.strip())
