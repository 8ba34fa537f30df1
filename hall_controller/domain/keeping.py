"""For whom a waiting visitor is left: the counter that the visitor is kept for, or the window where the result lies.

A counter that takes a short break still has its visitors. Once it is away for longer, or has been with one visitor for
too long, whoever is kept for it may be called by any counter that suits. Results are where their papers are: they stay
with their window, unless the hall lets any counter hand them out (`results_anywhere`).
"""

from collections.abc import Sequence

from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.ticket import Ticket


def suits(counter: Counter, ticket: Ticket) -> bool:
    """Whether the counter's narrowing lets it serve this visitor."""
    narrowing = counter.narrowing
    if narrowing.groups and ticket.group not in narrowing.groups:
        return False
    return not narrowing.languages or ticket.language in narrowing.languages


def keeper(hall: Hall, ticket: Ticket, at_ms: int) -> int | None:
    """The counter that alone may call this visitor now; None when any that suits may."""
    until_ms = kept_until_ms(hall, ticket)
    return ticket.only_counter if until_ms is not None and at_ms < until_ms else None


def kept_until_ms(hall: Hall, ticket: Ticket) -> int | None:
    """When others may call a kept visitor whom the own counter has not called by then; None where they may anyway."""
    target = hall.counters.get(ticket.only_counter) if ticket.only_counter is not None else None
    if target is None or not suits(target, ticket):
        return None
    until_ms = there_until_ms(hall, target, waits_since_ms(ticket))
    if until_ms is None or (_is_elsewhere(target, ticket) and windows_of(hall, ticket)):
        return None  # A result sent there before its window was told to hand it out.
    return until_ms


def waits_since_ms(ticket: Ticket) -> int:
    """Since when it waits for its next call, or is set aside."""
    return ticket.issued_at_ms if ticket.put_back_ms is None else ticket.put_back_ms


def there_until_ms(hall: Hall, counter: Counter, from_ms: int) -> int | None:
    """Until when somebody who waits since `from_ms` counts on this counter if it calls nobody; None: not at all."""
    rules = in_force(hall)
    match counter.state:
        case CounterState.CLOSED:
            return None
        case _ if counter.back_at_ms is not None:
            return None  # At lunch, or about to be.
        case CounterState.PAUSED:
            return counter.since_ms + rules.kept_pause_s * 1000
        case CounterState.READY | CounterState.CALLING | CounterState.SERVING | CounterState.WRAPPING_UP:
            return max(counter.since_ms, from_ms) + rules.kept_busy_s * 1000


def leaves_to_window(hall: Hall, counter: Counter, ticket: Ticket, at_ms: int) -> bool:
    """Whether this counter must leave a result to the window where it lies."""
    if not _is_elsewhere(counter, ticket):
        return False
    windows = windows_of(hall, ticket)
    if not windows:
        return False
    others_s = others_after_s(hall, ticket, windows, at_ms)
    return others_s is None or others_s > 0


def others_after_s(hall: Hall, ticket: Ticket, windows: Sequence[Counter], at_ms: int) -> float | None:
    """In how many seconds other counters may hand out this result if its windows call nobody; None: never."""
    if not in_force(hall).results_anywhere:
        return None
    since_ms = waits_since_ms(ticket)
    there_ms = max(there_until_ms(hall, window, since_ms) or at_ms for window in windows)
    return max(0, there_ms - at_ms) / 1000


def is_coming(hall: Hall, counter: Counter, at_ms: int) -> bool:
    """Whether it can be said when this counter calls somebody: not of one that is paused nobody knows for how long."""
    if counter.state is not CounterState.PAUSED or counter.back_at_ms is not None:
        return counter.state is not CounterState.CLOSED
    return at_ms < counter.since_ms + in_force(hall).kept_pause_s * 1000


def windows_of(hall: Hall, ticket: Ticket) -> list[Counter]:
    """The open counters that were told to hand out results, to this visitor too: there the papers are."""
    if ticket.group != RESULTS_GROUP:
        return []
    return [window for window in results_windows(hall) if suits(window, ticket)]


def results_windows(hall: Hall) -> list[Counter]:
    return [
        counter
        for counter in hall.counters.values()
        if RESULTS_GROUP in counter.narrowing.groups and counter.state is not CounterState.CLOSED
    ]


def _is_elsewhere(counter: Counter, ticket: Ticket) -> bool:
    return ticket.group == RESULTS_GROUP and RESULTS_GROUP not in counter.narrowing.groups
