"""`hall printer`: follows the hall and prints the papers of its kiosk, each once.

Everything that may block runs in one worker thread; the loop that listens to the hall never waits for paper.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import msgspec

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.events import CatalogueChanged, Event
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from hall_controller.part import Trouble, address_of, listen, say_ready, until_told_to_stop
from ticket_printer.printer.duties import (
    AnyJob,
    ConsignmentJob,
    DocumentsJob,
    Job,
    WhyNot,
    in_language,
    job_of,
    jobs_found,
    jobs_told,
    reason_not_to,
)
from ticket_printer.printer.encode import dots_high, ticket_bytes
from ticket_printer.printer.font import NoFontError, find_font
from ticket_printer.printer.handled import Entry, Handled
from ticket_printer.printer.papers import CannotSayError, Known, Named, paper_of
from ticket_printer.printer.reporting import Reporter
from ticket_printer.printer.settings import Chinese, PrinterSettings, Transport
from ticket_printer.printer.status import PrinterStatus, reports, sentence
from ticket_printer.printer.transport import Connection, PrintFailedError

log = logging.getLogger(__name__)

ASK_S = 2.0
"""How long a paper waits for the hall to tell what only it knows; then it comes out without the QR code."""

TICKET_DOTS = 2000
"""How long the paper of a long ticket is."""

SYNC_S = 5.0
"""How long to wait for the hall before saying that this part is ready all the same."""


class Printer(Protocol):
    """A paper printer's Connection, or the screen's."""

    def status(self) -> PrinterStatus: ...
    def print(self, data: bytes, times: float = 1.0) -> PrinterStatus: ...
    def close(self) -> None: ...


def state_file(path: Path, bundle: Bundle) -> Path:
    """Where the printer remembers: systemd's state directory, else beside its bundle."""
    state = os.environ.get("STATE_DIRECTORY")
    folder = Path(state.split(":")[0]) if state else path / "devices" if path.is_dir() else path.parent
    return folder / f"{bundle.name}.handled"


def open_handled(file: Path) -> tuple[Handled, bool]:
    """(what was handled, whether that is known for sure)."""
    try:
        return Handled(file), True
    except OSError as error:
        log.warning(
            "%s: %s; tickets from before this start are not printed. Make its folder writable.", file, error.strerror
        )
        return Handled.in_memory(), False


async def run(path: Path, bundle: Bundle, settings: PrinterSettings, url: str | None) -> None:
    """Until SIGTERM. Raises Trouble."""
    try:
        font = find_font(settings.font)
    except NoFontError as error:
        if settings.chinese is Chinese.IMAGE or settings.transport is Transport.SCREEN:
            raise Trouble(str(error)) from None
        font = ""
    handled, sure = open_handled(state_file(path, bundle))
    async with _printer(bundle, settings, font) as (printer, address), HallClient(bundle) as client:
        duty = Duty(client, printer, settings, handled, url, remembers=sure)
        tasks = [asyncio.create_task(task) for task in (duty.print_all(), duty.watch_printer(), duty.reporter.run())]
        client.follow()
        with contextlib.suppress(NoController):
            await client.synced(SYNC_S)
        say_ready(address)
        log.info("printing for %s by %s", settings.kiosk, address or settings.transport)
        stopping = asyncio.create_task(until_told_to_stop())
        done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        await duty.finish()
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.gather(stopping, *tasks, return_exceptions=True)
        for task in done - {stopping}:
            task.result()


@contextlib.asynccontextmanager
async def _printer(bundle: Bundle, settings: PrinterSettings, font: str) -> AsyncIterator[tuple[Printer, str | None]]:
    if settings.transport is not Transport.SCREEN:
        yield Connection(settings), None
        return
    # Only the screen needs a page: a paper printer's process stays small.
    from ticket_printer.printer.screen.page import ScreenPrinter, declare_page
    from ticket_printer.serving import MEND, served

    screen = ScreenPrinter(settings.width_mm, font)
    declare_page(screen)
    secret = hashlib.blake2b(bundle.secret_key.encode(), person=b"printer-page").hexdigest()
    with listen(settings.host, settings.port, "the printer", MEND) as listener:
        async with served(listener, "屏幕打印机", secret, lambda app: app):
            yield screen, address_of(listener)


