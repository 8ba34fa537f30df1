"""The hours of today as a visitor reads them. Pure."""

import datetime as dt
from enum import StrEnum

import msgspec

from display_board.hours import NIGHT_ENDS, is_evening, is_extended, is_lunch, running
from display_board.pages.words import NOTHING, WEEKDAYS, WEEKDAYS_WHOLE, Words
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import Opening, local, moment_ms, next_opening, openings
from hall_controller.domain.rules import Rules
from hall_controller.i18n.hours import reserve

A_WEEK = 7


class Phase(StrEnum):
    """Where the hall stands in its day."""

    BEFORE = "before"
    OPEN = "open"
    EXTENDED = "extended"
    BREAK = "break"
    SHUT = "shut"
    CLOSED = "closed"
    """For an emergency."""


class Today(msgspec.Struct, frozen=True, kw_only=True):
    hours: tuple[str, ...]
    """Such as `09:00–12:00`, in order; empty on a day without service."""
    phase: Phase
    state: Words
    """In a few words."""
    head: Words = NOTHING
    """The same where there is room: for a screen that has nobody to call. Nothing while the hall is open."""
    detail: Words = NOTHING
    """When it opens (again)."""
    special: Words = NOTHING
    """The name of this day, such as a holiday's."""


def today(hall: Hall, at_ms: int) -> Today:
    rules, now = in_force(hall), running(hall, at_ms)
    # After midnight the running opening is yesterday's, and so are the hours that people want to know.
    day = local(rules, now.start_ms if now else at_ms).date()
    here = openings(rules, day, hall.extension)
    hours = tuple(f"{clock(rules, one.start_ms)}–{clock(rules, one.end_ms, end=True)}" for one in here)
    later = next((one for one in here if one.start_ms > at_ms), None)
    named = rules.calendar.get(day.isoformat())
    special = Words(named.name_zh, named.name_en or named.name_zh) if named else NOTHING
    if hall.issuing is Issuing.CLOSED:
        closed = Words("大厅已关闭", "The hall is closed")
        return Today(hours=hours, phase=Phase.CLOSED, state=closed, head=closed, special=special)
    if now is not None:
        phase = Phase.EXTENDED if is_extended(hall, now) else Phase.OPEN
        return Today(hours=hours, phase=phase, state=_until(rules, now, at_ms, phase), special=special)
    if later is None:
        return _shut(rules, at_ms, hours, special)
    opens = clock(rules, later.start_ms)
    if at_ms < here[0].start_ms:
        state = Words(f"{opens}开始办公", f"Opens {opens}")
        head = Words(f"今日{opens}开始办公", f"We open at {opens} today")
        detail = tickets_from(hall, later, at_ms)
        return Today(hours=hours, phase=Phase.BEFORE, state=state, head=head, detail=detail, special=special)
    began_ms = max(one.end_ms for one in here if one.end_ms <= at_ms)
    pause = Words("午休", "Lunch break") if is_lunch(rules, began_ms) else Words("休息", "Break")
    return Today(
        hours=hours,
        phase=Phase.BREAK,
        state=Words(f"{pause.zh}至{opens}", f"{pause.en} until {opens}"),
        head=pause,
        detail=Words(f"{opens}继续办公", f"Open again at {opens}"),
        special=special,
    )


def _until(rules: Rules, now: Opening, at_ms: int, phase: Phase) -> Words:
    until = clock(rules, now.end_ms, end=True)
    if phase is Phase.OPEN:
        return Words(f"办公至{until}", f"Open until {until}")
    return extended_until(rules, now.end_ms, at_ms)


def extended_until(rules: Rules, until_ms: int, at_ms: int) -> Words:
    until = clock(rules, until_ms, end=True)
    if local(rules, at_ms).date() == local(rules, until_ms).date() and local(rules, until_ms).hour < NIGHT_ENDS:
        return Words(f"延时服务至{until}", f"Open until {until}")
    if is_evening(rules, until_ms):
        return Words(f"今晚延时服务至{until}", f"Open until {until} tonight")
    return Words(f"今日延时服务至{until}", f"Open until {until} today")


