"""The app's side of hours that change after people have booked."""

from collections.abc import Iterator

import pytest

from hall_controller.domain import commands as c
from tests.gateway.gateways import Site, at, site
from tests.support import make_hall_at

FRIDAY = "2026-11-27"
SHUT = f'\n[[special]]\ndate = {FRIDAY}\nkind = "workday"\nhours = []\n'


@pytest.fixture(scope="module")
def tuesday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(make_hall_at(tmp_path_factory.mktemp("tuesday"), "2026-11-24 10:00:00")) as running:
        yield running


def test_a_stranded_booking_is_named_with_what_is_free_and_moved_once(tuesday: Site) -> None:
    booking = tuesday.book(at("10:00", FRIDAY), "somebody")
    path = f"/tickets/{booking['token']}"
    assert tuesday.get(path)["stranded"] is None
    holds = {"slot_at": at("11:00", "2026-11-26")}
    assert tuesday.refused(f"{path}/rebook", holds) == (409, "wrong_state")

    hours = tuesday.hall.dir / "hours.toml"
    hours.write_text(hours.read_text("utf-8") + SHUT, "utf-8")
    tuesday.hall.kill()
    tuesday.hall.start()
    tuesday.until(lambda: tuesday.get(path)["stranded"])
    ticket = tuesday.get(path)
    assert (ticket["state"], ticket["slot_at"], ticket["code"]) == ("booked", at("10:00", FRIDAY), booking["code"])
    assert (ticket["stranded"]["why"], ticket["stranded"]["reason"]) == ("shut_day", "")
    free = [slot["slot_at"] for slot in ticket["stranded"]["free"]]
    assert free
    assert not any(slot.startswith(FRIDAY) for slot in free)
    assert tuesday.refused(f"{path}/rebook", {"slot_at": at("10:30", FRIDAY)}) == (409, "no_slot")
    assert tuesday.refused(f"{path}/rebook", {"slot_at": "soon"}) == (422, "malformed")

    moved = tuesday.post(f"{path}/rebook", {"slot_at": free[0]})
    assert (moved["token"], moved["code"], moved["slot_at"]) == (booking["token"], booking["code"], free[0])
    assert tuesday.post(f"{path}/rebook", {"slot_at": free[0]}) == moved, "sent again it is the same"
    assert tuesday.refused(f"{path}/rebook", {"slot_at": free[-1]}) == (409, "wrong_state"), "once"
    ticket = tuesday.get(path)
    assert (ticket["slot_at"], ticket["stranded"]) == (free[0], None)


def test_an_emergency_keeps_bookings_and_says_why_a_ticket_ended(tuesday: Site) -> None:
    booked = tuesday.book(at("15:00", "2026-11-24"), "today")
    issued = tuesday.hall.do(c.IssueTicket(matter="id-card-renew"), as_="kiosk")
    tuesday.hall.do(c.CloseHall(reason="台风"))
    tuesday.until(lambda: tuesday.get(f"/tickets/{issued.token}")["state"] == "cancelled")
    assert tuesday.get(f"/tickets/{issued.token}")["ended_by"] == "hall_closed"
    ticket = tuesday.get(f"/tickets/{booked['token']}")
    assert (ticket["state"], ticket["can_check_in"]) == ("booked", False)
    assert (ticket["stranded"]["why"], ticket["stranded"]["reason"]) == ("emergency", "台风")
    assert all(slot["slot_at"] > at("23:59", "2026-11-24") for slot in ticket["stranded"]["free"])
    assert all(day["free"] == 0 for day in tuesday.get("/days")["days"] if day["day"] == "2026-11-24")
