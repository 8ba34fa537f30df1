"""What each counter was used for: the hall's own state, added up between one event and the next."""

from collections.abc import Iterable

import msgspec

from hall_controller.domain import events as e
from hall_controller.domain.counter import BUSY, CounterState
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall


class Use(msgspec.Struct, frozen=True):
    """Of one counter, or all."""

    open_s: int
    """Not closed, pauses included."""
    busy_s: int
    """With a visitor who was called or served."""
    paused_s: int

    @property
    def share(self) -> float | None:
        """Of the time in which it could serve, that with a visitor."""
        able_s = self.open_s - self.paused_s
        return round(self.busy_s / able_s, 4) if able_s > 0 else None


class Watch:
    """Is told of each event just before it is applied."""

    def __init__(self) -> None:
        self._spent_ms: dict[int, dict[CounterState, int]] = {}
        self._until_ms: int | None = None

    def hear(self, hall: Hall, event: e.Event) -> None:
        if self._until_ms is not None and event.at_ms > self._until_ms:
            for counter in hall.counters.values():
                if counter.state is not CounterState.CLOSED:
                    spent = self._spent_ms.setdefault(counter.counter, {})
                    spent[counter.state] = spent.get(counter.state, 0) + event.at_ms - self._until_ms
        self._until_ms = event.at_ms

    def told(self) -> dict[int, Use]:
        return {number: _use(spent) for number, spent in sorted(self._spent_ms.items())}


def _use(spent_ms: dict[CounterState, int]) -> Use:
    def seconds(*states: CounterState) -> int:
        return round(sum(spent_ms.get(state, 0) for state in states) / 1000)

    return Use(open_s=seconds(*CounterState), busy_s=seconds(*BUSY), paused_s=seconds(CounterState.PAUSED))


def use_of(events: Iterable[e.Event], first_seq: int = 0) -> dict[int, Use]:
    """By counter, from this event on. `events`: all that the journal holds."""
    hall, watch = Hall(), Watch()
    for event in events:
        if event.seq >= first_seq:
            watch.hear(hall, event)
        evolve(hall, event)
    return watch.told()


def in_all(use: Iterable[Use]) -> Use:
    rows = list(use)
    return Use(*(sum(getattr(row, name) for row in rows) for name in Use.__struct_fields__))
