"""What following the advice brings, over many days; and what asking for it costs."""

import datetime as dt
import time
from pathlib import Path

import pytest

from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.flow import Learned
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH
from hall_controller.domain.staffing import advise, plan_day
from hall_controller.rehearsal.scenario import load_scenario
from tests.benchmarks.conftest import Report
from tests.benchmarks.staffing import CATALOGUE, SCENARIOS, SHARE, learn, play, pooled
from tests.unit.domain.support import Pretend

SEEDS = 8
SHAPE = {9: 0.8, 10: 1.3, 11: 1.0, 12: 0.5, 14: 1.2, 16: 0.9, 18: 0.5, 20: 0.0}
"""Visitors in a half hour over what the counters could do, from this hour on."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_following_the_advice_holds_the_target_and_ignoring_it_does_not(file: Path, report: Report) -> None:
    catalogue = parse_catalogue(CATALOGUE.read_text("utf-8"))
    scenario = load_scenario(file, catalogue)
    knows = learn(scenario, catalogue, 4)
    rows = {
        way: pooled(scenario.name, way, [play(scenario, catalogue, seed, knows, way) for seed in range(SEEDS)])
        for way in ("ignored", "roster", "advice")
    }
    for way, row in rows.items():
        bound = f"at least {SHARE}" if way != "ignored" else "below 0.6"
        report(f"{scenario.name}: advice {way}", f"{row.visitors} visitors, {row.open_h:.0f} h a day", row.share, bound)
    assert rows["ignored"].share < 0.6
    for way in ("roster", "advice"):
        assert rows[way].share >= SHARE
        busy = [
            share for half, share in rows[way].by_half_hour.items() if "09:00" <= half < "19:00" and half != "12:00"
        ]
        assert min(busy) >= SHARE - 0.12, rows[way].by_half_hour


def test_the_advice_for_a_whole_day_of_forty_counters_costs_little(report: Report) -> None:
    hall = Pretend("2026-11-30 08:59:00", counters=40, hours=(*DEFAULT_HOURS, LUNCH))
    hall.until("2026-11-30 09:00:00")
    hall.open(*range(1, 28))
    hall.take_many(60)
    for counter in range(1, 28):
        hall.begin(counter)
    means, now = [], 0.0
    for half in range(48):
        now = SHAPE.get(half // 2, now)
        means.append(now * 40 * 1800 / 560)
    hall.hall.arrivals, hall.hall.arrived = {"mon": tuple(means)}, ()
    hall.hall.learned = {"pension": Learned(200, 520.0)}
    taken = []
    for _ in range(9):
        began = time.process_time()
        assert advise(hall.hall, hall.now_ms).outlook[-1].advised > 0
        taken.append(time.process_time() - began)
    began = time.process_time()
    plan_day(hall.hall, dt.date(2026, 12, 7))
    day_ms = (time.process_time() - began) * 1000
    report("advise, 40 counters, 11 hours", f"{min(taken) * 1000:.0f} ms (a day: {day_ms:.0f} ms)", min(taken), "0.1 s")
    assert min(taken) < 0.1
