"""What the phone page says of a ticket that has ended: how, why, and what its holder can do now. Pure."""

from typing import assert_never

from display_board.pages.opening import moment
from display_board.pages.words import Words
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Ended, Hall, Issuing, in_force
from hall_controller.domain.hours import local, next_openings
from hall_controller.domain.ticket import TicketState

EXPIRED = Words("已过号失效", "This ticket has expired")
LAPSED = Words("预约已失效：当日未签到", "Your booking has lapsed: nobody checked in")
CANCELLED = Words("号票已取消", "This ticket was cancelled")
CANCELLED_BOOKING = Words("预约已取消", "This booking was cancelled")
ASK = Words("如有疑问请询问导办台", "Ask at the reception desk if this was a mistake")


def ended_words(hall: Hall, ended: Ended, now_ms: int) -> tuple[Words, Words]:
    """Head and detail."""
    is_booking = ended.number is None
    match ended.state:
        case TicketState.DONE:
            return Words("已办结", "Done"), Words("谢谢光临", "Thank you for your visit")
        case TicketState.NO_SHOW:
            return LAPSED if is_booking else EXPIRED, come_again(hall, now_ms)
        case _:
            return _cancelled(hall, ended.reason, now_ms, is_booking=is_booking)


def _cancelled(hall: Hall, reason: CancelReason | None, now_ms: int, *, is_booking: bool) -> tuple[Words, Words]:
    again = come_again(hall, now_ms)
    if reason is not None and not reason.is_known:
        reason = None
    match reason:
        case CancelReason.HALL_CLOSED if is_booking:
            return Words("预约已过保留期", "Your booking was kept for two weeks, and has ended"), again
        case CancelReason.HALL_CLOSED:
            head = Words("大厅紧急关闭，号票已取消", "The hall had to close: your ticket was cancelled")
            why = hall.closures[-1].reason if hall.closures and hall.issuing is not Issuing.CLOSED else ""
            return head, _joined(Words(f"原因：{why}", f"Reason: {why}"), again) if why else again
        case CancelReason.SWEPT:
            return Words("号票未使用，已随办公日结束", "This ticket was not used, and ended with the hall's day"), again
        case CancelReason.VISITOR:
            own = Words("您已取消预约", "You cancelled this booking")
            return own if is_booking else Words("您已取消此号票", "You cancelled this ticket"), again
        case CancelReason.STAFF:
            return CANCELLED_BOOKING if is_booking else CANCELLED, _joined(ASK, again)
        case None:
            return CANCELLED_BOOKING if is_booking else CANCELLED, again
        case _:
            assert_never(reason)


def come_again(hall: Hall, now_ms: int) -> Words:
    """What to do who still has to be served: nobody is sent to a kiosk that gives no tickets."""
    if not hall.issuing.is_known:
        return _when_open(hall, now_ms, another_day=False)
    match hall.issuing:
        case Issuing.OPEN:
            return Words("如仍需办理，请重新取号", "Please take a new ticket if you still need to be served")
        case Issuing.STOPPED:
            return _when_open(hall, now_ms, another_day=hall.stop_cause in (StopCause.MANAGER, StopCause.LAST_TICKET))
        case Issuing.CLOSED:
            why = Words(f"大厅已关闭：{hall.issuing_reason}", f"The hall is closed: {hall.issuing_reason}")
            return _joined(why, _when_open(hall, now_ms, another_day=True))
        case _:
            assert_never(hall.issuing)


def _when_open(hall: Hall, now_ms: int, *, another_day: bool) -> Words:
    rules = in_force(hall)
    today = local(rules, now_ms).date()
    for opening in next_openings(rules, now_ms):
        if not another_day or local(rules, opening.start_ms).date() != today:
            when = moment(rules, opening.start_ms, now_ms)
            return Words(
                f"如仍需办理，请待大厅开放后再来：{when.zh}",
                f"If you still need to be served, come again when the hall opens {when.en}",
            )
    return Words("何时开放请留意大厅公告", "Watch for the hall's notice of when it opens again")


def _joined(first: Words, then: Words) -> Words:
    return Words(f"{first.zh}。{then.zh}", f"{first.en}. {then.en}")
