"""What goes otherwise than planned: drawn once for a month, so a day has the same however one comes to it."""

import datetime as dt
import random
from calendar import monthrange
from typing import NamedTuple

import msgspec

from hall_controller.domain.hours import moment_ms, openings
from hall_controller.domain.rules import Band, Rules

EXTENDED, OVERRULED, CRASHED, RUSHES = 3, 2, 1, 2
"""So many days of a month, where it has as many; one has an extension past midnight, and one an emergency."""
EXTENSION_MINUTES = 30
AFTER_MIDNIGHT_MINUTES = (20, 30, 45)
REASONS = ("台风红色预警", "消防演习", "停电")


class Pace(NamedTuple):
    """Services that begin within this stretch take so many times as long."""

    from_ms: int
    until_ms: int | None
    times: float

    def holds(self, at_ms: int) -> bool:
        return self.from_ms <= at_ms and (self.until_ms is None or at_ms < self.until_ms)


class Incidents(msgspec.Struct, frozen=True, kw_only=True):
    """Of one day; moments in ms."""

    extended_at_ms: int | None = None
    extended_minutes: int = 0
    overrules: bool = False
    """The manager overrules the last ticket, should it come to one."""
    crashes_at_ms: tuple[int, ...] = ()
    """The controller is killed, and started again."""
    closed_at_ms: int | None = None
    """Emergency."""
    closed_reason: str = ""
    reopened_at_ms: int | None = None
    rush: bool = False
    """Many come at once shortly before closing."""
    paces: tuple[Pace, ...] = ()


def draw_incidents(seed: int, rules: Rules, day: dt.date) -> Incidents:
    days = _days_of_month(seed, rules, day)
    today = openings(rules, day)
    if not today:
        return Incidents()
    rng = random.Random(f"{seed} incidents {day}")
    begins_ms, closing_ms = today[0].start_ms, today[-1].end_ms

    def within(low: float, high: float) -> int:
        return begins_ms + round(rng.uniform(low, high) * (closing_ms - begins_ms))

    minutes = EXTENSION_MINUTES if day in days.extended else 0
    if day in days.past_midnight:
        midnight_ms = moment_ms(rules, day + dt.timedelta(days=1), dt.time())
        minutes = (midnight_ms - closing_ms) // 60_000 + rng.choice(AFTER_MIDNIGHT_MINUTES)
    extended_at_ms = closing_ms - round(rng.uniform(10, 90) * 60_000)
    closed_at_ms, reopened_after_ms = within(0.2, 0.6), round(rng.uniform(30, 90) * 60_000)
    reason, reopens = rng.choice(REASONS), rng.choice((True, False))
    closes = day in days.emergency
    return Incidents(
        extended_at_ms=extended_at_ms if minutes else None,
        extended_minutes=minutes,
        overrules=day in days.overruled,
        crashes_at_ms=(within(0, 1),) if day in days.crashed else (),
        closed_at_ms=closed_at_ms if closes else None,
        closed_reason=reason if closes else "",
        reopened_at_ms=closed_at_ms + reopened_after_ms if closes and reopens else None,
        rush=day in days.rushes or day in days.overruled,
    )


class _Days(NamedTuple):
    """Which days of a month have which incident."""

    extended: list[dt.date]
    past_midnight: list[dt.date]
    overruled: list[dt.date]
    emergency: list[dt.date]
    rushes: list[dt.date]
    crashed: list[dt.date]


def _days_of_month(seed: int, rules: Rules, day: dt.date) -> _Days:
    """At most one of the manager's incidents on a day; a crash or a rush may come on any."""
    rng = random.Random(f"{seed} incidents {day:%Y-%m}")
    days = [day.replace(day=number) for number in range(1, monthrange(day.year, day.month)[1] + 1)]
    served = [one for one in days if openings(rules, one)]
    evenings = [one for one in served if _has_evening(rules, one)]
    left = rng.sample(evenings, len(evenings))

    def take(count: int) -> list[dt.date]:
        return [left.pop() for _ in range(min(count, len(left)))]

    return _Days(
        extended=take(EXTENDED),
        past_midnight=take(1),
        overruled=take(OVERRULED),
        emergency=take(1),
        rushes=rng.sample(evenings, min(len(evenings), RUSHES)),
        crashed=rng.sample(served, min(len(served), CRASHED)),
    )


def _has_evening(rules: Rules, day: dt.date) -> bool:
    return any(stretch.band is Band.EVENING for opening in openings(rules, day) for stretch in opening.stretches)
