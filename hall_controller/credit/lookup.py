"""Where ratings come from: a source by name, built in or installed, asked so that it can never stop the hall.

A package offers another source under the entry point group `hall.credit_sources`: a function that takes the hall's
directory and the table `[credit.options]`, and gives a `Source`. It must answer from what it holds: a source that asks
another computer keeps its answers, and asks for them in a thread of its own.
"""

import logging
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from hall_controller.credit.register import Register
from hall_controller.domain.credit import Rating

log = logging.getLogger(__name__)

GROUP = "hall.credit_sources"


class Source(Protocol):
    def rating(self, applicant: str) -> Rating:
        """Of a person's or company's number; `ordinary` for one that is not listed. At once; may raise anything."""
        ...


Make = Callable[[Path, Mapping[str, Any]], Source]


class Lookup:
    """Asks the configured source; one that fails leaves a rating unknown, and the log says why."""

    def __init__(self, source: Source | None) -> None:
        self._source = source

    def rating(self, applicant: str) -> Rating | None:
        if self._source is None:
            return None
        try:
            return Rating(self._source.rating(applicant.strip().upper()))
        except Exception as error:  # noqa: BLE001 - a source is somebody else's program
            # Never the number itself: the log is no place for it.
            log.error("the credit source failed: %s: %s", type(error).__name__, error)
            return None


def open_lookup(directory: Path, source: str, options: Mapping[str, Any]) -> Lookup:
    """The source of this name; an unknown or broken one leaves all ratings unknown, and the log says so."""
    if source == "csv":
        return Lookup(Register(directory, options))
    for entry in entry_points(group=GROUP, name=source):
        try:
            make: Make = entry.load()
            return Lookup(make(directory, options))
        except Exception as error:  # noqa: BLE001 - a source is somebody else's program
            log.error("credit source %r cannot be used: %s: %s", source, type(error).__name__, error)
            return Lookup(None)
    log.error('there is no credit source %r: install its package, or set credit.source to "csv"', source)
    return Lookup(None)
