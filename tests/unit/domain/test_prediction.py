"""How long it will take: what a visitor is told, and within how long nine in ten are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain import commands as c
from hall_controller.domain.flow import Learned, learn, service_mean_s, unlearn
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.rules import Policy
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
    hall = Pretend(policy=policy, favoured_limit=limit)
    hall.open(1)
    for visitor_class in classes:
        hall.take(visitor_class)  # type: ignore[arg-type]
    for _ in range(called):
        if hall.call(1) is not None:
            hall.missed(1)
    told = predict_newcomer(hall.hall, newcomer, hall.now_ms)  # type: ignore[arg-type]
    ticket = hall.take(newcomer)  # type: ignore[arg-type]
    shown = predict(hall.hall, hall.now_ms)[ticket]
    assert shown.ahead == told.ahead
    assert (shown.wait_s is None) is (told.wait_s is None)
    if shown.wait_s is not None and told.wait_s is not None:
        assert shown.wait_s == pytest.approx(told.wait_s, rel=0.15, abs=60)


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
