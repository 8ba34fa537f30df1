"""HallClient over a bad cable: it answers in time, does a command once, and its hall is always the hall's."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import msgspec
import pytest

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain import commands as c
from hall_controller.domain.events import Event, Origin, TicketIssued
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.ticket import VisitorClass
from hall_controller.journal.epoch import start_epoch
from tests.hall.bad_cable import BadCable
from tests.support import BOUND_S, MATTER, RunningHall, make_hall, start_controller

ISSUE = c.IssueTicket(matter=MATTER)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("client"))) as hall:
        yield hall


@pytest.fixture
async def commands_cable(running: RunningHall) -> AsyncIterator[BadCable]:
    async with BadCable(running.bundle("reception").commands) as cable:
        yield cable


@pytest.fixture
async def events_cable(running: RunningHall) -> AsyncIterator[BadCable]:
    async with BadCable(running.bundle("reception").events) as cable:
        yield cable


def through(bundle: Bundle, **cables: BadCable) -> Bundle:
    """The bundle, but over these cables."""
    return msgspec.structs.replace(bundle, **{name: cable.endpoint for name, cable in cables.items()})


async def until(condition: Callable[[], object], what: str = "the condition") -> None:
    deadline = time.monotonic() + BOUND_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come"
        await asyncio.sleep(0.01)


async def state_of(running: RunningHall) -> wire.SnapshotReply:
    async with HallClient(running.bundle("district")) as client:
        reply = await client.ask(wire.Snapshot())
        assert isinstance(reply, wire.SnapshotReply)
        return reply


async def test_nobody_there_is_said_in_time(running: RunningHall) -> None:
    nowhere = msgspec.structs.replace(running.bundle("kiosk"), commands="tcp://127.0.0.1:9")
    async with HallClient(nowhere, timeout_s=0.2, give_up_s=0.7) as client:
        start_s = time.monotonic()
        with pytest.raises(NoController, match=r"tcp://127.0.0.1:9 within 0.7 s; .*is kiosk still enrolled\?"):
            await client.ask(ISSUE)
        assert 0.6 < time.monotonic() - start_s < 3
        with pytest.raises(NoController):
            await client.synced(0.1)


async def test_two_thousand_requests_to_nobody_end_in_time_too(running: RunningHall) -> None:
    """More than a socket's queue holds: sending itself would wait for ever."""
    nowhere = msgspec.structs.replace(running.bundle("kiosk"), commands="tcp://127.0.0.1:9")
    async with HallClient(nowhere, timeout_s=0.4, give_up_s=0.8) as client:
        asked = [client.ask(wire.Status()) for _ in range(2_000)]
        ends = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), BOUND_S)
        assert {type(end) for end in ends} == {NoController}


async def test_a_lost_reply_leads_to_one_ticket(running: RunningHall, commands_cable: BadCable) -> None:
    async with HallClient(through(running.bundle("reception"), commands=commands_cable), timeout_s=0.3) as client:
        before = (await client.ask(wire.Status())).seq
        commands_cable.lose_replies()
        reply = await client.ask(ISSUE)
        assert isinstance(reply, wire.Accepted)
        assert commands_cable.connections >= 2, "it gave up on the first connection"
        assert (await client.ask(wire.Status())).seq == before + 1


async def test_requests_under_way_survive_a_dropped_socket(running: RunningHall, commands_cable: BadCable) -> None:
    async with HallClient(through(running.bundle("reception"), commands=commands_cable), timeout_s=0.4) as client:
        before = (await client.ask(wire.Status())).seq
        commands_cable.lose_replies()
        replies = await asyncio.gather(*(client.ask(ISSUE) for _ in range(20)))
        assert len({reply.ticket for reply in replies}) == 20
        assert (await client.ask(wire.Status())).seq == before + 20


async def test_a_cut_cable_is_bridged(running: RunningHall, commands_cable: BadCable) -> None:
    async with HallClient(through(running.bundle("reception"), commands=commands_cable), timeout_s=0.5) as client:
        await client.ask(wire.Status())
        commands_cable.unplug()
        asked = asyncio.create_task(client.ask(ISSUE))
        await asyncio.sleep(0.7)  # how long the cable is out: past the first try
        assert not asked.done()
        commands_cable.plug_in()
        assert isinstance(await asked, wire.Accepted)


