"""A booked visitor checks in by the code on the paper: what was typed, and why it did not do. Pure."""

import msgspec

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.refusal import Code
from hall_controller.domain.stranded_bookings import stranded_by
from hall_controller.domain.ticket import Ticket, VisitorClass
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.words import Words
from ticket_printer.moments import day_told, time_told, today

CHECK_DIGITS = 4
"""The last digits of a code; the dash stands before them."""


class CheckInView(msgspec.Struct, frozen=True, kw_only=True):
    """The keypad. What was typed is not in it: it changes with each touch, the rest does not."""

    title: str
    hint: str
    rule: str
    """What coming early or late means."""
    note: str
    """Why it did not do."""


def code_of(typed: str) -> str:
    """`123456` is the code `12-3456`: the dash may be left out. One that was typed stands where it was typed."""
    if "-" in typed or len(typed) <= CHECK_DIGITS:
        return typed
    return f"{typed[:-CHECK_DIGITS]}-{typed[-CHECK_DIGITS:]}"


def is_complete(typed: str) -> bool:
    head, _, check = code_of(typed).partition("-")
    return head.isdecimal() and len(check) == CHECK_DIGITS and check.isdecimal()


def check_in_view(journey: Journey, hall: Hall, now_ms: int, words: Words) -> CheckInView:
    other = words.other
    rules = in_force(hall)
    rule = words.visit.check_in_rule.format(rules.appointment_early_s // 60, rules.appointment_late_s // 60)
    note = _why_not(journey, hall, now_ms, words)
    return CheckInView(title=other.type_code, hint=other.type_code_why, rule=rule, note=note)


def arrival_told(ticket: Ticket, words: Words) -> str:
    """What it means that a booked visitor was on time or late; empty for others, and before the check-in."""
    slot_at_ms = ticket.slot_at_ms
    if slot_at_ms is None or ticket.number is None:
        return ""
    late_min = -(-(ticket.issued_at_ms - slot_at_ms) // 60_000)
    if ticket.visitor_class is not VisitorClass.APPOINTMENT:
        return words.visit.late.format(late_min) if late_min > 0 else ""
    return words.visit.late_kept.format(late_min) if late_min > 0 else words.visit.on_time


def _why_not(journey: Journey, hall: Hall, now_ms: int, words: Words) -> str:
    """The hall takes a code before it looks at its ticket: any other refusal than `unknown` is about this visitor."""
    other, ticket = words.other, _ticket(journey, hall)
    match journey.refusal:
        case None:
            return ""
        case Code.MALFORMED:
            return other.too_short
        case Code.STALE:
            return other.again
        case Code.UNKNOWN_TICKET:
            return other.unknown
        case Code.HALL_CLOSED:
            return other.closed
        case Code.WRONG_STATE:
            return other.already.format(ticket.number) if ticket and ticket.number else other.ended
        case Code.TOO_EARLY if ticket is not None and stranded_by(hall, ticket) is not None:
            return other.stranded
        case Code.TOO_EARLY if ticket is not None and ticket.slot_at_ms is not None:
            from_ms = ticket.slot_at_ms - in_force(hall).appointment_early_s * 1000
            return other.too_early.format(moment_told(hall, from_ms, now_ms, english=journey.english))
        case Code.TOO_EARLY:
            return other.too_early_soon
        case _:
            return other.refused


def moment_told(hall: Hall, at_ms: int, now_ms: int, *, english: bool) -> str:
    day = day_told(today(hall, at_ms), today(hall, now_ms), english=english)
    return f"{day} {time_told(hall, at_ms)}"


def _ticket(journey: Journey, hall: Hall) -> Ticket | None:
    head = code_of(journey.code).partition("-")[0]
    return hall.tickets.get(int(head)) if head.isdecimal() else None
