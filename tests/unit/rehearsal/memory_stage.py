"""A stage for rehearsals without bus or disk: the real decide and evolve, in memory."""

import asyncio
import datetime as dt
import importlib.resources
from typing import Any

from hall_controller.bus.roles import check_role
from hall_controller.bus.wire import Accepted, encode
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Mode
from hall_controller.domain.sender import Role, Sender
from hall_controller.rehearsal.agenda import Answer
from hall_controller.rehearsal.business import Business, is_due
from hall_controller.rehearsal.day import Day, draw_day
from hall_controller.rehearsal.days import Period, PlayedDay, play_days
from hall_controller.rehearsal.morning import Played, play
from hall_controller.rehearsal.outcome import Outcome, tell
from hall_controller.rehearsal.proof import Figures, broken
from hall_controller.report import make_report
from tests.unit.domain.support import Pretend, at

CATALOGUE = parse_catalogue((importlib.resources.files("hall_controller") / "data" / "matters.csv").read_text("utf-8"))
OPENING = "2026-03-02 09:00:00"
"""A Monday."""


class MemoryStage:
    def __init__(self, counters: int = 4, start: str = "2026-03-02 08:50:00", **rules: object) -> None:
        self.pretend = Pretend(start, counters, **rules)
        self.pretend.catalogue = CATALOGUE
        self.hall = self.pretend.hall
        self.now_ms = self.pretend.now_ms
        self.business = Business()
        self.refusals: list[tuple[str, c.Command, Refusal]] = []
        self.sent: list[tuple[int, str, c.Command]] = []

    async def reach(self, due_ms: int | None) -> None:
        business_ms = self.business.next_ms(self.hall, self.now_ms)
        target_ms = business_ms if due_ms is None else min(max(due_ms, self.now_ms), business_ms)
        self.now_ms = self.pretend.now_ms = target_ms
        if target_ms >= business_ms:
            self._settle()

    def _settle(self) -> None:
        while is_due(self.hall, self.now_ms):
            self.pretend.tick()

    async def send(self, device: str, command: c.Command) -> Answer:
        sender = _sender(device)
        assert check_role(sender, command) is None, f"{device} may not send {command}"
        self.sent.append((self.now_ms, device, command))
        events = self.pretend.try_(command, sender)
        if isinstance(events, Refusal):
            self.refusals.append((device, command, events))
            return events
        self._settle()
        return Accepted(self.hall.seq, ticket=getattr(events[0], "ticket", None) if events else None)

    @property
    def events(self) -> list[e.Event]:
        return self.pretend.events

    def outcome(self) -> Outcome:
        return tell(self.events)

    async def look(self) -> Hall:
        return self.hall

    async def fail(self) -> None:
        """As a controller does that was killed: all that it knows is in its journal."""
        hall = Hall()
        for event in self.events:
            evolve(hall, event)
        assert hall == self.hall

    def report(self, period: str) -> dict[str, Any]:
        return make_report([encode(event) for event in self.events], period)

    def broken(self, *figures: Figures) -> list[str]:
        return broken(self.events, self.hall, figures or [Figures.of(self.hall)], self.report)


def _sender(device: str) -> Sender:
    role, _, number = device.partition("-")
    return Sender(device, Role(role), int(number) if number else None)


def draw(seed: int = 7, visitors: int = 40, counters: int = 4, opening: str = OPENING) -> Day:
    return draw_day(seed, visitors, CATALOGUE, at(opening), range(1, counters + 1))


def play_through(stage: MemoryStage, day: Day, mode: Mode | None = None) -> Played:
    return asyncio.run(play(stage, day, CATALOGUE, mode=mode))


def play_period(
    stage: MemoryStage, first: str, last: str, *, seed: int = 3, visitors: int = 25, mode: Mode | None = None
) -> list[PlayedDay]:
    period = Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    return asyncio.run(play_days(stage, period, seed, visitors, CATALOGUE, mode=mode))


def district(counters: int = 3, start: str = "2026-03-01 00:00:00", **rules: object) -> MemoryStage:
    """A hall that serves through lunch, with one counter of three."""
    lunch = tuple(range(1, -(-counters // 3) + 1))
    return MemoryStage(counters, start, **{"hours": (*DEFAULT_HOURS, LUNCH), "lunch_counters": lunch, **rules})
