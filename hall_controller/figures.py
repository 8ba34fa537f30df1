"""What the controller's process counts of itself, for metrics: from its start on, and nothing of it is journalled."""

import contextlib
import os
import time
from bisect import bisect_left
from collections import Counter
from enum import StrEnum
from pathlib import Path

from hall_controller.bus import wire
from hall_controller.domain.commands import Command
from hall_controller.domain.sender import Sender
from hall_controller.journal.journal import FILE

BACKED_UP = "backup.stamp"
"""Touched in the hall's directory by each `hall backup` that succeeded."""


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ERROR = "error"
    """The hall failed; its sender may ask again."""


Kind = type[Command] | None
"""None for a request that could not be read."""


class Figures:
    """Cheap to count, for each command does; dear to read, which is done each few seconds."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._started_ms = time.time_ns() // 1_000_000
        self._commands: dict[Outcome, Counter[Kind]] = {outcome: Counter() for outcome in Outcome}
        self._accepted = self._commands[Outcome.ACCEPTED]
        self._took = [0] * (len(wire.COMMAND_BUCKETS_S) + 1)
        self._took_s = 0.0
        self.journal_writable = True
        self.delays_ms: dict[str, int | None] = {}
        """What each voice has told of its delay."""

    def count(self, kind: Kind, outcome: Outcome) -> None:
        self._commands[outcome][kind] += 1

    def done(self, kind: Kind, since_s: float) -> None:
        """An accepted command that came to be decided at `since_s` (performance counter) has been answered now."""
        took_s = time.perf_counter() - since_s
        self._accepted[kind] += 1
        self._took[bisect_left(wire.COMMAND_BUCKETS_S, took_s)] += 1
        self._took_s += took_s

    def refused(self, request: wire.Request | None) -> None:
        """At the door: by role, or unreadable (None). Queries are not counted."""
        if not isinstance(request, wire.Query):
            self.count(None if request is None else type(request), Outcome.REFUSED)

    def failed(self, body: bytes) -> None:
        """A request that the hall broke on."""
        with contextlib.suppress(wire.BadRequest):
            request = wire.decode_request(body)
            if isinstance(request, Command):
                self.count(type(request), Outcome.ERROR)

    def heard(self, sender: Sender | None, query: wire.Query) -> None:
        if sender is not None and isinstance(query, wire.Status):
            self.delays_ms[sender.name] = query.delay_ms

    def reply(self) -> wire.ProcessFigures:
        disk = os.statvfs(self._directory)
        return wire.ProcessFigures(
            started_ms=self._started_ms,
            commands={
                f"{_word(kind)}/{outcome}": count
                for outcome, counts in self._commands.items()
                for kind, count in counts.items()
            },
            command_counts=list(self._took),
            command_sum_s=self._took_s,
            journal_writable=self.journal_writable,
            journal_bytes=_size(self._directory / FILE) + _size(self._directory / f"{FILE}-wal"),
            disk_bytes=disk.f_blocks * disk.f_frsize,
            disk_free_bytes=disk.f_bavail * disk.f_frsize,
            backed_up_ms=modified_ms(self._directory / BACKED_UP),
        )


def _word(kind: Kind) -> str:
    return str(kind.__struct_config__.tag) if kind is not None else "unknown"


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return 0


def modified_ms(file: Path) -> int | None:
    with contextlib.suppress(OSError):
        return file.stat().st_mtime_ns // 1_000_000
    return None
