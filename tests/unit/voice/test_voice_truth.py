"""Random days with the real core: every call that stands is spoken or waits to be, and nobody else is called aloud."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from display_board.voice.memory import Memory, after_event, forget, missed_meanwhile
from display_board.voice.queue import Queue, stands, take
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.sender import HALL
from hall_controller.domain.ticket import TicketState
from tests.unit.domain.support import Pretend

STALE_MS = 60_000
COUNTERS = st.integers(1, 4)
AT_COUNTER: list[type[c.AtCounter]] = [
    *[c.CallNext] * 6, *[c.StartService] * 2, *[c.Missed] * 2, *[c.Undo] * 5, c.Recall, c.FinishService,
    c.PauseCounter, c.CloseCounter,
]  # fmt: skip


class Heard(Pretend):
    """A hall whose events are heard one by one."""

    hear: Callable[[e.Event], None] = staticmethod(lambda _: None)

    def _apply(self, events: Sequence[e.Event]) -> None:
        for event in events:
            super()._apply([event])
            self.hear(event)


class Voice(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.queue, self.memory = Queue(), Memory()
        self.owed: dict[int, int] = {}
        """By ticket: the counter of a call that nobody has heard yet."""
        self.heard: set[int] = set()
        """Those whose last call was spoken."""
        self.play = Heard("2026-11-24 09:00:00")
        self.play.hear = self.hear
        self.play.open(1, 2, 3)
        self.play.take_many(8)

    def hear(self, event: e.Event) -> None:
        self.queue = after_event(self.queue, self.memory, event, self.play.hall)
        match event:
            case e.TicketCalled() | e.TicketRecalled():
                self.owe(event.ticket, event.counter)
            case e.CounterTakenOver():
                for moved in filter(self.is_called, event.tickets):
                    self.owe(moved, event.counter)
                here = self.play.hall.counters[event.counter].ticket or 0
                if self.is_called(here) and here not in self.heard:
                    self.owe(here, event.counter)
            case e.ActUndone(ticket=int() as ticket) if event.act.is_call:
                self.owed.pop(ticket, None)
            case e.ActUndone(ticket=int() as ticket) if self.is_called(ticket) and ticket not in self.heard:
                self.owe(ticket, event.counter)  # also one that had grown too old to be said: it is asked for anew
            case _:
                pass
        self.check()

    def owe(self, ticket: int, counter: int) -> None:
        self.owed[ticket] = counter
        self.heard.discard(ticket)

    def is_called(self, ticket: int) -> bool:
        return ticket in self.play.hall.tickets and self.play.hall.tickets[ticket].state is TicketState.CALLED

    def check(self) -> None:
        waiting = {call.ticket: call.counter for call in self.queue.waiting}
        assert len(waiting) == len(self.queue.waiting)
        assert all(stands(call, self.play.hall) for call in self.queue.waiting)
        assert waiting == {ticket: counter for ticket, counter in self.owed.items() if self.is_called(ticket)}

    @rule(counter=COUNTERS, kind=st.sampled_from(AT_COUNTER))
    def press(self, counter: int, kind: type[c.AtCounter]) -> None:
        if isinstance(self.play.try_(kind(counter=counter)), Refusal):
            self.play.try_(c.EndWrapUp(counter=counter))
            self.play.try_(c.OpenCounter(counter=counter, clerk=f"clerk-{counter}"))

    @rule(counter=COUNTERS)
    def call_and_undo_and_call_again(self, counter: int) -> None:
        for kind in (c.CallNext, c.Undo, c.CallNext):
            self.play.try_(kind(counter=counter))
            self.speak()

    @rule(counter=COUNTERS, other=COUNTERS)
    def take_over_(self, counter: int, other: int) -> None:
        self.play.try_(c.TakeOverCounter(counter=counter, from_counter=other))

    @rule(pick=st.integers(0, 7))
    def somebody_comes(self, pick: int) -> None:
        missed = [t.ticket for t in self.play.hall.tickets.values() if t.state is TicketState.MISSED]
        back = c.ReturnToQueue(ticket=missed[pick % len(missed)]) if missed else c.IssueTicket(matter="pension")
        self.play.try_(back)

    @rule(step_ms=st.sampled_from([-3_600_000, -1_000, 1_000, 3_600_000]))
    def the_clock_is_set(self, step_ms: int) -> None:
        self.play.now_ms += step_ms
        self.play.do(c.StepClock(step_ms=step_ms), by=HALL)

    @rule()
    def an_emergency(self) -> None:
        self.play.try_(c.CloseHall(reason="typhoon"))
        self.play.try_(c.ResumeIssuing())

    @rule(seconds=st.sampled_from([1, 5, 61]))
    def time_passes(self, seconds: int) -> None:
        self.play.later(seconds)

    @rule()
    def speak(self) -> None:
        taken = take(self.queue, self.play.now_ms, stale_ms=STALE_MS, short_after_ms=5_000)
        self.queue = taken.queue
        for stale in taken.stale:
            assert self.play.now_ms - stale.at_ms > STALE_MS
            del self.owed[stale.ticket]
        if taken.call is not None:
            assert self.owed.pop(taken.call.ticket) == taken.call.counter
            self.heard.add(taken.call.ticket)
            forget(self.memory, self.play.hall)
            self.memory.remember(taken.call)

    @rule()
    def the_voice_starts_afresh(self) -> None:
        """It says what stands and was not said, unless that is too old."""
        calls = missed_meanwhile(self.memory, self.play.hall, self.play.now_ms, STALE_MS)
        for call in calls:
            assert self.owed.get(call.ticket) == call.counter, "nothing is said twice"
        self.queue, self.owed = Queue(calls), {call.ticket: call.counter for call in calls}


@pytest.mark.timeout(300)  # a failure is made small first
def test_the_voice_calls_whoever_is_called_and_nobody_else() -> None:
    phases = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
    known = settings(max_examples=60, stateful_step_count=40, deadline=None, phases=phases)
    run_state_machine_as_test(Voice, settings=known)


def test_a_memory_of_an_older_voice_silences_nobody() -> None:
    hall = Pretend()
    hall.open(3)
    ticket = hall.take()
    hall.call(3)
    old = Memory(epoch="e1", said={ticket: (hall.now_ms, 1)})
    assert missed_meanwhile(old, hall.hall, hall.now_ms, STALE_MS)
