"""How the time between two moments divides into bands, by the rules and the extension in force."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from hall_controller.domain.hours import NIGHT_ENDS, Extension, band, local, moment_ms, opening_at, openings
from hall_controller.domain.rules import Band, Rules

DAY = dt.timedelta(days=1)


class Piece(NamedTuple):
    ms: int
    band: Band
    is_open: bool
    """Within an opening of the hall; else it has the band of the hours before."""


class _Table(NamedTuple):
    """One local day: from each of these moments on it is this band."""

    starts: list[int]
    bands: list[tuple[Band, bool]]
    end_ms: int


class Daytime:
    def __init__(self, rules: Rules, extension: Extension | None = None) -> None:
        self._rules = rules
        self._extension = extension
        self._tables: dict[dt.date, _Table] = {}

    def pieces(self, start_ms: int, end_ms: int) -> Iterator[Piece]:
        while start_ms < end_ms:
            table = self._table(local(self._rules, start_ms).date())
            index = max(0, bisect_right(table.starts, start_ms) - 1)
            next_ms = table.starts[index + 1] if index + 1 < len(table.starts) else table.end_ms
            until_ms = min(end_ms, next_ms)
            yield Piece(until_ms - start_ms, *table.bands[index])
            start_ms = until_ms

    def midnight_ms(self, day: dt.date) -> int:
        return moment_ms(self._rules, day, dt.time())

    def hour(self, at_ms: int) -> int:
        return local(self._rules, at_ms).hour

    def _table(self, day: dt.date) -> _Table:
        found = self._tables.get(day)
        if found is None:
            found = self._tables[day] = self._made(day)
        return found

    def _made(self, day: dt.date) -> _Table:
        """The band may change where a window of today or of last evening begins or ends, and at the night's end."""
        rules, extension = self._rules, self._extension
        start_ms, end_ms = self.midnight_ms(day), self.midnight_ms(day + DAY)
        starts = {start_ms, moment_ms(rules, day, NIGHT_ENDS)}
        for opening in (*openings(rules, day - DAY, extension), *openings(rules, day, extension)):
            for stretch in opening.stretches:
                starts |= {stretch.start_ms, stretch.end_ms}
        ordered = sorted(moment for moment in starts if start_ms <= moment < end_ms)
        bands = [
            (band(rules, moment, extension), opening_at(rules, moment, extension) is not None) for moment in ordered
        ]
        return _Table(ordered, bands, end_ms)
