"""One hall, followed for all callers: its state, its catalogue, what is predicted; and what is sent to it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any

from hall_controller.bus import wire
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain import commands as c
from hall_controller.domain.events import CatalogueChanged, Event
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, Matter, Theme
from hall_controller.domain.prediction import Estimate, predict, predict_newcomer
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.search import Search
from hall_controller.domain.ticket import VisitorClass
from hall_controller.gateway.problems import refused, silent

log = logging.getLogger(__name__)

SYNC_S = 3.0
"""How long the first request waits for the hall to be heard, and an answer for the state that it speaks of."""
READ_AGAIN_S = 5.0
ESTIMATE_FOR_MS = 10_000
"""A prediction may depend on the time, but not so much that each caller needs its own."""


class Known:
    """A catalogue, ready to be searched."""

    def __init__(self, catalogue: Catalogue, search: Search) -> None:
        self.matters: dict[str, Matter] = catalogue.matters
        self.themes: dict[str, Theme] = catalogue.themes()
        self.search = search


class Live:
    """For one asyncio loop."""

    def __init__(self, client: HallClient, stale_s: float) -> None:
        self.client = client
        self._rehearsal: bool | None = None
        self._stale_s = stale_s
        self._known: Known | None = None
        self._lost_s: float | None = None
        """Since when the hall is silent, by the monotonic clock."""
        self._changed = asyncio.Event()
        self._read = asyncio.Event()
        """The catalogue may be another one."""
        self._key: tuple[str, int, int] | None = None
        self._waits: dict[int, Estimate] | None = None
        self._newcomer: Estimate | None = None
        client.on_event(self._hear)
        client.on_sync(self._resync)
        client.on_connection(self._connection)

    # --- following -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Follow the hall until cancelled."""
        self.client.follow()
        while True:
            await self._read.wait()
            self._read.clear()
            try:
                await self._read_catalogue()
            except NoController:
                # Asked again when the hall is heard, or after a while.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(READ_AGAIN_S):
                        await self._read.wait()
                self._read.set()

    async def _read_catalogue(self) -> None:
        status = await self.client.ask(wire.Status())
        if isinstance(status, wire.StatusReply):
            self._rehearsal = status.rehearsal
            self._tell()
        reply = await self.client.ask(wire.Matters())
        if not isinstance(reply, wire.MattersReply):
            log.error("the catalogue cannot be read: %s", getattr(reply, "message", reply))
            return
        catalogue = Catalogue({matter.code: matter for matter in reply.matters})
        # In a thread: an index over a thousand matters takes a second, and callers wait.
        search = await asyncio.to_thread(Search, reply.matters)
        self._known = Known(catalogue, search)
        self._tell()

    def _hear(self, event: Event) -> None:
        if isinstance(event, CatalogueChanged):
            self._read.set()
        self._tell()

    def _resync(self) -> None:
        self._key = None  # the same seq may be another event now
        self._read.set()
        self._tell()

    def _connection(self, heard: bool) -> None:
        log.info("the hall is heard" if heard else "the hall is silent")
        self._lost_s = None if heard else time.monotonic()
        self._read.set()

    def _tell(self) -> None:
        """Wake all who wait for a change."""
        self._changed.set()
        self._changed = asyncio.Event()

    # --- what is known ---------------------------------------------------------------------------

    @property
    def heard(self) -> bool:
        return self.client.connected

    def now_ms(self) -> int:
        return self.client.now_ms()

    async def hall(self) -> Hall:
        """As it was heard last, if that is not too long ago. Raises Problem."""
        if self.client.hall is None:
            with contextlib.suppress(NoController):
                await self.client.synced(SYNC_S)
        if self.client.hall is None or self._is_stale():
            raise silent()
        return self.client.hall

    def _is_stale(self) -> bool:
        return self._lost_s is not None and time.monotonic() - self._lost_s > self._stale_s

    async def known(self) -> Known:
        """The catalogue. Raises Problem."""
        await self.hall()
        if not await self._until(lambda: self._known is not None):
            raise silent()
        assert self._known is not None
        return self._known

    async def rehearsal(self) -> bool:
        """Whether this is no real hall. Raises Problem."""
        if not await self._until(lambda: self._rehearsal is not None):
            raise silent()
        return bool(self._rehearsal)

    async def _until(self, condition: Callable[[], bool]) -> bool:
        """Whether it comes to be so in time."""
        deadline_s = time.monotonic() + SYNC_S
        while not condition():
            changed = self._changed
            try:
                async with asyncio.timeout(max(0.0, deadline_s - time.monotonic())):
                    await changed.wait()
            except TimeoutError:
                return False
        return True

    def name_of(self, code: str) -> tuple[str, str]:
        """Of a matter, (zh, en); its code where the catalogue of today has it not."""
        matter = self._known.matters.get(code) if self._known is not None else None
        return (matter.name_zh, matter.name_en) if matter is not None else (code, code)

    def estimate(self, hall: Hall, ticket: int) -> Estimate | None:
        self._forget_old(hall)
        if self._waits is None:
            self._waits = predict(hall, self.now_ms())
        return self._waits.get(ticket)

    def newcomer(self, hall: Hall) -> Estimate:
        """What an ordinary visitor would be told who took a ticket now."""
        self._forget_old(hall)
        if self._newcomer is None:
            self._newcomer = predict_newcomer(hall, VisitorClass.ORDINARY, self.now_ms())
        return self._newcomer

    def _forget_old(self, hall: Hall) -> None:
        key = (hall.epoch, hall.seq, self.now_ms() // ESTIMATE_FOR_MS)
        if key != self._key:
            self._key, self._waits, self._newcomer = key, None, None

    # --- asking ----------------------------------------------------------------------------------

    async def ask(self, query: wire.Query) -> Any:
        """Raises Problem."""
        try:
            reply = await self.client.ask(query)
        except NoController:
            raise silent() from None
        return reply

    async def do(self, command: c.Command, request_id: str | None) -> wire.Accepted:
        """Send a command; what it led to is in `hall` on return, if the hall is heard. Raises Problem."""
        reply = await self._send(command, request_id)
        if isinstance(reply, Refusal) and reply.code is Code.STALE:
            reply = await self._send(command, request_id)  # its clock was set in the meantime: once more by the new one
        if isinstance(reply, Refusal):
            raise refused(reply)
        assert isinstance(reply, wire.Accepted)
        await self._reach(reply.seq)
        return reply

    async def _send(self, command: c.Command, request_id: str | None) -> Any:
        try:
            return await self.client.ask(command, request_id=request_id)
        except NoController:
            raise silent() from None

    async def _reach(self, seq: int) -> None:
        """So that whoever asks next sees what was done."""
        await self._until(lambda: not self.heard or self.client.hall is None or self.client.hall.seq >= seq)
