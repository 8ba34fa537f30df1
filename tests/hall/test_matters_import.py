"""Another catalogue for a hall, while it runs and while it is off; and every version can be read again."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus import wire
from hall_controller.catalogue.files import write_catalogue
from hall_controller.catalogue.holding import NEXT
from hall_controller.catalogue.sample import sample_district
from hall_controller.catalogue.uploads import Uploads, parts_of
from hall_controller.domain import commands as c
from hall_controller.domain.catalogue_rows import catalogue_text, parse_catalogue
from hall_controller.domain.catalogue_versions import unpack
from hall_controller.domain.events import CatalogueChanged
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.journal.catalogues import catalogue_of, catalogue_versions
from hall_controller.journal.journal import Journal
from tests.support import HALL, MATTER, RunningHall, make_hall, start_controller

SAMPLE = sample_district()
TEXT = catalogue_text(SAMPLE)


def hall_command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HALL, *map(str, words)], capture_output=True, text=True, check=False, timeout=50)


def versions(directory: Path) -> list[CatalogueChanged]:
    with Journal(directory, read_only=True) as journal:
        return list(catalogue_versions(journal))


def codes(hall: RunningHall) -> list[str]:
    return [matter.code for matter in hall.do(wire.Matters(), as_="kiosk").matters]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path)) as hall:
        yield hall


def test_a_catalogue_comes_into_a_running_hall_and_every_version_stays(running: RunningHall, tmp_path: Path) -> None:
    before = parse_catalogue((running.dir / "matters.csv").read_text("utf-8"))
    write_catalogue(SAMPLE, tmp_path / "new.xlsx")
    done = hall_command("matters", running.dir, "--import", tmp_path / "new.xlsx")
    assert (done.returncode, done.stdout) == (0, "in force now, version 2: 1038 matters: 947 new, 91 changed, 0 gone\n")
    assert codes(running) == list(SAMPLE.matters)
    assert parse_catalogue((running.dir / "matters.csv").read_text("utf-8")) == SAMPLE
    issued = running.do(c.IssueTicket(matter="card-dog-licence-issue"), as_="kiosk")
    assert isinstance(issued, wire.Accepted), "a new matter can be asked for at once"

    again = hall_command("matters", running.dir / "devices" / "manager.toml", "--import", tmp_path / "new.xlsx")
    assert "in force already" in again.stdout
    first, second = versions(running.dir)
    assert (unpack(first.packed), unpack(second.packed)) == (before, SAMPLE)
    assert (first.version, second.version, second.by) == (1, 2, "manager")
    state = running.state()
    assert (state.catalogue_version, state.catalogue_digest) == (2, second.digest)

    back = hall_command("matters", running.dir, "--version", "1", "--export", tmp_path / "old.csv")
    assert back.returncode == 0, back.stderr
    assert hall_command("matters", running.dir, "--import", tmp_path / "old.csv").stdout.startswith(
        "in force now, version 3"
    )
    told = json.loads(hall_command("matters", running.dir, "--versions", "--json").stdout)
    assert [(one["version"], one["matters"], one["removed"]) for one in told] == [
        (1, 91, 0),
        (2, 1038, 0),
        (3, 91, 947),
    ]


def test_bad_rows_are_named_and_nothing_changes(running: RunningHall, tmp_path: Path) -> None:
    seq, file = running.state().seq, tmp_path / "bad.csv"
    lines = TEXT.splitlines()
    for place in range(3, 33):
        lines[place] = lines[place].replace(",natural,", ",alien,")
    file.write_text("\n".join(lines), "utf-8")
    done = hall_command("matters", running.dir, "--import", file)
    assert done.returncode == 2
    assert done.stderr.count("subject 'alien' is unknown; use natural, legal, convenience") == 20
    assert "\n  row 4: subject" in done.stderr
    assert done.stderr.rstrip().endswith("more")
    assert running.state().seq == seq
    assert MATTER in codes(running)


def test_the_hall_itself_checks_what_comes_over_the_bus(running: RunningHall) -> None:
    seq = running.state().seq
    replies = [running.do(part) for part in parts_of(TEXT.replace(",legal,", ",alien,"), "one")]
    assert all(isinstance(reply, wire.Accepted) for reply in replies[:-1])
    assert isinstance(replies[-1], Refusal)
    assert "Nothing was imported: row " in replies[-1].message
    assert "more" in replies[-1].message[-20:]
    assert running.state().seq == seq
    refused = running.do(c.ImportCatalogue(upload="x", part=1, parts=1, text=TEXT[:100]), as_="reception")
    assert (refused.code, refused.field) == (Code.NOT_ALLOWED, "type")


def test_a_repeated_last_part_is_done_once(running: RunningHall) -> None:
    *parts, last = parts_of(TEXT, "one")
    for part in parts:
        running.do(part)
    name = uuid.uuid4().hex
    assert running.do(last, request_id=name) == running.do(last, request_id=name)
    assert [one.version for one in versions(running.dir)] == [1, 2]


def test_a_restart_and_a_power_cut_keep_the_imported_catalogue(running: RunningHall) -> None:
    for part in parts_of(TEXT, "one"):
        running.do(part)
    running.kill()
    running.start()
    assert codes(running) == list(SAMPLE.matters)
    assert [one.version for one in versions(running.dir)] == [1, 2]


def test_a_hall_cut_off_between_journal_and_file_finishes_when_it_starts(running: RunningHall) -> None:
    old = (running.dir / "matters.csv").read_text("utf-8")
    for part in parts_of(TEXT, "one"):
        running.do(part)
    running.kill()
    (running.dir / "matters.csv").rename(running.dir / NEXT)
    (running.dir / "matters.csv").write_text(old, "utf-8")
    running.start()
    assert codes(running) == list(SAMPLE.matters)
    assert not (running.dir / NEXT).exists()
    assert [one.version for one in versions(running.dir)] == [1, 2]


def test_what_was_never_journalled_is_not_taken_for_the_catalogue(running: RunningHall) -> None:
    running.kill()
    (running.dir / NEXT).write_text(TEXT, "utf-8")
    running.start()
    assert MATTER in codes(running)
    assert len(codes(running)) < len(SAMPLE.matters)
    assert not (running.dir / NEXT).exists()


def test_a_hall_that_is_off_takes_it_at_its_start(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    done = hall_command("matters", directory, "--import", "sample")
    assert "in force when the hall starts" in done.stdout
    with start_controller(directory) as hall:
        assert len(codes(hall)) == 1038
        assert [one.version for one in versions(directory)] == [1]


def test_a_file_edited_by_hand_is_another_version_and_reports_know_the_matters_of_the_day(running: RunningHall) -> None:
    running.kill()
    file = running.dir / "matters.csv"
    rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(row for row in rows if not row.startswith("id-card-renew,")), "utf-8")
    running.start()
    first, second = versions(running.dir)
    assert (second.version, second.added, second.changed, second.removed) == (2, 0, 0, 1)
    with Journal(running.dir, read_only=True) as journal:
        known = catalogue_of(journal, second.service_day)
        assert known is not None
        assert known.matters["id-card-renew"].name_zh == "居民身份证换领"
        assert catalogue_of(journal, "2000-01") is None
        replayed: Hall = journal.load(use_checkpoint=False)
    assert (replayed.catalogue_version, replayed.catalogue_digest) == (2, second.digest)
    assert first.digest != second.digest


# --- parts, without a hall -----------------------------------------------------------------------


def add_all(uploads: Uploads, parts: list[c.ImportCatalogue]) -> Any:
    return [uploads.add("manager", part) for part in parts][-1]


def test_parts_may_come_in_any_order_and_twice() -> None:
    parts = list(parts_of(TEXT, "one"))
    assert len(parts) > 10
    assert all(len(wire.encode(part)) <= wire.MAX_REQUEST_BYTES for part in parts)
    whole = add_all(Uploads(), [parts[3], *reversed(parts[3:]), *parts[:3]])
    assert isinstance(whole, Catalogue)
    assert whole == SAMPLE


def test_a_new_upload_takes_the_place_of_an_unfinished_one() -> None:
    uploads, parts = Uploads(), list(parts_of(TEXT, "one"))
    assert add_all(uploads, parts[:-1]) is None
    assert add_all(uploads, list(parts_of(TEXT, "two"))) == SAMPLE
    assert add_all(uploads, parts[-1:]) is None, "the first one is gone"


@pytest.mark.parametrize(
    ("part", "parts", "field"), [(4, 3, "part"), (2, 4, "parts")]
)  # fmt: skip
def test_parts_that_do_not_fit_are_refused(part: int, parts: int, field: str) -> None:
    uploads = Uploads()
    uploads.add("manager", c.ImportCatalogue(upload="one", part=1, parts=3, text=""))
    refused = uploads.add("manager", c.ImportCatalogue(upload="one", part=part, parts=parts, text=""))
    assert isinstance(refused, Refusal)
    assert refused.field == field


def test_forgotten_uploads_do_not_fill_the_memory() -> None:
    uploads = Uploads()
    for number in range(50):
        uploads.add(f"device-{number}", c.ImportCatalogue(upload="x", part=1, parts=2, text="x"))
    assert len(uploads._kept) < 10


def test_long_lines_and_quotes_fit_into_requests() -> None:
    text = '"' * 30_000 + "长" * 30_000
    parts = list(parts_of(text, "x"))
    assert "".join(part.text for part in parts) == text
    assert max(len(wire.encode(part)) for part in parts) <= wire.MAX_REQUEST_BYTES
