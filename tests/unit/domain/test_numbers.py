"""Ticket numbers: what people read from paper, board and voice."""

import pytest
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain.rules import NumberRules
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import APPOINTMENT, ORDINARY, PRIORITY, RECEPTION, Pretend


def numbers(hall: Pretend, tickets: list[int]) -> list[str]:
    return [hall.number(ticket) for ticket in tickets]


def test_numbers_count_from_a001(hall: Pretend) -> None:
    assert numbers(hall, hall.take_many(3)) == ["A001", "A002", "A003"]


def test_each_class_has_a_series_of_its_own(hall: Pretend) -> None:
    booked = hall.book("2026-11-24 09:10:00")
    tickets = [hall.take(ORDINARY), hall.take(PRIORITY), hall.take(ORDINARY), hall.take(PRIORITY)]
    hall.do(c.CheckIn(ticket=booked), RECEPTION)
    assert numbers(hall, [*tickets, booked]) == ["A001", "P001", "A002", "P002", "R001"]


def test_prefixes_by_class_by_group_and_by_both_the_most_precise_wins(make: MakeHall) -> None:
    prefixes = {"priority": "P", "business": "B", "priority/business": "PB", "appointment": "R"}
    hall = make(numbers=NumberRules(width=2, prefixes=prefixes))
    tickets = [
        hall.take(ORDINARY, "pension"),
        hall.take(ORDINARY, "licence"),
        hall.take(PRIORITY, "pension"),
        hall.take(PRIORITY, "licence"),
    ]
    assert numbers(hall, tickets) == ["A01", "B01", "P01", "PB01"]


@pytest.mark.parametrize(
    ("width", "last", "first_longer"), [(3, "A999", "A1000"), (2, "A99", "A100"), (1, "A9", "A10")]
)
def test_a_full_series_grows_a_digit(make: MakeHall, width: int, last: str, first_longer: str) -> None:
    hall = make(numbers=NumberRules(width=width))
    for _ in range(10**width - 2):
        hall.do(c.CancelTicket(ticket=hall.take()), RECEPTION)
    assert numbers(hall, hall.take_many(2)) == [last, first_longer]


def test_the_day_turns_at_local_midnight_and_not_at_utc_midnight(make: MakeHall) -> None:
    hall = make("2026-11-24 23:30:00")
    late = hall.take()
    hall.until("2026-11-25 00:30:00")
    early = hall.take()
    hall.until("2026-11-25 07:59:00")
    before_eight = hall.take()
    hall.until("2026-11-25 08:01:00")  # midnight in UTC
    after_eight = hall.take()
    assert hall.ticket(early).service_day == "2026-11-25"
    assert [hall.number(early), hall.number(before_eight), hall.number(after_eight)] == ["A001", "A002", "A003"]
    assert hall.state(late) == "cancelled"


def test_an_evening_hall_keeps_its_day_after_17_hours_local_time(make: MakeHall) -> None:
    # The day that is counted in UTC goes wrong at 17:00 in California (queue-management #626).
    hall = make("2026-11-24 16:59:00", timezone="America/Vancouver")
    first = hall.take()
    hall.later(hours=2)
    assert numbers(hall, [first, hall.take()]) == ["A001", "A002"]


def test_a_number_still_held_from_yesterday_is_not_given_again(make: MakeHall) -> None:
    hall = make("2026-11-24 23:55:00")
    hall.open(1)
    yesterday = hall.take_many(2)
    hall.begin(1)
    hall.until("2026-11-25 00:05:00")
    today = hall.take_many(2)
    assert numbers(hall, yesterday) == ["A001", "A002"]
    assert numbers(hall, today) == ["A003", "A004"]


def test_a_clock_set_back_over_midnight_brings_no_number_again(hall: Pretend) -> None:
    first = hall.take_many(2)
    hall.set_clock("2026-11-25 00:10:00")
    hall.do(c.ResumeIssuing())
    second = hall.take_many(2)
    hall.set_clock("2026-11-24 23:50:00")
    third = hall.take_many(2)
    hall.until("2026-11-25 00:20:00")
    fourth = hall.take_many(2)
    today = [*second, *third, *fourth]
    assert numbers(hall, first) == ["A001", "A002"]
    assert numbers(hall, today) == [f"A00{count}" for count in range(1, 7)]


def test_a_width_changed_during_the_day_goes_on_counting(hall: Pretend) -> None:
    hall.take()
    hall.do(c.ChangeRules(rules=replace(hall.rules, numbers=NumberRules(width=4))))
    assert hall.number(hall.take()) == "A0002"


def test_a_counter_served_without_ticket_leaves_no_hole_in_the_called_series(hall: Pretend) -> None:
    hall.open(1)
    first = hall.take()
    hall.do(c.ServeUnticketed(counter=1, matter="pension"))
    hall.finish(1)
    assert numbers(hall, [first, hall.take()]) == ["A001", "A002"]


def test_appointments_that_come_late_count_with_the_ordinary(hall: Pretend) -> None:
    booked = hall.book("2026-11-24 09:10:00")
    hall.until("2026-11-24 09:30:00")
    hall.do(c.CheckIn(ticket=booked), RECEPTION)
    assert hall.number(booked) == "A001"
    assert hall.ticket(booked).visitor_class == ORDINARY != APPOINTMENT


@pytest.mark.parametrize("prefix", ["a", "A1", "", "ABCD", "甲"])
def test_a_prefix_that_could_be_misread_is_refused_with_a_mend(prefix: str) -> None:
    with pytest.raises(ValueError, match="capital letters"):
        NumberRules(default=prefix)


def test_tickets_and_unticketed_visitors_never_share_a_letter() -> None:
    with pytest.raises(ValueError, match="choose another letter"):
        NumberRules(default="W")


def test_the_whole_day_of_a_big_hall_has_no_number_twice(hall: Pretend) -> None:
    # Duplicate numbers at peak: novosga #290, FQM under two workers.
    given = {hall.number(hall.take()) for _ in range(1500)}
    assert len(given) == 1500
