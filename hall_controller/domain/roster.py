"""How many counters are planned to be open, and when that changes."""

import datetime as dt
from collections.abc import Iterator

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import day_name, local, moment_ms
from hall_controller.domain.rules import RosterSpan


def spans(hall: Hall, day: dt.date) -> tuple[RosterSpan, ...]:
    """What is planned for a day, in order: by the manager, or else by hall.toml."""
    own = hall.rosters.get(day.isoformat())
    if own is not None:
        return own
    rules = in_force(hall)
    if not rules.roster:
        return ()
    name = day_name(rules, day)
    return tuple(sorted((one for one in rules.roster if name in one.days), key=lambda one: one.start))


def planned(hall: Hall, at_ms: int) -> int | None:
    """How many counters are to be open at this moment; None when nobody has planned it."""
    rules = in_force(hall)
    if not rules.roster and not hall.rosters:
        return None
    now = local(rules, at_ms)
    time = now.time()
    return next((span.counters for span in spans(hall, now.date()) if span.start <= time < span.end), None)


def changes(hall: Hall, from_ms: int, until_ms: int) -> Iterator[tuple[int, int]]:
    """(moment, counters planned from then on) after `from_ms`, in order. A plan's end is none: nothing is known."""
    rules = in_force(hall)
    if not rules.roster and not hall.rosters:
        return
    before = planned(hall, from_ms)
    day = local(rules, from_ms).date()
    while (midnight_ms := moment_ms(rules, day, dt.time())) < until_ms:
        for span in spans(hall, day):
            at_ms = moment_ms(rules, day, span.start)
            if from_ms < at_ms < until_ms and span.counters != before:
                yield at_ms, span.counters
            if midnight_ms <= at_ms and at_ms > from_ms:
                before = span.counters
        day += dt.timedelta(days=1)
