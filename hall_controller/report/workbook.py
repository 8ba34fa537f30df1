"""An account as a workbook: real numbers, dates and durations, so that others can count on with it."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Band
from hall_controller.report import words
from hall_controller.report.account import AMOUNTS, EXTENDED
from hall_controller.report.workbook_besides import sheets as besides

Made = Mapping[str, Any]
Cells = Sequence[Any]

FORMATS = {int: "#,##0", float: "0.0%", dt.timedelta: "[h]:mm:ss", dt.date: "yyyy-mm-dd"}
WIDEST = 44
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same account is the same file: when it was written is no part of it."""

_HEADING = PatternFill("solid", fgColor="D9E5EA")
_BOLD = Font(bold=True)
_ABOVE_TOTAL = Border(top=Side("thin"))

BAND_COLUMNS = [f"{zh}\n{en}" for zh, en in words.BANDS.values()]
AMOUNT_COLUMNS = [
    "人次\nvisits",
    *BAND_COLUMNS,
    "延时人次\nextended",
    "延时占比\nshare of row",
    "平均等候\nmean wait",
    "办结\nfinished",
    "平均办理\nmean service",
    "办理时长\nservice time",
]
CLERK_COLUMNS = [
    "延时在岗\nextended at counter",
    "占全部延时\nshare of all",
    "延时天数\nextended days",
    *(f"在岗：{zh}\nat counter: {en}" for zh, en in words.BANDS.values()),
    "在岗合计\nat counter",
    "开放时间外\noutside openings",
    *(f"办理：{zh}\nserving: {en}" for zh, en in words.BANDS.values()),
    "办理合计\nserving",
]


def render(made: Made, catalogue: Catalogue | None = None) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = words.hall_of(made)
    book.properties.title = f"{words.hall_of(made)} {made['period']}"
    by, all_cells = made["by_band"], _amounts(made["by"]["band"])
    _sheet(book, "Summary", ["汇总\nsummary", made["period"], "", "", "", ""], _summary(made))
    _sheet(
        book,
        "Days",
        ["日期\nday", "星期\nweekday", *AMOUNT_COLUMNS],
        [
            [dt.date.fromisoformat(day), words.weekday_zh(day), *_amounts(by["day"].get(day, {}))]
            for day in made["days"]
        ],
        [words.TOTAL, "", *all_cells],
    )
    _sheet(
        book,
        "Hours",
        ["时段\nhour", "人次\nvisits", *BAND_COLUMNS],
        [[f"{hour}:00", *_visits(row)] for hour, row in made["hours"].items()],
        [words.TOTAL, *_visits(made["visits"])],
    )
    _sheet(
        book,
        "Matters",
        ["事项编码\ncode", "事项名称\nmatter", "英文名称\nname", *AMOUNT_COLUMNS],
        [
            [code, *words.matter_of(code, catalogue), *_amounts(by["matter"][code])]
            for code in words.most_visited(made["by"]["matter"])
        ],
        [words.TOTAL, "", "", *all_cells],
    )
    _sheet(
        book,
        "Counters",
        ["窗口\ncounter", *AMOUNT_COLUMNS],
        [[int(number), *_amounts(by["counter"][number])] for number in words.counters(by["counter"])],
        [words.TOTAL, *all_cells],
    )
    _sheet(
        book,
        "Clerks",
        ["窗口人员\nclerk", *AMOUNT_COLUMNS, *CLERK_COLUMNS],
        list(_clerks(made)),
        [words.TOTAL, *all_cells, *_work(list(made["roster"].values()), made)],
    )
    for sheet in besides(made["besides"], catalogue):
        _sheet(book, *sheet)
    raw = io.BytesIO()
    book.save(raw)
    return _timeless(raw.getvalue())


# --- what stands in the sheets -------------------------------------------------------------------


