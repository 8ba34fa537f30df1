"""Each act of the manager by its key, against a real controller over the real bus: done, journalled, with its why."""

from collections.abc import Iterator

import pytest

from counter_client.manager.acts import View
from counter_client.manager.screen import ManagerScreen
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Issuing
from hall_controller.domain.rules import Mode, Policy
from hall_controller.domain.ticket import TicketState, VisitorClass
from tests.support import RunningHall
from tests.terminal.bench import Bench, manager_at
from tests.terminal.test_clerk import issue, ticket_of


@pytest.fixture(autouse=True)
def as_it_was(hall: RunningHall) -> Iterator[None]:
    yield
    hall.do(c.SetMode(mode=Mode.PULL))
    hall.do(c.SetPolicy(policy=Policy.PRIORITY, favoured_limit=2))
    hall.do(c.SetNotice())


def journalled(hall: RunningHall, since: int) -> list[Event]:
    return [wire.decode_event(raw) for raw in hall.do(wire.EventsSince(since)).events]


def last(hall: RunningHall, since: int, kind: str) -> Event:
    """The last event of a kind; it says that the manager's device did it."""
    event = next(e for e in reversed(journalled(hall, since)) if e.__struct_config__.tag == kind)
    assert event.by == "manager"
    return event


def screen_of(at: Bench) -> ManagerScreen:
    assert isinstance(at.screen, ManagerScreen)
    return at.screen


async def mark_counter(at: Bench, number: int) -> None:
    """With the arrows, as a manager does."""
    screen = screen_of(at)
    await at.press("1")
    await at.until(lambda: number in screen.rows[View.COUNTERS], "the counters")
    await at.press("home")
    for _ in range(len(screen.rows[View.COUNTERS])):
        if screen.marked[View.COUNTERS] == number:
            return
        await at.press("down")
    raise AssertionError(f"counter {number} was not found: {screen.rows[View.COUNTERS]}")


async def mark_ticket(at: Bench, number: str) -> None:
    await at.until(lambda: at.ticket(number), number)
    await at.press("f")
    await at.until_dialog()
    await at.type(number)
    await at.press("enter")
    await at.until_main()
    ticket = at.ticket(number)
    await at.until(lambda: ticket and screen_of(at).marked[View.QUEUE] == ticket.ticket, f"{number} in the queue")


async def why(at: Bench, *, typed: str = "") -> None:
    """Answer the question for the reason: typed, or none."""
    await at.until_dialog_with("为什么")
    if typed:
        await at.type(typed)
    await at.press("enter")
    await at.until_main()


# --- counters ------------------------------------------------------------------------------------


async def test_a_counter_is_opened_and_closed_for_a_reason_and_that_is_taken_back(hall: RunningHall) -> None:
    since = hall.state().seq
    async with manager_at(hall) as at:
        await mark_counter(at, 4)
        await at.press("o")
        await at.until_dialog_with("谁来坐")
        await at.type("wang")
        await at.press("enter")
        await at.until_told("窗口 4 已开，工号 wang")
        await at.press("o")
        await why(at, typed="lunch")
        await at.until_told("窗口 4 已关")
        assert last(hall, since, "counter_closed").why == "lunch"
        await at.press("u")
        await at.until_told("已撤回")
        assert at.counter(4).state is CounterState.READY
        assert at.counter(4).clerk == "wang"


async def test_a_counter_is_paused_and_goes_on(hall: RunningHall) -> None:
    since = hall.state().seq
    hall.do(c.OpenCounter(counter=2, clerk="002"))
    async with manager_at(hall) as at:
        await mark_counter(at, 2)
        await at.press("b")
        await why(at)
        await at.until_told("窗口 2 已暂停")
        assert last(hall, since, "counter_paused").why is None
        assert "暂停" in at.shown("counters")
        await at.press("b")
        await at.until_told("窗口 2 已恢复")
    last(hall, since, "counter_resumed")


