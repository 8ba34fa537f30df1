"""The people of whole days, as they are drawn."""

import datetime as dt

import pytest

from hall_controller.domain.hours import local, opening_at, openings
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Band, DayKind, Rules, SpecialDay, Tier
from hall_controller.rehearsal.day import Clerk, Door
from hall_controller.rehearsal.whole_day import WholeDay, counters_for_days, draw_whole_day
from tests.unit.rehearsal.memory_stage import CATALOGUE

DISTRICT = Rules(
    hall="R",
    tier=Tier.DISTRICT,
    counters=4,
    hours=(*DEFAULT_HOURS, LUNCH),
    lunch_counters=(1, 2),
    calendar={"2026-03-18": SpecialDay(kind=DayKind.HOLIDAY), "2026-03-22": SpecialDay(kind=DayKind.WORKDAY)},
)
STREET = Rules(hall="R", tier=Tier.STREET, counters=4)
MARCH = [dt.date(2026, 3, number) for number in range(1, 32)]
TUESDAY, WEDNESDAY, SUNDAY = dt.date(2026, 3, 17), dt.date(2026, 3, 18), dt.date(2026, 3, 22)


def draw(day: dt.date, rules: Rules = DISTRICT, seed: int = 7, visitors: int = 200) -> WholeDay:
    return draw_whole_day(seed, visitors, CATALOGUE, rules, day)


MANY = [draw(day) for day in MARCH]


def hour(rules: Rules, at_ms: int) -> float:
    now = local(rules, at_ms)
    return now.hour + now.minute / 60


def test_a_day_is_the_same_in_whichever_period_it_comes() -> None:
    assert draw(TUESDAY) == MANY[16]
    assert draw(TUESDAY, seed=8) != MANY[16]


def test_more_counters_change_no_visitor() -> None:
    more = Rules(hall="R", tier=Tier.STREET, counters=9)
    assert draw(TUESDAY, STREET).visitors == draw(TUESDAY, more).visitors


def test_visitors_are_shared_out_over_the_week_as_planned() -> None:
    seen: dict[Band, int] = dict.fromkeys(Band, 0)
    for day in MANY:
        if day.day not in (WEDNESDAY, SUNDAY):  # as a week is that has no holiday
            for opening in openings(DISTRICT, day.day):
                for stretch in opening.stretches:
                    seen[stretch.band] += sum(
                        stretch.start_ms <= one.arrives_ms < stretch.end_ms for one in day.visitors
                    )
    total = sum(seen.values())
    shares = {band: count / total for band, count in seen.items()}
    assert shares[Band.REGULAR] == pytest.approx(0.70, abs=0.04)
    assert shares[Band.LUNCH] == pytest.approx(0.08, abs=0.02)
    assert shares[Band.EVENING] == pytest.approx(0.12, abs=0.03), "with the rushes and extensions of a month"
    assert shares[Band.WEEKEND] == pytest.approx(0.10, abs=0.02)


def test_as_many_come_on_a_weekday_as_asked_for() -> None:
    weekdays = [len(day.visitors) for day in MANY if day.day.weekday() < 5 and day.closing_ms is not None]
    assert sum(weekdays) / len(weekdays) == pytest.approx(200, rel=0.15)


def test_most_come_in_the_peaks() -> None:
    arrivals = [hour(DISTRICT, one.arrives_ms) for day in MANY if day.day.weekday() < 5 for one in day.visitors]

    def within(low: float, high: float) -> float:
        return sum(low <= one < high for one in arrivals) / (high - low)

    assert within(9.5, 10.5) > 1.5 * within(10.75, 12)
    assert within(14.5, 15.5) > 1.5 * within(15.75, 17.5)
    assert within(18.25, 19) > 1.5 * within(19, 19.25)


def test_nobody_comes_to_a_hall_that_is_shut_all_day() -> None:
    shut = draw(WEDNESDAY)
    assert shut.closing_ms is None
    assert (shut.visitors, shut.clerks) == ((), ())


def test_a_make_up_working_sunday_is_as_busy_as_a_monday() -> None:
    assert len(draw(SUNDAY).visitors) > 3 * len(draw(SUNDAY - dt.timedelta(days=7)).visitors)


