"""A hall whose disk has lost its last events: what a power cut on a lying disk leaves behind."""

import contextlib
import sqlite3
from pathlib import Path

from tests.support import RunningHall


def cut_tail(directory: Path, after: int) -> None:
    """Of a hall that is stopped: forget all events after this seq, and the checkpoint and answers that knew of them."""
    with contextlib.closing(sqlite3.connect(directory / "hall.db")) as database, database:
        database.execute("DELETE FROM events WHERE seq > ?", (after,))
        database.execute("DELETE FROM checkpoints WHERE seq > ?", (after,))
        database.execute("DELETE FROM requests")


def lose_tail(hall: RunningHall, after: int) -> None:
    """As fast as it goes: whoever follows must not notice by the silence."""
    hall.kill()
    cut_tail(hall.dir, after)
    hall.start()