def _summary(made: Made) -> list[Cells]:
    visits, tickets, bands = made["visits"], made["tickets"], made["by"]["band"]
    rows: list[Cells] = [
        ["大厅 hall", made["hall"]],
        ["名称 name", made["name_zh"]],
        ["英文名称 English name", made["name_en"]],
        ["层级 tier", made["tier"]],
        ["期间 period", made["period"]],
        ["统计至 counted until", words.moment(made)],
    ]
    if made.get("rehearsal"):
        rows.append(["演练 rehearsal", "演练数据，不计入统计 these visits never took place and count nowhere"])
    rows += [
        ["办理人次 visits", visits["total"]],
        ["延时服务人次 visits in extended hours", made["extended"]],
        ["延时服务占比 share of extended hours", _share(made["extended"], visits["total"])],
        ["取号 tickets issued", tickets["issued"]],
        ["过号 no-shows", tickets["no_show"]],
        ["取消 tickets cancelled", tickets["cancelled"]],
        [],
        ["时段 band", "人次 visits", "占比 share", "平均等候 mean wait", "办结 finished", "平均办理 mean service"],
    ]
    for band, row in bands.items():
        share = _share(row["visits"], visits["total"])
        wait, service = _mean(row["wait_s"], row["waits"]), _mean(row["service_s"], row["finished"])
        rows.append([" ".join(words.BANDS[Band(band)]), row["visits"], share, wait, row["finished"], service])
    return rows


def _clerks(made: Made) -> Iterator[Cells]:
    rows, roster = made["by_band"]["clerk"], made["roster"]
    for clerk in sorted(rows.keys() | roster.keys()):
        work = _work([roster[clerk]], made) if clerk in roster else []
        yield [clerk or words.NOTHING, *_amounts(rows.get(clerk, {})), *work]


def _work(rosters: Sequence[Made], made: Made) -> Cells:
    """Of one clerk, or of all together."""
    all_s = sum(row["extended_at_counter_s"] for row in made["roster"].values())
    extended_s = sum(row["extended_at_counter_s"] for row in rosters)
    at_counter, serving = (
        [_time(sum(row[what][band] for row in rosters)) for band in (*Band, "total")]
        for what in ("at_counter_s", "serving_s")
    )
    days, outside_s = (sum(row[what] for row in rosters) for what in ("extended_days", "outside_hours_s"))
    return [_time(extended_s), _share(extended_s, all_s), days, *at_counter, _time(outside_s), *serving]


def _amounts(bands: Mapping[str, Mapping[str, int]]) -> Cells:
    """The cells of AMOUNT_COLUMNS."""
    total = {what: sum(row[what] for row in bands.values()) for what in AMOUNTS}
    visits = [bands[band]["visits"] if band in bands else 0 for band in Band]
    extended = sum(bands[band]["visits"] for band in EXTENDED if band in bands)
    return [
        total["visits"],
        *visits,
        extended,
        _share(extended, total["visits"]),
        _mean(total["wait_s"], total["waits"]),
        total["finished"],
        _mean(total["service_s"], total["finished"]),
        _time(total["service_s"]),
    ]


def _visits(row: Mapping[str, int]) -> Cells:
    return [row[key] for key in ("total", *Band)]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(total_s: int, count: int) -> dt.timedelta | None:
    return _time(round(total_s / count)) if count else None


def _time(seconds: int) -> dt.timedelta:
    return dt.timedelta(seconds=seconds)


# --- how it stands there -------------------------------------------------------------------------


def _sheet(book: Any, title: str, heading: Sequence[str], rows: Sequence[Cells], total: Cells = ()) -> None:
    sheet = book.create_sheet(title)
    widths: dict[int, int] = {}
    for number, cells in enumerate([heading, *rows, *([total] if total else [])], 1):
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(number, column)
            _put(cell, value)
            widths[column] = max(widths.get(column, 8), *(words.columns(line) for line in _shown(value).split("\n")))
            if number == 1:
                cell.fill, cell.font = _HEADING, _BOLD
                cell.alignment = Alignment(wrap_text=True, vertical="center")
            elif total and number == len(rows) + 2:
                cell.font, cell.border = _BOLD, _ABOVE_TOTAL
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        # A clerk's name is never a formula, whatever it begins with.
        cell.value, cell.data_type = words.printable(value), "s"
        return
    cell.value = value
    if type(value) in FORMATS:
        cell.number_format = FORMATS[type(value)]


def _shown(value: Any) -> str:
    return f"{value:.1%}" if isinstance(value, float) else "" if value is None else str(value)


def _timeless(raw: bytes) -> bytes:
    """The same archive without the time at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(made.namelist()):
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"<dcterms:(created|modified).*?</dcterms:\1>", b"", content)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
    return out.getvalue()
