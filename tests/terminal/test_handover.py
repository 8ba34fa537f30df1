"""Two clerks at one counter: the second goes on, and nobody loses a place."""

from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.ticket import TicketState
from tests.support import RunningHall
from tests.terminal.bench import Bench, clerk_at
from tests.terminal.test_clerk import Happened, called, issue, opened, serving, ticket_of


async def handed_over(at: Bench, clerk: str) -> None:
    await at.press("j")
    await at.until_dialog()
    await at.type(clerk)
    await at.press("enter")


async def test_an_idle_counter_is_handed_over_without_closing_it(hall: RunningHall) -> None:
    happened = Happened(hall)
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await at.press("j")
        await at.until_told("窗口未开")
        await opened(at)
        await at.until(lambda: "工号 007" in at.shown("header") and "J  交接" in at.shown("side"), "the key")
        await handed_over(at, "008")
        await at.until_told("已交给 008，窗口照常办理")
        await at.until(lambda: "工号 008" in at.shown("header") and "Today 008" in at.shown("side"), "the new clerk")
        await called(at, first)
        await at.press("z")
        await at.until_told("已撤销")
        await at.press("o")
        await at.until_told("窗口已关")
        await at.press("o")
        await at.until_dialog()  # the first clerk's id, given at the start, is not used for the second
        await at.press("escape")
    assert (happened["counter_opened"], happened["counter_handed_over"], happened["counter_closed"]) == (1, 1, 1)


async def test_the_second_clerk_finishes_what_the_first_began(hall: RunningHall) -> None:
    happened = Happened(hall)
    [first] = issue(hall)
    async with clerk_at(hall) as at:
        await serving(at, first)
        await handed_over(at, "108")
        await at.until_told("已交给 108")
        assert at.counter().state is CounterState.SERVING
        assert "█" in at.shown("visitor"), "the visitor stays on the screen"
        await at.press("z")
        await at.until_told("没有可以撤销的操作")
        await at.press("f")
        await at.until_told(f"{first} 已办结")
        clerks = at.hall.clerks
        assert (clerks["007"].visits, clerks["108"].finished) == (clerks["007"].visits, 1)
    assert ticket_of(hall, first).state is TicketState.DONE
    assert (happened["service_started"], happened["service_finished"]) == (1, 1)


async def test_a_colleague_who_sits_elsewhere_is_refused_in_words(hall: RunningHall) -> None:
    hall.do(c.OpenCounter(counter=5, clerk="005"))
    async with clerk_at(hall) as at:
        await opened(at)
        await handed_over(at, "005")
        await at.until_told("此工号在别的窗口还开着")
        assert "Clerk 005 has counter 5 open" in at.told
        await at.press("j")
        await at.until_dialog()
        await at.type("007")
        await at.press("enter")
        await at.pilot.pause()
        assert at.pilot.app.screen is not at.screen, "who is here already is asked again"
        await at.press("escape")
        await at.until_main()
        assert at.counter().clerk == "007"


async def test_a_counter_opened_for_some_matters_only_is_asked_about_them(hall: RunningHall) -> None:
    hall.do(c.OpenCounter(counter=3, clerk="007", groups=("pickup",)))
    async with clerk_at(hall) as at:
        await handed_over(at, "008")
        await at.until_dialog_with("只办 出件")
        await at.press("1")
        await at.until_told("已交给 008")
        assert at.counter().narrowing.groups == ("pickup",)
        await handed_over(at, "009")
        await at.until_dialog_with("只办 出件")
        await at.press("2")
        await at.until_told("已交给 009")
        assert at.counter().narrowing.groups == ()


async def test_a_handover_by_the_manager_is_told(hall: RunningHall) -> None:
    async with clerk_at(hall) as at:
        await opened(at)
        hall.do(c.HandOverCounter(counter=3, clerk="009"))
        await at.until_told("由 manager 交给 009")
