"""The phrases that several pages share, Chinese and English together."""

import math

import msgspec

from hall_controller.domain.ticket import VisitorClass
from hall_controller.domain.told import COARSE_MIN, told_bound_minutes


class Words(msgspec.Struct, frozen=True):
    """One phrase in both languages of the hall."""

    zh: str
    en: str


NOTHING = Words("", "")

CLASSES = {
    VisitorClass.PRIORITY: Words("优先", "Priority"),
    VisitorClass.APPOINTMENT: Words("预约", "Booked"),
    VisitorClass.ORDINARY: Words("普通", "Ordinary"),
}

WEEKDAYS = (
    Words("星期一", "Mon"),
    Words("星期二", "Tue"),
    Words("星期三", "Wed"),
    Words("星期四", "Thu"),
    Words("星期五", "Fri"),
    Words("星期六", "Sat"),
    Words("星期日", "Sun"),
)
WEEKDAYS_WHOLE = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def minutes(wait_s: int) -> int:
    """Whole minutes to tell a visitor: rounded up, so that nobody is told less than what was predicted."""
    return math.ceil(max(0, wait_s) / 60)


def duration(wait_s: int | None) -> Words:
    """A predicted wait as a person says it; None means that nobody can say."""
    if wait_s is None:
        return Words("暂无法估计", "Not known yet")
    whole = minutes(wait_s)
    if not whole:
        return Words("无需等候", "No wait")
    hours, rest = divmod(whole, 60)
    if not hours:
        return Words(f"约{whole}分钟", f"About {whole} min")
    if not rest:
        return Words(f"约{hours}小时", f"About {hours} h")
    return Words(f"约{hours}小时{rest}分", f"About {hours} h {rest} min")


def most(wait_s: int | None, bound_s: int | None) -> Words:
    """How sure a predicted wait is: nine in ten are called within; nothing where that says nothing new."""
    whole = told_bound_minutes(wait_s, bound_s)
    if whole is None:
        return NOTHING
    if whole <= COARSE_MIN:
        return Words(f"多数不超过{whole}分钟", f"most wait under {whole} min")
    return Words(f"多数不超过{whole / 60:g}小时", f"most wait under {whole / 60:g} h")


def counter(number: int) -> Words:
    return Words(f"{number}号窗口", f"Counter {number}")
