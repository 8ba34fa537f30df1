"""From an alert that names somebody to the key that frees them: pressed on the console, seen in the hall."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from counter_client.manager.acts import View
from counter_client.manager.screen import ManagerScreen
from hall_controller.domain import commands as c
from hall_controller.domain.alert import key
from hall_controller.domain.counter import CounterState
from hall_controller.domain.ticket import TicketState
from tests.terminal.bench import Bench, bench, patient_fingers
from tests.terminal.local_hall import LocalHall

ORDINARY = "id-card-renew"


@asynccontextmanager
async def at_alert(local: LocalHall, name: str) -> AsyncIterator[Bench]:
    """The console with that alert marked."""
    assert name in local.state.alerts, list(local.state.alerts)
    async with bench(lambda: local, lambda link: ManagerScreen(link, guard=patient_fingers())) as at:
        assert isinstance(at.screen, ManagerScreen)
        await at.press("4")
        at.screen.mark(View.ALERTS, key(local.state.alerts[name].alert, local.state.alerts[name].subject))
        await at.press("4")
        await at.pilot.pause()
        yield at


def hall_with(*counters: int) -> LocalHall:
    local = LocalHall()
    for number in counters:
        local.do(c.OpenCounter(counter=number, clerk=f"{number:03d}"))
    return local


def take(local: LocalHall, matter: str = ORDINARY) -> int:
    local.do(c.IssueTicket(matter=matter))
    return local.state.next_ticket - 1


def wait(local: LocalHall, seconds: int) -> None:
    local.later(seconds)
    local.tick()


async def test_one_kept_for_a_counter_is_let_go_by_a() -> None:
    local = hall_with(1, 5)
    ticket = take(local)
    local.do(c.AssignTicket(ticket=ticket, to_counter=5))
    local.do(c.ServeUnticketed(counter=5, matter=ORDINARY))
    wait(local, 900)
    async with at_alert(local, "kept_wait/A001") as at:
        assert "留给5号窗口" in at.shown("alerts")
        await at.press("a")
        await at.until_told("任一窗口可叫")
    local.do(c.CallNext(counter=1))
    assert local.state.tickets[ticket].counter == 1


async def test_who_waits_again_is_called_by_c() -> None:
    local = hall_with(1)
    ticket = take(local)
    local.do(c.CallNext(counter=1))
    local.do(c.StartService(counter=1))
    local.do(c.Transfer(counter=1, matter="id-card-replace"))
    wait(local, 1200)
    async with at_alert(local, "second_wait/A001") as at:
        await at.press("c")
        await at.until_dialog()
        await at.press("enter")
        await at.pilot.pause()
        await at.press("enter")
        await at.until_told("A001 已叫到窗口 1")
    assert local.state.tickets[ticket].state is TicketState.CALLED


async def test_one_who_is_set_aside_goes_on_at_another_counter_by_c() -> None:
    local = hall_with(1, 2)
    ticket = take(local)
    local.do(c.CallNext(counter=1))
    local.do(c.StartService(counter=1))
    local.do(c.Hold(counter=1))
    local.do(c.CloseCounter(counter=1))
    wait(local, 1800)
    async with at_alert(local, "long_hold/A001") as at:
        await at.press("c")
        await at.until_dialog()
        await at.press("enter")
        await at.until_told("A001 在窗口 2 继续办理")
    assert (local.state.tickets[ticket].state, local.state.tickets[ticket].counter) == (TicketState.SERVING, 2)


@pytest.mark.parametrize(("pressed", "made"), [("b", 2), ("o", 1)], ids=["resume", "open"])
async def test_while_no_counter_works_one_is_resumed_or_opened(pressed: str, made: int) -> None:
    local = hall_with(2)
    local.do(c.PauseCounter(counter=2))
    take(local)
    wait(local, 90)
    async with at_alert(local, "no_counter/") as at:
        assert "没有窗口在办理，1人等候（A001）" in at.shown("alerts")
        await at.press(pressed)
        if pressed == "o":
            await at.until_dialog()
            await at.type("007")
            await at.press("enter")
        await at.until(lambda: local.state.counters[made].state is CounterState.READY, "the counter")


async def test_whom_no_counter_suits_a_counter_is_told_to_serve_by_9() -> None:
    local = hall_with(1)
    local.do(c.NarrowCounter(counter=1, groups=("pickup",)))
    take(local)
    wait(local, 120)
    async with at_alert(local, "none_suits/") as at:
        assert "A001" in at.shown("alerts")
        await at.press("9")
        await at.until_dialog()
        await at.press("1")
        await at.until_told("窗口 1 什么都办")
    local.do(c.CallNext(counter=1))
    assert local.state.counters[1].state is CounterState.CALLING


async def test_while_the_results_window_is_away_another_is_told_to_hand_out_by_9() -> None:
    local = hall_with(1, 3)
    local.do(c.NarrowCounter(counter=3, groups=("pickup",)))
    ticket = take(local, "pickup-card")
    local.do(c.PauseCounter(counter=3))
    wait(local, 120)
    local.do(c.CallNext(counter=1))
    assert local.state.tickets[ticket].state is TicketState.WAITING, "the papers are at counter 3"
    async with at_alert(local, "results_away/3") as at:
        assert "出件的3号窗口不在" in at.shown("alerts")
        await at.press("9")
        await at.until_dialog()
        await at.press("2")
        await at.until_told("窗口 1 只出件")
    local.do(c.CallNext(counter=1))
    assert local.state.tickets[ticket].counter == 1


async def test_from_an_alert_about_a_result_its_card_is_opened() -> None:
    local = hall_with(1)
    take(local, "tax-declare")
    local.do(c.CallNext(counter=1))
    local.do(c.StartService(counter=1))
    local.do(c.AcceptMatter(counter=1))
    [receipt] = local.state.acceptances
    for _ in range(4):
        wait(local, 86_400)
    async with at_alert(local, f"result_overdue/{receipt}") as at:
        assert "承诺的办理结果已逾期" in at.shown("alerts")
        await at.press("g")
        await at.until_dialog_with(receipt)
