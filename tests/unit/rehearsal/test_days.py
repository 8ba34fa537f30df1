"""Whole days played in memory: the hall runs its hours, people go by them, and every day is proven."""

import asyncio
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_controller.domain import events as e
from hall_controller.domain.counter import CounterState
from hall_controller.domain.day import StopCause
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Band, DayKind, Mode, SpecialDay
from hall_controller.domain.ticket import TicketState
from hall_controller.rehearsal.days import Period, PlayedDay, play_days
from hall_controller.rehearsal.proof import Figures
from hall_controller.rehearsal.rows import DayRow, day_rows, month_rows, render
from tests.unit.domain.support import at
from tests.unit.rehearsal.memory_stage import CATALOGUE, MemoryStage, district, play_period

Month = tuple[MemoryStage, list[PlayedDay], list[DayRow]]
TURNED_AWAY = {"issuing_stopped", "hall_closed"}


@pytest.fixture(scope="module")
def month() -> Month:
    """With few counters, so that every incident matters."""
    stage = district(counters=2)
    played = play_period(stage, "2026-03-01", "2026-03-31", seed=3, visitors=20)
    return stage, played, rows_of(stage, played)


def rows_of(stage: MemoryStage, played: list[PlayedDay]) -> list[DayRow]:
    assert stage.hall.rules is not None
    return day_rows(played, stage.events, stage.hall.rules)


def figures(played: list[PlayedDay]) -> list[Figures]:
    return [day.audit.figures for day in played if day.audit is not None and day.audit.figures is not None]


def test_everybody_is_served_every_day_and_only_visitors_are_refused(month: Month) -> None:
    stage, played, _ = month
    assert all(day.everyone_served for day in played)
    assert {str(refusal.code) for _, _, refusal in stage.refusals} <= TURNED_AWAY
    assert {device for device, _, _ in stage.refusals} <= {"kiosk", "reception"}
    assert all(counter.state is CounterState.CLOSED for counter in stage.hall.counters.values())
    assert {ticket.state for ticket in stage.hall.tickets.values()} <= {TicketState.BOOKED}


def test_every_day_and_the_month_are_proven(month: Month) -> None:
    stage, played, rows = month
    assert len(figures(played)) == 31
    assert stage.broken(figures(played)[5], figures(played)[30]) == []
    assert [row.visits["total"] for row in rows] == [sum(one.visits.values()) for one in figures(played)]
    assert stage.report("2026-03")["visits"]["total"] == month_rows(rows)[0].visits["total"]


def test_by_midnight_nobody_is_left_unless_the_evening_was_extended_beyond(month: Month) -> None:
    _, _, rows = month
    for row in rows:
        assert row.under_way == 0 or row.extended_minutes > 240
    beyond = next(row for row in rows if row.extended_minutes > 240)
    assert beyond.closed_ms is not None
    assert beyond.closed_ms > at(f"{beyond.day} 23:59:59")


def test_a_month_has_all_that_months_have(month: Month) -> None:
    stage, _, rows = month
    kinds = {type(event) for event in stage.events}
    assert kinds >= {
        e.OpeningStarted, e.OpeningEnded, e.LunchStarted, e.AnnouncementMade, e.CounterHandedOver, e.HoursExtended,
        e.IssuingStopped, e.IssuingResumed, e.HallClosed, e.TicketBooked, e.TicketCheckedIn, e.TicketNoShow,
    }  # fmt: skip
    assert any(isinstance(event, e.CounterHandedOver) and event.ticket is not None for event in stage.events), (
        "a counter is handed over in mid-service"
    )
    paused_by_hall = [event for event in stage.events if isinstance(event, e.CounterPaused) and event.by == "hall"]
    assert paused_by_hall
    assert sum(row.overruled for row in rows) >= 1
    assert sum(row.crashes for row in rows) == 1
    assert sum(bool(row.closed_hall) for row in rows) == 1
    assert sum(row.turned_away for row in rows) >= 15
    assert {band for row in rows for band in row.visits} == {"total", "regular", "lunch", "evening", "weekend"}


def test_whoever_booked_at_the_kiosk_checks_in_on_the_day(month: Month) -> None:
    stage, _, _ = month
    at_kiosk = {event.ticket: event for event in stage.events if isinstance(event, e.TicketBooked) and event.kiosk}
    arrived = [event for event in stage.events if isinstance(event, e.TicketCheckedIn) and event.ticket in at_kiosk]
    assert len(arrived) > 0.6 * len(at_kiosk) > 3
    assert stage.hall.rules is not None
    for event in arrived:
        booked = at_kiosk[event.ticket]
        assert local(stage.hall.rules, booked.slot_at_ms).date().isoformat() == event.service_day > booked.service_day


def test_a_counter_goes_on_through_lunch_and_the_others_are_back_after_it(month: Month) -> None:
    stage, _, _ = month
    tuesday = [event for event in stage.events if event.service_day == "2026-03-17"]
    started = [event for event in tuesday if isinstance(event, e.ServiceStarted) and event.band is Band.LUNCH]
    assert started
    calls = [event for event in tuesday if isinstance(event, e.TicketCalled)]
    noon, two = at("2026-03-17 12:00:00"), at("2026-03-17 13:59:00")
    assert {event.counter for event in calls if noon < event.at_ms < two} == {1}
    assert {event.counter for event in calls if event.at_ms > two} >= {1, 2}


