"""The way to a printer: opens it, asks it, sends a ticket, and never waits for ever.

Every call blocks for a bounded time and belongs into the one worker thread. What python-escpos
leaves open is settled here: a connection is closed on any doubt, since a late answer would be
taken for that of the next question, and a write to a peer that is gone succeeds once.
"""

import os
import select
import socket
import time
from pathlib import Path
from typing import Any

from escpos.exceptions import DeviceNotFoundError
from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network, Serial, Usb

from ticket_printer.printer.settings import Confirm, PrinterSettings, Transport
from ticket_printer.printer.status import (
    ASK_AFTER_PRINT,
    ASK_ERROR,
    ASK_OFFLINE,
    ASK_PAPER,
    ASK_PRINTER,
    OK_WITHOUT_ANSWERS,
    Fault,
    NotAStatusError,
    PrinterStatus,
    read_status,
)

CLOSED_BY_PEER = "connection closed by the printer"
TROUBLE = (EscposError, OSError, ValueError)
"""ValueError: NotAStatusError, and pyusb without its system library."""


class PrintFailedError(Exception):
    """The ticket did not come out, or nobody knows."""

    def __init__(self, status: PrinterStatus) -> None:
        super().__init__(status.detail)
        self.status = status


class _NetworkPrinter(Network):  # type: ignore[misc]  # python-escpos brings no types
    """python-escpos leaves the socket of a refused connection open, and knows IPv4 alone."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: FBT002, ARG002 the library's signature
        try:
            self._device = socket.create_connection((self.host, self.port), self.timeout)
        except OSError as error:
            raise DeviceNotFoundError(str(error)) from None


class _DeviceFile(File):  # type: ignore[misc]  # python-escpos brings no types
    """A device file whose write gives up: a printer that is off may never take a byte."""

    def __init__(self, path: str, timeout_s: float) -> None:
        super().__init__(path)
        self.timeout_s = timeout_s

    def open(self, raise_not_found: bool = True) -> None:  # noqa: FBT002, ARG002 the library's signature
        create = 0 if self.devfile.startswith("/dev/") else os.O_CREAT
        self._device = os.open(self.devfile, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | create, 0o600)

    def _raw(self, msg: bytes) -> None:
        deadline = time.monotonic() + self.timeout_s
        while msg:
            _, ready, _ = select.select([], [self._device], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the device takes no more bytes")
            msg = msg[os.write(self._device, msg) :]

    def close(self) -> None:
        if self._device:
            os.close(self._device)
        self._device = False


class Connection:
    """One printer. Not for two threads at once."""

    def __init__(self, settings: PrinterSettings) -> None:
        self.settings = settings
        self.answers = settings.transport is not Transport.FILE and settings.confirm is not Confirm.NONE
        """Whether this printer can be asked how it is."""
        self._printer: Any = None

    def status(self) -> PrinterStatus:
        """How the printer is now. Raises nothing: not to be reached is a status too."""
        fresh = self._printer is None
        try:
            return self._ask()
        except TROUBLE as error:
            self.close()
            if fresh or isinstance(error, TimeoutError):
                return self._not_reached(error)
        try:
            # An old connection may have been closed by the printer at any time since: that says nothing of it now.
            return self._ask()
        except TROUBLE as error:
            self.close()
            return self._not_reached(error)

    def print(self, data: bytes, times: float = 1.0) -> PrinterStatus:
        """Send one paper and wait until it is out. Returns the status after it. Raises PrintFailedError.

        `times` says how much longer than a ticket it may take.

        Nothing is sent when the printer cannot print; and nothing is ever sent twice.
        """
        before = self.status()
        if before.fault is not None:
            raise PrintFailedError(before)
        try:
            self._set_timeout(self.settings.print_timeout_s * times)
            self._printer._raw(data)  # noqa: SLF001 python-escpos has no other way to send bytes
            if self.settings.confirm is Confirm.PRINTED and self.answers:
                self._printer._raw(ASK_AFTER_PRINT)  # noqa: SLF001
                self._answer()
            self._set_timeout(self.settings.timeout_s)
            after = self._ask()
        except TROUBLE as error:
            self.close()
            after = self.status()
            if after.fault is None:
                after = self._not_reached(error)
        if after.fault is not None:
            raise PrintFailedError(after)
        return after

    def close(self) -> None:
        printer, self._printer = self._printer, None
        if printer is None:
            return
        try:
            if self.settings.transport is Transport.SERIAL and printer.device:
                printer.device.reset_output_buffer()  # or close() waits until a switched-off printer has read it
            printer.close()
        except TROUBLE:
            pass  # it is gone either way

    def _open(self) -> None:
        if self._printer is None:
            printer = _make(self.settings)
            printer.open()
            self._printer = printer
            self._set_timeout(self.settings.timeout_s)

    def _ask(self) -> PrinterStatus:
        self._open()
        if not self.answers:
            return OK_WITHOUT_ANSWERS
        answers = []
        for question in (ASK_PRINTER, ASK_OFFLINE, ASK_ERROR, ASK_PAPER):
            self._printer._raw(question)  # noqa: SLF001
            answers.append(self._answer())
        return read_status(*answers)

    def _answer(self) -> bytes:
        """What the printer says next. Raises TimeoutError, ConnectionError."""
        kind = self.settings.transport
        if kind is Transport.SERIAL:
            answer = bytes(self._printer.device.read(1))
            if not answer:
                raise TimeoutError("no answer")
            return answer
        answer = bytes(self._printer._read())  # noqa: SLF001
        if not answer:
            raise ConnectionResetError(CLOSED_BY_PEER) if kind is Transport.NETWORK else TimeoutError("no answer")
        return answer

    def _set_timeout(self, seconds: float) -> None:
        printer, kind = self._printer, self.settings.transport
        if kind is Transport.NETWORK:
            printer.device.settimeout(seconds)
        elif kind is Transport.SERIAL:
            printer.device.timeout = printer.device.write_timeout = seconds
        elif kind is Transport.USB:
            printer.timeout = printer.device.default_timeout = int(seconds * 1000)
        else:
            printer.timeout_s = seconds

    def _not_reached(self, error: Exception) -> PrinterStatus:
        detail = " ".join(str(error).split())
        hanging = isinstance(error, (TimeoutError, NotAStatusError)) or "timed out" in detail.lower()
        vanished = isinstance(error, EscposError) or not hanging
        return PrinterStatus(fault=Fault.VANISHED if vanished else Fault.HANGING, detail=detail[:200])


def _make(settings: PrinterSettings) -> Any:
    if settings.transport is Transport.NETWORK:
        host, port = settings.network_address()
        return _NetworkPrinter(host, port, timeout=settings.timeout_s)
    if settings.transport is Transport.USB:
        vendor, product = settings.usb_ids()
        return Usb(vendor, product, in_ep=settings.usb_in, out_ep=settings.usb_out)
    if settings.transport is Transport.SERIAL:
        if not Path(settings.device).exists():
            raise FileNotFoundError(f"{settings.device} does not exist")
        return Serial(settings.device, baudrate=settings.baud, timeout=settings.timeout_s, dsrdtr=False)
    return _DeviceFile(settings.device, settings.timeout_s)
