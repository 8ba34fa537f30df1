"""The ticket machine behind the page: takes a ticket from the hall once for one touch, and tells it what was read."""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Coroutine

from hall_controller.bus import wire
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.commands import AcknowledgeTicket, Command
from hall_controller.domain.events import CatalogueChanged, Event
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import Catalogue, How
from hall_controller.domain.refusal import Code, Refusal
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.areas import Found, unknown_names
from ticket_printer.kiosk.asking import (
    booking_command,
    check_in_command,
    divert_command,
    list_command,
    ticket_command,
)
from ticket_printer.kiosk.bundles import chosen
from ticket_printer.kiosk.check_in import is_complete
from ticket_printer.kiosk.finding import Finder
from ticket_printer.kiosk.journey import Booked, Journey, Purpose, Screen, Shown
from ticket_printer.kiosk.seen import Seen, Viewport
from ticket_printer.kiosk.settings import KioskSettings

log = logging.getLogger(__name__)

KEPT_BROWSERS = 50
AGAIN_S = 1.0
LIST_AGAIN_S = 20.0
"""The same document list is not printed again sooner: an impatient finger wastes no paper."""
WITH_LIST = frozenset({Screen.DOCUMENTS, Screen.CONFIRM, Screen.THEME, Screen.DIVERTED})
"""Pages that may print it."""


