"""A hall made by the real core, for tests of what its screens say."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.decide import decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Rules, Tier
from hall_controller.domain.sender import Role, Sender
from hall_controller.domain.ticket import VisitorClass

HERE = ZoneInfo("Asia/Shanghai")
MANAGER = Sender("manager", Role.MANAGER)
MATTER = Matter(
    code="id-card",
    name_zh="身份证",
    name_en="Identity card",
    subject=Subject.NATURAL,
    group="police",
    group_zh="公安",
    group_en="Police",
    usual_minutes=8,
)


def at(clock: str, day: str = "2026-11-24") -> int:
    """Milliseconds of a moment on the hall's wall, e.g. `at("09:30")`; the 24th is a Tuesday."""
    return int(dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE).timestamp() * 1000)


class Room:
    """`hall` is the state, `events` all that has happened, `now_ms` the hall's clock."""

    def __init__(self, clock: str = "09:00", **rules: Any) -> None:
        self.hall = Hall()
        self.events: list[e.Event] = []
        self.now_ms = at(clock)
        usual: dict[str, Any] = {"hall": "BA001", "tier": Tier.STREET, "counters": 8}
        names = {"name_zh": "测试大厅", "name_en": "Test Hall"}
        self.evolve(e.EpochStarted(origin=e.Origin.INIT, epoch="e1", seq=1, at_ms=self.now_ms))
        self.do(c.ChangeRules(rules=Rules(**(usual | names | rules))))
        while self.do(c.Tick()):
            pass

    def evolve(self, event: e.Event) -> None:
        evolve(self.hall, event)
        self.events.append(event)

    def do(self, command: c.Command) -> list[e.Event]:
        estimate = predict_newcomer(self.hall, VisitorClass.ORDINARY, self.now_ms) if self.hall.rules else None
        catalogue = Catalogue({MATTER.code: MATTER})
        decided = decide(
            self.hall, command, Moment(at_ms=self.now_ms, by=MANAGER, catalogue=catalogue, estimate=estimate)
        )
        assert not isinstance(decided, Refusal), decided
        for event in decided:
            self.evolve(event)
        return decided

    def later(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)

    def until(self, clock: str, day: str = "2026-11-24") -> None:
        """Let the time pass until then, and decide what it brings."""
        self.now_ms = at(clock, day)
        while self.do(c.Tick()):
            pass

    def open(self, *counters: int) -> None:
        for counter in counters:
            self.do(c.OpenCounter(counter=counter, clerk=f"{counter:03d}"))

    def issue(self, count: int = 1, **fields: Any) -> int:
        """Issue some tickets; returns the last."""
        for _ in range(count):
            self.do(c.IssueTicket(matter=MATTER.code, **fields))
        return self.hall.next_ticket - 1

    def call(self, counter: int) -> int:
        called = self.do(c.CallNext(counter=counter))[0]
        assert isinstance(called, e.TicketCalled)
        return called.ticket
