"""The journal on a real SQLite file."""

import sqlite3
from pathlib import Path

import pytest

from hall_controller.bus.wire import encode
from hall_controller.domain import events as e
from hall_controller.domain.events import Origin
from hall_controller.domain.hall import STATE_VERSION, Hall
from hall_controller.journal.answers import Answer
from hall_controller.journal.epoch import start_epoch
from hall_controller.journal.journal import REQUESTS_KEPT_MS, Entry, Journal, JournalTrouble
from hall_controller.journal.migrations import MIGRATIONS
from hall_controller.journal.models import SCHEMA_VERSION
from hall_controller.journal.orm import PeeweeException, cause_of, mend_of


@pytest.fixture
def room(tmp_path: Path) -> Path:
    start_epoch(tmp_path, Origin.INIT, epoch="e1", at_ms=1_000)
    return tmp_path


def notice(seq: int, text: str) -> e.NoticeSet:
    return e.NoticeSet(epoch="e1", seq=seq, at_ms=seq * 1_000, service_day="2026-11-24", by="manager", zh=text, en="")


def write(journal: Journal, *events: e.Event, answers: tuple[Answer, ...] = ()) -> None:
    journal.commit([Entry.of(event, encode(event)) for event in events], list(answers))


def test_it_is_durable_and_keeps_its_foreign_keys(room: Path) -> None:
    with Journal(room) as journal:
        pragma = journal._database.pragma
        assert (pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")) == ("wal", 2, 1)
        assert pragma("user_version") == SCHEMA_VERSION == len(MIGRATIONS)


def test_what_was_committed_is_there_after_opening_again(room: Path) -> None:
    with Journal(room) as journal:
        write(journal, notice(2, "早"), notice(3, "晚"))
        assert journal.load().notice_zh == "晚"
    with Journal(room) as journal:
        assert journal.load().notice_zh == "晚"
        assert (journal.oldest_seq(), journal.last_seq()) == (1, 3)
        assert len(journal.events_since(1, 1)) == 1


def test_a_checkpoint_and_the_events_since_give_what_all_events_give(room: Path) -> None:
    with Journal(room) as journal:
        write(journal, notice(2, "早"))
        journal.checkpoint(journal.load())
        write(journal, notice(3, "晚"))
        assert journal.load() == journal.load(use_checkpoint=False)


def test_a_checkpoint_of_another_version_is_not_used(room: Path) -> None:
    with Journal(room) as journal:
        journal.checkpoint(Hall(epoch="e1", seq=1, notice_zh="只在检查点里"))
        assert journal.load().notice_zh == "只在检查点里"
    with sqlite3.connect(room / "hall.db") as database:
        database.execute("UPDATE checkpoints SET state_version = ?", (STATE_VERSION - 1,))
    database.close()
    with Journal(room) as journal:
        assert journal.load().notice_zh == ""


def test_an_answer_is_found_by_its_device_and_id_alone(room: Path) -> None:
    with Journal(room) as journal:
        write(
            journal,
            notice(2, "早"),
            answers=(Answer("kiosk", b"r1", 2_000, b"{1}"), Answer("voice", b"r1", 2_000, b"{2}")),
        )
        assert (journal.answer("kiosk", b"r1"), journal.answer("voice", b"r1")) == (b"{1}", b"{2}")
        assert journal.answer("kiosk", b"r2") is None
    with Journal(room) as journal:
        assert journal.answer("kiosk", b"r1") == b"{1}"
        write(journal, answers=(Answer("kiosk", b"r3", 3_000, b"{3}"),))
        assert journal.count_answers() == 3
        assert journal.reopened().answer("kiosk", b"r3") == b"{3}"


def test_answers_are_kept_for_the_service_day_and_longer(room: Path) -> None:
    with Journal(room) as journal:
        old, new = Answer("kiosk", b"old", 0, b"{}"), Answer("kiosk", b"new", REQUESTS_KEPT_MS, b"{}")
        write(journal, answers=(old, new))
        journal.forget_answers(REQUESTS_KEPT_MS + 1)
        assert journal.answer("kiosk", b"old") is None
        assert journal.answer("kiosk", b"new") == b"{}"
        write(journal, answers=(Answer("kiosk", b"newer", REQUESTS_KEPT_MS, b"{}"),))
        assert journal.answer("kiosk", b"newer") == b"{}"


def test_a_batch_is_written_whole_or_not_at_all(room: Path) -> None:
    with Journal(room) as journal:
        with pytest.raises(sqlite3.IntegrityError):
            write(journal, notice(2, "早"), notice(2, "again"), answers=(Answer("kiosk", b"r1", 0, b"{}"),))
        assert journal.last_seq() == 1
        assert journal.answer("kiosk", b"r1") is None


def test_two_halls_in_one_process_do_not_mix(room: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    start_epoch(other, Origin.INIT, epoch="e2", at_ms=1_000)
    with Journal(room) as here, Journal(other) as there:
        write(here, notice(2, "早"))
        here.checkpoint(here.load())
        assert there.load().epoch == "e2"
        assert there.last_seq() == 1


def test_an_event_that_does_not_follow_is_named(room: Path) -> None:
    with Journal(room) as journal:
        write(journal, notice(5, "早"))
        with pytest.raises(JournalTrouble, match=r"event 2 cannot be applied.*restore a backup"):
            journal.load()


def test_a_reader_writes_nothing(room: Path) -> None:
    with Journal(room, read_only=True) as journal, pytest.raises(sqlite3.OperationalError):
        journal._connection.execute("DELETE FROM events")


@pytest.mark.parametrize("read_only", [False, True])
def test_a_journal_of_a_newer_version_is_refused_by_readers_too(room: Path, read_only: bool) -> None:
    with sqlite3.connect(room / "hall.db") as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    database.close()
    with pytest.raises(JournalTrouble, match="install the newer version"):
        Journal(room, read_only=read_only)


def test_a_restored_rehearsal_stays_in_its_day_and_a_real_hall_comes_to_today(tmp_path: Path) -> None:
    for origin in (Origin.REHEARSAL, Origin.INIT):
        directory = tmp_path / origin
        directory.mkdir()
        start_epoch(directory, origin, at_ms=1_000)
        start_epoch(directory, Origin.RESTORE)
        with Journal(directory) as journal:
            assert (journal.load().at_ms == 1_000) == (origin is Origin.REHEARSAL)


def test_a_full_disk_is_the_cause_and_no_failing_rollback(room: Path) -> None:
    with Journal(room) as journal:
        pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
        journal._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises((sqlite3.Error, PeeweeException)) as failed:
            write(journal, *(notice(seq, "x" * 9_000) for seq in range(2, 9)))
    assert str(cause_of(failed.value)) == "database or disk is full"
    assert mend_of(failed.value) == "make room on the disk"


@pytest.mark.parametrize("kept", [0, 50, 4096, 9_000])
def test_a_journal_that_was_cut_off_says_to_restore_a_backup(room: Path, kept: int) -> None:
    with Journal(room) as journal:
        write(journal, *(notice(seq, "x" * 900) for seq in range(2, 200)))
    file = room / "hall.db"
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(JournalTrouble, match="restore a backup"), Journal(room, read_only=True) as journal:
        journal.load()


def test_a_journal_without_events_says_to_restore_a_backup(tmp_path: Path) -> None:
    Journal(tmp_path, create=True).close()
    with pytest.raises(JournalTrouble, match=r"holds no events.*restore a backup"), Journal(tmp_path, read_only=True):
        pass
