"""A hall made by the real core whose day goes by, for tests of what the voice tells everybody."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from display_board.voice.news import News, news_of
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.decide import decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Rules, Tier
from hall_controller.domain.sender import Role, Sender

MINUTE_MS = 60_000
HERE = ZoneInfo("Asia/Shanghai")


def at(clock: str, day: str = "2026-11-24") -> int:
    """Milliseconds of a moment on the hall's wall; the 24th is a Tuesday."""
    return round(dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE).timestamp() * 1000)


class Evening:
    """`hall` is the state, `events` all that has happened; nobody comes."""

    def __init__(self, clock: str, **rules: Any) -> None:
        self.hall = Hall()
        self.events: list[e.Event] = []
        self.now_ms = at(clock)
        self._evolve(e.EpochStarted(origin=e.Origin.INIT, epoch="e1", seq=1, at_ms=self.now_ms))
        usual: dict[str, Any] = {"hall": "BA001", "tier": Tier.STREET, "counters": 8}
        self.do(c.ChangeRules(rules=Rules(**(usual | rules))))
        self.until(clock)

    def do(self, command: c.Command) -> list[News]:
        """What it brings to be told."""
        moment = Moment(at_ms=self.now_ms, by=Sender("manager", Role.MANAGER), catalogue=Catalogue({}))
        decided = decide(self.hall, command, moment)
        assert not isinstance(decided, Refusal), decided
        for event in decided:
            self._evolve(event)
        return [news for news in map(news_of, decided) if news is not None]

    def until(self, clock: str, day: str = "2026-11-24") -> list[News]:
        """Let the time pass until then; what it brings to be told."""
        self.now_ms = at(clock, day)
        found: list[News] = []
        while True:
            seq = self.hall.seq
            found += self.do(c.Tick())
            if self.hall.seq == seq:
                return found

    def _evolve(self, event: e.Event) -> None:
        evolve(self.hall, event)
        self.events.append(event)
