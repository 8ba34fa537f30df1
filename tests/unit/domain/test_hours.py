"""Which band a moment belongs to, by the hall's own clock."""

import datetime as dt

import pytest

from hall_controller.domain.hours import band, service_day, windows
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Band, NumberRules, Rules, Tier, Window
from tests.unit.domain.support import at

RULES = Rules(hall="BA001", tier=Tier.STREET, counters=4)
WITH_LUNCH = Rules(hall="BA001", tier=Tier.STREET, counters=4, hours=(*DEFAULT_HOURS, LUNCH))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24 08:00:00", Band.REGULAR),  # before opening: the band that begins
        ("2026-11-24 09:00:00", Band.REGULAR),
        ("2026-11-24 12:30:00", Band.REGULAR),  # no lunch service here: it runs over
        ("2026-11-24 17:59:59", Band.REGULAR),
        ("2026-11-24 18:00:00", Band.EVENING),
        ("2026-11-24 23:59:59", Band.EVENING),
        ("2026-11-28 10:00:00", Band.WEEKEND),
        ("2026-11-29 20:00:00", Band.WEEKEND),
    ],
)
def test_bands_of_a_street_hall(moment: str, expected: Band) -> None:
    assert band(RULES, at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("11:59:59", Band.REGULAR), ("12:00:00", Band.LUNCH), ("13:59:59", Band.LUNCH), ("14:00:00", Band.REGULAR)],
)
def test_the_lunch_service(moment: str, expected: Band) -> None:
    assert band(WITH_LUNCH, at(f"2026-11-24 {moment}")) is expected


def test_a_day_without_hours() -> None:
    rules = Rules(hall="BA001", tier=Tier.STREET, counters=4, hours=())
    assert band(rules, at("2026-11-24 10:00:00")) is Band.HOLIDAY
    assert band(rules, at("2026-11-28 10:00:00")) is Band.WEEKEND


def test_windows_of_a_day_come_in_order() -> None:
    starts = [window.start for window in windows(WITH_LUNCH, dt.date(2026, 11, 24))]
    assert starts == [dt.time(9), dt.time(12), dt.time(14), dt.time(18)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-24 23:59:59", "2026-11-24"),
        ("2026-11-25 00:00:00", "2026-11-25"),
        ("2026-11-25 07:59:59", "2026-11-25"),
        ("2026-11-25 08:00:00", "2026-11-25"),
    ],
)
def test_the_service_day_is_the_local_one(moment: str, day: str) -> None:
    assert service_day(RULES, at(moment)) == day


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("hall", "BA 001", "write e.g. 'BA001'"),
        ("counters", 0, "1 to 200"),
        ("favoured_limit", 0, "give 1 to 20"),
        ("missed_grace_s", -1, "give 0 to 86400"),
        ("claim_s", 90_000, "give 0 to 86400"),
        ("timezone", "Shenzhen", "write e.g. 'Asia/Shanghai'"),
    ],
)
def test_rules_that_cannot_be_are_named_with_value_and_mend(field: str, value: object, mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        Rules(**{"hall": "BA001", "tier": Tier.STREET, "counters": 4, field: value})  # type: ignore[arg-type]


def test_narrowing_names_a_counter_that_is_there() -> None:
    with pytest.raises(ValueError, match="counters 1 to 4"):
        Rules(hall="BA001", tier=Tier.STREET, counters=4, narrow={5: RULES.narrow.get(5, None)})  # type: ignore[dict-item]


def test_windows_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="swap them"):
        Window(days=("mon",), start=dt.time(12), end=dt.time(9))
    with pytest.raises(ValueError, match="use mon, tue"):
        Window(days=("monday",), start=dt.time(9), end=dt.time(12))
    with pytest.raises(ValueError, match="width from 1 to 6"):
        NumberRules(width=0)
