"""What has changed since somebody looked? Recounted from pictures of the whole room, one after each event."""

from typing import Any

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall

Picture = dict[tuple[str, int], Any]

TIMES_OR_YESTERDAY = (e.ClockStepped, e.DayStarted)
"""Clocks are set, and yesterday's acts cannot be undone any more: nobody has acted."""


def picture(hall: Hall) -> Picture:
    """Of all counters and tickets, what a person acts on."""
    counters: Picture = {("counter", number): counter for number, counter in hall.counters.items()}
    tickets: Picture = {
        ("ticket", number): (
            *(
                ticket.state,
                ticket.counter,
                ticket.only_counter,
                ticket.place,
                ticket.called_at_ms,
                ticket.missed_at_ms,
            ),
            *(ticket.started_at_ms, ticket.serving_since_ms, ticket.served_ms),
            *(ticket.matter, ticket.more, ticket.visitor_class),
        )
        for number, ticket in hall.tickets.items()
    }
    return counters | tickets


class Recount:
    def __init__(self) -> None:
        self.changes: list[tuple[int, set[tuple[str, int]]]] = []
        """By event: its seq, and what it changed."""
        self._before: Picture = {}
        self._began = 1
        """The event with which the epoch began."""

    def hear(self, hall: Hall, event: e.Event) -> None:
        """After the event was applied."""
        after = picture(hall)
        if isinstance(event, e.EpochStarted):
            self._began = event.seq
        if not isinstance(event, TIMES_OR_YESTERDAY):
            changed = {key for key in after.keys() | self._before.keys() if after.get(key) != self._before.get(key)}
            self.changes.append((event.seq, changed))
        self._before = after

    def is_stale(self, hall: Hall, command: c.Command, seen_seq: int) -> bool:
        """Whether the command's counter or ticket is another than whoever had heard `seen_seq` saw."""
        if seen_seq > hall.seq or seen_seq < self._began:
            return True
        named = {("counter", getattr(command, name, None)) for name in ("counter", "from_counter")}
        ticket = getattr(command, "ticket", None)
        if ticket in hall.tickets or ticket in hall.ended:  # of others nothing is kept, and they are refused anyway
            named.add(("ticket", ticket))
        return any(named & changed for seq, changed in self.changes if seq > seen_seq)
