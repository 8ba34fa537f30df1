"""Which tickets a printer prints, and which never again."""

from pathlib import Path

import pytest

from hall_controller.domain import events as e
from hall_controller.domain.commands import CancelReason, PrintOutcome
from hall_controller.domain.hours import Extension
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.ticket import Language, Paper, TicketState
from tests.unit.ticket_printer.halls import CATALOGUE, MONDAY_MS, apply, book, check_in, issue, new_hall
from ticket_printer.printer.duties import BookingJob, DocumentsJob, Job, WhyNot, job_of, jobs_found, reason_not_to
from ticket_printer.printer.facts import booking_facts, documents_facts, ticket_facts
from ticket_printer.printer.handled import KEPT, Handled, Key, Kind


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
    assert [job.key for job in jobs_found(hall, "kiosk")] == [Key(5)]
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
    handled.begin("e1", Key(1, 1))
    assert reason_not_to(hall, copy, handled, MONDAY_MS, 20) is WhyNot.HANDLED
    assert reason_not_to(hall, Job(1, 2, MONDAY_MS), handled, MONDAY_MS, 20) is None
    ended = e.TicketCancelled(ticket=1, number="A001", reason=CancelReason.STAFF, state=TicketState.WAITING)
    apply(hall, ended)
    assert reason_not_to(hall, Job(1, 2, MONDAY_MS), handled, MONDAY_MS, 20) is WhyNot.ENDED


def test_a_new_epoch_has_tickets_of_its_own() -> None:
    hall, handled = new_hall(), Handled.in_memory()
    issue(hall)
    handled.begin("an older epoch", Key(1, 0))
    assert reason_not_to(hall, Job(1, 0, MONDAY_MS), handled, MONDAY_MS, 20) is None


def test_the_paper_says_what_the_visitor_was_told_and_a_copy_what_is_true_now() -> None:
    hall = new_hall()
    for _ in range(3):
        issue(hall)
    ticket = hall.tickets[3]
    facts = ticket_facts(hall, Job(3, 0, MONDAY_MS, 7, 420, 900), ticket, CATALOGUE, None, MONDAY_MS)
    assert (facts.ahead, facts.predicted_wait_s, facts.predicted_bound_s) == (7, 420, 900)
    assert facts.issued_at.strftime("%Y-%m-%d %H:%M") == "2026-11-23 10:00"
    copy = ticket_facts(hall, Job(3, 1, MONDAY_MS), ticket, Catalogue({}), None, MONDAY_MS + 600_000)
    assert copy.ahead == 2
    assert copy.matter_zh == "m0"
    assert copy.printed_at is not None
    assert copy.printed_at.strftime("%H:%M") == "10:10"


def test_what_was_begun_is_known_after_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "printer.handled"
    handled = Handled(file)
    done, begun = handled.begin("e1", Key(1, 0)), handled.begin("e1", Key(2, 0))
    handled.end(done, PrintOutcome.PRINTED, "")
    handled.told(done)
    again = Handled(file)
    assert again.has("e1", Key(1, 0))
    assert again.has("e1", Key(2, 0))
    assert not again.has("e1", Key(2, 1))
    assert [(entry.ticket, entry.outcome) for entry in again.untold()] == [(begun.ticket, None)]


def test_the_file_stays_small(tmp_path: Path) -> None:
    handled = Handled(tmp_path / "printer.handled")
    for ticket in range(KEPT + 20):
        handled.begin("e1", Key(ticket, 0))
    assert len(Handled(tmp_path / "printer.handled").entries) == KEPT


def test_a_file_that_is_torn_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "printer.handled"
    file.write_bytes(b'[{"epoch":')
    assert Handled(file).entries == []
    assert (tmp_path / "printer.unreadable").exists()


def test_a_folder_that_cannot_be_written_is_told_to_whoever_asks(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Handled(tmp_path / "nowhere" / "printer.handled")


def test_a_booking_its_number_and_a_document_list_are_three_papers() -> None:
    hall, handled = new_hall(), Handled.in_memory()
    booked = book(hall)
    slip = job_of(booked, "kiosk")
    assert slip == BookingJob(1, MONDAY_MS)
    assert jobs_found(hall, "kiosk") == [slip]
    handled.begin("e1", slip.key)
    assert reason_not_to(hall, slip, handled, MONDAY_MS, 20) is WhyNot.HANDLED
    arrived = check_in(hall)
    number = job_of(arrived, "kiosk")
    assert number == Job(1, 0, MONDAY_MS, 0, 60)
    assert reason_not_to(hall, number, handled, MONDAY_MS, 20) is None
    assert reason_not_to(hall, slip, Handled.in_memory(), MONDAY_MS, 20) is WhyNot.ENDED
    wanted = e.DocumentsRequested(matter="m0", language=Language.ENGLISH, kiosk="kiosk")
    apply(hall, wanted)
    listed = job_of(wanted, "kiosk")
    assert listed == DocumentsJob(hall.seq, "m0", Language.ENGLISH, MONDAY_MS)
    assert listed.key.kind is Kind.DOCUMENTS
    assert reason_not_to(hall, listed, handled, MONDAY_MS, 20) is None
    assert reason_not_to(hall, listed, handled, MONDAY_MS + 20_001, 20) is WhyNot.TOO_LATE
    assert job_of(wanted, "kiosk-2") is None
    assert job_of(book(hall, kiosk=None), "kiosk") is None


def test_a_stale_booking_slip_is_not_printed_and_one_that_is_out_is_not_looked_for() -> None:
    hall, handled = new_hall(), Handled.in_memory()
    book(hall)
    (slip,) = jobs_found(hall, "kiosk")
    assert reason_not_to(hall, slip, handled, MONDAY_MS + 20_001, 20) is WhyNot.TOO_LATE
    apply(hall, e.TicketPrinted(ticket=1, number=None))
    assert jobs_found(hall, "kiosk") == []


def test_a_file_of_before_there_were_slips_is_still_read(tmp_path: Path) -> None:
    file = tmp_path / "printer.handled"
    file.write_text('[{"epoch":"e1","ticket":1,"copy":0,"outcome":"printed","detail":"","told":true}]')
    assert Handled(file).has("e1", Key(1))


def test_a_booking_says_when_to_come_and_from_when_to_check_in() -> None:
    hall = new_hall()
    book(hall, language=Language.ENGLISH)
    facts = booking_facts(hall, hall.tickets[1], CATALOGUE, "1-2345", "http://hall/t/1.ab")
    assert (facts.day, facts.time) == ("Tuesday 24 Nov", "10:00")
    assert (facts.check_in_from, facts.check_in_until) == ("09:30", "10:10")


def test_a_document_list_says_when_the_hall_serves_today_and_next() -> None:
    hall = new_hall()
    job = DocumentsJob(3, "m0", Language.MANDARIN, MONDAY_MS)
    facts = documents_facts(hall, job, CATALOGUE, MONDAY_MS)
    tomorrow = (("下次开放", "11月24日 周二"), ("", "09:00-12:00 14:00-20:00"))
    assert facts.hours == (("今天", "11月23日 周一"), ("", "09:00-12:00 14:00-20:00"), *tomorrow)
    late_ms = MONDAY_MS + 11 * 3_600_000
    assert documents_facts(hall, job, CATALOGUE, late_ms).hours == tomorrow
    hall.extension = Extension("2026-11-23", MONDAY_MS + 12 * 3_600_000)
    extended = documents_facts(hall, job, CATALOGUE, late_ms).hours
    assert extended[:2] == (("今天", "11月23日 周一（已延长）"), ("", "09:00-12:00 14:00-22:00"))
