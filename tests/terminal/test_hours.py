"""The day that runs itself, seen from counter and reception, on a real hall whose clock is moved."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.ticket import TicketState
from tests.support import RunningHall, make_hall_at, start_controller
from tests.terminal.bench import Bench, clerk_at, greeter
from tests.terminal.test_clerk import called, issue, opened, serving

TUESDAY = "2026-11-24"


@contextlib.contextmanager
def hall_at(where: Path, time: str, *, tier: str = "street", roster: str = "") -> Iterator[RunningHall]:
    directory = make_hall_at(where, f"{TUESDAY} {time}:00", tier=tier)
    if roster:
        file = directory / "hall.toml"
        text = file.read_text("utf-8")
        assert "# lunch_counters = [1, 2]" in text
        file.write_text(text.replace("# lunch_counters = [1, 2]", f"lunch_counters = {roster}"), "utf-8")
    with start_controller(directory) as hall:
        hall.set_clock(f"{TUESDAY} {time}:01")
        yield hall


async def moved(at: Bench, hall: RunningHall, time: str, day: str = TUESDAY) -> None:
    """Until the terminal has heard of it too: a key pressed by the old time would come too late."""
    hall.set_clock(f"{day} {time}:01")
    await at.until(lambda: time in at.shown("header"), "the new time")


async def test_lunch_pauses_after_this_visitor_and_the_clerk_comes_back(tmp_path: Path) -> None:
    with hall_at(tmp_path, "11:40", tier="district", roster="[1]") as hall:
        first, second = issue(hall, 2)
        async with clerk_at(hall) as at:
            await serving(at, first)
            await at.until(lambda: "12:00 起午休，本窗停到 14:00" in at.below("visitor"), "the plan")
            await moved(at, hall, "12:00")
            await at.until_told("午休到 14:00：办完这位就停")
            await at.until(lambda: "then LUNCH" in at.shown("visitor"), "the pause after this visitor")
            assert "午休到 14:00：办完这位就停" in at.below("visitor")
            await at.press("f")
            await at.until(lambda: at.counter().state is CounterState.PAUSED, "the pause")
            await at.until(lambda: "paused over lunch until 14:00" in at.shown("visitor"), "lunch on the screen")
            await moved(at, hall, "14:00")
            await at.until(lambda: "时间已到" in at.shown("visitor"), "the end of lunch")
            await at.press("space")
            await at.until_told("已恢复")
            await called(at, second)


async def test_the_roster_is_told_that_it_serves_through_lunch(tmp_path: Path) -> None:
    with hall_at(tmp_path, "11:10", tier="district", roster="[3]") as hall:
        async with clerk_at(hall) as at:
            await opened(at)
            await at.until(lambda: "12:00 起午间服务，本窗值守" in at.below("visitor"), "the plan")
            await moved(at, hall, "12:30")
            await at.until(lambda: "午间服务到 14:00，本窗值守" in at.below("visitor"), "lunchtime service")
            assert at.counter().state is CounterState.READY


async def test_the_last_hour_the_extension_and_closing_on_a_clerks_screen(tmp_path: Path) -> None:
    with hall_at(tmp_path, "19:20") as hall:
        numbers = issue(hall, 4)
        async with clerk_at(hall) as at:
            await opened(at)
            await at.until(lambda: "开到 20:00" in at.above("visitor"), "the hours")
            await moved(at, hall, "19:50")
            await at.until(lambda: "末号已发" in at.below("visitor"), "the last ticket")
            hall.do(c.ExtendHours(minutes=30))
            await at.until_told("开到 20:30（延长 30 分钟）")
            assert "开到 20:30（延长 30 分钟）" in at.above("visitor")
            await moved(at, hall, "20:30")
            await at.until(lambda: "已闭门，还有 4 人等候" in at.above("visitor"), "those who still wait")
            await at.press("o")
            await at.until_told("还有人拿着号在等")
            assert "4 still wait" in at.told
            assert at.counter().state is CounterState.READY
            for number in numbers:
                await called(at, number)
                await at.press("x")
                await at.until_told(f"{number} 过号")
            await at.until(lambda: f"过号的 {numbers[0]} 再叫一次" in at.shown("visitor"), "the second call")
            await called(at, numbers[0])
            await at.press("s")
            await at.until_told(f"{numbers[0]} 开始办理")
            await at.press("f")
            await at.until_told(f"{numbers[0]} 已办结")
            await at.press("o")
            await at.until_told("窗口已关")
            await at.until(lambda: "明天 09:00 开门" in at.above("visitor"), "the next opening")


async def test_reception_says_why_no_tickets_are_issued_and_books_with_a_code(tmp_path: Path) -> None:
    with hall_at(tmp_path, "19:50") as hall:
        async with greeter(hall) as at:
            await at.until(lambda: "开到 20:00 Open until 20:00" in at.shown("hours"), "the hours")
            await moved(at, hall, "20:00")
            await at.until(lambda: "不在开放时间，不取号" in at.shown("hours"), "why no tickets are issued")
            await at.until(lambda: "明天 09:00 开门" in at.shown("hours"), "the next opening")
            await at.press("i")
            await at.until_told("不取号。可按 B 预约以后的时间")
            await at.press("b")
            await at.until_dialog()
            await at.type("id-card-renew")
            await at.press("enter")
            await at.until_dialog_with("明天 09:00 tomorrow 09:00", "余 4")
            await at.type("9:30")
            await at.press("enter")
            await at.until_dialog_with("Mandarin")
            await at.press("1")
            await at.until_told("已预约 明天 09:30，签到码 1-")
            assert "在 kiosk 打印" in at.told
            code = at.told.split("签到码 ")[1][:6]
            await at.until(lambda: f"签到码 {code}" in at.shown("chosen"), "the code beside the booking")
            [booked] = hall.state().tickets.values()
            assert (booked.state, booked.kiosk) == (TicketState.BOOKED, "kiosk")
            await moved(at, hall, "09:10", day="2026-11-25")
            await at.press("c")
            await at.until_dialog()
            await at.type("1-0000" if code != "1-0000" else "1-0001")
            await at.press("enter")
            await at.until_told("没有这个签到码或凭证")
            await at.press("c")
            await at.until_dialog()
            await at.type(code)
            await at.press("enter")
            await at.until_told("R001：前面 0 人")


async def test_a_document_list_is_asked_for_at_the_kiosk(tmp_path: Path) -> None:
    with hall_at(tmp_path, "21:00") as hall:
        async with greeter(hall) as at:
            await at.press("d")
            await at.until_dialog()
            await at.type("id-card-renew")
            await at.press("enter")
            await at.until_dialog_with("Chinese")
            await at.press("2")
            await at.until_told("材料清单在 kiosk 打印")