async def test_a_request_outlives_a_power_cut_of_the_controller(running: RunningHall) -> None:
    async with HallClient(running.bundle("reception"), timeout_s=0.5, give_up_s=BOUND_S) as client:
        before = (await client.ask(wire.Status())).seq
        running.kill()
        asked = asyncio.create_task(client.ask(ISSUE))
        await asyncio.to_thread(running.start)
        assert isinstance(await asked, wire.Accepted)
        assert (await client.ask(wire.Status())).seq == before + 1


async def test_a_ghost_does_nothing(running: RunningHall, commands_cable: BadCable) -> None:
    """Held up on the way until nobody wants it any more: when it arrives after all, it is stale."""
    bundle = through(running.bundle("reception"), commands=commands_cable)
    async with HallClient(bundle, timeout_s=0.3, give_up_s=0.6) as client:
        await client.ask(wire.Status())
        client._hear_clock(*await clock_of(running))
        commands_cable.freeze()
        with pytest.raises(NoController):
            await client.ask(ISSUE)
        before = (await state_of(running)).seq
        commands_cable.thaw()
        await client.ask(wire.Status())
        assert (await state_of(running)).seq == before


async def clock_of(running: RunningHall) -> tuple[int, float]:
    async with HallClient(running.bundle("district")) as client:
        status = await client.ask(wire.Status())
        return status.now_ms, status.clock_rate


async def test_every_command_carries_its_last_moment(running: RunningHall) -> None:
    async with HallClient(running.bundle("reception")) as client:
        assert isinstance(await client.ask(ISSUE), wire.Accepted)
        client._hear_clock(client.now_ms() - 3_600_000, 1.0)  # the hall's clock was set since
        stale = await client.ask(ISSUE)
        assert isinstance(stale, Refusal)
        assert (stale.code, stale.field) == ("stale", "expires_at_ms")
        assert isinstance(await client.ask(ISSUE), wire.Accepted), "it has heard the clock anew"


async def test_now_ms_is_the_halls_clock(running: RunningHall) -> None:
    async with HallClient(running.bundle("board")) as client:
        client.follow()
        await client.synced(BOUND_S)
        status = await client.ask(wire.Status())
        assert abs(client.now_ms() - status.now_ms) < 500
        client._hear_clock(1_000_000, 60.0)
        await asyncio.sleep(0.05)
        assert 1_003_000 <= client.now_ms() < 1_600_000, "sixty times as fast"


async def busy(client: HallClient, count: int) -> None:
    """A little of everything at counter 2 and in the queue."""
    await client.ask(c.OpenCounter(counter=2, clerk="007"))
    for number in range(count):
        visitor_class = VisitorClass.PRIORITY if number % 3 == 0 else VisitorClass.ORDINARY
        issued = await client.ask(c.IssueTicket(matter=MATTER, visitor_class=visitor_class))
        called = await client.ask(c.CallNext(counter=2))
        act = c.Missed if number % 4 == 0 else c.StartService
        await client.ask(act(counter=2, ticket=called.ticket))
        if act is c.StartService:
            await client.ask(c.FinishService(counter=2, ticket=called.ticket))
        assert issued.number
    await client.ask(c.CloseCounter(counter=2))


async def test_who_follows_has_the_halls_own_state(running: RunningHall) -> None:
    seen: list[Event] = []
    async with HallClient(running.bundle("manager")) as manager, HallClient(running.bundle("board")) as board:
        board.on_event(seen.append)
        early = asyncio.create_task(busy(manager, 5))  # while it joins
        board.follow()
        hall = await board.synced(BOUND_S)
        start = hall.seq
        await early
        await busy(manager, 20)
        truth = await state_of(running)
        await until(lambda: board.hall is not None and board.hall.seq >= truth.seq)
        assert board.hall == truth.state
        assert [event.seq for event in seen] == list(range(start + 1, truth.seq + 1))
        assert board.connected


