"""A new numbering: for a hall just made, restored from a backup, or rehearsed."""

import secrets
import time
from pathlib import Path

from hall_controller.bus.wire import decode_event, encode
from hall_controller.domain.events import EpochStarted, Origin
from hall_controller.domain.sender import HALL
from hall_controller.journal.journal import Entry, Journal


def start_epoch(directory: Path, origin: Origin, *, epoch: str | None = None, at_ms: int | None = None) -> str:
    """Journal `epoch_started`, making hall.db where there is none. Returns the epoch. Raises JournalTrouble.

    The seq goes on, so that a restored journal stays one; the epoch tells readers that what they
    knew beyond it never happened.
    """
    epoch = epoch or secrets.token_hex(4)
    with Journal(directory, create=True) as journal:
        hall = journal.load()
        if at_ms is None:  # a rehearsal's clock is its driver's: the wall clock would take it out of its day
            own_clock = first_origin(journal) is Origin.REHEARSAL
            at_ms = hall.at_ms if own_clock else max(time.time_ns() // 1_000_000, hall.at_ms)
        event = EpochStarted(
            epoch=epoch, seq=hall.seq + 1, at_ms=at_ms, service_day=hall.service_day, by=HALL.name, origin=origin
        )
        journal.commit([Entry.of(event, encode(event))], [])
    return epoch


def first_origin(journal: Journal) -> Origin | None:
    """How the journal began; None when its beginning is archived."""
    first = next(journal.bodies(), None)
    event = decode_event(first) if first is not None else None
    return event.origin if isinstance(event, EpochStarted) else None
