"""The moment of a booking, as a greeter types it or picks it, and the code that its visitor brings."""

import datetime as dt
import re

from counter_client.keyboard import plain
from counter_client.words import Words
from hall_controller.domain import booking
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, zone
from hall_controller.domain.rules import Rules

SHAPE = re.compile(
    r"(?:(?:(?P<year>\d{4})-)?(?P<month>\d{1,2})-(?P<day>\d{1,2})\s+)?(?P<hour>\d{1,2}):?(?P<minute>\d{2})"
)


def parse_slot(typed: str, rules: Rules, now_ms: int) -> int | Words:
    """Milliseconds of `14:30` (today), `1430` or `11-26 14:30` (the next such day); Words that say what is wrong."""
    found = SHAPE.fullmatch(plain(typed))
    if found is None:
        return Words("请写成 14:30，或 11-26 14:30。", "Write 14:30, or 11-26 14:30.")
    now = local(rules, now_ms)
    part = {key: int(value) for key, value in found.groupdict().items() if value is not None}
    try:
        slot = dt.datetime(
            part.get("year", now.year),
            part.get("month", now.month),
            part.get("day", now.day),
            part["hour"],
            part["minute"],
            tzinfo=zone(rules.timezone),
        )
        if slot <= now and "month" in part and "year" not in part:
            slot = slot.replace(year=now.year + 1)
    except ValueError:
        return Words("没有这个日期或时间。", "There is no such day or time.")
    if slot <= now:
        return Words("这个时间已过，请写以后的时间。", "That moment has passed; write a later one.")
    return int(slot.timestamp() * 1000)


def slot_words(rules: Rules, slot_at_ms: int, now_ms: int) -> str:
    """`14:30`, with its day when that is not today."""
    slot, now = local(rules, slot_at_ms), local(rules, now_ms)
    return slot.strftime("%H:%M" if slot.date() == now.date() else "%m-%d %H:%M")


CODE = re.compile(r"(\d+?)\s*[-\u2010-\u2015\u2212]?\s*(\d{4})")


def code_or_token(typed: str) -> str:
    """A check-in code as it is printed, however it was typed (`１２－３４５６`, `123456`); else a phone's token."""
    found = CODE.fullmatch(plain(typed))
    return f"{found[1]}-{found[2]}" if found else typed.strip()[:64]


def slots_ahead(hall: Hall, at_ms: int) -> list[booking.Slot]:
    """The half hours that have not begun, those that are full included: a greeter may take one all the same."""
    found = [slot for day in booking.days(hall, at_ms) for slot in booking.slots(hall, day, at_ms)]
    return [slot for slot in found if slot.slot_at_ms > at_ms]


def slot_search(hall: Hall, slot_at_ms: int) -> str:
    """All the ways in which `parse_slot` would let it be typed."""
    at = local(in_force(hall), slot_at_ms)
    days = (f"{at:%Y-%m-%d}", f"{at:%m-%d}", f"{at.month}-{at.day}")
    return " ".join((*days, f"{at:%H:%M}", f"{at:%H%M}", f"{at.hour}:{at:%M}"))
