"""Following the journals of all halls: one task a hall, one thread that writes the ledger.

Each question for a hall's next events begins with the event that the ledger knows last. Is it still there, what
follows is counted; is it another, the hall was restored, and the place where the two histories part is looked for.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import zmq
import zmq.asyncio

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, BundleError, load_bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.sender import Role
from hall_controller.part import say_ready, until_told_to_stop
from metrics.district.inventory import HallEntry
from metrics.district.ledger.book import REHEARSED, Book, Cursor, Heard, Refused, digest
from metrics.district.ledger.facts import open_envelope
from metrics.district.ledger.store import StoreTrouble

log = logging.getLogger(__name__)
T = TypeVar("T")
MAX_HALLS = 20_000

FIRST_RETRY_S = 1.0
NOTE_S = 2.0
CHANGED = (
    "its journal was changed: event {seq} is not what it was, in the same epoch, as after a disk or machine was set"
    " back without `hall restore`; restore it from a backup, then read it again with --afresh {hall}"
)
ARCHIVED = (
    "it was restored, and its events before {oldest} are archived, so nobody can tell what the ledger has counted"
    " twice; read it again with --afresh {hall}"
)


class Pace(NamedTuple):
    """How often and how long, in seconds."""

    every_s: float = 5.0
    """Each hall is asked for its news."""
    patience_s: float = 9.0
    """A hall's answer is waited for."""
    retry_s: float = 60.0
    """The longest pause before a hall that is away is tried again."""
    page: int = wire.PAGE
    """Events that are asked for and written at once."""


USUAL = Pace()


class Collector:
    """All halls into one book."""

    def __init__(self, halls: Sequence[HallEntry], bundles: Path, pace: Pace = USUAL) -> None:
        self.halls = halls
        self.bundles = bundles
        self.pace = pace
        self._writer = ThreadPoolExecutor(1, "ledger")
        """SQLite's connection stays in one thread, and a slow disk or server never keeps a hall waiting."""
        self.context = zmq.asyncio.Context()
        self.context.set(zmq.MAX_SOCKETS, min(MAX_HALLS, self.context.get(zmq.SOCKET_LIMIT)))
        self.book: Book | None = None
        self.heard: dict[str, Heard] = {}
        """To be noted; by hall."""

    async def open(self, url: str, afresh: Sequence[str], *, rehearsal: bool) -> None:
        """Raises StoreTrouble."""
        self.book = await self.write(lambda: Book(url, self.halls, rehearsal=rehearsal))
        await self.write(self.book.forget, afresh)

    async def close(self) -> None:
        if self.book is not None:
            try:
                await self._note()
            except StoreTrouble as error:
                log.error("%s", error)
            await self.write(self.book.close)
        self._writer.shutdown()
        self.context.destroy(linger=0)

    async def write(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, function, *arguments)

    async def follow(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._note_for_ever())
            for hall in self.halls:
                tasks.create_task(Follower(self, hall.id).run())

    async def read_until_now(self) -> list[str]:
        """Until each hall's last event, trying each once; returns the halls that could not be read."""
        followers = [Follower(self, hall.id) for hall in self.halls]
        read = await asyncio.gather(*(follower.read_until_now() for follower in followers))
        return [follower.hall for follower, is_read in zip(followers, read, strict=True) if not is_read]

    async def _note_for_ever(self) -> None:
        while True:
            await asyncio.sleep(NOTE_S)
            try:
                await self._note()
            except StoreTrouble as error:
                log.error("%s", error)

    async def _note(self) -> None:
        heard, self.heard = self.heard, {}
        if heard and self.book is not None:
            await self.write(self.book.note, list(heard.values()))


