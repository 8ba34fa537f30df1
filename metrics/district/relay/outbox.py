"""The outbox: what was read of each hall and what it led to, always in one transaction.

So a relay that is killed at any moment goes on where it was. A message is known by what it says to whom: an event that
is read again, in whatever epoch, adds nothing. It waits until its hall has accepted it, under a request id of its own.
"""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import msgspec
from peewee import PeeweeException, SqliteDatabase, fn

from hall_controller.bus.wire import encode, read_event
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from metrics.district.ledger.facts import open_envelope
from metrics.district.relay.messages import DONE, TOLD, Kind, Message, State, has_done, message_of
from metrics.district.relay.models import SCHEMA_VERSION, TABLES, AboutRow, HallRow, MessageRow

P = ParamSpec("P")
R = TypeVar("R")
_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "busy_timeout": 10_000}
_COMMANDS: dict[str, msgspec.json.Decoder[Any]] = {
    Kind.ANNOUNCE: msgspec.json.Decoder(c.AnnounceConsignment),
    Kind.CONFIRM: msgspec.json.Decoder(c.ConfirmConsignment),
    Kind.REPORT: msgspec.json.Decoder(c.ReportResult),
}


class OutboxTrouble(Exception):
    """The database cannot be opened, read or written: one sentence with the file and the mend."""


class Cursor(NamedTuple):
    """The last event of a hall that the relay knows."""

    seq: int
    epoch: str
    anchor: str


class Due(NamedTuple):
    """A message to be delivered."""

    id: int
    request_id: str
    kind: Kind
    subject: str
    command: c.Command


def digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=8).hexdigest()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def _said(method: Callable[P, R]) -> Callable[P, R]:
    """What goes wrong in the database is told as OutboxTrouble."""

    @wraps(method)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except (PeeweeException, sqlite3.Error) as error:
            file = args[0].file  # type: ignore[attr-defined] # it is the outbox itself
            raise OutboxTrouble(f"{file}: {error}; check the disk and who owns the file") from None

    return told


