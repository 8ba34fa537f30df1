"""The ledger's database: SQLite in a file, or PostgreSQL by URL; the same statements for both."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

VERSION = 1
SQLITE, POSTGRES = "sqlite:///", ("postgresql://", "postgres://")
LOCK = 0x4C_45_44_47_45_52
"""Of PostgreSQL's advisory locks: one collector a ledger."""

TABLES = (
    "CREATE TABLE ledger (version INTEGER NOT NULL, rehearsal INTEGER NOT NULL)",
    """CREATE TABLE halls (
        hall TEXT PRIMARY KEY, tier TEXT NOT NULL, street TEXT NOT NULL, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
        timezone TEXT NOT NULL, anchor TEXT NOT NULL, heard_ms BIGINT, hall_seq BIGINT NOT NULL, trouble TEXT NOT NULL,
        trouble_ms BIGINT)""",
    """CREATE TABLE epochs (
        id INTEGER PRIMARY KEY, hall TEXT NOT NULL, epoch TEXT NOT NULL, first_seq BIGINT NOT NULL,
        kept_to BIGINT NOT NULL, UNIQUE (hall, epoch))""",
    """CREATE TABLE facts (
        epoch_id INTEGER NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, ticket BIGINT NOT NULL,
        service_day TEXT NOT NULL, band TEXT NOT NULL, matter TEXT NOT NULL, counter INTEGER NOT NULL,
        hour INTEGER NOT NULL, visitor_class TEXT NOT NULL, channel TEXT NOT NULL, visits INTEGER NOT NULL,
        finished INTEGER NOT NULL, service_s INTEGER NOT NULL, waits INTEGER NOT NULL, wait_s INTEGER NOT NULL,
        PRIMARY KEY (epoch_id, seq))""",
    "CREATE INDEX facts_of_day ON facts (service_day)",
    "CREATE INDEX facts_of_ticket ON facts (epoch_id, ticket)",
    """CREATE TABLE gaps (
        hall TEXT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL, noted_ms BIGINT NOT NULL)""",
    """CREATE VIEW counted AS
        SELECT halls.hall, halls.tier, halls.street, epochs.epoch, facts.*
        FROM facts JOIN epochs ON epochs.id = facts.epoch_id JOIN halls ON halls.hall = epochs.hall
        WHERE facts.seq <= epochs.kept_to""",
)
"""`kept_to`: how far the hall's own journal has this epoch. Facts beyond it were lost there by a restore, and are not
counted; the view leaves them out. `anchor`: a digest of the last event, by which a journal that was changed is known.
"""
_PRAGMAS = ("journal_mode = wal", "synchronous = normal", "busy_timeout = 10000", "cache_size = -16000")

Values = Sequence[Any]


class StoreTrouble(Exception):
    """The database cannot be opened, read or written: one sentence that shows no password."""


class _Connection(Protocol):
    """What sqlite3 and psycopg have in common."""

    def execute(self, sql: str, values: Values = ...) -> Any: ...
    def cursor(self) -> Any: ...
    def close(self) -> None: ...


class Store:
    """One connection, for one thread. Every method raises StoreTrouble; `reopen` after that."""

    def __init__(self, url: str, *, create: bool = False) -> None:
        """`create`: a database without a ledger becomes one; else it is only read."""
        self.url = url
        self.shown = without_password(url)
        self.is_sqlite = url.startswith(SQLITE)
        if not url.startswith((SQLITE, *POSTGRES)):
            mend = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
            raise StoreTrouble(f"--database {self.shown!r} names no ledger; {mend}")
        self._create = create
        self._lock_file: int | None = None
        self._is_locked = False
        self._connection = self._connect()
        try:
            self._check_version()
        except StoreTrouble:
            self.close()
            raise

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._connection.close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def reopen(self) -> None:
        with contextlib.suppress(Exception):
            self._connection.close()
        self._connection = self._connect()
        if self._is_locked:
            self.lock()

    def _connect(self) -> _Connection:
        return self._connect_sqlite() if self.is_sqlite else self._connect_postgres()

    def _connect_sqlite(self) -> _Connection:
        file = Path(self.url.removeprefix(SQLITE))
        if not self._create and not file.exists():
            raise StoreTrouble(f"{file}: no such ledger; `hall district collect` makes one")
        try:
            connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode={'rwc' if self._create else 'rw'}", uri=True)
            connection.isolation_level = None  # transactions are begun and ended here
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise StoreTrouble(f"{file}: cannot be opened: {error}; check the directory and who may write it") from None
        return connection

    def _connect_postgres(self) -> _Connection:
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise StoreTrouble(
                f"a ledger in PostgreSQL needs {error.name!r}; install hall-appliance[district]"
            ) from None
        try:
            connection: Any = psycopg.connect(self.url, autocommit=True, connect_timeout=10)
        except psycopg.Error as error:
            said = str(error).strip().splitlines()[-1]
            raise StoreTrouble(f"{self.shown}: cannot be opened: {said}; check server, name and password") from None
        checked: _Connection = connection
        return checked

    def _check_version(self) -> None:
        known = self._version()
        if known is None and self._create:
            with self.transaction():
                for table in TABLES:
                    self.execute(table)
                self.execute("INSERT INTO ledger VALUES (?, 0)", (VERSION,))
        elif known is None:
            raise StoreTrouble(f"{self.shown}: holds no ledger; `hall district collect` makes one")
        elif known > VERSION:
            raise StoreTrouble(f"{self.shown}: is of version {known}, newer than {VERSION}; install the newer program")

    def _version(self) -> int | None:
        catalogue = "sqlite_master" if self.is_sqlite else "pg_tables WHERE schemaname = current_schema()"
        name = "name" if self.is_sqlite else "tablename"
        if ("ledger",) not in self.rows(f"SELECT {name} FROM {catalogue}"):  # noqa: S608 - our own words
            return None
        return int(self.rows("SELECT version FROM ledger")[0][0])

    def lock(self) -> None:
        """Be the only collector, until closed or killed."""
        mend = "stop the other one, or name another database"
        taken = StoreTrouble(f"{self.shown}: another collector works on this ledger; {mend}")
        if not self.is_sqlite:
            if not self.rows("SELECT pg_try_advisory_lock(?)", (LOCK,))[0][0]:
                raise taken
        elif self._lock_file is None:
            self._lock_file = os.open(self.url.removeprefix(SQLITE) + ".lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise taken from None
        self._is_locked = True

    # --- statements ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        try:
            yield
        except BaseException:
            with contextlib.suppress(StoreTrouble):
                self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def execute(self, sql: str, values: Values = ()) -> None:
        with self._said():
            self._connection.execute(self._own(sql), values)

    def execute_many(self, sql: str, rows: Iterable[Values]) -> None:
        with self._said():
            self._connection.cursor().executemany(self._own(sql), list(rows))

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        with self._said():
            found: list[tuple[Any, ...]] = self._connection.execute(self._own(sql), values).fetchall()
        return found

    def _own(self, sql: str) -> str:
        """Values are marked by ? in SQLite and by %s in PostgreSQL; no statement of ours holds either otherwise."""
        return sql if self.is_sqlite else sql.replace("?", "%s")

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreTrouble(f"{self.shown}: {error}; check the disk and who owns the file") from None
        except Exception as error:
            if self.is_sqlite or not type(error).__module__.startswith("psycopg"):
                raise
            said = next(iter(str(error).strip().splitlines()), "lost")
            raise StoreTrouble(f"{self.shown}: {said}; check the server") from None


def without_password(url: str) -> str:
    if not url.startswith(POSTGRES):
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{host}{parts.path}"
