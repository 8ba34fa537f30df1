"""Accepting a matter by keys, against a real controller with a register of ratings."""

from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import AcceptanceState
from hall_controller.domain.counter import CounterState
from tests.support import RunningHall
from tests.terminal.bench import Bench, clerk_at
from tests.terminal.test_clerk import Happened
from tests.terminal.visiting import SMALL_SHOP, accept, looked_up, receipt_of, serve


async def accepting(at: Bench, number: str) -> None:
    await at.until(lambda: at.counter().state is CounterState.SERVING and at.ticket(number), "the visitor")
    await at.press("a")


async def test_a_plain_matter_is_accepted_with_two_keys_and_its_receipt_stays_until_the_visitor_leaves(
    paper_hall: RunningHall,
) -> None:
    happened = Happened(paper_hall)
    number = serve(paper_hall, "tax-declare")
    async with clerk_at(paper_hall) as at:
        await accepting(at, number)
        await at.until_dialog_with("受理 纳税申报辅导", "营业执照", "财务报表")
        await at.press("enter")
        await at.until_told("在 kiosk 打印")
        [accepted] = happened.all_of("matter_accepted")
        assert f"已受理，回执 {accepted.receipt}" in at.told
        assert (accepted.kiosk, accepted.rating, accepted.outstanding_zh) == ("kiosk", None, ())
        await at.until(lambda: accepted.receipt in at.shown("side"), "the receipt")
        await at.press("a")
        await at.until_told(f"已受理过：{accepted.receipt}")
        await at.press("f")
        await at.until_told(f"{number} 已办结")
        await at.until(lambda: accepted.receipt not in at.shown("side"), "nothing of a visitor who has left")


async def test_one_of_several_matters_is_accepted_and_is_done_with_it(paper_hall: RunningHall) -> None:
    first, *more = SMALL_SHOP
    number = serve(paper_hall, first, tuple(more))
    async with clerk_at(paper_hall) as at:
        await accepting(at, number)
        await at.until_dialog_with("受理哪一件", "食品经营许可证变更")
        await at.press("3")
        await at.until_dialog_with("受理 纳税申报辅导")
        await at.press("enter")
        await at.until(lambda: "1/3" in at.shown("visitor"), "the mark")
        assert "已受理，回执" in at.told
        await at.press("a")
        await at.until_dialog_with("受理哪一件")
        await at.press("1")
        await at.until_dialog_with("受理 个体工商户注销登记")
        await at.press("enter")
        await at.until(lambda: "2/3" in at.shown("visitor"), "the second mark")
    assert {one.matter for one in paper_hall.state().acceptances.values()} >= {first, "tax-declare"}


