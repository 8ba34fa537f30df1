"""Paper failed: phantoms are skipped, and nobody who is really there loses the place."""

from hall_controller.domain import commands as c
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.refusal import Code
from hall_controller.domain.sender import Role, Sender
from tests.unit.domain.support import KIOSK, PRINTER, RECEPTION, Pretend, terminal


def report(hall: Pretend, ticket: int, outcome: PrintOutcome = PrintOutcome.PRINTED) -> None:
    hall.do(c.ReportPrint(ticket=ticket, outcome=outcome), PRINTER)


def test_a_ticket_neither_printed_nor_touched_away_is_skipped(hall: Pretend) -> None:
    # Phantom visitors after a failed print: MADO-queue #21.
    hall.open(1)
    phantom, present = hall.take(by=KIOSK), hall.take(by=KIOSK)
    report(hall, phantom, PrintOutcome.FAILED)
    report(hall, present)
    hall.later(90)
    assert hall.state(phantom) == "waiting"
    hall.later(1)
    assert (hall.state(phantom), hall.state(present)) == ("unclaimed", "waiting")
    assert hall.call(1) == present


def test_a_printer_that_says_nothing_makes_phantoms_too(hall: Pretend) -> None:
    ticket = hall.take(by=KIOSK)
    hall.later(91)
    assert hall.state(ticket) == "unclaimed"


def test_the_number_read_from_the_screen_is_as_good_as_paper(hall: Pretend) -> None:
    ticket = hall.take(by=KIOSK)
    report(hall, ticket, PrintOutcome.FAILED)
    hall.do(c.AcknowledgeTicket(ticket=ticket), KIOSK)
    hall.later(minutes=30)
    assert hall.state(ticket) == "waiting"


def test_a_late_print_or_touch_brings_the_visitor_back_in_place(hall: Pretend) -> None:
    hall.open(1)
    by_print, by_touch, other = hall.take(by=KIOSK), hall.take(by=KIOSK), hall.take()
    hall.later(minutes=2)
    report(hall, by_print)
    hall.do(c.AcknowledgeTicket(ticket=by_touch), KIOSK)
    assert [hall.call(1)] == [by_print]
    hall.missed(1)
    assert hall.call(1) == by_touch
    hall.missed(1)
    assert hall.call(1) == other


def test_a_reprint_at_reception_brings_the_visitor_back(hall: Pretend) -> None:
    ticket = hall.take(by=KIOSK)
    hall.later(minutes=2)
    hall.do(c.ReprintTicket(ticket=ticket), RECEPTION)
    assert hall.ticket(ticket).copies == 1
    report(hall, ticket)
    assert hall.state(ticket) == "waiting"


def test_an_unclaimed_ticket_may_be_called_by_hand(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(by=KIOSK)
    hall.later(minutes=2)
    hall.call_by_hand(1, ticket)
    hall.start(1)
    hall.finish(1)
    assert hall.state(ticket) == "done"


def test_whoever_stood_at_a_counter_is_no_phantom_again(hall: Pretend) -> None:
    hall.open(1, 2)
    sent, missed = hall.take(by=KIOSK), hall.take(by=KIOSK)
    report(hall, sent, PrintOutcome.FAILED)
    report(hall, missed, PrintOutcome.FAILED)
    hall.begin(1)
    hall.do(c.Transfer(counter=1, matter="licence"), terminal(1))
    hall.call_by_hand(2, missed)
    hall.missed(2)
    hall.do(c.ReturnToQueue(ticket=missed), RECEPTION)
    hall.later(minutes=5)
    assert hall.waiting() == [sent, missed]


def test_a_broken_printer_stops_no_issuing(hall: Pretend) -> None:
    # FQM #91, #100.
    for _ in range(5):
        report(hall, hall.take(by=KIOSK), PrintOutcome.FAILED)
    assert hall.hall.issued == 5


def test_tickets_of_reception_are_never_phantoms(hall: Pretend) -> None:
    ticket = hall.take(by=RECEPTION)
    hall.later(hours=1)
    assert hall.state(ticket) == "waiting"


def test_unclaimed_tickets_end_with_the_day(hall: Pretend) -> None:
    ticket = hall.take(by=KIOSK)
    hall.later(minutes=2)
    hall.until("2026-11-25 08:00:00")
    assert hall.state(ticket) == "cancelled"


def test_a_kiosk_cancels_and_acknowledges_only_its_own(hall: Pretend) -> None:
    other = Sender("kiosk-2", Role.KIOSK)
    ticket = hall.take(by=KIOSK)
    assert hall.refused(c.AcknowledgeTicket(ticket=ticket), other) == Code.NOT_ALLOWED
    assert hall.refused(c.CancelTicket(ticket=ticket), other) == Code.NOT_ALLOWED
    report(hall, ticket)
    assert hall.refused(c.CancelTicket(ticket=ticket), KIOSK) == Code.NOT_ALLOWED
    hall.do(c.CancelTicket(ticket=ticket), RECEPTION)
    assert hall.state(ticket) == "cancelled"


def test_reports_that_say_nothing_new_are_no_events(hall: Pretend) -> None:
    ticket = hall.take(by=KIOSK)
    report(hall, ticket)
    assert hall.do(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER) == []
    assert hall.do(c.AcknowledgeTicket(ticket=ticket), KIOSK) == []
    hall.do(c.CancelTicket(ticket=ticket), RECEPTION)
    assert hall.do(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER) == []
    assert hall.do(c.AcknowledgeTicket(ticket=ticket), KIOSK) == []
