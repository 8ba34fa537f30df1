"""The append-only journal on SQLite: what is committed here has happened, and nothing else has.

One writer: the controller's loop. WAL with synchronous=FULL, so that a commit that returned survives a power cut.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from hall_controller.bus.wire import decode_event
from hall_controller.domain.events import Event
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import STATE_VERSION, Hall
from hall_controller.journal.answers import Answer, Answers
from hall_controller.journal.migrations import NewerDatabase, check_version, migrate
from hall_controller.journal.models import TABLES, CheckpointRow, RequestRow
from hall_controller.journal.orm import DatabaseError, PeeweeException, SqliteDatabase, cause_of, mend_of

FILE = "hall.db"
EMPTY = "holds no events, as if it had been cut off; restore a backup"
REQUESTS_KEPT_MS = 48 * 3_600_000
"""Answers are kept for two days: more than the service day in which they were given."""

_APPEND = "INSERT INTO events (seq, epoch, at_ms, service_day, type, device, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 5_000,
    "cache_size": -8_000,
}


class JournalTrouble(Exception):
    """The journal cannot be opened, read or written: one sentence with the file and the mend."""


class Entry(NamedTuple):
    """One event, in the order of the columns."""

    seq: int
    epoch: str
    at_ms: int
    service_day: str
    type: str
    device: str
    body: bytes

    @classmethod
    def of(cls, event: Event, body: bytes) -> Self:
        """`body` is the event's JSON, as it goes over the bus too."""
        kind = str(type(event).__struct_config__.tag)
        return cls(event.seq, event.epoch, event.at_ms, event.service_day, kind, event.by, body)


