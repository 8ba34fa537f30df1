"""The service day as the journal tells it: its events, findable, and its curve by half hours. No I/O."""

from collections.abc import Callable, Iterable

import msgspec

from counter_client.keyboard import plain
from counter_client.words import Words
from hall_controller.domain import events as e
from hall_controller.domain.counter import UndoableAct
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules
from hall_controller.domain.ticket import TicketState

HALF_HOURS = 48
KEPT = 100_000
"""So many events at most: far more than a day of a large hall."""

LEAVES_QUEUE = (
    e.TicketCalled,
    e.ServiceStarted,
    e.ServiceResumed,
    e.TicketCancelled,
    e.TicketNoShow,
    e.TicketUnclaimed,
)


class Curve(msgspec.Struct):
    """The day by half hours of the hall's own clock."""

    arrived: list[int] = msgspec.field(default_factory=lambda: [0] * HALF_HOURS)
    served: list[int] = msgspec.field(default_factory=lambda: [0] * HALF_HOURS)
    waiting: list[int | None] = msgspec.field(default_factory=lambda: [None] * HALF_HOURS)
    """The most who waited at once; None for a half hour that has not been reached."""
    in_queue: set[int] = msgspec.field(default_factory=set)
    unclaimed: set[int] = msgspec.field(default_factory=set)
    reached: int = -1

    def add(self, event: e.Event, rules: Rules) -> None:
        self._reach(_half_hour(rules, event.at_ms))
        if isinstance(event, e.TicketIssued | e.TicketCheckedIn):
            self.arrived[self.reached] += 1
            self.in_queue.add(event.ticket)
        elif isinstance(event, e.TicketReturned | e.TicketTransferred):
            self.in_queue.add(event.ticket)
        elif isinstance(event, e.TicketPrinted | e.TicketAcknowledged):
            if event.ticket in self.unclaimed:
                self.unclaimed.discard(event.ticket)
                self.in_queue.add(event.ticket)
        elif isinstance(event, e.ActUndone):
            self._undo(event)
        elif isinstance(event, LEAVES_QUEUE):
            self.in_queue.discard(event.ticket)
            self.unclaimed.discard(event.ticket)
            if isinstance(event, e.TicketUnclaimed):
                self.unclaimed.add(event.ticket)
        elif isinstance(event, e.ServiceFinished):
            self.served[self.reached] += 1
        self.waiting[self.reached] = max(self.waiting[self.reached] or 0, len(self.in_queue))

    def reach(self, rules: Rules, at_ms: int) -> None:
        """Time has passed without an event."""
        self._reach(_half_hour(rules, at_ms))

    def _reach(self, half_hour: int) -> None:
        while self.reached < half_hour:
            self.reached += 1
            self.waiting[self.reached] = len(self.in_queue)

    def _undo(self, event: e.ActUndone) -> None:
        if event.ticket is None:
            return
        self.in_queue.discard(event.ticket)
        self.unclaimed.discard(event.ticket)
        if event.ticket_state is TicketState.WAITING:
            self.in_queue.add(event.ticket)
        elif event.ticket_state is TicketState.UNCLAIMED:
            self.unclaimed.add(event.ticket)
        if event.act is UndoableAct.FINISH_SERVICE:
            self.served[self.reached] -= 1


def _half_hour(rules: Rules, at_ms: int) -> int:
    at = local(rules, at_ms)
    return at.hour * 2 + at.minute // 30


class Entry(msgspec.Struct, frozen=True):
    event: e.Event
    search: str


Sentence = Callable[[e.Event], Words]


class Day:
    """The events of one service day, oldest first, each added once."""

    def __init__(self) -> None:
        self.day = ""
        self.last_seq = 0
        self.entries: list[Entry] = []
        self.curve = Curve()
        self.added = 0
        """Grows with each event: whoever draws from it sees whether there is something new."""

    def begin(self, day: str, after_seq: int) -> None:
        self.day, self.last_seq, self.added = day, after_seq, 0
        self.entries, self.curve = [], Curve()

    def add(self, event: e.Event, rules: Rules, sentence: Sentence) -> None:
        if event.seq <= self.last_seq:
            return
        if isinstance(event, e.DayStarted) and event.service_day != self.day:
            self.begin(event.service_day, event.seq - 1)
        self.last_seq = event.seq
        self.added += 1
        if len(self.entries) > KEPT:
            del self.entries[: KEPT // 10]
        self.entries.append(Entry(event, search_text(event, sentence(event))))
        self.curve.add(event, rules)


def search_text(event: e.Event, words: Words) -> str:
    """Each word that a manager may look for, with blanks around: number, counter, clerk, kind, and the sentence."""
    number, counter, clerk = (getattr(event, field, None) for field in ("number", "counter", "clerk"))
    parts = [str(event.__struct_config__.tag), event.by, event.why or "", words.zh, words.en]
    if isinstance(number, str):
        parts += [number, short(number)]
    if isinstance(counter, int):
        parts += [f"窗口{counter}", f"c{counter}"]
    if isinstance(clerk, str):
        parts.append(clerk)
    return plain(f" {' '.join(parts)} ") + " "


def short(number: str) -> str:
    """`A007` as it is said and typed: `a7`."""
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return number[: len(number) - len(digits)].lower() + digits.lstrip("0")


def found(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """The entries that hold every typed word; `c3` and `窗口3` mean that counter alone, and not 30."""
    wanted = [_needle(word) for word in plain(typed).split()]
    return [entry for entry in entries if all(word in entry.search for word in wanted)]


def _needle(word: str) -> str:
    counter = word.removeprefix("窗口").removeprefix("counter").removeprefix("c")
    return f" c{counter} " if counter != word and counter.isdigit() else word
