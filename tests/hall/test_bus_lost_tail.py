"""A follower that knows more than its hall: it finds out, and shows what the hall has."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.bus import client, wire
from hall_controller.bus.client import HallClient
from hall_controller.bus.following import Position
from hall_controller.domain import commands as c
from tests.hall.lost_tail import lose_tail
from tests.hall.test_bus_client import state_of, until
from tests.support import BOUND_S, MATTER, RunningHall

SENT = st.lists(st.booleans(), min_size=1, max_size=40)
"""For each second of a hall: does an event happen?"""


@pytest.fixture
def endless_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a restart takes longer than the silence that is told as a lost connection."""
    monkeypatch.setattr(client, "SILENCE_S", 3 * BOUND_S)


@pytest.mark.usefixtures("endless_silence")
async def test_a_follower_has_the_halls_truth_after_a_lost_tail(hall: RunningHall) -> None:
    """Restarted within the silence, and quiet afterwards."""
    syncs: list[int] = []
    heard: list[bool] = []
    async with HallClient(hall.bundle("manager")) as manager, HallClient(hall.bundle("board")) as board:
        board.on_sync(lambda: syncs.append(board.hall.seq if board.hall else 0))
        board.on_connection(heard.append)
        board.follow()
        await board.synced(BOUND_S)
        kept = (await manager.ask(c.IssueTicket(matter=MATTER))).seq
        lost = await manager.ask(c.IssueTicket(matter=MATTER))
        await until(lambda: board.hall is not None and board.hall.seq >= lost.seq, "the last event")
        await asyncio.to_thread(lose_tail, hall, kept)
        await until(lambda: len(syncs) == 2, "a second snapshot")
        assert board.hall == (await state_of(hall)).state
        assert heard == [True], "it was found without a silence"
        fresh = await manager.ask(c.IssueTicket(matter=MATTER))
        await until(lambda: board.hall is not None and board.hall.seq >= fresh.seq, "the new visitor")
        assert board.hall == (await state_of(hall)).state
        assert len(syncs) == 2, "once is enough"


@pytest.mark.usefixtures("endless_silence")
async def test_a_hall_that_counts_anew_is_noticed_by_its_first_event(hall: RunningHall) -> None:
    async with HallClient(hall.bundle("manager")) as manager, HallClient(hall.bundle("board")) as board:
        board.follow()
        await board.synced(BOUND_S)
        kept = (await manager.ask(c.IssueTicket(matter=MATTER))).seq
        for _ in range(20):
            last = await manager.ask(c.IssueTicket(matter=MATTER))
        await until(lambda: board.hall is not None and board.hall.seq >= last.seq, "the last event")
        await asyncio.to_thread(lose_tail, hall, kept)
        await manager.ask(c.OpenCounter(counter=4, clerk="008"))
        await until(lambda: board.hall is not None and 4 in board.hall.counters, "the open counter")
        assert board.hall == (await state_of(hall)).state


@given(SENT, st.data())
def test_pulses_that_a_page_has_overtaken_are_normal(seconds: list[bool], data: st.DataObject) -> None:
    """Whenever a page comes in between, and however late the pulses are read."""
    pulses, seq = [], 0
    for second, happens in enumerate(seconds):
        seq += happens
        pulses.append((seq, second * 1000))
    position, own_seq = Position(), 0
    for place, (said, now_ms) in enumerate(pulses):
        if data.draw(st.booleans(), label="page"):
            own_seq, told_ms = data.draw(st.sampled_from(pulses[place:]), label="answered")
            position.learned(told_ms)
        assert not position.has_lost(own_seq, said, now_ms)
        own_seq = max(own_seq, said)


@given(st.integers(1, 50), st.integers(0, 10))
def test_two_pulses_of_a_hall_that_has_lost_events_are_enough(lost: int, overtaken: int) -> None:
    position = Position()
    position.learned(1_000_000)
    told = [position.has_lost(100, 100 - lost, 1_000_000 - second * 1000) for second in range(overtaken)]
    told += [position.has_lost(100, 100 - lost, 1_000_000 + second * 1000) for second in (1, 2)]
    assert told == [*[False] * (overtaken + 1), True]


async def test_a_page_says_of_which_moment_it_is(hall: RunningHall) -> None:
    async with HallClient(hall.bundle("district")) as district:
        page = await district.ask(wire.EventsSince(0))
        assert page.now_ms >= (await district.ask(wire.EventsSince(page.last_seq - 1, 1))).now_ms - 60_000