async def test_documents_may_come_later_on_good_credit_only(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    number = serve(paper_hall, "permit-food-change")
    async with clerk_at(paper_hall) as at:
        await accepting(at, number)
        await at.until_dialog_with("受理 食品经营许可证变更")
        await at.type("nobody")
        await at.press("enter")
        await at.until_dialog_with("信用一般", "不能容缺")
        await at.press("escape")
        await at.until_main()
        await at.press("a")
        await at.until_dialog()
        await at.type("GOOD1")
        await at.press("enter")
        await at.until_dialog_with("信用良好", "[ ] 食品经营许可证", "变更申请书")
        await at.press("space")
        await at.until_dialog_with("[x] 食品经营许可证")
        await at.press("enter")
        await at.until_told("缺 1 项，")
        await at.until(lambda: "缺 1 项" in at.shown("side"), "what is owed, beside the receipt")
    [accepted] = happened.all_of("matter_accepted")
    assert (accepted.outstanding_zh, accepted.to_hall) == (("食品经营许可证",), "BA135")
    assert accepted.documents_due_day is not None


async def test_a_complete_application_needs_no_number(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    number = serve(paper_hall, "permit-food-change")
    async with clerk_at(paper_hall) as at:
        await accepting(at, number)
        await at.until_dialog_with("受理 食品经营许可证变更")
        await at.press("enter")
        await at.until_dialog_with("现在必须有", "变更申请书", "食品经营许可证")
        await at.press("enter")
        await at.until_told("已受理")
    [accepted] = happened.all_of("matter_accepted")
    assert (accepted.rating, accepted.outstanding_zh) == (None, ())


async def test_a_barred_applicant_is_told_to_the_clerk_alone_and_nothing_is_sent(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    number = serve(paper_hall, "medical-maternity")
    async with clerk_at(paper_hall) as at:
        await accepting(at, number)
        await at.until_dialog()
        await at.press("enter")
        await at.until_dialog_with("补贴事项必须查信用")
        await at.type("BAD1")
        await at.press("enter")
        await at.until_dialog_with("失信主体", "国发〔2016〕33号", "不予受理")
        await at.press("enter")
        await at.until_main()
        assert "失信" not in at.text(), "nothing of it stays on the screen"
    assert happened["matter_accepted"] == 0
    assert paper_hall.state().seq == at.hall.seq


async def test_a_lost_line_accepts_nothing(paper_hall: RunningHall) -> None:
    number = serve(paper_hall, "medical-maternity")
    async with clerk_at(paper_hall) as at:
        await accepting(at, number)
        await at.until_dialog()
        paper_hall.kill()
        await at.type("GOOD1")
        await at.press("enter")
        await at.until_told("没有受理，请再试")
        await at.until_main()
    paper_hall.start()


async def test_outstanding_documents_are_supplied_then_the_result_is_reported(paper_hall: RunningHall) -> None:
    receipt = accept(paper_hall, "permit-food-change", applicant="GOOD1", outstanding=(2,))
    async with clerk_at(paper_hall) as at:
        await looked_up(at, receipt)
        await at.until_dialog_with("待补材料", "食品经营许可证")
        await at.press("r")
        await at.until_dialog_with("还缺材料，先按 S 补交")
        await at.press("s")
        await at.until_dialog_with("[x] 食品经营许可证")
        await at.press("enter")
        await at.until_told(f"{receipt} 已补 1 项，材料已齐")
        await looked_up(at, receipt)
        await at.press("r")
        await at.until_dialog_with("准予，窗口领取", "不予，电子送达")
        await at.press("1")
        await at.until_told(f"{receipt} 准予，窗口领取")
    found = receipt_of(paper_hall, receipt)
    assert found is not None
    assert found.state is AcceptanceState.READY


async def test_a_receipt_is_printed_again(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    receipt = accept(paper_hall, "tax-declare")
    async with clerk_at(paper_hall) as at:
        await looked_up(at, receipt)
        await at.press("p")
        await at.until_told(f"{receipt} 补打，在 kiosk，注明补打")
    [again] = happened.all_of("papers_reprint_requested")
    assert (again.receipt, again.consignment, again.kiosk, again.copy) == (receipt, None, "kiosk", 1)


async def test_a_result_by_post_needs_no_window(paper_hall: RunningHall) -> None:
    receipt = accept(paper_hall, "tax-declare")
    async with clerk_at(paper_hall) as at:
        await looked_up(at, receipt)
        await at.press("r")
        await at.until_dialog_with("准予，邮寄")
        await at.press("2")
        await at.until_told(f"{receipt} 准予，邮寄")
    assert receipt_of(paper_hall, receipt) is None


async def test_an_acceptance_made_by_mistake_is_withdrawn_with_a_reason(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    receipt = accept(paper_hall, "tax-declare")
    async with clerk_at(paper_hall) as at:
        await looked_up(at, receipt)
        await at.press("x")
        await at.until_dialog_with(f"撤回受理 {receipt}")
        await at.press("enter")
        await at.until_dialog_with("请写原因")
        await at.type("受理错了")
        await at.press("enter")
        await at.until_told(f"{receipt} 已撤回")
        await at.press("u")
        await at.until_dialog()
        await at.type(receipt)
        await at.press("enter")
        await at.until_dialog_with("没有这个回执，或结果已领走")
    [withdrawn] = happened.all_of("acceptance_withdrawn")
    assert withdrawn.why == "受理错了"
    assert receipt_of(paper_hall, receipt) is None


async def test_the_hall_refuses_what_changed_meanwhile_and_says_it_clearly(paper_hall: RunningHall) -> None:
    receipt = accept(paper_hall, "tax-declare")
    async with clerk_at(paper_hall) as at:
        await looked_up(at, receipt)
        await at.press("x")
        await at.until_dialog_with("撤回受理")
        paper_hall.do(c.ReportResult(receipt=receipt))
        await at.type("受理错了")
        await at.press("enter")
        await at.until_told("当前状态不能这样操作")
    found = receipt_of(paper_hall, receipt)
    assert found is not None
