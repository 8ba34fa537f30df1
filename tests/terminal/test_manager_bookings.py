"""The alert of stranded bookings, and the act on it that frees them."""

from pathlib import Path

from counter_client.manager.acts import View
from counter_client.manager.screen import ManagerScreen
from hall_controller.domain import commands as c
from hall_controller.domain.stranded_bookings import offered
from tests.support import MATTER, RunningHall, local_ms, make_hall_at, start_controller
from tests.terminal.bench import Bench, manager_at

BEFORE_NINE = local_ms("2026-11-26 07:00:00")


async def test_from_the_alert_a_stranded_booking_is_moved_to_a_free_half_hour(tmp_path: Path) -> None:
    with start_controller(make_hall_at(tmp_path, "2026-11-24 10:00:00")) as hall:
        booked = hall.do(c.BookTicket(matter=MATTER, slot_at_ms=BEFORE_NINE), "reception")
        hall.set_clock("2026-11-24 10:00:01")
        async with manager_at(hall, (100, 30)) as at:
            await _move(at, hall, booked.ticket)


async def _move(at: Bench, hall: RunningHall, ticket: int) -> None:
    screen = at.screen
    assert isinstance(screen, ManagerScreen)
    await at.press(str(list(View).index(View.ALERTS) + 1))
    await at.until(lambda: "07:00" in at.shown(View.ALERTS), "the alert names the half hour")
    await at.press("home", "g")
    await at.until_dialog_with("预约改期", f"#{ticket}", "09:00")
    state = hall.state()
    first, *_ = offered(state, state.tickets[ticket], state.at_ms)
    await at.press("enter")
    await at.until_told("签到码不变")
    assert hall.state().tickets[ticket].slot_at_ms == first.slot_at_ms
