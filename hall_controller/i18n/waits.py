"""A predicted wait as every surface tells it: one rounding, one unit, one set of words.

A narrow surface may leave words out (`brief`), never tell another figure.
"""

import math
from typing import NamedTuple

from hall_controller.i18n.words import NOTHING, Words

FINE_MIN, COARSE_MIN = 10, 90
"""Up to so many minutes a wait is told to the minute, and to five minutes; beyond to half an hour."""
SOON_MIN = 5
"""Within so many a visitor should stay close, and it is not worth saying how sure the wait is."""

UNKNOWN = Words("未知", "unknown")
NO_WAIT = Words("无需等候", "no wait")
MINUTES, HOURS = Words("分钟", "min"), Words("小时", "h")


class Figure(NamedTuple):
    """`25` and its unit, `2.5` and its unit."""

    number: str
    unit: Words

    @property
    def words(self) -> Words:
        return Words(f"{self.number}{self.unit.zh}", f"{self.number} {self.unit.en}")


def told_minutes(wait_s: float) -> int:
    """Rounded up, so that nobody is told less than what was predicted."""
    minutes = math.ceil(max(0.0, wait_s) / 60)
    step = 1 if minutes <= FINE_MIN else 5 if minutes <= COARSE_MIN else 30
    return math.ceil(minutes / step) * step


def figure(wait_s: float) -> Figure:
    minutes = told_minutes(wait_s)
    return Figure(f"{minutes}", MINUTES) if minutes <= COARSE_MIN else Figure(f"{minutes / 60:g}", HOURS)


def wait(wait_s: float | None) -> Words:
    """`约25分钟`, `about 25 min`; None means that nobody can say."""
    return _told(wait_s, "约", "about ")


def brief(wait_s: float | None) -> Words:
    """The same without "about": `25分钟`, `25 min`."""
    return _told(wait_s, "", "")


def _told(wait_s: float | None, about_zh: str, about_en: str) -> Words:
    if wait_s is None or not math.isfinite(wait_s):
        return UNKNOWN
    if wait_s <= 0:
        return NO_WAIT
    told = figure(wait_s).words
    return Words(about_zh + told.zh, about_en + told.en)


def bound(wait_s: float | None, bound_s: float | None) -> Figure | None:
    """Within this nine in ten are called; None where that says nothing new beside the wait."""
    if wait_s is None or bound_s is None or not math.isfinite(wait_s + bound_s) or wait_s <= 0:
        return None
    is_new = told_minutes(bound_s) > max(SOON_MIN, told_minutes(wait_s))
    return figure(bound_s) if is_new else None


def most(wait_s: float | None, bound_s: float | None) -> Words:
    """How sure the wait is, `多数不超过40分钟`; nothing where that says nothing new."""
    told = bound(wait_s, bound_s)
    return Words(f"多数不超过{told.words.zh}", f"most wait under {told.words.en}") if told else NOTHING


def at_most(wait_s: float | None, bound_s: float | None) -> Words:
    """The same for a narrow column: `≤40分钟`, `≤40 min`."""
    told = bound(wait_s, bound_s)
    return Words(f"≤{told.words.zh}", f"≤{told.words.en}") if told else NOTHING


def whole(wait_s: float | None, bound_s: float | None) -> Words:
    """`约25分钟（多数不超过40分钟）`, `about 25 min (most wait under 40 min)`."""
    told, sure = wait(wait_s), most(wait_s, bound_s)
    return Words(f"{told.zh}（{sure.zh}）", f"{told.en} ({sure.en})") if sure.zh else told


def clause(wait_s: float | None, bound_s: float | None) -> Words:
    """The same within a sentence, where no label before it says that it is a wait."""
    told = whole(wait_s, bound_s)
    return Words(f"等候时间{told.zh}", f"wait {told.en}") if told == UNKNOWN else told


def is_soon(wait_s: float | None) -> bool:
    """So short a wait that its visitor should not go away."""
    return wait_s is not None and math.isfinite(wait_s) and told_minutes(wait_s) <= SOON_MIN
