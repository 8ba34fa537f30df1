"""The hours of today as a visitor reads them."""

import datetime as dt

import msgspec

from display_board.pages.words import Words
from hall_controller.domain.hours import local, windows
from hall_controller.domain.rules import Rules

Stretch = tuple[dt.datetime, dt.datetime]


class Opening(msgspec.Struct, frozen=True):
    hours: tuple[str, ...]
    """Such as `09:00–12:00`, in order; empty on a day without service."""
    state: Words


def stretches(rules: Rules, at_ms: int, extended_minutes: int) -> list[Stretch]:
    """From when to when the hall serves today, windows that touch joined, the last one extended."""
    now = local(rules, at_ms)
    joined: list[Stretch] = []
    for window in windows(rules, now.date()):
        start = dt.datetime.combine(now.date(), window.start, now.tzinfo)
        end = dt.datetime.combine(now.date(), window.end, now.tzinfo)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    if joined and extended_minutes:
        start, end = joined[-1]
        joined[-1] = (start, end + dt.timedelta(minutes=extended_minutes))
    return joined


def opening(rules: Rules, at_ms: int, extended_minutes: int) -> Opening:
    now = local(rules, at_ms)
    today = stretches(rules, at_ms, extended_minutes)
    hours = tuple(f"{start:%H:%M}–{end:%H:%M}" for start, end in today)
    return Opening(hours, _state(now, today, extended_minutes))


def _state(now: dt.datetime, today: list[Stretch], extended_minutes: int) -> Words:
    if not today:
        return Words("今日不办公", "No service today")
    for start, end in today:
        if now < start:
            return Words(f"{start:%H:%M}开始办公", f"Opens {start:%H:%M}")
        if now < end:
            if extended_minutes and (start, end) == today[-1]:
                return Words(f"今日延时{extended_minutes}分钟", f"Open {extended_minutes} min longer")
            return Words(f"办公至{end:%H:%M}", f"Open until {end:%H:%M}")
    return Words("今日办公已结束", "Closed for today")
