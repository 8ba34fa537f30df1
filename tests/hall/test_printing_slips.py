"""Slips on paper: bookings, the numbers they become, and document lists; each once, and none late."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Channel, Language, Paper, TicketState
from tests.hall.test_printing import PrintingHall
from tests.support import MATTER, local_ms, make_hall_at, wait_for

SLOT = "2026-11-26 10:00"


@pytest.fixture
def printing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintingHall]:
    """By night: the hall is shut, and opens on Thursday at nine."""
    with ExitStack() as stack:
        printing = PrintingHall(make_hall_at(tmp_path_factory.mktemp("slips"), "2026-11-25 19:00"), stack)
        printing.kill_printer()
        printing.hall.set_clock("2026-11-25 21:30")
        printing.start_printer()
        printing.well()
        yield printing


def book(printing: PrintingHall, as_: str = "kiosk", **fields: object) -> wire.Accepted:
    command = c.BookTicket(matter=MATTER, slot_at_ms=local_ms(SLOT), **fields)  # type: ignore[arg-type]
    reply = printing.hall.do(command, as_=as_)
    assert isinstance(reply, wire.Accepted), reply
    return reply


def printed(printing: PrintingHall, count: int) -> list[str]:
    wait_for(partial(printing.has_papers, count), f"{count} papers")
    return printing.paper.texts


def test_a_booking_comes_out_once_and_its_number_next_morning(printing: PrintingHall) -> None:
    booked = book(printing)
    assert isinstance(booked.ticket, int)
    assert isinstance(booked.token, str)
    (slip,) = printed(printing, 1)
    assert booked.code in slip.splitlines()
    assert booked.token.encode() in printing.paper.papers[0]
    printing.wait_paper(booked.ticket, Paper.PRINTED)
    printing.hall.set_clock("2026-11-26 09:45")
    arrived = printing.hall.do(c.CheckIn(token=booked.code), as_="kiosk")
    assert isinstance(arrived, wire.Accepted), arrived
    printing.wait_paper(booked.ticket, Paper.PRINTED)
    number = printed(printing, 2)[1]
    assert arrived.number in number.splitlines()
    assert "预约" in number.splitlines()
    assert printing.hall.state().tickets[booked.ticket].state is TicketState.WAITING


def test_a_booking_made_at_reception_comes_out_where_it_says(printing: PrintingHall) -> None:
    book(printing, as_="reception")
    book(printing, as_="reception", print_at="kiosk", language=Language.ENGLISH)
    (slip,) = printed(printing, 1)
    assert "Your booking" in slip.splitlines()
    assert "Thursday 26 Nov" in slip.splitlines()


def test_killing_printer_and_controller_prints_no_slip_twice_and_no_stale_one(printing: PrintingHall) -> None:
    first = book(printing)
    printed(printing, 1)
    printing.kill_printer()
    printing.hall.kill()
    printing.hall.start()
    printing.start_printer()
    printing.kill_printer()
    second = book(printing)
    printing.start_printer()
    texts = printed(printing, 2)
    assert [sum(str(one.code) in text.splitlines() for text in texts) for one in (first, second)] == [1, 1]
    printing.kill_printer()
    book(printing)
    printing.hall.set_clock("2026-11-25 21:35")
    printing.start_printer()
    fourth = book(printing)
    assert str(fourth.code) in printed(printing, 3)[2].splitlines()


def test_a_printer_without_paper_says_so_and_the_booking_holds(printing: PrintingHall) -> None:
    printing.paper.paper = "out"
    booked = book(printing)
    assert isinstance(booked.ticket, int)

    def told() -> bool:
        events = printing.hall.do(wire.EventsSince(0)).events
        return any(b'"ticket_print_failed"' in bytes(event) for event in events)

    wait_for(told, "the report")
    assert printing.hall.state().tickets[booked.ticket].channel is Channel.APPOINTMENT
    printing.paper.paper = "ok"
    printing.hall.do(c.PrintDocuments(matter=MATTER), as_="kiosk")
    (listed,) = printed(printing, 1)
    assert str(booked.code) not in listed.splitlines()


def test_a_document_list_says_what_to_bring_and_when_the_hall_serves(printing: PrintingHall) -> None:
    printing.hall.do(c.PrintDocuments(matter=MATTER), as_="kiosk")
    printing.hall.do(c.PrintDocuments(matter=MATTER, language=Language.ENGLISH, print_at="kiosk"), as_="reception")
    chinese, english = printed(printing, 2)
    assert "[ ] 1. 居民身份证（旧证）" in chinese.splitlines()
    assert "下次开放  11月26日 周四" in chinese.splitlines()
    assert "[ ] 1. Old ID card" in english.splitlines()
    assert "打印时间  2026-11-25 21:30" in chinese.splitlines()
