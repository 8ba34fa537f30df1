"""What has happened in all since the epoch began: counters that only grow, for metrics that survive a restart.

They are in the hall's state, and so in its checkpoint. An undone act is counted beside what it takes back, and
subtracted nowhere: a counter that falls reads as a restart.
"""

from bisect import bisect_left

import msgspec

from hall_controller.domain.commands import CancelReason, RatingReason
from hall_controller.domain.matters import How
from hall_controller.domain.rules import Band

BUCKETS_S = (60, 120, 180, 300, 480, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200)
"""Upper bounds of the histograms' buckets: 1 to 120 minutes; one more bucket takes all beyond."""


class Histogram(msgspec.Struct):
    counts: list[int] = []
    """By bucket, not cumulative; as long as its highest bucket in use needs."""
    sum_s: int = 0

    def observe(self, seconds: int) -> None:
        bucket = bisect_left(BUCKETS_S, seconds)
        self.counts += [0] * (bucket + 1 - len(self.counts))
        self.counts[bucket] += 1
        self.sum_s += seconds


class Totals(msgspec.Struct):
    issued: dict[str, int] = {}
    """Numbers given out, by `channel/visitor_class/subject`."""
    visits: dict[Band, int] = {}
    visits_undone: dict[Band, int] = {}
    """Of these, taken back: the difference is what counts."""
    waits: dict[Band, Histogram] = {}
    """From issue to first call, by the band of that call."""
    bounds_held: int = 0
    """First calls of visitors who were told a bound: within it."""
    bounds_missed: int = 0
    """The same: later."""
    services: dict[Band, Histogram] = {}
    """Finished services, by the band of the visit."""
    calls: int = 0
    recalls: int = 0
    undone: int = 0
    """Acts at counters that were taken back."""
    no_shows: int = 0
    cancelled: dict[CancelReason, int] = {}
    ratings: dict[int, int] = {}
    """By stars."""
    rating_reasons: dict[RatingReason, int] = {}
    diversions: dict[How, int] = {}
    """Visits that need not be, by the way in which the matter is done instead."""
    matters_handled: int = 0
    """In finished services: a visit may be for several."""
    matters_left: int = 0
    accepted: int = 0
    handed_out: int = 0
