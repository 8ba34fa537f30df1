"""What the hours bring, for everybody in the hall: announcements, longer hours, no more tickets. Pure."""

from display_board.hours import is_extended, is_lunch, lunch_service, running, stands
from display_board.pages.opening import clock, extended_until
from display_board.pages.words import Words
from hall_controller.domain.day import Announcement, StopCause
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local, openings
from hall_controller.domain.ticket import TicketState

EXTENSION_SHOWN_MS = 900_000
"""So long after the manager's word it stands across the screen; after that in the line of the hours."""
NAMED_COUNTERS = 4
"""More counters than these are not worth naming."""
HERE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD})

STOPPED = Words("今日已停止取号，持票人将全部办完", "No more tickets today; everyone with a ticket will be served")


def is_anyone_here(hall: Hall) -> bool:
    """Whether somebody is still to be served."""
    return any(ticket.state in HERE for ticket in hall.tickets.values())


def stopped(hall: Hall) -> Words | None:
    """Why nobody can take a ticket any more, as far as that concerns those who are here."""
    if hall.issuing is not Issuing.STOPPED:
        return None
    match hall.stop_cause:
        case StopCause.LAST_TICKET:
            return STOPPED
        case StopCause.SHUT:
            return STOPPED if is_anyone_here(hall) else None
        case StopCause.LUNCH:
            return None  # The line of the hours says until when.
        case _:
            reason = hall.issuing_reason.strip()
            zh = f"今日已停止取号{f'（{reason}）' if reason else ''}，已取号的请继续等候叫号"
            en = f"No more tickets today{f' ({reason})' if reason else ''}. If you hold one, please wait for your call"
            return Words(zh, en)


def news(hall: Hall, at_ms: int, extended_ms: int | None) -> Words | None:
    """The one thing to know now; `extended_ms` is when the hours were last extended."""
    if hall.issuing is Issuing.CLOSED:
        return None
    extension = _extension(hall, at_ms, extended_ms)
    if extension is not None:
        return extension
    ahead = [
        (announced.moment_ms, announcement)
        for announcement, announced in hall.announced.items()
        if stands(hall, announcement, announced.moment_ms, at_ms)
    ]
    for moment_ms, announcement in sorted(ahead):
        if announcement is Announcement.CLOSING and hall.issuing is not Issuing.OPEN:
            continue  # That no more tickets are given says it, with the same promise.
        return _announcement(hall, announcement, moment_ms, at_ms)
    return None


def _extension(hall: Hall, at_ms: int, extended_ms: int | None) -> Words | None:
    extension = hall.extension
    if extension is None or extended_ms is None or not extended_ms <= at_ms < extended_ms + EXTENSION_SHOWN_MS:
        return None
    now = running(hall, at_ms)
    if extension.until_ms <= at_ms or (now is not None and now.last and not is_extended(hall, now)):
        return None
    until = extended_until(in_force(hall), extension.until_ms, at_ms)
    if hall.issuing is Issuing.OPEN:
        return Words(f"{until.zh}，可以继续取号", f"{until.en}: tickets are still issued")
    return until


def _announcement(hall: Hall, announcement: Announcement, moment_ms: int, at_ms: int) -> Words:
    rules, now = in_force(hall), running(hall, at_ms)
    assert now is not None, "an announcement stands while the hall is open"
    time = clock(rules, moment_ms, end=True)
    match announcement:
        case Announcement.CLOSING:
            return Words(
                f"{time}结束办公，持票人将全部办完", f"We close at {time}; everyone with a ticket will be served"
            )
        case Announcement.LUNCH_BREAK:
            day = local(rules, now.start_ms).date()
            later = next((one for one in openings(rules, day, hall.extension) if one.start_ms >= moment_ms), None)
            pause = Words("午休", "Lunch break") if is_lunch(rules, moment_ms) else Words("休息", "Break")
            if later is None:
                return Words(f"{time}开始{pause.zh}", f"{pause.en} from {time}")
            again = clock(rules, later.start_ms)
            return Words(f"{time}起{pause.zh}，{again}继续办公", f"{pause.en} from {time}; open again at {again}")
        case Announcement.LUNCH_SERVICE:
            lunch = lunch_service(now, moment_ms)
            assert lunch is not None, "it stands"
            hours = f"{time}–{clock(rules, lunch.end_ms)}"
            zh, en = _counters(rules.lunch_counters)
            return Words(f"{hours} 午间服务，{zh}", f"Lunchtime service {hours}: {en}")


def _counters(numbers: tuple[int, ...]) -> tuple[str, str]:
    if len(numbers) > NAMED_COUNTERS:
        return f"{len(numbers)}个窗口照常办理", f"{len(numbers)} counters stay open"
    names = [str(number) for number in sorted(numbers)]
    if len(names) == 1:
        return f"{names[0]}号窗口照常办理", f"counter {names[0]} stays open"
    return f"{'、'.join(names)}号窗口照常办理", f"counters {', '.join(names[:-1])} and {names[-1]} stay open"
