"""Alerts that name visitors: each kind is raised in time, names whom it is about, and goes when they are free."""

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Decision
from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alert_words import mend, tell
from hall_controller.domain.alerts.find import next_alert_ms
from hall_controller.domain.alerts.visitors import whom
from hall_controller.domain.rules import DEFAULT_HOURS
from hall_controller.domain.ticket import Language
from tests.unit.domain.account import check_replay
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import APPOINTMENT, RECEPTION, Pretend, at, terminal


def standing(hall: Pretend) -> list[str]:
    return sorted(hall.hall.alerts)


def said(hall: Pretend, name: str) -> str:
    alert = hall.hall.alerts[name]
    words = tell(hall.hall, alert, hall.now_ms)
    for ticket in whom(hall.hall, alert, hall.now_ms)[:3]:
        assert (ticket.number or "?") in words.zh
        assert (ticket.number or "?") in words.en
    return words.en


def transferred(hall: Pretend, to_counter: int | None = None, matter: str | None = None) -> int:
    ticket = hall.take()
    hall.begin(1)
    hall.do(c.Transfer(counter=1, to_counter=to_counter, matter=matter), terminal(1))
    return ticket


def test_people_who_wait_while_no_counter_works_are_named_within_100_seconds(hall: Pretend) -> None:
    hall.open(1)
    first, *_ = hall.take_many(18)
    hall.close(1)
    assert min(next_alert_ms(hall.hall, hall.now_ms)) == hall.now_ms + 90_000
    hall.later(89)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["no_counter/"]
    assert said(hall, "no_counter/") == "no counter is at work while 18 people wait (A001, A002, A003, …)"
    hall.open(2)
    hall.later(1)
    assert standing(hall) == []
    assert hall.call(2) == first
    check_replay(hall.hall, hall.events)


