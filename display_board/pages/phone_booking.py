"""What the phone page says of a booking, and which half hours it offers when the hall is shut then. Pure."""

from enum import StrEnum
from hashlib import sha256
from typing import assert_never

import msgspec

from display_board.pages.opening import clock
from display_board.pages.phone_parts import Say
from display_board.pages.words import WEEKDAYS, Words
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, openings
from hall_controller.domain.plain_text import markup as escape
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Rules
from hall_controller.domain.stranded_bookings import StrandedBy, emergency_of, offered, stranded_by
from hall_controller.domain.ticket import Ticket
from hall_controller.i18n.hours import reserve

Standing = tuple[Words, Words, str, Words]
CHOOSE = Words("请改选一个时段", "Choose another half hour")
SHUT = Words("预约时段大厅不开放", "The hall is shut at your booked time")


class Offer(msgspec.Struct, frozen=True):
    """A half hour that the visitor may take instead."""

    slot_at_ms: int
    label: Words


class Moved(StrEnum):
    """What became of choosing another half hour, as the page's address says it."""

    DONE = "moved"
    TAKEN = "taken"
    HOLDS = "holds"
    ENDED = "over"
    LATER = "move_later"


MOVED = {
    Moved.DONE: Words("预约已改期，签到码不变", "Your booking is moved; the check-in code stays"),
    Moved.TAKEN: Words("该时段已约满或已过，请另选", "This half hour is taken or over. Please choose another"),
    Moved.HOLDS: Words("您的预约有效，无需改期", "Your booking holds; there is no need to move it"),
    Moved.ENDED: Words("这个预约已签到或已结束", "This booking was checked in, or has ended"),
    Moved.LATER: Words("暂时没能改期，请再试一次", "It could not be moved now. Please try again"),
}


def moved_of(code: Code) -> Moved:
    """What a refusal means to the visitor."""
    match code:
        case Code.NO_SLOT | Code.MALFORMED | Code.ALREADY_BOOKED | Code.HALL_CLOSED:
            return Moved.TAKEN
        case Code.WRONG_STATE | Code.UNKNOWN_TICKET:
            return Moved.ENDED
        case _:
            return Moved.LATER


def booked_standing(hall: Hall, ticket: Ticket, code: str | None, offers: tuple[Offer, ...], now_ms: int) -> Standing:
    """Head, detail, what is shown large, and its label."""
    rules, slot_at_ms = in_force(hall), ticket.slot_at_ms or 0
    why = stranded_by(hall, ticket)
    if why is not None:
        detail = _joined(_why(hall, slot_at_ms, why), _kept(offers))
        return SHUT, detail, clock(rules, slot_at_ms), date_words(rules, slot_at_ms, now_ms)
    from_, late = (
        clock(rules, slot_at_ms + 1000 * by_s) for by_s in (-rules.appointment_early_s, rules.appointment_late_s)
    )
    where = (
        Words("凭签到码在取号机", "at the kiosk with this code") if code else Words("在导办台", "at the reception desk")
    )
    detail = Words(
        f"{from_}起{where.zh}签到，{late}后签到按普通号排队",
        f"Check in {where.en} from {from_} on; after {late} you queue without the booking",
    )
    return Words("已预约", "Booked"), detail, clock(rules, slot_at_ms), date_words(rules, slot_at_ms, now_ms)


def date_words(rules: Rules, at_ms: int, now_ms: int) -> Words:
    """`11月27日 星期五`, `Fri 27 Nov`; with a reserve where nobody can promise that day."""
    at = local(rules, at_ms)
    day = WEEKDAYS[at.weekday()]
    but = reserve(rules, at_ms, now_ms)
    return Words(f"{at.month}月{at.day}日 {day.zh}{but.zh}", f"{day.en} {at.day} {at:%b}{but.en}")


def offers_of(hall: Hall, ticket: Ticket, now_ms: int) -> tuple[Offer, ...]:
    """None for a booking that holds."""
    if stranded_by(hall, ticket) is None:
        return ()
    rules = in_force(hall)
    found = []
    for slot in offered(hall, ticket, now_ms):
        day, time = date_words(rules, slot.slot_at_ms, now_ms), clock(rules, slot.slot_at_ms)
        found.append(Offer(slot.slot_at_ms, Words(f"{day.zh} {time}", f"{day.en} {time}")))
    return tuple(found)


def _why(hall: Hall, slot_at_ms: int, why: StrandedBy) -> Words:
    rules = in_force(hall)
    day = local(rules, slot_at_ms).date()
    match why:
        case StrandedBy.EMERGENCY:
            closure = emergency_of(hall, slot_at_ms)
            reason = closure.reason if closure is not None else ""
            return Words(f"大厅紧急关闭：{reason}", f"The hall had to close: {reason}")
        case StrandedBy.SHUT_DAY:
            special = rules.calendar.get(day.isoformat())
            zh, en = (special.name_zh, special.name_en or special.name_zh) if special is not None else ("", "")
            return Words(
                f"当日大厅不办公{f'（{zh}）' if zh else ''}",
                f"The hall does not open on that day{f' ({en})' if en else ''}",
            )
        case StrandedBy.OTHER_HOURS:
            spans = [
                f"{clock(rules, one.start_ms)}–{clock(rules, one.end_ms, end=True)}" for one in openings(rules, day)
            ]
            return Words(f"当日办公时间为{'、'.join(spans)}", f"The hours of that day are {', '.join(spans)}")
        case _:
            assert_never(why)


def _kept(offers: tuple[Offer, ...]) -> Words:
    if offers:
        return Words(
            "预约为您保留：请改选时段，或在大厅开放时前来，仍按预约优先",
            "Your booking is kept: choose another half hour, or come when the hall is open and be served as booked",
        )
    return Words(
        "预约为您保留，暂无空闲时段：请在大厅开放时前来，仍按预约优先",
        "Your booking is kept. No half hour is free yet: come when the hall is open and be served as booked",
    )


def _joined(first: Words, then: Words) -> Words:
    return Words(f"{first.zh}。{then.zh}", f"{first.en}. {then.en}")


def offers_mark(offers: tuple[Offer, ...]) -> str:
    """Another one when other half hours are offered."""
    return sha256(msgspec.json.encode(offers)).hexdigest()[:12] if offers else ""


def offers_html(offers: tuple[Offer, ...], say: Say, action: str) -> str:
    """A button for each; works without scripts."""
    buttons = "".join(
        f'<button name="slot" value="{offer.slot_at_ms}">{escape(say(offer.label))}</button>' for offer in offers
    )
    return f'<form method="post" action="{escape(action)}"><h2>{escape(say(CHOOSE))}</h2>{buttons}</form>'


def slot_of(body: bytes) -> int | None:
    """The half hour that a form names; None where it names none."""
    name, _, value = body.decode("ascii", "replace").partition("=")
    return int(value) if name == "slot" and value.isascii() and value.isdigit() and len(value) <= 15 else None
