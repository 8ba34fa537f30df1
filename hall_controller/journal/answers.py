"""What was answered to each (device, request_id), so that a repeat is answered alike and not done again.

The rows are written in order, and where each stands is kept in memory: an index on disk over
request ids, which come at random, would dirty a page for every command.
"""

import sqlite3
from typing import NamedTuple

_READ = "SELECT id, device, request_id FROM requests"
_FIND = "SELECT device, request_id, reply FROM requests WHERE id = ?"
_ADD = "INSERT INTO requests (id, device, request_id, at_ms, reply) VALUES (?, ?, ?, ?, ?)"


class Answer(NamedTuple):
    device: str
    request_id: bytes
    at_ms: int
    reply: bytes


class Answers:
    """The answers in one database; about 100 bytes of memory each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[int, int] = {}
        """The row of each answer, by the hash of (device, request_id)."""
        self._last = 0
        self.read()

    def read(self) -> None:
        """Learn afresh where each answer stands."""
        self._rows = {hash((device, request_id)): row for row, device, request_id in self._connection.execute(_READ)}
        self._last = max(self._rows.values(), default=self._last)

    def find(self, device: str, request_id: bytes) -> bytes | None:
        row = self._rows.get(hash((device, request_id)))
        if row is None:
            return None
        found = self._connection.execute(_FIND, (row,)).fetchone()
        if found is None or (found[0], bytes(found[1])) != (device, request_id):
            return None  # two keys of one hash: once in a lifetime, and then the older is forgotten
        return bytes(found[2])

    def insert(self, answers: list[Answer]) -> None:
        """Within a transaction; they are known once `committed` is called."""
        self._connection.executemany(_ADD, [(row, *answer) for row, answer in enumerate(answers, self._last + 1)])

    def committed(self, answers: list[Answer]) -> None:
        for answer in answers:
            self._last += 1
            self._rows[hash((answer.device, answer.request_id))] = self._last
