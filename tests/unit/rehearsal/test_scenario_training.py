"""What whoever is trained is told of the visitor at the counter is enough to serve everybody."""

import asyncio
import datetime as dt

from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import is_after_closing, waiting_count
from hall_controller.domain.rules import Tier, Window
from hall_controller.rehearsal.day import People
from hall_controller.rehearsal.days import play_day
from hall_controller.rehearsal.model import ModelStage
from hall_controller.rehearsal.outcome import tell
from hall_controller.rehearsal.scenario import Arrivals, Scenario, draw_scenario
from tests.unit.rehearsal.memory_stage import CATALOGUE

SCHOOL = Scenario(
    name="school",
    tier=Tier.STREET,
    counters=2,
    trainee=1,
    last_ticket_s=0,
    hours=(Window(days=("mon",), start=dt.time(9), end=dt.time(11)),),
    arrivals=(Arrivals(start=dt.time(9), end=dt.time(11), visitors=26),),
    people=People(booked=0, unticketed=0, misclicked=0, transferred=0, absent=0.3, comes_back=1, held=0.3, amended=0.3),
)


class Trainee(ModelStage):
    """A person who goes by what the rehearsal says, and by nothing else."""

    said: list[str]
    taken = 0

    async def reach(self, due_ms: int | None) -> None:
        command = self._next()
        if command is None:
            await super().reach(due_ms)
        else:
            await self.send("counter-1", command)

    def _next(self) -> c.Command | None:
        counter = self.hall.counters.get(1)
        if counter is None or counter.state is CounterState.CLOSED:
            opens = self.hall.opening is not None and not is_after_closing(self.hall)
            return c.OpenCounter(counter=1, clerk="007") if opens else None
        new, self.taken = self.said[self.taken :], len(self.said)
        for line in new:
            who = next((one.ticket for one in self.hall.tickets.values() if one.number == line.partition("：")[0]), 0)
            if "is back" in line and counter.state is CounterState.READY:
                return c.ResumeTicket(counter=1, ticket=who)
            if "is at counter 1" in line:
                return c.StartService(counter=1, ticket=who)
            if "nobody comes" in line:
                return c.Missed(counter=1, ticket=who)
            if "fetch a copy" in line:
                return c.Hold(counter=1, ticket=who)
            if "has everything" in line:
                return c.FinishService(counter=1, ticket=who)
        if counter.state is CounterState.READY:
            return c.CallNext(counter=1) if waiting_count(self.hall) else None
        return None


def test_a_trainee_who_does_what_is_said_serves_visitors_as_they_come() -> None:
    events: list[e.Event] = []
    plan = draw_scenario(SCHOOL, CATALOGUE, 2)
    stage = Trainee(SCHOOL.rules(), CATALOGUE, plan.begins_ms, lambda _, event: events.append(event))
    said: list[str] = []
    stage.said = said
    asyncio.run(play_day(stage, plan, CATALOGUE, tell=said.append))
    told = "\n".join(said)
    assert "Counter 1 is yours" in told
    for sentence in (
        "is at counter 1, for",
        "nobody comes",
        "in fact: amend",
        "fetch a copy",
        "is back",
        "has everything",
    ):
        assert sentence in told, sentence
    outcome = tell(events)
    assert outcome.services[1].clerk == "007"
    assert outcome.services[1].count >= 5
    assert outcome.services[2].clerk == "102"
    own = {one.ticket for one in events if isinstance(one, e.TicketMissed) and one.counter == 1}
    returned = {one.ticket for one in events if isinstance(one, e.TicketReturned)}
    assert own & returned, "who missed the trainee's call may come back"


def test_a_service_at_the_trainee_s_counter_takes_what_the_visitor_needs() -> None:
    plain = replace(SCHOOL, people=replace(SCHOOL.people, absent=0.0, held=0.0, amended=0.0))
    events: list[e.Event] = []
    plan = draw_scenario(plain, CATALOGUE, 2)
    stage = Trainee(plain.rules(), CATALOGUE, plan.begins_ms, lambda _, event: events.append(event))
    said: list[str] = []
    stage.said = said
    asyncio.run(play_day(stage, plan, CATALOGUE, tell=said.append))
    needs = {one.arrives_ms: one.service_s for one in plan.visitors}
    issued = {one.ticket: one.at_ms for one in events if isinstance(one, e.TicketIssued)}
    done = [one for one in events if isinstance(one, e.ServiceFinished) and one.counter == 1]
    assert len(done) >= 5
    for one in done:
        assert needs[issued[one.ticket]] - 1 <= one.service_s <= needs[issued[one.ticket]] + 5
