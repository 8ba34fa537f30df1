"""Nobody is forgotten, over random steps: whoever waits is reached by the counters that work, or named by an alert.

The steps are everything that people do at counters, at reception and in the manager's seat, in a hall whose hours,
lunch and closing run as well. After each of them everybody who waits is looked at. Whom no counter that works may call
at this moment must become callable, or be named by an alert, as time alone passes; whom one may call must be called by
it within a bound, even if a favoured newcomer comes with every call.

The bound, in calls by counters that may call the visitor, with k = `favoured_limit`, o ordinary and f favoured visitors
before: an ordinary one is reached within (o + 1) · (k + 1) calls, since each ordinary visitor before is passed by k at
most; a favoured one within F + ⌈(r + F) / k⌉ + ⌈(p + F) / k⌉, F = f + 1, since an ordinary one goes first after k
favoured calls in a row or past that one (r and p are those so far); by `fcfs` within o + f + 1. The time is bounded by
the longest threshold of an alert, counted from the next opening on; 200 s are enough for whom no counter may call.

`sh deploy/test --nightly liveness` goes on for as long as it is let. A failure prints its seed and its last steps.
"""

import math
import random
import time
from collections.abc import Iterator

import msgspec
import pytest

from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.alerts.visitors import waiting, whom, working_counters
from hall_controller.domain.assignment import FAVOURED, may_take
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.hall import Hall, Issuing, in_force, waiting_count
from hall_controller.domain.hours import next_openings
from hall_controller.domain.keeping import keeper
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Between, Mode, Narrowing, Policy
from hall_controller.domain.sender import Sender
from hall_controller.domain.ticket import Language, Ticket, TicketState
from tests import nightly
from tests.unit.domain.support import KIOSK, MANAGER, PRIORITY, RECEPTION, Pretend

STEPS = 100_000
A_DAY = 400
"""Steps in one hall; then another begins."""
PATIENCE_S = 2400
"""Longer than the longest threshold of an alert about visitors: 1,800 s of `long_wait` and `long_hold`."""
SOON_S = 200
"""Longer than those of `no_counter`, `none_suits` and `results_away`."""
KEPT_S = 1200
"""Longer than that of `kept_wait`."""
LOOKED_AT_EVERY = 40
"""Steps, after which it is not only asked who may call whom: the counters call."""
COUNTERS = 4
MATTERS = ("pension", "licence", "collect", "collect")
GROUPS: tuple[tuple[str, ...] | None, ...] = (None, None, None, ("pickup",), ("social",), ("business", "pickup"))
TONGUES: tuple[tuple[Language, ...], ...] = ((), (), (), (Language.ENGLISH,), (Language.MANDARIN, Language.CANTONESE))


class Quick(Pretend):
    """Without predictions: nobody here asks how long it takes, and they are half of the work."""

    def _moment(self, by: Sender, command: c.Command) -> Moment:
        del command
        return Moment(at_ms=self.now_ms, by=by, catalogue=self.catalogue, estimate=Estimate(0, 0))


class Lost(AssertionError):
    """Somebody is forgotten."""


