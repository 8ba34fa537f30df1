"""Presses that come twice, too late, or for someone else, on a hall that answers at once."""

from collections.abc import AsyncIterator

import pytest

from counter_client.clerk.guard import Guard
from counter_client.clerk.screen import ClerkScreen
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import TicketState
from tests.terminal.bench import Bench, bench
from tests.terminal.local_hall import LocalHall


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def local() -> LocalHall:
    made = LocalHall(mode=Mode.PUSH)
    made.do(c.OpenCounter(counter=3, clerk="007"))
    for _ in range(3):
        made.do(c.IssueTicket(matter="id-card-renew"))
    return made


@pytest.fixture
async def at(local: LocalHall, watch: Watch) -> AsyncIterator[Bench]:
    async with bench(lambda: local, lambda link: ClerkScreen(link, 3, guard=Guard(), steady=watch)) as made:
        watch.now_s += 5
        yield made


async def test_a_second_no_show_does_not_hit_the_next_visitor(at: Bench, local: LocalHall, watch: Watch) -> None:
    """In push mode the next visitor may stand on the screen before the finger is up."""
    await at.press("x")
    await at.until_told("A001 过号")
    local.do(c.EndWrapUp(counter=3))
    await at.until_told("派来 A002")
    await at.pilot.pause()
    watch.now_s += 0.5
    await at.press("x")
    await at.until_told("画面刚变")
    assert local.state.tickets[2].state is TicketState.CALLED
    watch.now_s += 1
    await at.press("x")
    await at.until_told("A002 过号")


async def test_space_pressed_twice_ends_the_wrap_up_and_does_not_start_an_absent_visitor(
    at: Bench, local: LocalHall, watch: Watch
) -> None:
    await at.press("s")
    await at.until_told("A001 开始办理")
    watch.now_s += 5
    await at.press("f")
    await at.until_told("A001 已办结")
    watch.now_s += 5
    await at.press("space")
    await at.until(lambda: at.counter().state is CounterState.CALLING, "the next visitor")
    await at.pilot.pause()
    watch.now_s += 0.6
    await at.press("space")
    await at.until_told("画面刚变")
    assert local.state.tickets[2].state is TicketState.CALLED


async def test_capitals_full_width_letters_and_an_input_method(at: Bench, watch: Watch) -> None:
    await at.press("是")
    await at.until_told("切换到英文输入")
    await at.press("R")
    await at.until_told("已再叫 A001")
    watch.now_s += 1
    await at.press("Ｓ")
    await at.until_told("A001 开始办理")


async def test_nothing_is_sent_that_the_screen_shows_as_impossible(at: Bench, local: LocalHall) -> None:
    sent = len(local.asked)
    await at.press("f", "h", "t", "c", "g", "w", "o")
    await at.until_told("办结后才能关窗")
    assert len(local.asked) == sent


async def test_every_command_of_the_terminal_expires_and_names_whom_it_is_for(
    at: Bench, local: LocalHall, watch: Watch
) -> None:
    for key in ("r", "s", "h"):
        watch.now_s += 2
        await at.press(key)
        await at.pilot.pause()
    await at.until_told("A001 已挂起")
    commands = [command for command in local.asked if isinstance(command, c.WithVisitor)]
    assert [type(command) for command in commands] == [c.Recall, c.StartService, c.Hold]
    assert {command.ticket for command in commands} == {1}
    assert all(command.expires_at_ms for command in commands)


async def test_help_shows_every_key_and_can_be_scrolled(at: Bench) -> None:
    await at.press("f1")
    await at.until_dialog()
    before = at.pilot.app.screen.query(".help").first().scroll_offset
    await at.press("pagedown")
    await at.pilot.pause(0.3)
    assert at.pilot.app.screen.query(".help").first().scroll_offset != before
    await at.press("f1")
    await at.until_main()


async def test_the_language_is_switched_by_one_key(at: Bench) -> None:
    assert at.shown("header").index("窗口") < at.shown("header").index("Counter")
    await at.press("l")
    await at.until(lambda: "Counter 3 窗口 3" in at.shown("header"), "English first")


async def test_no_answer_is_told_and_found_out(at: Bench, local: LocalHall, watch: Watch) -> None:
    local.answers = False
    await at.press("r")
    await at.until_told("不知道“重呼 A001”是否已办")
    local.answers = True
    watch.now_s += 1
    await at.press("r")
    await at.until_told("正在核对")
    local.later(7)
    await at.until_told("“重呼 A001”没有办成。现在：叫号中 A001")
    assert isinstance(local.do(c.Recall(counter=3, ticket=1)), wire.Accepted)
