"""A greeter's morning by keys, against a real controller over the real bus."""

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.ticket import Language, Ticket, TicketState, VisitorClass
from tests.support import RunningHall
from tests.terminal.bench import Bench, greeter
from tests.terminal.test_clerk import Happened, issue, ticket_of


async def issued(at: Bench, matter: str, visitor_class: str, language: str) -> None:
    await at.press("i")
    await at.until_dialog()
    await at.type(matter)
    await at.press("enter")
    for digit in (visitor_class, language):
        await at.until_dialog()
        await at.press(digit)
    await at.until_main()


async def test_a_ticket_is_issued_and_printed_at_the_kiosk(hall: RunningHall) -> None:
    async with greeter(hall) as at:
        await issued(at, "临时身份证", "2", "3")
        await at.until_told("：前面 0 人，等候时间未知，在 kiosk 打印")
        [ticket] = at.hall.tickets.values()
        await at.until(lambda: "█" in at.shown("chosen") and "Temporary ID card" in at.shown("chosen"), "the ticket")
        hall.do(c.ReportPrint(ticket=ticket.ticket, outcome=PrintOutcome.PRINTED), as_="printer")
        await at.until_told(f"{ticket.number} 已打印")
    assert ticket.number is not None
    assert ticket.number.startswith("P")
    assert (ticket.matter, ticket.visitor_class, ticket.language) == (
        "id-card-temporary",
        VisitorClass.PRIORITY,
        Language.ENGLISH,
    )
    assert ticket.kiosk == "kiosk"


async def test_a_print_that_failed_is_told_to_the_greeter(hall: RunningHall) -> None:
    async with greeter(hall) as at:
        await issued(at, "id-card-renew", "1", "1")
        await at.until_told("：前面 0 人")
        [ticket] = at.hall.tickets.values()
        hall.do(c.ReportPrint(ticket=ticket.ticket, outcome=PrintOutcome.FAILED, detail="paper out"), as_="printer")
        await at.until_told(f"{ticket.number} 没打出来：paper out。请把号码写给来访者。")
        hall.do(c.ReportDevice(kind="paper", state=c.DeviceState.FAILED, detail="paper out"), as_="printer")
        await at.until(lambda: "printer：纸张 paper out" in at.shown("notice"), "the printer's trouble")


async def test_find_amend_reprint(hall: RunningHall) -> None:
    happened = Happened(hall)
    *_, last = issue(hall, 12)
    async with greeter(hall) as at:
        await at.until(lambda: len(at.hall.tickets) == 12, "the queue")
        await at.press("f")
        await at.until_dialog()
        await at.type(last.lstrip("A0"))
        await at.press("enter")
        await at.until_told(f"{last}：等候")
        await at.press("e")
        await at.until_dialog()
        await at.press("2")
        await at.until_told(f"{last} 已更正")
        await at.press("p")
        await at.until_told(f"{last} 补打已发出")
        await at.press("f")
        await at.until_dialog()
        await at.type("B77")
        await at.press("enter")
        await at.until_told("今天没有“B77”这个号")
    ticket = ticket_of(hall, last)
    assert isinstance(ticket, Ticket)
    assert (ticket.visitor_class, ticket.copies) == (VisitorClass.PRIORITY, 1)
    assert happened["ticket_reprint_requested"] == 1


async def test_a_missed_visitor_is_found_and_returned(hall: RunningHall) -> None:
    [first] = issue(hall)
    hall.do(c.OpenCounter(counter=1, clerk="001"))
    hall.do(c.CallNext(counter=1))
    hall.do(c.Missed(counter=1))
    async with greeter(hall) as at:
        await at.until(lambda: "2 过号 1" in at.shown("tabs"), "the count of missed visitors")
        await at.press("2")
        await at.until(lambda: "V 回队" in at.shown("chosen"), "the missed visitor")
        await at.press("v")
        await at.until_told(f"{first} 已重新排队")
        await at.until(lambda: "1 等候 1" in at.shown("tabs"), "the queue")
    assert ticket_of(hall, first).state is TicketState.WAITING


async def test_cancelling_is_confirmed_first(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with greeter(hall) as at:
        await at.until(lambda: at.ticket(first), "the ticket")
        await at.press("1", "x")
        await at.until_dialog()
        await at.press("enter", "escape")
        await at.until_main()
        assert at.ticket(first) is not None
        await at.press("x")
        await at.until_dialog()
        await at.press("y")
        await at.until_told(f"{first} 已取消")
        await at.press("f")
        await at.until_dialog()
        await at.type(first.lower())
        await at.press("enter")
        await at.until_told(f"今天已结束：{first} 已取消")


async def test_book_and_check_in(hall: RunningHall) -> None:
    async with greeter(hall) as at:
        await at.press("b")
        await at.until_dialog()
        await at.type("id-card-renew")
        await at.press("enter")
        await at.until_dialog()
        await at.type("25:00")
        await at.press("enter")
        await at.pilot.pause()
        assert at.pilot.app.screen is not at.screen, "a wrong time is asked again"
        await at.until_dialog_with("没有这个日期或时间")
        await at.press(*["backspace"] * 5)
        await at.type("2030-12-31 23:30")
        await at.press("enter")
        await at.until_dialog()
        await at.press("1")
        await at.until_told("已预约 12月31日 23:30，签到码 ")
        await at.press("c")
        await at.until_dialog()
        await at.press("enter")
        await at.until_told("还没到签到时间")
    assert [ticket.state for ticket in hall.state().tickets.values()] == [TicketState.BOOKED]


async def test_a_refusal_is_one_line_and_leaves_the_list_as_it_was(hall: RunningHall) -> None:
    hall.do(c.StopIssuing())
    async with greeter(hall) as at:
        await at.until(lambda: "经理已停止取号" in at.shown("hours"), "the stop")
        await at.press("i")
        await at.until_told("经理已停止取号。可按 B 预约以后的时间。 Not now: issuing is stopped by the manager.")
        assert at.pilot.app.screen is at.screen, "nothing is asked that leads nowhere"
    assert TicketState.WAITING not in {ticket.state for ticket in hall.state().tickets.values()}


async def test_a_stop_while_the_greeter_still_answers_is_told(hall: RunningHall) -> None:
    async with greeter(hall) as at:
        await at.press("i")
        await at.until_dialog()
        await at.type("id-card-renew")
        await at.press("enter")
        hall.do(c.StopIssuing())
        for digit in ("1", "1"):
            await at.until_dialog()
            await at.press(digit)
        await at.until_told("经理已停止取号。可按 B 预约")
        assert "Traceback" not in at.text()
    assert isinstance(hall.do(wire.Status()), wire.StatusReply)
