"""A hall in memory: the real decide and evolve, and a clock that the test owns."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.credit import Rating
from hall_controller.domain.decide import assign, decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.decisions.openings import judges_last_ticket
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, How, Matter, Route, Subject
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Rules, Tier
from hall_controller.domain.sender import HALL, Role, Sender
from hall_controller.domain.ticket import Language, Ticket, TicketState, VisitorClass

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = "2026-11-24 09:00:00"
"""A Tuesday."""

MANAGER = Sender("manager", Role.MANAGER)
KIOSK = Sender("kiosk", Role.KIOSK)
RECEPTION = Sender("reception", Role.RECEPTION)
PRINTER = Sender("printer", Role.PRINTER)
GATEWAY = Sender("gateway", Role.GATEWAY)
BOARD = Sender("board", Role.BOARD)

ORDINARY, PRIORITY, APPOINTMENT = VisitorClass.ORDINARY, VisitorClass.PRIORITY, VisitorClass.APPOINTMENT


def terminal(counter: int) -> Sender:
    return Sender(f"counter-{counter}", Role.COUNTER, counter)


def _matter(code: str, group: str, subject: Subject = Subject.NATURAL, **more: Any) -> Matter:
    return Matter(
        code=code,
        name_zh=code,
        name_en=code,
        subject=subject,
        group=group,
        group_zh=group,
        group_en=group,
        usual_minutes=8,
        **more,
    )


CATALOGUE = Catalogue(
    {
        matter.code: matter
        for matter in (
            _matter("pension", "social", how=(How.HERE, How.ZERO_RUN), decide_days=5),
            _matter("id-card", "social", documents_zh=("身份证", "照片"), documents_en=("ID card", "Photo")),
            _matter(
                "licence",
                "business",
                Subject.LEGAL,
                documents_zh=("申请表", "租约", "照片"),
                documents_en=("Form", "Lease", "Photo"),
                later=(2, 3),
                how=(How.HERE, How.ANY_HALL),
                route=Route.PHYSICAL,
                department="市场监督管理局",
                themes=("open-restaurant",),
                decide_days=5,
            ),
            _matter("collect", "pickup", Subject.CONVENIENCE),
            _matter("grant", "business", Subject.LEGAL, subsidy=True, themes=("open-restaurant",)),
        )
    }
)


def at(local_time: str) -> int:
    """Milliseconds of a local time in Shenzhen, e.g. `2026-11-24 23:30:00`."""
    return int(dt.datetime.fromisoformat(local_time).replace(tzinfo=SHANGHAI).timestamp() * 1000)


def frozen(hall: Hall) -> bytes:
    """The whole state, to compare bit by bit."""
    return msgspec.msgpack.encode(hall)


class Pretend:
    """A hall to play with: `do` what is accepted, expect what is `refused`, let time pass."""

    def __init__(self, start: str = MORNING, counters: int = 8, **rules: object) -> None:
        self.hall = Hall()
        self.now_ms = at(start)
        self.events: list[e.Event] = []
        self.catalogue = CATALOGUE
        self.rating: Rating | None = Rating.ORDINARY
        """Of every applicant."""
        self.rules = Rules(hall="BA001", tier=Tier.STREET, counters=counters, **rules)  # type: ignore[arg-type]
        self._apply([e.EpochStarted(epoch="e1", seq=1, at_ms=self.now_ms, by="hall", origin=e.Origin.INIT)])
        self.do(c.ChangeRules(rules=self.rules), by=HALL)
        self.tick()

    # --- commands and time ---

    def try_(self, command: c.Command, by: Sender = MANAGER) -> list[e.Event] | Refusal:
        """Decide and apply, as the controller does; in push mode with the calls that follow."""
        decided = decide(self.hall, command, self._moment(by, command))
        if isinstance(decided, Refusal):
            return decided
        self._apply(decided)
        while owed := assign(self.hall, self._moment(HALL, command)):
            self._apply(owed)
            decided = [*decided, *owed]
        return decided

    def do(self, command: c.Command, by: Sender = MANAGER) -> list[e.Event]:
        events = self.try_(command, by)
        assert not isinstance(events, Refusal), events
        return events

    def refused(self, command: c.Command, by: Sender = MANAGER) -> Code:
        """The code of the refusal, which must be a sentence and leave the hall untouched."""
        before = frozen(self.hall)
        refusal = self.try_(command, by)
        assert isinstance(refusal, Refusal), f"{command} was accepted: {refusal}"
        assert refusal.message.endswith((".", "。"))
        assert frozen(self.hall) == before
        return refusal.code

    def tick(self) -> list[e.Event]:
        """As the controller does each second: a day that begins is followed by what it changes."""
        events = self.do(c.Tick(), by=HALL)
        return events + self.tick() if any(isinstance(event, e.DayStarted) for event in events) else events

    def later(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> list[e.Event]:
        """Let time pass; the events are what happened by itself at its end."""
        self.now_ms += int((seconds + minutes * 60 + hours * 3600) * 1000)
        return self.tick()

    def until(self, local_time: str) -> list[e.Event]:
        self.now_ms = at(local_time)
        return self.tick()

    def set_clock(self, local_time: str) -> None:
        """Somebody sets the clock and the hall takes it over."""
        step_ms = at(local_time) - self.now_ms
        self.now_ms += step_ms
        self.do(c.StepClock(step_ms=step_ms), by=HALL)
        self.tick()

    # --- what people do ---

    def take(
        self,
        visitor_class: VisitorClass = ORDINARY,
        matter: str = "pension",
        language: Language = Language.MANDARIN,
        by: Sender = RECEPTION,
    ) -> int:
        """A visitor takes a ticket; at reception by default, where no print is awaited."""
        command = c.IssueTicket(matter=matter, visitor_class=visitor_class, language=language)
        return self._ticket_of(self.do(command, by))

    def take_many(self, count: int, visitor_class: VisitorClass = ORDINARY) -> list[int]:
        return [self.take(visitor_class) for _ in range(count)]

    def accept(self, counter: int, matter: str | None = None, applicant: str | None = None, *outstanding: int) -> str:
        """Accept a matter of the visitor who is being served; its receipt."""
        command = c.AcceptMatter(counter=counter, matter=matter, applicant=applicant, outstanding=outstanding)
        accepted = self.do(command, terminal(counter))[0]
        assert isinstance(accepted, e.MatterAccepted)
        return accepted.receipt

    def book(self, slot: str, matter: str = "pension") -> int:
        return self._ticket_of(self.do(c.BookTicket(matter=matter, slot_at_ms=at(slot)), RECEPTION))

    def open(self, *numbers: int, groups: tuple[str, ...] = (), languages: tuple[Language, ...] = ()) -> None:
        for number in numbers:
            self.do(
                c.OpenCounter(
                    counter=number, clerk=f"clerk-{number}", groups=groups or None, languages=languages or None
                ),
                terminal(number),
            )

    def close(self, *numbers: int) -> None:
        for number in numbers:
            self.do(c.CloseCounter(counter=number), terminal(number))

    def call(self, counter: int) -> int | None:
        """The next visitor by policy: the ticket called, None when nobody waits."""
        events = self.do(c.CallNext(counter=counter), terminal(counter))
        return self._ticket_of(events) if events else None

    def call_by_hand(self, counter: int, ticket: int) -> None:
        self.do(c.CallTicket(counter=counter, ticket=ticket), terminal(counter))

    def start(self, counter: int) -> None:
        self.do(c.StartService(counter=counter), terminal(counter))

    def finish(self, counter: int) -> None:
        self.do(c.FinishService(counter=counter), terminal(counter))

    def missed(self, counter: int) -> None:
        self.do(c.Missed(counter=counter), terminal(counter))

    def hold(self, counter: int) -> None:
        self.do(c.Hold(counter=counter), terminal(counter))

    def undo(self, counter: int) -> None:
        self.do(c.Undo(counter=counter), terminal(counter))

    def begin(self, counter: int) -> int | None:
        """Call the next visitor and start."""
        ticket = self.call(counter)
        if ticket is not None:
            self.start(counter)
        return ticket

    def serve(self, counter: int, seconds: float = 60) -> int | None:
        """Call, start, serve and finish."""
        ticket = self.begin(counter)
        if ticket is not None:
            self.later(seconds)
            self.finish(counter)
        return ticket

    def calls(self, counter: int, count: int) -> str:
        """Call that many, one after another, and read their numbers out."""
        numbers = []
        for _ in range(count):
            ticket = self.call(counter)
            assert ticket is not None, "nobody waits"
            numbers.append(self.number(ticket))
            self.missed(counter)
        return " ".join(numbers)

    # --- what people see ---

    def ticket(self, ticket: int) -> Ticket:
        return self.hall.tickets[ticket]

    def number(self, ticket: int) -> str:
        number = self.hall.tickets[ticket].number if ticket in self.hall.tickets else self.hall.ended[ticket].number
        assert number is not None
        return number

    def state(self, ticket: int) -> TicketState:
        return self.hall.tickets[ticket].state if ticket in self.hall.tickets else self.hall.ended[ticket].state

    def counter(self, number: int) -> Counter:
        return self.hall.counters[number]

    def counter_state(self, number: int) -> CounterState:
        return self.hall.counters[number].state

    def waiting(self) -> list[int]:
        return sorted(ticket for queue in self.hall.queues.values() for _, ticket in queue)

    def last(self, kind: type[e.Event]) -> e.Event:
        return next(event for event in reversed(self.events) if isinstance(event, kind))

    def count(self, kind: type[e.Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)

    # --- within ---

    def _moment(self, by: Sender, command: c.Command) -> Moment:
        estimate = None
        if isinstance(command, c.Tick) and judges_last_ticket(self.hall, self.now_ms):
            estimate = predict_newcomer(self.hall, ORDINARY, self.now_ms)
        elif isinstance(command, c.IssueTicket):
            group = self.catalogue.group_of(command.matter)
            estimate = predict_newcomer(self.hall, command.visitor_class, self.now_ms, group)
        elif isinstance(command, c.CheckIn):
            estimate = predict_newcomer(self.hall, APPOINTMENT, self.now_ms)
        return Moment(at_ms=self.now_ms, by=by, catalogue=self.catalogue, estimate=estimate, rating=self.rating)

    def _apply(self, events: Sequence[e.Event]) -> None:
        for event in events:
            evolve(self.hall, event)
            self.events.append(event)

    @staticmethod
    def _ticket_of(events: Sequence[e.Event]) -> int:
        ticket = getattr(events[0], "ticket")  # noqa: B009 - several kinds of event carry it
        assert isinstance(ticket, int)
        return ticket