class Journal:
    """An open hall.db. For one thread."""

    def __init__(self, directory: Path, *, read_only: bool = False, create: bool = False) -> None:
        """Open, and migrate unless `read_only`. Raises JournalTrouble."""
        self.file = directory / FILE
        if not create and not self.file.exists():
            raise JournalTrouble(
                f"{self.file}: no such journal; `hall init` makes a hall, `hall restore` brings one back"
            )
        if read_only:
            self._database = SqliteDatabase(f"file:{self.file}?mode=ro", uri=True, pragmas={"busy_timeout": 5_000})
        else:
            self._database = SqliteDatabase(str(self.file), pragmas=_PRAGMAS)
        try:
            self._database.connect()
            if not read_only:
                with self._bound():
                    migrate(self._database)
                self._answers = Answers(self._connection)
            is_empty = not check_version(self._database) or (read_only and not self.last_seq())
        except NewerDatabase as error:
            self._database.close()
            raise JournalTrouble(f"{self.file}: {error}; install the newer version, or restore a backup") from None
        except (PeeweeException, sqlite3.Error, OSError) as error:
            with contextlib.suppress(Exception):
                self._database.close()
            raise JournalTrouble(f"{self.file}: cannot be opened: {cause_of(error)}; {mend_of(error)}") from None
        if is_empty:
            self._database.close()
            raise JournalTrouble(f"{self.file}: {EMPTY}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def reopened(self) -> Self:
        """A fresh connection to the same file, opened before this one closes: on a full disk the WAL must not go."""
        fresh = type(self)(self.file.parent)
        self.close()
        return fresh

    def _bound(self) -> AbstractContextManager[object]:
        """The tables speak with this database for a while; another journal in this process has them next."""
        context: AbstractContextManager[object] = self._database.bind_ctx(TABLES)
        return context

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self._database.connection()
        return connection

    # --- writing ---------------------------------------------------------------------------------

    def commit(self, entries: list[Entry], answers: list[Answer]) -> None:
        """All or nothing, durable on return. After an exception the outcome is unknown: reopen and look.

        Raises sqlite3.Error or peewee's. The rows go in by executemany: a peewee row each costs twenty times as much.
        """
        with self._database.atomic("IMMEDIATE"):
            self._connection.executemany(_APPEND, entries)
            self._answers.insert(answers)
        self._answers.committed(answers)

    def checkpoint(self, hall: Hall) -> None:
        """Replace the checkpoint by this state."""
        state = msgspec.msgpack.encode(hall)
        with self._bound(), self._database.atomic("IMMEDIATE"):
            row = {"id": 1, "seq": hall.seq, "state_version": STATE_VERSION, "state": state}
            CheckpointRow.insert(row).on_conflict_replace().execute()

    def forget_answers(self, now_ms: int) -> None:
        """Forget answers that nobody will ask for again."""
        with self._bound(), self._database.atomic("IMMEDIATE"):
            RequestRow.delete().where(RequestRow.at_ms < now_ms - REQUESTS_KEPT_MS).execute()
        self._answers.read()

    # --- reading ---------------------------------------------------------------------------------

    def answer(self, device: str, request_id: bytes) -> bytes | None:
        """What was answered to this request before."""
        return self._answers.find(device, request_id)

    def count_answers(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM requests").fetchone()[0])

    def oldest_seq(self) -> int:
        return int(self._connection.execute("SELECT coalesce(min(seq), 1) FROM events").fetchone()[0])

    def last_seq(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0])

    def checkpoint_seq(self) -> int:
        """The seq of the checkpoint; 0 when there is none."""
        return int(self._connection.execute("SELECT coalesce(max(seq), 0) FROM checkpoints").fetchone()[0])

    def events_since(self, seq: int, limit: int) -> list[bytes]:
        """The JSON of the events after `seq`, at most `limit` of them."""
        query = "SELECT body FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
        return [bytes(body) for (body,) in self._connection.execute(query, (seq, limit))]

    def bodies(self, after: int = 0, day: str | None = None) -> Iterator[bytes]:
        """The JSON of all events after a seq, of one service day where given."""
        query = "SELECT body FROM events WHERE seq > ? AND ? IN ('', service_day) ORDER BY seq"
        for (body,) in self._connection.execute(query, (after, day or "")):
            yield bytes(body)

    def first_seq_from(self, day: str) -> int:
        """The first event of this service day or a later one; one more than the last when there is none.

        Found by halving: service days only go up, and no index on them need be kept for it.
        """
        query = "SELECT service_day FROM events WHERE seq >= ? ORDER BY seq LIMIT 1"
        low, high = self.oldest_seq(), self.last_seq() + 1
        while low < high:
            middle = (low + high) // 2
            if self._connection.execute(query, (middle,)).fetchone()[0] < day:
                low = middle + 1
            else:
                high = middle
        return low

    def bodies_between(self, first: int, last: int) -> Iterator[bytes]:
        """The JSON of the events from one seq to another, both included."""
        query = "SELECT body FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq"
        for (body,) in self._connection.execute(query, (first, last)):
            yield bytes(body)

    def bodies_of(self, kinds: tuple[str, ...], before: int) -> Iterator[bytes]:
        """The JSON of the events of some kinds before a seq."""
        marks = ", ".join("?" * len(kinds))
        query = f"SELECT body FROM events WHERE seq < ? AND type IN ({marks}) ORDER BY seq"  # noqa: S608 - marks only
        for (body,) in self._connection.execute(query, (before, *kinds)):
            yield bytes(body)

    def load(self, *, use_checkpoint: bool = True) -> Hall:
        """The hall as the journal has it: the checkpoint, if it is of this version, and the events since.

        Raises JournalTrouble when an event cannot be applied.
        """
        hall = Hall()
        try:
            hall = (self._checkpointed() if use_checkpoint else None) or hall
            for body in self.bodies(after=hall.seq):
                evolve(hall, decode_event(body))
        except (DatabaseError, sqlite3.Error) as error:
            raise JournalTrouble(f"{self.file}: cannot be read: {error}; restore a backup") from None
        except (msgspec.DecodeError, ValueError, LookupError, AssertionError) as error:
            message = f"{self.file}: event {hall.seq + 1} cannot be applied: {error!r}; restore a backup"
            raise JournalTrouble(message) from None
        return hall

    def _checkpointed(self) -> Hall | None:
        with self._bound():
            row = CheckpointRow.get_or_none(CheckpointRow.id == 1)
        if row is None or row.state_version != STATE_VERSION or row.seq > self.last_seq():
            return None
        try:
            return msgspec.msgpack.decode(bytes(row.state), type=Hall)
        except msgspec.DecodeError:
            return None

    def integrity(self) -> str:
        """What SQLite finds wrong with the file; empty when nothing is."""
        found = str(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        return "" if found == "ok" else found

    def back_up(self, file: Path) -> None:
        """A consistent copy, while the hall runs."""
        with contextlib.closing(sqlite3.connect(file)) as copy:
            self._connection.backup(copy)
