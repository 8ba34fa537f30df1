"""The moment of a booking, as typed."""

import datetime as dt

import pytest

from counter_client.reception.slot import parse_slot, slot_words
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
