"""The same question put to a simulator that is not ours: ciw draws arrivals, services and departures, our core watches.

ciw (Palmer and others 2019, Ciw: An open-source discrete event simulation library) decides who comes when, who is
served when and for how long. Each of its steps is told to the pure core as the command that a kiosk or a clerk would
have sent; what a newcomer is told then comes from the core, and what came of it from ciw.
"""

import datetime as dt
import random
from typing import Any, NamedTuple

import ciw

from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.rules import DAYS, RosterWindow, Rules, Tier
from hall_controller.domain.ticket import VisitorClass
from hall_controller.rehearsal.model import ModelStage
from tests.benchmarks.prediction import Told, Watch

OPENING = dt.datetime(2026, 11, 30, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
OPENING_MS = round(OPENING.timestamp() * 1000)
AFTER = 240.0
"""Minutes in which the last visitors are served."""
NO_SHOW_MINUTES = 1.0


class Shift(NamedTuple):
    until: float
    """Minutes from opening."""
    counters: int


class Model(NamedTuple):
    """Minutes and visitors a minute."""

    name: str
    rates: tuple[tuple[float, float], ...]
    """(until, visitors a minute)"""
    shifts: tuple[Shift, ...]
    means: tuple[float, ...] = (8.0,)
    """Of a service, by matter; all are wanted equally often."""
    spread: float = 0.6
    """Standard deviation over mean; 1 with `exponential`."""
    exponential: bool = False
    priority: float = 0.0
    no_show: float = 0.0
    patience: float | None = None
    """Mean of an exponential patience."""
    known: bool = True
    """The hall knows its roster."""


MODELS = (
    Model("ciw steady", ((510, 0.69),), (Shift(750, 6),)),
    Model("ciw exponential", ((510, 0.69),), (Shift(750, 6),), exponential=True),
    Model("ciw rush", ((120, 1.4), (300, 0.9), (510, 0.7)), (Shift(90, 7), Shift(750, 10)), (4.0, 7.0, 16.0)),
    Model(
        "ciw lunch", ((180, 1.05), (300, 0.5), (510, 0.9)), (Shift(180, 9), Shift(300, 4), Shift(750, 9)), (5.0, 12.0)
    ),
    Model(
        "ciw counter lost",
        ((510, 0.66),),
        (Shift(60, 6), Shift(150, 4), Shift(750, 6)),
        priority=0.15,
        known=False,
    ),
    Model("ciw no-shows", ((120, 1.4), (510, 0.95)), (Shift(750, 6),), no_show=0.25, patience=90.0),
)


def play_model(model: Model, seed: int) -> list[tuple[Told, int]]:
    """One day."""
    ciw.seed(seed)
    random.seed(seed)  # ciw's own draw of dates within an interval
    mirror = _Mirror(model)
    kinds = _kinds(model)
    network = ciw.create_network(
        arrival_distributions={kind: [_arrivals(model, share)] for kind, (_, share, _) in kinds.items()},
        service_distributions={kind: [_service(model, mean)] for kind, (mean, _, _) in kinds.items()},
        number_of_servers=[
            ciw.Schedule(
                numbers_of_servers=[shift.counters for shift in model.shifts],
                shift_end_dates=[float(shift.until) for shift in model.shifts],
            )
        ],
        priority_classes={kind: 0 if favoured or not model.priority else 1 for kind, (_, _, favoured) in kinds.items()},
        reneging_time_distributions=None
        if model.patience is None
        else {kind: [ciw.dists.Exponential(1 / model.patience)] for kind in kinds},
    )
    simulation = ciw.Simulation(network, node_class=type("Watched", (_Watched,), {"mirror": mirror}))
    simulation.simulate_until_max_time(model.rates[-1][0] + AFTER)
    return mirror.watch.scored


def _kinds(model: Model) -> dict[str, tuple[float, float, bool]]:
    """(mean, share, favoured) by ciw's class; its name says what our core is to be told."""
    kinds: dict[str, tuple[float, float, bool]] = {}
    for number, mean in enumerate(model.means):
        for favoured, of_class in ((True, model.priority), (False, 1 - model.priority)):
            for absent, of_all in ((True, model.no_show), (False, 1 - model.no_show)):
                share = of_class * of_all / len(model.means)
                if share > 0:
                    name = f"m{number} {'priority' if favoured else 'ordinary'} {'absent' if absent else 'present'}"
                    kinds[name] = (NO_SHOW_MINUTES if absent else mean, share, favoured)
    return kinds


def _arrivals(model: Model, share: float) -> Any:
    ends = [float(until) for until, _ in model.rates]
    return ciw.dists.PoissonIntervals([rate * share for _, rate in model.rates], ends, ends[-1])


def _service(model: Model, mean: float) -> Any:
    if mean == NO_SHOW_MINUTES:
        return ciw.dists.Deterministic(mean)
    return ciw.dists.Exponential(1 / mean) if model.exponential else ciw.dists.Gamma(*_gamma(mean, model.spread))


def _gamma(mean: float, spread: float) -> tuple[float, float]:
    """Not the log-normal form that our prediction assumes."""
    return 1 / spread**2, mean * spread**2


class _Watched(ciw.Node):  # type: ignore[misc]  # ciw has no types
    """A ciw node that tells the mirror what it does."""

    mirror: "_Mirror"

    def accept(self, next_individual: Any, completed: bool = False) -> None:
        self.mirror.comes(self.now, next_individual)
        super().accept(next_individual, completed)

    def attach_server(self, server: Any, individual: Any) -> None:
        super().attach_server(server, individual)
        self.mirror.starts(self.now, server, individual)

    def detatch_server(self, server: Any, individual: Any) -> None:
        self.mirror.ends(self.now, server, individual)
        super().detatch_server(server, individual)

    def kill_server(self, srvr: Any) -> None:
        super().kill_server(srvr)
        self.mirror.closes(self.now, srvr)

    def create_starting_servers(self) -> Any:
        servers = super().create_starting_servers()
        for server in servers:
            self.mirror.opens(0.0, server)
        return servers

    def change_shift(self) -> None:
        """As clerks do it: whoever stays goes on, whoever leaves ends with the visitor at the counter."""
        self.schedule.get_next_shift()
        self.next_shift_change, self.c = self.schedule.next_shift_change_date, self.schedule.c
        there = [server for server in self.servers if not server.offduty]
        for server in sorted(there, key=lambda one: one.busy)[: max(0, len(there) - self.c)]:
            server.shift_end = self.next_event_date
            if server.busy:
                server.offduty = True
            else:
                self.kill_server(server)
        before = len(self.servers)
        self.add_new_servers(max(0, self.c - len(there)))
        for server in self.servers[before:]:
            self.mirror.opens(self.now, server)
        self.begin_service_if_possible_change_shift()

    def renege(self) -> None:
        before = {one.id_number for line in self.individuals for one in line}
        super().renege()
        left = before - {one.id_number for line in self.individuals for one in line}
        self.mirror.leave(self.now, left)


class _Mirror:
    """The pure core, told what ciw does."""

    def __init__(self, model: Model) -> None:
        self.watch = Watch()
        matters = {f"m{number}": _matter(f"m{number}", mean) for number, mean in enumerate(model.means)}
        self._stage = ModelStage(_rules(model), Catalogue(matters), OPENING_MS - 60_000, self.watch.hear)
        self._tickets: dict[int, int] = {}
        self._counters: dict[int, int] = {}

    def _at(self, minutes: float) -> None:
        at_ms = OPENING_MS + round(minutes * 60_000)
        while self._stage.now_ms < at_ms:
            _run(self._stage.reach(at_ms))

    def _do(self, command: c.Command) -> Any:
        reply = _run(self._stage.send("manager", command))
        assert hasattr(reply, "seq"), reply
        return reply

    def opens(self, now: float, server: Any) -> None:
        self._at(now)
        number = next(n for n in range(1, 200) if n not in self._counters.values())
        self._counters[id(server)] = number
        self._do(c.OpenCounter(counter=number, clerk=f"{100 + number}"))

    def closes(self, now: float, server: Any) -> None:
        self._at(now)
        self._do(c.CloseCounter(counter=self._counters.pop(id(server))))

    def comes(self, now: float, individual: Any) -> None:
        self._at(now)
        matter, visitor_class, _ = individual.customer_class.split()
        command = c.IssueTicket(matter=matter, visitor_class=VisitorClass(visitor_class))
        self._tickets[individual.id_number] = self._do(command).ticket

    def starts(self, now: float, server: Any, individual: Any) -> None:
        self._at(now)
        counter, ticket = self._counters[id(server)], self._tickets[individual.id_number]
        called = self._do(c.CallNext(counter=counter)).ticket
        if called != ticket:  # ciw's priority is strict, ours lets an ordinary visitor through now and then
            self._do(c.Undo(counter=counter))
            self._do(c.CallTicket(counter=counter, ticket=ticket))
        if not individual.customer_class.endswith("absent"):
            self._do(c.StartService(counter=counter, ticket=ticket))

    def ends(self, now: float, server: Any, individual: Any) -> None:
        self._at(now)
        counter, ticket = self._counters[id(server)], self._tickets.pop(individual.id_number)
        if self._stage.hall.counters[counter].state is CounterState.CALLING:
            self._do(c.Missed(counter=counter, ticket=ticket))
        else:
            self._do(c.FinishService(counter=counter, ticket=ticket))

    def leave(self, now: float, individuals: set[int]) -> None:
        self._at(now)
        for individual in individuals:
            self._do(c.CancelTicket(ticket=self._tickets.pop(individual)))


def _matter(code: str, mean: float) -> Matter:
    return Matter(
        code=code,
        name_zh=code,
        name_en=code,
        subject=Subject.NATURAL,
        group="all",
        group_zh="all",
        group_en="all",
        usual_minutes=mean,
    )


def _rules(model: Model) -> Rules:
    windows = []
    start = OPENING
    for shift in model.shifts if model.known else ():
        end = OPENING + dt.timedelta(minutes=shift.until)
        windows.append(RosterWindow(days=DAYS, start=start.time(), end=end.time(), counters=shift.counters))
        start = end
    return Rules(
        hall="CIW",
        tier=Tier.STREET,
        counters=60,
        hours=(),
        favoured_limit=20,
        missed_grace_s=0,
        roster=tuple(windows),
    )


def _run(coroutine: Any) -> Any:
    """The stage on the pure core never waits for anything."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the stage waited")