class Day:
    """One hall, and a stream of random numbers for all that happens in it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.log: list[str] = []
        self.hall = Quick(
            self.random.choice(["2026-11-24 09:00:00", "2026-11-24 11:30:00", "2026-11-24 17:00:00"]),
            COUNTERS,
            mode=self.random.choice(list(Mode)),
            policy=self.random.choice([Policy.PRIORITY, Policy.PRIORITY, Policy.FCFS]),
            favoured_limit=self.random.randint(1, 3),
            between=self.random.choice(list(Between)),
            hours=self.random.choice([DEFAULT_HOURS, (*DEFAULT_HOURS, LUNCH), ()]),
            lunch_counters=self.random.choice([(), (1,), (1, 2)]),
            results_anywhere=self.random.random() < 0.2,
        )
        self.looked: dict[int, int] = {}

    def step(self) -> None:
        """One act that makes sense at a random counter, a newcomer, the manager's hand, or time."""
        draw = self.random.random()
        if draw < 0.2:
            self._comes()
        elif draw < 0.75:
            self._at_counter(self.random.randint(1, COUNTERS))
        elif draw < 0.85:
            self._manages()
        else:
            self.pass_time(self.random.choice([1, 5, 30, 30, 60, 120, 300, 1200, 3600, 6 * 3600]))

    def pass_time(self, seconds: float) -> None:
        self._said(f"{seconds} s pass")
        self.hall.later(seconds)

    def send(self, command: c.Command) -> None:
        self._said(str(command))
        self.hall.try_(command, MANAGER)

    def _said(self, what: str) -> None:
        self.log.append(what)

    def _any(self, *states: TicketState) -> int:
        found = [ticket.ticket for ticket in self.hall.hall.tickets.values() if ticket.state in states]
        return self.random.choice(found) if found else 1

    def _comes(self) -> None:
        command = c.IssueTicket(
            matter=self.random.choice(MATTERS),
            visitor_class=PRIORITY if self.random.random() < 0.4 else c.IssueTicket(matter="x").visitor_class,
            language=self.random.choice(list(Language)),
        )
        self._said(str(command))
        self.hall.try_(command, KIOSK if self.random.random() < 0.3 else RECEPTION)

    def _at_counter(self, number: int) -> None:
        """What its clerk may press now; mostly the next step of an ordinary service."""
        draw = self.random.random()
        counter = self.hall.hall.counters.get(number, Counter(counter=number))
        match counter.state:
            case CounterState.CLOSED:
                command: c.Command = c.OpenCounter(counter=number, clerk=f"{number}", groups=self._groups())
            case CounterState.PAUSED:
                command = c.ResumeCounter(counter=number) if draw < 0.5 else c.CloseCounter(counter=number)
            case CounterState.READY | CounterState.WRAPPING_UP:
                command = self._when_free(counter, draw)
            case CounterState.CALLING:
                acts: list[type[c.AtCounter]] = [c.StartService, c.StartService, c.Missed, c.Missed, c.Undo, c.Recall]
                command = self.random.choice(acts)(counter=number)
            case CounterState.SERVING:
                command = self._when_serving(number, draw)
        self.send(command)

    def _when_free(self, counter: Counter, draw: float) -> c.Command:
        number = counter.counter
        if counter.state is CounterState.WRAPPING_UP and draw < 0.5:
            return c.EndWrapUp(counter=number)
        if draw < 0.5:
            return c.CallNext(counter=number)
        if draw < 0.6:
            return c.ResumeTicket(counter=number, ticket=self._any(TicketState.HELD))
        if draw < 0.65:
            return c.CallTicket(counter=number, ticket=self._any(TicketState.WAITING, TicketState.MISSED))
        if draw < 0.85:
            return c.PauseCounter(counter=number)
        return c.CloseCounter(counter=number) if draw < 0.92 else c.Undo(counter=number)

    def _when_serving(self, number: int, draw: float) -> c.Command:
        if draw < 0.4:
            return c.FinishService(counter=number)
        if draw < 0.7:
            to_counter = self.random.choice([None, *range(1, COUNTERS + 1)])
            matter = self.random.choice([None, None, *MATTERS])
            return c.Transfer(counter=number, to_counter=to_counter, matter=matter)
        if draw < 0.8:
            return c.Hold(counter=number)
        return c.PauseCounter(counter=number) if draw < 0.9 else c.Undo(counter=number)

    def _groups(self) -> tuple[str, ...]:
        return self.random.choice(GROUPS) or ()

    def _manages(self) -> None:
        number, other = self.random.randint(1, COUNTERS), self.random.randint(1, COUNTERS)
        self.send(
            self.random.choice(
                [
                    c.NarrowCounter(counter=number, groups=self._groups(), languages=self.random.choice(TONGUES)),
                    c.NarrowCounter(counter=number, groups=self._groups()),
                    c.AssignTicket(ticket=self._any(TicketState.WAITING), to_counter=number),
                    c.AssignTicket(ticket=self._any(TicketState.WAITING), to_counter=self.random.choice([None, other])),
                    c.ReturnToQueue(ticket=self._any(TicketState.MISSED)),
                    c.ReturnToQueue(ticket=self._any(TicketState.MISSED)),
                    c.TakeOverCounter(counter=number, from_counter=other),
                    c.HandOverCounter(counter=number, clerk=f"relief-{number}"),
                    c.AmendTicket(ticket=self._any(TicketState.WAITING), matter=self.random.choice(MATTERS)),
                    c.AmendTicket(ticket=self._any(TicketState.WAITING), visitor_class=PRIORITY),
                    c.ResumeIssuing(),
                    c.SetMode(mode=self.random.choice(list(Mode))),
                ]
            )
        )

    # --- nobody is forgotten ---

    def look(self, *, closely: bool) -> None:
        """Raises Lost."""
        hall, now_ms = self.hall.hall, self.hall.now_ms
        working = working_counters(hall)
        wide = any(at.narrowing == Narrowing() for at in working)
        unreached = [
            one
            for one in waiting(hall)
            if not (wide and one.only_counter is None and one.group != RESULTS_GROUP)  # plain at a glance
            and not any(may_take(at, one, hall, now_ms) for at in working)
        ]
        unreached += [one for one in hall.tickets.values() if one.state is TicketState.HELD]
        if unreached and (unreached := [one for one in unreached if self.looked.get(one.ticket) != self._key(one)]):
            self._wait_for(unreached)
        if closely and (some := list(waiting(hall))):
            self._call_until(self.random.choice(some))

    def _key(self, ticket: Ticket) -> int:
        """Looked at again once something about the room or the ticket is different."""
        hall = self.hall.hall
        room = tuple((at.counter, at.state, at.narrowing, at.back_at_ms) for at in hall.counters.values())
        return hash((ticket, room, hall.opening, hall.mode))

    def _wait_for(self, lost: list[Ticket]) -> None:
        """Only time passes: each becomes callable by a counter that works, or is named."""
        away = {one.ticket: self._within_s(one) for one in lost}
        for one in lost:
            self.looked[one.ticket] = self._key(one)
        for hall, now_ms in self._as_time_passes():
            known, working = named(hall, now_ms), working_counters(hall)
            for number in list(away):
                ticket = hall.tickets.get(number)
                if number in known or ticket is None or _is_reached(ticket, working, hall, now_ms):
                    del away[number]
                elif now_ms - self.hall.now_ms > away[number] * 1000:
                    self._lose(ticket, f"nobody may call them, and no alert names them within {away[number]} s")
            if not away:
                return
        self._lose(self.hall.hall.tickets[min(away)], "nobody may call them, and no alert names them")

    def _within_s(self, ticket: Ticket) -> float:
        """How soon: whom no counter may call, as none works or suits, is named at once; while the hall is open."""
        hall, opening = self.hall.hall, self.hall.hall.opening
        if opening is not None and (opening.start_ms > self.hall.now_ms or opening.end_ms < self.hall.now_ms + 600_000):
            return math.inf
        if ticket.state is TicketState.HELD:
            return PATIENCE_S
        kept = keeper(hall, ticket, self.hall.now_ms) is not None
        return SOON_S if not kept else KEPT_S

    def _as_time_passes(self) -> Iterator[tuple[Hall, int]]:
        """A copy of the hall, a while later each time, until every alert that is due has been raised."""
        copy = self._copy()
        yield copy.hall, copy.now_ms
        for seconds in (1, 100, 100, 1000, PATIENCE_S - 1201):
            copy.later(seconds)
            yield copy.hall, copy.now_ms
        if in_force(copy.hall).hours:  # time counts only while the hall is open
            copy.now_ms = next(next_openings(in_force(copy.hall), self.hall.now_ms)).start_ms
            copy.tick()
            copy.later(PATIENCE_S)
            yield copy.hall, copy.now_ms

    def _call_until(self, ticket: Ticket) -> None:
        """The counters that are free call and call, while busy ones stay so and favoured newcomers keep coming."""
        copy = self._copy()
        if copy.hall.mode is Mode.PUSH:
            copy.do(c.SetMode(mode=Mode.PULL))  # by the same rule, a call at a time
        copy.hall.issuing, copy.hall.stop_cause = Issuing.OPEN, None
        bound, calls = calls_before(copy.hall, ticket), 0
        for _ in range(60):
            for number in sorted(copy.hall.counters):
                counter = copy.hall.counters[number]
                if counter.state not in (CounterState.READY, CounterState.WRAPPING_UP):
                    continue
                if not may_take(counter, copy.hall.tickets[ticket.ticket], copy.hall, copy.now_ms):
                    continue
                copy.take(PRIORITY, self.random.choice(["pension", "licence"]))
                called = copy.call(number)
                calls += 1
                if called == ticket.ticket:
                    return
                if calls >= bound:
                    self._lose(
                        ticket, f"{calls} calls by counters that might have called them, where {bound} are enough"
                    )
                assert called is not None
                copy.start(number)
                copy.finish(number)
            if calls == 0 and not any(
                may_take(at, copy.hall.tickets[ticket.ticket], copy.hall, copy.now_ms)
                for at in working_counters(copy.hall)
                if at.state in (CounterState.READY, CounterState.WRAPPING_UP)
            ):
                return  # busy for ever: the alerts' part

    def _copy(self) -> Pretend:
        copy = object.__new__(Quick)
        copy.__dict__.update(self.hall.__dict__)
        copy.hall = msgspec.msgpack.decode(msgspec.msgpack.encode(self.hall.hall), type=Hall)
        copy.events = []
        return copy

    def _lose(self, ticket: Ticket, why: str) -> None:
        steps = "\n  ".join(self.log[-60:])
        raise Lost(f"{ticket.number} is forgotten: {why}\nseed {self.seed}, step {len(self.log)}:\n  {steps}\n{ticket}")


