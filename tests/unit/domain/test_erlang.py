"""Queues by formula: against closed forms, published tables, an independent simulator, and their own long run."""

import math

import ciw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.erlang import Course, Rates, Step, departures_within, erlang_b, erlang_c, palm

TURN_S = 480.0
SERVICE = 1 / TURN_S


def rates(load: float, patience_s: float = math.inf) -> Rates:
    return Rates(load * SERVICE, SERVICE, 1 / patience_s)


@pytest.mark.parametrize(
    ("counters", "load", "blocked"),
    [(1, 0.0101, 0.01), (2, 0.153, 0.01), (5, 1.36, 0.01), (10, 4.46, 0.01), (10, 6.22, 0.05), (20, 12.0, 0.01)],
)
def test_lost_visitors_are_those_of_the_telephone_engineers_tables(counters: int, load: float, blocked: float) -> None:
    assert erlang_b(counters, load) == pytest.approx(blocked, rel=0.03)


def test_waiting_is_that_of_closed_forms() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.6) == pytest.approx(1.6**2 / (2 + 1.6))  # load^2 / (2 + load)
    assert erlang_c(3, 3.0) == 1
    # Mandelbaum and Zeltyn 2007 compute calls of 3.5 min at 100 an hour and 8 agents the same way.
    direct = sum((35 / 6) ** k / math.factorial(k) for k in range(8))
    last = (35 / 6) ** 8 / math.factorial(8) * 8 / (8 - 35 / 6)
    assert erlang_c(8, 35 / 6) == pytest.approx(last / (direct + last))


def test_patience_without_end_is_erlang_c() -> None:
    for counters, load in ((1, 0.7), (4, 3.2), (12, 10.5)):
        made = palm(rates(load), counters)
        assert made.waits == pytest.approx(erlang_c(counters, load), abs=1e-6)
        after_s = 600.0
        exact = erlang_c(counters, load) * math.exp(-(counters - load) * SERVICE * after_s)
        assert made.late(after_s) == pytest.approx(exact, abs=1e-6)
        assert made.leaves == 0


def test_patience_as_long_as_a_service_makes_the_hall_a_poisson_one() -> None:
    made = palm(rates(6.0, TURN_S), 4)
    exact = [math.exp(-6) * 6**n / math.factorial(n) for n in range(20)]
    assert list(made.states[:20]) == pytest.approx(exact, abs=1e-9)
    assert made.leaves == pytest.approx(sum((n - 4) * p for n, p in enumerate(exact) if n > 4) / 6, abs=1e-4)


def test_whoever_leaves_was_not_served() -> None:
    made = palm(rates(5.0, 900), 4)
    served = sum(share * min(people, 4) for people, share in enumerate(made.states)) * SERVICE
    assert served + made.leaves * made.rates.arrivals == pytest.approx(made.rates.arrivals)


def test_a_queue_that_would_grow_for_ever_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2 counters cannot serve 2\.00 erlangs"):
        palm(rates(2.0), 2)
    assert palm(rates(3.0, 900), 2).waits > 0.8, "with patience that ends it does not"


def test_departures_are_poisson_while_nobody_leaves_and_more_when_some_do() -> None:
    calm = departures_within(rates(1), 3, 960)
    assert calm[:4] == pytest.approx([math.exp(-6) * 6**n / math.factorial(n) for n in range(4)])
    hasty = departures_within(rates(1, 1800), 3, 960)
    mean = sum(n * share for n, share in enumerate(hasty))
    assert sum(hasty) == pytest.approx(1)
    assert mean == pytest.approx(3 * SERVICE * 1800 * math.expm1(960 / 1800))


