"""What happened, and whether it holds together: outcome, proof and the report tell the same."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from hall_controller.bus.wire import encode
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.rehearsal.outcome import Outcome, minutes, render, tell
from hall_controller.rehearsal.proof import Figures, broken
from hall_controller.report import make_report
from tests.unit.domain.support import Pretend
from tests.unit.rehearsal.memory_stage import MemoryStage, draw, play_through


def report_of(events: list[e.Event]) -> dict[str, Any]:
    return make_report([encode(event) for event in events], "2026-11")


def test_a_service_that_was_finished_too_soon_counts_once() -> None:
    hall = Pretend()
    hall.open(1)
    hall.take()
    hall.later(minutes=2)
    hall.begin(1)
    hall.later(minutes=1)
    hall.finish(1)
    hall.undo(1)
    hall.later(minutes=5)
    hall.finish(1)
    outcome, row = tell(hall.events), report_of(hall.events)["by"]["counter"]["1"]
    assert (outcome.services[1].count, outcome.services[1].mean_s) == (1, 360)
    assert row == {"visits": 1, "finished": 1, "service_s": 360, "waits": 1, "wait_s": 120}


def test_a_call_that_was_undone_leaves_no_wait() -> None:
    hall = Pretend()
    hall.open(1)
    hall.take()
    hall.later(minutes=2)
    hall.call(1)
    hall.undo(1)
    assert tell(hall.events).waits.count == 0
    assert report_of(hall.events)["by"]["counter"]["1"]["waits"] == 0
    hall.later(minutes=1)
    hall.call(1)
    assert tell(hall.events).waits.mean_s == 180
    assert report_of(hall.events)["by"]["counter"]["1"]["wait_s"] == 180


def test_a_start_that_was_undone_is_no_visit() -> None:
    hall = Pretend()
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.undo(1)
    assert tell(hall.events).visits == {"total": 0}
    assert report_of(hall.events)["visits"]["total"] == 0


def test_waits_and_predictions_are_told_in_seconds() -> None:
    hall = Pretend(counters=1)
    hall.open(1)
    hall.take_many(3)
    for _ in range(3):
        hall.later(minutes=4)
        hall.serve(1, 60)
    outcome = tell(hall.events)
    assert (outcome.waits.p50_s, outcome.waits.p90_s, outcome.waits.max_s) == (540, 840, 840)
    told = [event.predicted_wait_s or 0 for event in hall.events if isinstance(event, e.TicketIssued)]
    off = [abs(told_s - wait_s) for told_s, wait_s in zip(told, (240, 540, 840), strict=True)]
    assert outcome.predictions.mean_absolute_error_s == pytest.approx(sum(off) / 3, abs=0.1)


def test_an_empty_morning_is_told_without_figures() -> None:
    assert "waits: mean -" in render(Outcome(visits={"total": 0}))
    assert minutes(59.6) == "1:00"


# --- a journal that does not hold together is found out -----------------------------------------


def _drop(events: list[e.Event]) -> list[e.Event]:
    return events[:50] + events[51:]


def _same_number(events: list[e.Event]) -> list[e.Event]:
    first, second = [n for n, event in enumerate(events) if isinstance(event, e.TicketIssued)][3:5]
    issued = events[first]
    assert isinstance(issued, e.TicketIssued)
    return [*events[:second], replace(events[second], number=issued.number), *events[second + 1 :]]


def _same_counter(events: list[e.Event]) -> list[e.Event]:
    calls = [event for event in events if isinstance(event, e.TicketCalled)]
    other = next(call for call in calls if call.counter != calls[0].counter)
    at = events.index(other)
    return [*events[:at], replace(other, counter=calls[0].counter), *events[at + 1 :]]


def _called_while_served(events: list[e.Event]) -> list[e.Event]:
    calls = [event for event in events if isinstance(event, e.TicketCalled)]
    at = events.index(calls[1])
    return [*events[:at], replace(calls[1], ticket=calls[0].ticket), *events[at + 1 :]]


def _lost_finish(events: list[e.Event]) -> list[e.Event]:
    at = next(n for n, event in enumerate(events) if isinstance(event, e.ServiceFinished))
    return [*events[:at], e.IssuingResumed(seq=events[at].seq), *events[at + 1 :]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_drop, "event 52 follows event 50"),
        (_same_number, "was given to tickets"),
        (_same_counter, "and not at"),
        (_called_while_served, "(ticket_called): ticket"),
        (_lost_finish, "serving by its events"),
    ],
)
def test_it_is_found_out(change: Callable[[list[e.Event]], list[e.Event]], says: str) -> None:
    stage = MemoryStage(counters=3)
    play_through(stage, draw(visitors=30, counters=3))
    assert stage.broken() == []
    events = change(list(stage.events))
    found = broken(events, stage.hall, [Figures.of(stage.hall)], stage.report)
    assert any(says in sentence for sentence in found), found


def test_totals_that_differ_are_found_out() -> None:
    stage = MemoryStage(counters=3)
    play_through(stage, draw(visitors=30, counters=3))
    report = stage.report(stage.hall.service_day)
    report["visits"]["total"] += 1
    found = broken(stage.events, stage.hall, [Figures.of(stage.hall)], lambda _: report)
    assert [sentence for sentence in found if "visits" in sentence]


def test_a_takeover_keeps_every_visitor_in_one_place() -> None:
    hall = Pretend()
    hall.open(1, 2)
    hall.take_many(2)
    hall.begin(1)
    hall.do(c.TakeOverCounter(counter=2, from_counter=1))
    hall.finish(2)
    hall.serve(2)

    def report(period: str) -> dict[str, Any]:
        return make_report([encode(event) for event in hall.events], period)

    assert broken(hall.events, hall.hall, [Figures.of(hall.hall)], report) == []