def test_between_the_last_cancel_and_the_next_tick_nobody_is_said_to_wait(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.close(1)
    hall.later(90)
    hall.do(c.CancelTicket(ticket=ticket), RECEPTION)
    assert standing(hall) == ["no_counter/"]
    assert said(hall, "no_counter/") == "no counter is at work"
    for kind in (AlertKind.NONE_SUITS, AlertKind.RESULTS_AWAY):
        words = tell(hall.hall, Alert(alert=kind, subject="3", value=1, since_ms=0, raised_ms=0), hall.now_ms)
        assert "0" not in words.zh + words.en
        assert "(" not in words.en


def test_a_hall_whose_counters_are_all_paused_is_told_too(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take()
    for number in (1, 2):
        hall.do(c.PauseCounter(counter=number), terminal(number))
    hall.later(90)
    assert standing(hall) == ["no_counter/"]
    assert said(hall, "no_counter/") == "no counter is at work while 1 person waits (A001)"


def test_nobody_is_left_behind_after_closing(make: MakeHall) -> None:
    hall = make("2026-11-24 19:50:00")
    hall.open(1)
    hall.take()
    hall.until("2026-11-24 20:00:00")
    hall.do(c.CloseCounter(counter=1))  # by the manager: the clerk may not
    hall.later(90)
    assert standing(hall) == ["no_counter/"]


@pytest.mark.parametrize(
    ("groups", "languages"), [(("business",), ()), ((), (Language.ENGLISH,))], ids=["groups", "languages"]
)
def test_whom_no_counter_suits_is_named(
    hall: Pretend, groups: tuple[str, ...], languages: tuple[Language, ...]
) -> None:
    hall.open(1)
    ticket = hall.take(matter="pension")
    hall.do(c.NarrowCounter(counter=1, groups=groups, languages=languages))
    hall.later(120)
    assert standing(hall) == ["none_suits/"]
    assert said(hall, "none_suits/") == "no counter at work may call them: 1 person waits (A001)"
    hall.do(c.NarrowCounter(counter=1))
    hall.later(1)
    assert standing(hall) == []
    assert hall.call(1) == ticket


def test_a_counter_that_suits_and_is_busy_is_no_alert(hall: Pretend) -> None:
    hall.open(1, groups=("social",))
    hall.open(2, groups=("business",))
    hall.take()
    hall.begin(1)
    hall.take()
    hall.later(300)
    assert standing(hall) == []


def test_one_who_was_sent_on_and_waits_again_is_named(hall: Pretend) -> None:
    hall.open(1)
    transferred(hall, matter="licence")
    hall.take()
    hall.later(1199)
    assert [name for name in standing(hall) if name.startswith("second")] == []
    hall.later(1)
    assert "second_wait/A001" in standing(hall)
    assert said(hall, "second_wait/A001") == "A001 waits again, by now for 20 min"
    hall.call(1)
    hall.later(1)
    assert "second_wait/A001" not in standing(hall)


def test_one_who_missed_the_call_and_is_back_is_named(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    hall.missed(1)
    hall.later(600)
    hall.do(c.ReturnToQueue(ticket=ticket))
    hall.later(1200)
    assert "second_wait/A001" in standing(hall)


@pytest.mark.parametrize("meanwhile", ["undone call", "amended"])
def test_what_happens_in_between_does_not_begin_the_wait_anew(hall: Pretend, meanwhile: str) -> None:
    hall.open(1)
    ticket = transferred(hall, matter="licence")
    hall.later(600)
    if meanwhile == "amended":
        hall.do(c.AmendTicket(ticket=ticket, matter="pension"), RECEPTION)
    else:
        hall.call(1)
        hall.undo(1)
    hall.later(600)
    assert "second_wait/A001" in standing(hall)


def test_one_who_is_kept_for_a_counter_is_named(hall: Pretend) -> None:
    hall.open(1, 5)
    hall.take()
    hall.begin(5)
    transferred(hall, to_counter=5)
    hall.later(899)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["kept_wait/A002"]
    assert said(hall, "kept_wait/A002") == "A002 is kept for counter 5 and has waited for 15 min"
    hall.later(1200)
    assert "kept_wait/A002" not in standing(hall), "any counter may call by now"
    assert "second_wait/A002" in standing(hall)


def test_one_who_is_set_aside_is_named(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.hold(1)
    hall.later(1800)
    assert standing(hall) == ["long_hold/A001"]
    assert said(hall, "long_hold/A001") == "A001 has been on hold at counter 1 for 30 min"
    hall.do(c.ResumeTicket(counter=1, ticket=1), terminal(1))
    hall.later(1)
    assert standing(hall) == []


def test_a_long_wait_names_all_who_have_waited_so_long(hall: Pretend) -> None:
    hall.open(1)
    tickets = hall.take_many(3)
    hall.later(1799)
    hall.take()
    hall.later(1)
    alert = hall.hall.alerts["long_wait/"]
    assert [one.ticket for one in whom(hall.hall, alert, hall.now_ms)] == tickets
    assert tell(hall.hall, alert, hall.now_ms).en == "A001 has waited for 30 min, and 2 more too long"


def test_the_one_who_has_waited_longest_may_have_booked_a_later_half_hour(make: MakeHall) -> None:
    hall = make("2026-11-24 08:30:00")
    hall.open(1)
    late, early = hall.book("2026-11-24 10:00:00"), hall.book("2026-11-24 09:40:00")
    hall.until("2026-11-24 09:31:00")
    hall.do(c.CheckIn(ticket=late), RECEPTION)
    hall.until("2026-11-24 09:45:00")
    hall.do(c.CheckIn(ticket=early), RECEPTION)
    assert {hall.ticket(ticket).visitor_class for ticket in (late, early)} == {APPOINTMENT}
    hall.until("2026-11-24 10:01:00")
    alert = hall.hall.alerts["long_wait/"]
    assert alert.since_ms == at("2026-11-24 09:31:00")


def test_a_result_that_is_past_its_promised_day_is_named(make: MakeHall) -> None:
    hall = make()
    hall.open(1)
    hall.take(matter="licence")
    hall.begin(1)
    receipt = hall.accept(1)
    due_day = hall.hall.acceptances[receipt].result_due_day
    assert due_day is not None
    hall.finish(1)
    hall.until(f"{due_day} 18:00:00")
    assert f"result_overdue/{receipt}" not in standing(hall)
    for _ in range(13):
        hall.later(hours=24)
    name = f"result_overdue/{receipt}"
    assert name in standing(hall)
    words = tell(hall.hall, hall.hall.alerts[name], hall.now_ms)
    assert words.en == f"a promised result is 12 days overdue ({receipt})"
    hall.do(c.ReportResult(receipt=receipt, decision=Decision.GRANTED), RECEPTION)
    hall.later(1)
    assert name not in standing(hall)


@pytest.mark.parametrize("kind", AlertKind)
def test_each_alert_says_what_to_do_in_both_languages(kind: AlertKind) -> None:
    words = mend(kind)
    assert words.zh.endswith("。")
    assert words.en.endswith(".")
    assert words.zh != words.en


def test_whoever_waits_over_a_break_waits_from_the_next_opening_on(make: MakeHall) -> None:
    hall = make("2026-11-24 11:50:00", hours=DEFAULT_HOURS)
    hall.open(1)
    transferred(hall, matter="licence")
    hall.until("2026-11-24 14:09:00")
    assert [event for event in hall.events if isinstance(event, e.AlertRaised) and "wait" in event.alert] == []
    hall.until("2026-11-24 14:10:00")
    assert "second_wait/A001" in standing(hall)
