"""Themes, several matters, visits that need not be, bookings of a holder: a greeter's keys, a real controller."""

from hall_controller.domain.matters import How
from hall_controller.domain.ticket import TicketState
from tests.support import RunningHall
from tests.terminal.bench import Bench, greeter
from tests.terminal.test_clerk import Happened
from tests.terminal.visiting import SMALL_SHOP


async def picked(at: Bench, key: str, typed: str) -> None:
    await at.press(key)
    await at.until_dialog()
    await at.type(typed)
    await at.press("enter")


async def test_a_theme_is_one_ticket_for_the_matters_that_are_ticked(paper_hall: RunningHall) -> None:
    async with greeter(paper_hall) as at:
        await picked(at, "i", "关一家小")
        await at.until_dialog_with("关一家小店：办哪几件？", "[x] 食品经营许可证变更")
        await at.press("2", "enter")
        await at.until_dialog_with("个体工商户注销登记 等 2 件")
        await at.press("1")
        await at.pilot.pause()
        await at.until_dialog_with("普通话")
        await at.press("1")
        await at.until_told("：前面 0 人")
        await at.until(lambda: "等 2 件" in at.shown("chosen") and "清税证明" in at.shown("chosen"), "the bundle")
    [ticket] = paper_hall.state().tickets.values()
    assert (ticket.matter, ticket.more, ticket.theme) == (SMALL_SHOP[0], (SMALL_SHOP[2],), "close-shop")


async def test_a_theme_is_found_by_its_initials(paper_hall: RunningHall) -> None:
    async with greeter(paper_hall) as at:
        await picked(at, "i", "gyjxd")
        await at.until_dialog_with("关一家小店：办哪几件？")


async def test_matters_are_added_before_the_class_is_chosen(paper_hall: RunningHall) -> None:
    async with greeter(paper_hall) as at:
        await picked(at, "i", "id-card-renew")
        await at.until_dialog_with("取号：居民身份证换领", "再加一件事项")
        await at.press("3")
        await at.until_dialog_with("取号：居民身份证换领")
        await at.pilot.pause()
        await at.type("tax-declare")
        await at.press("enter")
        await at.until_dialog_with("居民身份证换领 等 2 件", "优先")
        await at.press("2")
        await at.until_dialog_with("普通话")
        await at.press("1")
        await at.until_told("：前面 0 人")
    [ticket] = paper_hall.state().tickets.values()
    assert (ticket.matter, ticket.more, ticket.theme) == ("id-card-renew", ("tax-declare",), None)


async def test_a_visit_that_need_not_be_is_told_and_counted(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    async with greeter(paper_hall) as at:
        await picked(at, "i", "household-certificate")
        await at.until_dialog_with("不用取号：网上办", "不用取号：自助终端办")
        await at.press("5")
        await at.until_told("不用取号：自助终端办（24 小时）。已记一次")
        await at.until_main()
    [diverted] = happened.all_of("visit_diverted")
    assert (diverted.matter, diverted.way) == ("household-certificate", How.SELF_SERVICE)
    assert not paper_hall.state().tickets


async def test_the_same_holder_books_once(paper_hall: RunningHall) -> None:
    async with greeter(paper_hall) as at:
        for told in ("签到码", "同一人已有同一时段或同一事项的预约"):
            await picked(at, "b", "关一家小")
            await at.until_dialog_with("关一家小店：办哪几件？")
            await at.press("enter")
            await at.until_dialog_with("预约 Book a visit")
            await at.type("2030-12-31 23:30")
            await at.press("enter")
            await at.until_dialog_with("等 3 件", "登记预约人")
            await at.press("5")
            await at.pilot.pause()
            await at.type("13800000000")
            await at.press("enter")
            await at.until_dialog_with("预约人：13800000000")
            await at.press("1")
            await at.until_told(told)
    [booked] = [one for one in paper_hall.state().tickets.values() if one.state is TicketState.BOOKED]
    assert (booked.theme, len(booked.more)) == ("close-shop", 2)
    assert booked.holder not in (None, "13800000000"), "a digest, not the number"


async def test_a_matter_is_added_to_a_ticket_that_waits(paper_hall: RunningHall) -> None:
    async with greeter(paper_hall) as at:
        await picked(at, "i", "id-card-renew")
        for digit in ("1", "1"):
            await at.until_dialog()
            await at.press(digit)
            await at.pilot.pause()
        await at.until_told("：前面 0 人")
        await at.press("e")
        await at.until_dialog_with("再加一件事项")
        await at.press("5")
        await at.pilot.pause()
        await at.type("tax-declare")
        await at.press("enter")
        await at.until_told("加办一件，共 2 件")
    [ticket] = [one for one in paper_hall.state().tickets.values() if one.state is TicketState.WAITING]
    assert ticket.more == ("tax-declare",)
