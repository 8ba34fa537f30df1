"""One press at a time, and the truth about each."""

import asyncio
from typing import Any

import pytest

from counter_client.desk import Desk, NotSent, Unanswered
from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code, Refusal
from tests.terminal.local_hall import CATALOGUE, LocalHall

CALL = Words("叫号", "call")
MATTER = next(iter(CATALOGUE.matters))


class SlowHall(LocalHall):
    """Does what it is asked, and answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()

    async def ask(self, request: wire.Request, *, request_id: str | None = None) -> Any:
        reply = await super().ask(request, request_id=request_id)
        await self.let.wait()
        return reply


class MuteHall(LocalHall):
    """Does what it is asked, but its answers are lost while `mute`."""

    mute = True

    async def ask(self, request: wire.Request, *, request_id: str | None = None) -> Any:
        reply = await super().ask(request, request_id=request_id)
        if self.mute:
            raise NoController("lost")
        return reply


def ready(hall: LocalHall) -> LocalHall:
    hall.do(c.OpenCounter(counter=3, clerk="007"))
    for _ in range(3):
        hall.do(c.IssueTicket(matter=MATTER))
    return hall


async def test_a_second_press_while_one_is_under_way_is_told_and_not_queued() -> None:
    hall = SlowHall()
    ready(hall)
    desk = Desk(hall)
    first = asyncio.create_task(desk.send(c.CallNext(counter=3), CALL))
    await asyncio.sleep(0)
    second = await desk.send(c.CallNext(counter=3), CALL)
    assert isinstance(second, NotSent)
    assert "叫号" in second.reason.zh
    hall.let.set()
    assert isinstance(await first, wire.Accepted)
    assert len(hall.asked) == 1


async def test_nothing_is_sent_while_the_connection_is_lost() -> None:
    hall = ready(LocalHall())
    hall.connected = False
    assert isinstance(await Desk(hall).send(c.CallNext(counter=3), CALL), NotSent)
    assert hall.asked == []


async def test_each_command_expires_when_nobody_waits_for_it_any_more() -> None:
    hall = ready(LocalHall())
    await Desk(hall).send(c.CallNext(counter=3), CALL)
    assert hall.asked[0].expires_at_ms == hall.now_ms() + 6_000  # type: ignore[union-attr]


async def test_done_but_the_answer_was_lost_is_found_out_and_not_done_again() -> None:
    hall = MuteHall()
    ready(hall)
    desk = Desk(hall)
    assert isinstance(await desk.send(c.CallNext(counter=3), CALL), Unanswered)
    assert isinstance(await desk.send(c.CallNext(counter=3), CALL), NotSent), "no press before that is known"
    hall.mute = False
    assert await desk.settle() is None, "not before the command has surely expired"
    hall.later(7)
    known = await desk.settle()
    assert known is not None
    assert known[1] is True
    assert sum(ticket.state == "called" for ticket in hall.state.tickets.values()) == 1


async def test_not_done_and_expired_is_found_out_and_stays_undone() -> None:
    hall = ready(LocalHall())
    desk = Desk(hall)
    hall.answers = False
    assert isinstance(await desk.send(c.CallNext(counter=3), CALL), Unanswered)
    hall.answers = True
    hall.later(7)
    known = await desk.settle()
    assert known is not None
    assert known[1] is False
    assert all(ticket.state == "waiting" for ticket in hall.state.tickets.values())


async def test_a_hall_that_cannot_store_leaves_it_open() -> None:
    hall = ready(LocalHall())
    desk = Desk(hall)
    hall.answers = False
    await desk.send(c.CallNext(counter=3), CALL)
    hall.later(7)

    async def full_disk(*_: object, **__: object) -> Refusal:
        return Refusal(Code.STORAGE, "The disk is full.")

    hall.ask = full_disk  # type: ignore[method-assign]
    assert await desk.settle() is None
    assert desk.unanswered is not None


@pytest.mark.parametrize("answers", [True, False])
async def test_the_desk_is_free_again_afterwards(answers: bool) -> None:
    hall = ready(LocalHall())
    hall.answers = answers
    desk = Desk(hall)
    await desk.send(c.CallNext(counter=3), CALL)
    assert desk.under_way is None
