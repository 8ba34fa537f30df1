"""The moment of a booking, as a greeter types it."""

import datetime as dt
import re

from counter_client.keyboard import plain
from counter_client.words import Words
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
