"""The hours as both terminals tell them: open until when, why no tickets are issued, a counter's lunch. Pure."""

from counter_client.words import Words
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall, Issuing, in_force, is_after_closing, waiting_count
from hall_controller.domain.hours import Opening, local, next_opening, opening_at, openings
from hall_controller.domain.rules import Band, Rules
from hall_controller.i18n.hours import reserve
from hall_controller.i18n.terms import Terms

LUNCH_AHEAD_MS = 3_600_000
"""So long before it lunchtime service is told to the clerks."""

DAYS = (
    Words("周一", "Mon"), Words("周二", "Tue"), Words("周三", "Wed"), Words("周四", "Thu"), Words("周五", "Fri"),
    Words("周六", "Sat"), Words("周日", "Sun"),
)  # fmt: skip

NO_TICKETS = Terms(
    {
        StopCause.MANAGER: Words("经理已停止取号", "issuing is stopped by the manager"),
        StopCause.LAST_TICKET: Words("末号已发", "the last ticket is out"),
        StopCause.LUNCH: Words("午间不取号", "no tickets over lunch"),
        StopCause.SHUT: Words("不在开放时间，不取号", "no tickets outside the hours"),
    }
)


def clock(rules: Rules, at_ms: int) -> str:
    return f"{local(rules, at_ms):%H:%M}"


def when_words(rules: Rules, at_ms: int, now_ms: int) -> Words:
    """`14:00` of today, otherwise with its day."""
    at, time = local(rules, at_ms), clock(rules, at_ms)
    ahead = (at.date() - local(rules, now_ms).date()).days
    if ahead == 0:
        return Words(time, time)
    if ahead == 1:
        return Words(f"明天 {time}", f"tomorrow {time}")
    if 1 < ahead < len(DAYS):
        day = DAYS[at.weekday()]
        return Words(f"{day.zh} {time}", f"{day.en} {time}")
    return Words(f"{at.month}月{at.day}日 {time}", f"{at:%m-%d} {time}")


def hours_words(hall: Hall, at_ms: int) -> Words:
    """Until when the hall is open; else who still waits, and when it opens."""
    rules = in_force(hall)
    if hall.issuing is Issuing.CLOSED:
        return Words(f"紧急关闭：{hall.issuing_reason}", f"Emergency, closed: {hall.issuing_reason}")
    now = opening_at(rules, at_ms, hall.extension)
    if now is not None:
        return _open_until(hall, now, at_ms)
    waiting = waiting_count(hall)
    if waiting and is_after_closing(hall):
        return Words(f"已闭门，还有 {waiting} 人等候", f"Closed; {waiting} still wait")
    following = next_opening(rules, at_ms)
    if following is None:
        return Words("近期不开门", "No opening is near")
    at, but = when_words(rules, following.start_ms, at_ms), reserve(rules, following.start_ms, at_ms)
    if any(one.end_ms <= at_ms for one in openings(rules, local(rules, following.start_ms).date())):
        return Words(f"休息到 {at.zh}{but.zh}", f"Closed until {at.en}{but.en}")
    return Words(f"{at.zh} 开门{but.zh}", f"Opens {at.en}{but.en}")


def _open_until(hall: Hall, now: Opening, at_ms: int) -> Words:
    rules = in_force(hall)
    until = when_words(rules, now.end_ms, at_ms)
    words = Words(f"开到 {until.zh}", f"Open until {until.en}")
    day = local(rules, now.start_ms).date()
    later = next((one for one in openings(rules, day) if one.start_ms >= now.end_ms), None)
    if later is not None:
        again = clock(rules, later.start_ms)
        return Words(f"{words.zh}，{again} 再开", f"{words.en}, again from {again}")
    minutes = hall.extended_minutes if is_extended(hall, now) else 0
    return Words(f"{words.zh}（延长 {minutes} 分钟）", f"{words.en} (+{minutes} min)") if minutes else words


def is_extended(hall: Hall, now: Opening) -> bool:
    day = local(in_force(hall), now.start_ms).date()
    return now.last and now.end_ms > openings(in_force(hall), day)[-1].end_ms


def why_no_tickets(hall: Hall) -> Words | None:
    """None while tickets are issued."""
    if hall.issuing is Issuing.CLOSED:
        return Words(f"紧急关闭，不取号：{hall.issuing_reason}", f"no tickets in an emergency: {hall.issuing_reason}")
    return NO_TICKETS[hall.stop_cause or StopCause.MANAGER] if hall.issuing is Issuing.STOPPED else None


def is_last_ticket_out(hall: Hall) -> bool:
    return hall.issuing is Issuing.STOPPED and hall.stop_cause is StopCause.LAST_TICKET


def lunch_words(hall: Hall, counter: Counter, at_ms: int) -> Words | None:
    """What lunch means for this counter, from an hour before until it is back; None when it means nothing."""
    rules = in_force(hall)
    if counter.back_at_ms is not None:
        return _away(rules, counter, counter.back_at_ms, at_ms)
    today = [stretch for one in openings(rules, local(rules, at_ms).date()) for stretch in one.stretches]
    lunch = next((one for one in today if one.band is Band.LUNCH and at_ms < one.end_ms), None)
    if lunch is None or not rules.lunch_counters or at_ms < lunch.start_ms - LUNCH_AHEAD_MS:
        return None
    start, end = clock(rules, lunch.start_ms), clock(rules, lunch.end_ms)
    begun = at_ms >= lunch.start_ms
    if counter.counter in rules.lunch_counters:
        if begun:
            return Words(f"午间服务到 {end}，本窗值守", f"lunch service until {end}: you serve")
        return Words(f"{start} 起午间服务，本窗值守", f"lunch from {start}: you serve")
    return None if begun else Words(f"{start} 起午休，本窗停到 {end}", f"lunch {start}-{end}: you pause")


def _away(rules: Rules, counter: Counter, back_at_ms: int, at_ms: int) -> Words:
    back = clock(rules, back_at_ms)
    if counter.state is not CounterState.PAUSED:
        return Words(f"午休到 {back}：办完这位就停", f"lunch until {back}: pause after this visitor")
    if at_ms >= back_at_ms:
        return Words(f"午休到 {back}，时间已到", f"lunch was until {back}: time to go on")
    return Words(f"午休，停到 {back}", f"paused over lunch until {back}")
