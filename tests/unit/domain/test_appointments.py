"""Booked visits and their check-in."""

from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code
from tests.unit.domain.support import APPOINTMENT, GATEWAY, ORDINARY, PRIORITY, RECEPTION, Pretend, at


def check_in(hall: Pretend, ticket: int) -> None:
    hall.do(c.CheckIn(ticket=ticket), RECEPTION)


def test_a_booking_has_no_number_and_waits_in_no_queue(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 10:00:00")
    assert (hall.state(ticket), hall.ticket(ticket).number, hall.waiting()) == ("booked", None, [])
    assert hall.refused(c.ReprintTicket(ticket=ticket), RECEPTION) == Code.WRONG_STATE
    assert hall.refused(c.AmendTicket(ticket=ticket, visitor_class=ORDINARY), RECEPTION) == Code.WRONG_STATE


def test_check_in_opens_half_an_hour_before(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 10:00:00")
    hall.until("2026-11-24 09:29:59")
    assert hall.refused(c.CheckIn(ticket=ticket), RECEPTION) == Code.TOO_EARLY
    hall.until("2026-11-24 09:30:00")
    check_in(hall, ticket)
    assert (hall.number(ticket), hall.ticket(ticket).visitor_class) == ("R001", APPOINTMENT)


def test_ten_minutes_late_is_on_time_and_keeps_the_booked_place(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.book("2026-11-24 10:00:00")
    hall.until("2026-11-24 10:05:00")
    hall.take()
    hall.until("2026-11-24 10:10:00")
    check_in(hall, ticket)
    assert hall.ticket(ticket).visitor_class == APPOINTMENT
    assert hall.call(1) == ticket


def test_among_the_favoured_the_booked_moment_counts_and_not_the_arrival(hall: Pretend) -> None:
    hall.open(1)
    early, late = hall.book("2026-11-24 10:20:00"), hall.book("2026-11-24 10:00:00")
    hall.until("2026-11-24 09:55:00")
    check_in(hall, early)
    hall.until("2026-11-24 10:05:00")
    hall.take(PRIORITY)
    check_in(hall, late)
    assert hall.calls(1, 3) == "R002 P001 R001"


def test_later_than_that_one_queues_as_an_ordinary_visitor_from_now(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.book("2026-11-24 10:00:00")
    hall.until("2026-11-24 10:05:00")
    hall.take()
    hall.until("2026-11-24 10:10:01")
    check_in(hall, ticket)
    assert hall.calls(1, 2) == "A001 A002"
    assert hall.number(ticket) == "A002"


def test_a_booking_can_be_cancelled_and_then_not_checked_in(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 10:00:00")
    hall.do(c.CancelTicket(ticket=ticket), GATEWAY)
    assert hall.refused(c.CheckIn(ticket=ticket), RECEPTION) == Code.WRONG_STATE


def test_one_checks_in_once(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 09:20:00")
    check_in(hall, ticket)
    assert hall.refused(c.CheckIn(ticket=ticket), RECEPTION) == Code.WRONG_STATE
    assert hall.refused(c.CheckIn(), RECEPTION) == Code.MALFORMED


def test_who_does_not_come_is_a_no_show_the_next_day_and_not_counted_in_it(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 10:00:00")
    hall.until("2026-11-24 23:59:00")
    assert hall.state(ticket) == "booked"
    hall.until("2026-11-25 08:00:00")
    assert hall.state(ticket) == "no_show"
    assert hall.hall.no_shows == 0


def test_a_booking_for_another_day_lasts_until_then(hall: Pretend) -> None:
    ticket = hall.book("2026-11-27 10:00:00")
    for day in ("2026-11-25 09:00:00", "2026-11-26 09:00:00", "2026-11-27 09:55:00"):
        hall.until(day)
    check_in(hall, ticket)
    assert hall.ticket(ticket).service_day == "2026-11-27"
    assert hall.number(ticket) == "R001"


def test_a_booking_holds_when_the_last_ticket_has_been_issued(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 09:20:00")
    hall.do(c.StopIssuing())
    check_in(hall, ticket)
    assert hall.state(ticket) == "waiting"


def test_nobody_books_the_past_or_a_closed_hall(hall: Pretend) -> None:
    past = c.BookTicket(matter="pension", slot_at_ms=at("2026-11-24 09:00:00"))
    assert hall.refused(past, GATEWAY) == Code.MALFORMED
    today = hall.book("2026-11-24 15:00:00")
    tomorrow = hall.book("2026-11-25 15:00:00")
    hall.do(c.CloseHall(reason="typhoon"))
    late = c.BookTicket(matter="pension", slot_at_ms=at("2026-11-24 16:00:00"))
    assert hall.refused(late, GATEWAY) == Code.HALL_CLOSED
    assert hall.refused(c.CheckIn(ticket=tomorrow), RECEPTION) == Code.HALL_CLOSED
    assert (hall.state(today), hall.state(tomorrow)) == ("booked", "booked"), "both are offered another half hour"
    hall.book("2026-11-26 10:00:00")


def test_the_booked_place_survives_a_clock_that_is_set(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 10:00:00")
    hall.set_clock("2026-11-24 08:00:00")
    assert hall.refused(c.CheckIn(ticket=ticket), RECEPTION) == Code.TOO_EARLY
    hall.until("2026-11-24 09:45:00")
    check_in(hall, ticket)
    assert hall.ticket(ticket).visitor_class == APPOINTMENT