async def test_the_next_is_called_for_a_counter_and_the_call_is_undone(hall: RunningHall) -> None:
    since = hall.state().seq
    hall.do(c.OpenCounter(counter=2, clerk="002"))
    [first] = issue(hall)
    async with manager_at(hall) as at:
        await mark_counter(at, 2)
        await at.press("n")
        await at.until_told(f"{first} 已叫到窗口 2")
        await at.press("z")
        await at.until_told("窗口 2 已撤销")
        await at.press("n")
        await at.until_told(f"{first} 已叫到窗口 2")
        await at.press("u")
        await at.until_told("已撤回")
    last(hall, since, "act_undone")
    assert hall.state().counters[2].state is CounterState.READY


async def test_a_dead_terminals_visitor_goes_on_elsewhere(hall: RunningHall) -> None:
    since = hall.state().seq
    for number in (2, 3):
        hall.do(c.OpenCounter(counter=number, clerk=f"00{number}"))
    [first] = issue(hall)
    hall.do(c.CallNext(counter=2))
    async with manager_at(hall) as at:
        await mark_counter(at, 2)
        await at.press("t")
        await at.until_dialog_with("谁接管")
        await at.press("enter")
        await why(at, typed="terminal dead")
        await at.until_told("窗口 2 已由 3 接管")
        await at.until(lambda: first in at.shown("counters"), "the visitor at counter 3")
    assert last(hall, since, "counter_taken_over").why == "terminal dead"


# --- tickets -------------------------------------------------------------------------------------


async def test_a_ticket_is_kept_for_a_counter_and_pulled_back(hall: RunningHall) -> None:
    since = hall.state().seq
    for number in (2, 3):
        hall.do(c.OpenCounter(counter=number, clerk=f"00{number}"))
    first, second = issue(hall, 2)
    async with manager_at(hall) as at:
        await mark_ticket(at, second)
        await at.press("a")
        await at.until_dialog_with("留给哪个窗口")
        await at.type("3")
        await at.press("enter")
        await why(at, typed="Cantonese")
        await at.until_told(f"{second} 留给窗口 3")
        assert last(hall, since, "ticket_assigned").why == "Cantonese"
        await at.until(lambda: ">3" in at.shown("queue"), "the mark in the queue")
        await at.press("a")
        await at.until_told(f"{second} 已收回")
        await at.press("u")
        await at.until_told("已撤回")
        kept = at.ticket(second)
        assert kept is not None
        assert kept.only_counter == 3
    del first


async def test_a_ticket_is_called_out_of_turn(hall: RunningHall) -> None:
    since = hall.state().seq
    hall.do(c.OpenCounter(counter=5, clerk="005"))
    _, second = issue(hall, 2)
    async with manager_at(hall) as at:
        await mark_ticket(at, second)
        await at.press("c")
        await at.until_dialog_with("叫到哪里")
        await at.press("enter")
        await why(at, typed="ill")
        await at.until_told(f"{second} 已叫到窗口 5")
    assert last(hall, since, "ticket_called").why == "ill"


async def test_a_ticket_is_cancelled_after_a_yes(hall: RunningHall) -> None:
    since = hall.state().seq
    [first] = issue(hall)
    async with manager_at(hall) as at:
        await mark_ticket(at, first)
        await at.press("x")
        await at.until_dialog_with("取消后不能恢复")
        await at.press("y")
        await why(at)
        await at.until_told(f"{first} 已取消")
        await at.press("u")
        await at.until_told("没有可以撤回的")
    last(hall, since, "ticket_cancelled")
    assert ticket_of(hall, first).state is TicketState.CANCELLED


