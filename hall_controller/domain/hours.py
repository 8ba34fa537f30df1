"""Which service day and which band a moment belongs to, by the hall's own wall clock."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from hall_controller.domain.rules import DAYS, WEEKEND, Band, Rules, Window


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(rules: Rules, at_ms: int) -> dt.datetime:
    """The hall's local time; the day is never counted in UTC."""
    return dt.datetime.fromtimestamp(at_ms / 1000, zone(rules.timezone))


def service_day(rules: Rules, at_ms: int) -> str:
    return local(rules, at_ms).date().isoformat()


def windows(rules: Rules, day: dt.date) -> list[Window]:
    """The stretches in which the hall serves on a day, in order."""
    name = DAYS[day.weekday()]
    return sorted((window for window in rules.hours if name in window.days), key=lambda window: window.start)


def band(rules: Rules, at_ms: int) -> Band:
    """The band of a moment. Outside all windows, that of the window before it; before the first, of the first."""
    now = local(rules, at_ms)
    today = windows(rules, now.date())
    if not today:
        return Band.WEEKEND if DAYS[now.weekday()] in WEEKEND else Band.HOLIDAY
    chosen = today[0]
    for window in today:
        if window.start <= now.time():
            chosen = window
    return chosen.band