@pytest.mark.parametrize(("counters", "load", "patience_s"), [(2, 1.7, 3600), (5, 4.8, 2400), (9, 10.0, 1800)])
def test_an_independent_simulator_agrees(counters: int, load: float, patience_s: float) -> None:
    """ciw, with visitors who leave the queue (https://github.com/CiwPython/Ciw)."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=load * SERVICE)],
        service_distributions=[ciw.dists.Exponential(rate=SERVICE)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / patience_s)],
        number_of_servers=[counters],
    )
    ciw.seed(7)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(12_000 * TURN_S / load)
    records = [one for one in simulation.get_all_records() if one.arrival_date > 20 * TURN_S]
    made = palm(rates(load, patience_s), counters)
    left = [one for one in records if one.record_type == "renege"]
    served = [one for one in records if one.record_type == "service"]
    assert len(left) / len(records) == pytest.approx(made.leaves, abs=0.015)
    # Of those who left within the ten minutes nobody knows how long they would have waited.
    late = sum(one.waiting_time > 600 for one in served)
    undecided = sum(one.waiting_time <= 600 for one in left)
    late += sum(one.waiting_time > 600 for one in left)
    assert late / len(records) - 0.02 <= made.late(600) <= (late + undecided) / len(records) + 0.02


# --- in the course of a day ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counters", "load", "patience_s"), [(1, 0.7, 7200), (3, 2.5, 7200), (8, 8.5, 3600), (40, 38, 7200), (40, 44, 3600)]
)
def test_in_the_long_run_the_course_is_erlang_a(counters: int, load: float, patience_s: float) -> None:
    the_rates = rates(load, patience_s)
    course = Course.of(counters)
    for _ in range(250):
        course = course.after(Step(the_rates, counters, 1.0, 900))
    made = palm(the_rates, counters)
    mean = sum(share * people for people, share in enumerate(made.states))
    assert course.mean == pytest.approx(mean, rel=0.02)
    assert course.late(Step(the_rates, counters, 1.0, 900)) == pytest.approx(made.late(900), abs=0.02)


def test_a_queue_of_yesterday_is_worked_off_as_fast_as_the_counters_can() -> None:
    """Nobody comes, nobody leaves: forty people, five counters, so many a turn."""
    the_rates = Rates(1e-9, SERVICE, 0.0)
    course = Course.of(40)
    for _ in range(3):
        course = course.after(Step(the_rates, 5, 1.0, 600))
    assert course.mean == pytest.approx(40 - 5 * 1800 / TURN_S, rel=0.02)


def test_people_come_before_anybody_serves() -> None:
    course = Course.of(0)
    for _ in range(2):
        course = course.after(Step(rates(4.0), 0, 1.0, 900))
    assert course.mean == pytest.approx(4.0 * SERVICE * 1800, rel=0.03)
    assert course.late(Step(rates(4.0), 0, 1.0, 900)) == 1


def test_long_steps_tell_the_same_as_short_ones() -> None:
    coarse = fine = Course.of(0)
    for load in (7.0, 11.5, 12.5, 9.0):
        for _ in range(2):
            coarse = coarse.after(Step(rates(load, 7200), 10, 0.6, 900))
        for _ in range(60):
            fine = fine.after(Step(rates(load, 7200), 10, 0.6, 30))
        late = Step(rates(load, 7200), 10, 0.6, 900)
        assert coarse.mean == pytest.approx(fine.mean, rel=0.02)
        assert coarse.late(late) == pytest.approx(fine.late(late), abs=0.01)


@given(
    counters=st.integers(0, 40),
    load=st.floats(0.01, 60),
    spread=st.floats(0.1, 2),
    people=st.integers(0, 400),
    lasts_s=st.floats(30, 1800),
    patience_s=st.floats(600, 100_000),
)
def test_any_step_leaves_shares_of_one(
    counters: int, load: float, spread: float, people: int, lasts_s: float, patience_s: float
) -> None:
    step = Step(rates(load, patience_s), counters, spread, lasts_s, 1.2)
    course = Course.of(people, 2)
    for _ in range(3):
        course = course.after(step)
        assert sum(course.states) == pytest.approx(1)
        assert course.low >= 0
        assert 0 <= course.late(step._replace(lasts_s=900)) <= 1


def test_more_counters_are_never_worse() -> None:
    late = []
    for counters in range(4, 14):
        course = Course.of(12)
        for _ in range(4):
            course = course.after(Step(rates(8.0, 7200), counters, 0.6, 900))
        late.append(course.late(Step(rates(8.0, 7200), counters, 0.6, 900)))
    assert late == sorted(late, reverse=True)
