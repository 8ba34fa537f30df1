"""Where counters are narrowed, nobody is told a wait that only a counter which may not call them could keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.keeping import suits
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.ticket import Language
from tests.unit.domain.support import ORDINARY, Pretend

GROUPS = ((), (), ("pickup",), ("business",), ("social",), ("business", "pickup"))
SPOKEN = ((), (), (Language.ENGLISH,))
COUNTERS = st.lists(st.tuples(st.sampled_from(GROUPS), st.sampled_from(SPOKEN), st.booleans()), min_size=1, max_size=5)
VISITORS = st.lists(st.tuples(st.sampled_from(["pension", "licence"]), st.sampled_from(list(Language))), max_size=8)


def hall_of(counters: list[tuple[tuple[str, ...], tuple[Language, ...], bool]]) -> Pretend:
    """Each counter with its groups and languages, and whether it has a visitor."""
    hall = Pretend(counters=len(counters))
    for number, (groups, languages, busy) in enumerate(counters, 1):
        hall.open(number)
        if busy:
            hall.do(c.ServeUnticketed(counter=number, matter="pension"))
        hall.do(c.NarrowCounter(counter=number, groups=groups, languages=languages))
    return hall


@given(COUNTERS, VISITORS)
def test_no_wait_is_told_only_where_a_free_counter_may_call(
    counters: list[tuple[tuple[str, ...], tuple[Language, ...], bool]], visitors: list[tuple[str, Language]]
) -> None:
    hall = hall_of(counters)
    for matter, language in visitors:
        hall.take(matter=matter, language=language)
    working = list(hall.hall.counters.values())
    free = [one for one in working if one.state is CounterState.READY]
    for number, told in predict(hall.hall, hall.now_ms).items():
        ticket = hall.hall.tickets[number]
        if told.wait_s == 0:
            assert any(suits(one, ticket) for one in free), (ticket, told)
        if not any(suits(one, ticket) for one in working):
            assert told.wait_s is None, (ticket, told)
    if predict_newcomer(hall.hall, ORDINARY, hall.now_ms).wait_s == 0:
        assert any(one.narrowing.groups != ("pickup",) for one in free)


@pytest.mark.parametrize("results", [(), (2,), (2, 3)])
def test_windows_for_results_alone_change_nothing_for_others(results: tuple[int, ...]) -> None:
    hall, plain = hall_of([((), (), True), *[(("pickup",), (), False) for _ in results]]), hall_of([((), (), True)])
    for one in (hall, plain):
        one.take_many(2)
    assert predict(hall.hall, hall.now_ms) == predict(plain.hall, plain.now_ms)
    told = predict_newcomer(hall.hall, ORDINARY, hall.now_ms)
    assert told == predict_newcomer(plain.hall, ORDINARY, plain.now_ms)
    assert told.wait_s


def test_who_may_be_called_by_more_counters_waits_less() -> None:
    """One counter for everything, one for business alone, and six ahead who must wait for the first."""
    hall = hall_of([((), (), True), (("business",), (), True)])
    hall.take_many(6)
    hall.take(matter="licence")
    estimates = list(predict(hall.hall, hall.now_ms).values())
    assert estimates[-1].ahead == 6
    assert (estimates[-1].wait_s or 0) < 0.7 * (estimates[-2].wait_s or 0)
