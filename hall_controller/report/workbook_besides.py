"""The sheets of the workbook that are no visits: spared ones, acceptances, bookings, ratings."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hall_controller.domain.matters import Catalogue
from hall_controller.report import besides_words as said
from hall_controller.report import words

Made = Mapping[str, Any]
Cells = Sequence[Any]
COUNT = "次数\ntimes"
WAIT_COLUMNS = ["中位等候\nmedian wait", "九成内\n9 in 10", "最长\nat most"]
WAIT_KEYS = ("median_s", "nine_in_ten_s", "most_s")


class Sheet(NamedTuple):
    title: str
    heading: Sequence[str]
    rows: Sequence[Cells]
    total: Cells = ()


def sheets(besides: Made, catalogue: Catalogue | None) -> list[Sheet]:
    """None of what never was: a hall without acceptances has no empty sheet."""
    found = (
        _diversions(besides["diversions"], catalogue),
        Sheet("Besides", ["类别\nkind", "项目\nwhat", COUNT, *WAIT_COLUMNS], list(_counts(besides))),
        _ratings(besides["ratings"], catalogue),
    )
    return [sheet for sheet in found if sheet.rows]


def _diversions(found: Made, catalogue: Catalogue | None) -> Sheet:
    """Visits that need not be: a matter a row, a way a column."""
    ways = list(found["way"])
    sums = {code: sum(row.values()) for code, row in found["matter"].items()}
    heading = [
        "事项编码\ncode",
        "事项名称\nmatter",
        "英文名称\nname",
        *("\n".join(said.way(way)) for way in ways),
        COUNT,
    ]
    rows = [
        [code, *words.matter_of(code, catalogue), *(found["matter"][code].get(way, 0) for way in ways), sums[code]]
        for code in sorted(sums, key=lambda code: (-sums[code], code))
    ]
    return Sheet("Diversions", heading, rows, [words.TOTAL, "", "", *found["way"].values(), found["total"]])


def _counts(besides: Made) -> Iterator[Cells]:
    for kind, key, names in (
        ("一件事一次办 several matters", "matters", said.MATTERS),
        ("受理与出件 acceptances", "acceptances", said.ACCEPTANCES),
        ("期末未结 at the end", "acceptances", said.STANDING),
        ("交接单 papers between halls", "papers", said.PAPERS),
        ("预约 bookings", "bookings", said.BOOKINGS),
    ):
        found = besides[key]
        if said.is_anything(found) and (key != "matters" or found["bundles"] or found["left"]):
            yield from ([kind, " ".join(name), found[what]] for what, name in names.items())
    for who, name in said.WAITED.items():
        waits = besides["bookings"]["waits"][who]
        if besides["bookings"]["came"]:
            times = (None if waits[key] is None else dt.timedelta(seconds=waits[key]) for key in WAIT_KEYS)
            yield ["等候 waited", " ".join(name), waits["count"], *times]
    ratings = besides["ratings"]
    if ratings["count"]:
        for stars in sorted(ratings["stars"], reverse=True):
            yield ["评价 ratings", "★" * int(stars), ratings["stars"][stars]]
    for code, count in ratings["reasons"].items():
        yield ["不满意的原因 reasons", " ".join(said.reason(code)), count]


def _ratings(found: Made, catalogue: Catalogue | None) -> Sheet:
    """The low ones, each with what was said."""
    heading = [
        "日期\nday", "时刻\ntime", "评价\nstars", "号码\nnumber", "事项名称\nmatter", "窗口\ncounter",
        "窗口人员\nclerk", "原因\nreasons", "留言\ncomment",
    ]  # fmt: skip
    rows = [
        [
            dt.date.fromisoformat(one["day"]), one["time"], one["stars"], one["number"] or "",
            words.matter_of(one["matter"], catalogue)[0] if one["matter"] else "", one["counter"], one["clerk"],
            "、".join(said.reason(code)[0] for code in one["reasons"]), one["comment"],
        ]
        for one in found["low"]
    ]  # fmt: skip
    return Sheet("Low ratings", heading, rows)
