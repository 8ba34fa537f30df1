"""Several matters in one visit: one number, one list of documents, one finish, and a note on each matter."""

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.bundle import MatterOutcome, documents_needed, outcome_of
from hall_controller.domain.matters import How
from hall_controller.domain.refusal import Code
from hall_controller.domain.ticket import TicketState
from tests.unit.domain.support import CATALOGUE, KIOSK, MANAGER, RECEPTION, Pretend, at, terminal


def bundle(hall: Pretend, *matters: str, theme: str | None = None) -> int:
    command = c.IssueTicket(matter=matters[0], more=matters[1:], theme=theme)
    return hall._ticket_of(hall.do(command, RECEPTION))


def handle(hall: Pretend, matter: str, outcome: MatterOutcome = MatterOutcome.HANDLED) -> None:
    hall.do(c.HandleMatter(counter=1, matter=matter, outcome=outcome), terminal(1))


def test_a_theme_is_one_number_and_one_place(hall: Pretend) -> None:
    ticket = bundle(hall, "licence", "grant", theme="open-restaurant")
    assert hall.number(ticket) == "A001"
    assert (hall.ticket(ticket).theme, hall.ticket(ticket).more) == ("open-restaurant", ("grant",))
    assert hall.ticket(ticket).usual_s == 2 * 8 * 60
    assert hall.waiting() == [ticket]


def test_what_does_not_fit_together_is_refused(hall: Pretend) -> None:
    for command, code in (
        (c.IssueTicket(matter="licence", more=("pension",), theme="open-restaurant"), Code.UNKNOWN_MATTER),
        (c.IssueTicket(matter="licence", more=("nothing",)), Code.UNKNOWN_MATTER),
        (c.IssueTicket(matter="licence", more=("licence",)), Code.MALFORMED),
    ):
        assert hall.refused(command, KIOSK) == code


def test_one_list_of_documents_without_repeats() -> None:
    matters = [CATALOGUE.matters[code] for code in ("id-card", "licence", "pension")]
    assert documents_needed(matters, english=False) == ["身份证", "照片", "申请表", "租约"]
    assert documents_needed(matters, english=True) == ["ID card", "Photo", "Form", "Lease"]


def test_the_clerk_notes_each_matter_and_finishes_once(hall: Pretend) -> None:
    hall.open(1)
    ticket = bundle(hall, "licence", "grant", "id-card")
    hall.begin(1)
    handle(hall, "licence")
    handle(hall, "grant", MatterOutcome.LEFT)
    assert [outcome_of(hall.ticket(ticket), one) for one in ("licence", "grant", "id-card")] == [
        "handled", "left", "open",
    ]  # fmt: skip
    assert hall.do(c.HandleMatter(counter=1, matter="licence"), terminal(1)) == []
    assert hall.refused(c.HandleMatter(counter=1, matter="pension"), terminal(1)) == Code.UNKNOWN_MATTER
    hall.finish(1)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert (finished.matter, finished.more, finished.left) == ("licence", ("id-card",), ("grant",))
    assert (hall.hall.totals.matters_handled, hall.hall.totals.matters_left) == (2, 1)
    assert sum(hall.hall.visits.values()) == 1


