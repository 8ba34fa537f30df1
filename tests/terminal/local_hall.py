"""A hall without a controller: the real decisions on a clock of our own, for screens that look the same each time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.credit import Rating, is_barred, may_come_later
from hall_controller.domain.decide import assign, decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.events import Event
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Mode, Narrowing, Rules, Tier
from hall_controller.domain.sender import HALL, Role, Sender
from hall_controller.domain.ticket import Channel, Language, VisitorClass

NINE_MS = 1_795_482_000_000
"""2026-11-24 09:00 in Shanghai."""
CATALOGUE = parse_catalogue((Path(__file__).parent / "matters.csv").read_text("utf-8"))
"""A catalogue of our own, so that a change to the sample catalogue changes no picture."""


class LocalHall:
    """Answers as `HallClient` does. `answers = False` is a controller that is gone."""

    def __init__(
        self,
        *,
        mode: Mode = Mode.PULL,
        counters: int = 8,
        narrow: dict[int, Narrowing] | None = None,
        at_ms: int = NINE_MS,
        **wishes: Any,
    ) -> None:
        """`wishes` are more rules, e.g. `lunch_counters`."""
        self.hall: Hall | None = Hall()
        self.state = self.hall
        self.connected = True
        self.shared: frozenset[int] = frozenset()
        self.give_up_s = 6.0
        self.answers = True
        self.at_ms = at_ms
        self.asked: list[wire.Request] = []
        self.sender = HALL
        self._replies: dict[str, Any] = {}
        self.journal: list[msgspec.Raw] = []
        self.devices: dict[str, wire.DeviceStatus] = {}
        self.clock_off_ms = 0
        self.process: wire.ProcessFigures | None = None
        self._events: list[Callable[[Event], None]] = []
        self._connections: list[Callable[[bool], None]] = []
        self._devices: list[Callable[[frozenset[int]], None]] = []
        rules = Rules(
            hall="BA001",
            tier=Tier.STREET,
            counters=counters,
            name_zh="西乡街道政务大厅",
            name_en="Xixiang Hall",
            mode=mode,
            narrow=narrow or {},
            **wishes,
        )
        self._evolve([_stamped(e.EpochStarted(origin=e.Origin.INIT), self.state, self.at_ms)])
        self.do(c.ChangeRules(rules=rules))
        self.tick()

    @property
    def catalogue(self) -> Catalogue:
        return CATALOGUE

    def later(self, seconds: float) -> None:
        self.at_ms += int(seconds * 1000)

    def tick(self) -> None:
        """Until there is nothing more that the time brings: the clock may have gone far."""
        seq = -1
        while seq != self.state.seq:
            seq = self.state.seq
            self.do(c.Tick())

    def until(self, hour: int, minute: int = 0) -> None:
        """Let the time pass until then, today, and decide what it brings."""
        self.at_ms = NINE_MS + ((hour - 9) * 60 + minute) * 60_000
        self.tick()

    def do(self, command: c.Command, by: Sender = HALL) -> wire.Accepted | Refusal:
        estimate = predict_newcomer(self.state, VisitorClass.ORDINARY, self.at_ms) if self.state.rules else None
        rating = self.rating(command.applicant) if isinstance(command, c.AcceptMatter) else None
        moment = Moment(at_ms=self.at_ms, by=by, catalogue=CATALOGUE, estimate=estimate, rating=rating)
        decided = decide(self.state, command, moment)
        if isinstance(decided, Refusal):
            return decided
        self._evolve(decided)
        while self.state.rules and (calls := assign(self.state, moment)):
            self._evolve(calls)
        return self._accepted(command, decided)

    def rating(self, applicant: str | None) -> Rating | None:
        """`GOOD…` is well rated, `BAD…` discredited, `GONE…` cannot be asked for."""
        kinds = {"GOOD": Rating.GOOD, "BAD": Rating.DISCREDITED, "GONE": None}
        return next((rating for start, rating in kinds.items() if (applicant or "").startswith(start)), Rating.ORDINARY)

    def credit(self, query: wire.Credit) -> wire.CreditReply:
        matter, rating = CATALOGUE.matters[query.matter], self.rating(query.applicant)
        barred, words = is_barred(matter, rating), in_force(self.state).credit
        return wire.CreditReply(
            rating,
            barred,
            words.barred_zh if barred else "",
            words.barred_en if barred else "",
            may_come_later(matter, rating),
        )

    def _accepted(self, command: c.Command, events: list[Event]) -> wire.Accepted:
        for event in events:
            if isinstance(event, e.TicketIssued | e.TicketCheckedIn):
                return wire.Accepted(
                    self.state.seq,
                    ticket=event.ticket,
                    number=event.number,
                    ahead=event.ahead,
                    predicted_wait_s=event.predicted_wait_s,
                )
            if isinstance(event, e.TicketBooked):
                return wire.Accepted(self.state.seq, event.ticket, token="k7Qm2xTz", code=f"{event.ticket}-4711")
            if isinstance(event, e.MatterAccepted):
                return wire.Accepted(self.state.seq, receipt=event.receipt)
            if isinstance(event, e.ConsignmentSent):
                return wire.Accepted(self.state.seq, consignment=event.consignment)
            if isinstance(event, e.TicketCalled):
                return wire.Accepted(self.state.seq, ticket=event.ticket, number=event.number, counter=event.counter)
        if isinstance(command, c.CallNext):
            return wire.Accepted(self.state.seq, ticket=None)
        return wire.Accepted(self.state.seq)

    def _evolve(self, events: list[Event]) -> None:
        for event in events:
            self.hear(event)

    def hear(self, event: Event) -> None:
        """An event that has been decided."""
        evolve(self.state, event)
        self.journal.append(msgspec.Raw(wire.encode(event)))
        for listener in self._events:
            listener(event)

    # --- as HallClient ---------------------------------------------------------------------------

    def now_ms(self) -> int:
        return self.at_ms

    async def ask(self, request: wire.Request, *, request_id: str | None = None) -> Any:
        if not self.answers:
            raise NoController("nobody answers")
        if isinstance(request, wire.Matters):
            return wire.MattersReply(list(CATALOGUE.matters.values()))
        if isinstance(request, wire.Status):
            devices = {"kiosk": wire.DeviceStatus("kiosk", self.at_ms), **self.devices}
            now_ms, off_ms = self.at_ms, self.clock_off_ms
            return wire.StatusReply(
                "BA001",
                Tier.STREET,
                "",
                "",
                "0",
                "e",
                self.state.seq,
                now_ms,
                1.0,
                off_ms,
                False,
                devices,
                self.process,
            )
        if isinstance(request, wire.EventsSince):
            page = self.journal[request.seq : request.seq + request.limit]
            return wire.EventsReply(self.state.epoch, 1, self.state.seq, page)
        if isinstance(request, wire.Credit):
            return self.credit(request)
        assert isinstance(request, c.Command)
        self.asked.append(request)
        if request_id in self._replies:
            return self._replies[request_id]
        reply = self.do(request, self.sender)
        if request_id and isinstance(reply, wire.Accepted):
            self._replies[request_id] = reply
        return reply

    def follow(self) -> None:
        self.connect(self.connected)

    async def close(self) -> None: ...

    def on_event(self, listener: Callable[[Event], None]) -> None:
        self._events.append(listener)

    def on_sync(self, listener: Callable[[], None]) -> None: ...

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        self._connections.append(listener)

    def on_devices(self, listener: Callable[[frozenset[int]], None]) -> None:
        self._devices.append(listener)

    def share(self, *counters: int) -> None:
        """More than one terminal speaks for each of these counters from now on."""
        self.shared = frozenset(counters)
        for listener in self._devices:
            listener(self.shared)

    def connect(self, connected: bool) -> None:
        self.connected = connected
        for listener in self._connections:
            listener(connected)


def _stamped(event: Event, hall: Hall, at_ms: int) -> Event:
    event.epoch, event.seq, event.at_ms = "e", hall.seq + 1, at_ms
    return event


CLERK = Sender("counter-3", Role.COUNTER, 3)


def busy_hall(mode: Mode = Mode.PULL) -> LocalHall:
    """Half past ten on a busy morning: counter 3 has served, holds one, serves one; others work, ten wait."""
    local = LocalHall(mode=mode)
    for number in (1, 2, 3, 5):
        local.do(c.OpenCounter(counter=number, clerk=f"{number:03d}"))
    codes = list(CATALOGUE.matters)

    def come(step: int, count: int) -> None:
        for at in range(count):
            kind = VisitorClass.PRIORITY if at % 4 == 1 else VisitorClass.ORDINARY
            language = Language.CANTONESE if at % 3 == 0 else Language.ENGLISH if at % 5 == 4 else Language.MANDARIN
            local.do(
                c.IssueTicket(
                    matter=codes[at * step % len(codes)], visitor_class=kind, language=language, channel=Channel.KIOSK
                )
            )
            local.later(75)

    come(7, 6)
    for served in range(3):
        local.do(c.CallNext(counter=3))
        local.later(25)
        if served == 1:
            local.do(c.Missed(counter=3))
            continue
        local.do(c.StartService(counter=3))
        local.later(400 + 90 * served)
        local.do(c.FinishService(counter=3) if served == 0 else c.Hold(counter=3))
    come(11, 11)
    for number in (1, 2):
        local.do(c.CallNext(counter=number))
    local.do(c.StartService(counter=1))
    local.do(c.CallNext(counter=3))
    local.later(48)
    return local
