"""What people read in an account: names of bands, halls and matters in Chinese and English, times and shares."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from hall_controller.domain.hours import zone
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.plain_text import escaped
from hall_controller.domain.rules import DAYS, Band

BANDS = {
    Band.REGULAR: ("正常时段", "regular"),
    Band.LUNCH: ("午间延时", "lunch"),
    Band.EVENING: ("晚间延时", "evening"),
    Band.WEEKEND: ("周末延时", "weekend"),
    Band.HOLIDAY: ("节假日延时", "holiday"),
}
NOTHING = "-"
"""Stands for no time, no share, and for the clerk of a visitor whose counter had closed."""
TOTAL = "合计 total"


def hall_of(made: Mapping[str, Any]) -> str:
    """`BA001 政务服务大厅`."""
    return escaped(f"{made['hall']} {made['name_zh'] or made['name_en']}".strip())


def matter_of(code: str, catalogue: Catalogue | None) -> tuple[str, str]:
    """A matter's names in Chinese and English; its code where the catalogue no longer knows it."""
    matter = catalogue.matters.get(code) if catalogue else None
    return (matter.name_zh, matter.name_en) if matter else (code, code)


def moment(made: Mapping[str, Any]) -> str:
    """Of the last event that was counted, by the hall's clock."""
    if made["until_ms"] is None or not made["timezone"]:
        return NOTHING
    return f"{dt.datetime.fromtimestamp(made['until_ms'] / 1000, zone(made['timezone'])):%Y-%m-%d %H:%M}"


def weekday(day: str) -> str:
    return DAYS[dt.date.fromisoformat(day).weekday()]


def weekday_zh(day: str) -> str:
    return "周" + "一二三四五六日"[dt.date.fromisoformat(day).weekday()]


def printable(text: str) -> str:
    """Names come from people and devices: no control character reaches a terminal or a sheet."""
    return "\n".join(map(escaped, text.split("\n"))).replace("\ufffe", "?").replace("\uffff", "?")


def columns(text: str) -> int:
    """Its width where a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def minutes(total_s: int, count: int) -> str:
    """The mean, `12:34` for 12 minutes 34 seconds."""
    if not count:
        return NOTHING
    mean_s = round(total_s / count)
    return f"{mean_s // 60}:{mean_s % 60:02}"


def hours(seconds: int) -> str:
    """`41:20` for 41 hours 20 minutes; the seconds are cut off."""
    return NOTHING if not seconds else f"{seconds // 3600}:{seconds // 60 % 60:02}"


def share(part: int, whole: int) -> str:
    if not whole:
        return NOTHING
    return "100%" if part == whole else f"{part / whole:.1%}"


def counters(numbers: Iterable[str]) -> list[str]:
    """In the order of their numbers."""
    return sorted(numbers, key=int)


def most_visited(rows: Mapping[str, Mapping[str, int]]) -> list[str]:
    return sorted(rows, key=lambda key: (-rows[key]["visits"], key))
