"""Each way to a printer, without a hall: sockets, a serial line, a device file."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hall.paper_printer import PaperPrinter
from ticket_printer.printer.settings import Confirm, PrinterSettings, Transport
from ticket_printer.printer.status import Fault, Paper
from ticket_printer.printer.transport import Connection, PrintFailedError

TICKET = b"\x1b@A001\n\x1dV\x01"
QUICK_S = 0.3


@pytest.fixture
def paper() -> Iterator[PaperPrinter]:
    printer = PaperPrinter()
    yield printer
    printer.stop()


def network(address: str, **settings: object) -> Connection:
    fields = {"transport": "network", "address": address, "timeout_s": QUICK_S, "print_timeout_s": 2 * QUICK_S}
    import msgspec

    return Connection(msgspec.convert({**fields, **settings}, PrinterSettings))


def test_a_printer_that_drops_idle_connections_loses_no_ticket(paper: PaperPrinter) -> None:
    """The first write after the peer has closed succeeds silently: it must not be the ticket."""
    connection = network(paper.address)
    for count in (1, 2, 3):
        assert connection.print(TICKET).paper is Paper.OK
        assert len(paper.papers) == count
        paper.drop_connections()
    connection.close()


def test_an_answer_that_comes_late_is_not_taken_for_the_next_one(paper: PaperPrinter) -> None:
    connection = network(paper.address)
    assert connection.status().fault is None
    paper.hangs = True
    assert connection.status().fault is Fault.HANGING
    paper.hangs, paper.paper = False, "out"
    status = connection.status()
    assert (status.fault, status.paper) == (Fault.PAPER_OUT, Paper.OUT)
    connection.close()


def test_nothing_waits_longer_than_its_time_limits(paper: PaperPrinter) -> None:
    paper.hangs = True
    connection = network(paper.address)
    begun = time.monotonic()
    with pytest.raises(PrintFailedError):
        connection.print(TICKET)
    assert time.monotonic() - begun < 5
    connection.close()


def test_a_printer_that_never_heard_of_gs_r_is_asked_by_its_status_alone(paper: PaperPrinter) -> None:
    connection = network(paper.address, confirm="status")
    connection.print(TICKET)
    connection.close()
    assert paper.papers == [TICKET]


def test_a_refused_connection_and_a_name_that_does_not_exist_are_a_vanished_printer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        for address in (f"127.0.0.1:{unused.getsockname()[1]}", "no-such-printer.invalid:9100"):
            status = network(address).status()
            assert status.fault is Fault.VANISHED
            assert status.detail


def test_a_peer_that_is_no_printer_is_not_believed() -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        # How often it is asked again is the connection's business: this one answers until it is shut.
        with contextlib.suppress(OSError):
            while True:
                with server.accept()[0] as client:
                    client.recv(3)
                    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        assert network(f"127.0.0.1:{server.getsockname()[1]}").status().fault is not None
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        server.close()


def test_a_serial_printer_prints_and_answers() -> None:
    master, slave = os.openpty()
    heard: list[bytes] = []
    stop = threading.Event()

    def printer() -> None:
        os.set_blocking(master, False)
        while not stop.is_set():
            try:
                data = os.read(master, 4096)
            except BlockingIOError:
                stop.wait(0.005)
                continue
            heard.append(data)
            if data.startswith(b"\x10\x04"):
                os.write(master, b"\x12")
            elif data.endswith(b"\x1dr\x01"):
                os.write(master, b"\x00")

    thread = threading.Thread(target=printer, daemon=True)
    thread.start()
    settings = PrinterSettings(transport=Transport.SERIAL, device=os.ttyname(slave), timeout_s=1, print_timeout_s=2)
    connection = Connection(settings)
    try:
        assert connection.print(TICKET).paper is Paper.OK
        assert TICKET in b"".join(heard)
    finally:
        stop.set()
        thread.join(5)
        assert connection.status().fault is Fault.HANGING
        connection.close()
        os.close(master)
        os.close(slave)


def test_a_serial_line_that_is_not_there_is_a_vanished_printer() -> None:
    settings = PrinterSettings(transport=Transport.SERIAL, device="/dev/ttyNOTHING")
    assert Connection(settings).status().fault is Fault.VANISHED


def test_a_file_takes_each_ticket_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "printer.bin"
    settings = PrinterSettings(transport=Transport.FILE, device=str(file))
    for _ in range(2):
        connection = Connection(settings)
        assert connection.print(TICKET).fault is None
        connection.close()
    assert file.read_bytes() == TICKET * 2


def test_a_device_file_that_takes_no_bytes_is_a_hanging_printer(tmp_path: Path) -> None:
    """As /dev/usb/lp0 of a printer that is switched off: the write itself would never end."""
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    settings = PrinterSettings(transport=Transport.FILE, device=str(pipe), timeout_s=QUICK_S, print_timeout_s=QUICK_S)
    connection = Connection(settings)
    try:
        with pytest.raises(PrintFailedError) as failed:
            connection.print(bytes(1_000_000))
        assert failed.value.status.fault is Fault.HANGING
    finally:
        connection.close()
        os.close(reader)


def test_a_usb_printer_that_is_not_plugged_in_is_a_vanished_printer() -> None:
    settings = PrinterSettings(transport=Transport.USB, usb="04b8:0e15", confirm=Confirm.STATUS)
    status = Connection(settings).status()
    assert status.fault is Fault.VANISHED
    assert status.detail
