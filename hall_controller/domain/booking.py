"""Which half hours a visitor may book: a share of what the counters can serve in each.

Counters that are planned to be open, or all of the hall's where nobody has planned; in the next hours never more than
are open. Times the half hour, over what a visit takes here, times the share: the rest is for those who walk in.
"""

import datetime as dt

import msgspec

from hall_controller.domain.counter import WORKING
from hall_controller.domain.flow import service_mean_s
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local, openings
from hall_controller.domain.roster import planned
from hall_controller.domain.ticket import USUAL_S, Channel

SLOT_MS = 1_800_000
SOON_MS = 7_200_000
"""So far ahead the counters that are open now say more than any plan."""


class Slot(msgspec.Struct, frozen=True):
    slot_at_ms: int
    free: int
    """How many more may be booked; 0 for one that is full or has begun, and today in an emergency."""
    capacity: int = 0
    """How many may be booked in all."""


def days(hall: Hall, at_ms: int) -> list[dt.date]:
    """The days that may be booked, today included, where the hall serves at all."""
    rules = in_force(hall)
    today = local(rules, at_ms).date()
    ahead = (today + dt.timedelta(days=n) for n in range(rules.booking_days + 1))
    return [day for day in ahead if openings(rules, day)]


def slots(hall: Hall, day: dt.date, at_ms: int) -> list[Slot]:
    """The half hours of a day, in order: each begins and ends within an opening, on the hour or half past."""
    rules = in_force(hall)
    if day not in days(hall, at_ms):
        return []
    taken: dict[int, int] = {}
    for ticket in hall.tickets.values():
        if ticket.channel is Channel.APPOINTMENT and ticket.slot_at_ms is not None:
            taken[ticket.slot_at_ms] = taken.get(ticket.slot_at_ms, 0) + 1
    closed = hall.issuing is Issuing.CLOSED and day.isoformat() == hall.service_day
    found = []
    for opening in openings(rules, day):
        first_ms = -(-opening.start_ms // SLOT_MS) * SLOT_MS
        for slot_at_ms in range(first_ms, opening.end_ms - SLOT_MS + 1, SLOT_MS):
            room = capacity(hall, slot_at_ms, at_ms)
            free = room - taken.get(slot_at_ms, 0) if slot_at_ms > at_ms and not closed else 0
            found.append(Slot(slot_at_ms, max(0, free), room))
    return found


def capacity(hall: Hall, slot_at_ms: int, at_ms: int) -> int:
    """Bookings that a half hour can take; at least one where a counter serves and visitors may book at all."""
    rules = in_force(hall)
    counters = counters_at(hall, slot_at_ms, at_ms)
    if not counters or not rules.booking_share:
        return 0
    served = counters * SLOT_MS / 1000 / visit_s(hall)
    return min(rules.booking_limit, max(1, int(served * rules.booking_share)))


def counters_at(hall: Hall, slot_at_ms: int, at_ms: int) -> int:
    counters = planned(hall, slot_at_ms)
    if counters is None:
        counters = in_force(hall).counters
    open_now = sum(counter.state in WORKING for counter in hall.counters.values())
    serves_now = hall.opening is not None and hall.opening.start_ms <= at_ms and not hall.opening.over
    if serves_now and open_now and slot_at_ms <= at_ms + SOON_MS:
        counters = min(counters, open_now)
    return counters


def visit_s(hall: Hall) -> float:
    """What a visit keeps a counter: the service as the hall has learned it, the way to it, the paperwork after it."""
    service_s = service_mean_s(hall.learned, hall.flow, "", USUAL_S)
    return service_s + hall.flow.walk_s + hall.flow.wrap_up_s