def _is_reached(ticket: Ticket, working: list[Counter], hall: Hall, now_ms: int) -> bool:
    if ticket.state is TicketState.HELD:
        return False
    return ticket.state is not TicketState.WAITING or any(may_take(at, ticket, hall, now_ms) for at in working)


def named(hall: Hall, now_ms: int) -> set[int]:
    return {ticket.ticket for alert in hall.alerts.values() for ticket in whom(hall, alert, now_ms)}


def calls_before(hall: Hall, ticket: Ticket) -> int:
    """The bound of this module's docstring."""
    others = [one for one in waiting(hall) if one.place < ticket.place]
    favoured = sum(one.visitor_class in FAVOURED for one in others)
    ordinary = len(others) - favoured
    limit = hall.favoured_limit
    if hall.policy is Policy.FCFS:
        return len(others) + 1
    if ticket.visitor_class in FAVOURED:
        calls, passes = favoured + 1, sum(len(one.passed) for one in waiting(hall))
        return calls - (-(len(hall.favoured_run) + calls) // limit) - (-(passes + calls) // limit)
    return (ordinary + 1) * (limit + 1)


def play(seed: int, steps: int = A_DAY) -> int:
    """How many times somebody who waited was looked at."""
    day, seen = Day(seed), 0
    for count in range(steps):
        day.step()
        day.look(closely=count % LOOKED_AT_EVERY == 0)
        seen += waiting_count(day.hall.hall)
    return seen


@pytest.mark.timeout(900)  # a minute of processor time, and others may need it too
def test_whoever_waits_is_reached_or_named() -> None:
    looked_at = sum(play(seed) for seed in range(STEPS // A_DAY))
    assert looked_at > STEPS, "idle halls prove nothing"


@pytest.mark.nightly("liveness")
@pytest.mark.timeout(0)
def test_whoever_waits_is_reached_or_named_all_night_long() -> None:
    """Other seeds than those of the suite, and others each time."""
    steps, looked_at = 0, 0
    seed = first = time.time_ns()
    ends_s = time.monotonic() + nightly.seconds(60)
    while time.monotonic() < ends_s:
        looked_at += play(seed)
        steps += A_DAY
        seed += 1
        if (seed - first) % 5 == 0:
            nightly.record_steps("steps", 5 * A_DAY)
            print(f"\r{steps:,} steps, {looked_at:,} looks at somebody who waits", end="", flush=True)
    print()
