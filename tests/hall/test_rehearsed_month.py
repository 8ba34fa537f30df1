"""hall rehearse with whole days: a month in one district hall, proven to the visit; a year in the nightly run."""

import json
import sqlite3
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.nightly import record_steps
from tests.support import HALL, hall_command

MONTH = "2026-03"


def rehearse(directory: Path, *options: str, bound_s: float = 100) -> dict[str, Any]:
    command = [*HALL, "rehearse", str(directory), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=bound_s, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def events(directory: Path) -> list[dict[str, Any]]:
    connection = sqlite3.connect(f"file:{directory / 'hall.db'}?mode=ro", uri=True)
    try:
        return [json.loads(bytes(body)) for (body,) in connection.execute("SELECT body FROM events ORDER BY seq")]
    finally:
        connection.close()


def report(directory: Path, period: str) -> dict[str, Any]:
    option = "--month" if len(period) == len(MONTH) else "--day"
    made: dict[str, Any] = json.loads(hall_command("report", directory, option, period, "--json").stdout)
    return made


def summed(rows: list[dict[str, Any]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row["visits"])
    return {band: count for band, count in total.items() if count}


def nonzero(visits: dict[str, int]) -> dict[str, int]:
    return {band: count for band, count in visits.items() if count}


@pytest.mark.timeout(180)
def test_a_month_in_a_district_hall_is_right_to_the_visit(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    options = ("--month", MONTH, "--visitors", "12", "--tier", "district", "--seed", "3")
    result = rehearse(directory, *options, bound_s=170)
    days = result["days"]
    assert (result["broken"], result["refused"], result["interrupted"]) == ([], [], False)
    assert [row["day"] for row in days] == [f"{MONTH}-{day:02}" for day in range(1, 32)]
    # By the journal, by the rows of the days, by the report.
    journal = events(directory)
    started = {event["ticket"]: event["band"] for event in journal if event["type"] == "service_started"}
    for event in journal:
        assert event["type"] != "act_undone" or event.get("visit_band") is None, "nothing was undone that is a visit"
    in_month = [event for event in journal if event["service_day"].startswith(MONTH)]
    bands = Counter(event["band"] for event in in_month if event["type"] == "service_started")
    assert len(started) >= 12 * 22
    made = report(directory, MONTH)
    assert nonzero(made["visits"]) == summed(days) == {"total": sum(bands.values()), **bands}
    assert set(bands) == {"regular", "lunch", "evening", "weekend"}
    assert result["months"][0]["visits"] == summed(days)
    busiest = max(days, key=lambda row: row["visits"]["total"])
    assert nonzero(report(directory, busiest["day"])["visits"]) == busiest["visits"]
    # The days ran themselves.
    assert all(row["everyone_served"] for row in days)
    assert all(row["closed_ms"] is not None for row in days)
    assert not any(row["under_way"] for row in days if row["extended_minutes"] <= 30)
    assert sum(row["turned_away"] for row in days) == result["turned_away"] > 0
    assert sum(row["handovers"] for row in days) >= 3 * 20
    assert Counter(row["extended_minutes"] for row in days)[30] == 3
    assert (sum(row["crashes"] for row in days), result["controller_starts"]) == (1, 2)
    assert sum(bool(row["closed_hall"]) for row in days) == 1
    by_code = [event for event in journal if event["type"] == "ticket_checked_in" and event["by"] == "kiosk"]
    assert by_code, "whoever booked checks in at the kiosk"


@pytest.mark.timeout(120)
def test_the_same_seed_gives_the_same_days_byte_by_byte_whatever_crashes(tmp_path: Path) -> None:
    """Days with a crash of the controller among them, rehearsed at the same time in two directories."""
    options = ("--days", "3", "--day", "2026-03-10", "--visitors", "10", "--tier", "district", "--seed", "3", "--json")
    directories = [tmp_path / name for name in ("a", "b")]
    processes = [
        subprocess.Popen(
            [*HALL, "rehearse", str(directory), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for directory in directories
    ]
    results = [json.loads(process.communicate(timeout=110)[0]) for process in processes]
    assert [result["controller_starts"] for result in results] == [2, 2]
    first, second = (events(directory) for directory in directories)
    assert len(first) > 150
    assert first == second


def test_it_goes_on_with_the_next_days_on_which_the_hall_serves(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    first = rehearse(directory, "--days", "1", "--visitors", "4")
    assert [row["day"] for row in first["days"]] == ["2026-03-02"]
    with (directory / "hall.toml").open("a", encoding="utf-8") as file:
        file.writelines(f'\n[[special]]\ndate = 2026-03-{day:02}\nkind = "holiday"\n' for day in (3, 4))
    page = hall_command("rehearse", directory, "--days", "1", "--visitors", "4")
    assert page.returncode == 0, page.stderr
    assert "Rehearsed: 2026-03-03 00:00 to 2026-03-05 23:59" in page.stdout
    lines = page.stdout.splitlines()
    assert [line.split() for line in lines if line.endswith(" shut")] == [
        ["2026-03-03", "Tue", "shut"],
        ["2026-03-04", "Wed", "shut"],
    ]
    assert any(line.startswith("2026-03-05 Thu") for line in lines)
    passed = hall_command("rehearse", directory, "--month", MONTH)
    assert passed.returncode == 2
    assert "the clock of this hall is at 2026-03-05 " in passed.stderr
    assert "choose later days" in passed.stderr


def test_whole_days_can_be_watched_on_a_running_clock_that_jumps_over_the_night(tmp_path: Path) -> None:
    """Fourteen hours of night are none; of the eleven with people in it, each takes a second."""
    result = rehearse(tmp_path / "r", "--days", "2", "--visitors", "6", "--speed", "5000", "--seed", "3")
    assert (result["broken"], result["interrupted"]) == ([], False)
    assert [row["everyone_served"] for row in result["days"]] == [True, True]
    assert all(row["visits"]["total"] for row in result["days"])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--days", "2", "--month", MONTH), "--days and --month say different things; give one of them"),
        (("--month", MONTH, "--from", "10:00"), "--from is for a morning"),
        (("--year", "2026", "--day", "2026-03-02"), "leave --day out"),
    ],
)
def test_options_that_exclude_each_other_make_nothing(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    refused = hall_command("rehearse", tmp_path / "r", *options)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert not (tmp_path / "r").exists()


@pytest.mark.nightly("year")
@pytest.mark.timeout(1500)
def test_a_year_in_a_district_hall_is_right_to_the_visit(tmp_path: Path) -> None:
    directory = tmp_path / "r"
    options = ("--year", "2026", "--visitors", "15", "--tier", "district", "--seed", "5")
    result = rehearse(directory, *options, bound_s=1400)
    assert (result["broken"], result["refused"], result["interrupted"]) == ([], [], False)
    assert len(result["days"]) == 365
    assert all(row["everyone_served"] for row in result["days"])
    assert len(result["months"]) == 12
    for month in result["months"]:
        rows = [row for row in result["days"] if row["day"].startswith(month["period"])]
        assert nonzero(report(directory, month["period"])["visits"]) == month["visits"] == summed(rows)
    assert result["controller_starts"] == 1 + sum(row["crashes"] for row in result["days"])
    record_steps("visits", sum(month["visits"]["total"] for month in result["months"]))