async def run(collector: Collector, url: str, afresh: Sequence[str], *, rehearsal: bool, until_now: bool) -> list[str]:
    """Until told to stop, or until now; returns the halls that could not be read. Raises StoreTrouble."""
    try:
        await collector.open(url, afresh, rehearsal=rehearsal)
        if until_now:
            return await collector.read_until_now()
        following = asyncio.create_task(collector.follow())
        stopping = asyncio.create_task(until_told_to_stop())
        say_ready()
        await asyncio.wait((following, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in (following, stopping):
            task.cancel()
        for ended in await asyncio.gather(following, stopping, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
        return []
    finally:
        await collector.close()


class Follower:
    """One hall."""

    def __init__(self, collector: Collector, hall: str) -> None:
        self.hall = hall
        self._collector = collector
        self._client: HallClient | None = None
        self._is_known = False
        """It has said that it is the hall that is meant."""
        self._said = ""

    async def run(self) -> None:
        retry_s = FIRST_RETRY_S
        try:
            while True:
                retry_s = min(self._collector.pace.retry_s, retry_s)
                if await self._try():
                    retry_s = FIRST_RETRY_S
                    await asyncio.sleep(self._collector.pace.every_s)
                else:
                    await asyncio.sleep(retry_s * random.uniform(0.5, 1.0))  # noqa: S311 - not all at once
                    retry_s = retry_s * 2
        finally:
            await self._close()

    async def read_until_now(self) -> bool:
        try:
            return await self._try()
        finally:
            await self._close()

    async def _try(self) -> bool:
        """Read to the hall's last event; false when that did not go."""
        try:
            await self._read_on()
        except (NoController, BundleError, Refused, StoreTrouble) as error:
            self._trouble(str(error))
            return False
        except Exception as error:
            # One hall that cannot be read, whatever the cause, does not end the others.
            log.exception("%s: failed", self.hall)
            self._trouble(f"the collector failed on it: {error!r}; see its log")
            return False
        if self._said:
            log.info("%s: is read again", self.hall)
            self._said = ""
        return True

    def _trouble(self, said: str) -> None:
        if said != self._said:
            log.warning("%s: %s", self.hall, said)
        self._said = said
        self._is_known = False
        self._collector.heard[self.hall] = Heard(self.hall, None, 0, said)

    async def _close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    # --- reading ---------------------------------------------------------------------------------

    async def _read_on(self) -> None:
        client = await self._connected()
        book, write = self._collector.book, self._collector.write
        assert book is not None, "opened before"
        while True:
            cursor = await write(book.cursor, self.hall)
            reply = await self._ask(client, max(cursor.seq - 1, 0), self._collector.pace.page)
            bodies = [bytes(event) for event in reply.events]
            heard_ms = time.time_ns() // 1_000_000
            if cursor.seq and not self._continues(cursor, reply, bodies):
                branch, anchor = await self._parted(client, book, cursor, reply)
                log.warning("%s: was restored; its journal parts from the ledger's after event %d", self.hall, branch)
                await write(book.part, self.hall, branch, anchor)
                continue
            if cursor.seq and open_envelope(bodies[0]).seq == cursor.seq:
                bodies = bodies[1:]
            if bodies:
                cursor = await write(book.append, self.hall, bodies, reply.oldest_seq)
            elif cursor.seq < reply.last_seq:
                raise Refused(
                    f"it names {reply.last_seq} events and gives none after {cursor.seq}; run `hall check` there"
                )
            self._collector.heard[self.hall] = Heard(self.hall, heard_ms, reply.last_seq, "")
            if cursor.seq >= reply.last_seq:
                return

    def _continues(self, cursor: Cursor, reply: wire.EventsReply, bodies: list[bytes]) -> bool:
        """Whether the page goes on where the ledger stands. Raises Refused where that cannot be."""
        first = open_envelope(bodies[0]) if bodies else None
        if first is not None and (first.seq, first.epoch) == (cursor.seq, cursor.epoch):
            if cursor.anchor and digest(bodies[0]) != cursor.anchor:
                raise Refused(CHANGED.format(seq=cursor.seq, hall=self.hall))
            return True
        if first is not None and first.seq > cursor.seq:
            if first.epoch != cursor.epoch:
                raise Refused(ARCHIVED.format(oldest=reply.oldest_seq, hall=self.hall))
            return True
        if reply.epoch == cursor.epoch:
            raise Refused(CHANGED.format(seq=cursor.seq, hall=self.hall))
        return False

    async def _parted(self, client: HallClient, book: Book, cursor: Cursor, reply: wire.EventsReply) -> tuple[int, str]:
        """The last event that both have, and its digest: found by halving, for what they have in common comes first."""
        bodies: dict[int, bytes] = {}

        async def is_common(seq: int) -> bool:
            page = await self._ask(client, seq - 1, 1)
            if not page.events:
                return False
            bodies[seq] = bytes(page.events[0])
            event = open_envelope(bodies[seq])
            known = await self._collector.write(book.epoch_at, self.hall, seq)
            return (event.seq, event.epoch) == (seq, known)

        low, high = reply.oldest_seq - 1, min(cursor.seq - 1, reply.last_seq)
        if low and (low > high or not await is_common(low + 1)):
            raise Refused(ARCHIVED.format(oldest=reply.oldest_seq, hall=self.hall))
        while low < high:
            middle = (low + high + 1) // 2
            if await is_common(middle):
                low = middle
            else:
                high = middle - 1
        return low, digest(bodies[low]) if low in bodies else ""

    async def _ask(self, client: HallClient, since: int, limit: int) -> wire.EventsReply:
        reply = await client.ask(wire.EventsSince(since, limit))
        if isinstance(reply, Refusal):
            raise Refused(f"it refuses to be read: {reply.message}")
        assert isinstance(reply, wire.EventsReply)
        return reply

    # --- connecting ------------------------------------------------------------------------------

    async def _connected(self) -> HallClient:
        """The hall has said that it is the one that is meant. Raises BundleError, NoController, Refused."""
        if self._client is not None and self._is_known:
            return self._client
        bundle = district_bundle(self._collector.bundles, self.hall)
        if self._client is None or self._client.bundle != bundle:
            await self._close()
            patience_s = self._collector.pace.patience_s
            self._client = HallClient(
                bundle, timeout_s=patience_s / 3, give_up_s=patience_s, context=self._collector.context
            )
        status = await self._client.ask(wire.Status())
        if isinstance(status, Refusal):
            raise Refused(f"it refuses to be read: {status.message}")
        if status.hall != self.hall and not status.rehearsal:
            raise Refused(f"the hall that answers at {bundle.commands} is {status.hall}; copy the right bundle here")
        if status.rehearsal and not (self._collector.book and self._collector.book.rehearsal):
            raise Refused(REHEARSED)
        self._is_known = True
        return self._client


def district_bundle(bundles: Path, hall: str) -> Bundle:
    """From BUNDLES/ID.toml, or from the hall's own directory BUNDLES/ID on the same box. Raises BundleError."""
    directory, file = bundles / hall, bundles / f"{hall}.toml"
    if directory.is_dir():
        bundle = load_bundle(directory, Role.DISTRICT.value)
    elif file.exists():
        bundle = load_bundle(file)
    else:
        mend = f"copy devices/district.toml of hall {hall} there"
        raise BundleError(f"{file}: no such bundle; {mend}")
    if bundle.role is not Role.DISTRICT:
        mend = f"copy devices/district.toml of hall {hall} there"
        raise BundleError(f"{file}: is the bundle of a {bundle.role}, which has no business here; {mend}")
    return bundle
