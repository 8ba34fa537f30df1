"""Clients and halls of different ages: what the hall does not list, it is not sent."""

from collections.abc import Iterator

import pytest
import zmq.asyncio

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient
from hall_controller.bus.features import Feature
from hall_controller.bus.requests import Requests
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Tier
from tests.support import BOUND_S, MATTER, RunningHall, make_hall, start_controller


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("features"))) as hall:
        yield hall


async def test_who_follows_knows_what_the_hall_understands(running: RunningHall) -> None:
    async with HallClient(running.bundle("board")) as board:
        assert board.features == frozenset()
        board.follow()
        await board.synced(BOUND_S)
        assert board.features == set(Feature)


async def test_an_act_on_an_old_picture_is_refused_over_the_bus(running: RunningHall) -> None:
    async with HallClient(running.bundle("manager")) as manager:
        await manager.ask(c.OpenCounter(counter=1, clerk="007"))
        await manager.ask(c.IssueTicket(matter=MATTER))
        seen_seq = (await manager.ask(wire.Status())).seq
        first = await manager.ask(c.CallNext(counter=1, seen_seq=seen_seq))
        assert isinstance(first, wire.Accepted)
        again = await manager.ask(c.CallNext(counter=1, seen_seq=seen_seq))
        assert isinstance(again, Refusal)
        assert (again.code, again.field) == (Code.STALE, "seen_seq")
        assert isinstance(await manager.ask(c.StartService(counter=1, seen_seq=first.seq)), wire.Accepted)


class OlderHall(Requests):
    """Questions to a hall that lists `lists`, and refuses `seen_seq` all the same."""

    def __init__(self, bundle: Bundle, context: zmq.asyncio.Context, lists: list[str]) -> None:
        super().__init__(bundle, context, 1.0, 1.0)
        self.lists = lists
        self.sent: list[str] = []

    async def exchange(self, request: wire.Request, request_id: str) -> wire.Reply:
        self.sent.append(wire.encode(request).decode())
        if isinstance(request, wire.Status):
            return wire.StatusReply(
                "BA001", Tier.STREET, "", "", "0", "e", 1, 0, 1.0, 0, rehearsal=False, devices={}, features=self.lists
            )
        if '"seen_seq"' in self.sent[-1]:
            return Refusal(Code.MALFORMED, "call_next has no field seen_seq; it takes counter.", "seen_seq")
        return wire.Accepted(1)


@pytest.mark.parametrize("lists", [[], ["seen_seq"], ["of_later"]])
async def test_a_hall_that_is_or_has_become_an_older_one_does_as_before(running: RunningHall, lists: list[str]) -> None:
    async with HallClient(running.bundle("manager")) as client:
        client._requests = older = OlderHall(client.bundle, client._context, lists)
        assert await client.ask(c.CallNext(counter=1, seen_seq=1, expires_at_ms=9)) == wire.Accepted(1)
        await client.ask(wire.Status())
        assert await client.ask(c.CallNext(counter=1, seen_seq=1, expires_at_ms=9)) == wire.Accepted(1)
        without = '{"type":"call_next","counter":1,"expires_at_ms":9}'
        tried = [without.replace("}", ',"seen_seq":1}')] if lists == ["seen_seq"] else []
        assert older.sent == [without, '{"type":"status"}', *tried, without]
