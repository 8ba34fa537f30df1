"""Which half hours a visitor may book: a first form, with a fixed number of bookings in each."""

import datetime as dt

import msgspec

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, openings
from hall_controller.domain.ticket import Channel

SLOT_MS = 1_800_000


class Slot(msgspec.Struct, frozen=True):
    slot_at_ms: int
    free: int
    """How many more may be booked; 0 for one that is full or has begun."""


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
    found = []
    for opening in openings(rules, day):
        first_ms = -(-opening.start_ms // SLOT_MS) * SLOT_MS
        for slot_at_ms in range(first_ms, opening.end_ms - SLOT_MS + 1, SLOT_MS):
            free = rules.booking_limit - taken.get(slot_at_ms, 0) if slot_at_ms > at_ms else 0
            found.append(Slot(slot_at_ms, max(0, free)))
    return found
