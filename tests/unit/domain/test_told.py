"""What is said of a wait: rounded up, and how sure it is where that says more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.told import told_bound_minutes, told_minutes


@pytest.mark.parametrize(
    ("wait_s", "bound_s", "told"),
    [
        (1200, 2040, (20, 35)),
        (600, 601, (10, 15)),
        (61, 241, (2, None)),
        (240, 301, (4, 6)),
        (1000, 1190, (20, None)),
        (5400, 5401, (90, 120)),
        (5401, 9000, (120, 150)),
        (0, 900, (0, None)),
        (1200, None, (20, None)),
    ],
    ids=["usual", "coarser", "soon", "not so soon", "alike", "hours", "half hours", "no wait", "nobody can say"],
)
def test_a_bound_is_told_where_it_says_something_new(wait_s: int, bound_s: int | None, told: tuple[int, int]) -> None:
    assert (told_minutes(wait_s), told_bound_minutes(wait_s, bound_s)) == told


def test_of_an_unknown_wait_no_bound_is_told() -> None:
    assert told_bound_minutes(None, 900) is None


@given(st.integers(0, 40_000), st.integers(0, 40_000))
def test_nobody_is_told_less_than_what_was_predicted(wait_s: int, more_s: int) -> None:
    bound = told_bound_minutes(wait_s, wait_s + more_s)
    assert told_minutes(wait_s) * 60 >= wait_s
    assert bound is None or (bound > told_minutes(wait_s) and bound * 60 >= wait_s + more_s)
