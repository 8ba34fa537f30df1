"""Fair rosters: each clerk's time at the counter and with visitors, by band, to the second."""

import random
from collections import Counter as Tally

import pytest
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import WORKING, CounterState
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH
from hall_controller.domain.sender import HALL
from hall_controller.domain.ticket import stretch_ms
from hall_controller.report.attendance import Attendance, Seat
from tests.unit.domain.support import Pretend
from tests.unit.domain.test_months import Month
from tests.unit.report.accounts import (
    DAY,
    HOUR,
    MINUTE,
    WITH_LUNCH,
    at_counter,
    hand_over,
    pause,
    report_of,
    resume,
    serving,
)


def test_an_open_counter_is_split_where_the_bands_change() -> None:
    hall = Pretend(f"{DAY} 11:00:00", hours=WITH_LUNCH)
    hall.open(1)
    hall.until(f"{DAY} 18:30:00")
    hall.close(1)
    assert at_counter(hall) == {"regular": 5 * HOUR, "lunch": 2 * HOUR, "evening": HOUR // 2}


def test_a_pause_is_no_work() -> None:
    hall = Pretend(f"{DAY} 09:00:00")
    hall.open(1)
    hall.until(f"{DAY} 10:00:00")
    pause(hall, 1)
    hall.until(f"{DAY} 10:30:00")
    resume(hall, 1)
    hall.until(f"{DAY} 11:00:00")
    hall.close(1)
    assert at_counter(hall) == {"regular": 90 * MINUTE}


def test_who_is_sent_to_lunch_works_until_the_visitor_has_left() -> None:
    hall = Pretend(f"{DAY} 11:30:00", hours=WITH_LUNCH, lunch_counters=(2,))
    hall.open(1, 2)
    hall.take()
    hall.until(f"{DAY} 11:50:00")
    hall.begin(1)
    hall.until(f"{DAY} 12:00:00")
    hall.until(f"{DAY} 12:05:00")
    hall.finish(1)
    hall.until(f"{DAY} 12:06:00")
    hall.undo(1)
    hall.until(f"{DAY} 12:07:00")
    hall.finish(1)
    hall.until(f"{DAY} 14:00:00")
    hall.close(1, 2)
    assert at_counter(hall) == {"regular": 30 * MINUTE, "lunch": 6 * MINUTE}, "for a minute it was paused"
    assert serving(hall) == {"regular": 10 * MINUTE, "lunch": 7 * MINUTE}, "the visitor had not left"
    assert at_counter(hall, "clerk-2") == {"regular": 30 * MINUTE, "lunch": 2 * HOUR}


def test_each_clerk_of_a_handover_is_credited_with_the_own_stretch() -> None:
    hall = Pretend(f"{DAY} 17:30:00")
    hall.open(1)
    hall.take()
    hall.until(f"{DAY} 17:50:00")
    hall.begin(1)
    hall.until(f"{DAY} 18:05:00")
    hand_over(hall, 1, "陈晓明")
    hall.until(f"{DAY} 18:15:00")
    hall.finish(1)
    hall.until(f"{DAY} 18:20:00")
    hall.close(1)
    assert at_counter(hall) == {"regular": 30 * MINUTE, "evening": 5 * MINUTE}
    assert serving(hall) == {"regular": 10 * MINUTE, "evening": 5 * MINUTE}
    assert at_counter(hall, "陈晓明") == {"evening": 15 * MINUTE}
    assert serving(hall, "陈晓明") == {"evening": 10 * MINUTE}
    by = report_of(hall)["by"]["clerk"]
    assert {clerk: (row["visits"], row["finished"]) for clerk, row in by.items()} == {
        "clerk-1": (1, 0),
        "陈晓明": (0, 1),
    }


def test_a_taken_over_visitor_is_the_work_of_whoever_goes_on() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1, 2)
    hall.take()
    hall.begin(1)
    hall.later(minutes=7)
    hall.do(c.TakeOverCounter(counter=2, from_counter=1))
    hall.later(minutes=5)
    hall.finish(2)
    assert (serving(hall), serving(hall, "clerk-2")) == ({"regular": 7 * MINUTE}, {"regular": 5 * MINUTE})
    assert at_counter(hall) == {"regular": 7 * MINUTE}
    assert at_counter(hall, "clerk-2") == {"regular": 12 * MINUTE}


