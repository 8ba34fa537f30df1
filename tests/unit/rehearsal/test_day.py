"""The people of a rehearsed morning, as they are drawn."""

import statistics

import pytest

from hall_controller.domain.ticket import VisitorClass
from hall_controller.rehearsal.day import (
    DOORS_S,
    LAST_ARRIVAL_S,
    MORNING_S,
    Door,
    PaperFate,
    counters_for,
    matter_weights,
)
from tests.unit.rehearsal.memory_stage import CATALOGUE, draw

MANY = draw(seed=5, visitors=4_000, counters=10)


def test_same_seed_same_day() -> None:
    assert draw(seed=5) == draw(seed=5)
    assert draw(seed=5) != draw(seed=6)


def test_more_counters_change_no_visitor() -> None:
    assert draw(counters=3).visitors == draw(counters=9).visitors


def test_visitors_come_in_order_and_within_the_morning() -> None:
    arrivals = [visitor.arrives_ms for visitor in MANY.visitors]
    assert arrivals == sorted(arrivals)
    assert arrivals[0] >= MANY.opening_ms - DOORS_S * 1000
    assert arrivals[-1] <= MANY.opening_ms + MORNING_S * 1000


def test_the_first_hour_is_the_busiest() -> None:
    def within(first_minute: int, last_minute: int) -> int:
        low, high = (MANY.opening_ms + minute * 60_000 for minute in (first_minute, last_minute))
        return sum(low <= visitor.arrives_ms < high for visitor in MANY.visitors)

    assert within(20, 80) > 1.4 * within(100, 160)
    assert within(-15, 0) > 0.03 * len(MANY.visitors)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (lambda v: v.visitor_class is VisitorClass.PRIORITY, 0.12),
        (lambda v: v.absent, 0.05),
        (lambda v: v.returns_after_s is not None, 0.05 / 3),
        (lambda v: v.paper in (PaperFate.LOST, PaperFate.CLAIMED), 0.01),
        (lambda v: v.door is Door.BOOKED, 0.05),
        (lambda v: v.language == "yue", 0.13),
        (lambda v: v.misclick is not None, 0.03),
    ],
)
def test_shares(share: object, expected: float) -> None:
    assert callable(share)
    seen = sum(bool(share(visitor)) for visitor in MANY.visitors) / len(MANY.visitors)
    assert seen == pytest.approx(expected, abs=3 * (expected * (1 - expected) / len(MANY.visitors)) ** 0.5)


def test_services_take_the_usual_minutes_on_average() -> None:
    ratios = [v.service_s / 60 / CATALOGUE.matters[v.matter].usual_minutes for v in MANY.visitors]
    assert statistics.fmean(ratios) == pytest.approx(1, abs=0.05)
    assert min(v.service_s for v in MANY.visitors) >= 40
    assert max(ratios) > 2.5, "some take far longer"


def test_a_visitor_who_returns_is_back_within_the_grace_period() -> None:
    assert all(v.returns_after_s < 1800 for v in MANY.visitors if v.returns_after_s is not None)


def test_booked_visitors_come_after_check_in_opens() -> None:
    booked = [v for v in MANY.visitors if v.slot_ms is not None]
    assert all(v.arrives_ms >= v.slot_ms - 1_800_000 for v in booked if v.slot_ms)
    assert all(v.slot_ms < MANY.opening_ms + (LAST_ARRIVAL_S + 1) * 1000 for v in booked if v.slot_ms)


def test_clerks_take_their_breaks_in_turn() -> None:
    breaks = [clerk.breaks[0].at_ms for clerk in draw(counters=10).clerks]
    assert breaks == sorted(breaks)


def test_enough_counters_for_the_visitors() -> None:
    assert counters_for(1, CATALOGUE) == 2
    few, many = counters_for(100, CATALOGUE), counters_for(300, CATALOGUE)
    assert few < many < 30
    assert counters_for(5_000, CATALOGUE) == 200


def test_short_matters_are_wanted_more_often() -> None:
    matters = list(CATALOGUE.matters.values())
    weights = dict(zip((m.code for m in matters), matter_weights(matters), strict=True))
    assert sum(weights.values()) == pytest.approx(1)
    by_minutes = sorted((m for m in matters if m.subject == "natural"), key=lambda m: m.usual_minutes)
    assert weights[by_minutes[0].code] > 3 * weights[by_minutes[-1].code]
