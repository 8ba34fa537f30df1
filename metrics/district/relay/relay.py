"""Reading every hall that there is a bundle for, and telling each what the others have done: one task a hall.

What is read of one hall wakes the task of the hall that it concerns. A hall that is away is tried again after longer
and longer pauses, for as long as it takes; its messages wait in the outbox meanwhile.
"""

import asyncio
import contextlib
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
from hall_controller.bus.bundle import BundleError
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.refusal import Refusal
from hall_controller.part import say_ready, until_told_to_stop
from metrics.district.ledger.collect import FIRST_RETRY_S, MAX_HALLS, USUAL, Pace, district_bundle
from metrics.district.ledger.facts import open_envelope
from metrics.district.relay.messages import can_change
from metrics.district.relay.outbox import Cursor, Outbox, OutboxTrouble, digest

log = logging.getLogger(__name__)
T = TypeVar("T")
NOTE_S = 30.0
"""So often it is noted that a hall was heard, while nothing else changes."""
REHEARSED = "it is a rehearsal, whose papers are none; give it an outbox of its own and --rehearsal"


class Refused(Exception):
    """This hall is not read or told anything now: one sentence."""


class Outcome(NamedTuple):
    """Of one pass over all halls."""

    halls: int
    """With a bundle."""
    away: list[str]
    """Of these, those that could not be read, or not be told all."""


