"""The account of all halls as tables: a name is a name, whatever it begins with."""

import csv
import io
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from metrics.district.ledger.account import DIMENSIONS
from metrics.district.ledger.shown import as_csv, as_workbook

NAME = '=HYPERLINK("http://x","\x1b张")'


def account() -> dict[str, Any]:
    row = {
        "visits": {"total": 1, "regular": 1, "lunch": 0, "evening": 0, "weekend": 0, "holiday": 0},
        **dict.fromkeys(("extended", "finished", "service_s", "waits", "wait_s"), 1),
    }
    return {
        "period": "2026-11", "rehearsal": False, "halls": 1, "visits": {"total": 1}, "extended": 0, "tickets": {},
        "lost": {"visits": {"total": 0}, "halls": {}}, "missing": {"-BA001": "=1+1"},
        "names": {"+BA001": {"name_zh": NAME}}, "by": {name: {"+BA001": row} for name in DIMENSIONS},
    }  # fmt: skip


def test_no_cell_of_the_table_is_a_formula_and_numbers_stay_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(account()))))
    assert {row["key"] for row in rows} == {"'+BA001"}
    assert {row["name"] for row in rows} == {'\'=HYPERLINK("http://x","\\u001b张")'}
    assert list(rows[0].values())[3] == "1"


def test_no_cell_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    as_workbook(account(), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in found if cell.data_type == "f"]
    assert "=1+1" in {cell.value for cell in found}
    assert '=HYPERLINK("http://x","\\u001b张")' in {cell.value for cell in found}
