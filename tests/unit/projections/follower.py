"""A client of the bus in memory: it holds the hall as its screens do, from what has reached it over the wire."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from hall_controller.bus import wire
from hall_controller.domain.events import Event
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Tier


class Follower:
    """As much of a `HallClient` as the parts use. The test says what is heard, and when the line is down."""

    give_up_s = 6.0

    def __init__(self) -> None:
        self.hall: Hall | None = None
        self.connected = False
        self.clock_ms = 0
        self.journal: list[bytes] = []
        """What the hall would answer to a query for events."""
        self.features: frozenset[str] = frozenset()
        self.rate = 1.0
        self._event_listeners: list[Callable[[Event], None]] = []
        self._sync_listeners: list[Callable[[], None]] = []
        self._connection_listeners: list[Callable[[bool], None]] = []

    # --- what the parts ask of it ---

    def on_event(self, listener: Callable[[Event], None]) -> None:
        self._event_listeners.append(listener)

    def on_sync(self, listener: Callable[[], None]) -> None:
        self._sync_listeners.append(listener)

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        self._connection_listeners.append(listener)

    def on_devices(self, listener: Callable[[], None]) -> None:
        del listener

    def follow(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def now_ms(self) -> int:
        return self.clock_ms

    async def ask(self, request: wire.Request, *, request_id: str | None = None) -> Any:
        del request_id
        assert self.hall is not None
        match request:
            case wire.EventsSince(seq, limit):
                page = [msgspec.Raw(body) for body in self.journal[seq : seq + limit]]
                return wire.EventsReply(self.hall.epoch, 1, self.hall.seq, page)
            case wire.Matters():
                return wire.MattersReply([])
            case _:
                return wire.StatusReply(
                    "BA001", Tier.STREET, "", "", "0", self.hall.epoch, self.hall.seq, self.clock_ms, 1.0, 0, False, {}
                )

    # --- what befalls it ---

    def hear(self, events: Sequence[Event]) -> None:
        """Each event in order, once `hall` holds it."""
        for event in events:
            body = wire.encode(event)
            self.journal[event.seq - 1 :] = [body]
            if not self.connected:
                continue
            assert self.hall is not None
            heard = wire.decode_event(body)
            evolve(self.hall, heard)
            for listener in self._event_listeners:
                listener(heard)

    def synchronise(self, hall: Hall) -> None:
        """A snapshot: the state is replaced, never merged."""
        self.hall = msgspec.json.decode(msgspec.json.encode(hall), type=Hall)
        self.connected = True
        for listener in self._sync_listeners:
            listener()
        for heard in self._connection_listeners:
            heard(True)

    def catch_up(self) -> None:
        """The events that were missed, where the numbering is still the same."""
        assert self.hall is not None
        self.connected = True
        for heard in self._connection_listeners:
            heard(True)
        missed = [wire.decode_event(body) for body in self.journal[self.hall.seq :]]
        for event in missed:
            evolve(self.hall, event)
            for listener in self._event_listeners:
                listener(event)

    def lose_line(self) -> None:
        self.connected = False
        for heard in self._connection_listeners:
            heard(False)
