"""The account as text, table and workbook."""

import csv
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hall_controller.domain.plain_text import escaped, guarded_cell
from hall_controller.domain.rules import Band
from metrics.district.ledger.account import DIMENSIONS

COLUMNS = ("visits", *(band.value for band in Band), "extended", "finished", "service_s", "waits", "wait_s")
MATTERS_SHOWN = 10
TITLES = {
    "band": "Band 时段",
    "tier": "Tier 层级",
    "street": "Street 街道",
    "hall": "Hall 大厅",
    "matter": "Matter 事项",
}


def cells(row: dict[str, Any]) -> list[int]:
    """In the order of the columns."""
    visits = row["visits"]
    return [
        visits["total"],
        *(visits[band.value] for band in Band),
        *(row[name] for name in ("extended", "finished", "service_s", "waits", "wait_s")),
    ]


def as_csv(account: dict[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["by", "key", "name", *COLUMNS])
    for name in DIMENSIONS:
        for key, row in account["by"][name].items():
            writer.writerow([name, guarded_cell(key), guarded_cell(_name(account, key)), *cells(row)])
    return out.getvalue()


def as_workbook(account: dict[str, Any], file: Path) -> None:
    """A sheet for each dimension, and one that says what is missing. Raises OSError."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    first = book.active
    assert first is not None, "a new workbook has a sheet"
    first.title = "Account"
    for line in _notes(account):
        first.append([escaped(value) if isinstance(value, str) else value for value in line])
    _no_formulas(first)
    first.column_dimensions["A"].width = 34
    for name in DIMENSIONS:
        sheet = book.create_sheet(TITLES[name])
        sheet.append([TITLES[name], "Name 名称", *COLUMNS])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for key, row in account["by"][name].items():
            sheet.append([escaped(key), escaped(_name(account, key)), *cells(row)])
        _no_formulas(sheet)
        sheet.freeze_panes = "C2"
        sheet.auto_filter.ref = sheet.dimensions
        for index, width in enumerate((24, 34, *(11,) * len(COLUMNS)), 1):
            sheet.column_dimensions[get_column_letter(index)].width = width
    fresh = file.with_name(file.name + ".part")
    try:
        book.save(fresh)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _name(account: dict[str, Any], key: str) -> str:
    return str(account["names"].get(key, {}).get("name_zh", ""))


def _no_formulas(sheet: Any) -> None:
    """A name is a name, whatever it begins with."""
    for row in sheet.iter_rows():
        for one in row:
            if isinstance(one.value, str):
                one.data_type = "s"


def _notes(account: dict[str, Any]) -> Iterator[list[str | int]]:
    yield ["Period", account["period"]]
    if account["rehearsal"]:
        yield ["A REHEARSAL: none of it ever took place", ""]
    yield ["Halls", account["halls"]]
    yield ["Visits 办理人次", account["visits"]["total"]]
    yield ["of these in extended hours 延时服务", account["extended"]]
    yield from (["tickets " + name, count] for name, count in account["tickets"].items())
    yield ["Besides: only in the ledger", account["lost"]["visits"]["total"]]
    yield from ([f"  {hall}", visits] for hall, visits in account["lost"]["halls"].items())
    yield ["Halls not read to the end", len(account["missing"])]
    yield from ([f"  {hall}", why] for hall, why in account["missing"].items())


def as_text(account: dict[str, Any]) -> str:
    visits, tickets = account["visits"], account["tickets"]
    title = f"{account['period']}: {visits['total']} visits in {account['halls']} halls"
    lines = [
        f"{title}, {account['extended']} of them in extended hours",
        f"tickets: {tickets['issued']} issued, {tickets['no_show']} no-shows, {tickets['cancelled']} cancelled",
    ]
    for name in DIMENSIONS:
        rows = account["by"][name].items()
        title = TITLES[name]
        if name == "matter":
            rows = sorted(rows, key=lambda item: -item[1]["visits"]["total"])[:MATTERS_SHOWN]
            title += f", the first {len(rows)}"
        if name == "hall":
            rows = [(key, row) for key, row in rows if row["visits"]["total"]]
        lines += ["", f"{_padded(title, 28)} visits regular   lunch evening weekend holiday  service    wait"]
        for key, row in rows:
            numbers = "".join(f"{number:>8}" for number in cells(row)[:6])
            means = _mean(row["service_s"], row["finished"]) + _mean(row["wait_s"], row["waits"])
            lines.append(f"{_padded(key, 27)}{numbers}{means}")
    return "\n".join(lines)


def _mean(seconds: int, count: int) -> str:
    return f"{seconds / count / 60:>5.1f} min" if count else " " * 9


def _padded(text: str, width: int) -> str:
    """Chinese characters are two columns wide on a terminal."""
    return text + " " * (width - sum(2 if ord(char) > 0x2E7F else 1 for char in text))


def warnings(account: dict[str, Any]) -> list[str]:
    """What a reader must know before believing the figures."""
    said = []
    if account["rehearsal"]:
        said.append("this is the ledger of a rehearsal: these visits never took place and count nowhere")
    if lost := account["lost"]["halls"]:
        total = account["lost"]["visits"]["total"]
        halls = ", ".join(f"{hall} {visits}" for hall, visits in lost.items())
        said.append(f"besides, {total} visits took place that only the ledger has: halls were restored ({halls})")
    said += [f"{hall} may lack visits: {why}" for hall, why in account["missing"].items()]
    return said


def status_lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    now_s = time.time()
    yield f"{'hall':<10}{'heard':>10}{'read to':>12}{'behind':>9}  trouble"
    for row in rows:
        heard = "never" if row["heard_ms"] is None else ago(now_s - row["heard_ms"] / 1000)
        gap = f"{row['gap']} events lost; " if row["gap"] else ""
        yield f"{row['hall']:<10}{heard:>10}{row['read_to']:>12}{row['behind']:>9}  {gap}{row['trouble']}".rstrip()


def ago(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{max(0, seconds):.0f} s ago"
