"""Following a hall: what comes up on the panel, also after a cut, an undo, a restart. The client is hand-made."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest

from display_board.pages.board_view import BoardView, Shape, board_view
from display_board.pages.calls import Timing
from display_board.pages.live import Live
from hall_controller.bus import wire
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Tier
from tests.unit.display_board.room import Room


class Client:
    """As much of a HallClient as Live uses; the test says what is heard, and when."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.connected = True
        self.rehearsal_rate: float | None = None
        self.hear: Callable[[Event], None]
        self.resync: Callable[[], None]
        self.connection: Callable[[bool], None]

    @property
    def hall(self) -> Hall:
        return self.room.hall

    def on_event(self, listener: Callable[[Event], None]) -> None:
        self.hear = listener

    def on_sync(self, listener: Callable[[], None]) -> None:
        self.resync = listener

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        self.connection = listener

    def now_ms(self) -> int:
        return self.room.now_ms

    def follow(self) -> None:
        pass

    async def ask(self, query: wire.Query) -> object:
        if isinstance(query, wire.EventsSince):
            later = [msgspec.Raw(wire.encode(event)) for event in self.room.events if event.seq > query.seq]
            return wire.EventsReply("e1", 1, self.hall.seq, later)
        return wire.StatusReply(
            hall="BA001",
            tier=Tier.STREET,
            name_zh="",
            name_en="",
            version="0",
            epoch="e1",
            seq=self.hall.seq,
            now_ms=self.now_ms(),
            clock_rate=self.rehearsal_rate or 1.0,
            clock_off_ms=0,
            rehearsal=self.rehearsal_rate is not None,
            devices={},
        )


@pytest.fixture
def room() -> Room:
    room = Room()
    room.open(1, 2, 3, 4)
    room.issue(6)
    return room


@pytest.fixture
def client(room: Room) -> Client:
    return Client(room)


@pytest.fixture
def live(client: Client) -> Live:
    return Live(cast("HallClient", client), Timing())


def do(client: Client, command: c.Command) -> None:
    """Done in the hall and heard at once."""
    for event in client.room.do(command):
        client.hear(event)


def panel(live: Live) -> list[tuple[str, int, bool]]:
    """(number, counter, highlighted)"""
    return [(s.call.number, s.call.counter, live.is_fresh(s.call.ticket)) for s in live.stage.shown]


def board(live: Live) -> BoardView:
    assert live.hall is not None
    return board_view(live.hall, live.scene(), Shape())


async def drawn(live: Live, moments: int = 3) -> None:
    """Let the loop run until it waits for news."""
    running = asyncio.create_task(live.run())
    for _ in range(moments):
        await asyncio.sleep(0.05)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def restarted(client: Client, live: Live) -> None:
    client.resync()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    # One that an earlier step has cancelled may not have ended yet: that it ends is all that counts.
    await asyncio.gather(*others, return_exceptions=True)
    await drawn(live)


async def test_a_call_is_up_highlighted_and_an_undo_takes_it_down(client: Client, live: Live) -> None:
    await restarted(client, live)
    do(client, c.CallNext(counter=1))
    assert panel(live) == [("A001", 1, True)]
    do(client, c.Undo(counter=1))
    await drawn(live)
    assert panel(live) == []
    assert live.stage.before == ()


async def test_no_screen_says_of_a_missed_visitor_that_the_counter_calls(client: Client, live: Live) -> None:
    """After a recall it stood bright, "again", beside the next call, and among the missed."""
    await restarted(client, live)
    for command in (c.CallNext(counter=3), c.Recall(counter=3), c.Missed(counter=3), c.CallNext(counter=3)):
        do(client, command)
    await drawn(live)
    view = board(live)
    assert [(row.number, row.counter) for row in view.calls] == [("A002", 3)]
    assert (view.recent, view.missed) == ((), ("A001",))


@pytest.mark.parametrize("called", [4, 11, 40])
async def test_however_many_are_called_each_is_on_the_board_at_once(called: int) -> None:
    """With eleven called and not yet there, three stood nowhere; six were "called before" and had not been up."""
    room = Room(counters=40)
    room.open(*range(1, 41))
    room.issue(41)
    client = Client(room)
    live = Live(cast("HallClient", client), Timing())
    await restarted(client, live)
    for counter in range(1, called + 1):
        do(client, c.CallNext(counter=counter))
    await drawn(live)
    view = board(live)
    assert [row.counter for row in view.calls] == list(range(called, 0, -1))
    assert view.recent == ()


