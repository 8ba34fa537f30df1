"""A scenario's day: who comes does not hang on who serves, and each incident is met as people meet it."""

import asyncio
import datetime as dt
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.hours import local
from hall_controller.domain.rules import RosterSpan, Tier, Window
from hall_controller.rehearsal.days import PlayedDay, play_day
from hall_controller.rehearsal.model import ModelStage
from hall_controller.rehearsal.outcome import tell
from hall_controller.rehearsal.scenario import (
    Arrivals,
    HalfHours,
    Incident,
    Mishap,
    Scenario,
    Wanted,
    draw_scenario,
    find_scenario,
    load_scenario,
)
from hall_controller.rehearsal.use import Watch, in_all
from hall_controller.rehearsal.whole_day import WholeDay
from tests.unit.rehearsal.memory_stage import CATALOGUE

NINE, TWELVE = dt.time(9), dt.time(12)
MORNING = Scenario(
    name="morning",
    tier=Tier.STREET,
    counters=3,
    hours=(Window(days=("mon",), start=NINE, end=TWELVE),),
    arrivals=(Arrivals(start=NINE, end=dt.time(11, 30), visitors=30),),
)


def draw(scenario: Scenario, seed: int = 1) -> WholeDay:
    return draw_scenario(scenario, CATALOGUE, seed)


def play(scenario: Scenario, seed: int = 1) -> tuple[PlayedDay, list[e.Event], Watch]:
    events: list[e.Event] = []
    watch = Watch()

    def seen(hall: Hall, event: e.Event) -> None:
        watch.hear(hall, event)
        events.append(event)

    plan = draw(scenario, seed)
    stage = ModelStage(scenario.rules(), CATALOGUE, plan.begins_ms, seen)
    return asyncio.run(play_day(stage, plan, CATALOGUE)), events, watch


def with_incident(kind: Mishap, at: dt.time, **fields: object) -> Scenario:
    return replace(MORNING, incident=(Incident(kind=kind, at=at, **fields),))  # type: ignore[arg-type]


def clock(at_ms: int) -> dt.time:
    return local(MORNING.rules(), at_ms).time()


