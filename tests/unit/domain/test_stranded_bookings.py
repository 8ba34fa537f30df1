"""Bookings that other hours have left before a locked door: found, offered another half hour, and never lost."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.booking import SLOT_MS, days, slots
from hall_controller.domain.hall import in_force
from hall_controller.domain.hours import local, windows
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import WEEKDAYS, WEEKEND, Band, DayKind, Rules, Span, SpecialDay, Window
from hall_controller.domain.sender import HALL, Sender
from hall_controller.domain.stranded_bookings import StrandedBy, offered, stranded, stranded_by
from tests.unit.domain.support import APPOINTMENT, BOARD, GATEWAY, RECEPTION, Pretend, at

FRIDAY = "2026-11-27"
SHUT = SpecialDay(kind=DayKind.HOLIDAY)
AFTERNOON = SpecialDay(kind=DayKind.WORKDAY, hours=(Span(start=dt.time(14), end=dt.time(18)),))


def change(hall: Pretend, **calendar: SpecialDay) -> None:
    """As the hall does that was started again with other files."""
    hall.rules = replace(hall.rules, calendar={day.replace("_", "-")[1:]: one for day, one in calendar.items()})
    hall.do(c.ChangeRules(rules=hall.rules), HALL)
    hall.tick()


def names(hall: Pretend) -> list[tuple[int, StrandedBy]]:
    return [(ticket.ticket, why) for ticket, why in stranded(hall.hall)]


def move(hall: Pretend, ticket: int, to: str, by: Sender = GATEWAY) -> list[e.Event]:
    return hall.do(c.RebookTicket(ticket=ticket, slot_at_ms=at(to)), by)


# --- which are stranded --------------------------------------------------------------------------


def test_a_day_that_is_shut_strands_its_bookings_and_no_others(hall: Pretend) -> None:
    thursday, friday = hall.book("2026-11-26 10:00:00"), hall.book(f"{FRIDAY} 10:00:00")
    assert names(hall) == []
    change(hall, _2026_11_27=SHUT)
    assert names(hall) == [(friday, StrandedBy.SHUT_DAY)]
    assert stranded_by(hall.hall, hall.ticket(thursday)) is None


def test_other_hours_strand_what_lies_outside_them(hall: Pretend) -> None:
    morning, afternoon = hall.book(f"{FRIDAY} 10:00:00"), hall.book(f"{FRIDAY} 15:00:00")
    change(hall, _2026_11_27=AFTERNOON)
    assert names(hall) == [(morning, StrandedBy.OTHER_HOURS)]
    change(hall)
    assert names(hall) == [], "and when the hall opens then after all, they hold again"
    assert hall.state(morning) == hall.state(afternoon) == "booked"


def test_an_extension_takes_a_booking_in(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 20:15:00")
    assert names(hall) == [(ticket, StrandedBy.OTHER_HOURS)]
    hall.do(c.ExtendHours(minutes=30))
    assert names(hall) == []


def test_an_emergency_strands_those_of_the_day_that_had_not_passed(hall: Pretend) -> None:
    passed, today, tomorrow = (
        hall.book(f"{slot}:00") for slot in ("2026-11-24 09:10", "2026-11-24 15:00", "2026-11-25 15:00")
    )
    hall.until("2026-11-24 10:00:00")
    hall.do(c.CloseHall(reason="typhoon"))
    assert names(hall) == [(today, StrandedBy.EMERGENCY)]
    hall.until("2026-11-24 14:00:00")
    hall.do(c.ResumeIssuing())
    assert names(hall) == [], "it is over in time"
    hall.until("2026-11-25 08:00:00")
    assert [hall.state(one) for one in (passed, today, tomorrow)] == ["no_show", "no_show", "booked"]


WINDOWS = st.builds(
    lambda days, start, length: Window(
        days=days, start=dt.time(start), end=dt.time(min(23, start + length)), band=Band.REGULAR
    ),
    st.sampled_from([WEEKDAYS, WEEKDAYS[:2], ("fri",), WEEKEND]),
    st.integers(7, 20),
    st.integers(1, 9),
)
CALENDARS = st.dictionaries(
    st.sampled_from([f"2026-11-{day}" for day in range(24, 31)] + ["2026-12-01"]), st.sampled_from([SHUT, AFTERNOON])
)


def serves(rules: Rules, at_ms: int) -> bool:
    """Told again, from the windows alone."""
    when = local(rules, at_ms)
    return any(span.start <= when.time() < span.end for span in windows(rules, when.date()))


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.lists(st.integers(1, 8 * 48).map(lambda half: half * 30), min_size=1, max_size=8),
    window=WINDOWS,
    calendar=CALENDARS,
    share=st.sampled_from([0.1, 0.3]),
)
def test_whatever_hours_come_each_stranded_visitor_can_take_what_is_offered_once(
    minutes: list[int], window: Window, calendar: dict[str, SpecialDay], share: float
) -> None:
    hall = Pretend(counters=2, booking_share=share, booking_holder_limit=100)
    for index, ahead in enumerate(minutes):
        command = c.BookTicket(matter="pension", slot_at_ms=hall.now_ms + ahead * 60_000, holder=f"person-{index % 3}")
        hall.try_(command, RECEPTION)
    rules = replace(hall.rules, hours=(window,), calendar=calendar)
    hall.do(c.ChangeRules(rules=rules), HALL)
    hall.tick()
    found = dict(names(hall))
    for number, ticket in hall.hall.tickets.items():
        assert (number in found) == (not serves(rules, ticket.slot_at_ms or 0))
    alerted = {alert.subject: alert.value for alert in hall.hall.alerts.values() if alert.alert == "bookings_stranded"}
    assert sum(alerted.values()) == len(found)
    for number in found:
        before = hall.ticket(number)
        offers = offered(hall.hall, before, hall.now_ms)
        if not offers:
            continue
        taken = offers[number % len(offers)].slot_at_ms
        (moved,) = hall.do(c.RebookTicket(ticket=number, slot_at_ms=taken), BOARD)
        assert isinstance(moved, e.TicketRebooked)
        assert replace(hall.ticket(number), slot_at_ms=before.slot_at_ms, place=before.place) == before
        assert hall.do(c.RebookTicket(ticket=number, slot_at_ms=taken), GATEWAY) == [], "a repeat changes nothing"
        for other in offers:
            if other.slot_at_ms != taken:
                again = c.RebookTicket(ticket=number, slot_at_ms=other.slot_at_ms)
                assert hall.refused(again, BOARD) == Code.WRONG_STATE
    _check_shares(hall)


def _check_shares(hall: Pretend) -> None:
    """What the half hours can take was kept to, and nobody has two bookings for one matter on one day."""
    rules = in_force(hall.hall)
    booked = list(hall.hall.tickets.values())
    for day in days(hall.hall, hall.now_ms):
        for slot in slots(hall.hall, day, hall.now_ms):
            taken = [one for one in booked if one.slot_at_ms == slot.slot_at_ms]
            moved = [one for one in hall.events if isinstance(one, e.TicketRebooked)]
            if any(one.slot_at_ms == slot.slot_at_ms for one in moved):
                assert len(taken) <= slot.capacity
    own = [(one.holder, local(rules, one.slot_at_ms or 0).date()) for one in booked]
    assert len(own) == len(set(own))


# --- moved, by whom ------------------------------------------------------------------------------


def test_a_booking_that_holds_is_moved_by_the_staff_alone(hall: Pretend) -> None:
    ticket = hall.book(f"{FRIDAY} 10:00:00")
    wanted = c.RebookTicket(ticket=ticket, slot_at_ms=at("2026-11-26 11:00:00"))
    assert hall.refused(wanted, GATEWAY) == hall.refused(wanted, BOARD) == Code.WRONG_STATE
    hall.do(wanted, RECEPTION)
    assert hall.ticket(ticket).slot_at_ms == wanted.slot_at_ms
    hall.until("2026-11-26 10:55:00")
    hall.do(c.CheckIn(ticket=ticket), RECEPTION)
    assert hall.ticket(ticket).visitor_class is APPOINTMENT


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("2026-11-24 08:00:00", Code.MALFORMED),
        (f"{FRIDAY} 10:30:00", Code.NO_SLOT),
        (f"{FRIDAY} 10:00:00", Code.NO_SLOT),
        ("2026-11-26 10:10:00", Code.NO_SLOT),
        ("2027-03-01 10:00:00", Code.NO_SLOT),
    ],
)
def test_a_visitor_takes_one_of_the_free_half_hours(hall: Pretend, to: str, code: Code) -> None:
    ticket = hall.book(f"{FRIDAY} 10:00:00")
    change(hall, _2026_11_27=SHUT)
    assert hall.refused(c.RebookTicket(ticket=ticket, slot_at_ms=at(to)), GATEWAY) == code


def test_one_person_does_not_come_twice_for_one_matter_by_moving(hall: Pretend) -> None:
    book = c.BookTicket(matter="pension", slot_at_ms=at("2026-11-26 10:00:00"), holder="somebody")
    hall.do(book, GATEWAY)
    ticket = hall.hall.next_ticket
    hall.do(replace(book, slot_at_ms=at(f"{FRIDAY} 10:00:00")), GATEWAY)
    change(hall, _2026_11_27=SHUT)
    wanted = c.RebookTicket(ticket=ticket, slot_at_ms=at("2026-11-26 15:00:00"))
    assert hall.refused(wanted, GATEWAY) == Code.ALREADY_BOOKED
    offers = offered(hall.hall, hall.ticket(ticket), hall.now_ms)
    assert offers
    assert all(local(hall.rules, one.slot_at_ms).date() != dt.date(2026, 11, 26) for one in offers)


def test_nobody_moves_into_an_emergency(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 15:00:00")
    hall.do(c.CloseHall(reason="typhoon"))
    today = c.RebookTicket(ticket=ticket, slot_at_ms=at("2026-11-24 16:00:00"))
    assert hall.refused(today, GATEWAY) == Code.HALL_CLOSED
    assert all(
        slot.slot_at_ms >= at("2026-11-25 09:00:00") for slot in offered(hall.hall, hall.ticket(ticket), hall.now_ms)
    )
    move(hall, ticket, "2026-11-25 10:00:00")
    assert names(hall) == []


def test_only_bookings_are_moved(hall: Pretend) -> None:
    wanted = c.RebookTicket(ticket=hall.take(), slot_at_ms=at("2026-11-26 11:00:00"))
    assert hall.refused(wanted, RECEPTION) == Code.WRONG_STATE
    assert hall.refused(replace(wanted, ticket=999), RECEPTION) == Code.UNKNOWN_TICKET
    assert hall.refused(replace(wanted, ticket=None), RECEPTION) == Code.MALFORMED


# --- nothing is lost -----------------------------------------------------------------------------


def test_who_stood_before_a_locked_door_is_no_no_show_and_comes_with_the_right_of_the_booking(hall: Pretend) -> None:
    ticket = hall.book(f"{FRIDAY} 10:00:00")
    change(hall, _2026_11_27=SHUT)
    for day in ("2026-11-25", "2026-11-26", FRIDAY, "2026-11-28"):
        hall.until(f"{day} 08:00:00")
    hall.until("2026-11-28 09:00:00")
    hall.open(1)
    walked_in = hall.take()
    assert hall.state(ticket) == "booked"
    hall.do(c.CheckIn(ticket=ticket), RECEPTION)
    assert hall.ticket(ticket).visitor_class is APPOINTMENT
    assert hall.ticket(ticket).place[0] == hall.now_ms, "no earlier than those of class priority who came before"
    assert [hall.serve(1), hall.serve(1)] == [ticket, walked_in]


def test_after_an_emergency_of_the_day_the_booking_is_taken_late_but_with_its_right(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 10:00:00")
    hall.do(c.CloseHall(reason="power cut"))
    hall.until("2026-11-24 14:00:00")
    hall.do(c.ResumeIssuing())
    hall.do(c.CheckIn(ticket=ticket), GATEWAY)
    assert hall.ticket(ticket).visitor_class is APPOINTMENT


def test_on_its_day_a_stranded_booking_is_taken_early_and_before_it_another_half_hour_is_asked_for(
    hall: Pretend,
) -> None:
    today, friday = hall.book("2026-11-24 15:00:00"), hall.book(f"{FRIDAY} 15:00:00")
    morning = SpecialDay(kind=DayKind.WORKDAY, hours=(Span(start=dt.time(9), end=dt.time(12)),))
    change(hall, _2026_11_24=morning, _2026_11_27=morning)
    assert hall.refused(c.CheckIn(ticket=friday), RECEPTION) == Code.TOO_EARLY
    hall.do(c.CheckIn(ticket=today), RECEPTION)
    assert hall.ticket(today).visitor_class is APPOINTMENT


def test_a_shut_hall_gives_nobody_a_number_that_would_end_by_night(hall: Pretend) -> None:
    ticket = hall.book(f"{FRIDAY} 10:00:00")
    change(hall, _2026_11_27=SHUT)
    for moment in (f"{FRIDAY} 09:45:00", f"{FRIDAY} 10:05:00", f"{FRIDAY} 15:00:00", f"{FRIDAY} 23:00:00"):
        hall.until(moment)
        assert hall.refused(c.CheckIn(ticket=ticket), GATEWAY) == Code.TOO_EARLY
    hall.until("2026-11-28 08:10:00")
    assert hall.refused(c.CheckIn(ticket=ticket), GATEWAY) == Code.TOO_EARLY
    hall.until("2026-11-28 08:40:00")
    hall.do(c.CheckIn(ticket=ticket), GATEWAY)
    assert hall.ticket(ticket).visitor_class is APPOINTMENT


def test_it_is_kept_for_two_weeks_and_ends_with_the_reason(hall: Pretend) -> None:
    ticket = hall.book(f"{FRIDAY} 10:00:00")
    change(hall, _2026_11_27=SHUT)
    hall.until("2026-12-11 08:00:00")
    assert hall.state(ticket) == "booked"
    hall.until("2026-12-12 08:00:00")
    assert hall.state(ticket) == "cancelled"
    assert hall.hall.ended[ticket].reason is c.CancelReason.HALL_CLOSED


def test_the_emergency_of_a_day_is_remembered_over_the_night(hall: Pretend) -> None:
    ticket = hall.book("2026-11-24 15:00:00")
    hall.do(c.CloseHall(reason="typhoon"))
    hall.until("2026-11-25 09:30:00")
    assert names(hall) == [(ticket, StrandedBy.EMERGENCY)]
    assert offered(hall.hall, hall.ticket(ticket), hall.now_ms)[0].slot_at_ms - hall.now_ms <= SLOT_MS


def test_the_manager_is_alerted_by_day_while_something_can_be_done(hall: Pretend) -> None:
    hall.book(f"{FRIDAY} 10:00:00")
    ticket = hall.book(f"{FRIDAY} 10:30:00")
    change(hall, _2026_11_27=SHUT)
    (alert,) = hall.hall.alerts.values()
    assert (alert.alert, alert.subject, alert.value) == ("bookings_stranded", FRIDAY, 2)
    move(hall, ticket, "2026-11-26 11:00:00")
    hall.tick()
    assert hall.hall.alerts
    hall.until("2026-11-28 08:00:00")
    assert not hall.hall.alerts
