"""Bookings whose half hour the hall does not serve (any more): which they are, why, and what to offer instead.

Hours change after people have booked: a special day, a holiday that was announced, other hours in the files, an
emergency. Nothing of it is kept with a booking: it follows from the hours as they are now.
"""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum

from hall_controller.domain.booking import SLOT_MS, Slot, days, slots
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.hall import Closure, Hall, Issuing, in_force
from hall_controller.domain.hours import local, moment_ms, opening_at, openings, service_day
from hall_controller.domain.ticket import Ticket, TicketState

KEPT_DAYS = 14
"""A booking that stood before a locked door is kept for its visitor so long after its day."""
OFFERED = 6
"""Half hours that are offered instead."""


class StrandedBy(StrEnum):
    """Why the hall does not serve a booked half hour."""

    EMERGENCY = "emergency"
    """It is, or was then, closed for an emergency."""
    SHUT_DAY = "shut_day"
    """It does not open on that day."""
    OTHER_HOURS = "other_hours"
    """It opens on that day, but not then."""


def stranded_by(hall: Hall, ticket: Ticket) -> StrandedBy | None:
    """None for a booking that holds, and for a ticket that is none."""
    if ticket.state is not TicketState.BOOKED or ticket.slot_at_ms is None:
        return None
    return shut_by(hall, ticket.slot_at_ms)


def shut_by(hall: Hall, slot_at_ms: int) -> StrandedBy | None:
    """Why whoever comes at this moment stands before a locked door; None where the hall is open."""
    rules = in_force(hall)
    if emergency_of(hall, slot_at_ms) is not None:
        return StrandedBy.EMERGENCY
    if opening_at(rules, slot_at_ms, hall.extension) is not None:
        return None
    day = local(rules, slot_at_ms).date()
    return StrandedBy.OTHER_HOURS if openings(rules, day, hall.extension) else StrandedBy.SHUT_DAY


def emergency_of(hall: Hall, slot_at_ms: int) -> Closure | None:
    """The emergency in which the hall was, or is, closed for whoever came on time for this half hour."""
    on_time_ms = slot_at_ms + in_force(hall).appointment_late_s * 1000
    fits = (one for one in hall.closures if slot_at_ms < _until_ms(hall, one) and one.from_ms <= on_time_ms)
    return next(fits, None)


def _until_ms(hall: Hall, closure: Closure) -> int:
    """An emergency lasts until the manager ends it, at most until the day does."""
    if closure.until_ms is not None:
        return closure.until_ms
    rules = in_force(hall)
    day = dt.date.fromisoformat(service_day(rules, closure.from_ms))
    return moment_ms(rules, day + dt.timedelta(days=1), dt.time())


def stranded(hall: Hall) -> Iterator[tuple[Ticket, StrandedBy]]:
    """In the order of their half hours, those of days that are over included while they are kept."""
    by_slot: dict[int, list[Ticket]] = {}
    for ticket in hall.tickets.values():
        if ticket.state is TicketState.BOOKED and ticket.slot_at_ms is not None:
            by_slot.setdefault(ticket.slot_at_ms, []).append(ticket)
    for slot_at_ms in sorted(by_slot):
        why = shut_by(hall, slot_at_ms)
        if why is not None:
            yield from ((ticket, why) for ticket in by_slot[slot_at_ms])


def is_kept(hall: Hall, ticket: Ticket) -> bool:
    """Whether a stranded booking of a day that is over still waits for its visitor."""
    day = local(in_force(hall), ticket.slot_at_ms or 0).date() + dt.timedelta(days=KEPT_DAYS)
    return day.isoformat() >= hall.service_day


def is_taken_now(hall: Hall, ticket: Ticket, at_ms: int) -> bool:
    """Whether a stranded booking may be checked in: from its day on, while the doors are open or about to open."""
    rules = in_force(hall)
    is_open = hall.issuing is not Issuing.CLOSED and opening_at(rules, at_ms, hall.extension, rules.issue_before_s)
    return bool(is_open) and service_day(rules, ticket.slot_at_ms or 0) <= hall.service_day


def clashing(hall: Hall, holder: str, matters: set[str], slot_at_ms: int, but: int | None = None) -> Ticket | None:
    """A booking of this person in the same half hour, or on the same day for one of these matters; not `but`."""
    rules = in_force(hall)
    for ticket in hall.tickets.values():
        if ticket.holder != holder or ticket.state is not TicketState.BOOKED or ticket.ticket == but:
            continue
        booked_ms = ticket.slot_at_ms or 0
        same_day = service_day(rules, booked_ms) == service_day(rules, slot_at_ms)
        if abs(booked_ms - slot_at_ms) < SLOT_MS or (same_day and matters & set(matters_of(ticket))):
            return ticket
    return None


def offered(hall: Hall, ticket: Ticket, at_ms: int, most: int = OFFERED) -> list[Slot]:
    """The free half hours nearest to the booked one that its visitor may take, in the order of time."""
    wanted_ms = max(ticket.slot_at_ms or 0, at_ms)
    free = [slot for day in days(hall, at_ms) for slot in slots(hall, day, at_ms) if slot.free]
    nearest = sorted(free, key=lambda slot: (abs(slot.slot_at_ms - wanted_ms), slot.slot_at_ms))
    found: list[Slot] = []
    for slot in nearest:
        if len(found) == most:
            break
        if ticket.holder is None or not clashing(
            hall, ticket.holder, set(matters_of(ticket)), slot.slot_at_ms, ticket.ticket
        ):
            found.append(slot)
    return sorted(found, key=lambda slot: slot.slot_at_ms)