def mean(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return sum(found) / len(found)


def test_the_quiet_sample_is_quiet_and_the_rush_is_one() -> None:
    soon = {}
    for name in ("quiet", "monday-rush"):
        scenario = load_scenario(find_scenario(name), CATALOGUE)
        outcomes = [tell(play(scenario, seed)[1]) for seed in range(3)]
        soon[name] = mean(outcome.waits.soon or 0 for outcome in outcomes)
    assert soon["quiet"] > 0.95
    assert soon["monday-rush"] < 0.6


def test_the_same_seed_is_the_same_day_and_another_is_another() -> None:
    assert draw(MORNING, 3) == draw(MORNING, 3)
    assert draw(MORNING, 3) != draw(MORNING, 4)
    assert play(MORNING, 3)[1] == play(MORNING, 3)[1]


def test_neither_roster_nor_mishaps_at_counters_change_the_visitors() -> None:
    visitors = draw(MORNING).visitors
    fewer = replace(MORNING, roster=(RosterSpan(start=NINE, end=TWELVE, counters=1),))
    assert draw(fewer).visitors == visitors
    assert draw(replace(MORNING, counters=9, breaks=False, trainee=2)).visitors == visitors
    for kind in (Mishap.CRASH, Mishap.EMERGENCY, Mishap.EXTENSION, Mishap.LATE_OPENING):
        assert draw(with_incident(kind, dt.time(10))).visitors == visitors
    assert draw(with_incident(Mishap.PACE, dt.time(10), times=2.0)).visitors == visitors


def test_a_clerk_who_works_in_both_rosters_is_the_same_one() -> None:
    """So that a difference between two rosters is the roster's alone."""
    more = replace(MORNING, roster=(RosterSpan(start=NINE, end=TWELVE, counters=3),))
    fewer = replace(MORNING, roster=(RosterSpan(start=NINE, end=TWELVE, counters=2),))
    assert [one for one in draw(more).clerks if one.counter < 3] == list(draw(fewer).clerks)


def test_as_many_come_as_it_says_when_it_says() -> None:
    halves = HalfHours(start=NINE, visitors=(10, 0, 30))
    scenario = replace(MORNING, arrivals=(), half_hours=halves)
    plain = replace(scenario.people, booked=0.0)
    counts = [0, 0, 0]
    for seed in range(40):
        for one in draw(replace(scenario, people=plain), seed).visitors:
            at = clock(one.arrives_ms)
            counts[(at.hour - 9) * 2 + at.minute // 30] += 1
    assert counts[0] == pytest.approx(400, abs=70)
    assert counts[1] == 0
    assert counts[2] == pytest.approx(1200, abs=120)


def test_matters_come_by_their_shares_and_take_what_they_take() -> None:
    wanted = (Wanted(code="social-card", share=3, minutes=4), Wanted(code="id-card-renew", share=1, minutes=20))
    visitors = [one for seed in range(30) for one in draw(replace(MORNING, matters=wanted), seed).visitors]
    cards = [one for one in visitors if one.matter == "social-card"]
    assert len(cards) / len(visitors) == pytest.approx(0.75, abs=0.06)
    assert mean(one.service_s for one in cards) == pytest.approx(240, rel=0.1)
    others = mean(one.service_s for one in visitors if one.matter != "social-card")
    assert others == pytest.approx(1200, rel=0.15)


def test_the_roster_opens_and_closes_counters() -> None:
    spans = (
        RosterSpan(start=NINE, end=dt.time(10), counters=1),
        RosterSpan(start=dt.time(10), end=dt.time(11), counters=3),
        RosterSpan(start=dt.time(11), end=TWELVE, counters=2),
    )
    by_counter = {one.counter: one for one in draw(replace(MORNING, roster=spans)).clerks}
    assert clock(by_counter[1].opens_ms) < dt.time(9, 1)
    assert by_counter[1].leaves_ms is None
    assert dt.time(9, 59) < clock(by_counter[3].opens_ms) < dt.time(10, 2)
    assert clock(by_counter[3].leaves_ms or 0) == dt.time(11)


def test_a_lost_counter_is_shut_until_it_is_back() -> None:
    scenario = with_incident(Mishap.COUNTER_LOST, dt.time(10), until=dt.time(11), counter=2)
    _, events, _ = play(scenario)
    opened = [clock(one.at_ms) for one in events if isinstance(one, e.CounterOpened) and one.counter == 2]
    closed = [clock(one.at_ms) for one in events if isinstance(one, e.CounterClosed) and one.counter == 2]
    assert len(opened) == 2
    assert dt.time(10) <= closed[0] < opened[1]
    assert dt.time(10, 59) < opened[1] < dt.time(11, 3)


def test_clerks_come_late_and_the_doors_open_nevertheless() -> None:
    everybody = draw(with_incident(Mishap.LATE_OPENING, NINE, minutes=25))
    assert all(dt.time(9, 24) < clock(one.opens_ms) < dt.time(9, 27) for one in everybody.clerks)
    assert clock(everybody.reception_ms) == dt.time(8, 50)
    one_alone = draw(with_incident(Mishap.LATE_OPENING, NINE, minutes=25, counter=2))
    late = [one.counter for one in one_alone.clerks if clock(one.opens_ms) > dt.time(9, 20)]
    assert late == [2]
    _, events, _ = play(with_incident(Mishap.LATE_OPENING, NINE, minutes=25))
    assert min(one.at_ms for one in events if isinstance(one, e.TicketIssued)) < everybody.clerks[0].opens_ms


def test_a_rush_brings_so_many_within_so_long_and_changes_nobody_else() -> None:
    rushed = draw(with_incident(Mishap.RUSH, dt.time(10), visitors=25, minutes=5)).visitors
    usual = draw(MORNING).visitors
    extra = [one for one in rushed if one not in usual]
    assert len(extra) == 25
    assert len(rushed) == len(usual) + 25
    assert all(dt.time(10) <= clock(one.arrives_ms) <= dt.time(10, 5) for one in extra)


def test_services_take_longer_while_the_back_office_is_slow() -> None:
    usual = {one.ticket: one for one in play(MORNING)[1] if isinstance(one, e.ServiceFinished)}
    slow = with_incident(Mishap.PACE, dt.time(10), until=dt.time(11), times=3.0)
    _, events, _ = play(slow)
    started = {one.ticket: clock(one.at_ms) for one in events if isinstance(one, e.ServiceStarted)}
    found = {one.ticket: one for one in events if isinstance(one, e.ServiceFinished)}
    # Until ten the two days are the same; then a service takes three times as long.
    before = [ticket for ticket in found if started[ticket] < dt.time(9, 40)]
    assert before
    assert all(found[ticket].service_s == usual[ticket].service_s for ticket in before)
    plain = {one.arrives_ms: one.service_s for one in draw(MORNING).visitors}
    issued = {one.ticket: one.at_ms for one in events if isinstance(one, e.TicketIssued)}
    ratios = [
        found[ticket].service_s / plain[issued[ticket]]
        for ticket in found
        if dt.time(10) <= started[ticket] < dt.time(11) and issued.get(ticket) in plain
    ]
    assert len(ratios) > 5
    assert sorted(ratios)[len(ratios) // 2] == pytest.approx(3, rel=0.05)


def test_without_paper_numbers_are_read_from_the_screen() -> None:
    _, events, _ = play(with_incident(Mishap.PRINTER_OUT, NINE, until=dt.time(10)))
    failed = [clock(one.at_ms) for one in events if isinstance(one, e.TicketPrintFailed)]
    printed = [clock(one.at_ms) for one in events if isinstance(one, e.TicketPrinted)]
    assert len([at for at in failed if at < dt.time(10)]) >= 5
    assert printed
    at_kiosk = [one for one in events if isinstance(one, e.TicketIssued) and one.kiosk and one.by == "kiosk"]
    assert all(at >= dt.time(9) for at in printed)
    assert len(at_kiosk) > 15


def test_an_emergency_ends_all_tickets_and_an_extension_moves_closing() -> None:
    played, events, _ = play(with_incident(Mishap.EMERGENCY, dt.time(10), until=dt.time(10, 30), reason="drill"))
    closed = next(one for one in events if isinstance(one, e.HallClosed))
    assert (clock(closed.at_ms), closed.reason) == (dt.time(10), "drill")
    assert any(isinstance(one, e.ServiceStarted) and clock(one.at_ms) > dt.time(10, 30) for one in events)
    assert played.everyone_served
    _, events, _ = play(with_incident(Mishap.EXTENSION, dt.time(11), minutes=45))
    assert tell(events).extended_minutes == 45
    assert any(isinstance(one, e.OpeningEnded) and clock(one.end_ms) == dt.time(12, 45) for one in events)


def test_a_trainee_s_counter_is_left_alone() -> None:
    played, events, watch = play(replace(MORNING, trainee=2))
    assert {one.counter for one in events if isinstance(one, e.CounterOpened)} == {1, 3}
    assert set(watch.told()) == {1, 3}
    assert played.everyone_served


def test_the_use_of_counters_adds_up() -> None:
    _, events, watch = play(MORNING)
    use = watch.told()
    services = tell(events).services
    for number, one in use.items():
        assert one.open_s == pytest.approx(3 * 3600, abs=1500)
        assert 0 < one.busy_s <= one.open_s - one.paused_s
        assert one.busy_s >= 0.9 * services[number].count * services[number].mean_s
    whole = in_all(use.values())
    assert whole.open_s == sum(one.open_s for one in use.values())
    assert whole.share is not None
    assert 0.3 < whole.share < 1


def test_the_outcome_tells_waits_by_half_hour_and_class_and_how_good_the_predictions_were() -> None:
    scenario = replace(MORNING, people=replace(MORNING.people, priority=0.4))
    _, events, _ = play(scenario)
    outcome = tell(events)
    assert sum(waits.count for waits in outcome.by_half_hour.values()) == outcome.waits.count
    assert sum(waits.count for waits in outcome.by_class.values()) == outcome.waits.count
    assert {"ordinary", "priority"} <= set(outcome.by_class)
    assert set(outcome.by_half_hour) <= {"08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30"}
    assert outcome.waits.soon is not None
    waits = [one.wait_s for one in events if isinstance(one, e.TicketCalled) and one.first]
    assert outcome.waits.soon == pytest.approx(mean(wait <= 900 for wait in waits), abs=0.05)
    told = outcome.predictions
    assert told.count > 20
    assert told.held is not None
    assert 0.5 < told.held <= 1
    assert told.median_absolute_error_s is not None
    assert told.mean_absolute_error_s is not None
