"""What the voice still has to say beside the hall: every call that stands, and none that does not."""

from pathlib import Path
from typing import cast

from display_board.voice.announcer import Announcer
from display_board.voice.queue import prune, standing
from display_board.voice.settings import VoiceSettings
from display_board.voice.speech import Speech
from hall_controller.bus.client import HallClient
from hall_controller.domain.hall import Hall
from tests.unit.projections import truth
from tests.unit.projections.follower import Follower


class Voice:
    def __init__(self, follower: Follower, state: Path) -> None:
        self.follower = follower
        self.announcer = Announcer(
            cast("HallClient", follower), VoiceSettings(), cast("Speech", None), state, state / "files"
        )

    def say_next(self) -> None:
        """Speak the first that waits, as the announcer does it, without the sound."""
        mine, announcer = self.follower.hall, self.announcer
        assert mine is not None
        announcer._queue = prune(announcer._queue, mine)
        if announcer._queue.waiting:
            call = announcer._queue.waiting[0]
            announcer._memory.remember(call)
            announcer._queue = type(announcer._queue)(announcer._queue.waiting[1:])

    def check(self, hall: Hall) -> None:
        mine = self.follower.hall
        assert mine is not None
        waiting = prune(self.announcer._queue, mine).waiting
        called = truth.called(hall)
        assert {(call.number, call.counter) for call in waiting} <= called
        known = {call.ticket for call in waiting} | set(self.announcer._memory.said)
        stale_ms = self.announcer._settings.stale_s * 1000
        for call in standing(mine):
            is_old = self.follower.now_ms() - call.at_ms > stale_ms
            assert is_old or call.ticket in known, f"{call.number} is called and will never be heard"
