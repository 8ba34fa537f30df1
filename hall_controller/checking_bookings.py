"""Bookings that the hours of the files leave before a locked door, whether the hall goes by them already or not."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hall_controller.config import HallConfig
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.stranded_bookings import StrandedBy, offered, stranded
from hall_controller.domain.ticket import TicketState
from hall_controller.journal.journal import Journal, JournalTrouble

NAMED = 5
"""Bookings that are named one by one; of the others there is a count."""

WHY = {
    StrandedBy.EMERGENCY: "closed for an emergency",
    StrandedBy.SHUT_DAY: "shut all day",
    StrandedBy.OTHER_HOURS: "outside the hours",
}


class Booked(NamedTuple):
    bookings: int
    """All bookings."""
    stranded: int
    sentence: str
    """Names those that are stranded, and what to do; empty where none is."""


def bookings_of(directory: Path, config: HallConfig) -> Booked | None:
    """By the hours of the files; None where the journal cannot be read, which is a finding of its own."""
    with contextlib.suppress(JournalTrouble, sqlite3.Error), Journal(directory, read_only=True) as journal:
        hall = journal.load()
        if hall.rules is None:
            return Booked(0, 0, "")
        at_ms = hall.at_ms if config.hall.rehearsal else time.time_ns() // 1_000_000
        running = [ticket.ticket for ticket, _ in stranded(hall)]
        hall.rules = config.rules(local(hall.rules, at_ms).date(), hall.rules)
        found = [ticket.ticket for ticket, _ in stranded(hall)]
        booked = sum(ticket.state is TicketState.BOOKED for ticket in hall.tickets.values())
        when = "" if set(found) <= set(running) else ", once the hall is started again with these files"
        return Booked(booked, len(found), _sentence(directory, hall, at_ms, when) if found else "")
    return None


def _sentence(directory: Path, hall: Hall, at_ms: int, when: str) -> str:
    named = list(_named(hall, at_ms))
    shown = "; ".join(named[:NAMED])
    more = f"; and {len(named) - NAMED} more" if len(named) > NAMED else ""
    is_one = len(named) == 1
    whom = "1 booking is for a half hour" if is_one else f"{len(named)} bookings are for half hours"
    mend = f"open the hall then, or move {'it' if is_one else 'them'}: hall do {directory} rebook_ticket"
    return (
        f"{whom} in which the hall is shut{when}: {shown}{more}. Phone page and app offer others;"
        f" {mend}{_first(hall, at_ms)}"
    )


def _named(hall: Hall, at_ms: int) -> Iterator[str]:
    """`ticket 12, 2026-11-27 10:00 (shut all day), free instead 2026-11-26 10:00, 10:30`."""
    rules = in_force(hall)
    for place, (ticket, why) in enumerate(stranded(hall)):
        text = f"ticket {ticket.ticket}, {local(rules, ticket.slot_at_ms or 0):%Y-%m-%d %H:%M} ({WHY[why]})"
        if place < NAMED:
            free = [f"{local(rules, slot.slot_at_ms):%Y-%m-%d %H:%M}" for slot in offered(hall, ticket, at_ms, 2)]
            text += f", free instead: {' or '.join(free)}" if free else ", nothing is free instead yet"
        yield text


def _first(hall: Hall, at_ms: int) -> str:
    for ticket, _ in stranded(hall):
        for slot in offered(hall, ticket, at_ms, 1):
            return f" --ticket {ticket.ticket} --slot_at_ms {slot.slot_at_ms}"
    return " --help"
