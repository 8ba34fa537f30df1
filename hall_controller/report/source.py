"""What an account needs of the journal, and no more: a year need not be read for the report of a day.

Before the period: the rules and the extension in force, what was accepted and booked, since it may not have ended, and
everything since all counters were closed last, since whoever was at a counter then may be there still. After it: the
start of the next day, which ends what is under way.
"""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from hall_controller.bus.wire import decode_event
from hall_controller.domain import events as e
from hall_controller.journal.journal import Journal
from hall_controller.report.besides import BEFORE

AFTER = "~"
"""Sorts after all that follows a month or a day in a date."""
_SETTINGS = (e.RulesChanged, e.HoursExtended, e.DayStarted)
_OPEN_AND_CLOSE = (e.CounterOpened, e.CounterClosed, e.CounterTakenOver)
_KINDS = tuple(str(kind.__struct_config__.tag) for kind in (*_SETTINGS, *_OPEN_AND_CLOSE, *BEFORE))


class Source(NamedTuple):
    bodies: Iterator[bytes]
    length: int
    """How many they are, nearly."""
    is_empty: bool
    """The journal holds no service day of the period."""


def read(journal: Journal, period: str) -> Source:
    """For `make_report`. `period` is a day or a month."""
    first, beyond = journal.first_seq_from(period), journal.first_seq_from(period + AFTER)
    settings, start = _before(journal, first)
    bodies = itertools.chain(settings, journal.bodies_between(start, beyond))
    return Source(bodies, len(settings) + beyond - start + 1, is_empty=first == beyond)


def _before(journal: Journal, first: int) -> tuple[list[bytes], int]:
    """The settings that led to the seq from which on all is to be read, and that seq: all counters are closed there."""
    kept: list[tuple[int, bytes]] = []
    at_work: set[int] = set()
    start = journal.oldest_seq()
    for body in journal.bodies_of(_KINDS, first):
        event = decode_event(body)
        match event:
            case e.CounterOpened():
                at_work.add(event.counter)
            case e.CounterClosed():
                at_work.discard(event.counter)
            case e.CounterTakenOver():
                at_work.discard(event.from_counter)
            case _:
                kept.append((event.seq, body))
        if not at_work:
            start = event.seq + 1
    if not at_work:
        start = first
    return [body for seq, body in kept if seq < start], start