async def test_a_listener_that_fails_costs_nobody_anything(running: RunningHall) -> None:
    def fails(event: Event) -> None:
        raise RuntimeError(event)

    seen: list[Event] = []
    async with HallClient(running.bundle("board")) as board:
        board.on_event(fails)
        board.on_event(seen.append)
        board.follow()
        await board.synced(BOUND_S)
        async with HallClient(running.bundle("reception")) as reception:
            reply = await reception.ask(ISSUE)
        await until(lambda: seen and seen[-1].seq >= reply.seq)
        assert board.connected


async def test_events_missed_while_the_cable_was_out_are_fetched(running: RunningHall, events_cable: BadCable) -> None:
    seen: list[Event] = []
    syncs: list[bool] = []
    bundle = through(running.bundle("board"), events=events_cable)
    async with HallClient(bundle) as board, HallClient(running.bundle("reception")) as reception:
        board.on_event(seen.append)
        board.on_sync(lambda: syncs.append(True))
        board.follow()
        start = (await board.synced(BOUND_S)).seq
        events_cable.unplug()
        for _ in range(30):
            last = (await reception.ask(ISSUE)).seq
        events_cable.plug_in()
        await until(lambda: board.hall is not None and board.hall.seq >= last)
        assert [event.seq for event in seen] == list(range(start + 1, last + 1))
        assert all(isinstance(event, TicketIssued) for event in seen)
        assert len(syncs) == 1, "fetched event by event, not drawn afresh"


async def test_silence_is_told_and_so_is_its_end(running: RunningHall, events_cable: BadCable) -> None:
    told: list[bool] = []
    async with HallClient(through(running.bundle("board"), events=events_cable)) as board:
        board.on_connection(told.append)
        board.follow()
        await until(lambda: told == [True])
        events_cable.freeze()
        await until(lambda: told == [True, False])
        assert not board.connected
        async with HallClient(running.bundle("reception")) as reception:
            last = (await reception.ask(ISSUE)).seq
        events_cable.thaw()
        await until(lambda: told == [True, False, True])
        await until(lambda: board.hall is not None and board.hall.seq >= last)


async def test_a_restored_hall_is_drawn_afresh(running: RunningHall) -> None:
    syncs: list[bool] = []
    async with HallClient(running.bundle("board")) as board:
        board.on_sync(lambda: syncs.append(True))
        board.follow()
        old = await board.synced(BOUND_S)
        await asyncio.to_thread(running.stop)
        epoch = start_epoch(running.dir, Origin.RESTORE)
        await asyncio.to_thread(running.start)
        await until(lambda: board.hall is not None and board.hall.epoch == epoch)
        assert board.hall is not old
        assert len(syncs) == 2
        truth = await state_of(running)
        await until(lambda: board.hall is not None and board.hall.seq >= truth.seq)
        assert board.hall == truth.state


async def test_a_double_tap_under_way_is_one_command_and_both_hear_its_answer(running: RunningHall) -> None:
    async with HallClient(running.bundle("reception")) as client:
        started_s = time.monotonic()
        replies = await asyncio.gather(*(client.ask(ISSUE, request_id="double-tap") for _ in range(4)))
        assert len({msgspec.json.encode(reply) for reply in replies}) == 1
        assert time.monotonic() - started_s < client.timeout_s, "none had to wait for a second try"


async def test_a_client_ends_at_once_in_the_middle_of_a_stream_of_events(running: RunningHall) -> None:
    async with HallClient(running.bundle("manager")) as doer:
        for one in range(10):
            client, heard = HallClient(running.bundle("reception")), asyncio.Event()
            client.on_event(lambda _, heard=heard: heard.set())  # type: ignore[misc]
            client.follow()
            await client.synced(BOUND_S)
            notices = asyncio.gather(*(doer.ask(c.SetNotice(zh=f"{one} {more}", en="")) for more in range(8)))
            await heard.wait()
            async with asyncio.timeout(BOUND_S):
                await client.close()
            await notices
