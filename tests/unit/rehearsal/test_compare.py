"""Two rosters side by side: the same visitors, and a star only where it is more than chance."""

import datetime as dt

import pytest
from msgspec.structs import replace

from hall_controller.domain.rules import RosterSpan, Tier, Window
from hall_controller.rehearsal.compare import Compared, Row, compare, quantile, render
from hall_controller.rehearsal.scenario import Arrivals, Scenario
from tests.unit.rehearsal.memory_stage import CATALOGUE

NINE, ELEVEN = dt.time(9), dt.time(11)
BUSY = Scenario(
    name="two windows",
    tier=Tier.STREET,
    counters=4,
    hours=(Window(days=("mon",), start=NINE, end=ELEVEN),),
    arrivals=(Arrivals(start=NINE, end=dt.time(10, 30), visitors=24),),
    roster=(RosterSpan(start=NINE, end=ELEVEN, counters=2),),
)
MORE = replace(BUSY, name="four windows", roster=(RosterSpan(start=NINE, end=ELEVEN, counters=4),))


def row(compared: Compared, measure: str) -> Row:
    return next(one for one in compared.rows if one.measure == measure)


def run(a: Scenario, b: Scenario, seeds: range) -> Compared:
    return compare(a, b, CATALOGUE, seeds, lambda _: None)


def test_more_windows_mean_shorter_waits_for_the_same_people() -> None:
    compared = run(BUSY, MORE, range(5, 11))
    assert (compared.same_visitors, compared.seeds, compared.first_seed) == (True, 6, 5)
    waits = row(compared, "wait, mean")
    assert waits.beyond_chance
    assert waits.difference == pytest.approx(waits.b - waits.a, abs=0.01)
    assert waits.difference < -3 * waits.error
    assert row(compared, "counters open").difference == pytest.approx(4, abs=1)
    text = render(compared)
    assert "the same visitors in both" in text
    starred = next(line for line in text.splitlines() if line.startswith("wait, mean"))
    assert starred.endswith("*")


def test_a_roster_against_itself_shows_no_difference_at_all() -> None:
    compared = run(BUSY, replace(BUSY, name="the same"), range(3))
    assert not any(one.beyond_chance for one in compared.rows)
    assert all(one.difference == one.error == 0 for one in compared.rows)
    assert "*" not in "".join(line for line in render(compared).splitlines() if not line.startswith("*"))


def test_other_people_are_told() -> None:
    quiet = replace(BUSY, arrivals=(Arrivals(start=NINE, end=ELEVEN, visitors=5),))
    compared = run(BUSY, quiet, range(2))
    assert not compared.same_visitors
    assert "NOT THE SAME VISITORS" in render(compared)


def test_ctrl_c_shows_what_was_played() -> None:
    played = 0

    def stop(days: int) -> None:
        nonlocal played
        played += days
        if played == 5:
            raise KeyboardInterrupt

    compared = compare(BUSY, MORE, CATALOGUE, range(10), stop)
    assert (compared.interrupted, compared.seeds) == (True, 2)
    assert "stopped before all seeds were played" in render(compared)
    played = 4
    assert "nothing can be told" in render(compare(BUSY, MORE, CATALOGUE, range(10), stop))


@pytest.mark.parametrize(
    ("freedom", "tabled"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (19, 2.093), (100, 1.984)]
)
def test_the_quantile_is_that_of_the_tables(freedom: int, tabled: float) -> None:
    assert quantile(freedom) == pytest.approx(tabled, rel=2e-3)
