"""Following a hall: one event at a time, and when to begin anew.

A follower has to begin anew when its hall says twice in a row that it has had fewer events than the follower. Such a
hall has lost the end of its journal: its disk lied about what it had written, or was set back. A pulse that a snapshot
or page has overtaken says the same, but was made earlier.
"""

import logging

from hall_controller.domain.events import Event, UnknownEvent
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall

log = logging.getLogger(__name__)

PULSES = 2
"""In a row."""


class Position:
    """What the hall last told of itself, in answer to a question."""

    def __init__(self) -> None:
        self._told_ms = 0
        self._behind = 0

    def learned(self, now_ms: int) -> None:
        """A snapshot or page has come, made at this time by the hall's clock."""
        self._told_ms, self._behind = now_ms, 0

    def has_lost(self, own_seq: int, seq: int, now_ms: int) -> bool:
        """Whether a pulse of our epoch shows that events which we have are no longer the hall's."""
        self._behind = self._behind + 1 if seq < own_seq and now_ms > self._told_ms else 0
        return self._behind >= PULSES


def stepped(hall: Hall, event: Event) -> bool:
    """Bring the hall forward by its next event. False for one that only a newer hall understands: a snapshot is due."""
    try:
        if not isinstance(event, UnknownEvent):
            evolve(hall, event)
            return True
        log.warning("event %d is of an unknown kind, %s: the hall is newer than this part", event.seq, event.kind)
    except Exception:
        log.exception("event %d is not understood; is the hall newer than this part?", event.seq)
    hall.seq, hall.at_ms = event.seq, event.at_ms
    return False
