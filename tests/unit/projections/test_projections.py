"""Random days with every projection looking on: after each step each shows the hall as it is, or says that it cannot.

Board, counter displays, phones, voice, terminals, console, `hall show`, exporter and ledger hold the hall as they hold
it in a hall: from what came over the wire. They go through undo, restart, a line that is down, a lost tail of the
journal, a restored backup. A lost tail ends below what they have heard: one that the hall has outgrown meanwhile would
need digests to be found.
"""

import copy
import tempfile
import time
from collections import Counter as Tally
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.decide import assign
from hall_controller.domain.hall import Hall
from hall_controller.domain.sender import HALL
from tests.nightly import record_steps, seconds
from tests.unit.domain.oracle import Line
from tests.unit.domain.recount import Recount
from tests.unit.domain.support import frozen
from tests.unit.domain.test_state_machine import Day
from tests.unit.projections.board import Board
from tests.unit.projections.figures import Ledger, check_exporter
from tests.unit.projections.follower import Follower
from tests.unit.projections.kiosk import check_kiosk
from tests.unit.projections.terminals import check_sentence, check_terminals
from tests.unit.projections.voice import Voice

DONE: Tally[str] = Tally()
CHUNK = 15
"""Random days between two looks at the clock."""
BEFALLS = ("steps", "lines down", "boards restarted", "tails lost", "backups restored")
"""What must have happened before a run may end."""


class Watched(Day):
    """A random day with all that looks on."""

    watching = False

    def look_on(self) -> None:
        """From the first command on."""
        self.follower = Follower()
        self.board = Board(self.follower)
        self._folder = tempfile.TemporaryDirectory()
        self.voice = Voice(self.follower, Path(self._folder.name))
        self.ledger = Ledger()
        self.follower.hear(self.pretend.events)
        for event in self.pretend.events:
            self.ledger.hear(event)
        self.synchronise()
        self.watching = True
        self.step = 0

    def synchronise(self) -> None:
        self.follower.clock_ms = self.pretend.now_ms
        self.board.run(lambda: self.follower.synchronise(self.pretend.hall))

    # --- after each command ---

    def apply(self, events: list[e.Event]) -> None:
        super().apply(events)
        if not self.watching:
            return
        self.follower.clock_ms = self.pretend.now_ms
        self.board.run(lambda: self.follower.hear(events))
        for event in events:
            self.ledger.hear(event)
            check_sentence(event, self.pretend.hall)

    def check(self) -> None:
        super().check()
        if not self.watching:
            self.look_on()
        if not self.follower.connected:
            return
        hall, now_ms = self.pretend.hall, self.pretend.now_ms
        self.step += 1
        DONE["steps"] += 1
        self.follower.clock_ms = now_ms
        mine = self.follower.hall
        assert mine is not None
        assert frozen(mine) == frozen(hall), "a follower has another hall"
        self.board.check(hall, now_ms)
        self.voice.check(hall)
        check_terminals(mine, hall, now_ms, self.step)
        check_kiosk(mine, hall, now_ms, self.step)
        check_exporter(mine, hall, now_ms)
        self.ledger.check(hall)

    # --- what befalls those who look on ---

    @rule(seconds=st.sampled_from([1, 3, 9, 30]))
    def eyes(self, seconds: int) -> None:
        """Real time passes on the board and for the voice, whatever the hall's clock does."""
        self.board.stage_ms += seconds * 1000
        if self.follower.connected:
            self.voice.say_next()
            self.check()

    @precondition(lambda self: self.follower.connected)
    @rule()
    def line_down(self) -> None:
        DONE["lines down"] += 1
        self.board.run(self.follower.lose_line)

    @precondition(lambda self: not self.follower.connected)
    @rule(snapshot=st.booleans())
    def line_up(self, snapshot: bool) -> None:
        """Heard again: by the missed events, or by a snapshot."""
        self.follower.clock_ms = self.pretend.now_ms
        if snapshot:
            self.synchronise()
        else:
            self.board.run(self.follower.catch_up)
        self.check()

    @rule()
    def restart_board(self) -> None:
        """A board that has just been started knows nothing but the snapshot and the last events."""
        DONE["boards restarted"] += 1
        self.board.close()
        old, self.follower = self.follower, Follower()
        self.follower.journal = old.journal
        self.board = Board(self.follower)
        self.voice = Voice(self.follower, Path(self._folder.name))
        self.synchronise()
        self.check()

    @rule(share=st.integers(1, 8), restored=st.booleans())
    def lose_tail(self, share: int, restored: bool) -> None:
        """The hall's last events are gone: by a bad disk, in the same epoch; or by a backup, which begins another."""
        pretend = self.pretend
        first = next(n for n, event in enumerate(pretend.events) if isinstance(event, e.DayStarted)) + 1
        kept = max(first, len(pretend.events) - share)
        if kept == len(pretend.events):
            return
        DONE["backups restored" if restored else "tails lost"] += 1
        epochs = sum(isinstance(event, e.EpochStarted) for event in pretend.events)
        self.rewind(pretend.events[:kept])
        if restored:
            begun = e.EpochStarted(
                epoch=f"e{epochs + 1}-{pretend.now_ms}", seq=pretend.hall.seq + 1, at_ms=pretend.now_ms, by="hall",
                origin=e.Origin.RESTORE, service_day=pretend.hall.service_day,
            )  # fmt: skip
            self.apply([begun])
        while owed := assign(pretend.hall, pretend._moment(HALL, c.Tick())):
            self.apply(owed)
        self.synchronise()
        self.check()

    def rewind(self, events: list[e.Event]) -> None:
        self.follower.connected = False
        self.pretend.hall, self.pretend.events = Hall(), []
        self.line, self.recount, self.ledger = Line(), Recount(), Ledger()
        super().apply(copy.deepcopy(events))
        self.pretend.now_ms = max(self.pretend.now_ms, self.pretend.hall.at_ms)  # as the hall's clock starts
        for event in events:
            self.ledger.hear(event)
        del self.follower.journal[len(events) :]

    def teardown(self) -> None:
        if hasattr(self, "board"):
            self.board.close()
            self._folder.cleanup()
        super().teardown()


def play_for(seconds: float) -> None:
    """Random days until the time is over; says what they were."""
    DONE.clear()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s or not all(DONE[what] for what in BEFALLS):
        before = DONE["steps"]
        run_state_machine_as_test(
            Watched,
            settings=settings(
                max_examples=CHUNK,
                stateful_step_count=30,
                deadline=None,
                database=None,
                report_multiple_bugs=False,
                suppress_health_check=checks,
            ),
        )
        record_steps("steps", DONE["steps"] - before)
    print(", ".join(f"{count} {what}" for what, count in DONE.items()))


@pytest.mark.timeout(900)  # a failure is made small first, and that takes minutes
def test_every_projection_shows_the_hall_as_it_is_after_every_step() -> None:
    play_for(60)


@pytest.mark.nightly("projections")
@pytest.mark.timeout(0)
def test_every_projection_shows_the_hall_as_it_is_for_as_long_as_it_is_let() -> None:
    play_for(seconds(otherwise_s=600))
