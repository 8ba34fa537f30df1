"""The district's day: real halls, what befalls them, and the same totals in every way of counting."""

import itertools
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from metrics.district.day import plan
from metrics.district.inventory import load_inventory
from tests.nightly import record_steps
from tests.support import HALL, hall_command

INVENTORY = Path(__file__).parents[2] / "deploy" / "district" / "halls.toml"
MINUTE_MS = 60_000


def rehearsed(where: Path, *options: str, bound_s: float) -> dict[str, Any]:
    """What `hall district rehearse` tells, and its exit code says that all totals agree."""
    command = [*HALL, "district", "rehearse", str(where / "day"), "--inventory", str(INVENTORY), "--json", *options]
    made = subprocess.run(command, capture_output=True, text=True, timeout=bound_s, check=False)
    assert made.returncode == 0, made.stderr
    told: dict[str, Any] = json.loads(made.stdout)
    return told


def must_agree(told: dict[str, Any]) -> None:
    for hall in told["halls"]:
        assert hall["differs"] == []
        assert len(set(hall["visits"].values())) == 1, hall
        assert len(set(hall["issued"].values())) == 1, hall
    assert sum(hall["visits"]["journal"] for hall in told["halls"]) > 0


def befell(told: dict[str, Any], what: str) -> list[dict[str, Any]]:
    return [hall for hall in told["halls"] if any(one.startswith(what) for one in hall["befell"])]


def must_have_gone_wrong(told: dict[str, Any], kills: int, cuts: int, disks: int) -> None:
    assert len(befell(told, "killed")) == told["restarts"] == kills
    assert len(befell(told, "disk full")) == disks
    assert told["not_written"] > 0, "a full disk was met by somebody's command"
    cut = befell(told, "line cut")
    assert len(cut) == cuts
    assert {hall["agent"] for hall in cut} == {False, True}
    for hall in cut:
        hidden = any(gap["cut"] for gap in hall["gaps"])
        assert hidden is not hall["agent"], "an agent fills in what a cut line has missed, and scraping cannot"


@pytest.mark.timeout(170)  # half a minute on two idle cores
def test_twelve_halls_agree_to_the_visit(tmp_path: Path) -> None:
    told = rehearsed(tmp_path, "--halls", "12", "--visitors", "200", "--speed", "2000", bound_s=160)
    assert [hall["tier"] for hall in told["halls"]].count("district") == 1
    must_agree(told)
    must_have_gone_wrong(told, kills=3, cuts=3, disks=2)
    [district] = [hall for hall in told["halls"] if hall["tier"] == "district"]
    assert district["bands"]["lunch"] > 0
    assert told["refused"] == {}
    assert sum(hall["bands"].get("evening", 0) for hall in told["halls"]) > 0
    extended = befell(told, "extended")
    assert max(hall["closed_ms"] for hall in extended) >= told["from_ms"] + 11.5 * 60 * MINUTE_MS


@pytest.mark.nightly("district")
@pytest.mark.timeout(3_600)
def test_the_whole_district_agrees_to_the_visit(tmp_path: Path) -> None:
    told = rehearsed(tmp_path, bound_s=3_500)
    assert len(told["halls"]) == 135
    must_agree(told)
    must_have_gone_wrong(told, kills=10, cuts=5, disks=2)
    visits = sum(hall["visits"]["journal"] for hall in told["halls"])
    assert visits > 18_000
    record_steps("visits", visits)
    assert told["load"]["controllers"]["resident_mb"] < 8 * 1024


def test_a_day_is_drawn_from_its_seed_alone() -> None:
    halls = plan.choose(load_inventory(INVENTORY).hall, 12)
    drawn = plan.draw(5, halls, 0)
    assert drawn == plan.draw(5, halls, 0)
    assert drawn != plan.draw(6, halls, 0)


@pytest.mark.parametrize("count", [1, 2, 3, 12, 60, None])
def test_any_number_of_halls_has_its_share_of_what_goes_wrong(count: int | None) -> None:
    halls = plan.choose(load_inventory(INVENTORY).hall, count)
    assert len(halls) == (count or 135)
    assert len({hall.id for hall in halls}) == len(halls)
    for seed in range(20):
        drawn = plan.draw(seed, halls, 0)
        assert drawn.agents
        assert drawn.full
        assert not set(drawn.killed) & set(drawn.full)
        if len(halls) > 2:
            assert {hall in drawn.agents for hall in drawn.cut} == {False, True}
    if count is None:
        assert (len(drawn.killed), len(drawn.cut), len(drawn.full), len(drawn.agents)) == (10, 5, 2, 3)


def test_visitors_are_shared_out_by_counters() -> None:
    halls = load_inventory(INVENTORY).hall
    shares = plan.share_out(20_000, halls)
    assert abs(sum(shares.values()) - 20_000) < len(halls)
    for one, other in itertools.pairwise(sorted(halls, key=lambda hall: hall.counters)):
        assert shares[one.id] <= shares[other.id]


def test_a_directory_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    made = hall_command("district", "rehearse", tmp_path, "--inventory", INVENTORY)
    assert made.returncode == 2
    assert "not an empty directory" in made.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("count", ["0", "136", "some"])
def test_a_wrong_number_of_halls_is_named(tmp_path: Path, count: str) -> None:
    made = hall_command("district", "rehearse", tmp_path / "day", "--inventory", INVENTORY, "--halls", count)
    assert made.returncode == 2
    assert f"--halls {count}" in made.stderr
    assert "1 to 135" in made.stderr