async def test_what_is_settled_in_a_burst_is_not_put_up_later(client: Client, live: Live) -> None:
    """What waited for its place on the panel came up as new, though it was undone, missed or being served."""
    await restarted(client, live)
    do(client, c.CallNext(counter=1))
    do(client, c.CallNext(counter=2))
    do(client, c.CallNext(counter=3))
    do(client, c.CallTicket(counter=4, ticket=5))
    do(client, c.Undo(counter=4))
    do(client, c.Missed(counter=3))
    do(client, c.StartService(counter=2))
    live.timing = Timing(hold_ms=0)
    await drawn(live)
    assert [row.number for row in board(live).calls] == ["A001"]
    assert [row.number for row in board(live).recent] == ["A002"]


async def test_after_a_lost_tail_the_board_holds_what_the_hall_holds(client: Client, live: Live, room: Room) -> None:
    await restarted(client, live)
    do(client, c.CallNext(counter=1))
    do(client, c.StartService(counter=1))
    kept = list(room.events)
    do(client, c.CallNext(counter=2))
    do(client, c.StartService(counter=2))
    do(client, c.CallNext(counter=3))
    room.hall, room.events = Hall(), []
    for event in kept:
        room.evolve(event)
    await restarted(client, live)
    view = board(live)
    assert (view.calls, [row.number for row in view.recent]) == ((), ["A001"])


async def test_who_is_expected_when_the_board_starts_is_shown_but_not_called_anew(
    client: Client, live: Live, room: Room
) -> None:
    for counter in (1, 2, 3, 4):
        room.call(counter)
    room.do(c.StartService(counter=2))
    await restarted(client, live)
    assert panel(live) == [("A004", 4, False), ("A003", 3, False), ("A001", 1, False)]
    assert [shown.call.number for shown in live.stage.before] == ["A002"]


async def test_a_call_missed_through_a_cut_is_made_up_for_once_a_snapshot_comes(
    client: Client, live: Live, room: Room
) -> None:
    await restarted(client, live)
    do(client, c.CallNext(counter=1))
    room.call(2)
    room.do(c.Recall(counter=1))
    await restarted(client, live)
    assert sorted(panel(live)) == [("A001", 1, True), ("A002", 2, True)]


async def test_a_dead_counters_visitor_is_called_to_the_other(client: Client, live: Live) -> None:
    do(client, c.CallNext(counter=1))
    do(client, c.TakeOverCounter(counter=2, from_counter=1))
    await drawn(live)
    assert panel(live) == [("A001", 2, True)]


async def test_a_hall_that_is_closed_calls_nobody(client: Client, live: Live) -> None:
    do(client, c.CallNext(counter=1))
    do(client, c.CloseHall(reason="台风"))
    await drawn(live)
    assert panel(live) == []


async def test_silence_is_dated_by_the_halls_clock_and_forgotten_when_it_is_heard_again(
    client: Client, live: Live, room: Room
) -> None:
    client.connection(False)
    assert live.lost_since_ms == room.now_ms - 3_500
    client.connection(True)
    assert live.lost_since_ms is None


async def test_a_fast_rehearsal_highlights_each_call_shorter(client: Client, live: Live) -> None:
    client.rehearsal_rate = 60.0
    await restarted(client, live)
    assert live.rehearsal
    assert live.timing.hold_ms == 700


async def test_it_knows_when_the_hours_were_extended_also_after_a_restart(
    client: Client, live: Live, room: Room
) -> None:
    assert live.scene().extended_ms is None
    do(client, c.ExtendHours(minutes=30))
    extended_ms = room.now_ms
    assert live.scene().extended_ms == extended_ms
    room.later(60)
    again = Live(cast("HallClient", client), Timing())
    await restarted(client, again)
    assert again.scene().extended_ms == extended_ms


async def test_one_screen_that_cannot_be_drawn_stops_no_other(client: Client, live: Live) -> None:
    drawings: asyncio.Queue[str] = asyncio.Queue()

    def broken() -> None:
        drawings.put_nowait("broken")
        raise RuntimeError("no such element")

    live.listen(broken)
    task: Any = asyncio.create_task(live.run())
    await asyncio.wait_for(drawings.get(), 10)
    do(client, c.CallNext(counter=1))
    await asyncio.wait_for(drawings.get(), 10)
    assert not task.done()
    task.cancel()
