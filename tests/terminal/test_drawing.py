"""A screen shows what is so: nothing that comes or goes above it keeps it from being drawn."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.content import Content
from textual.events import Resize

from counter_client import terminal
from counter_client.clerk.bundles import MarkMatter, Row
from counter_client.clerk.screen import ClerkScreen
from counter_client.desk import Link
from counter_client.manager.screen import ManagerScreen
from counter_client.papers.receiving import Receive, Tally
from counter_client.papers.scanner import Ear
from counter_client.papers.sending import Papers
from counter_client.reception.screen import ReceptionScreen
from counter_client.terminal import TerminalScreen
from counter_client.widgets.dialogs import Dialog, Entry, Pick
from counter_client.widgets.tick import Tick
from counter_client.words import Words
from hall_controller.domain import commands as c
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.ticket import TicketState
from tests.terminal.bench import bench, patient_fingers
from tests.terminal.local_hall import LocalHall

SCREENS: dict[str, Callable[[Link], TerminalScreen]] = {
    "clerk": lambda link: ClerkScreen(link, 3, clerk="003", guard=patient_fingers()),
    "reception": lambda link: ReceptionScreen(link, guard=patient_fingers()),
    "manager": lambda link: ManagerScreen(link, guard=patient_fingers()),
}


TURNS = 12
"""So many turns of the loop, at most, lie between an event and the end of the dialog that stood above it."""


@pytest.mark.parametrize("kind", SCREENS)
async def test_what_happens_while_a_dialog_closes_is_drawn_and_so_is_all_after_it(kind: str) -> None:
    local = LocalHall()
    async with bench(lambda: local, SCREENS[kind]) as at:
        for turns in range(TURNS):
            await at.press("f1")
            await at.until_dialog()
            at.pilot.app.screen.refresh()  # as after each key: the dialog is about to be painted
            local.do(c.SetNotice(zh=f"公告 {turns}", en=f"notice {turns}"))
            for _ in range(turns):
                await asyncio.sleep(0)
            at.pilot.app.screen.dismiss(None)
            await at.until_main()
            shown = lambda n=turns: f"公告 {n}" in at.shown("notice")  # noqa: E731
            await at.until(shown, f"the notice of meanwhile, {turns} turns before the end")


MANY = tuple(Entry(f"{at}", Content(f"one {at}"), f"{at}") for at in range(30))
T = Words("标题", "title")
DIALOGS: dict[str, Callable[[], Dialog[Any]]] = {
    "tick": lambda: Tick(T, MANY, "zh", take=T),
    "pick": lambda: Pick(T, MANY, "zh", prompt=T),
    "mark": lambda: MarkMatter(T, [Row(f"{at}", T, MatterOutcome.OPEN, upcoming=False) for at in range(5)], "zh"),
    "papers": lambda: Papers(LocalHall().state, {}, "zh", 0, Ear(0), set()),
    "receive": lambda: Receive(LocalHall().state, Tally(), "zh"),
}


@pytest.mark.parametrize("kind", DIALOGS)
async def test_a_dialog_that_has_gone_is_not_drawn_again(kind: str) -> None:
    """What it asked to be drawn by its last keys came when its panes were no more, and ended the terminal."""
    local = LocalHall()
    async with bench(lambda: local, SCREENS["clerk"]) as at:
        for turns in range(TURNS):
            dialog = DIALOGS[kind]()
            at.pilot.app.push_screen(dialog)
            if turns % 2:
                await at.pilot.pause()
            dialog.post_message(Resize(at.pilot.app.size, at.pilot.app.size))
            for _ in range(turns // 2):
                await asyncio.sleep(0)
            dialog.dismiss(None)
            await at.until_main()
        await at.pilot.pause()


async def test_a_screen_that_stands_still_takes_no_key_draws_itself_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever it is that keeps it from being drawn."""
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    async with bench(lambda: local, SCREENS["clerk"]) as at:
        await at.press("c")
        await at.until_told("已叫 A001")
        monkeypatch.setattr(at.screen, "draw_soon", lambda: None)
        monkeypatch.setattr(terminal, "STILL_S", 0.0)
        local.do(c.StartService(counter=3, ticket=1))
        local.do(c.FinishService(counter=3, ticket=1))
        sent = len(local.asked)
        assert "CALLING" in at.shown("visitor")
        await at.press("z")
        assert len(local.asked) == sent
        assert "画面停住过" in at.shown("told")
        assert "READY" in at.shown("visitor")
        monkeypatch.setattr(terminal, "STILL_S", 3.0)
        await at.press("z")
        await at.until_told("已撤销：办结 A001")


async def test_an_act_that_is_chosen_on_an_older_picture_is_refused_and_told() -> None:
    """The visitor whom the clerk saw is still there, but the service has begun anew meanwhile."""
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.do(c.OpenCounter(counter=5, clerk="005"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    local.do(c.CallNext(counter=3))
    local.do(c.StartService(counter=3))
    async with bench(lambda: local, SCREENS["clerk"]) as at:
        await at.press("t")
        await at.until_dialog()
        await at.press("1")
        await at.until_dialog()
        local.do(c.Hold(counter=3, ticket=1))
        local.do(c.ResumeTicket(counter=3, ticket=1))
        await at.press("enter")
        await at.until_told("窗口或号已有变化")
        assert local.state.tickets[1].state is TicketState.SERVING
        await at.press("t")
        await at.until_dialog()
        await at.press("1")
        await at.until_dialog()
        await at.press("enter")
        await at.until_told("A001 已转办")


async def test_the_fastest_fingers_are_not_told_that_their_picture_is_old() -> None:
    """A visitor a second: each key is meant for what the one before has done."""
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    for _ in range(12):
        local.do(c.IssueTicket(matter="id-card-renew"))
    async with bench(lambda: local, SCREENS["clerk"]) as at:
        for visitor in range(1, 13):
            for key, told in (("c", f"已叫 A{visitor:03d}"), ("s", "开始办理"), ("f", "已办结")):
                await at.press(key)
                await at.until_told(told)
                local.do(c.IssueTicket(matter="id-card-renew"))  # what happens elsewhere is no reason
