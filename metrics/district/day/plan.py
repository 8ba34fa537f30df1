"""Which halls rehearse, how many come to each, and what goes wrong: drawn from the seed before anything happens."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hall_controller.domain.rules import Tier
from metrics.district.inventory import HallEntry

DAY = dt.date(2026, 3, 3)
"""A Tuesday with regular hours, lunch and evening. Not today: the same seed is to give the same day."""
BEGINS = dt.time(8, 30)
"""Tickets are given out from half an hour before opening on."""
KILLS, CUTS, DISKS, AGENTS = 10, 5, 2, 3
"""In a whole district; in a smaller one a quarter of the halls at most, and one each at least."""
CUT_MS, DISK_MS = 30 * 60_000, 20 * 60_000
EXTENDED_SHARE = 10
"""One hall in so many serves half an hour longer."""
MINUTE_MS = 60_000
BUSY_MINUTES = ((60, 150), (360, 510))
"""From the beginning on: when a hall certainly has something to do."""


class Span(NamedTuple):
    """Of the hall's clock."""

    from_ms: int
    to_ms: int


class Befalls(NamedTuple):
    """By hall."""

    killed: dict[str, int]
    """When its controller is killed with SIGKILL."""
    cut: dict[str, Span]
    """No byte passes between hall and district."""
    full: dict[str, Span]
    """Its journal cannot be written."""
    agents: frozenset[str]
    """These send their samples upwards by themselves; the others are scraped."""
    extended: frozenset[str]


def choose(halls: Sequence[HallEntry], count: int | None) -> tuple[HallEntry, ...]:
    """So many, of all tiers and from all over the inventory; the district's own hall is always among them."""
    if count is None or count >= len(halls):
        return tuple(halls)
    by_tier = {tier: [hall for hall in halls if hall.tier is tier] for tier in Tier}
    wanted = {Tier.DISTRICT: min(1, len(by_tier[Tier.DISTRICT]))}
    streets = max(1, round(count * len(by_tier[Tier.STREET]) / len(halls)))
    wanted[Tier.STREET] = min(count - wanted[Tier.DISTRICT], streets, len(by_tier[Tier.STREET]))
    wanted[Tier.COMMUNITY] = count - wanted[Tier.DISTRICT] - wanted[Tier.STREET]
    return tuple(hall for tier in Tier for hall in _spread(by_tier[tier], wanted[tier]))


def _spread(halls: Sequence[HallEntry], count: int) -> Iterator[HallEntry]:
    return (halls[number * len(halls) // count] for number in range(min(count, len(halls))))


def share_out(visitors: int, halls: Sequence[HallEntry]) -> dict[str, int]:
    """By counters; at least one comes to each."""
    counters = sum(hall.counters for hall in halls)
    return {hall.id: max(1, round(visitors * hall.counters / counters)) for hall in halls}


def draw(seed: int, halls: Sequence[HallEntry], begin_ms: int) -> Befalls:
    rng = random.Random(f"{seed} district")  # noqa: S311 - a rehearsal repeats by its seed
    most = max(1, len(halls) // 4)
    below = [hall for hall in halls if hall.tier is not Tier.DISTRICT] or list(halls)
    rng.shuffle(below)
    agents = frozenset(hall.id for hall in below[: min(AGENTS, most)])
    # Where many come, much is at stake.
    others = [hall.id for hall in sorted(below, key=lambda hall: -hall.counters) if hall.id not in agents]
    next_hall = itertools.cycle(others or agents)
    full = list(itertools.islice(next_hall, min(DISKS, most)))
    cuts = min(CUTS, max(2, most))
    cut = [*sorted(agents)[: cuts // 2]]
    cut += itertools.islice(next_hall, cuts - len(cut))
    whole = [hall.id for hall in halls if hall.id not in {*full, *cut}]
    rng.shuffle(whole)
    killed = whole[: min(KILLS, most)]

    def some_time(minutes: tuple[int, int]) -> int:
        return begin_ms + round(rng.uniform(*minutes) * MINUTE_MS)

    def spans(which: Sequence[str], long_ms: int) -> dict[str, Span]:
        starts = {hall: some_time(rng.choice(BUSY_MINUTES)) for hall in which}
        return {hall: Span(start_ms, start_ms + long_ms) for hall, start_ms in starts.items()}

    return Befalls(
        killed={hall: some_time((35, 675)) for hall in killed},
        cut=spans(cut, CUT_MS),
        full=spans(full, DISK_MS),
        agents=agents,
        extended=frozenset(hall.id for hall in halls[::EXTENDED_SHARE]),
    )
