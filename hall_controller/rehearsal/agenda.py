"""Whose turn it is: people as generators that say what they do next, and a heap of who acts when.

A person is a generator of steps. `Send` and `Do` are done at once, and `Send` gives back the hall's answer; the
others say when the person acts again. People read the hall, and never touch clock or socket themselves.
"""

import heapq
import itertools
from collections.abc import Awaitable, Callable, Generator
from typing import NamedTuple, Protocol

from hall_controller.bus.wire import Accepted
from hall_controller.domain.commands import Command
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Refusal


class Wait(NamedTuple):
    """For so long."""

    seconds: float


class At(NamedTuple):
    """Until this moment of the hall's clock; at once when it has passed."""

    at_ms: int


class Until(NamedTuple):
    """Until this holds, or the moment has come. It is asked again when something has happened in the hall."""

    condition: Callable[[], bool]
    by_ms: int | None = None


class Send(NamedTuple):
    """This command from this device; the answer comes back."""

    device: str
    command: Command


class Do(NamedTuple):
    """Something that is done to the hall from outside, not by anybody in it."""

    action: Callable[[], Awaitable[None]]


Answer = Accepted | Refusal
Step = Wait | At | Until | Send | Do
Person = Generator[Step, Answer | None, None]


class Stage(Protocol):
    """The hall that people meet."""

    hall: Hall
    """As of the last answer; changed in place."""
    now_ms: int
    """The moment in which people act."""

    async def reach(self, due_ms: int | None) -> None:
        """Let time pass: until `due_ms`, or less when the hall has things of its own to do before. Sets `now_ms`."""

    async def send(self, device: str, command: Command) -> Answer:
        """Its events are in `hall` on return, and what the hall did in consequence."""


class Agenda:
    def __init__(self) -> None:
        self._due: list[tuple[int, int, Person]] = []
        self._waiting: dict[int, tuple[Until, Person]] = {}
        """By the order number of its entry in `_due`, where `by_ms` gave it one."""
        self._woken: set[int] = set()
        """Entries in `_due` of people who were woken before their time was up."""
        self._order = itertools.count()

    def begin(self, person: Person, at_ms: int = 0) -> None:
        """A new person acts from this moment on."""
        heapq.heappush(self._due, (at_ms, next(self._order), person))

    def next_ms(self) -> int | None:
        """When somebody acts next; None while all wait for something to happen."""
        while self._due and self._due[0][1] in self._woken:
            self._woken.remove(heapq.heappop(self._due)[1])
        return self._due[0][0] if self._due else None

    def wake(self, now_ms: int) -> None:
        """Those whose condition holds act now, in the order in which they began to wait."""
        for order in [order for order, (until, _) in self._waiting.items() if until.condition()]:
            until, person = self._waiting.pop(order)
            if until.by_ms is not None:
                self._woken.add(order)
            self.begin(person, now_ms)

    def pop(self, now_ms: int) -> Person | None:
        """Whoever is due by now, the earliest first."""
        due_ms = self.next_ms()
        if due_ms is None or due_ms > now_ms:
            return None
        _, order, person = heapq.heappop(self._due)
        self._waiting.pop(order, None)
        return person

    def postpone(self, person: Person, step: Wait | At | Until, now_ms: int) -> None:
        order = next(self._order)
        match step:
            case Wait(seconds):
                heapq.heappush(self._due, (now_ms + round(seconds * 1000), order, person))
            case At(at_ms):
                heapq.heappush(self._due, (max(at_ms, now_ms), order, person))
            case Until(_, by_ms):
                self._waiting[order] = (step, person)
                if by_ms is not None:
                    heapq.heappush(self._due, (max(by_ms, now_ms), order, person))


async def act(agenda: Agenda, person: Person, stage: Stage) -> None:
    """Let a person act until the next step that takes time."""
    answer: Answer | None = None
    while True:
        try:
            step = person.send(answer)
        except StopIteration:
            return
        if isinstance(step, Send):
            answer = await stage.send(step.device, step.command)
        elif isinstance(step, Do):
            await step.action()
        else:
            agenda.postpone(person, step, stage.now_ms)
            return


async def act_until(agenda: Agenda, stage: Stage, over: Callable[[], bool], progress: Callable[[], None]) -> None:
    """Everybody acts in turn until it is `over`."""
    while not over():
        # Asked on both sides of the passing of time: what one person does may be what another waits for.
        agenda.wake(stage.now_ms)
        await stage.reach(agenda.next_ms())
        agenda.wake(stage.now_ms)
        if (person := agenda.pop(stage.now_ms)) is not None:
            await act(agenda, person, stage)
        progress()