@pytest.mark.parametrize("rules", [DISTRICT, STREET])
def test_some_come_in_vain_and_half_of_them_book(rules: Rules) -> None:
    day = draw(TUESDAY, rules, visitors=2_000)
    in_vain = [one for one in day.visitors if opening_at(rules, one.arrives_ms, None, rules.issue_before_s) is None]
    assert 0.03 * 2_000 < len(in_vain) < 0.12 * 2_000
    booking = sum(one.booking is not None for one in in_vain) / len(in_vain)
    assert booking == pytest.approx(0.5, abs=0.15)
    at_noon = [one for one in in_vain if 12 <= hour(rules, one.arrives_ms) < 13.5]
    assert bool(at_noon) is (rules is STREET)


def test_booked_visitors_come_by_half_hours_and_after_check_in_opens() -> None:
    booked = [one for day in MANY for one in day.visitors if one.door is Door.BOOKED]
    assert booked
    for one in booked:
        assert one.slot_ms is not None
        assert one.slot_ms % 1_800_000 == 0
        assert one.arrives_ms >= one.slot_ms - 1_800_000


def test_enough_counters_for_the_busiest_hour() -> None:
    assert counters_for_days(15, CATALOGUE) == 3
    few, many = counters_for_days(150, CATALOGUE), counters_for_days(600, CATALOGUE)
    assert 3 < few < many < 40


# --- the roster ----------------------------------------------------------------------------------


def at_counter(day: WholeDay, number: int) -> list[Clerk]:
    return sorted((one for one in day.clerks if one.counter == number), key=lambda one: one.opens_ms)


def test_a_counter_that_serves_lunch_is_handed_over_at_one_and_back_and_on_to_the_evening() -> None:
    day = draw(TUESDAY)
    shifts = at_counter(day, 1)
    assert [one.clerk for one in shifts] == ["101", "201", "101", "301"]
    assert [round(hour(DISTRICT, one.opens_ms)) for one in shifts] == [9, 13, 14, 18]
    assert all(one.lunch is None for one in shifts)


def test_a_counter_that_does_not_has_one_clerk_till_evening() -> None:
    assert [one.clerk for one in at_counter(draw(TUESDAY), 4)] == ["104"]
    leaves_ms = at_counter(draw(TUESDAY), 4)[0].leaves_ms
    assert leaves_ms is not None
    assert hour(DISTRICT, leaves_ms) == 18
    assert [one.clerk for one in at_counter(draw(TUESDAY, STREET), 2)] == ["102", "302"]


def test_where_the_hall_shuts_over_lunch_the_clerks_do_too() -> None:
    lunches = [one.lunch for day in MARCH[1:6] for one in draw(day, STREET).clerks if one.lunch is not None]
    assert len(lunches) == 5 * STREET.counters
    assert {hour(STREET, one.from_ms) for one in lunches} == {12}
    assert {one.finishes_by_ms == one.from_ms for one in lunches} == {True, False}, "some leave at once, some do not"


def test_fewer_serve_at_the_weekend() -> None:
    saturday = draw(dt.date(2026, 3, 14))
    assert [one.clerk for one in saturday.clerks] == ["501", "502"]


# --- incidents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_a_month_has_its_incidents_on_different_days(seed: int) -> None:
    days = [draw(day, seed=seed, visitors=1).incidents for day in MARCH]
    minutes = sorted(one.extended_minutes for one in days if one.extended_minutes)
    assert minutes[:3] == [30, 30, 30]
    assert 4 * 60 < minutes[3] <= 4 * 60 + 45
    assert len(minutes) == 4
    assert sum(one.overrules for one in days) == 2
    assert sum(one.closed_at_ms is not None for one in days) == 1
    assert sum(len(one.crashes_at_ms) for one in days) == 1
    for one in days:
        assert bool(one.extended_minutes) + one.overrules + (one.closed_at_ms is not None) <= 1
        if one.reopened_at_ms is not None:
            assert one.closed_at_ms is not None
            assert one.reopened_at_ms > one.closed_at_ms
