"""Whoever follows the advice on open counters holds the target; whoever does not, does not.

A rehearsed Monday with two rushes and a roster of five that is too small for both. More seeds and another hall are
played by tests/benchmarks/staffing.
"""

import pytest

from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.staffing import plan_day
from hall_controller.rehearsal.scenario import Scenario, load_scenario
from tests.benchmarks.staffing import CATALOGUE, SCENARIOS, SHARE, Knowledge, Played, learn, play, pooled

SEED = 3


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return parse_catalogue(CATALOGUE.read_text("utf-8"))


@pytest.fixture(scope="module")
def scenario(catalogue: Catalogue) -> Scenario:
    return load_scenario(SCENARIOS / "rush.toml", catalogue)


@pytest.fixture(scope="module")
def knows(scenario: Scenario, catalogue: Catalogue) -> Knowledge:
    """From two Mondays before, on both of which the roster was too small."""
    return learn(scenario, catalogue, 2)


def share(day: Played) -> float:
    return pooled("rush", "", [day]).share


def test_a_roster_too_small_fails_and_the_suggested_one_holds(
    scenario: Scenario, catalogue: Catalogue, knows: Knowledge
) -> None:
    ignored = play(scenario, catalogue, SEED, knows, "ignored")
    followed = play(scenario, catalogue, SEED, knows, "roster")
    assert len(ignored.waited) > 250
    assert share(ignored) < 0.5
    assert share(followed) >= SHARE
    assert followed.open_h < 2 * ignored.open_h, "not by opening all windows all day: that would be 154 hours"
    assert followed.open_h < 0.75 * 14 * 11
    planned = plan_day(knows.hall, scenario.date)
    assert max(span.counters for span in planned.spans) <= 14


def test_a_manager_who_asks_every_ten_minutes_mends_the_same_roster_in_time(
    scenario: Scenario, catalogue: Catalogue, knows: Knowledge
) -> None:
    followed = play(scenario, catalogue, SEED, knows, "advice")
    assert share(followed) >= SHARE
    assert any(" more window" in told for told in followed.told)
    assert any(" can close from " in told for told in followed.told)
    assert len(followed.told) < 40, "a manager has other things to do"
