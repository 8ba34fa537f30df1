"""A catalogue as a file: CSV in UTF-8 or, as Excel in China saves it, GB 18030; or a workbook (.xlsx)."""

import os
from collections.abc import Iterator
from pathlib import Path

from hall_controller.domain.catalogue_rows import (
    COLUMNS,
    OPTIONAL,
    CatalogueError,
    catalogue_text,
    cells,
    parse_catalogue,
    parse_rows,
)
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.plain_text import escaped

WORKBOOK = ".xlsx"
BYTES = 20_000_000
"""A file that is larger is no catalogue."""
ROWS = 20_000
COLUMN_LIMIT = 100


def read_catalogue(file: Path) -> Catalogue:
    """Raises CatalogueError naming every bad row, OSError when the file cannot be read."""
    if file.stat().st_size > BYTES:
        raise CatalogueError([f"the file has more than {BYTES // 1_000_000} MB; is it a catalogue?"])
    if file.suffix.lower() == WORKBOOK:
        return parse_rows(_workbook_rows(file))
    return parse_catalogue(_text(file.read_bytes()), guarded=True)


def _text(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise CatalogueError(["row 1: the file is no text; save it as CSV in UTF-8, or as a workbook named .xlsx"])


def _workbook_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The first sheet's rows, each with its number in the sheet."""
    import zipfile  # the controller only writes CSV, and must start fast and stay small

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMN_LIMIT, max_row=ROWS), 1):
            yield number, [_cell(value) for value in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        if isinstance(error, CatalogueError):
            raise
        raise CatalogueError([f"row 1: not an Excel workbook ({error}); save it as .xlsx, or as CSV"]) from None
    else:
        book.close()


def _cell(value: object) -> str:
    """A code typed as a number is still a code: 1001, not 1001.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write_catalogue(catalogue: Catalogue, file: Path) -> None:
    """CSV, or a workbook where the name ends so; whole or not at all. Raises OSError."""
    fresh = file.with_name(file.name + ".part")
    try:
        if file.suffix.lower() == WORKBOOK:
            _write_workbook(catalogue, fresh)
        else:
            # With a mark of its encoding, without which Excel takes Chinese for something else.
            fresh.write_text("\ufeff" + catalogue_text(catalogue, guarded=True), "utf-8")
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _write_workbook(catalogue: Catalogue, file: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "matters"
    names = (*COLUMNS, *OPTIONAL)
    sheet.append(list(names))
    for matter in catalogue.matters.values():
        row = cells(matter)
        sheet.append([matter.usual_minutes if name == "usual_minutes" else row[name] for name in names])
    for name, column in zip(names, sheet.iter_cols(min_col=1, max_col=len(names), min_row=1), strict=True):
        column[0].font = Font(bold=True)
        width = 40 if name.startswith(("name", "documents")) else 16
        sheet.column_dimensions[get_column_letter(names.index(name) + 1)].width = width
        for cell in column[1:]:
            if isinstance(cell.value, str):
                cell.value, cell.data_type = (
                    escaped(cell.value),
                    "s",
                )  # a name that begins with = is a name, and no formula
    sheet.freeze_panes = "B2"
    with file.open("wb") as out:
        book.save(out)


def replace_text(file: Path, text: str) -> None:
    """Write a file whole, durable on return, or not at all. Raises OSError."""
    fresh = file.with_name(file.name + ".fresh")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
