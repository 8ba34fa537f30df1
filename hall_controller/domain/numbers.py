"""Ticket numbers: `A001` by visitor class and matter group, each series starting again with the service day."""

from hall_controller.domain.hall import Hall, in_force


def next_number(hall: Hall, visitor_class: str, group: str) -> tuple[str, str, int]:
    """(number, prefix, count) of the next ticket in its series; past 999 it grows a digit."""
    rules = in_force(hall).numbers
    return _next(hall, rules.prefix(visitor_class, group))


def next_unticketed(hall: Hall) -> tuple[str, str, int]:
    """The same, for a visitor served without a ticket: a series of its own, so that no called series has holes."""
    return _next(hall, in_force(hall).numbers.unticketed)


def _next(hall: Hall, prefix: str) -> tuple[str, str, int]:
    width = in_force(hall).numbers.width
    count = hall.series.get(prefix, 0) + 1
    # Someone of yesterday may still hold a low number: two live tickets must never read the same.
    while f"{prefix}{count:0{width}d}" in hall.carried:
        count += 1
    return f"{prefix}{count:0{width}d}", prefix, count
