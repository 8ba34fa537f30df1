"""Tells the hall what became of each ticket and how the printer is; tries again until the hall has heard it.

A hall that does not answer never delays a printout: reports wait here, in order.
"""

import asyncio
import contextlib
import logging

from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.commands import DeviceKind, PrintOutcome, ReportDevice, ReportPrint
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.ticket import TicketState
from ticket_printer.printer.handled import OF_NO_TICKET, Entry, Handled, Kind
from ticket_printer.printer.status import Report

log = logging.getLogger(__name__)

AGAIN_S = 1.0


class Reporter:
    def __init__(self, client: HallClient, handled: Handled) -> None:
        self._client = client
        self._handled = handled
        self._device: dict[DeviceKind, Report] = {}
        self._told: dict[DeviceKind, Report] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()

    def ticket(self, entry: Entry, outcome: PrintOutcome, detail: str) -> None:
        """The outcome of one ticket: kept on disk, then told."""
        self._handled.end(entry, outcome, detail)
        self._wake.set()

    def device(self, reports: dict[DeviceKind, Report]) -> None:
        self._device.update(reports)
        self._wake.set()

    def again(self) -> None:
        """The hall is heard afresh: it may have forgotten how the printer is."""
        self._told = {}
        self._wake.set()

    async def all_told(self) -> None:
        """Wait until no ticket's outcome waits to be told."""
        self._idle.clear()
        self._wake.set()
        await self._idle.wait()

    async def run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._tell_all()
            except NoController:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN_S):
                        await self._wake.wait()
                continue
            self._idle.set()
            await self._wake.wait()

    async def _tell_all(self) -> None:
        """Raises NoController; what was told by then stays told."""
        for entry in self._handled.untold():
            hall = self._client.hall
            if entry.outcome is None or hall is None:
                continue
            if entry.epoch == hall.epoch and _concerns(hall, entry):
                await self._tell(ReportPrint(ticket=entry.ticket, outcome=entry.outcome, detail=entry.detail))
            self._handled.told(entry)
        for kind, report in self._device.items():
            if self._told.get(kind) != report:
                state, detail = report
                await self._tell(ReportDevice(kind=kind, state=state, detail=detail))
                self._told[kind] = report

    async def _tell(self, command: ReportPrint | ReportDevice) -> None:
        reply = await self._client.ask(command)
        if isinstance(reply, Refusal) and reply.code is Code.STALE:
            # The hall's clock was set since it was last heard; the client has heard it now. Nothing was done yet.
            reply = await self._client.ask(command)
        log.debug("%s: %s", command, reply)


def _concerns(hall: Hall, entry: Entry) -> bool:
    """Whether the hall is to hear of it.

    A document list or receipt is no ticket; and a booking's slip, told late, must not stand for the number that its
    visitor has got since.
    """
    if entry.kind in OF_NO_TICKET:
        return False
    ticket = hall.tickets.get(entry.ticket)
    return entry.kind is Kind.TICKET or (ticket is not None and ticket.state is TicketState.BOOKED)
