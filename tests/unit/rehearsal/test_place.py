"""When a rehearsal begins."""

import datetime as dt

import pytest

from hall_controller.domain.rules import Band, Rules, Tier, Window
from hall_controller.part import Trouble
from hall_controller.rehearsal.place import Wish, _opening_ms
from tests.unit.domain.support import at

RULES = Rules(hall="R", tier=Tier.STREET, counters=2)


def opening(clock: str | None, last_day: str = "", rules: Rules = RULES, **wish: object) -> int:
    wanted = Wish(visitors=1, seed=1, **wish)  # type: ignore[arg-type]
    return _opening_ms(rules, wanted, at(clock) if clock else 0, last_day)


def test_a_new_hall_opens_on_the_same_monday_whenever_it_is_made() -> None:
    assert opening(None) == at("2026-03-02 09:00:00")


def test_it_goes_on_with_the_next_day() -> None:
    assert opening("2026-03-02 12:06:00", "2026-03-02") == at("2026-03-03 09:00:00")


def test_a_restored_hall_goes_on_from_the_present_day() -> None:
    assert opening("2026-11-25 04:41:00", "2026-03-02") == at("2026-11-25 09:00:00")
    assert opening("2026-11-25 08:55:00", "2026-03-02") == at("2026-11-26 09:00:00")


def test_a_day_without_hours_is_passed_over_and_refused_when_it_is_asked_for() -> None:
    weekdays = (Window(days=("mon", "fri"), start=dt.time(10), end=dt.time(12), band=Band.REGULAR),)
    rules = Rules(hall="R", tier=Tier.STREET, counters=2, hours=weekdays)
    assert opening("2026-03-02 12:06:00", "2026-03-02", rules) == at("2026-03-06 10:00:00")
    with pytest.raises(Trouble, match="no hours on that day"):
        opening("2026-03-02 12:06:00", "2026-03-02", rules, day=dt.date(2026, 3, 3))
    asked = opening("2026-03-02 12:06:00", "2026-03-02", rules, day=dt.date(2026, 3, 3), opening=dt.time(8, 30))
    assert asked == at("2026-03-03 08:30:00")


def test_a_hall_that_never_opens_says_so() -> None:
    rules = Rules(hall="R", tier=Tier.STREET, counters=2, hours=())
    with pytest.raises(Trouble, match=r"hours\.toml"):
        opening("2026-03-02 12:06:00", "2026-03-02", rules)


def test_an_afternoon_of_the_same_day_may_follow() -> None:
    afternoon = opening("2026-03-02 12:06:00", "2026-03-02", day=dt.date(2026, 3, 2), opening=dt.time(14))
    assert afternoon == at("2026-03-02 14:00:00")


def test_a_moment_that_has_passed_is_refused() -> None:
    with pytest.raises(Trouble, match="is at 2026-03-02 12:06 already"):
        opening("2026-03-02 12:06:00", "2026-03-02", day=dt.date(2026, 3, 2))
