"""The book: what the halls have counted, and how far each hall's journal has been read, always in one transaction.

A hall's journal is known by (epoch, seq). A restored hall starts a new epoch after the last event of its backup; what
came later is in its journal no more, but took place. So nothing is deleted: `kept_to` of the older epoch goes back to
the last event that both have, and what lies beyond it is no longer counted, but can still be told.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hall_controller.bus.wire import read_event
from hall_controller.domain.events import EpochStarted
from metrics.district.inventory import HallEntry
from metrics.district.ledger.facts import TIMEZONE, Counting, Envelope, Row, open_envelope
from metrics.district.ledger.store import Store, StoreTrouble

_INSERT = f"INSERT INTO facts VALUES ({', '.join('?' * (1 + len(Row._fields)))}) ON CONFLICT DO NOTHING"  # noqa: S608
_OF_TICKET = """
    SELECT seq, kind, ticket, service_day, band, matter, counter, hour, visitor_class, channel, visits, finished,
        service_s, waits, wait_s
    FROM counted WHERE hall = ? AND ticket = ? ORDER BY seq"""
_HALL = """
    INSERT INTO halls VALUES (?, ?, ?, ?, ?, ?, '', NULL, 0, '', NULL) ON CONFLICT (hall) DO UPDATE
    SET tier = excluded.tier, street = excluded.street, name_zh = excluded.name_zh, name_en = excluded.name_en"""


EPOCH_STARTED = str(EpochStarted.__struct_config__.tag)
REHEARSED = "it is a rehearsal, whose visits never count; collect it into a database of its own with --rehearsal"


class Refused(Exception):
    """This hall is not counted: one sentence."""


class Cursor(NamedTuple):
    """Where the ledger stands in a hall's journal: the last event that it knows."""

    seq: int
    epoch: str
    anchor: str
    """A digest of that event; empty where it need not be looked at."""


class Heard(NamedTuple):
    """What a hall's last answer, or its absence, said."""

    hall: str
    heard_ms: int | None
    """None: not this time."""
    hall_seq: int
    trouble: str


def digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=8).hexdigest()


class _Open:
    """A hall as it is held in memory between two pages."""

    def __init__(self, cursor: Cursor, epoch_id: int, counting: Counting) -> None:
        self.cursor = cursor
        self.epoch_id = epoch_id
        self.counting = counting


