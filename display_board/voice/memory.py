"""What has been said, kept in a small file: a voice that is started again neither repeats a call nor loses one."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from display_board.voice.news import Kind, News, standing_news
from display_board.voice.queue import Call, Queue, add, call_of, prune, standing, step
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall


class Memory(msgspec.Struct):
    epoch: str = ""
    said: dict[int, tuple[int, int]] = {}
    """By ticket: the call (`before`) and how often it had been made (`calls`) when it was last spoken."""
    at: dict[int, int] = {}
    """By ticket: the counter that was named then."""
    told: dict[Kind, tuple[int, int]] = {}
    """By kind: the news that was told last."""

    def remember(self, call: Call) -> None:
        self.said[call.ticket] = (call.before, call.calls)
        self.at[call.ticket] = call.counter

    def knows(self, call: Call) -> bool:
        # A memory of before counters were kept in it counts otherwise: what it says is not known.
        return self.at.get(call.ticket) == call.counter and self.said[call.ticket] >= (call.before, call.calls)

    def take_back(self, ticket: int) -> None:
        """The call was undone: the next one counts as it did, and is another."""
        self.said.pop(ticket, None)
        self.at.pop(ticket, None)

    def remember_news(self, news: News) -> None:
        self.told[news.kind] = news.key

    def knows_news(self, news: News) -> bool:
        return self.told.get(news.kind) == news.key

    def heard(self, ticket: int) -> bool:
        return ticket in self.said


def after_event(queue: Queue, memory: Memory, event: e.Event, hall: Hall) -> Queue:
    """What is to be spoken now that `hall` has been brought forward by the event."""
    match event:
        case e.ClockStepped():
            queue = step(queue, event.step_ms)
        case e.ActUndone(ticket=int() as ticket) if event.act.is_call:
            memory.take_back(ticket)
        case _:
            pass
    queue, call = prune(queue, hall), call_of(event, hall)
    return queue if call is None or memory.knows(call) else ask_for(queue, memory, call)


def ask_for(queue: Queue, memory: Memory, call: Call) -> Queue:
    """A recall of a visitor who was never called aloud is a first call to them."""
    return add(queue, call if memory.heard(call.ticket) else replace(call, nth=1))


def missed_meanwhile(memory: Memory, hall: Hall, now_ms: int, stale_ms: int) -> tuple[Call, ...]:
    """Fresh calls that nobody has spoken."""
    return tuple(call for call in standing(hall) if now_ms - call.at_ms <= stale_ms and not memory.knows(call))


def news_meanwhile(memory: Memory, hall: Hall, now_ms: int) -> tuple[News, ...]:
    """What is true and has not been told."""
    return tuple(news for news in standing_news(hall, now_ms) if not memory.knows_news(news))


def forget(memory: Memory, hall: Hall) -> None:
    """Drop the tickets that have ended."""
    memory.epoch = hall.epoch
    for ticket in [ticket for ticket in memory.said if ticket not in hall.tickets]:
        memory.take_back(ticket)


def load_memory(file: Path) -> Memory | None:
    """None when there is none, or it is damaged: then nothing old is repeated."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Memory)
    except (OSError, msgspec.DecodeError):
        return None


def save_memory(memory: Memory, file: Path) -> None:
    """Raises OSError. Survives a kill; after a power cut an older memory may be found, or none."""
    part = file.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(memory))
    part.replace(file)
