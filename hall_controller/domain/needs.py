"""How many counters a stretch of a day needs, so that enough visitors are called in time.

The day is cut into stretches of at most half an hour. `Course` (erlang) carries the queue from one into the next. Each
stretch is given the fewest counters that hold the target in it; where none can, the fewest that hold it in the next.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import NamedTuple

from hall_controller.domain.erlang import Course, Rates, Step
from hall_controller.domain.forecast import HALF_HOUR_MS, Forecast, Pace
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import moment_ms, openings
from hall_controller.domain.rules import Band
from hall_controller.domain.rules_managing import AdviceRules

STEP_S = 900.0
LOTS = 8
"""One state of the course stands for this part of the hall's counters."""
LEAST_STAY_MS = 3_600_000
"""A window that was opened stays open so long, and one that closed stays closed."""
SHORT_MS = 600_000
"""A first stretch shorter than this belongs to the next."""


class Stretch(NamedTuple):
    start_ms: int
    end_ms: int
    serves: bool
    """Within the hours; otherwise people may queue already, and no counter is expected."""
    most: int
    """How many counters there can be."""
    visitors: float
    rates: Rates

    @property
    def lasts_s(self) -> float:
        return (self.end_ms - self.start_ms) / 1000


class Held(NamedTuple):
    """What comes of so many counters in a stretch."""

    after: Course
    share: float
    """Of its visitors, who are called in time."""


class Needs:
    """One day, or the rest of it."""

    def __init__(self, stretches: Sequence[Stretch], pace: Pace, settings: AdviceRules, restless: float) -> None:
        self.stretches = list(stretches)
        self._pace = pace
        self._settings = settings
        self._restless = restless
        self._seen: dict[tuple[int, Stretch, float], tuple[Course, Held]] = {}

    def hold(self, course: Course, stretch: Stretch, counters: float) -> Held:
        """The queue at the end, and the share of those who come who are called in time, as far as it goes on so."""
        key = (id(course), stretch, counters)
        if key not in self._seen:
            self._seen[key] = (course, self._hold(course, stretch, counters if stretch.serves else 0.0))
        return self._seen[key][1]

    def _hold(self, course: Course, stretch: Stretch, counters: float) -> Held:
        steps = max(1, round(stretch.lasts_s / STEP_S))
        step = Step(stretch.rates, counters, self._pace.spread, stretch.lasts_s / steps, self._restless)
        target = step._replace(lasts_s=float(self._settings.target_wait_s))
        late = 0.5 * course.late(target)
        for number in range(1, steps + 1):
            course = course.after(step)
            late += course.late(target) * (0.5 if number == steps else 1.0)
        return Held(course, 1 - late / steps)

    @property
    def target(self) -> float:
        return self._settings.target_share

    def course(self, course: Course, counters: Sequence[float]) -> list[Held]:
        """With so many counters, stretch by stretch."""
        found: list[Held] = []
        for stretch, there in zip(self.stretches, counters, strict=True):
            found.append(self.hold(course, stretch, there))
            course = found[-1].after
        return found

    def fewest(self, course: Course, fixed: Sequence[float] = ()) -> list[int]:
        """Counters by stretch; the first are as they are. An opened window stays open for an hour at least."""
        found: list[int] = []
        for number, stretch in enumerate(self.stretches):
            if number < len(fixed):
                course = self.hold(course, stretch, fixed[number]).after
                found.append(round(fixed[number]))
            elif not stretch.serves:
                course = self.hold(course, stretch, 0).after
                found.append(0)
            else:
                held, counters = self._fewest_in(course, number, found[-1] if found else 0)
                course = held.after
                found.append(counters)
        reserve = self._settings.reserve
        wanted = [
            min(counters + reserve, stretch.most) if stretch.serves and number >= len(fixed) else counters
            for number, (counters, stretch) in enumerate(zip(found, self.stretches, strict=True))
        ]
        return steady(self.stretches, wanted, len(fixed))

    def _fewest_in(self, course: Course, number: int, before: int) -> tuple[Held, int]:
        stretch = self.stretches[number]
        least = min(self._settings.least_counters, stretch.most)
        # What has to be beyond the bare load changes little from one stretch to the next.
        guess = round(_load(stretch) + course.mean * self._pace.turn_s / 3600 + 1)
        if before:
            guess = before + round(_load(stretch) - _load(self.stretches[number - 1]))
        counters = min(max(guess, least), stretch.most)
        if self._holds(course, stretch, counters):
            while counters > least and self._holds(course, stretch, counters - 1):
                counters -= 1
            return self.hold(course, stretch, counters), counters
        low, high, jump = counters, counters, 1
        while high < stretch.most and not self._holds(course, stretch, high):
            low, high, jump = high, min(high + jump, stretch.most), jump * 2
        if not self._holds(course, stretch, high):
            return self._recovers(course, number, min(low + 1, high))
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._holds(course, stretch, middle) else (middle, high)
        return self.hold(course, stretch, high), high

    def _holds(self, course: Course, stretch: Stretch, counters: int) -> bool:
        return self.hold(course, stretch, counters).share >= self.target

    def _recovers(self, course: Course, number: int, low: int) -> tuple[Held, int]:
        """Too late for this stretch: the fewest that are in time again in the next, or else all."""
        stretch = self.stretches[number]
        high, best = stretch.most, self.hold(course, stretch, stretch.most)
        following = self.stretches[number + 1] if number + 1 < len(self.stretches) else None
        if following is None or following.most < high or not self._holds(best.after, following, high):
            return best, high
        low = max(self._settings.least_counters, 1, low) - 1
        while high - low > 1:
            middle = (low + high) // 2
            held = self.hold(course, stretch, middle)
            if self._holds(held.after, following, middle):
                best, high = held, middle
            else:
                low = middle
        return best, high


