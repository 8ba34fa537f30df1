"""Who comes on a whole day, from the first opening to the lights going out: drawn for each day from seed and date.

Same seed, visitors, catalogue and hours: the same day, in whichever period it is rehearsed.
"""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from hall_controller.domain.hours import Opening, Stretch, local, moment_ms, openings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import DAYS, Band, Rules
from hall_controller.rehearsal.day import (
    DOORS_S,
    EARLY,
    HANDOVER_MINUTES,
    Booking,
    Clerk,
    Door,
    PaperFate,
    Visitor,
    draw_visitor,
    matter_weights,
)
from hall_controller.rehearsal.incidents import Incidents, draw_incidents
from hall_controller.rehearsal.roster import draw_roster

WEEK = {Band.REGULAR: 0.70, Band.LUNCH: 0.08, Band.EVENING: 0.12, Band.WEEKEND: 0.10}
"""Shares of a week's visitors where the hall serves in all of these; what a hall has not comes in its other hours."""
WEEKDAYS = (1.12, 1.02, 0.98, 0.96, 0.92)
"""Monday is the busiest."""
VARIES = 0.15
"""A day has so much more or less than usual."""
DENSITY = (
    (0.0, 0.5), (9.0, 1.0), (9.5, 1.7), (10.5, 0.9), (12.0, 0.6), (14.0, 0.9), (14.5, 1.6), (15.5, 0.8), (17.5, 0.5),
    (18.25, 1.5), (19.0, 0.6), (20.0, 0.4),
)  # fmt: skip
"""How many come, from this hour on: peaks at half past nine, half past two, and a smaller one after work."""
QUARTER_MS = 900_000
BOOK_ONLY = 0.03
IN_VAIN = 0.05
"""Come while the hall is shut; half of them book for the next day."""
IN_VAIN_HOURS = (7.0, 21.5)
KEEPS_BOOKING = 0.85
RUSH, RUSH_LEAST = 0.08, 3
"""So much more of a day's visitors within the last three quarters of an hour, in a rush; and a few at least."""
IN_EXTENSION = 0.05
BUSIEST_HOUR, BUSY_SHARE = 0.16, 0.85
COUNTERS_LEAST = 3


class WholeDay(msgspec.Struct, frozen=True, kw_only=True):
    day: dt.date
    begins_ms: int
    ends_ms: int
    """Midnight and midnight."""
    closing_ms: int | None
    """By the rules; None on a day on which the hall is shut."""
    visitors: tuple[Visitor, ...] = ()
    """In order of arrival."""
    clerks: tuple[Clerk, ...] = ()
    incidents: Incidents = Incidents()
    receives_ms: int | None = None
    """Since when booked visitors can telephone; by default before the first clerk comes."""
    trainee: int | None = None
    """The counter that is left to a person."""

    @property
    def reception_ms(self) -> int:
        if self.receives_ms is not None:
            return self.receives_ms
        first_ms = min((clerk.opens_ms for clerk in self.clerks), default=self.begins_ms)
        return first_ms - DOORS_S * 1000


def draw_whole_day(seed: int, visitors: int, catalogue: Catalogue, rules: Rules, day: dt.date) -> WholeDay:
    """`visitors`: of a full weekday, on average."""
    today = openings(rules, day)
    begins_ms, ends_ms = moment_ms(rules, day, dt.time()), moment_ms(rules, day + dt.timedelta(days=1), dt.time())
    if not today:
        return WholeDay(day=day, begins_ms=begins_ms, ends_ms=ends_ms, closing_ms=None)
    incidents = draw_incidents(seed, rules, day)
    draw = _Draw(random.Random(f"{seed} visitors {day}"), catalogue, rules, today)
    come = [*draw.usual(expected(rules, day, visitors)), *draw.in_vain(visitors)]
    if incidents.rush:
        come += draw.between(
            today[-1].end_ms - 45 * 60_000, today[-1].end_ms - 2 * 60_000, RUSH_LEAST + round(RUSH * visitors)
        )
    if incidents.extended_minutes:
        until_ms = today[-1].end_ms + incidents.extended_minutes * 60_000
        hours = incidents.extended_minutes / 60
        come += draw.between(today[-1].end_ms, until_ms - 4 * 60_000, 1 + round(IN_EXTENSION * visitors * hours))
    return WholeDay(
        day=day,
        begins_ms=begins_ms,
        ends_ms=ends_ms,
        closing_ms=today[-1].end_ms,
        visitors=tuple(sorted(come, key=lambda one: one.arrives_ms)),
        clerks=draw_roster(random.Random(f"{seed} roster {day}"), rules, today),
        incidents=incidents,
    )


def expected(rules: Rules, day: dt.date, visitors: int) -> float:
    """How many come on such a day, turned away or not."""
    bands = {stretch.band for opening in openings(rules, day) for stretch in opening.stretches}
    if bands & {Band.REGULAR, Band.LUNCH, Band.EVENING}:
        weekday = day.weekday()
        # A make-up working day at the weekend is as busy as a Monday.
        return visitors * WEEKDAYS[weekday if DAYS[weekday] in DAYS[: len(WEEKDAYS)] else 0]
    return visitors * len(WEEKDAYS) * WEEK[Band.WEEKEND] / (1 - WEEK[Band.WEEKEND]) / 2


