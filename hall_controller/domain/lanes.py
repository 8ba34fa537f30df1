"""Which counters a visitor waits for: where some are narrowed, one that is free is not free for everybody."""

from collections.abc import Collection

from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.hall import Hall
from hall_controller.domain.keeping import results_windows, suits, windows_of
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.ticket import Ticket

Lane = frozenset[int]
"""Numbers of counters that are not closed."""
EVERY: Lane = frozenset({0})
"""All counters, whichever they are: no counter has this number."""


class Lanes:
    """Of a hall as it is now; each lane is found once for visitors who are alike."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._open = [one for one in hall.counters.values() if one.state is not CounterState.CLOSED]
        self.narrowed = any(one.narrowing != Narrowing() for one in self._open)
        self._known: dict[tuple[str, str], Lane] = {}

    def of(self, ticket: Ticket) -> Lane:
        """Those that may call this visitor as far as their narrowing goes; a result is called where it lies."""
        if not self.narrowed:
            return EVERY
        key = (ticket.group, ticket.language)
        if key not in self._known:
            may = windows_of(self._hall, ticket) or [one for one in self._open if suits(one, ticket)]
            self._known[key] = _lane(may)
        return self._known[key]

    def waits_for_window(self, group: str | None) -> bool:
        return group == RESULTS_GROUP and bool(results_windows(self._hall))

    def of_newcomer(self, group: str | None) -> Lane:
        """For one who may come for anything (None), or for this group: nobody counts on a window for results alone."""
        if not self.narrowed or self.waits_for_window(group):
            return EVERY
        sure = [
            one
            for one in self._open
            if not one.narrowing.languages and (not one.narrowing.groups or group in one.narrowing.groups)
        ]
        return _lane(sure or [one for one in self._open if one.narrowing.groups != (RESULTS_GROUP,)])

    def counters(self, lane: Lane) -> Collection[Counter]:
        if lane == EVERY:
            return self._hall.counters.values()
        return [one for one in self._open if one.counter in lane]


def share(lane: Lane, other: Lane) -> float:
    """How much of one who waits for `other` is called by the counters of `lane`."""
    if lane in (EVERY, other):
        return 1.0
    return len(lane & other) / len(other) if other else 0.0


def _lane(counters: Collection[Counter]) -> Lane:
    return frozenset(one.counter for one in counters)
