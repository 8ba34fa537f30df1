"""What visitors are told comes nearer to what they wait than the simpler announcements; a few days of each kind.

`tests/benchmarks/test_prediction.py` asks for more, of twenty days of each.
"""

import pytest

from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.rehearsal.scenario import load_scenario
from tests.benchmarks.prediction import CATALOGUE, SCENARIOS, play, score

SEEDS = 3


@pytest.mark.parametrize(("name", "most"), [("steady", 1.1), ("lunch", 0.75), ("rush", 0.75)])
def test_predictions_are_better_than_simpler_ones(name: str, most: float) -> None:
    catalogue = parse_catalogue(CATALOGUE.read_text("utf-8"))
    scenario = load_scenario(SCENARIOS / f"{name}.toml", catalogue)
    told = score(name, [row for seed in range(SEEDS) for row in play(scenario, catalogue, seed)])
    assert told.visitors > 600
    assert told.ratio < most
    assert 0.82 < told.held < 0.97
