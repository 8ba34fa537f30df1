"""A clerk's day by keys, against a real controller over the real bus."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counter_client.clerk.acts import seen
from counter_client.clerk.guard import Guard
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Ended
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass
from tests.support import MATTER, RunningHall, make_hall, start_controller
from tests.terminal.bench import Bench, clerk_at


def issue(hall: RunningHall, count: int = 1, matter: str = MATTER) -> list[str]:
    """The numbers of as many visitors as have come."""
    return [hall.do(c.IssueTicket(matter=matter), as_="reception").number for _ in range(count)]


def ticket_of(hall: RunningHall, number: str) -> Ticket | Ended:
    state = hall.state()
    everyone: list[Ticket | Ended] = [*state.tickets.values(), *state.ended.values()]
    return next(ticket for ticket in everyone if ticket.number == number)


class Happened:
    """How often each kind of event has happened since."""

    def __init__(self, hall: RunningHall) -> None:
        self.hall, self.since = hall, hall.state().seq

    def __getitem__(self, kind: str) -> int:
        return len(self.all_of(kind))

    def all_of(self, kind: str) -> list[Any]:
        reply = self.hall.do(wire.EventsSince(self.since))
        events = [wire.decode_event(raw) for raw in reply.events]
        return [event for event in events if event.__struct_config__.tag == kind]


async def opened(at: Bench) -> None:
    await at.press("o")
    await at.until_told("窗口已开")


async def called(at: Bench, number: str) -> None:
    await at.press("c")
    await at.until_told(f"已叫 {number}")
    assert at.counter().state is CounterState.CALLING


async def serving(at: Bench, number: str) -> None:
    await opened(at)
    await called(at, number)
    await at.press("s")
    await at.until_told(f"{number} 开始办理")


async def test_a_visitor_from_opening_to_finish(hall: RunningHall) -> None:
    happened = Happened(hall)
    [first] = issue(hall)
    async with clerk_at(hall, clerk=None) as at:
        await at.press("space")
        await at.until_dialog()
        await at.type("101")
        await at.press("enter")
        await at.until(lambda: at.counter().clerk == "101", "an open counter")
        await at.until_told("窗口已开，工号 101")
        await at.press("c")
        await at.until_told(f"已叫 {first}")
        await at.until(lambda: "CALLING" in at.shown("visitor"), "the call on the screen")
        assert "█" in at.shown("visitor")
        assert "Renew an ID card" in at.shown("visitor")
        assert "居民身份证（旧证）" in at.shown("visitor"), "the documents needed"
        await at.press("r")
        await at.until_told(f"已再叫 {first}")
        await at.press("s")
        await at.until_told(f"{first} 开始办理")
        await at.press("f")
        await at.until_told(f"{first} 已办结")
        assert "Visits" in at.shown("side")
        assert at.hall.clerks["101"].finished == 1
        await at.press("o")
        await at.until_told("窗口已关")
    assert ticket_of(hall, first).state is TicketState.DONE
    assert happened["ticket_called"] == 1


async def test_two_presses_of_next_call_one_visitor(hall: RunningHall) -> None:
    happened = Happened(hall)
    first, _second, _third = issue(hall, 3)
    async with clerk_at(hall) as at:
        await opened(at)
        await at.press("c", "c", "c")
        await at.until(lambda: at.counter().state is CounterState.CALLING, "a call")
        await at.press("c")
        await at.until_told(f"{first} 还在窗口")
    assert happened["ticket_called"] == 1
    assert [t.state for t in hall.state().tickets.values()].count(TicketState.WAITING) == 2


async def test_space_held_down_calls_once_and_starts_nothing(hall: RunningHall) -> None:
    happened = Happened(hall)
    issue(hall, 3)
    now_s = 100.0  # the keyboard's own pace, however slow the machine is

    async def held_down(at: Bench) -> None:
        nonlocal now_s
        for _ in range(12):
            now_s += 0.03
            await at.press("space")

    async with clerk_at(hall, guard=Guard(), steady=lambda: now_s) as at:
        await opened(at)
        await at.until(lambda: "READY" in at.shown("visitor"), "an open counter")
        now_s += 5
        await held_down(at)
        await at.until(lambda: at.counter().state is CounterState.CALLING, "a call")
        await held_down(at)
    assert happened["ticket_called"] == 1
    assert happened["service_started"] == 0


async def test_space_never_finishes(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await serving(at, first)
        await at.press("space", "enter")
        await at.until_told("办完请按 F")
    assert ticket_of(hall, first).state is TicketState.SERVING


async def test_a_finish_by_mistake_is_taken_back_and_no_time_is_lost(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await serving(at, first)
        before = at.ticket(first)
        await at.press("f")
        await at.until_told(f"{first} 已办结")
        await at.until(lambda: "Z" in at.shown("visitor"), "the hint that it can be undone")
        await at.press("z")
        await at.until_told(f"已撤销：办结 {first}")
        ticket = at.ticket(first)
        assert ticket is not None
        assert ticket == before, "as if nothing had happened"


async def test_a_no_show_by_mistake_is_taken_back(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await opened(at)
        await called(at, first)
        await at.press("x")
        await at.until_told(f"{first} 过号")
        await at.press("z")
        await at.until_told(f"已撤销：过号 {first}")
        assert at.counter().state is CounterState.CALLING


async def test_pause_after_this_one(hall: RunningHall) -> None:
    happened = Happened(hall)
    first, _second = issue(hall, 2)
    async with clerk_at(hall) as at:
        await serving(at, first)
        await at.press("b")
        await at.until_told(f"办完 {first} 后暂停")
        await at.until(lambda: "then PAUSE" in at.shown("visitor"), "the plan on the screen")
        await at.press("f")
        await at.until(lambda: at.counter().state is CounterState.PAUSED, "the pause")
        await at.press("c")
        await at.until_told("窗口已暂停")
        await at.press("b")
        await at.until_told("已恢复")
        assert at.counter().state is CounterState.READY
    assert happened["ticket_called"] == 1


async def test_transfer_to_another_counter_keeps_the_number(hall: RunningHall) -> None:
    [first] = issue(hall)
    hall.do(c.OpenCounter(counter=5, clerk="005"))
    async with clerk_at(hall) as at:
        await serving(at, first)
        await at.press("t")
        await at.until_dialog()
        await at.press("1")
        await at.until_dialog()
        await at.type("5")
        await at.press("enter")
        await at.until_told(f"{first} 已转办")
        ticket = at.ticket(first)
        assert ticket is not None
        assert (ticket.state, ticket.only_counter) == (TicketState.WAITING, 5)


async def test_transfer_to_another_matter_found_by_its_chinese_name(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await serving(at, first)
        await at.press("t")
        await at.until_dialog()
        await at.press("2")
        await at.until_dialog()
        await at.type("临时身份证")
        await at.press("enter")
        await at.until_told(f"{first} 已转办")
        ticket = at.ticket(first)
        assert ticket is not None
        assert (ticket.matter, ticket.only_counter) == ("id-card-temporary", None)


async def test_hold_call_another_and_get_the_held_one_back(hall: RunningHall) -> None:
    first, second = issue(hall, 2)
    async with clerk_at(hall) as at:
        await serving(at, first)
        await at.press("h")
        await at.until_told(f"{first} 已挂起")
        await at.until(lambda: first in at.shown("side"), "the held visitor")
        await called(at, second)
        await at.press("x")
        await at.until_told(f"{second} 过号")
        await at.press("g")
        await at.until_told("已取回")
        ticket = at.ticket(first)
        assert ticket is not None
        assert ticket.state is TicketState.SERVING


async def test_a_missed_visitor_returns(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await opened(at)
        await called(at, first)
        await at.press("x")
        await at.until_told(f"{first} 过号")
        await at.press("v")
        await at.until_dialog()
        await at.press("enter")
        await at.until_told("已重新排队")
        ticket = at.ticket(first)
        assert ticket is not None
        assert ticket.state is TicketState.WAITING


async def test_a_chosen_ticket_is_called_out_of_turn(hall: RunningHall) -> None:
    _first, _second, third = issue(hall, 3)
    async with clerk_at(hall) as at:
        await opened(at)
        await at.press("q")
        await at.until_dialog()
        await at.type(third.lower())
        await at.press("enter")
        await at.until_told(f"已叫 {third}")


async def test_a_visitor_without_a_ticket_and_an_amended_class(hall: RunningHall) -> None:
    async with clerk_at(hall) as at:
        await opened(at)
        await at.press("w")
        await at.until_dialog()
        await at.type("renew an id")
        await at.press("enter")
        await at.until_told("无号来访者，开始办理")
        number = seen(at.hall, 3).number
        assert number is not None
        assert number.startswith("W")
        await at.press("e")
        await at.until_dialog()
        await at.press("2")
        await at.until_told(f"{number} 已更正")
        ticket = at.ticket(number)
        assert ticket is not None
        assert ticket.visitor_class is VisitorClass.PRIORITY


async def test_a_reprint_comes_out_at_the_kiosk_marked_as_a_copy(hall: RunningHall) -> None:
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await opened(at)
        await called(at, first)
        await at.press("p")
        await at.until_told(f"{first} 补打已发出")
    ticket = ticket_of(hall, first)
    assert isinstance(ticket, Ticket)
    assert ticket.copies == 1


async def test_a_press_for_a_visitor_who_is_gone_throws_nobody_away(hall: RunningHall) -> None:
    """The manager finishes the first and calls the second while the clerk still answers a question about the first."""
    first, second = issue(hall, 2)
    hall.do(c.OpenCounter(counter=5, clerk="005"))
    async with clerk_at(hall) as at:
        await serving(at, first)
        await at.press("t")
        await at.until_dialog()
        await at.press("1")
        await at.until_dialog()
        hall.do(c.FinishService(counter=3))
        hall.do(c.CallNext(counter=3))
        hall.do(c.StartService(counter=3))
        await at.press("enter")
        await at.until_told("情况已变")
        assert "\n" not in at.screen.told.words.zh + at.screen.told.words.en
        assert "no longer has the visitor you saw" in at.told
    assert ticket_of(hall, second).state is TicketState.SERVING


@pytest.fixture
def push_hall(tmp_path: Path) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path, mode='"push"', wrap_up_s=600)) as running:
        yield running


async def test_in_push_mode_visitors_come_by_themselves(push_hall: RunningHall) -> None:
    async with clerk_at(push_hall) as at:
        await opened(at)
        await at.press("c")
        await at.until_told("自动派号")
        first, _second = issue(push_hall, 2)
        await at.until_told(f"派来 {first}")
        await at.press("s")
        await at.until_told(f"{first} 开始办理")
        await at.press("f")
        await at.until(lambda: at.counter().state is CounterState.WRAPPING_UP, "the wrap-up")
        await at.press("c")
        await at.until(lambda: at.counter().state is CounterState.CALLING, "the next visitor")
        assert at.counter().ticket == 2
