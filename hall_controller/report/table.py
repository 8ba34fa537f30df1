"""An account as one tidy table in CSV: each row one band of one day, hour, matter, counter or clerk.

Below them stands what is no visit, with its count.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from hall_controller.domain.plain_text import guarded_cell
from hall_controller.domain.rules import Band
from hall_controller.report import besides_words, words
from hall_controller.report.account import AMOUNTS

COLUMNS = ("period", "by", "key", "band", *AMOUNTS, "at_counter_s", "serving_s", "count")
"""A cell is empty where such a thing is not counted; `count` is of what is no visit."""


def render(made: Mapping[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in _rows(made):
        told = {"period": made["period"], **row}
        writer.writerow(
            {name: guarded_cell(value) if isinstance(value, str) else value for name, value in told.items()}
        )
    return out.getvalue()


def _rows(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for band, row in made["by"]["band"].items():
        yield {"by": "band", "key": band, "band": band, **row}
    yield from _cells("day", made["by_band"]["day"], sorted(made["by_band"]["day"]))
    for hour, visits in made["hours"].items():
        for band in Band:
            if visits[band]:
                yield {"by": "hour", "key": hour, "band": band.value, "visits": visits[band]}
    yield from _cells("matter", made["by_band"]["matter"], sorted(made["by_band"]["matter"]))
    yield from _cells("counter", made["by_band"]["counter"], words.counters(made["by_band"]["counter"]))
    yield from _clerks(made)
    for by, key, count in besides_words.rows(made["besides"]):
        yield {"by": by, "key": key, "count": count}


def _cells(by: str, rows: Mapping[str, Any], order: list[str]) -> Iterator[dict[str, Any]]:
    for key in order:
        for band in Band:
            if band in rows[key]:
                yield {"by": by, "key": key, "band": band.value, **rows[key][band]}


def _clerks(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Also those who were at a counter and served nobody."""
    rows, roster = made["by_band"]["clerk"], made["roster"]
    for clerk in sorted(rows.keys() | roster.keys()):
        for band in Band:
            row = rows.get(clerk, {}).get(band, dict.fromkeys(AMOUNTS, 0))
            time = (
                {what: roster[clerk][what][band] for what in ("at_counter_s", "serving_s")} if clerk in roster else {}
            )
            if any(row.values()) or any(time.values()):
                yield {"by": "clerk", "key": clerk, "band": band.value, **row, **time}
