import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.days import named_day

TUESDAY = dt.date(2026, 12, 1)


def test_days_are_named_by_word_or_date() -> None:
    named = [named_day(word, TUESDAY) for word in ("yesterday", "today", "tomorrow", "2026-11-24")]
    assert named == [dt.date(2026, 11, 30), TUESDAY, dt.date(2026, 12, 2), dt.date(2026, 11, 24)]


@given(st.dates())
def test_every_date_is_named_by_itself(day: dt.date) -> None:
    assert named_day(day.isoformat(), TUESDAY) == day


@given(st.text() | st.sampled_from(["2026-02-29", "20261124", "2026-W48-2", "24.11.2026", "2026-1-1", "Today", ""]))
def test_anything_else_is_no_day(word: str) -> None:
    if word not in {"today", "yesterday", "tomorrow"}:
        assert named_day(word, TUESDAY) is None or named_day(word, TUESDAY) == dt.date.fromisoformat(word)
    assert named_day("20261124", TUESDAY) is None


def test_the_first_and_the_last_day_have_no_neighbour() -> None:
    assert named_day("yesterday", dt.date.min) is None
    assert named_day("tomorrow", dt.date.max) is None
