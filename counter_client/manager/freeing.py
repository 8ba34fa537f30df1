"""What an alert's row offers: the keys that free whom it names, each on the ticket or counter where it helps. Pure."""

from collections.abc import Iterator

from counter_client.clerk.acts import counter_of
from counter_client.manager.acts import Act, Focus
from counter_client.manager.view import numbers
from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alerts.visitors import whom
from hall_controller.domain.counter import WORKING, Counter, CounterState
from hall_controller.domain.hall import Hall


def offers(hall: Hall, alert: Alert | None, at_ms: int) -> dict[Act, Focus]:
    """In the order of their keys; empty for an alert that no act at a counter or on a ticket mends."""
    return dict(_offers(hall, alert, at_ms)) if alert is not None else {}


def _offers(hall: Hall, alert: Alert, at_ms: int) -> Iterator[tuple[Act, Focus]]:
    named = whom(hall, alert, at_ms)
    first = Focus(ticket=named[0].ticket) if named else None
    at = Focus(counter=int(alert.subject)) if alert.subject.isdigit() else None
    match alert.alert:
        case AlertKind.KEPT_WAIT if first is not None:
            yield Act.ASSIGN, first
            yield Act.CALL, first
        case AlertKind.LONG_WAIT | AlertKind.SECOND_WAIT | AlertKind.LONG_HOLD if first is not None:
            yield Act.CALL, first
            yield from _a_counter_more(hall)
        case AlertKind.NO_COUNTER:
            yield from _a_counter_more(hall)
        case AlertKind.NONE_SUITS:
            yield from _another(hall)
            yield from _a_counter_more(hall)
        case AlertKind.RESULTS_AWAY:
            yield from _another(hall)
            if at is not None:
                yield Act.PAUSE, at  # resumes it
        case AlertKind.COUNTER_IDLE if at is not None:
            yield Act.NEXT, at
            yield Act.PAUSE, at
        case _:
            pass


def _a_counter_more(hall: Hall) -> Iterator[tuple[Act, Focus]]:
    """To be resumed, and to be opened."""
    counters = [counter_of(hall, number) for number in numbers(hall)]
    for act, state in ((Act.PAUSE, CounterState.PAUSED), (Act.OPEN, CounterState.CLOSED)):
        found = next((one.counter for one in counters if one.state is state), None)
        if found is not None:
            yield act, Focus(counter=found)


def _another(hall: Hall) -> Iterator[tuple[Act, Focus]]:
    """To be told what it serves: one that works, best one that is free, and no results window."""

    def worst_last(one: Counter) -> tuple[bool, bool, int]:
        return RESULTS_GROUP in one.narrowing.groups, one.state is not CounterState.READY, one.counter

    working = [one for one in hall.counters.values() if one.state in WORKING]
    if working:
        yield Act.NARROW, Focus(counter=min(working, key=worst_last).counter)
