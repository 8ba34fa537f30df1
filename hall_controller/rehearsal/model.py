"""A hall without a controller: the pure core alone, as people of a rehearsal meet it.

For what needs many days at once: how good the predictions are, what a roster would bring. Nothing is written, sent or
printed; what the bus adds (who may send what) is left out.
"""

from collections.abc import Callable

from msgspec.structs import replace

from hall_controller.answering import accepted
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.decide import assign, decide
from hall_controller.domain.decisions.bookings import class_on_arrival
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.decisions.openings import judges_last_ticket
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.hours import service_day
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Mode, Rules
from hall_controller.domain.sender import HALL, Role, Sender
from hall_controller.domain.ticket import VisitorClass
from hall_controller.rehearsal.agenda import Answer
from hall_controller.rehearsal.business import Business, is_due

SECRET = b"of a hall that is thought of only"
SETTLE_TIMES = 5
"""One act of the hall may bring about another, but not for ever."""


class ModelStage:
    """One hall that is thought of only. `seen(hall, event)` is told of each event just before it is applied."""

    def __init__(self, rules: Rules, catalogue: Catalogue, now_ms: int, seen: Callable[[Hall, e.Event], None]) -> None:
        self.hall = Hall()
        self.now_ms = now_ms
        self.refusals: list[Refusal] = []
        self._catalogue = catalogue
        self._business = Business()
        self._seen = seen
        first = e.EpochStarted(origin=e.Origin.MODEL)
        first.epoch, first.seq, first.at_ms, first.service_day = "model", 1, now_ms, service_day(rules, now_ms)
        self._apply([first])
        self._decide(HALL, c.ChangeRules(rules=rules))
        self._settle()

    async def reach(self, due_ms: int | None) -> None:
        business_ms = self._business.next_ms(self.hall, self.now_ms)
        self.now_ms = business_ms if due_ms is None else min(max(due_ms, self.now_ms), business_ms)
        if self.now_ms >= business_ms:
            self._settle()

    async def send(self, device: str, command: c.Command) -> Answer:
        events = self._decide(_sender(device), command)
        if isinstance(events, Refusal):
            self.refusals.append(events)
            return events
        answer = accepted(command, events, self.hall, SECRET)
        if isinstance(command, c.CheckIn):
            answer = replace(answer, ticket=command.ticket)
        self._settle()
        return answer

    async def look(self) -> Hall:
        return self.hall

    async def fail(self) -> None:
        """Nothing to lose: what is in memory is all there is."""

    def _settle(self) -> None:
        for _ in range(SETTLE_TIMES):
            if not is_due(self.hall, self.now_ms):
                return
            self._decide(HALL, c.Tick())

    def _decide(self, sender: Sender, command: c.Command) -> list[e.Event] | Refusal:
        events = decide(self.hall, command, self._moment(sender, command))
        if isinstance(events, Refusal):
            return events
        self._apply(events)
        while self.hall.mode is Mode.PUSH and (owed := assign(self.hall, self._moment(HALL, c.Tick()))):
            self._apply(owed)
        return events

    def _apply(self, events: list[e.Event]) -> None:
        for event in events:
            self._seen(self.hall, event)
            evolve(self.hall, event)

    def _moment(self, sender: Sender, command: c.Command) -> Moment:
        newcomer = group = None
        if isinstance(command, c.IssueTicket):
            newcomer, group = command.visitor_class, self._catalogue.group_of(command.matter)
        elif isinstance(command, c.CheckIn):
            booked = self.hall.tickets.get(command.ticket or 0)
            newcomer = class_on_arrival(self.hall, booked, self.now_ms)
            group = booked.group if booked is not None else None
        elif isinstance(command, c.Tick) and judges_last_ticket(self.hall, self.now_ms):
            newcomer = VisitorClass.ORDINARY
        estimate = predict_newcomer(self.hall, newcomer, self.now_ms, group) if newcomer is not None else None
        return Moment(at_ms=self.now_ms, by=sender, catalogue=self._catalogue, estimate=estimate)


def _sender(device: str) -> Sender:
    """By the names that `hall init` gives."""
    name, _, number = device.partition("-")
    role = Role(name)
    return Sender(device, role, int(number) if role is Role.COUNTER else None)
