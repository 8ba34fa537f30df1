"""A controller on a cheap SD card: each commit takes 30 ms longer. `python slow_disk_controller.py DIR`."""

import sys
import time
from pathlib import Path

from hall_controller.cli.running import controller
from hall_controller.journal.answers import Answer
from hall_controller.journal.journal import Entry, Journal

EXTRA_S = 0.030
_commit = Journal.commit


def _slow_commit(self: Journal, entries: list[Entry], answers: list[Answer]) -> None:
    _commit(self, entries, answers)
    time.sleep(EXTRA_S)


if __name__ == "__main__":
    Journal.commit = _slow_commit  # type: ignore[method-assign]
    controller.callback(Path(sys.argv[1]))  # type: ignore[misc]