class Duty:
    """One printer at work."""

    def __init__(
        self,
        client: HallClient,
        printer: Printer,
        settings: PrinterSettings,
        handled: Handled,
        url: str | None,
        *,
        remembers: bool,
    ) -> None:
        self.client = client
        self.settings = settings
        self.handled = handled
        self.reporter = Reporter(client, handled)
        self._printer = printer
        self._url = url
        self._remembers = remembers
        self._worker = ThreadPoolExecutor(1, "printer")
        self._jobs: asyncio.Queue[AnyJob] = asyncio.Queue()
        self._catalogue = Catalogue({})
        self._looking: asyncio.Task[None] | None = None
        self._last = ""
        self._printing = asyncio.Lock()
        client.on_event(self._hear)
        client.on_sync(self._sync)
        client.on_connection(self._connection)
        for entry in handled.entries:
            if entry.outcome is None:
                detail = "打印中程序重启，请看出纸口 · restarted while printing, look at the paper slot"
                self.reporter.ticket(entry, PrintOutcome.FAILED, detail)

    def _hear(self, event: Event) -> None:
        if isinstance(event, CatalogueChanged):
            self._catalogue = Catalogue({})
        job, hall = job_of(event, self.settings.kiosk), self.client.hall
        if job is not None:
            self._jobs.put_nowait(in_language(job, hall) if hall else job)

    def _sync(self) -> None:
        hall = self.client.hall
        if hall is not None and self._remembers:
            for job in jobs_found(hall, self.settings.kiosk):
                self._jobs.put_nowait(job)
            if self._looking is not None:
                self._looking.cancel()
            self._looking = asyncio.create_task(self._look_back(hall))
        self._remembers = True  # from now on this process knows by itself what it has printed

    async def _look_back(self, hall: Hall) -> None:
        """Receipts and transfer lists of before we heard this hall: only its last events say where they come out."""
        since = max(0, hall.seq - wire.PAGE)
        try:
            reply = await self.client.ask(wire.EventsSince(since))
        except NoController:
            log.warning("receipts that were asked for while this part was away are not printed: the hall is silent")
            return
        if isinstance(reply, wire.EventsReply):
            for job in jobs_told(_known(reply.events), self.settings.kiosk):
                self._jobs.put_nowait(in_language(job, hall))

    def _connection(self, connected: bool) -> None:
        if connected:
            self._catalogue = Catalogue({})  # a controller that was started again may have read another catalogue
            self.reporter.again()

    async def print_all(self) -> None:
        while True:
            job = await self._jobs.get()
            async with self._printing:
                await self._do(job)

    async def _do(self, job: AnyJob) -> None:
        hall = self.client.hall
        if hall is None:
            return
        fresh_s = self.settings.fresh_s * max(1.0, self.client.rate)  # a rehearsal's minutes are short
        why_not = reason_not_to(hall, job, self.handled, self.client.now_ms(), fresh_s)
        if why_not is None:
            await self._print(job)
        elif why_not is WhyNot.TOO_LATE and isinstance(job, Job):
            self._give_up(job, "来不及打印 · the printer was busy or away for too long")
        elif why_not is WhyNot.TOO_LATE:
            log.info("%s %d is not printed: %s", job.key.kind, job.key.ticket, why_not)
        else:
            log.debug("%s is not printed: %s", job.key, why_not)

    def _give_up(self, job: AnyJob, detail: str) -> None:
        """The visitor reads the number from the screen; the hall hears why."""
        hall = self.client.hall
        key = job.key
        entry = Entry(epoch=hall.epoch if hall else "", ticket=key.ticket, copy=key.copy, kind=key.kind)
        self.handled.entries.append(entry)
        self.reporter.ticket(entry, PrintOutcome.FAILED, detail)
        log.warning("%s %d was not printed: %s", key.kind, key.ticket, detail)

    async def _print(self, job: AnyJob) -> None:
        """Asks for all that it needs first: from the entry in `handled` on, nothing but the printer is waited for."""
        status_of = await self._ask_about(job)
        laid_out = self._paper(job, status_of)
        hall = self.client.hall
        if laid_out is None or hall is None:
            return
        name, layout = laid_out
        try:
            entry = self.handled.begin(hall.epoch, job.key)
        except OSError as error:
            # Without this line on disk a restart could print it again: rather no paper than two.
            self._give_up(job, f"磁盘写入失败 · {self.handled.file}: {error.strerror}")
            return
        try:
            data = ticket_bytes(layout, self.settings)
            times = max(1.0, dots_high(layout, self.settings.width_mm) / TICKET_DOTS)
            status = await self._in_worker_print(data, times)
        except (PrintFailedError, NoFontError) as error:
            detail = sentence(error.status) if isinstance(error, PrintFailedError) else str(error)
            self.reporter.ticket(entry, PrintOutcome.FAILED, detail)
            log.warning("%s was not printed: %s", name, detail)
            if isinstance(error, PrintFailedError):
                self._say(error.status)
            return
        self.reporter.ticket(entry, PrintOutcome.PRINTED, "")
        log.info("printed %s%s", name, f" again, copy {job.key.copy}" if job.key.copy else "")
        self._say(status)

    def _paper(self, job: AnyJob, status: wire.TicketStatusReply | None) -> Named | None:
        """None for what has ended meanwhile, or cannot be said."""
        hall = self.client.hall
        if hall is None:
            return None
        known = Known(hall, self._catalogue, status, self._url, self.client.now_ms(), self.settings.width_mm)
        try:
            return paper_of(job, known)
        except CannotSayError as error:
            log.warning("not printed: %s", error)
            return None

    async def _ask_about(self, job: AnyJob) -> wire.TicketStatusReply | None:
        """What only the hall knows: its matters, and the token and code of a ticket."""
        try:
            async with asyncio.timeout(ASK_S):
                if not self._catalogue.matters:
                    matters = await self.client.ask(wire.Matters())
                    if isinstance(matters, wire.MattersReply):
                        self._catalogue = Catalogue({matter.code: matter for matter in matters.matters})
                if isinstance(job, DocumentsJob | ConsignmentJob):
                    return None
                reply = await self.client.ask(wire.TicketStatus(ticket=job.ticket))
        except (TimeoutError, NoController):
            return None
        return reply if isinstance(reply, wire.TicketStatusReply) else None

    async def watch_printer(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._say(await loop.run_in_executor(self._worker, self._printer.status))
            await asyncio.sleep(self.settings.poll_s)

    async def _in_worker_print(self, data: bytes, times: float) -> PrinterStatus:
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._printer.print, data, times)

    def _say(self, status: PrinterStatus) -> None:
        self.reporter.device(reports(status))
        words = sentence(status)
        if words != self._last:
            self._last = words
            log.info("printer: %s", words)

    async def finish(self) -> None:
        """Let a ticket that is being printed come out, and tell of it, as long as the time limits last."""
        await self._printing.acquire()
        await asyncio.get_running_loop().run_in_executor(self._worker, self._printer.close)
        self._worker.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASK_S):
                await self.reporter.all_told()


def _known(events: list[msgspec.Raw]) -> list[Event]:
    """Events of a newer hall that we cannot read ask nothing of us."""
    known: list[Event] = []
    for raw in events:
        with contextlib.suppress(msgspec.DecodeError):
            known.append(wire.read_event(raw))
    return known
