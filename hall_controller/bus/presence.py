"""Which terminals speak for which counter, so that two at one counter are told of each other at once.

A terminal names its session in `status`: the same key may have been copied to a second terminal.
"""

from collections.abc import Callable
from typing import NamedTuple

from hall_controller.domain.sender import Sender

HEARD_S = 45.0
"""A session speaks each twenty seconds; longer than this unheard, it is no more."""


class _Seen(NamedTuple):
    peer: bytes
    """Its connection,"""
    at_s: float
    """and when it was heard, in monotonic seconds."""


class Presence:
    """Sessions of counters' terminals. A cheap `heard`, and one look at them each second."""

    def __init__(self, is_connected: Callable[[bytes], bool]) -> None:
        self._is_connected = is_connected
        self._at: dict[int, dict[tuple[str, str], _Seen]] = {}
        """By counter, and by device and session."""

    def heard(self, sender: Sender, session: str, peer: bytes, at_s: float) -> None:
        if sender.counter is not None:
            self._at.setdefault(sender.counter, {})[sender.name, session] = _Seen(peer, at_s)

    def shared(self, now_s: float) -> tuple[int, ...]:
        """Counters for which more than one session speaks, in order. Who has closed or died is forgotten at once."""
        for counter, sessions in self._at.items():
            live = {key: seen for key, seen in sessions.items() if now_s - seen.at_s <= HEARD_S}
            if len(live) > 1:
                live = {key: seen for key, seen in live.items() if self._is_connected(seen.peer)}
            self._at[counter] = live
        return tuple(sorted(counter for counter, sessions in self._at.items() if len(sessions) > 1))

    def sessions(self, device: str, counter: int | None) -> int:
        """How many of a device were heard when this was last looked at."""
        return sum(name == device for name, _ in self._at.get(counter or 0, {}))