async def test_a_class_is_amended_and_amended_back(hall: RunningHall) -> None:
    since = hall.state().seq
    [first] = issue(hall)
    async with manager_at(hall) as at:
        await mark_ticket(at, first)
        await at.press("e")
        await at.until_dialog()
        await at.press("2")
        await at.until_told(f"{first} 已更正")
        amended = at.ticket(first)
        assert amended is not None
        assert amended.visitor_class is VisitorClass.PRIORITY
        await at.press("u")
        await at.until_told("已撤回")
        amended = at.ticket(first)
        assert amended is not None
        assert amended.visitor_class is VisitorClass.ORDINARY
    last(hall, since, "ticket_amended")


async def test_a_ticket_is_printed_again(hall: RunningHall) -> None:
    since = hall.state().seq
    [first] = issue(hall)
    async with manager_at(hall) as at:
        await mark_ticket(at, first)
        await at.press("p")
        await at.until_told(f"{first} 补打已发出")
    last(hall, since, "ticket_reprint_requested")


async def test_a_missed_visitor_returns(hall: RunningHall) -> None:
    since = hall.state().seq
    hall.do(c.OpenCounter(counter=2, clerk="002"))
    [first] = issue(hall)
    hall.do(c.CallNext(counter=2))
    hall.do(c.Missed(counter=2))
    async with manager_at(hall) as at:
        await mark_ticket(at, first)
        await at.press("v")
        await at.until_told(f"{first} 已回队")
    last(hall, since, "ticket_returned")


# --- the hall ------------------------------------------------------------------------------------


async def test_a_notice_is_set_and_taken_back(hall: RunningHall) -> None:
    since = hall.state().seq
    async with manager_at(hall) as at:
        await at.press("m")
        await at.until_dialog_with("公告（中文）")
        await at.type("停电")
        await at.press("enter")
        await at.until_dialog_with("公告（英文）")
        await at.type("power off")
        await at.press("enter")
        await at.until_told("公告已发布")
        await at.until(lambda: "停电" in at.shown("notice"), "the notice")
        await at.press("u")
        await at.until_told("已撤回")
        assert at.hall.notice_zh == ""
    last(hall, since, "notice_set")


async def test_issuing_stops_and_goes_on(hall: RunningHall) -> None:
    since = hall.state().seq
    async with manager_at(hall) as at:
        await at.press("s")
        await why(at, typed="too full")
        await at.until_told("已停止取号")
        assert last(hall, since, "issuing_stopped").why == "too full"
        assert at.hall.issuing is Issuing.STOPPED
        await at.until(lambda: "经理已停止取号" in at.shown("summary"), "that none are issued")
        await at.press("s")
        await why(at)
        await at.until_told("已恢复取号")
    last(hall, since, "issuing_resumed")


async def test_policy_and_mode_change_and_change_back(hall: RunningHall) -> None:
    since = hall.state().seq
    async with manager_at(hall) as at:
        await at.press("y")
        await at.until_dialog_with("派号规则")
        await at.press("5")
        await why(at)
        await at.until_told("至多连叫 4")
        assert (at.hall.policy, at.hall.favoured_limit) == (Policy.PRIORITY, 4)
        await at.press("u")
        await at.until_told("已撤回")
        assert at.hall.favoured_limit == 2
        await at.press("d")
        await at.until_dialog_with("叫号方式")
        await at.press("2")
        await why(at, typed="training")
        await at.until_told("自动派号")
        assert at.hall.mode is Mode.PUSH
    last(hall, since, "policy_set")
    assert last(hall, since, "mode_set").why == "training"


async def test_the_roster_of_today_is_planned(hall: RunningHall) -> None:
    since = hall.state().seq
    async with manager_at(hall) as at:
        await at.press("r")
        await at.until_dialog_with("排班")
        await at.type("9:00-12:00 90")
        await at.press("enter")
        await at.until_dialog_with("大厅只有 8 个窗口")
        await at.press("backspace", "backspace", "6", "enter")
        await at.until_told("的排班已改")
        await at.press("u")
        await at.until_told("已撤回")
    last(hall, since, "roster_set")


