"""The day: people who queue before opening, midnight, a typhoon, and a clock that is set."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import MANAGER, ORDINARY, PRIORITY, RECEPTION, Pretend, terminal


def test_people_who_queue_before_opening_are_called_in_order_once_a_counter_opens(make: MakeHall) -> None:
    hall = make("2026-11-24 07:40:00")
    hall.take_many(3)
    hall.until("2026-11-24 09:00:00")
    assert len(hall.waiting()) == 3
    hall.open(1)
    assert hall.calls(1, 3) == "A001 A002 A003"
    called = hall.last(e.TicketCalled)
    assert isinstance(called, e.TicketCalled)
    assert (called.wait_s, called.band) == (80 * 60, "regular")


def test_in_push_those_who_queue_before_opening_are_called_at_opening(make: MakeHall) -> None:
    hall = make("2026-11-24 08:30:00", mode=Mode.PUSH)
    tickets = hall.take_many(3)
    hall.open(1, 2)
    assert [hall.state(ticket) for ticket in tickets] == ["called", "called", "waiting"]


def test_closing_time_discards_nobody(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.until("2026-11-24 20:30:00")
    assert hall.refused(c.CloseCounter(counter=1), terminal(1)) == Code.VISITORS_WAITING
    hall.do(c.CloseCounter(counter=1), MANAGER)
    assert hall.state(ticket) == "waiting"


def test_whoever_still_waits_ends_with_the_day_once_all_counters_are_closed(make: MakeHall) -> None:
    hall = make("2026-11-24 23:50:00")
    hall.open(1, 2)
    called, held, waiting, missed = hall.take_many(4)
    hall.begin(1)
    hall.call(2)
    hall.start(2)
    hall.hold(2)
    hall.call_by_hand(2, missed)
    hall.missed(2)
    hall.until("2026-11-25 00:10:00")
    assert [hall.state(ticket) for ticket in (called, held, waiting, missed)] == [
        "serving",
        "held",
        "waiting",
        "missed",
    ]
    hall.finish(1)
    hall.close(1, 2)
    hall.later(minutes=40)
    assert [hall.state(ticket) for ticket in (called, held, waiting, missed)] == [
        "done",
        "done",
        "cancelled",
        "no_show",
    ]
    swept = hall.last(e.TicketCancelled)
    assert isinstance(swept, e.TicketCancelled)
    assert swept.reason == "swept"


def test_those_who_came_after_midnight_are_not_swept(make: MakeHall) -> None:
    hall = make("2026-11-24 23:50:00")
    old = hall.take()
    hall.until("2026-11-25 00:10:00")
    new = hall.take()
    hall.later(1)
    assert (hall.state(old), hall.state(new)) == ("cancelled", "waiting")


def test_a_new_day_begins_with_empty_figures_and_the_first_numbers(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(5)
    hall.serve(1)
    hall.do(c.ExtendHours(minutes=30))
    hall.do(c.ExtendHours(minutes=30))
    assert hall.hall.extended_minutes == 60
    hall.close(1)
    hall.until("2026-11-25 08:30:00")
    assert (hall.hall.visits, hall.hall.clerks, hall.hall.issued, hall.hall.extended_minutes) == ({}, {}, 0, 0)
    assert hall.number(hall.take()) == "A001"


def test_a_box_that_was_off_for_days_starts_on_today(hall: Pretend) -> None:
    hall.take()
    hall.until("2026-11-27 08:00:00")
    assert hall.hall.service_day == "2026-11-27"
    assert hall.count(e.DayStarted) == 2
    assert hall.waiting() == []


def test_a_typhoon_ends_everything_with_a_reason(hall: Pretend) -> None:
    hall.open(1, 2, 3)
    serving, held, called, missed, waiting = hall.take_many(5)
    hall.begin(1)
    hall.later(minutes=5)
    hall.begin(2)
    hall.hold(2)
    hall.call(2)
    hall.call(3)
    hall.missed(3)
    hall.do(c.CloseHall(reason="typhoon"))
    states = [hall.state(ticket) for ticket in (serving, held, called, missed, waiting)]
    assert states == ["done", "done", "cancelled", "no_show", "cancelled"]
    assert all(counter.state == "closed" for counter in hall.hall.counters.values())
    assert hall.hall.clerks["clerk-1"].service_s == 300
    assert hall.refused(c.IssueTicket(matter="pension"), RECEPTION) == Code.HALL_CLOSED
    assert hall.refused(c.OpenCounter(counter=1, clerk="x"), terminal(1)) == Code.HALL_CLOSED
    assert hall.refused(c.CloseHall(reason="again")) == Code.HALL_CLOSED


def test_the_manager_reopens_after_the_typhoon_and_numbers_go_on(hall: Pretend) -> None:
    hall.take_many(2)
    hall.do(c.CloseHall(reason="typhoon"))
    hall.do(c.ResumeIssuing())
    hall.open(1)
    assert hall.number(hall.take()) == "A003"


def test_the_next_day_reopens_by_itself(hall: Pretend) -> None:
    hall.do(c.CloseHall(reason="typhoon"))
    hall.until("2026-11-25 08:00:00")
    assert hall.refused(c.IssueTicket(matter="pension"), RECEPTION) == Code.ISSUING_STOPPED
    hall.until("2026-11-25 08:30:00")
    hall.open(1)
    assert hall.number(hall.take()) == "A001"


def test_the_last_ticket_of_the_day(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.do(c.StopIssuing(why="full"))
    assert hall.refused(c.IssueTicket(matter="pension"), RECEPTION) == Code.ISSUING_STOPPED
    assert hall.serve(1) == ticket
    hall.do(c.ServeUnticketed(counter=1, matter="pension"))
    hall.finish(1)
    hall.do(c.ResumeIssuing())
    hall.take()
    assert hall.do(c.ResumeIssuing()) == []


def test_a_clock_set_back_lets_nobody_overtake(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(2, ORDINARY)
    hall.call(1)
    hall.start(1)
    hall.set_clock("2026-11-24 06:00:00")
    hall.do(c.ResumeIssuing())
    hall.take(ORDINARY)
    hall.do(c.Transfer(counter=1, matter="licence"), terminal(1))
    hall.take(ORDINARY)
    assert hall.calls(1, 4) == "A001 A002 A003 A004"


def test_a_clock_that_runs_back_unnoticed_stops_no_service(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.now_ms -= 26 * 3_600_000
    hall.call(1)
    hall.start(1)
    assert hall.counter_state(1) == "serving"


def test_a_clock_that_is_set_changes_no_wait_and_no_service_time(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.take()
    hall.later(minutes=4)
    hall.begin(1)
    hall.later(minutes=3)
    hall.set_clock("2026-11-24 17:00:00")
    hall.call(2)
    called = hall.last(e.TicketCalled)
    assert isinstance(called, e.TicketCalled)
    assert called.wait_s == 7 * 60
    hall.later(minutes=2)
    hall.finish(1)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert (finished.ticket, finished.service_s) == (ticket, 5 * 60)
    hall.undo(1)
    assert hall.state(ticket) == "serving"


def test_a_clock_that_is_set_moves_grace_periods_and_wrap_ups_along(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH, wrap_up_s=20)
    hall.open(1)
    missed, _ = hall.take_many(2)
    hall.missed(1)
    hall.set_clock("2026-11-24 07:00:00")
    hall.later(20)
    assert hall.counter_state(1) == "calling"
    hall.later(minutes=29)
    assert hall.state(missed) == "missed"
    hall.later(minutes=1)
    assert hall.state(missed) == "no_show"


def test_visits_belong_to_the_band_in_which_they_started(make: MakeHall) -> None:
    hall = make("2026-11-24 17:50:00")
    hall.open(1)
    hall.take_many(3, PRIORITY)
    hall.begin(1)
    hall.until("2026-11-24 18:30:00")
    hall.finish(1)
    hall.serve(1)
    hall.begin(1)
    hall.undo(1)
    assert {band: count for band, count in hall.hall.visits.items() if count} == {"regular": 1, "evening": 1}
