"""The account as people get it: a page of text, a table, a workbook, a picture."""

import csv
import datetime as dt
import io
import random
import xml.etree.ElementTree as ET
from collections import Counter as Tally
from typing import Any

import pytest
from matplotlib import font_manager
from openpyxl import load_workbook
from PIL import Image, ImageColor

from hall_controller.domain import commands as c
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.rules import Band
from hall_controller.report import picture, table, text, words, workbook
from tests.unit.domain.support import Pretend, terminal
from tests.unit.domain.test_months import Month
from tests.unit.report.accounts import DAY, MONTH, WITH_LUNCH, report_of

PENSION = Matter(
    code="pension",
    name_zh="养老待遇申领",
    name_en="Pension",
    subject=Subject.NATURAL,
    group="social",
    group_zh="社保",
    group_en="Social",
    usual_minutes=8,
)
CATALOGUE = Catalogue({"pension": PENSION})


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """A day with three bands, and a clerk whose name looks like a formula."""
    hall = Pretend(f"{DAY} 10:00:00", hours=WITH_LUNCH, name_zh="西乡街道政务服务大厅", name_en="Xixiang Hall")
    hall.do(c.OpenCounter(counter=1, clerk="陈晓明"), terminal(1))
    hall.do(c.OpenCounter(counter=2, clerk="=1+1"), terminal(2))
    for moment in ("10:10", "10:30", "12:30", "18:10", "19:10", "19:20"):
        hall.until(f"{DAY} {moment}:00")
        hall.take(matter="licence" if moment == "19:20" else "pension")
        hall.serve(2 if moment == "19:20" else 1, 300)
    hall.until(f"{DAY} 20:00:00")
    hall.close(1, 2)
    return report_of(hall)


@pytest.fixture(scope="module")
def busy() -> dict[str, Any]:
    played = Month("2026-10", random.Random(3))
    played.play()
    return report_of(played.hall, "2026-10")


# --- text ---------------------------------------------------------------------------------------


def test_the_page_tells_the_visits_and_who_worked_the_extended_hours(made: dict[str, Any]) -> None:
    page = text.render(made, CATALOGUE)
    assert page.startswith(
        "BA001 西乡街道政务服务大厅, street: 2026-11\n6 visits, 4 of them in extended hours (66.7%)\n"
    )
    assert "counted until 2026-11-24 20:00" in page
    lines = page.splitlines()
    assert any(line.split() == ["养老待遇申领", "5", "83.3%", "0:00", "5:00"] for line in lines)
    assert any(line.split() == ["licence", "1", "16.7%", "0:00", "5:00"] for line in lines)
    assert any(line.split() == [DAY, "tue", "6", "2", "1", "3", "-", "-"] for line in lines)
    start = lines.index("clerk            lunch evening weekend holiday   hours share visits days outside")
    assert [line.split() for line in lines[start + 1 : start + 3]] == [
        ["=1+1", "2:00", "2:00", "-", "-", "4:00", "50.0%", "1", "1", "-"],
        ["陈晓明", "2:00", "2:00", "-", "-", "4:00", "50.0%", "3", "1", "-"],
    ]


def test_the_page_is_80_columns_wide_and_plain(made: dict[str, Any], busy: dict[str, Any]) -> None:
    wide = Pretend(f"{DAY} 18:00:00", name_zh="很长很长的名字" * 8)
    wide.do(c.OpenCounter(counter=1, clerk="陈晓明\x1b[31m陈晓明陈晓明陈晓明陈晓明"), terminal(1))
    wide.take()
    wide.serve(1)
    for page in (text.render(made), text.render(busy), text.render(report_of(wide))):
        assert max(words.columns(line) for line in page.splitlines()) <= 80
        assert "\x1b" not in page
        assert all(line == line.rstrip() for line in page.splitlines())


def test_counters_are_listed_in_order_and_matters_by_their_visits() -> None:
    hall = Pretend(f"{DAY} 10:00:00", counters=12)
    hall.open(2, 11)
    for counter, matter in ((11, "licence"), (2, "pension"), (2, "pension")):
        hall.take(matter=matter)
        hall.serve(counter)
    page = text.render(report_of(hall))
    assert page.index("\n2  ") < page.index("\n11  ")
    assert page.index("\npension") < page.index("\nlicence")


def test_rare_matters_are_summed_up(made: dict[str, Any]) -> None:
    row = {"visits": 2, "finished": 2, "service_s": 60, "waits": 2, "wait_s": 30}
    many = {**made, "by": {**made["by"], "matter": {f"matter-{number:03}": row for number in range(50)}}}
    page = text.render(many)
    assert "matter-019" in page
    assert "matter-020" not in page
    assert any(line.split()[-4] == "60" for line in page.splitlines() if line.startswith("30 others"))


def test_an_empty_account_is_a_page_too() -> None:
    empty = report_of(Pretend(), "2026-01")
    assert "0 visits, 0 of them in extended hours (-)" in text.render(empty)
    assert table.render(empty).count("\n") == 1
    assert load_workbook(io.BytesIO(workbook.render(empty)))["Summary"]["B2"].value == "BA001"
    assert picture.render(empty, "svg").startswith(b"<?xml")


# --- table --------------------------------------------------------------------------------------


