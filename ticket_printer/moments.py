"""How days, moments and hours are said to a visitor, on screens and on paper: pure."""

import datetime as dt

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import Opening, local, next_openings, openings
from hall_controller.i18n.hours import reserve_of_day

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEAR_ZH = ("今天", "明天", "后天")
NEAR_EN = ("today", "tomorrow")


def day_told(day: dt.date, today: dt.date, *, english: bool) -> str:
    """`明天 周四`, `11月28日 周六`; `tomorrow, Thursday`, `Saturday 28 Nov`."""
    ahead = (day - today).days
    if english:
        weekday = WEEKDAYS_EN[day.weekday()]
        near = NEAR_EN[ahead] if 0 <= ahead < len(NEAR_EN) else ""
        return f"{near}, {weekday}" if near else date_told(day, english=True)
    near = NEAR_ZH[ahead] if 0 <= ahead < len(NEAR_ZH) else ""
    return f"{near} 周{WEEKDAYS_ZH[day.weekday()]}" if near else date_told(day, english=False)


def date_told(day: dt.date, *, english: bool) -> str:
    """`11月28日 周六`, `Saturday 28 Nov`: still true tomorrow, so this is what paper says."""
    if english:
        return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]}"
    return f"{day.month}月{day.day}日 周{WEEKDAYS_ZH[day.weekday()]}"


def time_told(hall: Hall, at_ms: int) -> str:
    return local(in_force(hall), at_ms).strftime("%H:%M")


def hours_of(hall: Hall, day: dt.date) -> str:
    """`09:00–12:00  14:00–20:30`, an extension included; empty on a day without hours."""
    return "  ".join(_span(hall, opening) for opening in openings(in_force(hall), day, hall.extension))


def is_extended(hall: Hall, day: dt.date) -> bool:
    return hall.extension is not None and hall.extension.day == day.isoformat()


def today(hall: Hall, now_ms: int) -> dt.date:
    return local(in_force(hall), now_ms).date()


def next_opening_told(hall: Hall, now_ms: int, *, english: bool, another_day: bool = False) -> str:
    """`明天 周四 09:00`; empty when the calendar knows none. `another_day`: not one of today."""
    now = today(hall, now_ms)
    for opening in next_openings(in_force(hall), now_ms):
        start = local(in_force(hall), opening.start_ms)
        if not another_day or start.date() != now:
            but = day_reserve(hall, start.date(), now_ms, english=english)
            return f"{day_told(start.date(), now, english=english)} {start:%H:%M}{but}"
    return ""


def day_reserve(hall: Hall, day: dt.date, now_ms: int, *, english: bool) -> str:
    """Follows a day of a year whose public holidays are not announced yet."""
    but = reserve_of_day(in_force(hall), day, today(hall, now_ms))
    return but.en if english else but.zh


def _span(hall: Hall, opening: Opening) -> str:
    return f"{time_told(hall, opening.start_ms)}–{time_told(hall, opening.end_ms)}"
