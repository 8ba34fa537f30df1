"""Receipts, papers, low ratings and bundles on the manager's console, by its keys, against a real controller."""

from counter_client.manager.acts import View
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Decision, Delivery
from hall_controller.domain.commands import RatingReason
from tests.support import RunningHall
from tests.terminal.bench import manager_at
from tests.terminal.test_clerk import Happened
from tests.terminal.test_manager import mark_counter, screen_of
from tests.terminal.test_papers import announce
from tests.terminal.visiting import accept, receipt_of

COMMENT = "等了一个小时才说缺材料"


async def test_the_view_of_acceptances_opens_a_receipt_and_supplies_its_documents(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    owing = accept(paper_hall, "permit-food-change", applicant="GOOD1", outstanding=(2,))
    async with manager_at(paper_hall) as at:
        await at.press("7")
        await at.until(lambda: owing in at.shown("papers"), "the receipt")
        assert "容缺待补" in at.shown("papers")
        screen = screen_of(at)
        while screen.marked[View.PAPERS] != owing:
            await at.press("down")
        await at.press("enter")
        await at.until_dialog_with(owing, "待补材料")
        await at.press("s")
        await at.until_dialog_with(f"补交材料 {owing}")
        await at.press("enter")
        await at.until_told(f"{owing} 已补 1 项，材料已齐")
    [supplied] = happened.all_of("documents_supplied")
    assert (supplied.receipt, supplied.by) == (owing, "manager")


async def test_a_result_is_reported_and_an_acceptance_withdrawn_from_the_palette(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    decided, taken_back = (accept(paper_hall, "business-individual-close") for _ in range(2))
    async with manager_at(paper_hall) as at:
        await at.until(lambda: receipt_of(paper_hall, taken_back), "the acceptances")
        await at.press("ctrl+p")
        await at.until_dialog()
        await at.type(f"结果 {decided}")
        await at.press("enter")
        await at.until_dialog_with(f"决定结果 {decided}")
        await at.press("enter")
        await at.until_told(f"{decided} 准予，窗口领取")
        await at.press("ctrl+p")
        await at.until_dialog()
        await at.type(f"撤回 {taken_back}")
        await at.press("enter")
        await at.until_dialog_with(f"撤回受理 {taken_back}")
        await at.type("wrong matter")
        await at.press("enter")
        await at.until_told(f"{taken_back} 已撤回")
    [reported] = [event for event in happened.all_of("result_reported") if event.receipt == decided]
    assert (reported.decision, reported.delivery) == (Decision.GRANTED, Delivery.WINDOW)
    [withdrawn] = happened.all_of("acceptance_withdrawn")
    assert (withdrawn.receipt, withdrawn.why) == (taken_back, "wrong matter")


async def test_overdue_papers_stand_on_top_and_are_counted_in_the_tab(paper_hall: RunningHall) -> None:
    announce(paper_hall, "BA020-261119-C07", ("BA020-261119-0001",), due_ms=1_700_000_000_000)
    async with manager_at(paper_hall) as at:
        await at.press("7")
        await at.until(lambda: "BA020-261119-C07" in at.shown("papers"), "the list")
        first = at.shown("papers").splitlines()[1]
        assert "BA020-261119-C07" in first
        assert "逾期" in first
        assert "7 受理 1" in at.shown("tabs")
        await at.press("enter")
        await at.until_dialog_with("清单 1 件，已扫 0，还缺 1")


async def test_a_low_rating_stands_out_until_it_is_seen_and_stays_in_the_journal(paper_hall: RunningHall) -> None:
    accept(paper_hall, "business-individual-close")
    ticket = max(paper_hall.state().ended)
    number = paper_hall.state().ended[ticket].number
    async with manager_at(paper_hall) as at:
        await at.press("4")
        rate = c.Rate(ticket=ticket, stars=2, reasons=(RatingReason.WAIT, RatingReason.UNCLEAR), comment=COMMENT)
        assert isinstance(paper_hall.do(rate), wire.Accepted)
        await at.until(lambda: f"{number} 评价 2 星" in at.shown("alerts"), "the rating")
        assert "等候太久、没讲清楚" in at.shown("alerts")
        assert COMMENT in at.shown("alerts")
        await at.press("home", "enter")
        await at.until_dialog_with(f"{number} 评价 2 星：等候太久、没讲清楚", COMMENT)
        await at.press("escape")
        await at.until_main()
        await at.until(lambda: COMMENT not in at.shown("alerts"), "that it is put away")
        await at.press("6")
        await at.until(lambda: f"{number} 评价 2 星" in at.shown("journal"), "the journal's sentence")
    assert not isinstance(paper_hall.do(rate), wire.Accepted), "rated once"


async def test_a_counter_is_told_to_hand_out_results_only_and_it_is_taken_back(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    paper_hall.do(c.OpenCounter(counter=5, clerk="005"))
    async with manager_at(paper_hall) as at:
        await at.until(lambda: at.counter(5).clerk == "005", "the counter")
        await mark_counter(at, 5)
        await at.press("9")
        await at.until_dialog_with("窗口 5 办什么？")
        await at.press("2")
        await at.until_told("窗口 5 只出件")
        assert at.counter(5).narrowing.groups == ("pickup",)
        await at.press("u")
        await at.until_told("已撤回")
        assert at.counter(5).narrowing.groups == ()
        await at.press("6")
        await at.until(lambda: "窗口 5 改为只办 出件" in at.shown("journal"), "the journal's sentence")
    assert [event.narrowing.groups for event in happened.all_of("counter_narrowed")] == [("pickup",), ()]
    paper_hall.do(c.CloseCounter(counter=5))


async def test_the_matters_of_a_visit_and_how_they_stand(paper_hall: RunningHall) -> None:
    paper_hall.do(c.OpenCounter(counter=6, clerk="006"))
    more = ("permit-food-change", "tax-declare")
    issued = paper_hall.do(c.IssueTicket(matter="business-individual-close", more=more))
    paper_hall.do(c.CallTicket(counter=6, ticket=issued.ticket))
    paper_hall.do(c.StartService(counter=6))
    paper_hall.do(c.HandleMatter(counter=6, matter="tax-declare"))
    async with manager_at(paper_hall) as at:
        await at.press("1")
        await at.until(lambda: "已办 1/3" in at.shown("counters"), "the progress")
        await at.press("f")
        await at.until_dialog()
        await at.type(str(issued.number))
        await at.press("enter")
        await at.until_told(f"{issued.number}：办理中")
        assert at.told.count("待办") == 2
    paper_hall.do(c.FinishService(counter=6))
    paper_hall.do(c.EndWrapUp(counter=6))
    paper_hall.do(c.CloseCounter(counter=6))
