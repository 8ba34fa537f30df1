"""The results window by keys and by scanner, against a real controller."""

import time

import pytest

from counter_client.clerk.guard import REPEAT_S, Guard
from counter_client.widgets import dialogs
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.rules import Narrowing
from tests.support import RunningHall
from tests.terminal.bench import clerk_at, greeter
from tests.terminal.test_clerk import Happened, opened
from tests.terminal.test_command import Tty
from tests.terminal.visiting import accept, looked_up, receipt_of, scan, serve


def hearing() -> Guard:
    """Of patient fingers, with a scanner: as patient, since a busy machine may type slower than a real one."""
    return Guard(repeat_s=0, settle_s=0, scan_s=5)


def ready(hall: RunningHall, matter: str = "tax-declare") -> str:
    receipt = accept(hall, matter)
    hall.do(c.ReportResult(receipt=receipt))
    return receipt


async def test_a_visitor_who_collects_shows_the_receipt_and_one_key_hands_it_out(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    receipt = ready(paper_hall)
    number = serve(paper_hall, "pickup-card", receipt=receipt)
    async with clerk_at(paper_hall) as at:
        await at.until(lambda: receipt in at.shown("visitor") and "结果可领" in at.shown("visitor"), "the receipt")
        await at.press("a")
        await at.until_told("来领结果的：按 U 发放")
        await at.press("u")
        await at.until_dialog_with(f"回执 {receipt}", "准予")
        await at.press("f")
        await at.until_told(f"{receipt} 结果已发放（准予）")
        await at.until(lambda: "已发放" in at.shown("visitor"), "that it is handed out")
        await at.press("f")
        await at.until_told(f"{number} 已办结")
    [handed] = happened.all_of("result_handed_out")
    assert (handed.receipt, handed.counter, handed.clerk) == (receipt, 3, "003")
    assert handed.ticket is not None
    assert receipt_of(paper_hall, receipt) is None


async def test_a_scan_works_on_the_main_screen_and_presses_no_key_there(paper_hall: RunningHall) -> None:
    """`BA001-…` begins with the key of pause and goes on with that of accept; its Enter would call."""
    first, second = ready(paper_hall), ready(paper_hall)
    happened = Happened(paper_hall)
    async with clerk_at(paper_hall, guard=hearing()) as at:
        await opened(at)
        await scan(at, first)
        await at.until_dialog_with(f"回执 {first}")
        await scan(at, second)
        await at.until_dialog_with(f"回执 {second}")
        await at.press("f")
        await at.until_told(f"{second} 结果已发放")
        await scan(at, first.lower())
        await at.until_dialog_with(f"回执 {first}")
        await at.press("f")
        await at.until_told(f"{first} 结果已发放")
        await scan(at, second)
        await at.until_told(f"{second}：没有这个回执，或结果已领走")
        assert at.counter().state is CounterState.READY
    assert (happened["counter_paused"], happened["ticket_called"], happened["result_handed_out"]) == (0, 0, 2)


def test_a_scan_on_a_real_terminal_comes_in_one_go(paper_hall: RunningHall) -> None:
    receipt = ready(paper_hall)
    happened = Happened(paper_hall)
    tty = Tty("counter", paper_hall.dir / "devices" / "counter-3.toml", "--clerk", "007")
    try:
        tty.until("CLOSED")
        tty.press("o")
        tty.until("窗口已开")
        tty.press(f"{receipt}\r")
        tty.until("可接着扫下一张")
        tty.press("f")
        tty.until("结果已发放")
        time.sleep(REPEAT_S)  # what is typed at once after a dialog's key is still meant for the dialog
        tty.press("b")
        tty.until("已暂停")
    finally:
        assert tty.close() == 0
    assert (happened["counter_paused"], happened["ticket_called"], happened["result_handed_out"]) == (1, 0, 1)


async def test_a_scan_that_nobody_wanted_chooses_nothing(
    paper_hall: RunningHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digits and the Enter of a receipt mean something where one of a few is chosen."""
    monkeypatch.setattr(dialogs, "DEAF_S", 5.0)  # a busy machine may type slower than a scanner
    receipt = accept(paper_hall, "tax-declare")
    number = serve(paper_hall, "tax-declare")
    async with clerk_at(paper_hall) as at:
        await at.until(lambda: at.ticket(number), "the visitor")
        await looked_up(at, receipt)
        await at.press("r")
        await at.until_dialog_with("准予，窗口领取")
        await scan(at, receipt)
        await at.until_dialog_with("准予，窗口领取")
        await at.press("escape")
        await at.until_main()
        await at.press("a")
        await at.until_dialog_with("受理 纳税申报辅导")
        await scan(at, receipt)
        await at.until_dialog_with("受理 纳税申报辅导")
    found = receipt_of(paper_hall, receipt)
    assert found is not None
    assert found.decision is None


async def test_the_key_that_may_begin_a_scan_still_pauses(paper_hall: RunningHall) -> None:
    async with clerk_at(paper_hall, guard=Guard(repeat_s=0, settle_s=0)) as at:
        await opened(at)
        await at.press("b")
        await at.until_told("已暂停")
        await at.press("b")
        await at.until_told("已恢复")


async def test_a_result_that_is_not_here_is_refused_in_clear_words(paper_hall: RunningHall) -> None:
    receipt = accept(paper_hall, "permit-transport")
    async with clerk_at(paper_hall) as at:
        await looked_up(at, receipt)
        await at.until_dialog_with("已受理，材料待送 BA135")
        await at.press("f")
        await at.until_dialog_with("窗口未开")
        await at.press("escape")
        await at.until_main()
        await opened(at)
        await looked_up(at, receipt)
        await at.press("f")
        await at.until_dialog_with("结果还不在本大厅：已受理，材料待送 BA135")
    assert receipt_of(paper_hall, receipt) is not None


async def test_a_receipt_is_found_by_its_last_digits(paper_hall: RunningHall) -> None:
    receipt = ready(paper_hall)
    async with clerk_at(paper_hall) as at:
        await at.press("u")
        await at.until_dialog()
        await at.type("x")
        await at.press("enter")
        await at.until_dialog_with("“X”不是回执号；回执像 BA001-")
        await at.press("backspace")
        await at.type(receipt.rsplit("-", 1)[1].lstrip("0"))
        await at.press("enter")
        await at.until_dialog_with(f"回执 {receipt}")


async def test_a_counter_is_told_to_hand_out_results_only_then_some_groups_then_everything(
    paper_hall: RunningHall,
) -> None:
    async with clerk_at(paper_hall) as at:
        await opened(at)
        await at.press("i")
        await at.until_dialog_with("只出件：发放结果")
        await at.press("2")
        await at.until_told("已改：只办 出件")
        await at.until(lambda: "只办 出件" in at.shown("header"), "it in the header")
        assert at.counter().narrowing == Narrowing(groups=("pickup",))
        paper_hall.do(c.NarrowCounter(counter=3, groups=("tax",)))
        await at.until_told("本窗口改为：只办 税务发票")
        paper_hall.do(c.NarrowCounter(counter=3, groups=("pickup",)))
        await at.until_told("本窗口改为：只办 出件")
        await at.press("i")
        await at.until_dialog()
        await at.press("3")
        await at.until_dialog_with("[x] 出件领取", "[ ] 税务发票")
        await at.press("5", "enter")
        await at.until_told("只办 税务发票、出件")
        await at.press("i")
        await at.until_dialog()
        await at.press("1")
        await at.until_told("已改：什么都办")
        await at.until(lambda: "只办" not in at.shown("header"), "it gone from the header")
        assert at.counter().narrowing == Narrowing()


async def test_reception_gives_a_number_for_a_result_that_is_here(paper_hall: RunningHall) -> None:
    receipt, early = ready(paper_hall), accept(paper_hall, "tax-declare")
    async with greeter(paper_hall) as at:
        await looked_up(at, early)
        await at.press("t")
        await at.until_dialog_with("结果还不在本大厅")
        await at.press("escape")
        await at.until_main()
        await at.press("f")
        await at.until_dialog()
        await scan(at, receipt)
        await at.until_dialog_with(f"回执 {receipt}", "结果可领")
        await at.press("t")
        for _ in range(2):
            await at.until_dialog_with(f"领结果 {receipt}")
            await at.press("1")
            await at.pilot.pause()
        await at.until_told("在 kiosk 打印")
        await at.until(lambda: receipt in at.shown("chosen"), "the receipt of the ticket")
    [ticket] = paper_hall.state().tickets.values()
    assert (ticket.receipt, ticket.group) == (receipt, "pickup")
