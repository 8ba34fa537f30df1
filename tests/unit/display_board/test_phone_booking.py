"""A booking on the phone: as it holds, as the hours strand it, and the half hours to take instead."""

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from display_board.pages.phone_booking import MOVED, Moved, moved_of, offers_mark, slot_of
from display_board.pages.phone_page import phone_html
from display_board.pages.phone_routes import phone_json
from display_board.pages.phone_view import Known, PhoneView, phone_view
from hall_controller.domain import commands as c
from hall_controller.domain.hall import in_force
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import DayKind, Span, SpecialDay
from tests.unit.display_board.room import MATTER, Room, at

FRIDAY = "2026-11-27"
MORNING = (Span(start=dt.time(9), end=dt.time(9, 30)), Span(start=dt.time(14), end=dt.time(18)))


def look(room: Room, ticket: int, **more: Any) -> PhoneView:
    view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms, code="12-3456", may_rebook=True, **more))
    assert view is not None
    return view


def booked(special: SpecialDay | None) -> tuple[Room, int]:
    room = Room()
    room.do(c.BookTicket(matter=MATTER.code, slot_at_ms=at("10:00", FRIDAY)))
    if special is not None:
        room.do(c.ChangeRules(rules=replace(in_force(room.hall), calendar={FRIDAY: special})))
    return room, room.hall.next_ticket - 1


def test_a_booking_that_holds_offers_nothing() -> None:
    room, ticket = booked(None)
    view = look(room, ticket)
    assert (view.head.en, view.big, view.offers, view.state) == ("Booked", "10:00", (), "booked")
    assert '<div id="offers" data-now=""></div>' in phone_html(view, "en")


@pytest.mark.parametrize(
    ("special", "why"),
    [
        (SpecialDay(kind=DayKind.HOLIDAY, name_zh="校庆", name_en="Jubilee"), "does not open on that day (Jubilee)."),
        (SpecialDay(kind=DayKind.WORKDAY, hours=MORNING), "hours of that day are 09:00–09:30, 14:00–18:00."),
    ],
)
def test_a_stranded_booking_says_why_and_offers_others(special: SpecialDay, why: str) -> None:
    room, ticket = booked(special)
    view = look(room, ticket)
    assert (view.head.zh, view.big, view.code) == ("预约时段大厅不开放", "10:00", "12-3456")
    assert why in view.detail.en
    assert "改选时段" in view.detail.zh
    assert view.offers
    for language, head in (("zh", "请改选一个时段"), ("en", "Choose another half hour")):
        page = phone_html(view, language, token="1.ab")
        assert len(page.encode()) <= 10_240
        assert head in page
        assert f'action="1.ab/rebooking?lang={language}"' in page
        shown = re.findall(r'name="slot" value="(\d+)"', page)
        assert shown == [str(offer.slot_at_ms) for offer in view.offers]
    assert f'"offered":"{offers_mark(view.offers)}"' in phone_json(view).decode()
    taken = view.offers[0]
    room.do(c.RebookTicket(ticket=ticket, slot_at_ms=taken.slot_at_ms))
    view = look(room, ticket)
    assert (view.head.en, view.offers) == ("Booked", ())
    assert taken.label.en.startswith(view.big_label.en)


def test_a_hall_that_cannot_move_bookings_offers_none_and_still_says_so() -> None:
    room, ticket = booked(SpecialDay(kind=DayKind.HOLIDAY))
    view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms))
    assert view is not None
    assert (view.offers, view.head.en) == ((), "The hall is shut at your booked time")
    assert "come when the hall is open" in view.detail.en


def test_every_refusal_has_its_words() -> None:
    assert {moved_of(code) for code in Code} <= set(Moved)
    assert all(MOVED[moved].zh and MOVED[moved].en for moved in Moved)


@given(st.binary(max_size=60))
def test_any_form_is_read(body: bytes) -> None:
    slot_at_ms = slot_of(body)
    assert slot_at_ms is None or slot_at_ms >= 0


def test_a_form_names_its_half_hour() -> None:
    assert slot_of(b"slot=1795744800000") == 1795744800000
    assert [slot_of(body) for body in (b"", b"slot=", b"slot=-1", b"other=1", b"slot=\xb2", b"slot=1e5")] == [None] * 6
