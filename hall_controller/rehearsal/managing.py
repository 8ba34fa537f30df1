"""What the manager does on a whole day, and what befalls the hall: extensions, overruling, emergencies, crashes."""

from collections.abc import Awaitable, Callable

from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Issuing, is_after_closing
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import TicketState
from hall_controller.rehearsal.agenda import At, Do, Person, Send, Until, Wait
from hall_controller.rehearsal.floor import IN_PROGRESS, Floor
from hall_controller.rehearsal.incidents import Incidents
from hall_controller.rehearsal.whole_day import WholeDay

MANAGER = "manager"
NOTICE_ZH, NOTICE_EN = "演练中：屏幕与语音内容均为演示", "Rehearsal: what you see and hear is for practice"
LATEST_MS = 6 * 3_600_000
"""After closing: a visitor whom no counter may serve does not keep the clerks for ever."""
GOING_HOME_MS = 600_000
OVERRULED_AFTER_S = 180.0


def prepare(floor: Floor, mode: Mode | None) -> Person:
    """Before the first visitors: the screens say that it is a rehearsal."""
    hall = floor.hall
    if mode is not None and hall.mode is not mode:
        yield Send(MANAGER, c.SetMode(mode=mode))
    if (hall.notice_zh, hall.notice_en) != (NOTICE_ZH, NOTICE_EN):
        yield Send(MANAGER, c.SetNotice(zh=NOTICE_ZH, en=NOTICE_EN))


def clear_up(floor: Floor) -> Person:
    """What a rehearsal that was stopped has left behind ends before the next begins."""
    if was_interrupted(floor):
        yield Send(MANAGER, c.CloseHall(reason="the rehearsal before was interrupted"))


def was_interrupted(floor: Floor) -> bool:
    is_open = any(counter.state is not CounterState.CLOSED for counter in floor.hall.counters.values())
    return is_open or has(floor, *IN_PROGRESS, TicketState.MISSED)


def has(floor: Floor, *states: TicketState) -> bool:
    return any(ticket.state in states for ticket in floor.hall.tickets.values())


def see_the_day_out(floor: Floor, day: WholeDay) -> Person:
    """The hall closes by itself; when everybody was served, the clerks go home."""
    hall = floor.hall
    if day.closing_ms is not None:
        extended_ms = day.incidents.extended_minutes * 60_000
        latest_ms = day.closing_ms + extended_ms + LATEST_MS
        yield At(day.closing_ms)
        yield Until(lambda: is_after_closing(hall), latest_ms)
        yield Until(floor.all_gone, latest_ms)
        floor.over = True
        yield Until(floor.all_closed, floor.now_ms + GOING_HOME_MS)
        floor.closed_ms = max((counter.since_ms for counter in hall.counters.values()), default=floor.now_ms)
        floor.left_over = sum(ticket.state is not TicketState.BOOKED for ticket in hall.tickets.values())
    floor.day_is_over = True


def befall(floor: Floor, day: WholeDay, fail: Callable[[], Awaitable[None]]) -> list[tuple[Person, int]]:
    """The day's incidents, each with when it begins."""
    planned, found = day.incidents, []
    if planned.extended_at_ms is not None:
        found.append((_extend(floor, planned), planned.extended_at_ms))
    if planned.overrules and day.closing_ms is not None:
        found.append((_overrule(floor, day.closing_ms), day.closing_ms - 7_200_000))
    if planned.closed_at_ms is not None:
        found.append((_emergency(floor, planned), planned.closed_at_ms))
    found += [(_crash(fail), at_ms) for at_ms in planned.crashes_at_ms]
    return found


def _extend(floor: Floor, planned: Incidents) -> Person:
    if floor.hall.issuing is not Issuing.CLOSED:
        yield Send(MANAGER, c.ExtendHours(minutes=planned.extended_minutes, why="many people are still waiting"))


def _overrule(floor: Floor, closing_ms: int) -> Person:
    """The manager sees that it will do after all."""
    hall = floor.hall
    yield Until(lambda: hall.stop_cause is StopCause.LAST_TICKET, closing_ms)
    yield Wait(OVERRULED_AFTER_S)
    if hall.stop_cause is StopCause.LAST_TICKET:
        yield Send(MANAGER, c.ResumeIssuing(why="the clerks stay on"))


def _emergency(floor: Floor, planned: Incidents) -> Person:
    yield Send(MANAGER, c.CloseHall(reason=planned.closed_reason))
    floor.turned_away += len(floor.at_desk)
    floor.at_desk.clear()
    floor.held.clear()
    if planned.reopened_at_ms is not None:
        yield At(planned.reopened_at_ms)
        if floor.hall.issuing is Issuing.CLOSED:
            yield Send(MANAGER, c.ResumeIssuing(why="the danger is over"))


def _crash(fail: Callable[[], Awaitable[None]]) -> Person:
    yield Do(fail)