def test_a_held_visitor_is_nobodys_work() -> None:
    hall = Pretend(f"{DAY} 17:50:00")
    hall.open(1)
    ticket = hall.take()
    hall.begin(1)
    hall.later(minutes=5)
    hall.hold(1)
    hall.until(f"{DAY} 18:10:00")
    hall.do(c.ResumeTicket(counter=1, ticket=ticket))
    hall.later(minutes=10)
    hall.finish(1)
    assert serving(hall) == {"regular": 5 * MINUTE, "evening": 10 * MINUTE}


def test_an_undone_start_was_no_service_and_an_undone_finish_no_end() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.later(minutes=3)
    hall.undo(1)
    assert serving(hall) == {}
    hall.start(1)
    hall.later(minutes=4)
    hall.finish(1)
    hall.later(minutes=2)
    hall.undo(1)
    hall.later(minutes=1)
    hall.finish(1)
    assert serving(hall) == {"regular": 7 * MINUTE}
    assert hall.hall.clerks["clerk-1"].service_s == 7 * MINUTE, "as the hall has it"


def test_midnight_splits_what_is_under_way_and_the_small_hours_are_the_evenings() -> None:
    hall = Pretend(f"{DAY} 19:50:00")
    hall.open(1)
    hall.take()
    hall.until(f"{DAY} 23:50:00")
    hall.begin(1)
    hall.until("2026-11-25 00:00:07")
    hall.until("2026-11-25 00:20:00")
    hall.finish(1)
    hall.close(1)
    assert serving(hall, period=DAY) == {"evening": 10 * MINUTE}
    assert serving(hall, period="2026-11-25") == {"evening": 20 * MINUTE}
    assert at_counter(hall, period=DAY) == {"evening": 4 * HOUR + 10 * MINUTE}
    roster = report_of(hall)["roster"]["clerk-1"]
    assert roster["extended_at_counter_s"] == 4 * HOUR + 30 * MINUTE
    assert (roster["extended_days"], roster["outside_hours_s"]) == (2, 4 * HOUR + 20 * MINUTE)


def test_a_box_that_was_off_for_days_splits_them_at_each_midnight() -> None:
    hall = Pretend(f"{DAY} 17:00:00")
    hall.open(1)
    hall.until("2026-11-27 10:00:00")
    hall.close(1)
    days = {day: at_counter(hall, period=day) for day in (DAY, "2026-11-25", "2026-11-26", "2026-11-27")}
    whole = {"evening": 10 * HOUR, "regular": 14 * HOUR}
    assert days == {
        DAY: {"regular": HOUR, "evening": 6 * HOUR},
        "2026-11-25": whole,
        "2026-11-26": whole,
        "2026-11-27": {"evening": 4 * HOUR, "regular": 6 * HOUR},
    }


def test_a_clock_set_back_an_hour_in_the_middle_of_lunch_makes_nobody_work_longer() -> None:
    hall = Pretend(f"{DAY} 11:00:00", hours=WITH_LUNCH)
    hall.open(1)
    hall.take()
    hall.until(f"{DAY} 12:10:00")
    hall.begin(1)
    hall.until(f"{DAY} 12:30:00")
    hall.set_clock(f"{DAY} 11:30:00")
    hall.until(f"{DAY} 11:40:00")
    hall.finish(1)
    hall.until(f"{DAY} 12:10:00")
    hall.close(1)
    assert serving(hall) == {"lunch": 20 * MINUTE, "regular": 10 * MINUTE}
    assert at_counter(hall) == {"regular": (60 + 30) * MINUTE, "lunch": (30 + 10) * MINUTE}
    assert report_of(hall)["by"]["band"]["lunch"]["service_s"] == 30 * MINUTE


def test_a_finish_undone_after_the_clock_was_set_counts_the_true_time() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.later(minutes=4)
    hall.finish(1)
    hall.set_clock(f"{DAY} 11:04:00")
    hall.later(minutes=1)
    hall.undo(1)
    hall.later(minutes=1)
    hall.finish(1)
    assert serving(hall) == {"regular": 6 * MINUTE}


