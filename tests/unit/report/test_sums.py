"""Whichever way one adds, it is the same number; and a part of the journal is enough for it."""

import random
from collections import Counter as Tally
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus.wire import encode
from hall_controller.journal.journal import Entry, Journal
from hall_controller.report import make_report
from hall_controller.report.account import Account, is_beyond
from hall_controller.report.source import read
from tests.unit.domain.support import Pretend
from tests.unit.domain.test_months import Month
from tests.unit.report.accounts import DAY, report_of


@pytest.fixture(scope="module", params=[11, 12])
def month(request: pytest.FixtureRequest) -> Pretend:
    played = Month("2028-02", random.Random(request.param))
    played.play()
    return played.hall


def flat(value: Any, name: str = "") -> Tally[str]:
    """Every number of a report under a name of its own."""
    if isinstance(value, dict):
        return sum((flat(one, f"{name}/{key}") for key, one in value.items()), Tally())
    return Tally({name: value} if isinstance(value, int) else {})


def test_a_month_is_the_sum_of_its_days(month: Pretend) -> None:
    whole = report_of(month, "2028-02")
    assert whole["visits"]["total"] > 100
    assert "2028-02-29" in whole["days"]
    days: Tally[str] = Tally()
    for day in whole["days"]:
        account = Account(day)
        for event in month.events:
            account.add(event)
            if is_beyond(event.service_day, day):
                break
        made = account.made()
        del made["until_ms"]
        days.update(flat(made))
    del whole["until_ms"], whole["besides"]
    assert +days == +flat(whole)


def test_visits_by_band_day_hour_matter_counter_and_clerk_are_the_same(month: Pretend) -> None:
    made = report_of(month, "2028-02")
    bands = {band: count for band, count in made["visits"].items() if count and band != "total"}
    assert sum(bands.values()) == made["visits"]["total"]
    assert made["extended"] == made["visits"]["total"] - made["visits"]["regular"]
    for name in ("matter", "counter", "clerk", "day"):
        counted: Tally[str] = Tally()
        for cells in made["by_band"][name].values():
            counted.update({str(band): row["visits"] for band, row in cells.items()})
        assert +counted == bands, name
    for name in ("days", "hours", "roster"):
        rows = [row["visits"] if name == "roster" else row for row in made[name].values()]
        counted = sum((Tally({band: row[band] for band in bands}) for row in rows), Tally())
        assert +counted == bands, name
    for name in ("matter", "counter", "clerk", "band"):
        assert sum(row["visits"] for row in made["by"][name].values()) == made["visits"]["total"]


# --- what is read of the journal ----------------------------------------------------------------


def write(directory: Path, hall: Pretend) -> None:
    with Journal(directory, create=True) as journal:
        journal.commit([Entry.of(event, encode(event)) for event in hall.events], [])


def test_a_part_of_the_journal_makes_the_same_report(month: Pretend, tmp_path: Path) -> None:
    write(tmp_path, month)
    with Journal(tmp_path, read_only=True) as journal:
        for period in ("2027-12", "2028-01", "2028-02-02", "2028-02-17", "2028-02-29", "2028-03"):
            source, whole = read(journal, period), report_of(month, period)
            bodies = list(source.bodies)
            assert make_report(bodies, period) == whole
            assert abs(len(bodies) - source.length) <= 1
            assert source.is_empty == (not whole["days"])


def test_no_more_is_read_than_since_all_counters_were_closed(tmp_path: Path) -> None:
    hall = Pretend("2026-11-02 09:00:00")
    for day in range(2, 24):
        hall.until(f"2026-11-{day:02} 09:00:00")
        hall.open(1, 2)
        for _ in range(10):
            hall.take()
            hall.serve(1)
        hall.until(f"2026-11-{day:02} 19:00:00")
        hall.close(1)
        if day != 23:
            hall.close(2)
    hall.until(f"{DAY} 12:00:00")
    write(tmp_path, hall)
    with Journal(tmp_path, read_only=True) as journal:
        source = read(journal, DAY)
        assert source.length < 130, "of a thousand: the day before, since a counter was left open, and its settings"
        made = make_report(source.bodies, DAY)
    assert made == report_of(hall, DAY)
    assert made["roster"]["clerk-2"]["at_counter_s"]["total"] == 12 * 3600
    assert made["roster"]["clerk-2"]["outside_hours_s"] == 9 * 3600


def test_a_day_is_found_in_a_journal_whose_beginning_is_gone(tmp_path: Path) -> None:
    hall = Pretend("2026-11-23 09:00:00")
    hall.open(1)
    hall.close(1)
    hall.until(f"{DAY} 09:00:00")
    hall.open(1)
    hall.take()
    hall.serve(1)
    start = next(index for index, event in enumerate(hall.events) if event.service_day == DAY)
    rules = hall.events[1]
    hall.events = [rules, *hall.events[start:]]
    write(tmp_path, hall)
    with Journal(tmp_path, read_only=True) as journal:
        made = make_report(read(journal, DAY).bodies, DAY)
    assert made["visits"]["total"] == 1
    assert made["roster"]["clerk-1"]["at_counter_s"]["regular"] == 60
