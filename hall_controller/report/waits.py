"""What a number of waits comes to: the middle one, the bound that nine in ten kept, how many were called soon."""

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

SOON_S = 15 * 60
"""What a visitor may expect: to be called within a quarter of an hour."""
CLASSES_S = (5 * 60, SOON_S, 30 * 60, 60 * 60)
"""Up to and including each of these; one more class takes all beyond."""
OFF_BIN_S = 5 * 60
OFF_MOST = 6
"""So many bins to either side; what lies beyond is in the outermost."""


class Told(NamedTuple):
    """What a visitor was told with the number; None where nobody could say."""

    wait_s: int | None
    bound_s: int | None


UNTOLD = Told(None, None)


def waits_of(waits_s: Sequence[int]) -> dict[str, Any]:
    """None stands for what no wait can tell."""
    ordered = sorted(waits_s)
    return {
        "count": len(ordered),
        "median_s": at_share(ordered, 0.5),
        "nine_in_ten_s": at_share(ordered, 0.9),
        "most_s": ordered[-1] if ordered else None,
        "soon": sum(wait_s <= SOON_S for wait_s in ordered),
        "classes": [sum(_class(wait_s) == place for wait_s in ordered) for place in range(len(CLASSES_S) + 1)],
    }


def at_share(ordered: Sequence[int], share: float) -> int | None:
    """The least of these that the share of all does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def _class(wait_s: int) -> int:
    return sum(wait_s > bound_s for bound_s in CLASSES_S)


def told_of(pairs: Iterable[tuple[Told, int]]) -> dict[str, Any]:
    """What visitors were told against what they waited. `off`: how many waited so many minutes longer, by bins."""
    known = [(told, wait_s) for told, wait_s in pairs if told.wait_s is not None]
    off_s = [wait_s - (told.wait_s or 0) for told, wait_s in known]
    bounded = [(told.bound_s, wait_s) for told, wait_s in known if told.bound_s is not None]
    bins = [max(-OFF_MOST, min(OFF_MOST, round(one_s / OFF_BIN_S))) for one_s in off_s]
    places = range(-OFF_MOST, OFF_MOST + 1) if bins else ()
    return {
        "count": len(known),
        "median_error_s": round(median(map(abs, off_s))) if off_s else None,
        "median_later_s": round(median(off_s)) if off_s else None,
        "bounded": len(bounded),
        "within_bound": sum(wait_s <= bound_s for bound_s, wait_s in bounded),
        "off": [[place * OFF_BIN_S // 60, bins.count(place)] for place in places],
    }
