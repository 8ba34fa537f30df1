"""A controller that dies and comes back, seen from a counter."""

import asyncio
import signal

import pytest

from hall_controller.bus import client
from hall_controller.domain.counter import CounterState
from tests.hall.lost_tail import lose_tail
from tests.support import BOUND_S, RunningHall
from tests.terminal.bench import clerk_at
from tests.terminal.test_clerk import Happened, called, issue, opened


async def test_lost_and_regained_are_told_in_words(hall: RunningHall) -> None:
    happened = Happened(hall)
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await opened(at)
        await called(at, first)
        assert "已连接 connected" in at.shown("header")
        hall.kill()
        await at.until(lambda: "连接中断 CONNECTION LOST" in at.shown("header"), "the lost connection")
        await at.until_told("按键不会发出")
        await at.press("s")
        await at.until_told("这次按键没有发出")
        hall.start()
        await at.until_told(f"已重新连接。现在：叫号中 {first}")
        assert "已连接 connected" in at.shown("header")
        await at.press("s")
        await at.until_told(f"{first} 开始办理")
    assert happened["ticket_called"] == 1


async def test_a_press_while_the_controller_is_dead_is_never_done_behind_the_clerks_back(hall: RunningHall) -> None:
    happened = Happened(hall)
    first, *_ = issue(hall, 3)
    async with clerk_at(hall) as at:
        await opened(at)
        hall.process.send_signal(signal.SIGSTOP)  # dead, but not yet noticed to be
        await at.press("c")
        await at.until_told("不知道“叫号”是否已办")
        hall.kill()
        hall.start()
        await at.until_told("“叫号”没有办成。现在：空闲")
        assert happened["ticket_called"] == 0
        await at.press("c")
        await at.until_told(f"已叫 {first}")
        assert at.counter().state is CounterState.CALLING
    assert happened["ticket_called"] == 1


async def test_what_others_did_meanwhile_is_shown(hall: RunningHall) -> None:
    async with clerk_at(hall) as at:
        await opened(at)
        hall.kill()
        await at.until(lambda: "CONNECTION LOST" in at.shown("header"), "the lost connection")
        hall.start()
        [first] = issue(hall)
        await at.until_told("已重新连接")
        await at.until(lambda: at.ticket(first), "the ticket of meanwhile")
        await at.press("c")
        await at.until_told(f"已叫 {first}")


async def test_a_hall_that_has_lost_its_last_events_is_shown_as_it_is(
    hall: RunningHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a silence in between: its restart may be quicker than that."""
    monkeypatch.setattr(client, "SILENCE_S", 3 * BOUND_S)
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await opened(at)
        kept = at.hall.seq
        await called(at, first)
        await asyncio.to_thread(lose_tail, hall, kept)
        await at.until(lambda: at.counter().state is CounterState.READY, "the counter as it was")
        await at.until(lambda: first not in at.shown("visitor"), "nobody at the counter")
        await at.press("c")
        await at.until_told(f"已叫 {first}")
