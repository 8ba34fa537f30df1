"""Which tickets a printer prints, and which never again."""

from pathlib import Path

import pytest

from hall_controller.domain import events as e
from hall_controller.domain.commands import CancelReason, PrintOutcome
from hall_controller.domain.ticket import Paper, TicketState
from tests.unit.ticket_printer.halls import CATALOGUE, MONDAY_MS, apply, issue, new_hall
from ticket_printer.printer.duties import Job, WhyNot, facts_of, job_of, jobs_found, reason_not_to
from ticket_printer.printer.handled import KEPT, Handled


def test_only_tickets_and_reprints_of_its_own_kiosk_are_jobs() -> None:
    hall = new_hall()
    issued = issue(hall)
    assert job_of(issued, "kiosk") == Job(1, 0, MONDAY_MS, 0, 0)
    assert job_of(issued, "kiosk-2") is None
    assert job_of(issue(hall, kiosk=None, paper=Paper.NOT_EXPECTED), "kiosk") is None
    again = e.TicketReprintRequested(ticket=1, number="A001", kiosk="kiosk", copy=2)
    apply(hall, again, MONDAY_MS + 5)
    assert job_of(again, "kiosk") == Job(1, 2, MONDAY_MS + 5)
    assert job_of(e.TicketPrinted(ticket=1, number="A001"), "kiosk") is None


def test_a_printer_that_comes_back_finds_what_still_waits_for_paper() -> None:
    hall = new_hall()
    for _ in range(5):
        issue(hall)
    apply(hall, e.TicketPrinted(ticket=1, number="A001"))
    apply(hall, e.TicketAcknowledged(ticket=2, number="A002"))
    apply(hall, e.TicketPrintFailed(ticket=3, number="A003", detail="paper out"))
    apply(hall, e.TicketUnclaimed(ticket=4, number="A004"))
    assert [job.ticket for job in jobs_found(hall, "kiosk")] == [5]
    assert jobs_found(hall, "kiosk-2") == []


def test_nothing_prints_twice_late_or_for_a_visitor_who_holds_the_number() -> None:
    hall, handled = new_hall(), Handled.in_memory()
    job = job_of(issue(hall), "kiosk")
    assert job is not None

    def why(now_ms: int = MONDAY_MS + 1000) -> WhyNot | None:
        return reason_not_to(hall, job, handled, now_ms, 20)

    assert why() is None
    assert why(MONDAY_MS + 20_001) is WhyNot.TOO_LATE
    apply(hall, e.TicketAcknowledged(ticket=1, number="A001"))
    assert why() is WhyNot.HELD
    copy = Job(1, 1, MONDAY_MS)
    assert reason_not_to(hall, copy, handled, MONDAY_MS, 20) is None
    handled.begin("e1", 1, 1)
    assert reason_not_to(hall, copy, handled, MONDAY_MS, 20) is WhyNot.HANDLED
    assert reason_not_to(hall, Job(1, 2, MONDAY_MS), handled, MONDAY_MS, 20) is None
    ended = e.TicketCancelled(ticket=1, number="A001", reason=CancelReason.STAFF, state=TicketState.WAITING)
    apply(hall, ended)
    assert reason_not_to(hall, Job(1, 2, MONDAY_MS), handled, MONDAY_MS, 20) is WhyNot.ENDED


def test_a_new_epoch_has_tickets_of_its_own() -> None:
    hall, handled = new_hall(), Handled.in_memory()
    issue(hall)
    handled.begin("an older epoch", 1, 0)
    assert reason_not_to(hall, Job(1, 0, MONDAY_MS), handled, MONDAY_MS, 20) is None


def test_the_paper_says_what_the_visitor_was_told_and_a_copy_what_is_true_now() -> None:
    hall = new_hall()
    for _ in range(3):
        issue(hall)
    ticket, matter = hall.tickets[3], CATALOGUE.matters["m0"]
    facts = facts_of(hall, Job(3, 0, MONDAY_MS, 7, 420), ticket, matter, None, MONDAY_MS)
    assert (facts.ahead, facts.predicted_wait_s) == (7, 420)
    assert facts.issued_at.strftime("%Y-%m-%d %H:%M") == "2026-11-23 10:00"
    copy = facts_of(hall, Job(3, 1, MONDAY_MS), ticket, None, None, MONDAY_MS + 600_000)
    assert copy.ahead == 2
    assert copy.matter_zh == "m0"
    assert copy.printed_at is not None
    assert copy.printed_at.strftime("%H:%M") == "10:10"


def test_what_was_begun_is_known_after_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "printer.handled"
    handled = Handled(file)
    done, begun = handled.begin("e1", 1, 0), handled.begin("e1", 2, 0)
    handled.end(done, PrintOutcome.PRINTED, "")
    handled.told(done)
    again = Handled(file)
    assert again.has("e1", 1, 0)
    assert again.has("e1", 2, 0)
    assert not again.has("e1", 2, 1)
    assert [(entry.ticket, entry.outcome) for entry in again.untold()] == [(begun.ticket, None)]


def test_the_file_stays_small(tmp_path: Path) -> None:
    handled = Handled(tmp_path / "printer.handled")
    for ticket in range(KEPT + 20):
        handled.begin("e1", ticket, 0)
    assert len(Handled(tmp_path / "printer.handled").entries) == KEPT


def test_a_file_that_is_torn_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "printer.handled"
    file.write_bytes(b'[{"epoch":')
    assert Handled(file).entries == []
    assert (tmp_path / "printer.unreadable").exists()


def test_a_folder_that_cannot_be_written_is_told_to_whoever_asks(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Handled(tmp_path / "nowhere" / "printer.handled")
