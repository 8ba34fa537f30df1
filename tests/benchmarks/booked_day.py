"""A day with every slot booked full, on the pure core: who waits how long. For tests.benchmarks.booked.

The bound that it watches is derived in docs/bookings.md: with a favoured visitors ahead and including this one, k, c
counters and a mean turn T, a booked visitor is called within (1 + (a + ceil(a / k) - 1) / c) T.
"""

import datetime as dt
import heapq
import math
import random
from typing import NamedTuple

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.booking import SLOT_MS, slots, visit_s
from hall_controller.domain.counter import CounterState
from hall_controller.domain.decide import decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import DAYS, Rules, Tier, Window
from hall_controller.domain.sender import HALL, Role, Sender
from hall_controller.domain.ticket import VisitorClass

DAY = dt.date(2026, 11, 30)
OPENING = dt.datetime(2026, 11, 30, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
OPENING_MS = round(OPENING.timestamp() * 1000)
HOURS = 8
GATEWAY, MANAGER = Sender("gateway", Role.GATEWAY), Sender("manager", Role.MANAGER)
MATTER = Matter(
    code="m", name_zh="事项", name_en="matter", subject=Subject.NATURAL, group="all", group_zh="全部", group_en="all",
    usual_minutes=8,
)  # fmt: skip
CATALOGUE = Catalogue({"m": MATTER})
ABSENT_S = 60.0
"""What a visitor who does not come when called keeps a counter."""


class Plan(NamedTuple):
    """A kind of day."""

    counters: int
    load: float
    """Of what the counters can serve, booked visitors included."""
    share: float = 0.3
    """`booking_share`."""
    k: int = 2
    priority: float = 0.12
    """Of those who walk in."""
    no_show: float = 0.1
    """Of the booked, who never come."""
    absent: float = 0.05
    """Of all who have come: not there when called."""
    at_once: bool = False
    """All who booked a half hour come at its very beginning."""
    spread: float = 0.6
    """Of a service: sigma of the logarithm is drawn from it."""
    books: bool = True
    """False: the same people come at the same moments, and queue like everyone else."""
    lost: int = 0
    """Counters that close for the two hours from ten on, with all slots booked already."""


class Wait(NamedTuple):
    """Of one booked visitor on time, from the slot or the later check-in on; seconds."""

    wait_s: float
    ahead: int
    """Favoured visitors who stood before, and this one."""
    booked: int
    """Of the same half hour, in all."""
    open: int
    turn_s: float
    """Mean of the turns under way (what was left of them) and begun while this one waited."""


class Outcome:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.turn_s = 0.0
        """What the hall takes a visit to keep a counter, at the time of booking."""
        self.per_slot = 0
        self.booked: list[Wait] = []
        self.walked: dict[VisitorClass, list[float]] = {VisitorClass.ORDINARY: [], VisitorClass.PRIORITY: []}
        """Waits of those who walked in, too late bookings left out."""
        self.all: list[float] = []
        """Waits of everybody, from the moment on at which they came."""
        self.run = 0
        """The longest run of favoured calls while an ordinary visitor waited."""
        self.passed = 0.0
        """The most favoured calls that an ordinary visitor watched, for each ordinary call until then and its own."""
        self.unserved = 0

    def add(self, other: "Outcome") -> None:
        self.turn_s, self.per_slot = other.turn_s, other.per_slot
        self.booked += other.booked
        for visitor_class, waits in other.walked.items():
            self.walked[visitor_class] += waits
        self.all += other.all
        self.run, self.passed = max(self.run, other.run), max(self.passed, other.passed)
        self.unserved += other.unserved

    @property
    def room(self) -> int:
        """p: places for those of class priority who wait when the slot begins, and late ones of the slot before."""
        return room_for_priority(self.plan, self.turn_s)

    @property
    def bound_s(self) -> float:
        return bound_s(self.per_slot + self.room, self.plan.k, self.plan.counters, self.turn_s)


def room_for_priority(plan: Plan, turn_s: float) -> int:
    """Those who come, on average, while two turns last at a full hall; one at least."""
    rate = plan.priority * max(0.0, 0.95 - plan.share) * plan.counters / turn_s
    return max(1, math.ceil(rate * 2 * turn_s))


def bound_s(ahead: int, k: int, counters: int, turn_s: float) -> float:
    """Within which the last of so many favoured visitors is called, whatever ordinary visitors wait."""
    calls = ahead + math.ceil(ahead / k)
    return (1 + (calls - 1) / counters) * turn_s


class Person(NamedTuple):
    service_s: float
    absent: bool
    visitor_class: VisitorClass
    booker: bool = False
    ticket: int | None = None
    """Of a booking."""


class Waiting(NamedTuple):
    since_ms: int
    ahead: int
    booked: int
    left_ms: float
    """Of the turns under way;"""
    turns: int
    """so many."""
    calls: int
    """Until then."""


class Watched:
    """One day at a hall of the pure core. Clerks call at once; a turn is walk, service and what comes after it."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.rng = plan, random.Random(seed)
        self.outcome = Outcome(plan)
        self.hall = Hall()
        self.now_ms = OPENING_MS - 86_400_000
        rules = Rules(
            hall="B", tier=Tier.STREET, counters=plan.counters, favoured_limit=plan.k, last_ticket_s=0,
            booking_share=plan.share, booking_holder_limit=100,
            hours=(Window(days=DAYS, start=dt.time(9), end=dt.time(9 + HOURS)),),
        )  # fmt: skip
        first = e.EpochStarted(origin=e.Origin.MODEL)
        first.epoch, first.seq, first.at_ms, first.service_day = "model", 1, self.now_ms, DAY.isoformat()
        evolve(self.hall, first)
        self.do(c.ChangeRules(rules=rules), HALL)
        self.agenda: list[tuple[int, int, str, object]] = []
        self.order = 0
        self.people: dict[int, Person] = {}
        self.closing: set[int] = set()
        self.ends: dict[int, int] = {}
        """When the present turn of each counter that has a visitor ends."""
        self.waiting: dict[int, Waiting] = {}
        """Booked visitors on time, from the moment on from which their wait counts."""
        self.promised: dict[int, int] = {}
        """Of these, the ones who have checked in and whose slot is still to come."""
        self.came: dict[int, int] = {}
        self.calls: list[float] = []
        """Lengths in ms of all turns so far, in order of their calls."""
        self.ordinary_calls = 0
        self.favoured_calls = 0
        self.run = 0
        self.watched: dict[int, tuple[int, int]] = {}
        """By ordinary ticket: favoured and ordinary calls before it came."""

    def do(self, command: c.Command, by: Sender = MANAGER) -> list[e.Event]:
        events = decide(self.hall, command, Moment(at_ms=self.now_ms, by=by, catalogue=CATALOGUE))
        assert not isinstance(events, Refusal), events
        for event in events:
            evolve(self.hall, event)
        return events

    # --- the plan of the day ---------------------------------------------------------------------

    def later(self, at_ms: float, what: str, about: object) -> None:
        self.order += 1
        heapq.heappush(self.agenda, (round(at_ms), self.order, what, about))

    def draw(self) -> None:
        outcome, plan, rng = self.outcome, self.plan, self.rng
        outcome.turn_s = visit_s(self.hall)
        mean_s = outcome.turn_s - 20.0
        half_hours = slots(self.hall, DAY, self.now_ms)
        outcome.per_slot = half_hours[0].capacity
        for one in half_hours:
            come = 0
            for _ in range(one.capacity):
                come += self._book(one.slot_at_ms, mean_s)
            if plan.books:
                self._must_be_full(one.slot_at_ms)
            served = plan.counters * SLOT_MS / 1000 / outcome.turn_s
            rate = max(0.0, plan.load * served - come)
            at_ms = float(one.slot_at_ms)
            while rate and (at_ms := at_ms + rng.expovariate(rate) * SLOT_MS) < one.slot_at_ms + SLOT_MS:
                favoured = rng.random() < plan.priority
                visitor_class = VisitorClass.PRIORITY if favoured else VisitorClass.ORDINARY
                self.later(at_ms, "walks in", self._person(mean_s, visitor_class))
        for number in range(1, plan.counters + 1):
            self.later(OPENING_MS, "opens", number)
        for number in range(1, plan.lost + 1):
            self.later(OPENING_MS + 3_600_000, "closes", number)
            self.later(OPENING_MS + 3 * 3_600_000, "opens", number)

    def _book(self, slot_at_ms: int, mean_s: float) -> int:
        plan, rng = self.plan, self.rng
        no_show = rng.random() < plan.no_show
        person = self._person(mean_s, VisitorClass.APPOINTMENT)._replace(booker=True)
        draw = rng.random()
        early, late, too_late = (-1800, 0), (0, 600), (601, 1200)
        after_s = rng.uniform(*(early if draw < 0.7 else late if draw < 0.93 else too_late))
        at_ms = slot_at_ms + (0 if plan.at_once else round(after_s * 1000))
        if not plan.books:
            if not no_show:
                self.later(at_ms, "walks in", person._replace(visitor_class=VisitorClass.ORDINARY))
            return not no_show
        # As the app does it: it would be refused if the half hour were full.
        self.order += 1
        booking = c.BookTicket(matter="m", slot_at_ms=slot_at_ms, holder=f"{self.order}")
        (booked,) = self.do(booking, GATEWAY)
        assert isinstance(booked, e.TicketBooked)
        if not no_show:
            self.later(at_ms, "checks in", person._replace(ticket=booked.ticket))
        return not no_show

    def _must_be_full(self, slot_at_ms: int) -> None:
        one_more = c.BookTicket(matter="m", slot_at_ms=slot_at_ms, holder="one more")
        refusal = decide(self.hall, one_more, Moment(at_ms=self.now_ms, by=GATEWAY, catalogue=CATALOGUE))
        assert isinstance(refusal, Refusal)
        assert refusal.code is Code.NO_SLOT

    def _person(self, mean_s: float, visitor_class: VisitorClass) -> Person:
        plan, rng = self.plan, self.rng
        absent = rng.random() < plan.absent
        sigma = math.sqrt(math.log(1 + plan.spread**2))
        service_s = mean_s * rng.lognormvariate(-(sigma**2) / 2, sigma)
        return Person(service_s, absent, visitor_class)

    # --- the day ---------------------------------------------------------------------------------

    def play(self) -> Outcome:
        self.draw()
        while self.agenda:
            at_ms, _, what, about = heapq.heappop(self.agenda)
            self.now_ms = max(self.now_ms, at_ms)
            match what, about:
                case "opens", int(number):
                    self.do(c.OpenCounter(counter=number, clerk=f"{number}"))
                case "closes", int(number):
                    self.closing.add(number)
                    self._close(number)
                case "walks in", Person() as person:
                    self._walk_in(person)
                case "checks in", Person() as person:
                    self._check_in(person)
                case "promise", int(ticket):
                    self._watch(ticket)
                case "ends", (int(number), int(ticket)):
                    self._end(number, ticket)
            self._call_all()
        self.outcome.unserved = sum(map(len, self.hall.queues.values()))
        return self.outcome

    def _close(self, number: int) -> None:
        """Once its visitor is served."""
        if number in self.closing and self.hall.counters[number].state is CounterState.READY:
            self.closing.remove(number)
            self.do(c.CloseCounter(counter=number))

    def _walk_in(self, person: Person) -> None:
        issued = self.do(c.IssueTicket(matter="m", visitor_class=person.visitor_class))[0]
        assert isinstance(issued, e.TicketIssued)
        self._come(issued.ticket, person)

    def _come(self, ticket: int, person: Person) -> None:
        self.people[ticket], self.came[ticket] = person, self.now_ms
        if self.hall.tickets[ticket].visitor_class is VisitorClass.ORDINARY:
            self.watched[ticket] = (self.favoured_calls, self.ordinary_calls)

    def _check_in(self, person: Person) -> None:
        assert person.ticket is not None
        checked = self.do(c.CheckIn(ticket=person.ticket))[0]
        assert isinstance(checked, e.TicketCheckedIn)
        self._come(person.ticket, person)
        if checked.visitor_class is VisitorClass.APPOINTMENT:
            slot_at_ms = self.hall.tickets[person.ticket].slot_at_ms or 0
            self.promised[person.ticket] = max(self.now_ms, slot_at_ms)
            self.later(self.promised[person.ticket], "promise", person.ticket)

    def _watch(self, ticket: int) -> None:
        """From now on the wait counts; what stands before is what the bound is made of."""
        if self.promised.pop(ticket, None) is None:
            return  # called before the booked moment
        place = self.hall.tickets[ticket].place
        queues = (self.hall.queues.get(one, []) for one in (VisitorClass.PRIORITY, VisitorClass.APPOINTMENT))
        ahead = sum(entry[0] < place for queue in queues for entry in queue) + 1
        left_ms = float(sum(max(0, end_ms - self.now_ms) for end_ms in self.ends.values()))
        self.waiting[ticket] = Waiting(
            self.now_ms, ahead, self.outcome.per_slot, left_ms, len(self.ends), len(self.calls)
        )

    def _call_all(self) -> None:
        for number in sorted(self.hall.counters):
            counter = self.hall.counters[number]
            if counter.state is not CounterState.READY or not any(self.hall.queues.values()):
                continue
            ordinary = self.hall.queues.get(VisitorClass.ORDINARY)
            (called,) = self.do(c.CallNext(counter=number))
            assert isinstance(called, e.TicketCalled)
            self._count(called.ticket, ordinary_waited=bool(ordinary))
            person = self.people[called.ticket]
            turn_s = ABSENT_S if person.absent else 20.0 + person.service_s
            self._answer(called.ticket)
            self.calls.append(turn_s * 1000)
            if not person.absent:
                self.do(c.StartService(counter=number))
            self.ends[number] = self.now_ms + round(turn_s * 1000)
            self.later(self.ends[number], "ends", (number, called.ticket))

    def _count(self, ticket: int, *, ordinary_waited: bool) -> None:
        visitor_class = self.hall.tickets[ticket].visitor_class
        if visitor_class is VisitorClass.ORDINARY:
            favoured, ordinary = self.watched.pop(ticket)
            self.ordinary_calls += 1
            watched = self.favoured_calls - favoured
            self.outcome.passed = max(self.outcome.passed, watched / (self.ordinary_calls - ordinary))
            self.run = 0
        else:
            self.favoured_calls += 1
            self.run = self.run + 1 if ordinary_waited else 0
            self.outcome.run = max(self.outcome.run, self.run)

    def _answer(self, ticket: int) -> None:
        person, wait_s = self.people[ticket], (self.now_ms - self.came[ticket]) / 1000
        self.outcome.all.append(wait_s)
        if not person.booker:
            self.outcome.walked[person.visitor_class].append(wait_s)
        watch = self.waiting.pop(ticket, None)
        if self.promised.pop(ticket, None) is not None:
            self.outcome.booked.append(Wait(0.0, 1, self.outcome.per_slot, len(self.ends) or 1, 0.0))
        elif watch is not None:
            begun_ms = self.calls[watch.calls :]
            turns = watch.turns + len(begun_ms)
            work_ms = watch.left_ms + sum(begun_ms)
            mean_s = work_ms / turns / 1000 if turns else 0.0
            still = sum(one.state is not CounterState.CLOSED for one in self.hall.counters.values()) - len(self.closing)
            wait = (self.now_ms - watch.since_ms) / 1000
            self.outcome.booked.append(Wait(wait, watch.ahead, watch.booked, min(watch.turns, still), mean_s))

    def _end(self, number: int, ticket: int) -> None:
        del self.ends[number]
        if self.people[ticket].absent:
            self.do(c.Missed(counter=number))
        else:
            self.do(c.FinishService(counter=number))
        self._close(number)


def play(plan: Plan, days: int, first_seed: int = 0) -> Outcome:
    """So many days, one after another."""
    pooled = Outcome(plan)
    for seed in range(first_seed, first_seed + days):
        pooled.add(Watched(plan, seed).play())
    return pooled