def counters_for_days(visitors: int, catalogue: Catalogue) -> int:
    """As many counters as the busiest hour needs."""
    matters = list(catalogue.matters.values())
    weights = matter_weights(matters)
    mean = sum(w * m.usual_minutes for w, m in zip(weights, matters, strict=True)) / sum(weights)
    needed = visitors * BUSIEST_HOUR * (mean + HANDOVER_MINUTES) / 60 / BUSY_SHARE
    return min(200, max(COUNTERS_LEAST, round(needed + 0.5)))


class _Draw:
    """The visitors of one day."""

    def __init__(self, rng: random.Random, catalogue: Catalogue, rules: Rules, today: Sequence[Opening]) -> None:
        self.rng = rng
        self.catalogue = catalogue
        self.rules = rules
        self.today = today
        self.stretches = [stretch for opening in today for stretch in opening.stretches]

    def usual(self, count: float) -> list[Visitor]:
        rng = self.rng
        many = int(count * rng.uniform(1 - VARIES, 1 + VARIES) + rng.random())
        return [self._one() for _ in range(many)]

    def between(self, from_ms: int, to_ms: int, count: int) -> list[Visitor]:
        """Of whom nobody has booked."""
        return [self._plain(round(self.rng.uniform(from_ms, to_ms))) for _ in range(count)]

    def in_vain(self, visitors: int) -> list[Visitor]:
        """Before the hall opens, over lunch where it shuts, and after closing."""
        count = int(visitors * IN_VAIN + self.rng.random())
        found = []
        for _ in range(count):
            arrives_ms = self._shut_ms()
            booking = self._booking() if self.rng.random() < 0.5 else None
            if arrives_ms is not None:
                found.append(replace(self._plain(arrives_ms), booking=booking))
        return found

    def _shut_ms(self) -> int | None:
        midnight_ms = moment_ms(self.rules, local(self.rules, self.today[0].start_ms).date(), dt.time())
        low_ms, high_ms = (midnight_ms + round(hour * 3_600_000) for hour in IN_VAIN_HOURS)
        for _ in range(20):
            at_ms = round(self.rng.uniform(low_ms, high_ms))
            before_ms = self.rules.issue_before_s * 1000
            if not any(one.start_ms - before_ms <= at_ms < one.end_ms for one in self.today):
                return at_ms
        return None

    def _one(self) -> Visitor:
        one = draw_visitor(self.rng, self.catalogue, self._arrival)
        if one.door is Door.KIOSK and self.rng.random() < BOOK_ONLY:
            return replace(one, door=Door.BOOKING, booking=self._booking())
        return one

    def _plain(self, arrives_ms: int) -> Visitor:
        one = draw_visitor(self.rng, self.catalogue, lambda _: (arrives_ms, None))
        plain = one.door in (Door.KIOSK, Door.RECEPTION)
        return one if plain else replace(one, door=Door.KIOSK, paper=PaperFate.PRINTED)

    def _booking(self) -> Booking:
        rng = self.rng
        return Booking(
            choice=round(rng.random(), 3),
            early_s=_early_s(rng),
            comes=rng.random() < KEEPS_BOOKING,
        )

    def _arrival(self, door: Door) -> tuple[int, int | None]:
        rng = self.rng
        if door is Door.BOOKED:
            slot_ms = rng.choice(self._half_hours())
            return slot_ms - round(_early_s(rng) * 1000), slot_ms
        if rng.random() < EARLY / 2:
            return self.today[0].start_ms - round(rng.uniform(0, 0.9) * self.rules.issue_before_s * 1000), None
        quarters, weights = self._quarters()
        return rng.choices(quarters, weights)[0] + round(rng.random() * QUARTER_MS), None

    def _half_hours(self) -> list[int]:
        """Not the first of the day: whoever comes then could not telephone before."""
        half_hour_ms = 2 * QUARTER_MS
        first_ms = self.today[0].start_ms + half_hour_ms
        found = [at_ms for one in self.today for at_ms in range(one.start_ms, one.end_ms, half_hour_ms)]
        return [at_ms for at_ms in found if at_ms >= first_ms] or [first_ms]

    def _quarters(self) -> tuple[list[int], list[float]]:
        """The quarters of an hour in which the hall serves, each with its share: by band, and within it by the hour."""
        quarters: list[int] = []
        weights: list[float] = []
        for band in Band:
            found = [at_ms for one in self.stretches if one.band is band for at_ms in _quarters_of(one)]
            dense = [_density(self.rules, at_ms) for at_ms in found]
            quarters += found
            weights += [WEEK.get(band, 1.0) * one / sum(dense) for one in dense]
        return quarters, weights


def _quarters_of(stretch: Stretch) -> range:
    return range(stretch.start_ms, max(stretch.end_ms - QUARTER_MS, stretch.start_ms) + 1, QUARTER_MS)


def _density(rules: Rules, at_ms: int) -> float:
    now = local(rules, at_ms)
    place = bisect_right([hour for hour, _ in DENSITY], now.hour + now.minute / 60) - 1
    return DENSITY[place][1]


def _early_s(rng: random.Random) -> float:
    """One in ten is too late to count as on time."""
    return round(rng.uniform(-900, -600) if rng.random() < 0.1 else rng.uniform(0, 1500), 1)
