"""The journal's pane: one sentence a line, the newest on top; what is searched for; one event in full. Pure."""

from collections.abc import Sequence

from textual.content import Content

from counter_client.manager.day import Day, Entry, found
from counter_client.manager.sentences import sentence
from counter_client.manager.view import Matters
from counter_client.widgets.look import SOFT, cut, line
from counter_client.words import Tongue, Words
from hall_controller.domain import events as e
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules

ENVELOPE = ("epoch", "seq", "at_ms", "service_day", "by", "why")


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
    if isinstance(event, LOUD):
        return "$warning"
    return "bold" if isinstance(event, OWN) else ""


def facts(entry: Entry, rules: Rules, matters: Matters) -> list[tuple[str, str]]:
    """One event in full: when, by whom, why, and each of its fields as the journal names it."""
    event = entry.event
    words = sentence(event, rules, matters)
    told = [
        ("", words.zh),
        ("", words.en),
        ("时间 time", f"{local(rules, event.at_ms):%Y-%m-%d %H:%M:%S}"),
        ("由 by", event.by or "-"),
        ("原因 why", event.why or "-"),
        ("类型 type", str(event.__struct_config__.tag)),
        ("seq", str(event.seq)),
    ]
    for field in event.__struct_fields__:
        value = getattr(event, field)
        if field in ENVELOPE or value is None:
            continue
        if field.endswith("_ms") and isinstance(value, int):
            value = f"{local(rules, value):%H:%M:%S}"
        told.append((field, str(value)))
    return told
