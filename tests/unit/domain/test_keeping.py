"""Whoever is kept for a counter is kept as long as that counter comes; a result stays where its papers are."""

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.alert_words import tell
from hall_controller.domain.alerts.visitors import whom
from hall_controller.domain.counter import CounterState
from hall_controller.domain.prediction import predict
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Mode
from hall_controller.domain.ticket import TicketState
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import ORDINARY, PRIORITY, Pretend, terminal

PAUSE_S, BUSY_S = 180, 1800


def told_s(hall: Pretend, ticket: int) -> int | None:
    return predict(hall.hall, hall.now_ms)[ticket].wait_s


def send(hall: Pretend, counter: int, to_counter: int) -> int:
    """A visitor is served at one counter and sent on to another."""
    ticket = hall.take()
    assert hall.begin(counter) == ticket
    hall.do(c.Transfer(counter=counter, to_counter=to_counter), terminal(counter))
    return ticket


@pytest.mark.parametrize("how", ["transfer", "assign"])
def test_a_short_break_keeps_the_visitor_and_a_longer_one_does_not(hall: Pretend, how: str) -> None:
    hall.open(1, 2, 3, 5)
    if how == "transfer":
        ticket = send(hall, 1, 5)
    else:
        ticket = hall.take()
        hall.do(c.AssignTicket(ticket=ticket, to_counter=5))
    hall.do(c.PauseCounter(counter=5), terminal(5))
    hall.later(PAUSE_S - 1)
    assert [hall.call(number) for number in (1, 2, 3)] == [None, None, None]
    assert told_s(hall, ticket) in (0, 1), "any of three may call in a second"
    hall.later(1)
    assert told_s(hall, ticket) == 0
    assert hall.call(2) == ticket


def test_what_a_kept_visitor_is_told_is_when_others_may_call(hall: Pretend) -> None:
    hall.open(1, 2, 3, 5)
    ticket = send(hall, 1, 5)
    hall.do(c.PauseCounter(counter=5), terminal(5))
    assert told_s(hall, ticket) == PAUSE_S
    hall.later(100)
    assert told_s(hall, ticket) == PAUSE_S - 100


def test_a_counter_that_stays_with_one_visitor_does_not_keep_another_for_ever(hall: Pretend) -> None:
    hall.open(1, 5)
    hall.take()
    assert hall.begin(5) is not None
    ticket = send(hall, 1, 5)
    hall.later(BUSY_S - 1)
    assert hall.call(1) is None
    hall.later(1)
    assert told_s(hall, ticket) == 0
    assert hall.call(1) == ticket


def test_nor_one_that_calls_somebody_who_does_not_come(hall: Pretend) -> None:
    hall.open(1, 5)
    hall.take()
    hall.call(5)
    ticket = send(hall, 1, 5)
    hall.later(BUSY_S)
    assert hall.call(1) == ticket


def test_being_kept_begins_when_the_visitor_is_sent_there(hall: Pretend) -> None:
    hall.open(1, 5)
    hall.take()
    hall.begin(5)
    hall.later(BUSY_S)
    send(hall, 1, 5)
    assert hall.call(1) is None, "the visitor has just been sent to a counter that is busy"


def test_taken_over_the_visitors_kept_for_the_dead_counter_are_anybodys(hall: Pretend) -> None:
    hall.open(1, 2, 5)
    ticket = send(hall, 1, 5)
    hall.do(c.TakeOverCounter(counter=2, from_counter=5))
    assert hall.call(1) == ticket


def test_handed_over_they_are_kept_unless_the_next_clerk_serves_something_else(hall: Pretend) -> None:
    hall.open(1, 5)
    ticket = send(hall, 1, 5)
    hall.do(c.HandOverCounter(counter=5, clerk="x"), terminal(5))
    assert hall.call(1) is None
    hall.do(c.HandOverCounter(counter=5, clerk="y", groups=("pickup",)), terminal(5))
    assert hall.call(1) == ticket