async def test_the_hall_stays_open_longer_after_a_yes(hall: RunningHall) -> None:
    since = hall.state().seq
    async with manager_at(hall) as at:
        await at.press("h")
        await at.until_dialog_with("晚多少分钟")
        await at.type("15")
        await at.press("enter")
        await at.until_dialog_with("今天晚 15 分钟闭门")
        await at.press("y")
        await why(at, typed="queue")
        await at.until_told("今天晚 15 分钟闭门")
    assert last(hall, since, "hours_extended").why == "queue"


async def test_a_clock_that_is_not_off_is_not_accepted(hall: RunningHall) -> None:
    async with manager_at(hall) as at:
        await at.press("k")
        await at.until_told("时钟没有被改动")


async def test_the_end_of_the_day_closes_what_can_be_closed_and_says_what_is_left(hall: RunningHall) -> None:
    since = hall.state().seq
    for number in (1, 2, 3):
        hall.do(c.OpenCounter(counter=number, clerk=f"00{number}"))
    [first] = issue(hall)
    hall.do(c.CallNext(counter=2))
    async with manager_at(hall) as at:
        await at.until(lambda: len(at.hall.counters) >= 3, "the counters")
        await at.press("w")
        await at.until_dialog_with("停止取号、关窗口 1 3", f"窗口 2 正在办 {first}")
        await at.press("y")
        await at.until_told(f"能关的都关了。还剩：窗口 2 正在办 {first}")
    assert [last(hall, since, "counter_closed").why, last(hall, since, "issuing_stopped").why] == ["end of day"] * 2
    states = {number: counter.state for number, counter in hall.state().counters.items()}
    assert (states[1], states[2], states[3]) == (CounterState.CLOSED, CounterState.CALLING, CounterState.CLOSED)


async def test_an_emergency_asks_for_its_reason_and_a_yes(hall: RunningHall) -> None:
    since = hall.state().seq
    [first] = issue(hall)
    async with manager_at(hall) as at:
        await at.until(lambda: at.ticket(first), first)
        await at.press("q")
        await at.until_dialog_with("紧急关闭大厅")
        await at.press("enter")
        await at.until_dialog_with("请写原因")
        await at.type("typhoon")
        await at.press("enter")
        await at.until_dialog_with("取消所有号")
        await at.press("y")
        await at.until_told("大厅已紧急关闭")
        await at.until(lambda: "typhoon" in at.shown("summary"), "the emergency")
        await at.press("s")
        await why(at)
        await at.until_told("已恢复取号")
    closed = last(hall, since, "hall_closed")
    assert getattr(closed, "reason", None) == "typhoon"


async def test_escape_leaves_every_question_and_nothing_is_done(hall: RunningHall) -> None:
    hall.do(c.OpenCounter(counter=2, clerk="002"))
    [first] = issue(hall)
    since = hall.state().seq
    async with manager_at(hall) as at:
        await mark_counter(at, 2)
        for key in ("b", "t", "m", "h", "s", "y", "d", "r", "q", "w", "ctrl+p", "f1"):
            await at.press(key)
            await at.until_dialog()
            await at.press("escape")
            await at.until_main()
        await mark_ticket(at, first)
        for key in ("a", "c", "x", "e"):
            await at.press(key)
            await at.until_dialog()
            await at.press("escape")
            await at.until_main()
    assert journalled(hall, since) == []


# --- finding, the journal, the palette, the line -------------------------------------------------