def test_a_clock_set_back_over_midnight_stays_in_its_service_day() -> None:
    hall = Pretend(f"{DAY} 23:00:00")
    hall.open(1)
    hall.until("2026-11-25 00:10:00")
    hall.set_clock(f"{DAY} 23:40:00")
    hall.until("2026-11-25 00:30:00")
    hall.close(1)
    assert at_counter(hall, period=DAY) == {"evening": 60 * MINUTE}
    assert at_counter(hall, period="2026-11-25") == {"evening": (10 + 50) * MINUTE}


def test_an_extension_is_evening_work_within_the_openings() -> None:
    hall = Pretend(f"{DAY} 17:00:00", hours=DEFAULT_HOURS[:2])
    hall.open(1)
    hall.until(f"{DAY} 17:50:00")
    hall.do(c.ExtendHours(minutes=90))
    hall.until(f"{DAY} 19:40:00")
    hall.close(1)
    assert at_counter(hall) == {"regular": HOUR, "evening": 100 * MINUTE}
    assert report_of(hall)["roster"]["clerk-1"]["outside_hours_s"] == 10 * MINUTE


def test_new_hours_hold_from_when_they_were_made() -> None:
    hall = Pretend(f"{DAY} 12:00:00")
    hall.open(1)
    hall.until(f"{DAY} 12:40:00")
    hall.do(c.ChangeRules(rules=replace(hall.rules, hours=(*DEFAULT_HOURS, LUNCH))), HALL)
    hall.until(f"{DAY} 13:00:00")
    hall.close(1)
    assert at_counter(hall) == {"regular": 40 * MINUTE, "lunch": 20 * MINUTE}
    assert report_of(hall)["roster"]["clerk-1"]["outside_hours_s"] == 40 * MINUTE


def test_a_counter_that_is_still_open_counts_to_the_last_event() -> None:
    hall = Pretend(f"{DAY} 17:00:00")
    hall.open(1)
    hall.until(f"{DAY} 18:30:00")
    hall.take()
    hall.now_ms += HOUR * 1000
    assert at_counter(hall) == {"regular": HOUR, "evening": HOUR // 2}


def test_a_few_seconds_after_six_are_no_day_of_extended_work() -> None:
    hall = Pretend(f"{DAY} 17:00:00")
    hall.open(1, 2)
    hall.until(f"{DAY} 18:00:40")
    hall.close(1)
    hall.later(seconds=20)
    hall.close(2)
    roster = report_of(hall)["roster"]
    assert [roster[clerk]["extended_days"] for clerk in ("clerk-1", "clerk-2")] == [0, 1]
    assert roster["clerk-1"]["extended_at_counter_s"] == 40


@pytest.mark.parametrize("seed", range(2))
def test_in_a_random_month_it_knows_who_is_where_and_loses_not_a_millisecond(seed: int) -> None:
    """Against the hall's own state: how long each visitor was served in all, and each clerk's counter open."""
    played = Month("2026-10", random.Random(seed))
    played.play()
    attendance, hall = Attendance(), Hall()
    served: dict[int, int] = {}
    present: Tally[str] = Tally()
    for event in played.hall.events:
        attendance.add(event)
        step_ms = event.step_ms if isinstance(event, e.ClockStepped) else 0
        for counter in hall.counters.values():
            if counter.state in WORKING:
                present[counter.clerk or ""] += event.at_ms - step_ms - hall.at_ms
        before = dict(hall.tickets)
        evolve(hall, event)
        seats = {number: told(seat) for number, seat in attendance.seats.items()}
        assert seats == {number: (one.clerk or "", one.state) for number, one in hall.counters.items()}, event
        for number in before.keys() - hall.tickets.keys():
            taken_back = isinstance(event, e.ActUndone)
            served[number] = 0 if taken_back else before[number].served_ms + stretch_ms(before[number], event.at_ms)
        served |= {number: one.served_ms + stretch_ms(one, event.at_ms) for number, one in hall.tickets.items()}
    attendance.settle()
    assert sum(sum(one.serving_ms.values()) for one in attendance.worked.values()) == sum(served.values())
    worked: Tally[str] = Tally()
    for (_, clerk), one in attendance.worked.items():
        worked[clerk] += sum(one.at_counter_ms.values())
    assert +worked == +present


def told(seat: Seat) -> tuple[str, CounterState]:
    assert (seat.stretch is not None) == (seat.state is CounterState.SERVING)
    return seat.clerk, seat.state
