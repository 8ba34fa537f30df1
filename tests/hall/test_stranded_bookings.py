"""A real hall whose hours change after people have booked: it says so, offers another half hour, and takes them in."""

import datetime as dt
from pathlib import Path

from hall_controller.checking import _bookings
from hall_controller.domain import commands as c
from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alert_words import tell
from hall_controller.domain.booking import slots
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.stranded_bookings import offered
from hall_controller.domain.ticket import VisitorClass
from tests.support import MATTER, RunningHall, hall_command, local_ms, make_hall_at, start_controller

FRIDAY = "2026-11-27"
SHUT = f'\n[[special]]\ndate = {FRIDAY}\nkind = "workday"\nhours = []\n'


def book(hall: RunningHall, slot: str) -> int:
    reply = hall.do(c.BookTicket(matter=MATTER, slot_at_ms=local_ms(slot)), "kiosk")
    assert not isinstance(reply, Refusal), reply
    return int(reply.ticket)


def alerts(hall: RunningHall) -> list[Alert]:
    return [one for one in hall.state().alerts.values() if one.alert is AlertKind.BOOKINGS_STRANDED]


def check(directory: Path) -> str:
    """What `hall check` says of bookings."""
    return next((found.text for found in _bookings(directory)), "")


def test_hours_that_change_after_people_booked_leave_nobody_before_a_locked_door(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-24 10:00:00")
    hours = directory / "hours.toml"
    before = hours.read_text("utf-8")
    with start_controller(directory) as hall:
        ticket = book(hall, f"{FRIDAY} 10:00:00")
        book(hall, "2026-11-26 10:00:00")
        assert "2 bookings, all for half hours in which the hall is open" in check(directory)

        hours.write_text(before + SHUT, "utf-8")
        told = check(directory)
        assert (
            f"ticket {ticket}, {FRIDAY} 10:00 (shut all day), free instead: 2026-11-26 19:00 or 2026-11-26 19:30"
            in told
        )
        assert "once the hall is started again" in told, "the hall itself knows nothing of it yet"
        assert not alerts(hall)

        hall.kill()
        told = hall_command("check", directory).stdout
        assert "MEND  bookings: 1 booking is for a half hour in which the hall is shut" in told, "also while it is off"
        hall.start()
        hall.set_clock("2026-11-24 10:00:05")
        told = check(directory)
        assert f"ticket {ticket}, " in told
        assert "started again" not in told
        (alert,) = alerts(hall)
        assert (alert.alert, alert.subject) == ("bookings_stranded", FRIDAY)
        assert tell(hall.state(), alert, 0).en == f"1 booked for {FRIDAY} when the hall is shut: 10:00"

        state = hall.state()
        offer = offered(state, state.tickets[ticket], state.at_ms)[0].slot_at_ms
        moving = told[told.index("rebook_ticket") :].split()
        assert moving[:3] == ["rebook_ticket", "--ticket", str(ticket)], "the sentence is a command to copy"
        assert hall_command("do", directory, *moving[:5]).returncode == 0
        state = hall.state()
        moved_ms = state.tickets[ticket].slot_at_ms or 0
        assert moved_ms >= offer
        assert "2 bookings, all for" in check(directory)

        day = dt.datetime.fromtimestamp(moved_ms / 1000, dt.timezone(dt.timedelta(hours=8)))
        assert any(slot.slot_at_ms == moved_ms for slot in slots(state, day.date(), state.at_ms))
        hall.set_clock(f"{day - dt.timedelta(minutes=5):%Y-%m-%d %H:%M:%S}")
        reply = hall.do(c.CheckIn(ticket=ticket), "reception")
        assert not isinstance(reply, Refusal), reply
        assert hall.state().tickets[ticket].visitor_class is VisitorClass.APPOINTMENT
        hall.set_clock(f"{day:%Y-%m-%d %H:%M:%S}")
        assert not alerts(hall)
