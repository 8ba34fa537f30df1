"""The moment of a booking, as typed."""

import datetime as dt

import pytest

from counter_client.reception.slot import code_or_token, parse_slot, slot_search, slot_words, slots_ahead
from counter_client.widgets.dialogs import Entry, matching
from counter_client.widgets.look import line
from hall_controller.domain import commands as c
from hall_controller.domain.hall import in_force
from hall_controller.domain.hours import local
from tests.terminal.local_hall import NINE_MS, LocalHall

RULES = in_force(LocalHall().state)


@pytest.mark.parametrize(
    ("typed", "slot"),
    [
        ("14:30", "2026-11-24 14:30"),
        ("1430", "2026-11-24 14:30"),
        ("１４：３０", "2026-11-24 14:30"),
        ("11-26 9:05", "2026-11-26 09:05"),
        ("01-04 09:00", "2027-01-04 09:00"),
        ("2027-02-01 10:00", "2027-02-01 10:00"),
    ],
)
def test_a_moment_in_the_halls_own_time(typed: str, slot: str) -> None:
    at_ms = parse_slot(typed, RULES, NINE_MS)
    assert isinstance(at_ms, int)
    assert local(RULES, at_ms).replace(tzinfo=None) == dt.datetime.fromisoformat(slot)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "8:00", "02-30 10:00", "2020-01-01 10:00", "14:3"])
def test_a_wrong_moment_is_explained(typed: str) -> None:
    words = parse_slot(typed, RULES, NINE_MS)
    assert not isinstance(words, int)
    assert words.zh
    assert words.en


def test_today_is_told_by_its_hour_alone() -> None:
    at_ms = parse_slot("14:30", RULES, NINE_MS)
    assert isinstance(at_ms, int)
    assert slot_words(RULES, at_ms, NINE_MS) == "14:30"
    assert slot_words(RULES, at_ms + 86_400_000, NINE_MS) == "11-25 14:30"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12-3456", "12-3456"),
        ("１２－３４５６", "12-3456"),
        (" 12 – 3456 ", "12-3456"),
        ("123456", "12-3456"),
        ("17.4FA08c", "17.4FA08c"),
        ("12-345", "12-345"),
        ("x" * 70, "x" * 64),
    ],
)
def test_a_check_in_code_is_taken_however_it_is_typed(typed: str, meant: str) -> None:
    assert code_or_token(typed) == meant


def test_the_half_hours_ahead_hold_the_full_ones_and_none_that_has_begun() -> None:
    hall = LocalHall(booking_limit=1)
    first, *rest = slots_ahead(hall.state, NINE_MS)
    assert slot_words(RULES, first.slot_at_ms, NINE_MS) == "09:30"
    hall.do(c.BookTicket(matter="id-card-renew", slot_at_ms=rest[0].slot_at_ms))
    assert [slot.free for slot in slots_ahead(hall.state, NINE_MS)[:3]] == [1, 0, 1]


@pytest.mark.parametrize(
    ("typed", "slot"), [("9:30", "09:30"), ("19:30", "19:30"), ("1430", "14:30"), ("11-26 9:00", "11-26 09:00")]
)
def test_a_half_hour_is_found_as_it_would_be_typed(typed: str, slot: str) -> None:
    hall = LocalHall().state
    entries = [Entry(str(s.slot_at_ms), line(""), slot_search(hall, s.slot_at_ms)) for s in slots_ahead(hall, NINE_MS)]
    assert slot_words(RULES, int(matching(entries, typed)[0].id), NINE_MS) == slot