class Outbox:
    """An open relay.db. For one thread. Every method raises OutboxTrouble."""

    def __init__(self, file: Path, *, create: bool = False, rehearsal: bool | None = None) -> None:
        """`create`: to work with, alone; else to look and to mend. `rehearsal` must be what it was made for."""
        self.file = file
        self._lock_file: int | None = None
        if not create and not file.exists():
            raise OutboxTrouble(f"{file}: no such outbox; `hall district relay` makes one")
        self._database = SqliteDatabase(str(file), pragmas=_PRAGMAS)
        try:
            if create:
                self._lock()
            self._begin(rehearsal)
        except (PeeweeException, sqlite3.Error, OSError) as error:
            self.close()
            raise OutboxTrouble(
                f"{file}: cannot be opened: {error}; check the directory and who may write it"
            ) from None
        except OutboxTrouble:
            self.close()
            raise

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._database.close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _lock(self) -> None:
        """Be the only relay, until closed or killed."""
        self._lock_file = os.open(f"{self.file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            mend = "stop the other one, or name another file with --outbox"
            raise OutboxTrouble(f"{self.file}: another relay works on this outbox; {mend}") from None

    def _begin(self, rehearsal: bool | None) -> None:
        self._database.connect()
        self._database.bind(TABLES)
        version = int(self._database.pragma("user_version"))
        if version > SCHEMA_VERSION:
            raise OutboxTrouble(f"{self.file}: is of version {version}, newer than {SCHEMA_VERSION}; install it")
        with self._database.atomic("IMMEDIATE"):
            if version < SCHEMA_VERSION:
                self._database.create_tables(TABLES)
                self._database.pragma("user_version", SCHEMA_VERSION)
                AboutRow.create(id=1, rehearsal=bool(rehearsal))
            about = AboutRow.get_by_id(1)
            if rehearsal is not None and about.rehearsal != rehearsal:
                if HallRow.select().where(HallRow.seq > 0).exists():
                    what = "a rehearsal" if about.rehearsal else "real halls"
                    mend = "add --rehearsal, or name another file" if about.rehearsal else "name another file"
                    raise OutboxTrouble(f"{self.file}: is the outbox of {what}; {mend} with --outbox")
                AboutRow.update(rehearsal=rehearsal).execute()
        self.rehearsal = rehearsal if rehearsal is not None else bool(about.rehearsal)

    # --- reading a hall --------------------------------------------------------------------------

    @_said
    def cursor(self, hall: str) -> Cursor:
        row = HallRow.get_or_none(HallRow.hall == hall)
        return Cursor(row.seq, row.epoch, row.anchor) if row else Cursor(0, "", "")

    @_said
    def begin_afresh(self, hall: str) -> None:
        """It was restored: it will be read from its beginning, and what it has lost of our messages told again."""
        with self._database.atomic("IMMEDIATE"):
            HallRow.update(epoch="", seq=0, anchor="", afresh=True).where(HallRow.hall == hall).execute()
            MessageRow.update(seen=False).where(MessageRow.to_hall == hall).execute()

    @_said
    def append(self, hall: str, bodies: Sequence[bytes]) -> list[Message]:
        """Take in the hall's next events; returns the messages that are new."""
        new = []
        with self._database.atomic("IMMEDIATE"):
            known = HallRow.get_or_none(HallRow.hall == hall) or HallRow(hall=hall)
            epochs = {known.epoch} - {""}
            for body in bodies:
                envelope = open_envelope(body)
                kind = envelope.type
                epochs.add(envelope.epoch)
                if kind in TOLD:
                    message = message_of(hall, read_event(body))
                    if message is not None and self._add(message):
                        new.append(message)
                if kind in DONE:
                    self._see(hall, read_event(body))
            last = open_envelope(bodies[-1])
            # A new epoch: it was restored, maybe after all that was read, but before something that it had accepted.
            afresh = known.afresh or len(epochs) > 1
            row = {"hall": hall, "epoch": last.epoch, "seq": last.seq, "anchor": digest(bodies[-1]), "afresh": afresh}
            stands = (HallRow.epoch, HallRow.seq, HallRow.anchor, HallRow.afresh)
            HallRow.insert(row).on_conflict(conflict_target=(HallRow.hall,), preserve=stands).execute()
        return new

    def _add(self, message: Message) -> bool:
        if MessageRow.select().where(MessageRow.key == message.key).exists():
            return False
        place = self._supersede(message) if message.kind is Kind.CONFIRM else None
        row = MessageRow.create(
            key=message.key,
            to_hall=message.to_hall,
            kind=message.kind.value,
            from_hall=message.from_hall,
            subject=message.subject,
            body=encode(message.command),
            said_ms=message.said_ms,
            noted_ms=now_ms(),
            state=State.WAITING.value,
        )
        MessageRow.update(place=place or row.id).where(MessageRow.id == row.id).execute()
        return True

    @staticmethod
    def _supersede(message: Message) -> int | None:
        """A later confirmation says all that an earlier one said; the place in the order of one that still waits."""
        earlier = (
            (MessageRow.to_hall == message.to_hall)
            & (MessageRow.kind == Kind.CONFIRM.value)
            & (MessageRow.subject == message.subject)
            & (MessageRow.state != State.DISMISSED.value)
        )
        waiting = MessageRow.select().where(earlier & (MessageRow.state == State.WAITING.value))
        first = waiting.order_by(MessageRow.place).first()
        MessageRow.update(state=State.SUPERSEDED.value).where(earlier).execute()
        return first.place if first is not None else None

    def _see(self, hall: str, event: e.Event) -> None:
        subject = getattr(event, "consignment", "") or getattr(event, "receipt", "")
        for row in MessageRow.select().where((MessageRow.to_hall == hall) & (MessageRow.subject == subject)):
            if not row.seen and has_done(event, _command(row)):
                MessageRow.update(seen=True).where(MessageRow.id == row.id).execute()

    @_said
    def end_afresh(self, hall: str, oldest_seq: int) -> int:
        """It is read to its last event: what it had accepted and no longer knows is to be told again."""
        lost = (
            (MessageRow.to_hall == hall)
            & (MessageRow.state == State.ACCEPTED.value)
            & (MessageRow.seen == False)  # noqa: E712 - peewee makes SQL of it
            & (MessageRow.accepted_seq >= oldest_seq)
        )
        with self._database.atomic("IMMEDIATE"):
            if not HallRow.update(afresh=False).where((HallRow.hall == hall) & (HallRow.afresh)).execute():
                return 0
            again = {"state": State.WAITING.value, "round": MessageRow.round + 1, "tries": 0, "accepted_ms": None}
            return int(MessageRow.update(again).where(lost).execute())

    # --- telling a hall --------------------------------------------------------------------------

    @_said
    def due(self, hall: str) -> Due | None:
        """The oldest message that waits for this hall: they are told in order."""
        waits = (MessageRow.to_hall == hall) & (MessageRow.state == State.WAITING.value)
        row = MessageRow.select().where(waits).order_by(MessageRow.place, MessageRow.id).first()
        if row is None:
            return None
        return Due(row.id, f"relay-{row.key}-{row.round}", Kind(row.kind), row.subject, _command(row))

    @_said
    def accepted(self, message: int, seq: int) -> None:
        self._settle(message, State.ACCEPTED, accepted_ms=now_ms(), accepted_seq=seq, reason="")

    @_said
    def refused(self, message: int, reason: str, for_ever: bool) -> None:
        self._settle(message, State.FAILED if for_ever else State.WAITING, reason=reason)

    def _settle(self, message: int, state: State, **more: Any) -> None:
        """Unless a later message has come in its place meanwhile."""
        tried = {"state": state.value, "tries": MessageRow.tries + 1, "tried_ms": now_ms(), **more}
        waiting = (MessageRow.id == message) & (MessageRow.state == State.WAITING.value)
        with self._database.atomic("IMMEDIATE"):
            MessageRow.update(tried).where(waiting).execute()

    @_said
    def mend(self, message: int, *, again: bool) -> bool:
        """Of a failed message: try it again, or note that someone has seen to it. False where there is none."""
        failed = (MessageRow.id == message) & (MessageRow.state == State.FAILED.value)
        values: dict[str, Any] = {"state": State.DISMISSED.value}
        if again:
            values = {"state": State.WAITING.value, "round": MessageRow.round + 1, "tries": 0}
        with self._database.atomic("IMMEDIATE"):
            return bool(MessageRow.update(values).where(failed).execute())

    # --- looking ---------------------------------------------------------------------------------

    @_said
    def note(self, hall: str, trouble: str) -> None:
        """It was heard, or what kept it from being heard."""
        at_ms = now_ms()
        row: dict[str, Any] = {"hall": hall, "trouble": trouble}
        row |= {"trouble_ms": at_ms} if trouble else {"heard_ms": at_ms, "trouble_ms": None}
        told: dict[Any, Any] = {HallRow.trouble: trouble}
        if trouble:
            told[HallRow.trouble_ms] = HallRow.trouble_ms  # since it began
            with self._database.atomic("IMMEDIATE"):
                since = (HallRow.hall == hall) & HallRow.trouble_ms.is_null()
                HallRow.update(trouble_ms=at_ms).where(since).execute()
        else:
            told |= {HallRow.heard_ms: at_ms, HallRow.trouble_ms: None}
        with self._database.atomic("IMMEDIATE"):
            HallRow.insert(row).on_conflict(conflict_target=(HallRow.hall,), update=told).execute()

    @_said
    def halls(self) -> Iterator[HallRow]:
        return iter(list(HallRow.select().order_by(HallRow.hall)))

    @_said
    def messages(self, *states: State) -> list[MessageRow]:
        """In these states, in the order in which they were learned."""
        wanted = MessageRow.state.in_([state.value for state in states])
        return list(MessageRow.select().where(wanted).order_by(MessageRow.id))

    @_said
    def counts(self) -> dict[str, int]:
        """Messages by state."""
        query = MessageRow.select(MessageRow.state, fn.COUNT(MessageRow.id)).group_by(MessageRow.state)
        counted: Any = query.tuples()
        found = {str(state): int(count) for state, count in counted}
        return {state.value: found.get(state.value, 0) for state in State}


def _command(row: MessageRow) -> c.Command:
    command: c.Command = _COMMANDS[row.kind].decode(bytes(row.body))
    return command