def test_each_group_of_the_table_adds_up(busy: dict[str, Any]) -> None:
    rows = [row for row in csv.DictReader(io.StringIO(table.render(busy))) if not row["count"]]
    assert {row["period"] for row in rows} == {"2026-10"}
    visits: dict[str, Tally[str]] = {}
    for row in rows:
        visits.setdefault(row["by"], Tally())[row["band"]] += int(row["visits"])
    expected = {band: count for band, count in busy["visits"].items() if count and band != "total"}
    assert {by: +tally for by, tally in visits.items()} == dict.fromkeys(
        ("band", "day", "hour", "matter", "counter", "clerk"), expected
    )
    service_s = Tally[str]()
    for row in rows:
        service_s[row["by"]] += int(row["service_s"] or 0)
    assert len({service_s[by] for by in ("band", "day", "matter", "counter", "clerk")}) == 1
    clerks = [row for row in rows if row["by"] == "clerk" and row["key"]]
    assert sum(int(row["at_counter_s"]) for row in clerks) == sum(
        row["at_counter_s"]["total"] for row in busy["roster"].values()
    )


# --- workbook -----------------------------------------------------------------------------------


def cells(book: Any, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_the_workbook_holds_real_numbers(made: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(workbook.render(made, CATALOGUE)))
    assert book.sheetnames == ["Summary", "Days", "Hours", "Matters", "Counters", "Clerks"]
    summary = {row[0]: row[1] for row in cells(book, "Summary")}
    assert summary["办理人次 visits"] == 6
    assert summary["延时服务占比 share of extended hours"] == pytest.approx(4 / 6)
    days = cells(book, "Days")
    assert days[1][:7] == [dt.datetime.fromisoformat(DAY), "周二", 6, 2, 1, 3, 0]
    assert days[-1][0] == "合计 total"
    assert days[-1][2:] == days[1][2:]
    assert book["Days"]["A2"].number_format == "yyyy-mm-dd"
    assert cells(book, "Matters")[1][:4] == ["pension", "养老待遇申领", "Pension", 5]
    assert cells(book, "Counters")[1][0] == 1
    hours = cells(book, "Hours")
    assert [row[:2] for row in hours[1:]] == [["10:00", 2], ["12:00", 1], ["18:00", 1], ["19:00", 2], ["合计 total", 6]]


def test_the_workbook_tells_each_clerks_time(made: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(workbook.render(made, CATALOGUE)))
    heading, *rows = cells(book, "Clerks")
    clerk = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    chen, total = clerk["陈晓明"], clerk["合计 total"]
    assert chen["延时在岗\nextended at counter"] == dt.timedelta(hours=4)
    assert chen["在岗：晚间延时\nat counter: evening"] == dt.timedelta(hours=2)
    assert chen["办理：正常时段\nserving: regular"] == dt.timedelta(minutes=10)
    assert chen["占全部延时\nshare of all"] == 0.5
    assert total["延时在岗\nextended at counter"] == dt.timedelta(hours=8)
    assert total["延时天数\nextended days"] == 2
    assert "=1+1" in clerk, "a name is never a formula"
    sheet = book["Clerks"]
    assert sheet.freeze_panes == "B2"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.column_dimensions["A"].width >= 8
    times = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, dt.timedelta)]
    assert {cell.number_format for cell in times} == {"[h]:mm:ss"}


def test_the_same_account_is_the_same_file(made: dict[str, Any]) -> None:
    assert workbook.render(made, CATALOGUE) == workbook.render(made, CATALOGUE)
    assert picture.render(made, "svg") == picture.render(made, "svg")


def test_a_rehearsal_is_marked_in_workbook_and_picture(made: dict[str, Any]) -> None:
    marked = {**made, "rehearsal": True}
    book = load_workbook(io.BytesIO(workbook.render(marked)))
    assert "演练 rehearsal" in [row[0] for row in cells(book, "Summary")]
    assert b"REHEARSAL" in picture.render(marked, "svg")
    assert b"REHEARSAL" not in picture.render(made, "svg")


# --- picture ------------------------------------------------------------------------------------


def test_each_part_of_the_picture_is_as_high_as_its_count(made: dict[str, Any]) -> None:
    drawn = ET.fromstring(picture.render(made, "svg"))
    parts = {}
    for group in drawn.iter("{http://www.w3.org/2000/svg}g"):
        band, _, rest = group.get("id", "").partition("-")
        path = group.find("{http://www.w3.org/2000/svg}path")
        if band in set(Band) and path is not None:
            heights = [float(word) for word in path.get("d", "").split()[2::3]]
            parts[rest] = max(heights) - min(heights)
    counts = {key: int(key.rpartition("-")[2]) for key in parts if not key.endswith("-0")}
    assert sum(counts.values()) == made["visits"]["total"]
    unit = parts["12-1"]
    assert {key: round(parts[key] / unit, 3) for key in counts} == counts


def test_the_picture_names_hall_month_bands_and_totals(made: dict[str, Any]) -> None:
    told = picture.render(made, "svg").decode()
    for words_of in ("BA001", MONTH, "Xixiang Hall", "visits", "evening  3", "in extended hours 4 (66.7%)"):
        assert words_of in told


def test_the_png_shows_every_band_in_its_colour(made: dict[str, Any]) -> None:
    image = Image.open(io.BytesIO(picture.render(made, "png"))).convert("RGB")
    assert image.width > 1000
    colours = image.getcolors(1 << 24)
    assert colours is not None
    count = {colour: number for number, colour in colours}
    for band in (Band.REGULAR, Band.LUNCH, Band.EVENING):
        assert count.get(ImageColor.getrgb(picture.LOOKS[band][0])[:3], 0) > 1000, band
    assert ImageColor.getrgb(picture.LOOKS[Band.WEEKEND][0])[:3] not in count


def test_without_a_chinese_font_the_picture_is_in_english(
    made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    told = picture.render({**made, "name_zh": "西乡街道政务服务大厅"}, "svg").decode()
    assert "西" not in told
    assert "hour in which the service began" in told


def test_bands_differ_in_hatching_too() -> None:
    assert set(picture.LOOKS) == set(Band)
    assert len({hatch for _, hatch in picture.LOOKS.values()}) == len(Band)
