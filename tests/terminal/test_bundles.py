"""A visitor with several matters, by keys, against a real controller."""

from hall_controller.domain import commands as c
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.counter import CounterState
from hall_controller.domain.ticket import TicketState
from tests.support import RunningHall
from tests.terminal.bench import Bench, clerk_at
from tests.terminal.test_clerk import Happened, ticket_of
from tests.terminal.visiting import SMALL_SHOP, serve

FIRST, *MORE = SMALL_SHOP


def serve_shop(hall: RunningHall) -> str:
    return serve(hall, FIRST, tuple(MORE), theme="close-shop")


async def until_serving(at: Bench, number: str) -> None:
    await at.until(lambda: at.counter().state is CounterState.SERVING and at.ticket(number), "the visitor")


async def test_matters_are_done_one_press_each_in_their_order_and_the_finish_asks_nothing(
    paper_hall: RunningHall,
) -> None:
    happened = Happened(paper_hall)
    number = serve_shop(paper_hall)
    async with clerk_at(paper_hall) as at:
        await at.until(lambda: "关一家小店" in at.shown("visitor"), "the theme")
        assert "0/3" in at.shown("visitor")
        assert "> 待办" in at.shown("visitor")
        await at.press("n")
        await at.until_told("1/3 个体工商户注销登记 已办；下一件 食品经营许可证变更")
        await at.press("n")
        await at.until_told("2/3")
        await at.press("n")
        await at.until_told("3/3 纳税申报辅导 已办；都有着落了，F 办结")
        await at.press("n")
        await at.until_told("没有待办的事项了")
        await at.press("f")
        await at.until_told(f"{number} 已办结")
        assert at.pilot.app.screen is at.screen, "nothing is asked"
    assert ticket_of(paper_hall, number).state is TicketState.DONE
    assert happened["matter_handled"] == 3


async def test_finishing_with_open_matters_asks_once_and_what_is_unticked_is_left(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    number = serve_shop(paper_hall)
    async with clerk_at(paper_hall) as at:
        await until_serving(at, number)
        await at.press("n")
        await at.until_told("1/3")
        await at.press("f")
        await at.until_dialog_with("办结 2 件？", "[x] 食品经营许可证变更", "[x] 纳税申报辅导")
        await at.press("escape")
        await at.until_main()
        assert at.counter().state is CounterState.SERVING, "left is not finished"
        await at.press("f")
        await at.until_dialog_with("办结 2 件？")
        await at.press("2")
        await at.until_dialog_with("[ ] 纳税申报辅导")
        await at.press("enter")
        await at.until_told(f"{number} 已办结")
    [finished] = happened.all_of("service_finished")
    assert (finished.matter, finished.more, finished.left) == (FIRST, (MORE[0],), (MORE[1],))


async def test_a_chosen_matter_is_left_and_taken_up_again(paper_hall: RunningHall) -> None:
    number = serve_shop(paper_hall)
    async with clerk_at(paper_hall) as at:
        await until_serving(at, number)
        await at.press("m")
        await at.until_dialog_with(f"{number} 的事项", "待办")
        await at.press("2", "x")
        await at.until_told("0/3 食品经营许可证变更 改日")
        await at.until(lambda: "改日" in at.shown("visitor"), "the mark")
        await at.press("m")
        await at.until_dialog()
        await at.press("down", "o")
        await at.until_told("食品经营许可证变更 待办")
        await at.press("m")
        await at.until_dialog()
        await at.press("3", "enter")
        await at.until_told("1/3 纳税申报辅导 已办")
    [ticket] = paper_hall.state().tickets.values()
    assert (ticket.handled, ticket.left) == (("tax-declare",), ())


async def test_a_matter_is_added_and_one_list_of_documents_read(paper_hall: RunningHall) -> None:
    number = serve(paper_hall, FIRST)
    async with clerk_at(paper_hall) as at:
        await until_serving(at, number)
        await at.press("n")
        await at.until_told("只有一件事项：办完按 F，要加按 K")
        await at.press("k")
        await at.until_dialog()
        await at.type(FIRST)
        await at.until_dialog_with("没有符合的")
        await at.press(*["backspace"] * len(FIRST))
        await at.type("食品经营")
        await at.press("enter")
        await at.until_told(f"{number} 加办一件，共 2 件")
        await at.until(lambda: "0/2" in at.shown("visitor"), "the bundle")
        await at.press("d")
        await at.until_dialog_with("2 件合一单", "清税证明", "变更申请书")
        await at.press("escape")
        await at.until_main()
        await at.press("l")
        await at.until(lambda: "0/2 2 matters" in at.shown("visitor").replace("  ", " "), "the bundle in English")
    [ticket] = paper_hall.state().tickets.values()
    assert ticket.more == ("permit-food-change",)


async def test_a_transfer_keeps_the_bundle_and_what_is_done_of_it(paper_hall: RunningHall) -> None:
    number = serve_shop(paper_hall)
    paper_hall.do(c.OpenCounter(counter=4, clerk="004"))
    async with clerk_at(paper_hall) as at:
        await until_serving(at, number)
        await at.press("n")
        await at.until_told("1/3")
        await at.press("t")
        await at.until_dialog()
        await at.press("1")
        await at.until_dialog_with("窗口  4")
        await at.press("enter")
        await at.until_told(f"{number} 已转办")
    async with clerk_at(paper_hall, 4) as at:
        await at.press("c")
        await at.until_told(f"已叫 {number}")
        await at.press("s")
        await at.until_told(f"{number} 开始办理")
        await at.until(lambda: "1/3" in at.shown("visitor"), "the bundle at the other counter")
        await at.press("n")
        await at.until_told("2/3 食品经营许可证变更 已办")


async def test_one_matter_is_finished_with_one_key_as_ever(paper_hall: RunningHall) -> None:
    number = serve(paper_hall, "id-card-renew")
    async with clerk_at(paper_hall) as at:
        await until_serving(at, number)
        await at.press("f")
        await at.until_told(f"{number} 已办结")


async def test_what_another_terminal_marks_is_seen_here(paper_hall: RunningHall) -> None:
    number = serve_shop(paper_hall)
    async with clerk_at(paper_hall) as at:
        await until_serving(at, number)
        paper_hall.do(c.HandleMatter(counter=3, matter=FIRST, outcome=MatterOutcome.HANDLED))
        await at.until(lambda: "1/3" in at.shown("visitor"), "the mark")