def test_a_note_survives_undo_and_transfer(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = bundle(hall, "licence", "grant")
    hall.begin(1)
    handle(hall, "grant")
    hall.do(c.Transfer(counter=1, to_counter=2), terminal(1))
    assert hall.ticket(ticket).handled == ("grant",)
    hall.undo(1)
    assert hall.ticket(ticket).handled == ("grant",)
    assert hall.state(ticket) is TicketState.SERVING


def test_matters_come_and_go(hall: Pretend) -> None:
    hall.open(1)
    ticket = bundle(hall, "licence", "grant", theme="open-restaurant")
    hall.begin(1)
    handle(hall, "licence")
    hall.do(c.AmendTicket(ticket=ticket, more=("grant", "id-card")), terminal(1))
    assert (hall.ticket(ticket).more, hall.ticket(ticket).theme) == (("grant", "id-card"), None)
    hall.do(c.AmendTicket(ticket=ticket, matter="grant"), terminal(1))
    assert (hall.ticket(ticket).matter, hall.ticket(ticket).more) == ("grant", ("id-card",))
    assert hall.ticket(ticket).handled == (), "the licence is no longer among them"
    hall.do(c.AmendTicket(ticket=ticket, more=()), terminal(1))
    assert hall.ticket(ticket).usual_s == 480


def test_a_bundle_teaches_nothing_about_its_first_matter(hall: Pretend) -> None:
    hall.open(1)
    bundle(hall, "licence", "grant")
    hall.serve(1, 3000)
    assert "licence" not in hall.hall.learned
    assert hall.hall.learned[""].count == 1


def test_a_diversion_is_counted_and_only_for_a_way_that_there_is(hall: Pretend) -> None:
    hall.do(c.Divert(matter="pension", way=How.ZERO_RUN), KIOSK)
    assert hall.hall.totals.diversions == {How.ZERO_RUN: 1}
    assert hall.waiting() == []
    for way in (How.SELF_SERVICE, How.HERE):
        assert hall.refused(c.Divert(matter="pension", way=way), KIOSK) == Code.WRONG_STATE


def test_a_low_rating_says_why_and_whose_visit_it_was(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.serve(1)
    reason = c.RatingReason.SENT_AWAY
    assert hall.refused(c.Rate(ticket=ticket, stars=4, reasons=(reason,)), MANAGER) == Code.MALFORMED
    hall.do(c.Rate(ticket=ticket, stars=2, reasons=(reason, reason), comment=" 明天再来 "))
    rated = hall.last(e.TicketRated)
    assert isinstance(rated, e.TicketRated)
    assert (rated.number, rated.counter, rated.clerk, rated.matter) == ("A001", 1, "clerk-1", "pension")
    assert (rated.reasons, rated.comment) == ((reason,), "明天再来")
    assert hall.refused(c.Rate(ticket=ticket, stars=5)) == Code.ALREADY_RATED


# --- booking -------------------------------------------------------------------------------------


def book(hall: Pretend, slot: str, matter: str = "pension", holder: str | None = "x") -> e.Event:
    return hall.do(c.BookTicket(matter=matter, slot_at_ms=at(slot), holder=holder), MANAGER)[0]


def test_one_person_comes_once(hall: Pretend) -> None:
    book(hall, "2026-11-25 10:00:00")
    for slot, matter in (("2026-11-25 10:00:00", "licence"), ("2026-11-25 15:00:00", "pension")):
        again = c.BookTicket(matter=matter, slot_at_ms=at(slot), holder="x")
        assert hall.refused(again) == Code.ALREADY_BOOKED
    book(hall, "2026-11-25 15:00:00", "licence")
    book(hall, "2026-11-25 10:00:00", holder="y")
    book(hall, "2026-11-25 10:00:00", holder=None)
    book(hall, "2026-11-26 10:00:00")
    assert hall.refused(c.BookTicket(matter="grant", slot_at_ms=at("2026-11-27 10:00:00"), holder="x")) == (
        Code.TOO_MANY_BOOKINGS
    )


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"counters": 8}, 8),
        ({"counters": 40}, 43),
        ({"counters": 1}, 1),
        ({"counters": 8, "booking_share": 0.0}, 0),
        ({"counters": 40, "booking_limit": 5}, 5),
    ],
)
def test_a_half_hour_takes_a_share_of_what_its_counters_serve(rules: dict[str, float], expected: int) -> None:
    from hall_controller.domain.booking import capacity

    hall = Pretend(**rules)  # type: ignore[arg-type]
    assert capacity(hall.hall, at("2026-11-25 10:00:00"), hall.now_ms) == expected


def test_soon_no_more_is_promised_than_counters_are_open(hall: Pretend) -> None:
    from hall_controller.domain.booking import capacity

    hall.open(1, 2)
    assert capacity(hall.hall, at("2026-11-24 10:00:00"), hall.now_ms) == 2
    assert capacity(hall.hall, at("2026-11-24 16:00:00"), hall.now_ms) == 8
