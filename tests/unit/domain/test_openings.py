"""The day that runs itself: openings, the last ticket, announcements, lunch, closing, an extension, an emergency."""

import pytest
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.hall import Issuing, band_at
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Band, Between, DayKind, SpecialDay
from hall_controller.domain.sender import HALL
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import KIOSK, MANAGER, RECEPTION, Pretend, at, terminal

ISSUE = c.IssueTicket(matter="pension")
WITH_LUNCH = (*DEFAULT_HOURS, LUNCH)


def happened(hall: Pretend, *kinds: type[e.Event]) -> list[str]:
    return [type(event).__name__ for event in hall.events if isinstance(event, kinds)]


def is_open(hall: Pretend) -> bool:
    return hall.hall.opening is not None and not hall.hall.opening.over


def run_through(hall: Pretend, until: str, every_s: int = 30) -> None:
    """As the controller's ticks would, only less often."""
    end_ms = at(until)
    while hall.now_ms < end_ms:
        hall.now_ms = min(end_ms, hall.now_ms + every_s * 1000)
        hall.tick()


def test_a_day_opens_pauses_over_lunch_and_closes(make: MakeHall) -> None:
    hall = make("2026-11-24 07:00:00")
    hall.until("2026-11-24 08:30:00")
    assert happened(hall, e.OpeningStarted) == ["OpeningStarted"]
    hall.take()
    hall.until("2026-11-24 12:00:00")
    assert hall.refused(ISSUE, RECEPTION) == Code.ISSUING_STOPPED
    ended = hall.last(e.OpeningEnded)
    assert isinstance(ended, e.OpeningEnded)
    assert (ended.end_ms, ended.next_ms) == (at("2026-11-24 12:00:00"), at("2026-11-24 14:00:00"))
    hall.until("2026-11-24 13:30:00")
    hall.take()
    hall.until("2026-11-24 20:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED
    closed = hall.last(e.OpeningEnded)
    assert isinstance(closed, e.OpeningEnded)
    assert closed.next_ms is None
    assert len(hall.waiting()) == 2, "whoever holds a ticket keeps it"


def test_a_new_hall_can_be_tried_out_at_any_hour_and_keeps_its_hours_from_its_first_opening_on(make: MakeHall) -> None:
    hall = make("2026-11-24 03:00:00")
    hall.take()
    hall.until("2026-11-24 09:00:00")
    hall.until("2026-11-24 20:00:00")
    hall.until("2026-11-25 03:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED


def test_a_hall_may_go_on_issuing_over_lunch_for_the_afternoon(make: MakeHall) -> None:
    hall = make("2026-11-24 11:00:00", between=Between.ISSUE)
    hall.until("2026-11-24 12:10:00")
    hall.take()
    hall.until("2026-11-24 20:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED


def test_a_hall_that_was_off_at_opening_opens_when_it_is_on_again(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00")
    hall.until("2026-11-26 10:15:00")
    assert hall.hall.service_day == "2026-11-26"
    hall.take()


def test_on_a_statutory_holiday_the_hall_stays_shut_and_on_a_make_up_sunday_it_opens(make: MakeHall) -> None:
    calendar = {
        "2026-10-01": SpecialDay(kind=DayKind.HOLIDAY, name_zh="国庆节"),
        "2026-10-11": SpecialDay(kind=DayKind.WORKDAY, name_zh="调休上班"),
    }
    hall = make("2026-09-30 19:00:00", calendar=calendar)
    hall.until("2026-10-01 10:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED
    assert band_at(hall.hall, hall.now_ms) is Band.HOLIDAY
    hall.until("2026-10-11 08:30:00")
    hall.until("2026-10-11 11:00:00")
    hall.open(1)
    hall.take()
    hall.begin(1)
    assert hall.hall.visits == {Band.REGULAR: 1}, "a make-up Sunday is an ordinary working day"


# --- the last ticket -----------------------------------------------------------------------------


def busy_evening(make: MakeHall, waiting: int) -> Pretend:
    """One counter, eight minutes a visitor, an hour to closing."""
    hall = make("2026-11-24 18:30:00")
    hall.open(1)
    hall.take_many(waiting)
    hall.until("2026-11-24 19:00:00")
    return hall


def test_issuing_stops_when_a_newcomer_would_be_called_after_closing(make: MakeHall) -> None:
    hall = busy_evening(make, waiting=10)
    stopped = hall.last(e.IssuingStopped)
    assert isinstance(stopped, e.IssuingStopped)
    assert (stopped.cause, stopped.end_ms, stopped.by) == ("last_ticket", at("2026-11-24 20:00:00"), "hall")
    assert stopped.predicted_wait_s is not None
    assert stopped.predicted_wait_s > 3600
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED
    assert len(hall.waiting()) == 10


def test_a_hall_that_can_serve_all_issues_until_closing(make: MakeHall) -> None:
    hall = busy_evening(make, waiting=2)
    hall.serve(1)
    hall.serve(1)
    run_through(hall, "2026-11-24 19:59:30")
    assert hall.count(e.IssuingStopped) == 0
    hall.take()


def test_nobody_is_turned_away_for_a_crowd_in_the_morning(make: MakeHall) -> None:
    hall = make("2026-11-24 09:00:00")
    hall.open(1)
    hall.take_many(60)
    run_through(hall, "2026-11-24 09:20:00")
    assert hall.count(e.IssuingStopped) == 0


def test_the_manager_overrules_the_last_ticket_until_closing(make: MakeHall) -> None:
    hall = busy_evening(make, waiting=10)
    hall.do(c.ResumeIssuing(why="we stay"), MANAGER)
    run_through(hall, "2026-11-24 19:30:00")
    hall.take()
    assert hall.count(e.IssuingStopped) == 1
    hall.until("2026-11-24 20:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED


def test_the_managers_stop_lasts_over_lunch_but_not_over_night(make: MakeHall) -> None:
    hall = make("2026-11-24 11:00:00")
    hall.do(c.StopIssuing(why="no paper"))
    hall.until("2026-11-24 12:00:00")
    hall.until("2026-11-24 14:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED
    hall.until("2026-11-24 20:00:00")
    hall.until("2026-11-25 00:00:00")
    hall.until("2026-11-25 08:30:00")
    hall.take()


def test_a_stop_that_the_manager_confirms_lasts_beyond_the_next_opening(make: MakeHall) -> None:
    hall = make("2026-11-24 11:00:00")
    hall.until("2026-11-24 12:00:00")
    hall.do(c.StopIssuing(why="power works this afternoon"))
    hall.until("2026-11-24 14:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.ISSUING_STOPPED


# --- extensions ----------------------------------------------------------------------------------


def test_an_extension_issues_again_and_moves_closing(make: MakeHall) -> None:
    hall = busy_evening(make, waiting=10)
    hall.do(c.ExtendHours(minutes=30))
    hall.later(1)
    assert hall.hall.issuing is Issuing.OPEN, "a newcomer is served in time again"
    hall.until("2026-11-24 20:15:00")
    assert hall.hall.opening is not None
    assert not hall.hall.opening.over
    assert band_at(hall.hall, hall.now_ms) is Band.EVENING
    hall.until("2026-11-24 20:30:00")
    assert hall.hall.opening.over


def test_an_extension_after_closing_opens_again(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00")
    hall.until("2026-11-24 20:10:00")
    assert hall.refused(c.ExtendHours(minutes=10)) == Code.WRONG_STATE
    hall.do(c.ExtendHours(minutes=30))
    hall.later(1)
    hall.take()
    assert hall.hall.extended_minutes == 30


def test_an_extension_on_a_day_without_hours_is_refused(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00", calendar={"2026-11-25": SpecialDay(kind=DayKind.HOLIDAY)})
    hall.until("2026-11-25 10:00:00")
    assert hall.refused(c.ExtendHours(minutes=30)) == Code.WRONG_STATE


def test_an_extension_runs_over_midnight_with_its_band_and_can_be_extended_again(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00")
    hall.open(1)
    hall.do(c.ExtendHours(minutes=280))
    hall.until("2026-11-24 23:59:00")
    hall.take_many(2)
    hall.begin(1)
    hall.until("2026-11-25 00:05:00")
    assert hall.hall.service_day == "2026-11-25"
    assert hall.state(1) == "serving", "midnight ends no service"
    assert hall.take()
    hall.do(c.ExtendHours(minutes=30))
    hall.until("2026-11-25 01:05:00")
    assert is_open(hall)
    hall.finish(1)
    hall.begin(1)
    assert hall.hall.visits == {Band.EVENING: 1}, "yesterday's evening, by its band; today's visit, by its day"
    hall.until("2026-11-25 01:10:00")
    assert not is_open(hall)
    hall.until("2026-11-25 08:30:00")
    assert is_open(hall)


def test_the_extension_of_a_weekend_is_weekend_and_of_an_ordinary_end_is_evening(make: MakeHall) -> None:
    hall = make("2026-11-28 17:00:00")
    hall.do(c.ExtendHours(minutes=30))
    assert band_at(hall.hall, at("2026-11-28 18:10:00")) is Band.WEEKEND
    short = make("2026-11-24 17:00:00", hours=DEFAULT_HOURS[:2])
    short.do(c.ExtendHours(minutes=30))
    assert band_at(short.hall, at("2026-11-24 18:10:00")) is Band.EVENING


# --- announcements -------------------------------------------------------------------------------


def said(hall: Pretend) -> list[tuple[str, int]]:
    return [(event.announcement.value, event.minutes) for event in hall.events if isinstance(event, e.AnnouncementMade)]


def test_lunch_and_closing_are_announced_once_each_time(make: MakeHall) -> None:
    hall = make("2026-11-24 11:00:00")
    run_through(hall, "2026-11-24 21:00:00")
    assert said(hall) == [("lunch_break", 30), ("lunch_break", 10), ("closing", 30), ("closing", 10)]


def test_an_extension_announces_its_own_closing(make: MakeHall) -> None:
    hall = make("2026-11-24 19:20:00")
    run_through(hall, "2026-11-24 19:52:00")
    hall.do(c.ExtendHours(minutes=60))
    run_through(hall, "2026-11-24 21:30:00")
    assert said(hall) == [("closing", 30), ("closing", 10), ("closing", 30), ("closing", 10)]


def test_a_hall_switched_on_late_says_how_long_it_really_is(make: MakeHall) -> None:
    hall = make("2026-11-24 19:56:10")
    hall.later(1)
    run_through(hall, "2026-11-24 20:10:00")
    assert said(hall) == [("closing", 4)]


def test_a_reduced_lunch_service_is_announced_where_there_is_one(make: MakeHall) -> None:
    hall = make("2026-11-24 11:00:00", hours=WITH_LUNCH, lunch_counters=(1,))
    run_through(hall, "2026-11-24 13:00:00")
    assert said(hall) == [("lunch_service", 30), ("lunch_service", 10)]


# --- lunch and handover --------------------------------------------------------------------------


@pytest.fixture
def lunch(make: MakeHall) -> Pretend:
    """Three counters a moment before lunch; only counter 1 serves through it."""
    hall = make("2026-11-24 11:50:00", hours=WITH_LUNCH, lunch_counters=(1,))
    hall.open(1, 2, 3)
    return hall


def test_a_reduced_roster_serves_on_and_the_others_pause_after_their_visitor(lunch: Pretend) -> None:
    lunch.take_many(3)
    lunch.begin(2)
    lunch.until("2026-11-24 12:00:00")
    assert [lunch.counter_state(number) for number in (1, 2, 3)] == ["ready", "serving", "paused"]
    lunch.finish(2)
    assert lunch.counter_state(2) == "paused"
    lunch.later(minutes=1)
    assert lunch.begin(1) is not None
    lunch.do(c.ResumeCounter(counter=3), terminal(3))
    lunch.later(minutes=1)
    assert lunch.counter_state(3) == "ready", "a clerk who comes back early is not sent away again"


def test_nobody_waits_two_hours_for_a_counter_that_is_at_lunch(lunch: Pretend) -> None:
    lunch.take()
    ticket = lunch.begin(1)
    assert ticket is not None
    lunch.do(c.Transfer(counter=1, to_counter=2), terminal(1))
    lunch.until("2026-11-24 11:59:00")
    assert lunch.call(1) is None, "counter 2 is there: the visitor waits for it"
    lunch.until("2026-11-24 12:00:00")
    assert lunch.call(1) == ticket


def test_the_halls_own_pause_is_no_act_of_the_clerks_to_be_undone(lunch: Pretend) -> None:
    lunch.take()
    lunch.begin(2)
    lunch.until("2026-11-24 12:00:00")
    lunch.undo(2)
    assert lunch.counter_state(2) == "calling"
    assert lunch.counter(2).pausing, "and lunch is still to come"
    assert lunch.refused(c.Undo(counter=3), terminal(3)) == Code.NOTHING_TO_UNDO


def test_clerks_swap_at_a_counter_in_the_middle_of_a_service(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(2)
    hall.begin(1)
    hall.later(minutes=4)
    hall.do(c.HandOverCounter(counter=1, clerk="evening"), terminal(1))
    assert (hall.counter(1).clerk, hall.counter_state(1)) == ("evening", "serving")
    assert hall.refused(c.Undo(counter=1), terminal(1)) == Code.NOTHING_TO_UNDO
    hall.later(minutes=2)
    hall.finish(1)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert (finished.service_s, finished.clerk) == (360, "evening")
    figures = {clerk: (day.visits, day.finished, day.service_s) for clerk, day in hall.hall.clerks.items()}
    assert figures == {"clerk-1": (1, 0, 240), "evening": (0, 1, 120)}
    assert hall.begin(1) is not None, "nobody lost a place"


def test_a_handover_to_oneself_is_nothing_and_to_a_busy_colleague_refused(hall: Pretend) -> None:
    hall.open(1, 2)
    assert hall.do(c.HandOverCounter(counter=1, clerk="clerk-1"), terminal(1)) == []
    assert hall.refused(c.HandOverCounter(counter=1, clerk="clerk-2"), terminal(1)) == Code.CLERK_ELSEWHERE
    assert hall.refused(c.HandOverCounter(counter=3, clerk="x"), terminal(3)) == Code.COUNTER_CLOSED


# --- closing -------------------------------------------------------------------------------------


def test_closing_serves_everyone_who_holds_a_ticket(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00")
    hall.open(1, 2)
    tickets = hall.take_many(3)
    hall.until("2026-11-24 20:00:00")
    hall.close(2)
    assert hall.refused(c.CloseCounter(counter=1), terminal(1)) == Code.VISITORS_WAITING
    assert [hall.serve(1) for _ in tickets] == tickets
    hall.close(1)
    assert hall.hall.visits == {Band.EVENING: 3}


def test_who_left_is_called_twice_and_swept_before_the_lights_go_out(make: MakeHall) -> None:
    hall = make("2026-11-24 19:55:00")
    hall.open(1)
    gone, late = hall.take_many(2)
    hall.until("2026-11-24 20:00:00")
    hall.call(1)
    hall.missed(1)
    assert hall.call(1) == late, "who waits comes before a second call"
    hall.missed(1)
    assert hall.call(1) == gone
    hall.missed(1)
    hall.later(minutes=1)
    assert hall.state(gone) == "missed", "on the way back, perhaps"
    hall.later(minutes=2)
    assert hall.state(gone) == "no_show"
    assert hall.state(late) == "missed", "called only once"
    assert hall.begin(1) == late
    hall.finish(1)
    hall.close(1)
    assert hall.hall.tickets == {}


def test_in_the_hours_a_missed_visitor_keeps_the_whole_grace_period(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00")
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    hall.do(c.Recall(counter=1), terminal(1))
    hall.missed(1)
    hall.later(minutes=29)
    assert hall.state(ticket) == "missed"
    assert hall.call(1) is None


def test_numbers_that_nobody_holds_are_swept_once_all_are_served(make: MakeHall) -> None:
    hall = make("2026-11-24 19:50:00")
    phantom = hall.take(by=KIOSK)
    hall.until("2026-11-24 19:55:00")
    assert hall.state(phantom) == "unclaimed"
    hall.until("2026-11-24 20:00:00")
    hall.later(1)
    assert hall.state(phantom) == "cancelled"


def test_an_emergency_closes_through_the_next_opening_and_not_through_the_next_day(make: MakeHall) -> None:
    hall = make("2026-11-24 11:00:00")
    hall.do(c.CloseHall(reason="typhoon"))
    hall.until("2026-11-24 12:00:00")
    hall.until("2026-11-24 14:00:00")
    assert hall.refused(ISSUE, KIOSK) == Code.HALL_CLOSED
    run_through(hall, "2026-11-24 20:30:00", every_s=300)
    assert said(hall) == [], "nobody is told of lunch and closing"
    hall.until("2026-11-25 09:00:00")
    hall.take()


def test_new_hours_in_the_middle_of_the_day_take_effect_at_once(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00")
    hall.do(c.ChangeRules(rules=replace(hall.rules, hours=DEFAULT_HOURS[:2])), HALL)
    hall.later(1)
    assert hall.hall.opening is not None
    assert hall.hall.opening.over


# --- booking -------------------------------------------------------------------------------------


def test_a_visitor_books_a_half_hour_of_tomorrow_out_of_hours(make: MakeHall) -> None:
    hall = make("2026-11-24 19:00:00", booking_limit=1)
    hall.until("2026-11-24 22:00:00")
    book = c.BookTicket(matter="pension", slot_at_ms=at("2026-11-25 09:30:00"))
    events = hall.do(book, KIOSK)
    assert isinstance(events[0], e.TicketBooked)
    assert events[0].kiosk == "kiosk"
    for other in (book, c.BookTicket(matter="pension", slot_at_ms=at("2026-11-25 12:30:00"))):
        assert hall.refused(other, KIOSK) == Code.NO_SLOT
    hall.until("2026-11-25 08:30:00")
    hall.until("2026-11-25 09:20:00")
    arrived = hall.do(c.CheckIn(ticket=events[0].ticket), KIOSK)[0]
    assert isinstance(arrived, e.TicketCheckedIn)
    assert (arrived.kiosk, arrived.paper, arrived.number) == ("kiosk", "pending", "R001")


def test_a_booking_that_is_given_up_frees_its_half_hour(make: MakeHall) -> None:
    hall = make("2026-11-24 09:00:00", booking_limit=1)
    book = c.BookTicket(matter="pension", slot_at_ms=at("2026-11-25 09:30:00"))
    ticket = hall.do(book, KIOSK)[0].ticket  # type: ignore[attr-defined]
    hall.do(c.CancelTicket(ticket=ticket), RECEPTION)
    hall.do(book, KIOSK)