class Machine:
    """Shared by the pages of one kiosk process. A journey belongs to a browser: a reload does not lose a number."""

    def __init__(
        self, client: HallClient, settings: KioskSettings, url: str | None, areas: tuple[Found, ...] = ()
    ) -> None:
        self.client = client
        self.settings = settings
        self.url = url
        self.areas = areas
        self.catalogue: Catalogue | None = None
        self.finder: Finder | None = None
        """Of this catalogue."""
        self.viewport = Viewport()
        """The touch screen's size as last told: a page that is opened again need not be drawn twice."""
        self._journeys: dict[str, Journey] = {}
        self._lists: dict[tuple[str, tuple[str, ...]], int] = {}
        """When a document list was last sent to the printer, by browser and matters."""
        self._started_ms: int | None = None
        """When this process first heard the hall, by the hall's clock."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._to_acknowledge: asyncio.Queue[int] = asyncio.Queue()
        self._connected = asyncio.Event()
        client.on_connection(self._connection)
        client.on_event(self._event)

    @property
    def hall(self) -> Hall | None:
        return self.client.hall

    @staticmethod
    def at_ms() -> int:
        """This process's own clock: what idles here does not hang on the hall's."""
        return int(time.monotonic() * 1000)

    # --- journeys --------------------------------------------------------------------------------

    def journey(self, browser: str) -> Journey:
        known = self._journeys.get(browser)
        if known is not None:
            return known
        if self._started_ms is None:
            return Journey(touched_ms=self.at_ms())  # not yet settled: the hall may tell of a number left behind
        self.keep(browser, self._first_journey(self._started_ms))
        return self._journeys[browser]

    def keep(self, browser: str, journey: Journey) -> None:
        self._journeys.pop(browser, None)
        self._journeys[browser] = journey
        while len(self._journeys) > KEPT_BROWSERS:
            del self._journeys[next(iter(self._journeys))]

    def touched(self, browser: str, journey: Journey) -> None:
        self.keep(browser, j.touched(journey, self.at_ms()))

    def pass_time(self, browser: str) -> Journey:
        before = self.journey(browser)
        after = j.pass_time(before, self.hall, self.settings, self.at_ms())
        if after is not before and browser in self._journeys:
            self._journeys[browser] = after
        return after

    def _first_journey(self, started_ms: int) -> Journey:
        """A browser that this process has not seen: when it was started again under a visitor's eyes, their number."""
        if self.hall is None or self.hall.rules is None:
            return Journey(touched_ms=self.at_ms())
        claim_ms = in_force(self.hall).claim_s * 1000
        name = self.client.bundle.name
        ticket = j.left_behind(self.hall, name, started_ms, claim_ms, self.client.now_ms())
        if ticket is None:
            return Journey(touched_ms=self.at_ms())
        shown = Shown(ticket=ticket.ticket, number=ticket.number or "", since_ms=self.at_ms())
        return j.issued(Journey(), shown)

    def seen(self, browser: str) -> Seen:
        """What the page of this browser is drawn from now."""
        listed = self._listed(self.journey(browser))
        return Seen(
            hall=self.hall,
            catalogue=self.catalogue,
            connected=self.client.connected,
            settings=self.settings,
            url=self.url,
            areas=self.areas,
            list_printed=bool(listed) and self._was_printed(browser, listed),
            viewport=self.viewport,
            at_ms=self.at_ms(),
            now_ms=self.client.now_ms(),
        )

    # --- asking the hall -------------------------------------------------------------------------

    def take(self, browser: str) -> None:
        """Take the ticket, or make the booking, that the journey has come to.

        A second touch finds another screen and does nothing.
        """
        journey = self.journey(browser)
        if journey.screen is not Screen.CONFIRM or journey.matter is None:
            return
        if journey.purpose is Purpose.TICKET:
            self._start(self._take(browser, journey))
        elif journey.slot_at_ms is not None:
            self._start(self._book(browser, journey))
        self.touched(browser, j.issuing(journey))

    def check_in(self, browser: str) -> None:
        journey = self.journey(browser)
        if journey.screen is not Screen.CHECK_IN:
            return
        if not is_complete(journey.code):
            self.touched(browser, j.refused(journey, Code.MALFORMED))
            return
        self._start(self._check_in(browser, journey))
        self.touched(browser, j.issuing(journey))

    def divert(self, browser: str, way: How) -> None:
        """The visitor does without a visit. A second touch finds another screen and counts nothing."""
        journey = self.journey(browser)
        if journey.screen is Screen.CONFIRM and journey.matter is not None and not journey.more:
            self._start(self._divert(journey, way))
            self.touched(browser, steps.diverted(journey, way))

    def print_list(self, browser: str) -> None:
        """Print the documents of the chosen matters; not again within a few seconds."""
        journey = self.journey(browser)
        codes = self._listed(journey)
        if not codes or self._was_printed(browser, codes):
            return
        fresh = {key: at for key, at in self._lists.items() if self.at_ms() < at + LIST_AGAIN_S * 1000}
        self._lists = {**fresh, (browser, codes): self.at_ms()}
        self.touched(browser, journey)
        self._start(self._print_list(browser, journey, codes))

    def _listed(self, journey: Journey) -> tuple[str, ...]:
        """The matters whose documents stand on this page."""
        if journey.screen not in WITH_LIST or self.catalogue is None:
            return ()
        return tuple(matter.code for matter in chosen(journey, self.catalogue))

    def _was_printed(self, browser: str, codes: tuple[str, ...]) -> bool:
        at_ms = self._lists.get((browser, codes))
        return at_ms is not None and self.at_ms() < at_ms + LIST_AGAIN_S * 1000

    def _start(self, asking: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(asking)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _in_time(self) -> int:
        """Until when an answer is waited for, by the hall's clock."""
        return self.client.now_ms() + int(self.client.give_up_s * 1000 * max(1.0, self.client.rate))

    async def _take(self, browser: str, journey: Journey) -> None:
        command = ticket_command(journey, self.catalogue, self._in_time())
        reply = await self._settled(command, uuid.uuid4().hex)
        if isinstance(reply, wire.Accepted):
            self.touched(browser, j.issued(journey, _shown(reply, self.at_ms())))
        elif reply.code is Code.STALE:
            self.touched(browser, journey)  # nothing was taken while the hall was away: the visitor may touch again
        elif reply.code in (Code.ISSUING_STOPPED, Code.HALL_CLOSED):
            self.touched(browser, j.restart(journey))  # the page says so by itself
        else:
            log.warning("no ticket for %s: %s", journey.matter, reply.message)
            self.touched(browser, j.sorry(journey, reply.message if journey.english else ""))

    async def _book(self, browser: str, journey: Journey) -> None:
        command = booking_command(journey, self.catalogue, self._in_time())
        reply = await self._settled(command, uuid.uuid4().hex)
        if isinstance(reply, wire.Accepted):
            self.touched(browser, j.booked(journey, _booked(reply, self.at_ms())))
        elif reply.code is Code.STALE:
            self.touched(browser, journey)
        else:
            log.warning("no booking of %s: %s", journey.matter, reply.message)
            self.touched(browser, j.refused(journey, reply.code))

    async def _check_in(self, browser: str, journey: Journey) -> None:
        command = check_in_command(journey, self._in_time())
        reply = await self._settled(command, uuid.uuid4().hex)
        if isinstance(reply, wire.Accepted):
            self.touched(browser, j.issued(journey, _shown(reply, self.at_ms())))
        else:
            log.info("no check-in: %s", reply.code)
            self.touched(browser, j.refused(journey, reply.code))

    async def _print_list(self, browser: str, journey: Journey, codes: tuple[str, ...]) -> None:
        reply = await self._settled(list_command(journey, codes, self._in_time()), uuid.uuid4().hex)
        if not isinstance(reply, wire.Accepted):
            log.warning("no document list of %s: %s", codes[0], reply.message)
            self._lists.pop((browser, codes), None)

    async def _divert(self, journey: Journey, way: How) -> None:
        reply = await self._settled(divert_command(journey, way), uuid.uuid4().hex)
        if isinstance(reply, Refusal):
            log.warning("a diversion of %s was not counted: %s", journey.matter, reply.message)

    async def _settled(self, command: Command, request_id: str) -> wire.Accepted | Refusal:
        """The hall's answer, however long it is away: the same request again is done once."""
        while True:
            try:
                reply: wire.Accepted | Refusal = await self.client.ask(command, request_id=request_id)
            except NoController:
                await asyncio.sleep(AGAIN_S)
            else:
                return reply

    def acknowledge(self, browser: str) -> None:
        """The visitor has read the number and touched it away."""
        journey = self.journey(browser)
        if journey.ticket is not None:
            self._to_acknowledge.put_nowait(journey.ticket.ticket)
        self.touched(browser, Journey())

    async def acknowledge_all(self) -> None:
        """A number that was read counts, also when the hall hears of it later."""
        while True:
            ticket = await self._to_acknowledge.get()
            while True:
                try:
                    reply = await self.client.ask(AcknowledgeTicket(ticket=ticket))
                except NoController:
                    await asyncio.sleep(AGAIN_S)
                    continue
                if isinstance(reply, Refusal):
                    log.warning("ticket %d was not acknowledged: %s", ticket, reply.message)
                break

    async def load_catalogue(self) -> None:
        """Read the matters when the hall is heard afresh, and when it has others."""
        while True:
            await self._connected.wait()
            self._connected.clear()
            with contextlib.suppress(NoController):
                reply = await self.client.ask(wire.Matters())
                if isinstance(reply, wire.MattersReply):
                    await self._take_in(Catalogue({matter.code: matter for matter in reply.matters}))
                    continue
            await asyncio.sleep(AGAIN_S)
            self._connected.set()

    async def _take_in(self, catalogue: Catalogue) -> None:
        """The index is made beside the event loop: no touch waits for it."""
        if self.catalogue is None or catalogue.matters != self.catalogue.matters:
            self.finder = await asyncio.to_thread(Finder, catalogue)
            self.catalogue = catalogue
            if self.settings.areas:  # the sample's are of the sample's matters
                for problem in unknown_names([found.area for found in self.areas], catalogue):
                    log.warning("%s: %s", self.settings.areas, problem)

    def _event(self, event: Event) -> None:
        if isinstance(event, CatalogueChanged):
            self._connected.set()

    def _connection(self, connected: bool) -> None:
        if connected:
            self._started_ms = self._started_ms or self.client.now_ms()
            self._connected.set()


def _booked(reply: wire.Accepted, at_ms: int) -> Booked:
    return Booked(
        ticket=reply.ticket if isinstance(reply.ticket, int) else 0,
        code=reply.code if isinstance(reply.code, str) else "",
        token=reply.token if isinstance(reply.token, str) else None,
        seq=reply.seq,
        since_ms=at_ms,
    )


def _shown(reply: wire.Accepted, at_ms: int) -> Shown:
    return Shown(
        ticket=reply.ticket if isinstance(reply.ticket, int) else 0,
        number=reply.number if isinstance(reply.number, str) else "",
        ahead=reply.ahead if isinstance(reply.ahead, int) else None,
        predicted_wait_s=reply.predicted_wait_s if isinstance(reply.predicted_wait_s, int) else None,
        predicted_bound_s=reply.predicted_bound_s if isinstance(reply.predicted_bound_s, int) else None,
        token=reply.token if isinstance(reply.token, str) else None,
        seq=reply.seq,
        since_ms=at_ms,
    )
