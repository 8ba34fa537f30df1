"""Pictures of the screens at a morning that is always the same; `--snapshot-update` after a wished change, and look."""

from collections.abc import Callable
from typing import Any

import pytest

from counter_client.clerk.screen import ClerkScreen
from counter_client.reception.screen import ReceptionScreen
from counter_client.settings import CounterSettings, ReceptionSettings
from counter_client.terminal import TerminalApp
from counter_client.words import Tongue
from hall_controller.domain import commands as c
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Mode
from tests.terminal.bench import patient_fingers
from tests.terminal.local_hall import CLERK, LocalHall, busy_hall

Snap = Callable[..., bool]
SMALL, LARGE = (80, 24), (120, 40)


def standing_still() -> float:
    return 1_000.0


def clerk(local: LocalHall, tongue: Tongue = "zh") -> TerminalApp:
    settings = CounterSettings(language=tongue)
    return TerminalApp(
        lambda: local,
        lambda link: ClerkScreen(link, 3, settings=settings, guard=patient_fingers(), steady=standing_still),
    )


def greeter(local: LocalHall, tongue: Tongue = "zh") -> TerminalApp:
    settings = ReceptionSettings(language=tongue)
    return TerminalApp(
        lambda: local,
        lambda link: ReceptionScreen(link, settings=settings, guard=patient_fingers(), steady=standing_still),
    )


def serving(local: LocalHall, seconds: float = 200) -> LocalHall:
    local.do(c.StartService(counter=3))
    local.later(seconds)
    return local


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_calling(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(clerk(busy_hall()), terminal_size=size)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_serving(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(clerk(serving(busy_hall())), terminal_size=size)


def test_serving_in_english_longer_than_usual_with_a_notice_and_then_a_pause(snap_compare: Snap) -> None:
    local = serving(busy_hall(), 2400)
    local.do(c.SetNotice(zh="今天下午三点停电检修，请提前办理", en="Power is off at 15:00 today"))
    assert snap_compare(clerk(local, "en"), press=["b"])


def test_ready_with_a_step_to_undo(snap_compare: Snap) -> None:
    local = busy_hall()
    local.do(c.Missed(counter=3))
    assert snap_compare(clerk(local))


def test_closed(snap_compare: Snap) -> None:
    assert snap_compare(clerk(LocalHall()))


def test_wrapping_up_in_push_mode(snap_compare: Snap) -> None:
    local = LocalHall(mode=Mode.PUSH)
    local.do(c.OpenCounter(counter=3, clerk="007"))
    for matter in ("id-card-renew", "id-card-child"):
        local.do(c.IssueTicket(matter=matter))
    local.do(c.StartService(counter=3))
    local.later(300)
    local.do(c.FinishService(counter=3))
    local.later(8)
    assert snap_compare(clerk(local))


def test_connection_lost(snap_compare: Snap) -> None:
    local = busy_hall()

    async def lose(pilot: Any) -> None:
        await pilot.pause()
        local.connect(False)

    assert snap_compare(clerk(local), run_before=lose)


@pytest.mark.parametrize("hour", [11, 12, 14], ids=["before", "during", "after"])
def test_lunch_comes_to_a_visitor_and_a_pause(snap_compare: Snap, hour: int) -> None:
    local = LocalHall(hours=(*DEFAULT_HOURS, LUNCH), lunch_counters=(1,))
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.until(11, 45)
    local.do(c.IssueTicket(matter="id-card-renew"))
    local.do(c.CallNext(counter=3))
    local.do(c.StartService(counter=3))
    if hour > 11:
        local.until(12, 1)
    if hour > 12:
        local.do(c.FinishService(counter=3))
        local.until(13)
    assert snap_compare(clerk(local))


def test_extended_after_the_last_ticket(snap_compare: Snap) -> None:
    local = evening()
    local.do(c.ExtendHours(minutes=15))
    local.until(20, 5)
    assert snap_compare(clerk(local), press=["j"])


def test_closed_while_people_wait_and_the_last_clerk_would_leave(snap_compare: Snap) -> None:
    local = evening()
    local.sender = CLERK
    local.until(20)
    assert snap_compare(clerk(local), press=["o"])


def test_the_missed_are_called_once_more(snap_compare: Snap) -> None:
    local = evening(1)
    local.do(c.CallNext(counter=3))
    local.do(c.Missed(counter=3))
    local.until(20)
    assert snap_compare(clerk(local, "en"))


def evening(waiting: int = 12) -> LocalHall:
    local = LocalHall()
    local.until(19, 30)
    local.do(c.OpenCounter(counter=3, clerk="007"))
    for _ in range(waiting):
        local.do(c.IssueTicket(matter="id-card-renew"))
    local.until(19, 45)
    return local


@pytest.mark.parametrize("key", ["f1", "q", "e"], ids=["help", "queue", "amend"])
def test_dialogs_of_the_clerk(snap_compare: Snap, key: str) -> None:
    local = busy_hall()
    if key == "q":
        local.do(c.Missed(counter=3))
    assert snap_compare(clerk(local), press=[key])


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_reception(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(greeter(busy_hall()), press=["down", "down", "down"], terminal_size=size)


def test_reception_in_english_with_a_missed_visitor_and_a_printer_in_trouble(snap_compare: Snap) -> None:
    local = busy_hall()
    local.do(c.ReportDevice(kind="paper", state=c.DeviceState.FAILED, detail="out"))
    assert snap_compare(greeter(local, "en"), press=["2"])


@pytest.mark.parametrize(
    "keys", [["i"], ["b", "enter"], ["b", "enter", "2", "5", "enter", "1"]], ids=["stopped", "slots", "booked"]
)
def test_reception_after_the_last_ticket(snap_compare: Snap, keys: list[str]) -> None:
    assert snap_compare(greeter(evening()), press=keys)


def test_reception_finds_a_matter_by_a_part_of_its_name(snap_compare: Snap) -> None:
    assert snap_compare(greeter(busy_hall()), press=["i", "身", "份", "证"])


def test_reception_confirms_before_it_cancels(snap_compare: Snap) -> None:
    assert snap_compare(greeter(busy_hall()), press=["down", "x"])
