"""Random days with the real core: after every event the board and the counter displays say what is so, and no more.

`HYPOTHESIS_PROFILE=nightly pytest -s tests/unit/display_board/test_board_truth.py` plays longer ones.
"""

import os
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from display_board.pages.board_view import Scene, Shape, board_view
from display_board.pages.calls import Shown, Stage, Timing, advance, is_fresh, restore
from display_board.pages.counter_view import counter_view
from display_board.pages.markup import board_regions
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import CounterState
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.sender import HALL
from hall_controller.domain.ticket import Ticket, TicketState
from tests.unit.domain.support import Pretend

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
COUNTERS = 40
USED = st.integers(1, 5)
PICK = st.integers(0, 31)
TIMING = Timing()
SHAPE = Shape(recent=10)
ANSWERED = (e.ServiceStarted, e.ServiceResumed)
AT_COUNTER: list[type[c.AtCounter]] = [
    *[c.CallNext] * 6, *[c.StartService] * 2, *[c.Missed] * 2, *[c.Undo] * 4, c.Recall, c.Hold, c.FinishService,
    c.PauseCounter, c.ResumeCounter, c.CloseCounter,
]  # fmt: skip


class Heard(Pretend):
    """A hall whose events are heard one by one."""

    hear: Callable[[e.Event], None] = staticmethod(lambda _: None)

    def __init__(self, start: str) -> None:
        self.commits: list[int] = []
        """How many events there were after each transaction: power is lost between two."""
        super().__init__(start, counters=COUNTERS)

    def _apply(self, events: Sequence[e.Event]) -> None:
        for event in events:
            super()._apply([event])
            self.hear(event)
        self.commits.append(len(self.events))


