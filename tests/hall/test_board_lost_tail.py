"""The board after its hall has lost the end of its journal: it shows what the hall has now."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from display_board.pages.board_view import Shape, board_view
from display_board.pages.calls import Timing
from display_board.pages.live import Live
from hall_controller.bus import client
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from tests.browser.boards import board_of
from tests.hall.board_page import calls_on, page
from tests.hall.lost_tail import lose_tail
from tests.hall.test_bus_client import until
from tests.support import BOUND_S, MATTER, RunningHall, make_hall, start_controller, wait_for


@pytest.fixture
def calling(tmp_path: Path) -> Iterator[tuple[RunningHall, int]]:
    """Two visitors are called; of the second call the hall will know nothing: the last seq before it."""
    with start_controller(make_hall(tmp_path)) as hall:
        for counter in (1, 2):
            hall.do(c.OpenCounter(counter=counter, clerk=f"00{counter}"))
            hall.do(c.IssueTicket(matter=MATTER))
        kept = hall.do(c.CallNext(counter=1)).seq
        hall.do(c.CallNext(counter=2))
        yield hall, kept


def test_the_boards_page_shows_the_halls_truth_after_a_lost_tail(calling: tuple[RunningHall, int]) -> None:
    hall, kept = calling
    with board_of(hall) as board:
        wait_for(lambda: calls_on(board.address) == {("A001", 1), ("A002", 2)}, "both calls")
        lose_tail(hall, kept)
        wait_for(lambda: calls_on(board.address) == {("A001", 1)}, "the one call that the hall still has")
        assert page(f"{board.address}/healthz") == "heard"
        hall.do(c.IssueTicket(matter=MATTER))
        hall.do(c.CallTicket(counter=2, ticket=3))
        wait_for(lambda: calls_on(board.address) == {("A001", 1), ("A003", 2)}, "what happens from then on")


async def test_a_board_that_hears_no_silence_shows_it_too(
    calling: tuple[RunningHall, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Restarted within the silence that would be told as a lost connection, as far as the board can hear."""
    monkeypatch.setattr(client, "SILENCE_S", 3 * BOUND_S)
    hall, kept = calling
    async with HallClient(hall.bundle("board")) as follower:
        live = Live(follower, Timing())
        running = asyncio.create_task(live.run())

        def shown() -> set[tuple[str, int]]:
            if live.hall is None:
                return set()
            view = board_view(live.hall, live.scene(), Shape())
            return {(one.number, one.counter) for one in view.calls}

        await until(lambda: shown() == {("A001", 1), ("A002", 2)}, "both calls")
        await asyncio.to_thread(lose_tail, hall, kept)
        await until(lambda: shown() == {("A001", 1)}, "the one call that the hall still has")
        assert live.heard
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