async def test_the_journal_is_searched_and_leads_to_the_ticket(hall: RunningHall) -> None:
    hall.do(c.OpenCounter(counter=2, clerk="lin"))
    first, second = issue(hall, 2)
    async with manager_at(hall) as at:
        screen = screen_of(at)
        await at.until(lambda: any("lin" in entry.search for entry in screen.day.entries), "the day's events")
        await at.press("6")
        await at.until(lambda: f"{second} 取号" in at.shown("journal"), "the last event, in words")
        await at.press("/")
        await at.until_dialog()
        await at.type(first.lower())
        await at.press("enter")
        await at.until(lambda: f"{first} 取号" in at.shown("journal"), "the hit")
        assert f"{second} 取号" not in at.shown("journal")
        await at.press("down", "enter")
        await at.until_dialog_with(f"{first} 取号", "reception")
        await at.press("g")
        await at.until_told(f"{first}：等候")
        assert screen.view is View.QUEUE
        await at.press("j")
        await at.until(lambda: f"“{first}”" in at.shown("journal"), "the ticket's own journal")
        await at.press("escape")
        await at.until(lambda: f"{second} 取号" in at.shown("journal"), "all of it again")


async def test_a_live_event_is_added_once_to_those_that_were_fetched(hall: RunningHall) -> None:
    issue(hall, 3)
    async with manager_at(hall) as at:
        screen = screen_of(at)
        await at.until(lambda: screen.day.last_seq == at.hall.seq, "the events so far")
        [late] = issue(hall)
        await at.until(lambda: at.ticket(late), late)
        seqs = [entry.event.seq for entry in screen.day.entries]
        assert seqs == sorted(set(seqs))
        assert seqs[-1] == at.hall.seq
        assert screen.day.curve.in_queue == {ticket for queue in at.hall.queues.values() for _, ticket in queue}


@pytest.mark.parametrize("typed", ["开窗 窗口 7", "open counter 7"])
async def test_the_palette_finds_an_act_in_both_languages(hall: RunningHall, typed: str) -> None:
    async with manager_at(hall) as at:
        await at.press("ctrl+p")
        await at.until_dialog_with("命令")
        await at.type(typed)
        await at.press("enter")
        await at.until_dialog_with("窗口 7 开窗")
        await at.type("zhao")
        await at.press("enter")
        await at.until_told("窗口 7 已开")


async def test_the_mouse_chooses_a_row_and_the_wheel_goes_on(hall: RunningHall) -> None:
    numbers = issue(hall, 12)
    async with manager_at(hall) as at:
        screen = screen_of(at)
        await at.press("2")
        await at.until(lambda: len(screen.rows[View.QUEUE]) == len(numbers), "the queue")
        await at.until(lambda: numbers[0] in at.shown("queue"), "the first")
        await at.pilot.click("#queue", offset=(10, 7))
        assert screen.marked[View.QUEUE] == screen.rows[View.QUEUE][2]
        await at.press("end")
        await at.until(lambda: numbers[-1] in at.shown("queue"), "the last")


async def test_a_lost_line_is_told_and_the_console_is_whole_again_after_it(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with manager_at(hall, (160, 48)) as at:
        screen = screen_of(at)
        await at.until(lambda: first in at.shown("queue"), first)
        hall.kill()
        await at.until(lambda: "连接中断 CONNECTION LOST" in at.shown("header"), "the lost connection")
        await at.press("s")
        await at.until_told("这次按键没有发出")
        hall.start()
        [second] = issue(hall)
        await at.until_told("已重新连接")
        await at.until(lambda: second in at.shown("queue"), second)
        await at.until(lambda: f"{second} 取号" in at.shown("journal"), "what happened meanwhile")
        assert screen.day.last_seq == at.hall.seq


async def test_paper_that_is_out_is_alerted_with_what_to_do(hall: RunningHall) -> None:
    hall.do(c.ReportDevice(kind="paper", state=c.DeviceState.FAILED, detail="paper out"), as_="printer")
    async with manager_at(hall, (160, 48)) as at:
        await at.until(lambda: "取号纸已用完" in at.shown("alerts"), "the alert")
        assert "请立即换纸" in at.shown("alerts")
        await at.until(lambda: "printer" in at.shown("devices"), "the printer")
        await at.press("4", "g")
        await at.until(lambda: screen_of(at).view is View.DEVICES, "the device")
    hall.do(c.ReportDevice(kind="paper", state=c.DeviceState.OK), as_="printer")