def test_in_push_mode_a_tick_gives_the_visitor_to_another(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    hall.open(1, 5)
    ticket = hall.take()  # at counter 1 at once
    hall.start(1)
    hall.do(c.PauseCounter(counter=5), terminal(5))
    hall.do(c.Transfer(counter=1, to_counter=5), terminal(1))
    hall.later(PAUSE_S - 1)
    assert hall.state(ticket) is TicketState.WAITING
    assert [event.ticket for event in hall.later(1) if isinstance(event, e.TicketCalled)] == [ticket]


@pytest.mark.parametrize(("setting", "seconds"), [({"kept_pause_s": 0}, 0), ({"kept_pause_s": 900}, 900)])
def test_the_break_is_a_setting(make: MakeHall, setting: dict[str, int], seconds: int) -> None:
    hall = make(**setting)
    hall.open(1, 5)
    ticket = send(hall, 1, 5)
    hall.do(c.PauseCounter(counter=5), terminal(5))
    if seconds:
        hall.later(seconds - 1)
        assert hall.call(1) is None
        hall.later(1)
    assert hall.call(1) == ticket


# --- results -------------------------------------------------------------------------------------


def test_a_result_waits_for_its_window_with_an_alert_and_a_true_wait(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.open(3, groups=("pickup",))
    ticket = hall.take(matter="collect")
    assert told_s(hall, ticket) == 0
    hall.do(c.PauseCounter(counter=3), terminal(3))
    assert (told_s(hall, ticket) or 0) >= 120, "nobody is there to call"
    hall.later(PAUSE_S)
    assert hall.call(1) is None
    assert told_s(hall, ticket) is None, "nobody knows when the window is back"
    alert = hall.hall.alerts["results_away/3"]
    assert [one.ticket for one in whom(hall.hall, alert, hall.now_ms)] == [ticket]
    assert hall.number(ticket) in tell(hall.hall, alert, hall.now_ms).en
    hall.do(c.NarrowCounter(counter=2, groups=("pickup",)))
    assert told_s(hall, ticket) == 0
    assert hall.call(2) == ticket
    hall.later(1)
    assert "results_away/3" not in hall.hall.alerts


def test_over_lunch_a_result_is_told_when_its_window_is_back(make: MakeHall) -> None:
    hall = make("2026-11-24 11:50:00", hours=(*DEFAULT_HOURS, LUNCH), lunch_counters=(1,))
    hall.open(1)
    hall.open(3, groups=("pickup",))
    hall.until("2026-11-24 12:00:00")
    ticket = hall.take(matter="collect")
    assert hall.call(1) is None
    assert told_s(hall, ticket) == pytest.approx(7200, abs=600)
    hall.later(120)
    assert "results_away/3" in hall.hall.alerts


@pytest.mark.parametrize("away", ["paused", "busy"])
def test_where_the_hall_allows_it_any_counter_hands_out_results_then(make: MakeHall, away: str) -> None:
    hall = make(results_anywhere=True)
    hall.open(1)
    hall.open(3, groups=("pickup",))
    if away == "busy":
        hall.take(matter="collect")
        hall.begin(3)
    else:
        hall.do(c.PauseCounter(counter=3), terminal(3))
    ticket = hall.take(matter="collect")
    hall.later((BUSY_S if away == "busy" else PAUSE_S) - 1)
    assert hall.call(1) is None
    hall.later(1)
    assert "results_away/3" not in hall.hall.alerts
    assert hall.call(1) == ticket


def test_a_result_that_was_sent_elsewhere_before_it_had_a_window_goes_to_the_window(hall: Pretend) -> None:
    hall.open(1, 2, 5)
    hall.take()
    hall.begin(1)
    hall.do(c.Transfer(counter=1, to_counter=5, matter="collect"), terminal(1))
    hall.do(c.NarrowCounter(counter=2, groups=("pickup",)))
    assert hall.call(5) is None, "the papers are at counter 2"
    assert hall.call(2) is not None


def test_a_closed_window_keeps_nobody(hall: Pretend) -> None:
    hall.open(1)
    hall.open(3, groups=("pickup",))
    ticket = hall.take(matter="collect")
    hall.close(3)
    assert told_s(hall, ticket) == 0
    assert hall.call(1) == ticket


# --- the guarantee is of the visit ---------------------------------------------------------------


@pytest.mark.parametrize("comes_back", ["returned", "sent on", "undone"])
def test_calls_past_a_visitor_are_counted_over_the_whole_visit(hall: Pretend, comes_back: str) -> None:
    hall.open(1, 2)
    head = hall.take(ORDINARY)
    hall.take_many(8, PRIORITY)
    passed = 0
    for _ in range(3):
        while (called := hall.call(1)) != head:
            passed += 1
            hall.start(1)
            hall.finish(1)
            assert called is not None
        assert len(hall.ticket(head).passed) == 2, "k = 2"
        if comes_back == "undone":
            hall.undo(1)
        elif comes_back == "sent on":
            hall.start(1)
            hall.do(c.Transfer(counter=1, matter="licence"), terminal(1))
        else:
            hall.missed(1)
            hall.do(c.ReturnToQueue(ticket=head))
    assert passed == 2, "not two more each time"


def test_a_favoured_call_that_is_undone_is_not_counted_even_if_the_one_it_passed_was_called_since(
    hall: Pretend,
) -> None:
    hall.open(1, 2)
    head = hall.take(ORDINARY)
    hall.take(PRIORITY)
    hall.call(1)
    assert len(hall.ticket(head).passed) == 1
    hall.call(2)
    assert hall.counter_state(2) is CounterState.CALLING
    hall.undo(1)
    hall.undo(2)
    assert hall.ticket(head).passed == ()
