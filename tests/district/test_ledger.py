"""The ledger over real controllers: whatever is cut, killed or restored, it is the sum of the halls' own reports."""

import asyncio
import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.district.ledgers import (
    MONTH,
    District,
    bodies_of,
    busy,
    kill_and_catch_up,
    last_seqs,
    read_to,
    reported,
    visited,
)
from tests.hall.bad_cable import BadCable
from tests.support import hall_command, wait_for

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def district(tmp_path: Path) -> District:
    return District(tmp_path)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/ledger.db"


def test_a_collector_killed_at_random_leaves_no_gap_and_no_double(district: District, url: str) -> None:
    with district.running() as halls:
        kill_and_catch_up(district, url, halls)
        account = district.must_agree(url)
        assert account["rehearsal"]
        assert account["lost"]["visits"]["total"] == 0


async def test_halls_that_are_cut_off_or_killed_are_caught_up_with(district: District, url: str) -> None:
    first, second, _ = district.ids
    with district.running() as halls:
        for number, hall in enumerate(halls.values()):
            busy(hall, number, acts=60)

        def all_is_read() -> bool:
            return read_to(url) >= last_seqs(halls)

        async with BadCable(halls[first].bundle("district").commands) as cable:
            district.enlist(first, commands=cable.endpoint)
            with district.collecting(url):
                await asyncio.to_thread(wait_for, all_is_read)
                cable.unplug()
                halls[second].kill()
                await asyncio.to_thread(busy, halls[first], 7)
                away = await asyncio.to_thread(wait_for, lambda: in_trouble(url) >= {first, second} and in_trouble(url))
                assert away == {first, second}
                cable.plug_in()
                halls[second].start()
                await asyncio.to_thread(busy, halls[second], 8)
                await asyncio.to_thread(wait_for, lambda: all_is_read() and not in_trouble(url))
            assert cable.connections > 1
        district.enlist(first)
        district.must_agree(url)


def test_a_hall_restored_from_a_backup(district: District, url: str, tmp_path: Path) -> None:
    restored = district.ids[1]
    with district.running() as halls, district.collecting(url):
        for number, hall in enumerate(halls.values()):
            busy(hall, number, acts=80)
        assert hall_command("backup", district.dir(restored), tmp_path / "backup").returncode == 0
        busy(halls[restored], 50, acts=150)
        wait_for(lambda: read_to(url) >= last_seqs(halls))
        lost = bodies_of(district.dir(restored))
        halls[restored].kill()
        district.dir(restored).rename(tmp_path / "broken")
        assert hall_command("restore", tmp_path / "backup", district.dir(restored)).returncode == 0
        kept = bodies_of(district.dir(restored))
        after = len(visited(kept))
        halls[restored].start()
        wait_for(lambda: reported(url)["by"]["hall"][restored]["visits"]["total"] == after)
        assert reported(url)["lost"]["halls"] == {restored: len(visited(lost) - visited(kept))}
        busy(halls[restored], 51, acts=150)
        wait_for(lambda: read_to(url) >= last_seqs(halls))
    with district.running():
        account = district.must_agree(url)
    last = max(event["ticket"] for event in map(json.loads, kept) if event["type"] == "ticket_issued")
    now = bodies_of(district.dir(restored))
    served_again = visited(now) - visited(now, since=last)  # who took a ticket since the restore is somebody else
    assert account["lost"]["visits"]["total"] == len(visited(lost) - served_again) > 0
    told = hall_command("district", "report", "--month", MONTH, "--database", url).stderr
    assert "visits took place that only the ledger has" in told


def test_a_rehearsal_is_refused_and_a_real_hall_is_not(tmp_path: Path, url: str) -> None:
    (tmp_path / "rehearsed").mkdir()
    rehearsed = District(tmp_path / "rehearsed", halls=1)
    rehearsed.rehearsal = False  # the operator forgets to say so
    with rehearsed.running():
        refused = rehearsed.collect(url)
        assert refused.returncode == 4
        assert "BA001: it is a rehearsal, whose visits never count" in refused.stderr
    assert read_to(url) == 0
    (tmp_path / "real").mkdir()
    real = District(tmp_path / "real", halls=1, rehearsal=False)
    with real.running():
        collected = real.collect(url)
        assert collected.returncode == 0, collected.stderr
    assert read_to(url) > 0


def test_a_missing_or_wrong_bundle_is_told_and_the_others_are_read(district: District, url: str) -> None:
    first, second, third = district.ids
    (district.bundles / f"{first}.toml").unlink()
    counter = (district.dir(second) / "devices" / "counter-1.toml").read_bytes()
    (district.bundles / f"{second}.toml").write_bytes(counter)
    with district.running():
        collected = district.collect(url)
    assert collected.returncode == 4
    assert f"{first}.toml: no such bundle; copy devices/district.toml of hall {first} there" in collected.stderr
    assert "is the bundle of a counter" in collected.stderr
    assert f"not read: {first}, {second}\n" in collected.stderr
    status = hall_command("district", "status", "--database", url)
    assert status.returncode == 1
    assert [line.split()[1] for line in status.stdout.splitlines()[1:3]] == ["never", "never"]
    assert third in status.stdout.splitlines()[3]


def test_the_report_comes_as_table_workbook_and_text(district: District, url: str, tmp_path: Path) -> None:
    with district.running() as halls:
        for number, hall in enumerate(halls.values()):
            busy(hall, number, acts=80)
        account = district.must_agree(url)
    words = ("district", "report", "--month", MONTH, "--database", url)
    rows = list(csv.DictReader(io.StringIO(hall_command(*words, "--csv").stdout)))
    total = account["visits"]["total"]
    for by in ("band", "tier", "street", "hall", "matter"):
        assert sum(int(row["visits"]) for row in rows if row["by"] == by) == total, by
    assert hall_command(*words, "--xlsx", tmp_path / "a.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["Street 街道"]
    assert sheet["C1"].value == "visits"
    assert sum(int(str(cell.value)) for cell in sheet["C"][1:]) == total
    text = hall_command(*words)
    assert f"{total} visits in 3 halls" in text.stdout
    assert "rehearsal" in text.stderr
    assert hall_command("district", "report", "--month", "2026-13", "--database", url).returncode == 2
    assert hall_command("district", "report", "--month", MONTH, "--database", "sqlite:///none.db").returncode == 2


def in_trouble(url: str) -> set[str]:
    rows = json.loads(hall_command("district", "status", "--json", "--database", url).stdout)
    return {row["hall"] for row in rows if row["trouble"]}