class Boards(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.pretend = Heard("2026-11-24 09:00:00")
        self.stage, self.screen_ms, self.deaf = Stage(), 0, False
        self.was_up: set[tuple[str, int]] = set()
        self.pretend.open(1, 2, 3)
        self.pretend.take_many(6)
        self.advance()
        self.pretend.hear = self.hear

    # --- the board ---

    def hear(self, event: e.Event) -> None:
        if self.deaf:
            return
        shown = self.advance()
        if isinstance(event, e.TicketCalled | e.TicketRecalled):
            call = next(one.call for one in shown if one.call.ticket == event.ticket)
            assert (call.number, call.counter) == (event.number, event.counter)
            assert call.again == isinstance(event, e.TicketRecalled)
            assert all(is_fresh(one, self.screen_ms, TIMING) for one in shown if one.call is call)

    def advance(self) -> tuple[Shown, ...]:
        """As after each event; the panel is the hall's own list of who is called, to the letter."""
        hall = self.pretend.hall
        self.stage = advance(self.stage, hall, self.screen_ms, TIMING)
        called = [(one.call.number, one.call.counter) for one in self.stage.shown]
        expected = {(t.number, t.counter) for t in hall.tickets.values() if t.state is TicketState.CALLED}
        assert len(called) == len(expected)
        assert set(called) == expected, "whoever is called is shown at that counter, and nobody else"
        self.was_up |= set(called)
        return self.stage.shown

    @invariant()
    def look(self) -> None:
        """As a screen draws it after whatever has happened together."""
        hall = self.pretend.hall
        self.advance()
        scene = Scene(now_ms=self.pretend.now_ms, stage=self.stage, stage_ms=self.screen_ms, timing=TIMING)
        view = board_view(hall, scene, SHAPE)
        called = [(row.number, row.counter) for row in view.calls]
        assert re.findall(r'data-number="(\w+)"', board_regions(view)["panel"]) == [number for number, _ in called]
        before = [(row.number, row.counter) for row in view.recent]
        assert set(before) <= self.was_up, "called before, and never on a panel"
        missed = {t.number for t in hall.tickets.values() if t.state is TicketState.MISSED}
        assert set(view.missed) <= missed
        assert len(view.missed) + view.missed_more == len(missed)
        lists = [number for number, _ in called + before] + list(view.missed)
        assert len(set(lists)) == len(lists), "a number stands in two lists"
        waiting = {t.number for t in hall.tickets.values() if t.state is TicketState.WAITING}
        assert not waiting & set(lists), "whoever waits is not shown as called"
        assert view.waiting == len(waiting)
        for number, counter in hall.counters.items():
            shown = counter_view(hall, number, self.pretend.now_ms)
            assert bool(shown.number) == (counter.state in (CounterState.CALLING, CounterState.SERVING))
            if shown.number:
                ticket = hall.tickets[counter.ticket or 0]
                assert (shown.number, ticket.counter) == (ticket.number, number)
                assert (shown.lead.en == "Please come") == (ticket.state is TicketState.CALLED)

    # --- what happens ---

    def send(self, command: c.Command) -> bool:
        return not isinstance(self.pretend.try_(command), Refusal)

    def some(self, pick: int, *states: TicketState) -> Ticket | None:
        found = [ticket for ticket in self.pretend.hall.tickets.values() if ticket.state in states]
        return found[pick % len(found)] if found else None

    @rule(counter=USED, kind=st.sampled_from(AT_COUNTER))
    def press(self, counter: int, kind: type[c.AtCounter]) -> None:
        if not self.send(kind(counter=counter)):
            self.send(c.EndWrapUp(counter=counter))
            self.send(c.OpenCounter(counter=counter, clerk=f"clerk-{counter}"))

    @rule(count=st.integers(1, 40))
    def burst(self, count: int) -> None:
        for counter in range(1, count + 1):
            self.send(c.OpenCounter(counter=counter, clerk=f"clerk-{counter}"))
            self.send(c.IssueTicket(matter="pension"))
            self.send(c.CallNext(counter=counter))

    @rule(counter=USED, pick=PICK, undo=st.booleans())
    def call_a_chosen_one(self, counter: int, pick: int, undo: bool) -> None:
        ticket = self.some(pick, TicketState.WAITING, TicketState.MISSED, TicketState.UNCLAIMED)
        if ticket is not None and self.send(c.CallTicket(counter=counter, ticket=ticket.ticket)) and undo:
            assert self.send(c.Undo(counter=counter))

    @rule(counter=USED, pick=PICK)
    def go_on_with_a_held_one(self, counter: int, pick: int) -> None:
        ticket = self.some(pick, TicketState.HELD)
        if ticket is not None:
            self.send(c.ResumeTicket(counter=counter, ticket=ticket.ticket))

    @rule(counter=USED, other=USED, undo=st.booleans())
    def send_on(self, counter: int, other: int, undo: bool) -> None:
        if self.send(c.Transfer(counter=counter, to_counter=other)) and undo:
            assert self.send(c.Undo(counter=counter))

    @rule(counter=USED, other=USED)
    def take_over(self, counter: int, other: int) -> None:
        self.send(c.TakeOverCounter(counter=counter, from_counter=other))

    @rule(counter=USED)
    def hand_over(self, counter: int) -> None:
        self.send(c.HandOverCounter(counter=counter, clerk=f"other-{counter}-{self.pretend.hall.seq}"))

    @rule(counter=USED)
    def serve_without_a_ticket(self, counter: int) -> None:
        self.send(c.ServeUnticketed(counter=counter, matter="pension"))

    @rule(pick=PICK, back=st.booleans())
    def cancel_or_come_back(self, pick: int, back: bool) -> None:
        ticket = self.some(pick, TicketState.MISSED) if back else self.some(pick, *TicketState)
        if ticket is not None:
            command = c.ReturnToQueue if back else c.CancelTicket
            self.send(command(ticket=ticket.ticket))

    @rule(seconds=st.sampled_from([0.1, 1, 7, 8, 60, 1_900]))
    def time_passes(self, seconds: float) -> None:
        self.screen_ms += int(seconds * 1000)
        self.pretend.later(seconds)

    @rule(step_ms=st.sampled_from([-3_600_000, -1_000, 1_000, 3_600_000]))
    def the_clock_is_set(self, step_ms: int) -> None:
        self.pretend.now_ms += step_ms
        self.pretend.do(c.StepClock(step_ms=step_ms), by=HALL)

    @rule()
    def another_day(self) -> None:
        self.pretend.later(hours=24)
        for _ in range(3):
            self.send(c.IssueTicket(matter="pension"))

    @rule()
    def an_emergency(self) -> None:
        self.send(c.CloseHall(reason="typhoon"))
        self.send(c.ResumeIssuing())

    # --- what befalls a screen ---

    @rule(kinds=st.lists(st.tuples(USED, st.sampled_from(AT_COUNTER)), max_size=12))
    def a_gap(self, kinds: list[tuple[int, type[c.AtCounter]]]) -> None:
        self.deaf = True
        for counter, kind in kinds:
            self.press(counter, kind)
        self.deaf = False

    @rule()
    def the_screen_starts_afresh(self) -> None:
        self.stage = Stage()
        assert not any(is_fresh(one, self.screen_ms, TIMING) for one in self.advance()), "nobody is called anew"
        # What this screen slept through was on the others of the hall.
        self.was_up |= {(event.number, event.counter) for event in self.pretend.events if isinstance(event, ANSWERED)}
        self.stage = restore(self.stage, self.pretend.hall, self.pretend.events)

    @rule(lost=st.integers(1, 10))
    def the_tail_of_the_journal_is_lost(self, lost: int) -> None:
        pretend = self.pretend
        first = next(n for n, event in enumerate(pretend.events, 1) if isinstance(event, e.CounterOpened))
        pretend.commits = [end for end in pretend.commits[:-lost] if end > first] or [first]
        kept = pretend.events[: pretend.commits[-1]]
        pretend.hall, pretend.events = Hall(), []
        for event in kept:
            evolve(pretend.hall, event)
            pretend.events.append(event)


@pytest.mark.timeout(0 if LONG else 300)  # a failure is made small first, and that takes minutes
def test_the_board_says_what_is_so_over_random_days() -> None:
    phases = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]  # to explain, each line would be traced
    known = settings(
        max_examples=1_000 if LONG else 40, stateful_step_count=100 if LONG else 30, deadline=None, phases=phases
    )
    run_state_machine_as_test(Boards, settings=known)
