"""No surface promises an opening in a year whose public holidays are unknown without saying so."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counter_client.hours import hours_words
from display_board.pages.opening import moment, tickets_from, today
from display_board.pages.phone_ended import come_again
from display_board.pages.phone_view import Known, phone_view
from hall_controller.cli.watching import hours_of, render
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import is_confirmed, is_promised, local, next_opening, openings
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import DayKind, SpecialDay
from hall_controller.domain.ticket import Language
from hall_controller.i18n.hours import TO_BE_CONFIRMED, reserve, reserve_of_day
from tests.unit.display_board.room import MATTER, Room, at
from ticket_printer.kiosk.booking import slot_told
from ticket_printer.moments import next_opening_told
from ticket_printer.printer.facts import booking_facts, hours_told
from ticket_printer.printer.slips import booking_layout

RESERVES = tuple(one.strip() for one in TO_BE_CONFIRMED)
NEW_YEAR = SpecialDay(kind=DayKind.HOLIDAY, name_zh="元旦", name_en="New Year's Day")


def hall_on(day: str, clock: str, confirmed: tuple[int, ...] | None) -> tuple[Hall, int]:
    room = Room(confirmed_years=confirmed, calendar={"2027-01-01": NEW_YEAR})
    room.until(clock, day)
    return room.hall, room.now_ms


def surfaces(hall: Hall, now_ms: int) -> dict[str, str]:
    """What each says of the next opening, which is on another day."""
    rules = in_force(hall)
    following = next_opening(rules, now_ms)
    assert following is not None
    told: dict[str, Any] = {
        "board": today(hall, now_ms).detail,
        "tickets": tickets_from(hall, following, now_ms),
        "moment": moment(rules, following.start_ms, now_ms),
        "phone": come_again(hall, now_ms),
        "terminals": hours_words(hall, now_ms),
    }
    texts = {name: f"{words.zh} {words.en}" for name, words in told.items()}
    for english in (False, True):
        texts[f"kiosk {english}"] = next_opening_told(hall, now_ms, english=english)
        texts[f"booking {english}"] = slot_told(hall, following.start_ms, now_ms, english=english)
        (label, day), *_ = hours_told(hall, now_ms, english=english)
        texts[f"paper {english}"] = f"{label} {day}"
    texts["show"] = render(hall, now_ms).split("\n\n", maxsplit=1)[0]
    return texts


@pytest.mark.parametrize(("confirmed", "says"), [((2026,), True), ((2026, 2027), False), (None, False)])
def test_every_surface_says_that_an_opening_of_an_unknown_year_is_to_be_confirmed(
    confirmed: tuple[int, ...] | None, says: bool
) -> None:
    hall, now_ms = hall_on("2026-12-31", "21:00", confirmed)
    assert local(in_force(hall), (next_opening(in_force(hall), now_ms) or None).start_ms).year == 2027  # type: ignore[union-attr]
    for name, text in surfaces(hall, now_ms).items():
        assert any(one in text for one in RESERVES) is says, (name, text)
    assert hours_of(hall, now_ms)["next_confirmed"] is not says


def test_a_booking_of_an_unknown_year_says_so_on_its_phone() -> None:
    room = Room(confirmed_years=(2026,))
    room.do(c.BookTicket(matter=MATTER.code, slot_at_ms=at("10:00", "2027-01-04")))
    view = phone_view(room.hall, room.hall.next_ticket - 1, Known(now_ms=room.now_ms))
    assert view is not None
    assert view.big_label.en.endswith(TO_BE_CONFIRMED.en)
    assert view.big_label.zh.endswith(TO_BE_CONFIRMED.zh)


@pytest.mark.parametrize(("language", "reserve"), [(Language.ENGLISH, RESERVES[1]), (Language.MANDARIN, RESERVES[0])])
def test_a_booking_slip_of_an_unknown_year_says_so(language: Language, reserve: str) -> None:
    room = Room(confirmed_years=(2026,))
    for day in ("2027-01-04", "2026-12-31"):
        room.do(c.BookTicket(matter=MATTER.code, slot_at_ms=at("10:00", day), language=language))
    slips = [
        str(booking_layout(booking_facts(room.hall, ticket, Catalogue({MATTER.code: MATTER}), "1-2345", None), 80))
        for ticket in room.hall.tickets.values()
    ]
    assert [reserve in slip for slip in slips] == [True, False]


@settings(max_examples=200)
@given(
    day=st.dates(dt.date(2024, 1, 1), dt.date(2031, 12, 31)),
    ahead=st.integers(0, 400),
    years=st.none() | st.sets(st.integers(2024, 2032)).map(lambda found: tuple(sorted(found))),
    special=st.sets(st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)), max_size=5),
)
def test_one_rule_says_which_days_are_certain(
    day: dt.date, ahead: int, years: tuple[int, ...] | None, special: set[dt.date]
) -> None:
    rules = replace(
        in_force(Room().hall), confirmed_years=years, calendar={one.isoformat(): NEW_YEAR for one in special}
    )
    now_ms, later = at("12:00", day.isoformat()), day + dt.timedelta(days=ahead)
    certain = years is None or later.year in years or later in special
    assert is_confirmed(rules, later) is certain
    assert is_promised(rules, at("09:00", later.isoformat()), now_ms) is (certain or not ahead)
    assert (reserve(rules, at("09:00", later.isoformat()), now_ms) == ("", "")) is (certain or not ahead)
    assert (reserve_of_day(rules, later, day) == ("", "")) is (certain or not ahead)
    assert openings(rules, later) == openings(replace(rules, confirmed_years=None), later), "the hours are the same"
