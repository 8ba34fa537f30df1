"""Two terminals at one counter: each shows what the other one does, so both are told of each other."""

from hall_controller.domain import commands as c
from tests.support import RunningHall
from tests.terminal.bench import bench, clerk_at
from tests.terminal.local_hall import LocalHall
from tests.terminal.test_bursts import TERMINALS

NOTICE = "本窗口开着两个终端"


async def test_both_are_told_at_once_and_for_as_long_as_it_is_so(hall: RunningHall) -> None:
    async with clerk_at(hall) as first:
        assert NOTICE not in first.shown("notice")
        async with clerk_at(hall) as second:
            for at in (first, second):
                await at.until(lambda at=at: NOTICE in at.shown("notice"), "the other terminal")  # type: ignore[misc]
                await at.until_told("另一个终端也开在本窗口")
        await first.until_told("又只有这一个终端")
        await first.until(lambda: not first.screen.query_one("#notice").display, "the end of it")


async def test_terminals_of_other_counters_are_no_news() -> None:
    local = LocalHall()
    async with bench(lambda: local, TERMINALS["clerk"][0]) as at:
        local.share(4, 5)
        await at.pilot.pause()
        assert not at.screen.query_one("#notice").display
        local.share(3, 4, 5)
        await at.until(lambda: NOTICE in at.shown("notice"), "the other terminal")
        local.do(c.SetNotice(zh="公告", en="notice"))
        await at.pilot.pause()
        assert NOTICE in at.shown("notice")
        assert at.shown("notice").strip().endswith("one"), "all of it at 80 columns"
        local.share()
        await at.until(lambda: "公告" in at.shown("notice"), "the manager's notice again")