class Book:
    """For one thread. After StoreTrouble everything is read again from the database."""

    def __init__(self, url: str, halls: Sequence[HallEntry] = (), *, rehearsal: bool = False) -> None:
        """Open for collecting, making the ledger where there is none. Raises StoreTrouble."""
        self._store = Store(url, create=True)
        self._open: dict[str, _Open] = {}
        self._is_lost = False
        self.rehearsal = rehearsal
        try:
            self._store.lock()
            self._begin(halls)
        except StoreTrouble:
            self.close()
            raise

    def close(self) -> None:
        self._store.close()

    def _begin(self, halls: Sequence[HallEntry]) -> None:
        store = self._store
        with store.transaction():
            is_empty = not store.rows("SELECT 1 FROM epochs LIMIT 1")
            was_rehearsal = bool(store.rows("SELECT rehearsal FROM ledger")[0][0])
            if was_rehearsal != self.rehearsal and not is_empty:
                what = "a rehearsal" if was_rehearsal else "real halls"
                mend = "add --rehearsal, or name another database" if was_rehearsal else "name another database"
                raise StoreTrouble(f"{store.shown}: is the ledger of {what}; {mend}")
            store.execute("UPDATE ledger SET rehearsal = ?", (int(self.rehearsal),))
            for hall in halls:
                row = (hall.id, hall.tier.value, hall.street, hall.name_zh, hall.name_en, TIMEZONE)
                store.execute(_HALL, row)

    def forget(self, halls: Iterable[str]) -> None:
        """Their journals will be read from the beginning. What only the ledger has of them is gone."""
        with self._store.transaction():
            for hall in halls:
                self._store.execute(
                    "DELETE FROM facts WHERE epoch_id IN (SELECT id FROM epochs WHERE hall = ?)", (hall,)
                )
                self._store.execute("DELETE FROM epochs WHERE hall = ?", (hall,))
                self._store.execute("DELETE FROM gaps WHERE hall = ?", (hall,))
                self._store.execute("UPDATE halls SET anchor = '', trouble = '' WHERE hall = ?", (hall,))
                self._open.pop(hall, None)

    # --- one hall --------------------------------------------------------------------------------

    def cursor(self, hall: str) -> Cursor:
        return self._opened(hall).cursor

    def _opened(self, hall: str) -> _Open:
        if self._is_lost:
            self._store.reopen()
            self._is_lost = False
        known = self._open.get(hall)
        if known is None:
            try:
                known = self._open[hall] = self._read(hall)
            except StoreTrouble:
                self._lose()
                raise
        return known

    def _lose(self) -> None:
        """What was written is not known; the database is asked again."""
        self._is_lost = True
        self._open.clear()

    def _read(self, hall: str) -> _Open:
        timezone, anchor = self._store.rows("SELECT timezone, anchor FROM halls WHERE hall = ?", (hall,))[0]
        last = self._store.rows(
            "SELECT kept_to, epoch, id FROM epochs WHERE hall = ? AND kept_to >= first_seq"
            " ORDER BY kept_to DESC LIMIT 1",
            (hall,),
        )
        seq, epoch, epoch_id = last[0] if last else (0, "", 0)
        counting = Counting(timezone, lambda ticket: self._rows_of(hall, ticket))
        return _Open(Cursor(seq, epoch, anchor), epoch_id, counting)

    def _rows_of(self, hall: str, ticket: int) -> list[Row]:
        return [Row._make(row) for row in self._store.rows(_OF_TICKET, (hall, ticket))]

    def epoch_at(self, hall: str, seq: int) -> str:
        """Of the event that the ledger knows at this place; empty where there is a gap."""
        query = """
            SELECT epoch FROM epochs WHERE hall = ? AND first_seq <= ? AND kept_to >= ?
            ORDER BY first_seq DESC LIMIT 1"""
        found = self._store.rows(query, (hall, seq, seq))
        return str(found[0][0]) if found else ""

    def part(self, hall: str, seq: int, anchor: str) -> None:
        """The hall's journal and what the ledger knows of it have only the events up to `seq` in common."""
        try:
            with self._store.transaction():
                self._store.execute("UPDATE epochs SET kept_to = ? WHERE hall = ? AND kept_to > ?", (seq, hall, seq))
                self._store.execute("UPDATE halls SET anchor = ? WHERE hall = ?", (anchor, hall))
        except StoreTrouble:
            self._lose()
            raise
        self._open.pop(hall, None)

    def append(self, hall: str, bodies: Sequence[bytes], oldest_seq: int) -> Cursor:
        """Count the hall's next events; `oldest_seq` tells a gap. Raises Refused, StoreTrouble."""
        known = self._opened(hall)
        try:
            with self._store.transaction():
                known.cursor = self._write(hall, known, bodies, oldest_seq)
        except StoreTrouble:
            self._lose()
            raise
        except BaseException:
            self._open.pop(hall, None)
            raise
        return known.cursor

    def _write(self, hall: str, known: _Open, bodies: Sequence[bytes], oldest_seq: int) -> Cursor:
        cursor, rows = known.cursor, list[tuple[object, ...]]()
        kept_to: dict[int, int] = {}
        for body in bodies:
            envelope = open_envelope(body)
            if envelope.seq != cursor.seq + 1:
                self._gap(hall, cursor.seq + 1, envelope.seq, oldest_seq)
            if envelope.type == EPOCH_STARTED:
                self._must_count(body)
            if envelope.epoch != cursor.epoch:
                known.epoch_id = self._epoch_id(hall, envelope)
            kept_to[known.epoch_id] = envelope.seq
            row = known.counting.count(body, envelope)
            if row is not None:
                rows.append((known.epoch_id, *row))
            cursor = Cursor(envelope.seq, envelope.epoch, "")
        if not bodies:
            return cursor
        cursor = cursor._replace(anchor=digest(bodies[-1]))
        self._store.execute_many(_INSERT, rows)
        for epoch_id, seq in kept_to.items():
            self._store.execute("UPDATE epochs SET kept_to = ? WHERE id = ?", (seq, epoch_id))
        values = (cursor.anchor, known.counting.timezone, hall)
        self._store.execute("UPDATE halls SET anchor = ?, timezone = ? WHERE hall = ?", values)
        return cursor

    def _must_count(self, body: bytes) -> None:
        """A journal that began as a rehearsal stays one, whatever its hall says of itself today."""
        event = read_event(body)
        if isinstance(event, EpochStarted) and event.origin == "rehearsal" and not self.rehearsal:
            raise Refused(REHEARSED)

    def _epoch_id(self, hall: str, first: Envelope) -> int:
        found = self._store.rows("SELECT id FROM epochs WHERE hall = ? AND epoch = ?", (hall, first.epoch))
        if found:
            return int(found[0][0])  # one that the hall had left by a restore, and has come back to
        highest = int(self._store.rows("SELECT coalesce(max(id), 0) FROM epochs")[0][0])
        row = (highest + 1, hall, first.epoch, first.seq, first.seq)
        self._store.execute("INSERT INTO epochs VALUES (?, ?, ?, ?, ?)", row)
        return highest + 1

    def _gap(self, hall: str, expected: int, found: int, oldest_seq: int) -> None:
        if found < expected or found != oldest_seq:
            raise Refused(f"its journal has event {found} where {expected} should follow; run `hall check` there")
        row = (hall, expected, found - 1, time.time_ns() // 1_000_000)
        self._store.execute("INSERT INTO gaps VALUES (?, ?, ?, ?)", row)

    # --- all of them -----------------------------------------------------------------------------

    def note(self, heard: Iterable[Heard]) -> None:
        """Whether and when halls were heard, for `hall district status`."""
        now_ms = time.time_ns() // 1_000_000
        query = """
            UPDATE halls SET heard_ms = coalesce(?, heard_ms), hall_seq = CASE WHEN ? > 0 THEN ? ELSE hall_seq END,
            trouble = ?, trouble_ms = CASE WHEN ? = '' THEN NULL ELSE coalesce(trouble_ms, ?) END WHERE hall = ?"""
        rows = [(one.heard_ms, one.hall_seq, one.hall_seq, one.trouble, one.trouble, now_ms, one.hall) for one in heard]
        try:
            if self._is_lost:
                self._store.reopen()
                self._is_lost = False
            with self._store.transaction():
                self._store.execute_many(query, rows)
        except StoreTrouble:
            self._lose()
            raise
