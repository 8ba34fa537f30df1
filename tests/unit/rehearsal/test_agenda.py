"""Whose turn it is."""

import asyncio
from collections.abc import Callable

from hall_controller.rehearsal.agenda import Agenda, At, Person, Until, Wait, act
from tests.unit.rehearsal.memory_stage import MemoryStage


class Log(list[tuple[str, int]]):
    """(who, when in seconds)."""


def run(people: Callable[[Log, MemoryStage], list[Person]], seconds: float) -> Log:
    stage, agenda, log = MemoryStage(), Agenda(), Log()
    start_ms = stage.now_ms
    for person in people(log, stage):
        agenda.begin(person, start_ms)

    async def play() -> None:
        while (due_ms := agenda.next_ms()) is not None and due_ms <= start_ms + seconds * 1000:
            agenda.wake(stage.now_ms)
            await stage.reach(agenda.next_ms())
            agenda.wake(stage.now_ms)
            if (person := agenda.pop(stage.now_ms)) is not None:
                await act(agenda, person, stage)

    asyncio.run(play())
    return Log((who, (when - start_ms) // 1000) for who, when in log)


def test_the_earliest_acts_first_and_equals_in_order() -> None:
    def person(name: str, log: Log, stage: MemoryStage, seconds: float) -> Person:
        yield Wait(seconds)
        log.append((name, stage.now_ms))

    log = run(lambda log, stage: [person(who, log, stage, s) for who, s in (("a", 9), ("b", 3), ("c", 9))], 60)
    assert log == [("b", 3), ("a", 9), ("c", 9)]


def test_a_moment_that_has_passed_is_now() -> None:
    def person(log: Log, stage: MemoryStage) -> Person:
        yield At(0)
        log.append(("late", stage.now_ms))

    assert run(lambda log, stage: [person(log, stage)], 1) == [("late", 0)]


def test_whoever_waits_is_woken_when_it_holds_and_only_once() -> None:
    rung: list[bool] = []

    def ringing() -> Person:
        yield Wait(5)
        rung.append(True)

    def waiting(log: Log, stage: MemoryStage) -> Person:
        yield Until(lambda: bool(rung), stage.now_ms + 30_000)
        log.append(("woken", stage.now_ms))
        yield Wait(60)
        log.append(("later", stage.now_ms))

    assert run(lambda log, stage: [waiting(log, stage), ringing()], 100) == [("woken", 5), ("later", 65)]


def test_whoever_waits_in_vain_acts_when_the_time_is_up() -> None:
    def waiting(log: Log, stage: MemoryStage) -> Person:
        yield Until(lambda: False, stage.now_ms + 30_000)
        log.append(("gave up", stage.now_ms))

    assert run(lambda log, stage: [waiting(log, stage)], 100) == [("gave up", 30)]
