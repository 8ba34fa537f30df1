"""What this printer has begun to print: kept on disk, so that no restart prints a paper twice.

A paper is written down before its first byte goes to the printer. A process that dies in between
leaves an entry without an outcome: then nobody knows whether paper came out, and it is not printed again.
"""

import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from hall_controller.domain.commands import PrintOutcome

KEPT = 500
"""Entries: far more than tickets that are fresh at any moment."""


class Kind(StrEnum):
    """What a paper is."""

    TICKET = "ticket"
    """A number: of a ticket that was issued, or of a booking that was checked in."""
    BOOKING = "booking"
    DOCUMENTS = "documents"
    RECEIPT = "receipt"
    """Of an acceptance."""
    CONSIGNMENT = "consignment"
    """A transfer list."""


OF_NO_TICKET = frozenset({Kind.DOCUMENTS, Kind.RECEIPT, Kind.CONSIGNMENT})
"""The hall waits for no report of these."""


class Key(NamedTuple):
    """Which paper it is, within an epoch."""

    ticket: int
    """Of a paper that belongs to no ticket, a document list say: the seq of the event that asked for it."""
    copy: int = 0
    """0 for the ticket itself, n for its n-th reprint."""
    kind: Kind = Kind.TICKET


class Entry(msgspec.Struct, kw_only=True):
    epoch: str
    ticket: int
    copy: int
    kind: Kind = Kind.TICKET
    outcome: PrintOutcome | None = None
    detail: str = ""
    told: bool = False
    """The hall has answered the report."""


class Handled:
    """The entries, oldest first. Without a file that can be written, they last as long as the process."""

    def __init__(self, file: Path) -> None:
        """Reads `file`. Raises OSError when it cannot be written: then whoever asked decides to go on without."""
        self.file: Path | None = file
        self.entries: list[Entry] = []
        try:
            self.entries = msgspec.json.decode(file.read_bytes(), type=list[Entry])
        except FileNotFoundError:
            pass
        except msgspec.DecodeError:
            # Not ours, or torn by a full disk. The tickets in it are older than this process: none prints by itself.
            with contextlib.suppress(OSError):
                file.rename(file.with_suffix(".unreadable"))
        self._save()

    @classmethod
    def in_memory(cls) -> "Handled":
        handled = cls.__new__(cls)
        handled.file, handled.entries = None, []
        return handled

    def has(self, epoch: str, key: Key) -> bool:
        return any((e.epoch, e.ticket, e.copy, e.kind) == (epoch, *key) for e in reversed(self.entries))

    def begin(self, epoch: str, key: Key) -> Entry:
        """Write down that a paper is about to be printed. Raises OSError: then it must not be."""
        entry = Entry(epoch=epoch, ticket=key.ticket, copy=key.copy, kind=key.kind)
        self.entries = [*self.entries[-KEPT + 1 :], entry]
        self._save()
        return entry

    def end(self, entry: Entry, outcome: PrintOutcome, detail: str) -> None:
        entry.outcome, entry.detail = outcome, detail
        with contextlib.suppress(OSError):  # the entry of `begin` alone already keeps it from being printed again
            self._save()

    def told(self, entry: Entry) -> None:
        entry.told = True
        with contextlib.suppress(OSError):
            self._save()

    def untold(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.told]

    def _save(self) -> None:
        if self.file is None:
            return
        new = self.file.with_suffix(".new")
        with new.open("wb") as out:
            out.write(msgspec.json.encode(self.entries))
            out.flush()
            os.fsync(out.fileno())
        new.replace(self.file)