def test_the_table_has_a_line_for_each_day_and_the_month(month: Month) -> None:
    stage, _, rows = month
    assert stage.hall.rules is not None
    lines = render(rows, stage.hall.rules).splitlines()
    assert sum(line.startswith("2026-03-") for line in lines) == 31
    total = month_rows(rows)[0]
    assert lines[-1].split()[:2] == ["2026-03", str(total.visits["total"])]
    assert f"extended hours {100 * total.extended_share:.1f} %" in lines[-1]
    assert any("controller killed" in line for line in lines)


def test_the_same_seed_plays_the_same_days() -> None:
    first, second, other = (district(start="2026-03-09 00:00:00") for _ in range(3))
    play_period(first, "2026-03-09", "2026-03-12")
    play_period(second, "2026-03-09", "2026-03-12")
    play_period(other, "2026-03-09", "2026-03-12", seed=4)
    assert first.events == second.events
    assert first.events != other.events


@settings(max_examples=8)
@given(
    seed=st.integers(0, 10_000),
    visitors=st.integers(1, 40),
    counters=st.integers(1, 4),
    mode=st.sampled_from(Mode),
    first=st.integers(1, 28),
    serves_lunch=st.booleans(),
)
def test_any_days_hold_together(
    seed: int, visitors: int, counters: int, mode: Mode, first: int, *, serves_lunch: bool
) -> None:
    day = dt.date(2026, 3, first)
    start = f"{day} 00:00:00"
    stage = district(counters, start) if serves_lunch else MemoryStage(counters, start)
    last = day + dt.timedelta(days=2)
    played = play_period(stage, str(day), str(last), seed=seed, visitors=visitors, mode=mode)
    assert all(one.everyone_served for one in played)
    assert {str(refusal.code) for _, _, refusal in stage.refusals} <= TURNED_AWAY
    assert stage.broken(*figures(played)) == []


def test_where_the_hall_shuts_over_lunch_nobody_loses_a_place() -> None:
    """On some days the clerks leave at once: whoever waits is called in the afternoon."""
    stage = MemoryStage(counters=1, start="2026-03-02 00:00:00")
    played = play_period(stage, "2026-03-02", "2026-03-06", visitors=45)
    assert all(day.everyone_served for day in played)
    issued = {event.ticket: event for event in stage.events if isinstance(event, e.TicketIssued)}
    stopped = [event for event in stage.events if isinstance(event, e.OpeningEnded) and event.next_ms is not None]
    assert len(stopped) == 5
    over_lunch = [
        event
        for event in stage.events
        if isinstance(event, e.TicketCalled)
        and event.ticket in issued
        and any(
            issued[event.ticket].at_ms < end.end_ms < (end.next_ms or 0) <= event.at_ms + 180_000 for end in stopped
        )
        and event.service_day == issued[event.ticket].service_day
    ]
    assert over_lunch


def test_days_on_which_the_hall_is_shut_pass_by() -> None:
    holiday = {f"2026-03-0{day}": SpecialDay(kind=DayKind.HOLIDAY) for day in (3, 4)}
    stage = MemoryStage(start="2026-03-02 00:00:00", calendar=holiday)
    period = Period(dt.date(2026, 3, 2), None, service_days=2)
    played = asyncio.run(play_days(stage, period, 1, 10, CATALOGUE))
    assert [(str(day.plan.day), day.plan.closing_ms is None) for day in played] == [
        ("2026-03-02", False),
        ("2026-03-03", True),
        ("2026-03-04", True),
        ("2026-03-05", False),
    ]
    assert [row.shut for row in rows_of(stage, played)] == [False, True, True, False]
    assert [event.service_day for event in stage.events if isinstance(event, e.DayStarted)] == [
        f"2026-03-0{day}" for day in (2, 3, 4, 5)
    ]


def test_the_last_ticket_is_the_halls_own_decision_and_an_overruled_one_stays_overruled(month: Month) -> None:
    stage, _, rows = month
    row = next(row for row in rows if row.overruled)
    own = [event for event in stage.events if event.service_day == row.day]
    stops = [event for event in own if isinstance(event, e.IssuingStopped)]
    assert [(event.cause, event.by) for event in stops] == [(StopCause.LAST_TICKET, "hall")]
    resumed = next(event for event in own if isinstance(event, e.IssuingResumed))
    assert resumed.by == "manager"
    assert resumed.at_ms > stops[0].at_ms


def test_days_that_were_interrupted_are_cleared_up_before_the_next() -> None:
    stage = MemoryStage(start="2026-03-02 00:00:00")
    noon = at("2026-03-02 11:00:00")
    days = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 3))
    asyncio.run(play_days(stage, days, 1, 60, CATALOGUE, stopped=lambda: stage.now_ms > noon))
    assert stage.hall.tickets
    played = play_period(stage, "2026-03-03", "2026-03-03")
    assert played[0].everyone_served
    assert stage.broken(*figures(played)) == []