def _shut(rules: Rules, at_ms: int, hours: tuple[str, ...], special: Words) -> Today:
    over = Words("今日办公已结束", "Closed for today") if hours else Words("今日不办公", "No service today")
    head = Words(f"{special.zh} {over.zh}", f"{special.en}: {over.en[0].lower()}{over.en[1:]}") if special.zh else over
    opens = next_opening(rules, at_ms)
    if opens is None:
        return Today(hours=hours, phase=Phase.SHUT, state=over, head=head, special=special)
    when = moment(rules, opens.start_ms, at_ms)
    detail = Words(f"下次办公：{when.zh}", f"We open {when.en}")
    return Today(hours=hours, phase=Phase.SHUT, state=over, head=head, detail=detail, special=special)


def tickets_from(hall: Hall, opening: Opening, at_ms: int) -> Words:
    """From when the kiosk gives tickets for this opening."""
    rules = in_force(hall)
    midnight_ms = moment_ms(rules, local(rules, opening.start_ms).date(), dt.time())
    from_ms = max(opening.start_ms - rules.issue_before_s * 1000, midnight_ms)
    if from_ms <= at_ms:
        return Words("现在可以取号", "Tickets from now on")
    when = day_name(rules, from_ms, at_ms)
    time = clock(rules, from_ms)
    but = reserve(rules, from_ms, at_ms)
    return Words(f"{when.zh}{time}起取号{but.zh}", f"Tickets from {f'{time} {when.en}'.strip()}{but.en}")


def newcomers(hall: Hall, at_ms: int) -> Words:
    """For someone who comes now, while no tickets are issued."""
    rules = in_force(hall)
    if hall.issuing is Issuing.STOPPED and hall.stop_cause in (StopCause.LUNCH, StopCause.SHUT):
        opens = next_opening(rules, at_ms)
        if opens is not None:
            return tickets_from(hall, opens, at_ms)
    return Words("停止取号", "No more tickets")


def clock(rules: Rules, at_ms: int, *, end: bool = False) -> str:
    """A time on the wall; what ends at midnight ends at 24:00."""
    text = f"{local(rules, at_ms):%H:%M}"
    return "24:00" if end and text == "00:00" else text


def moment(rules: Rules, moment_ms: int, at_ms: int) -> Words:
    """A time on a day to come, with its weekday: 明天（星期四）09:00."""
    day, time = local(rules, moment_ms), clock(rules, moment_ms)
    ahead = (day.date() - local(rules, at_ms).date()).days
    zh, en = WEEKDAYS[day.weekday()].zh, WEEKDAYS_WHOLE[day.weekday()]
    but = reserve(rules, moment_ms, at_ms)
    if not ahead:
        return Words(f"今日{time}", f"at {time} today")
    if ahead == 1:
        return Words(f"明天（{zh}）{time}{but.zh}", f"tomorrow, {en}, at {time}{but.en}")
    if ahead < A_WEEK:
        return Words(f"{zh} {time}{but.zh}", f"on {en} at {time}{but.en}")
    return Words(f"{day.month}月{day.day}日（{zh}）{time}{but.zh}", f"on {en} {day.day} {day:%B} at {time}{but.en}")


def day_name(rules: Rules, moment_ms: int, at_ms: int) -> Words:
    """The day of a moment, in as few words as can be; nothing for today."""
    day = local(rules, moment_ms)
    ahead = (day.date() - local(rules, at_ms).date()).days
    if not ahead:
        return NOTHING
    if ahead == 1:
        return Words("明天", "tomorrow")
    if ahead < A_WEEK:
        return Words(WEEKDAYS[day.weekday()].zh, f"on {WEEKDAYS[day.weekday()].en}")
    return Words(f"{day.month}月{day.day}日", f"on {day.day} {day:%b}")
