"""The journal's pane: one sentence a line, the newest on top; what is searched for; one event in full. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from textual.content import Content

from counter_client.manager.day import Day, Entry, found
from counter_client.manager.fields import ENVELOPE, UNSAID, label, same, value_words
from counter_client.manager.sentences import sentence
from counter_client.manager.view import Matters
from counter_client.widgets.look import SOFT, cut, line
from counter_client.words import Tongue, Words
from hall_controller.domain import events as e
from hall_controller.domain.decisions.visitors import LOW_STARS
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules


class Search:
    """The entries that match what was typed, newest last; kept, so that a new event costs one comparison."""

    def __init__(self, day: Day, typed: str = "") -> None:
        self.day, self.typed = day, typed
        self._hits: list[Entry] = []
        self._seen, self._of = 0, ""

    def entries(self) -> Sequence[Entry]:
        if not self.typed:
            return self.day.entries
        if self._of != self.day.day or self._seen > self.day.added:
            self._hits, self._seen, self._of = [], 0, self.day.day
        fresh = self.day.added - self._seen
        if fresh:
            self._hits += found(self.day.entries[-fresh:], self.typed)
            self._seen = self.day.added
        return self._hits

    def by_seq(self, seq: int) -> Entry | None:
        at = place_of(self.day.entries, seq)
        return self.day.entries[at] if at is not None else None


class Newest(Sequence[int]):
    """The seqs of entries, the newest first, without a list of them all."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries, self._count = entries, len(entries)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(self._count))]
        if not -self._count <= at < self._count:
            raise IndexError(at)
        return self._entries[self._count - 1 - at % self._count].event.seq

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        del start, stop
        at = place_of(self._entries, value) if isinstance(value, int) else None
        if at is None:
            raise ValueError(value)
        return self._count - 1 - at

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and place_of(self._entries, value) is not None


def place_of(entries: Sequence[Entry], seq: int) -> int | None:
    at = bisect_left(entries, seq, key=lambda entry: entry.event.seq)
    return at if at < len(entries) and entries[at].event.seq == seq else None


def entry_row(entry: Entry, rules: Rules, matters: Matters, tongue: Tongue, columns: int) -> Content:
    event = entry.event
    words = sentence(event, rules, matters)
    said = line((f"{local(rules, event.at_ms):%H:%M:%S} ", SOFT), (words.first(tongue), style_of(event)))
    if event.why:
        said = line(said, (Words(f"（{event.why}）", f" ({event.why})").first(tongue), "$accent"))
    by = line((f" {event.by}", SOFT))
    room = columns - by.cell_length
    if said.cell_length <= room:
        return line(said, " " * (room - said.cell_length), by)
    return cut(said, columns)


LOUD = (
    e.HallClosed, e.IssuingStopped, e.TicketPrintFailed, e.TicketMissed, e.TicketNoShow, e.TicketCancelled,
    e.TicketUnclaimed, e.ClockStepped, e.ActUndone, e.CounterTakenOver,
)  # fmt: skip
OWN = (e.CounterOpened, e.CounterClosed, e.CounterPaused, e.CounterResumed, e.PolicySet, e.ModeSet, e.NoticeSet)


def style_of(event: e.Event) -> str:
    if isinstance(event, LOUD) or (isinstance(event, e.TicketRated) and event.stars <= LOW_STARS):
        return "$warning"
    return "bold" if isinstance(event, OWN) else ""


def facts(entry: Entry, rules: Rules, matters: Matters, tongue: Tongue) -> list[tuple[str, str]]:
    """One event in full: when, by whom, why, and what stands in each of its fields, in words."""
    event = entry.event
    told = [
        (Words("", ""), sentence(event, rules, matters)),
        (Words("时间", "time"), same(f"{local(rules, event.at_ms):%Y-%m-%d %H:%M:%S}")),
        (Words("由", "by"), same(event.by or "-")),
        (Words("原因", "why"), same(event.why or "-")),
        (Words("序号", "seq"), same(event.seq)),
    ]
    for field in event.__struct_fields__:
        if field in ENVELOPE or field in UNSAID:
            continue
        words = value_words(event, field, rules, matters)
        if words.zh:
            told.append((label(field), words))
    return [(name.first(tongue), words.first(tongue)) for name, words in told]
