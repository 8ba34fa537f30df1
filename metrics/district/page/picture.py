"""The district as it is, made of Prometheus' answers and the inventory: pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from hall_controller.domain.counter import WORKING
from hall_controller.domain.rules import Band
from metrics.district.inventory import HallEntry, Inventory
from metrics.district.page.prometheus import Series, by_hall

STALE_S = 120
"""Older figures say nothing about a hall now; the slowest usual scrape is every minute."""


class State(StrEnum):
    OPEN = "open"
    STOPPED = "stopped"
    """Open, and gives out no tickets."""
    UNSTAFFED = "unstaffed"
    """Open, and no counter works."""
    CLOSED = "closed"
    SILENT = "silent"
    """No figures, or old ones."""


class HallNow(msgspec.Struct, frozen=True, kw_only=True):
    entry: HallEntry
    state: State
    heard_s: float | None = None
    """When its figures were taken; None when there are none within the last minutes."""
    wait_s: float | None = None
    """What an ordinary visitor who takes a ticket now is told to expect."""
    oldest_s: float | None = None
    waiting: Mapping[str, int] = {}
    """By visitor class."""
    counters: Mapping[str, int] = {}
    """By what they are doing."""
    visits: Mapping[str, int] = {}
    """Today's by band."""
    month: Mapping[str, int] = {}
    """This month's by band, today included."""
    buckets: Mapping[float, float] = {}
    """First calls of the last hour by how long the visitor had waited, cumulative as Prometheus has them."""

    @property
    def is_open(self) -> bool:
        return self.state in {State.OPEN, State.STOPPED, State.UNSTAFFED}

    @property
    def queue(self) -> int:
        return sum(self.waiting.values())

    @property
    def working(self) -> int:
        return sum(self.counters.get(state, 0) for state in WORKING)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Halls taken together: the district, or a street."""

    halls: tuple[HallNow, ...]

    def count(self, *states: State) -> int:
        return sum(hall.state in states for hall in self.halls)

    @property
    def open(self) -> int:
        return sum(hall.is_open for hall in self.halls)

    @property
    def waiting(self) -> int:
        return sum(hall.queue for hall in self.halls)

    @property
    def visits(self) -> dict[str, int]:
        return _summed(hall.visits for hall in self.halls)

    @property
    def month(self) -> dict[str, int]:
        return _summed(hall.month for hall in self.halls)

    def waited_s(self, share: float) -> float | None:
        """So long at most waited this share of those who were called within the last hour."""
        return quantile(_summed_buckets(hall.buckets for hall in self.halls), share)

    def worst(self, most: int = 10) -> list[HallNow]:
        waits = [hall for hall in self.halls if hall.is_open and hall.wait_s is not None]
        return sorted(waits, key=lambda hall: (-(hall.wait_s or 0), hall.entry.id))[:most]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    at_s: float
    """When Prometheus was asked."""
    halls: Mapping[str, HallNow]
    has_month: bool

    def group(self, street: str | None = None) -> Group:
        return Group(halls=tuple(hall for hall in self.halls.values() if street in {None, hall.entry.street}))


class Answers(msgspec.Struct, kw_only=True):
    """What Prometheus said last to each question."""

    now: list[Series] = []
    heard: list[Series] = []
    waits: list[Series] = []
    today: list[Series] = []
    past: list[Series] | None = None
    """None until it was read: a month without its past days would be a wrong figure."""


def make_picture(inventory: Inventory, answers: Answers, at_s: float) -> Picture:
    now, waits, today = by_hall(answers.now), by_hall(answers.waits), by_hall(answers.today)
    past = by_hall(answers.past or ())
    heard = {one.label("hall"): one.figure for one in answers.heard}
    halls = {}
    for entry in inventory.hall:
        visits = {one.label("band"): round(one.figure) for one in today.get(entry.id, ())}
        # What the room says is newer, unless the hall has fallen silent.
        visits |= _figures(now.get(entry.id, ()), "hall_day_visits", "band")
        month = _summed([visits, *({one.label("band"): _total(one)} for one in past.get(entry.id, ()))])
        halls[entry.id] = _hall(
            entry,
            now.get(entry.id, []),
            heard.get(entry.id),
            at_s,
            visits=visits,
            month=month,
            buckets={float(one.label("le")): one.figure for one in waits.get(entry.id, ())},
        )
    return Picture(at_s=at_s, halls=halls, has_month=answers.past is not None)


def _hall(
    entry: HallEntry,
    series: list[Series],
    heard_s: float | None,
    at_s: float,
    *,
    visits: dict[str, int],
    month: dict[str, int],
    buckets: dict[float, float],
) -> HallNow:
    single = {one.label("__name__"): one.figure for one in series}
    if heard_s is None or at_s - heard_s > STALE_S or not single.get("hall_up"):
        known = HallNow(entry=entry, state=State.SILENT, heard_s=heard_s)
    else:
        counters = _figures(series, "hall_counters", "state")
        wait_s = single.get("hall_newcomer_wait_seconds")
        issuing = _figures(series, "hall_issuing", "state")
        known = HallNow(
            entry=entry,
            state=_state(single.get("hall_open", 0) > 0, issuing.get("open", 0) > 0, counters, wait_s),
            heard_s=heard_s,
            wait_s=wait_s,
            oldest_s=single.get("hall_oldest_wait_seconds"),
            waiting=_figures(series, "hall_waiting_visitors", "visitor_class"),
            counters=counters,
        )
    return msgspec.structs.replace(known, visits=visits, month=month, buckets=buckets)


def _state(is_open: bool, issues: bool, counters: dict[str, int], wait_s: float | None) -> State:
    if not is_open:
        return State.CLOSED
    if wait_s is None or not any(counters.get(state) for state in WORKING):
        return State.UNSTAFFED
    return State.OPEN if issues else State.STOPPED


def _figures(series: Iterable[Series], name: str, label: str) -> dict[str, int]:
    return {one.label(label): round(one.figure) for one in series if one.label("__name__") == name}


def _total(one: Series) -> int:
    return sum(round(float(figure)) for _, figure in one.values)


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return total


def _summed_buckets(buckets: Iterable[Mapping[float, float]]) -> dict[float, float]:
    total: dict[float, float] = {}
    for one in buckets:
        for bound, count in one.items():
            total[bound] = total.get(bound, 0.0) + count
    return total


def quantile(buckets: Mapping[float, float], share: float) -> float | None:
    """As Prometheus' histogram_quantile does it: straight between two bounds, the last bound at most."""
    ordered = sorted(buckets.items())
    if len(ordered) < 2 or not ordered[-1][1] > 0:
        return None
    rank, below_s, below = share * ordered[-1][1], 0.0, 0.0
    for bound_s, count in ordered[:-1]:
        if count >= rank:
            return below_s + (bound_s - below_s) * ((rank - below) / (count - below) if count > below else 1.0)
        below_s, below = bound_s, count
    return below_s


def extended(visits: Mapping[str, int]) -> int:
    """Outside the regular hours: at lunch, in the evening, on weekends and holidays."""
    return sum(count for band, count in visits.items() if band != Band.REGULAR)
