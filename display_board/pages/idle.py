"""What a screen says that has nobody to call: what is so, and what to do. Pure."""

from typing import assert_never

from display_board.pages.opening import Phase, Today, moment, newcomers
from display_board.pages.words import NOTHING, Words
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall, Issuing, in_force, waiting_count
from hall_controller.domain.hours import next_opening

WATCH = Words("请留意屏幕和语音叫号", "Please watch this screen and listen for your number")
HOLDERS = Words("持票请等候叫号", "If you hold a ticket, please wait for your number")
STAFF = Words("请听从工作人员安排", "Please follow the directions of the staff")
ASK = Words("如需办理，请咨询工作人员", "Please ask the staff")


def may_be_called(hall: Hall) -> bool:
    """Whether anybody is yet to be called: someone waits, or may still take a ticket."""
    return hall.issuing is Issuing.OPEN or waiting_count(hall) > 0


def idle_words(hall: Hall, hours: Today, at_ms: int) -> tuple[Words, Words]:
    """What to know, and what more."""
    if not hall.issuing.is_known:
        return hours.head, hours.detail
    match hall.issuing:
        case Issuing.OPEN:
            return _open(hall, hours)
        case Issuing.CLOSED:
            return hours.head, STAFF
        case Issuing.STOPPED if waiting_count(hall):
            return HOLDERS, hours.detail if hours.phase in (Phase.BEFORE, Phase.BREAK) else NOTHING
        case Issuing.STOPPED:
            return _stopped(hall, hours, at_ms)
        case _:
            assert_never(hall.issuing)


def _open(hall: Hall, hours: Today) -> tuple[Words, Words]:
    # A new hall is tried out at any hour, and a break or closing time concerns those who wait less than their call.
    if hours.phase is Phase.BEFORE and hall.opening is not None:
        return WATCH, hours.head
    if hall.opening is None or waiting_count(hall) or not hours.head.zh:
        return WATCH, NOTHING
    return hours.head, hours.detail


def _stopped(hall: Hall, hours: Today, at_ms: int) -> tuple[Words, Words]:
    """Nobody waits, and nobody can take a ticket."""
    by_hours = hall.stop_cause in (StopCause.LUNCH, StopCause.SHUT)
    no_more = newcomers(hall, at_ms)
    if hours.head.zh:
        return hours.head, no_more if hours.phase is Phase.BEFORE and not by_hours else hours.detail
    if hall.stop_cause is not StopCause.LAST_TICKET:
        return no_more, NOTHING if by_hours else ASK
    opens = next_opening(in_force(hall), at_ms)
    if opens is None:
        return no_more, ASK
    when = moment(in_force(hall), opens.start_ms, at_ms)
    return no_more, Words(f"下次办公：{when.zh}", f"We open {when.en}")
