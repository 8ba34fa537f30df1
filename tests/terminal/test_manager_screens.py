"""Pictures of the manager's console at a morning that is always the same; look at each after an update."""

from collections.abc import Callable
from typing import Any

import pytest

from counter_client.manager.screen import ManagerScreen
from counter_client.settings import ManagerSettings
from counter_client.terminal import TerminalApp
from counter_client.words import Tongue
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from tests.terminal.bench import patient_fingers
from tests.terminal.local_hall import LocalHall, busy_hall
from tests.terminal.test_screens import Snap, standing_still

SMALL, GRAND = (80, 24), (160, 48)
SIZES = pytest.mark.parametrize("size", [SMALL, GRAND], ids=["80x24", "160x48"])


def lively() -> LocalHall:
    """Half past ten: one service far over its usual, a call that nobody answers, paper that is out, a board gone."""
    local = busy_hall()
    local.do(c.StartService(counter=2))
    local.later(1500)
    local.do(c.OpenCounter(counter=6, clerk="006"))
    local.do(c.PauseCounter(counter=6))
    local.do(c.ReportDevice(kind="paper", state=c.DeviceState.FAILED, detail="paper out"))
    local.do(c.SetNotice(zh="今天下午三点停电检修，请提前办理", en="Power is off at 15:00 today", why="电力公司通知"))
    local.tick()
    local.devices = {
        "board": wire.DeviceStatus("board", local.at_ms - 400_000),
        "printer": wire.DeviceStatus("printer", local.at_ms),
        "voice": wire.DeviceStatus("voice", local.at_ms, 4_000),
    }
    local.process = wire.ProcessFigures(0, {}, [], 0.0, True, 0, 100, 62, local.at_ms - 7_200_000)
    return local


def console(local: LocalHall, tongue: Tongue = "zh") -> TerminalApp:
    settings = ManagerSettings(language=tongue)
    return TerminalApp(
        lambda: local,
        lambda link: ManagerScreen(link, settings=settings, guard=patient_fingers(), steady=standing_still),
    )


def after(*keys: str) -> Callable[[Any], Any]:
    """Once predictions, advice and the day's events are there."""

    async def run(pilot: Any) -> None:
        screen = pilot.app.screen
        while screen.predictions.advice is None or not screen.day.entries or screen.status is None:
            await pilot.pause(0.02)
        await pilot.press(*keys)
        while pilot.app.screen is screen and not screen.pieces.at_rest:
            await pilot.pause(0.02)
        await pilot.pause(0.1)

    return run


@SIZES
@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "6"])
def test_each_view(snap_compare: Snap, size: tuple[int, int], key: str) -> None:
    assert snap_compare(console(lively()), run_before=after(key), terminal_size=size)


@pytest.mark.parametrize("size", [SMALL, (100, 30), GRAND], ids=lambda size: f"{size[0]}x{size[1]}")
def test_in_english(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(console(lively(), "en"), run_before=after("2", "down", "down"), terminal_size=size)


@SIZES
def test_the_palette(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(console(lively()), run_before=after("ctrl+p", *"暂停"), terminal_size=size)


def test_a_reason_is_asked(snap_compare: Snap) -> None:
    assert snap_compare(console(lively()), run_before=after("s"))


def test_help(snap_compare: Snap) -> None:
    assert snap_compare(console(lively()), run_before=after("f1"))


def test_the_journal_searched_and_one_event_in_full(snap_compare: Snap) -> None:
    assert snap_compare(console(lively()), run_before=after("/", *"c3", "enter", "down", "enter"))


def test_the_end_of_the_day(snap_compare: Snap) -> None:
    assert snap_compare(console(lively()), run_before=after("w"))


def test_a_lost_line(snap_compare: Snap) -> None:
    local = lively()

    async def lose(pilot: Any) -> None:
        await after()(pilot)
        local.connect(False)
        await pilot.pause(0.3)

    assert snap_compare(console(local), run_before=lose, terminal_size=GRAND)


def test_a_hall_of_forty_counters_and_hundreds_who_wait(snap_compare: Snap) -> None:
    local = LocalHall(counters=40)
    for number in range(1, 36):
        local.do(c.OpenCounter(counter=number, clerk=f"{number:03d}"))
    for _ in range(300):
        local.do(c.IssueTicket(matter="id-card-renew"))
        local.later(4)
    for number in range(1, 34):
        local.do(c.CallNext(counter=number))
        local.do(c.StartService(counter=number))
        local.later(20)
    assert snap_compare(console(local), run_before=after("2", "pagedown", "pagedown"), terminal_size=GRAND)