def _load(stretch: Stretch) -> float:
    """In counters that would always be busy."""
    return stretch.rates.arrivals / stretch.rates.service if stretch.serves else 0.0


def course_of(hall: Hall, people: float) -> Course:
    return Course.of(people, max(1, round(in_force(hall).counters / LOTS)))


def stretches_of(
    hall: Hall, day: dt.date, coming: Forecast, pace: Pace, from_ms: int | None = None, notice_ms: int = 0
) -> list[Stretch]:
    """From this moment to the day's last closing; by default from when tickets are issued.

    The first stretch ends when the notice is over that opening a window takes.
    """
    rules = in_force(hall)
    today = openings(rules, day, hall.extension)
    if not today:
        return []
    midnight_ms = moment_ms(rules, day, dt.time())
    from_ms = max(midnight_ms, today[0].start_ms - rules.issue_before_s * 1000) if from_ms is None else from_ms
    until_ms = today[-1].end_ms
    edges = {edge for one in today for part in one.stretches for edge in (part.start_ms, part.end_ms)}
    edges |= {midnight_ms + half * HALF_HOUR_MS for half in range(2 * 28)}
    ready_ms = from_ms + notice_ms
    inner = [edge for edge in sorted(edges) if ready_ms + (SHORT_MS if notice_ms else 0) < edge < until_ms]
    cuts = [from_ms, *([ready_ms] if notice_ms and ready_ms < until_ms else []), *inner, until_ms]
    made = []
    for start_ms, end_ms in itertools.pairwise(cuts):
        middle_ms = (start_ms + end_ms) // 2
        within = next((one for one in today if one.start_ms <= middle_ms < one.end_ms), None)
        band = next((p.band for p in within.stretches if p.start_ms <= middle_ms < p.end_ms), None) if within else None
        visitors = _visitors(coming, midnight_ms, start_ms, end_ms)
        rates = pace.rates(visitors, (end_ms - start_ms) / 1000, rules.advice.away_share)
        at_lunch = band is Band.LUNCH and rules.lunch_counters
        most = min(len(rules.lunch_counters), rules.counters) if at_lunch else rules.counters
        made.append(Stretch(start_ms, end_ms, within is not None, most if within else 0, visitors, rates))
    return made


def _visitors(coming: Forecast, midnight_ms: int, start_ms: int, end_ms: int) -> float:
    """Of the half hours that this stretch lies in; beyond midnight as in the day's last ones."""
    found = 0.0
    for half in range((start_ms - midnight_ms) // HALF_HOUR_MS, -(-(end_ms - midnight_ms) // HALF_HOUR_MS)):
        half_ms = midnight_ms + half * HALF_HOUR_MS
        common_ms = min(end_ms, half_ms + HALF_HOUR_MS) - max(start_ms, half_ms)
        found += coming.visitors[half % len(coming.visitors)] * max(0, common_ms) / HALF_HOUR_MS
    return found


def steady(stretches: Sequence[Stretch], wanted: Sequence[int], fixed: int = 0) -> list[int]:
    """No more changes than needed: each window, once opened, stays for an hour, and closes for no less.

    Window k is open where k or more are wanted. Windows of a lower number are open whenever a higher one is.
    """
    made = list(wanted)
    above: set[int] = set()
    for window in range(max(wanted, default=0), 0, -1):
        open_in = {number for number, counters in enumerate(wanted) if counters >= window} | above
        open_in = _stays(stretches, _no_gaps(stretches, open_in, window), window, fixed)
        open_in = _no_gaps(stretches, open_in, window)  # staying longer may have brought two together
        for number in open_in:
            made[number] = max(made[number], window) if number >= fixed else made[number]
        above = open_in
    return made


def _no_gaps(stretches: Sequence[Stretch], open_in: set[int], window: int) -> set[int]:
    """Opened again within the hour: does not close."""
    found = set(open_in)
    ordered = sorted(open_in)
    for before, after in itertools.pairwise(ordered):
        gap = range(before + 1, after)
        if stretches[after].start_ms - stretches[before].end_ms < LEAST_STAY_MS and all(
            stretches[number].serves and stretches[number].most >= window for number in gap
        ):
            found.update(gap)
    return found


def _stays(stretches: Sequence[Stretch], open_in: set[int], window: int, fixed: int) -> set[int]:
    """Opened for less than an hour: stays longer, or where the hours end, comes earlier."""
    found = set(open_in)

    def may(number: int) -> bool:
        return fixed <= number < len(stretches) and stretches[number].serves and stretches[number].most >= window

    for first in sorted(open_in):
        if first - 1 in found or first < fixed:  # whoever is there has been there before
            continue
        start, last = first, first
        while last + 1 in found:
            last += 1
        while stretches[last].end_ms - stretches[start].start_ms < LEAST_STAY_MS and may(last + 1):
            last += 1
        while stretches[last].end_ms - stretches[start].start_ms < LEAST_STAY_MS and may(start - 1):
            start -= 1
        found.update(range(start, last + 1))
    return found