class Relay:
    """All halls over one outbox."""

    def __init__(self, halls: Sequence[str], bundles: Path, pace: Pace = USUAL) -> None:
        self.bundles = bundles
        self.pace = pace
        self.context = zmq.asyncio.Context()
        self.context.set(zmq.MAX_SOCKETS, min(MAX_HALLS, self.context.get(zmq.SOCKET_LIMIT)))
        self._writer = ThreadPoolExecutor(1, "outbox")
        """SQLite's connection stays in one thread, and a slow disk never keeps a hall waiting."""
        self._outbox: Outbox | None = None
        self.lines = {hall: Line(self, hall) for hall in halls}

    @property
    def outbox(self) -> Outbox:
        assert self._outbox is not None, "opened before"
        return self._outbox

    async def open(self, file: Path, *, rehearsal: bool) -> None:
        """Raises OutboxTrouble."""
        self._outbox = await self.write(lambda: Outbox(file, create=True, rehearsal=rehearsal))

    async def close(self) -> None:
        for line in self.lines.values():
            await line.close()
        if self._outbox is not None:
            await self.write(self._outbox.close)
        self._writer.shutdown()
        self.context.destroy(linger=0)

    async def write(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, function, *arguments)

    async def pass_on(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as tasks:
            for line in self.lines.values():
                tasks.create_task(line.run())

    async def pass_on_once(self) -> Outcome:
        """Read all halls to their last event, then tell them what waits; each is tried once."""
        lines = [line for line in self.lines.values() if line.has_bundle()]
        read = await asyncio.gather(*(line.attempt(line.read) for line in lines))
        told = await asyncio.gather(
            *(line.attempt(line.tell) for line, is_read in zip(lines, read, strict=True) if is_read)
        )
        reached = [line.hall for line, is_read in zip(lines, read, strict=True) if is_read]
        done = {hall for hall, is_told in zip(reached, told, strict=True) if is_told}
        return Outcome(len(lines), [line.hall for line in lines if line.hall not in done])

    def wake(self, hall: str) -> None:
        """Something new waits for it."""
        if hall in self.lines:
            self.lines[hall].awake.set()
        else:
            log.warning("%s: is told of papers, but is not in the inventory", hall)


async def run(relay: Relay, file: Path, *, rehearsal: bool, once: bool) -> Outcome | None:
    """Until told to stop; or `once`. Raises OutboxTrouble."""
    try:
        await relay.open(file, rehearsal=rehearsal)
        if once:
            return await relay.pass_on_once()
        passing, stopping = asyncio.create_task(relay.pass_on()), asyncio.create_task(until_told_to_stop())
        say_ready()
        await asyncio.wait((passing, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in (passing, stopping):
            task.cancel()
        for ended in await asyncio.gather(passing, stopping, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
        return None
    finally:
        await relay.close()


class Line:
    """One hall."""

    def __init__(self, relay: Relay, hall: str) -> None:
        self.hall = hall
        self.awake = asyncio.Event()
        self._relay = relay
        self._client: HallClient | None = None
        self._is_known = False
        """It has said that it is the hall that is meant."""
        self._said: str | None = None
        self._noted_s = 0.0

    def has_bundle(self) -> bool:
        """Looked for each time: a hall joins when its bundle is carried here."""
        return (self._relay.bundles / self.hall).is_dir() or (self._relay.bundles / f"{self.hall}.toml").exists()

    async def run(self) -> None:
        pace, retry_s = self._relay.pace, FIRST_RETRY_S
        while True:
            if not self.has_bundle():
                await asyncio.sleep(pace.retry_s)
                continue
            self.awake.clear()
            retry_s = min(pace.retry_s, retry_s)
            if await self.attempt(self.read, self.tell):
                retry_s = FIRST_RETRY_S
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pace.every_s):
                        await self.awake.wait()
            else:
                await asyncio.sleep(retry_s * random.uniform(0.5, 1.0))  # noqa: S311 - not all at once
                retry_s *= 2

    async def attempt(self, *acts: Callable[[], Any]) -> bool:
        try:
            for act in acts:
                await act()
            await self._note("")
        except (NoController, BundleError, Refused) as error:
            await self._trouble(str(error))
            return False
        except OutboxTrouble as error:
            log.error("%s", error)
            return False
        except Exception as error:
            # One hall that cannot be read, whatever the cause, does not end the others.
            log.exception("%s: failed", self.hall)
            await self._trouble(f"the relay failed on it: {error!r}; see its log")
            return False
        return True

    async def _trouble(self, said: str) -> None:
        self._is_known = False
        with contextlib.suppress(OutboxTrouble):
            await self._note(said)

    async def _note(self, said: str) -> None:
        if said != self._said:
            if said:
                log.warning("%s: %s", self.hall, said)
            elif self._said:
                log.info("%s: is reached again", self.hall)
        elif time.monotonic() - self._noted_s < NOTE_S:
            return  # a hundred halls that are well need not write to the disk each second
        self._said, self._noted_s = said, time.monotonic()
        await self._relay.write(self._relay.outbox.note, self.hall, said)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    # --- reading ---------------------------------------------------------------------------------

    async def read(self) -> None:
        """To the hall's last event."""
        client = await self._connected()
        outbox, write = self._relay.outbox, self._relay.write
        while True:
            cursor = await write(outbox.cursor, self.hall)
            reply = await client.ask(wire.EventsSince(max(cursor.seq - 1, 0), self._relay.pace.page))
            if isinstance(reply, Refusal):
                raise Refused(f"it refuses to be read: {reply.message}")
            bodies = [bytes(event) for event in reply.events]
            if cursor.seq and not self._continues(cursor, reply, bodies):
                log.warning("%s: was restored; it is read afresh", self.hall)
                await write(outbox.begin_afresh, self.hall)
                continue
            if cursor.seq and bodies and open_envelope(bodies[0]).seq == cursor.seq:
                bodies = bodies[1:]
            if bodies:
                for message in await write(outbox.append, self.hall, bodies):
                    log.info("%s: %s %s", message.to_hall, message.kind, message.subject)
                    self._relay.wake(message.to_hall)
                continue
            lost = await write(outbox.end_afresh, self.hall, reply.oldest_seq)
            if lost:
                log.warning("%s: %d messages were lost with what it had before; they are told again", self.hall, lost)
            return

    def _continues(self, cursor: Cursor, reply: wire.EventsReply, bodies: list[bytes]) -> bool:
        """Whether this is still the journal that was read: the event that the relay knows last stands in it."""
        if not bodies:
            return False
        first = open_envelope(bodies[0])
        if first.seq > cursor.seq:
            if first.seq > cursor.seq + 1:
                log.warning("%s: events %d to %d were archived unread", self.hall, cursor.seq + 1, first.seq - 1)
            return reply.epoch == cursor.epoch
        return (first.seq, first.epoch) == (cursor.seq, cursor.epoch) and digest(bodies[0]) == cursor.anchor

    # --- telling ---------------------------------------------------------------------------------

    async def tell(self) -> None:
        """All that waits for this hall, in order. Raises Refused where it cannot take anything now."""
        client = await self._connected()
        outbox, write = self._relay.outbox, self._relay.write
        while (due := await write(outbox.due, self.hall)) is not None:
            reply = await client.ask(due.command, request_id=due.request_id)
            if isinstance(reply, wire.Accepted):
                await write(outbox.accepted, due.id, reply.seq)
                log.info("%s: knows of %s (%s)", self.hall, due.subject, due.kind)
                continue
            assert isinstance(reply, Refusal)
            for_ever, reason = not can_change(reply.code), f"{reply.code}: {reply.message}"
            await write(outbox.refused, due.id, reason, for_ever)
            if not for_ever:
                raise Refused(f"it cannot take messages now: {reason}")
            log.error("%s: refuses to %s %s: %s", self.hall, due.kind, due.subject, reason)

    # --- connecting ------------------------------------------------------------------------------

    async def _connected(self) -> HallClient:
        """The hall has said that it is the one that is meant. Raises BundleError, NoController, Refused."""
        if self._client is not None and self._is_known:
            return self._client
        bundle = district_bundle(self._relay.bundles, self.hall)
        if self._client is None or self._client.bundle != bundle:
            await self.close()
            patience_s = self._relay.pace.patience_s
            self._client = HallClient(
                bundle, timeout_s=patience_s / 3, give_up_s=patience_s, context=self._relay.context
            )
        status = await self._client.ask(wire.Status())
        if isinstance(status, Refusal):
            raise Refused(f"it refuses to be read: {status.message}")
        if status.hall != self.hall:
            raise Refused(f"the hall that answers at {bundle.commands} is {status.hall}; copy the right bundle here")
        if status.rehearsal and not self._relay.outbox.rehearsal:
            raise Refused(REHEARSED)
        self._is_known = True
        return self._client
