"""How long it will take: what a visitor is told, and within how long nine in ten are called."""

import datetime as dt
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain import commands as c
from hall_controller.domain.flow import Learned, learn, service_mean_s, unlearn
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.rules import Policy, RosterWindow
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import ORDINARY, PRIORITY, Pretend, terminal


def test_nobody_can_say_while_no_counter_works(hall: Pretend) -> None:
    hall.take()
    assert predict_newcomer(hall.hall, ORDINARY, hall.now_ms).wait_s is None
    assert [estimate.wait_s for estimate in predict(hall.hall, hall.now_ms).values()] == [None]
    hall.open(1)
    hall.do(c.PauseCounter(counter=1))
    assert predict_newcomer(hall.hall, ORDINARY, hall.now_ms).wait_s is None


def test_a_free_counter_and_nobody_ahead_means_no_wait(hall: Pretend) -> None:
    hall.open(1)
    assert predict_newcomer(hall.hall, ORDINARY, hall.now_ms).wait_s == 0


@pytest.mark.parametrize("counters", [1, 2, 4])
def test_people_ahead_over_working_counters_times_the_usual(hall: Pretend, counters: int) -> None:
    hall.open(*range(1, counters + 1))
    hall.take_many(counters + 6)
    for counter in range(1, counters + 1):
        hall.begin(counter)
    newcomer = predict_newcomer(hall.hall, ORDINARY, hall.now_ms)
    assert newcomer.ahead == 6
    assert newcomer.wait_s == pytest.approx(7 * 510 / counters, rel=0.25)
    assert newcomer.bound_s is not None
    assert newcomer.wait_s is not None
    assert 1.1 * newcomer.wait_s < newcomer.bound_s < 3 * newcomer.wait_s


def test_learned_times_move_the_prediction_but_the_first_few_only_a_little(make: MakeHall) -> None:
    hall = make(hours=())  # open without end
    hall.open(1)
    hall.take()
    hall.serve(1, seconds=120)
    assert 380 < service_mean_s(hall.hall.learned, hall.hall.flow, "pension", 480) < 480
    for _ in range(200):
        hall.take()
        hall.serve(1, seconds=120)
    assert service_mean_s(hall.hall.learned, hall.hall.flow, "pension", 480) == pytest.approx(120, rel=0.02)


@given(st.lists(st.floats(1, 7200), min_size=1, max_size=60))
def test_unlearning_the_last_service_is_exact(times_s: list[float]) -> None:
    learned = before = Learned()
    for time_s in times_s:
        before, learned = learned, learn(learned, time_s)
    again = unlearn(learned, times_s[-1])
    assert again.count == before.count
    assert again.mean_s == pytest.approx(before.mean_s, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("policy", list(Policy))
@given(
    classes=st.lists(st.sampled_from([ORDINARY, PRIORITY]), max_size=14),
    newcomer=st.sampled_from([ORDINARY, PRIORITY]),
    called=st.integers(0, 5),
    limit=st.integers(1, 4),
)
def test_a_newcomer_is_told_the_place_that_the_queue_then_shows(
    policy: Policy, classes: list[str], newcomer: str, called: int, limit: int
) -> None:
    hall = Pretend(policy=policy, favoured_limit=limit, hours=())  # without a break, where a second is hours
    hall.open(1)
    for visitor_class in classes:
        hall.take(visitor_class)  # type: ignore[arg-type]
    for _ in range(called):
        if hall.call(1) is not None:
            hall.missed(1)
    told = predict_newcomer(hall.hall, newcomer, hall.now_ms)  # type: ignore[arg-type]
    known = deepcopy(hall.hall.flow)
    ticket = hall.take(newcomer)  # type: ignore[arg-type]
    hall.hall.flow = known  # what one more arrival says of those to come is another matter
    shown = predict(hall.hall, hall.now_ms)[ticket]
    assert shown.ahead == told.ahead
    assert (shown.wait_s is None) is (told.wait_s is None)
    if shown.wait_s is not None and told.wait_s is not None:
        overtaken = policy is Policy.PRIORITY and newcomer is ORDINARY
        assert shown.wait_s == pytest.approx(told.wait_s, rel=0.25 if overtaken else 0.15, abs=60)


def test_a_newcomer_who_comes_after_many_have_missed_their_call_is_told_what_the_queue_shows() -> None:
    """Who stays and how long it takes hang on each other: found by going up, as the queue is from its head."""
    hall = Pretend(policy=Policy.FCFS, hours=())
    hall.open(1)
    hall.take_many(8)
    for _ in range(5):
        hall.call(1)
        hall.missed(1)
    told = predict_newcomer(hall.hall, ORDINARY, hall.now_ms)
    ticket = hall.take()
    assert predict(hall.hall, hall.now_ms)[ticket].wait_s == pytest.approx(told.wait_s, abs=5)


@given(classes=st.lists(st.sampled_from([ORDINARY, PRIORITY]), min_size=1, max_size=14), limit=st.integers(1, 4))
def test_visitors_are_called_in_the_order_that_was_predicted(classes: list[str], limit: int) -> None:
    hall = Pretend(favoured_limit=limit)
    hall.open(1)
    for visitor_class in classes:
        hall.take(visitor_class)  # type: ignore[arg-type]
    predicted = list(predict(hall.hall, hall.now_ms))
    called = []
    for _ in classes:
        called.append(hall.call(1))
        hall.do(c.Missed(counter=1), terminal(1))
    assert called == predicted


def test_one_kept_for_a_counter_waits_for_that_counter(hall: Pretend) -> None:
    hall.open(1, 2, 3)
    hall.take_many(3)
    for counter in (1, 2, 3):
        hall.begin(counter)
    first, second, free = hall.take_many(3)
    before = predict(hall.hall, hall.now_ms)
    for ticket in (first, second):
        hall.do(c.AssignTicket(ticket=ticket, to_counter=2))
    kept = predict(hall.hall, hall.now_ms)
    waits = {ticket: told.wait_s or 0 for ticket, told in kept.items()}
    assert waits[first] > 1.3 * (before[first].wait_s or 0)
    assert waits[second] - waits[first] > 400, "a whole visitor later, at the same counter"
    assert waits[free] < waits[second]


def test_a_planned_counter_shortens_the_wait_from_when_it_opens(make: MakeHall) -> None:
    start, end = dt.time(9), dt.time(18)
    late = RosterWindow(days=("tue",), start=dt.time(9, 20), end=end, counters=6)
    waits = []
    for then in (late, RosterWindow(days=("tue",), start=dt.time(9, 20), end=end, counters=2)):
        early = RosterWindow(days=("tue",), start=start, end=dt.time(9, 20), counters=2)
        hall = make(roster=(early, then))
        hall.open(1, 2)
        hall.take_many(14)
        hall.begin(1)
        hall.begin(2)
        waits.append(predict_newcomer(hall.hall, ORDINARY, hall.now_ms).wait_s or 0)
    assert 1200 < waits[0] < 0.7 * waits[1]


def test_the_bound_follows_what_comes_of_it(make: MakeHall) -> None:
    """Whoever waits longer than the bound moves it up, until it holds."""
    hall = make(hours=())
    hall.open(1)
    before = hall.hall.flow.z
    for _ in range(6):
        hall.take()
        hall.take()
        hall.serve(1)
        hall.later(4000)
        hall.serve(1)
    assert hall.hall.flow.z > before + 0.3
