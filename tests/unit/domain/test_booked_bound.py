"""The promise to a booked visitor who is on time, and to those who walk in: docs/bookings.md, on a few whole days."""

from statistics import fmean

import pytest

from hall_controller.domain.ticket import VisitorClass
from tests.benchmarks.booked import PAGE, bound_table, certain, filled, held
from tests.benchmarks.booked_day import Plan, bound_s, play

ROUNDING_S = 0.05
"""Moments are whole milliseconds."""
PLANS = [
    (Plan(3, 0.85), 2),
    (Plan(3, 0.95, at_once=True), 3),
    (Plan(3, 0.95, no_show=0.0, priority=0.4), 2),
    (Plan(3, 1.3, at_once=True, k=1), 2),
    (Plan(8, 0.7), 1),
    (Plan(8, 0.95, at_once=True), 1),
    (Plan(8, 1.2, at_once=True, k=3, spread=1.0), 1),
]


@pytest.mark.parametrize(("plan", "days"), PLANS, ids=str)
def test_a_booked_visitor_on_time_is_called_within_the_bound(plan: Plan, days: int) -> None:
    outcome = play(plan, days)
    assert len(outcome.booked) > 20
    for one in outcome.booked:
        # Whatever the day was like: by the turns that there really were.
        assert one.wait_s <= certain(one, plan.k) + ROUNDING_S, one
    kept = held(outcome)
    assert len(kept) > 0.5 * len(outcome.booked)
    assert max(one.wait_s for one in kept) <= outcome.bound_s + ROUNDING_S
    assert fmean(one.wait_s <= outcome.bound_s for one in outcome.booked) >= 0.97


@pytest.mark.parametrize(("plan", "days"), PLANS, ids=str)
def test_nobody_who_walks_in_starves(plan: Plan, days: int) -> None:
    outcome = play(plan, days)
    assert outcome.unserved == 0
    assert outcome.run <= plan.k
    assert outcome.passed <= plan.k
    assert outcome.run > 0


def test_what_the_booked_save_is_what_the_others_wait_and_no_more() -> None:
    plan = Plan(8, 0.95)
    together, without = (play(one, 4) for one in (plan, plan._replace(books=False)))
    assert len(together.all) == len(without.all)
    assert fmean(together.all) == pytest.approx(fmean(without.all), rel=0.12)
    ordinary = VisitorClass.ORDINARY
    assert fmean(together.walked[ordinary]) <= 1.6 * fmean(without.walked[ordinary])


def test_the_bound_is_under_half_an_hour_in_a_hall_of_any_size() -> None:
    for counters in (3, 8, 40, 200):
        n = int(counters * 1800 / 500 * 0.3)
        assert bound_s(n + max(1, counters // 6), 2, counters, 500.0) < 1800
    assert bound_s(1, 2, 1, 500.0) == 2 * 500.0  # one ordinary call first, then this one; and the turn under way


def test_the_page_states_the_bound_that_the_code_computes() -> None:
    page = PAGE.read_text("utf-8")
    assert filled(page, {"bound": bound_table()}) == page, "run python -m tests.benchmarks.booked --write"
