"""The phrases that several pages share, Chinese and English together."""

import msgspec

from hall_controller.domain.ticket import VisitorClass
from hall_controller.i18n import waits


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


def duration(wait_s: int | None) -> Words:
    """A predicted wait, alone in its line."""
    told = waits.wait(wait_s)
    return Words(told.zh, told.en[0].upper() + told.en[1:])


def most(wait_s: int | None, bound_s: int | None) -> Words:
    """How sure a predicted wait is; nothing where that says nothing new."""
    return Words(*waits.most(wait_s, bound_s))


def counter(number: int) -> Words:
    return Words(f"{number}号窗口", f"Counter {number}")
