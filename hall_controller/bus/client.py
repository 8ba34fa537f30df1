"""The client through which every other part speaks with the hall.

    async with HallClient(bundle) as client:
        reply = await client.ask(CallNext(counter=3))     # Accepted | Refusal; NoController when nobody answers
        client.on_event(lambda event: ...)                 # after the event was applied to client.hall
        client.follow()                                    # keeps client.hall true from now on

A request is retried with the same request_id, so it is done once. A connection that is given up
is closed: nothing half-sent can arrive later. What follows the hall hears a pulse before it asks
for the snapshot, then applies exactly the next seq.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import msgspec
import zmq
import zmq.asyncio
from msgspec.structs import replace

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.features import OPTIONAL_FIELDS, Feature, understood
from hall_controller.bus.following import Position, stepped
from hall_controller.bus.requests import NoController, Requests, connected
from hall_controller.domain import commands as c
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal

__all__ = ["HEARTBEAT_S", "SILENCE_S", "HallClient", "NoController"]

log = logging.getLogger(__name__)

SILENCE_S = 3.5
"""Pulses come each second; after this long without one the connection is lost."""
UNSURE_S = 3.0
"""Events of a newer hall that are not understood lead to a snapshot each so often at most."""
HEARTBEAT_S = 20.0
"""A follower only listens; so often it speaks too, so that the hall knows which of its devices live."""


class HallClient:
    """One device's connection to its hall. For one asyncio loop; `hall` may be read at any time, never changed."""

    def __init__(
        self,
        bundle: Bundle,
        *,
        timeout_s: float = 1.5,
        give_up_s: float = 6.0,
        context: zmq.asyncio.Context | None = None,
    ) -> None:
        """Wait `timeout_s` for each try of a request, and `give_up_s` for all of them.

        Who speaks with many halls lends one `context` to all clients: each of its own is two threads and seven files.
        """
        self.bundle = bundle
        self.timeout_s = timeout_s
        self.give_up_s = give_up_s
        self.hall: Hall | None = None
        """The hall as this client knows it; None until the first snapshot. Replaced, not merged, on a resync."""
        self.connected = False
        self.features: frozenset[str] = frozenset()
        """What the hall understands beyond the first release; empty until it was heard, and while it is lost."""
        self._context = context or zmq.asyncio.Context()
        self._owns_context = context is None
        self._requests = Requests(bundle, self._context, timeout_s, give_up_s)
        self._position = Position()
        self.session = uuid.uuid4().hex
        """Tells this running client from others with the same key."""
        self.shared: frozenset[int] = frozenset()
        """Counters for which more than one terminal speaks now, as the hall says; empty while it is lost."""
        self._unsure = False
        """An event was not understood: `hall` may lack what it changed."""
        self._snapshot_s = 0.0
        """When the last snapshot was taken (monotonic seconds)."""
        self._introduced = 0
        """The connection over which this session was last named."""
        self._introducing: asyncio.Task[None] | None = None
        self._follower: asyncio.Task[None] | None = None
        self._heartbeat: asyncio.Task[None] | None = None
        self.delay_ms: int | None = None
        """Of a voice: how late it is of late; told with each heartbeat."""
        self._synced = asyncio.Event()
        self._clock: tuple[float, float, float] | None = None
        """The hall's clock as last heard: its seconds, our monotonic seconds, its rate."""
        self._event_listeners: list[Callable[[Event], None]] = []
        self._sync_listeners: list[Callable[[], None]] = []
        self._connection_listeners: list[Callable[[bool], None]] = []
        self._device_listeners: list[Callable[[frozenset[int]], None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        tasks = [task for task in (self._follower, self._heartbeat, self._introducing) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._follower = self._heartbeat = None
        self._requests.drop()
        if self._owns_context:
            self._context.destroy(linger=0)

    # --- listening -------------------------------------------------------------------------------

    def on_event(self, listener: Callable[[Event], None]) -> None:
        """Called for each event in order, once `hall` holds it."""
        self._event_listeners.append(listener)

    def on_sync(self, listener: Callable[[], None]) -> None:
        """Called when `hall` was replaced by a snapshot: draw everything afresh."""
        self._sync_listeners.append(listener)

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        """Called with True when the hall is heard (again), with False when it has fallen silent."""
        self._connection_listeners.append(listener)

    def on_devices(self, listener: Callable[[frozenset[int]], None]) -> None:
        """Called with `shared` whenever it has changed: another terminal speaks for a counter, or no longer does."""
        self._device_listeners.append(listener)

    def follow(self) -> None:
        """Keep `hall` true in the background, from now until `close`."""
        if self._follower is None:
            self._follower = asyncio.create_task(self._follow_for_ever())
            self._heartbeat = asyncio.create_task(self._be_heard())

    async def synced(self, timeout_s: float | None = None) -> Hall:
        """Wait for the first snapshot. Raises NoController after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._synced.wait()
        except TimeoutError:
            raise NoController(self._requests.nobody()) from None
        assert self.hall is not None
        return self.hall

    @property
    def rate(self) -> float:
        """How fast the hall's clock runs against ours: 1.0, but for a rehearsal."""
        return self._clock[2] if self._clock else 1.0

    def now_ms(self) -> int:
        """The hall's clock, as last heard. The wall clock while nothing was heard."""
        if self._clock is None:
            return int(time.time() * 1000)
        heard_s, when_s, rate = self._clock
        return int((heard_s + (time.monotonic() - when_s) * rate) * 1000)

    # --- asking ----------------------------------------------------------------------------------

    async def ask(self, request: wire.Request, *, request_id: str | None = None) -> Any:
        """Send a command or query and return its reply: Accepted, Refusal, or the query's own reply.

        A command without `expires_at_ms` gets one: after the last moment at which we would still wait for it.
        What this hall does not understand yet (`seen_seq`) is left out.
        Raises NoController when there was no answer within `give_up_s`.
        """
        request_id = request_id or uuid.uuid4().hex
        if not isinstance(request, c.Command):
            reply = await self._requests.exchange(request, request_id)
            if isinstance(reply, wire.StatusReply):
                self._hear_status(reply)
            return reply
        if request.expires_at_ms is None:
            if self._clock is None:
                status = await self.ask(wire.Status())
                if not isinstance(status, wire.StatusReply):
                    return status
            patience_s = self.give_up_s * max(1.0, self.rate)
            request = replace(request, expires_at_ms=self.now_ms() + int(patience_s * 1000))
        known = understood(request, self.features)
        reply = await self._requests.exchange(known, request_id)
        if isinstance(reply, Refusal) and reply.code is Code.MALFORMED and reply.field in OPTIONAL_FIELDS:
            self.features = frozenset()  # an older hall has taken the place of the one that we knew
            reply = await self._requests.exchange(understood(request, self.features), request_id)
        if isinstance(reply, Refusal) and reply.code is Code.STALE and reply.field == "expires_at_ms":
            self._clock = None  # the hall's clock may have been set since we heard it: hear it again
        return reply

    # --- following -------------------------------------------------------------------------------

    async def _follow_for_ever(self) -> None:
        while True:
            sub = connected(self._context, zmq.SUB, self.bundle.events, self.bundle)
            try:
                await self._follow(sub)
            except (TimeoutError, NoController):
                self._say_connected(False)
            except (zmq.ZMQError, msgspec.DecodeError) as error:
                log.warning("following afresh: %s", error)
                await asyncio.sleep(1)
            except Exception:
                # Whatever it was, a screen that stands still unnoticed is worse. Start over from a snapshot.
                log.exception("following failed; starting afresh")
                self.hall = self.hall and replace(self.hall, epoch="")  # of no epoch, so it will be replaced whole
                await asyncio.sleep(1)
            finally:
                sub.close(linger=0)

    async def _be_heard(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if self.connected:
                await self._introduce()

    def _introduce_soon(self) -> None:
        """On each new connection of a counter's terminal: the hall takes a session to end with its connection."""
        is_due = self.bundle.counter is not None and self._introduced != self._requests.connections
        if is_due and (self._introducing is None or self._introducing.done()):
            self._introducing = asyncio.create_task(self._introduce())

    async def _introduce(self) -> None:
        """Say that this device lives, and which of its sessions this is."""
        with contextlib.suppress(NoController):
            known = self.bundle.counter is not None and Feature.SESSIONS in self.features
            session = self.session if known else None
            await self.ask(wire.Status(delay_ms=self.delay_ms, session=session))
            self._introduced = self._requests.connections

    async def _follow(self, sub: zmq.asyncio.Socket) -> None:
        """Until silence (TimeoutError): pulse, snapshot or catch-up, then every next event."""
        fresh = True
        while True:
            async with asyncio.timeout(SILENCE_S):
                topic, _, epoch, seq, body = await sub.recv_multipart()
            if topic == wire.TOPIC_PULSE:
                pulse = wire.decode_pulse(body)
                self._hear_clock(pulse.now_ms, pulse.rate)
                if fresh:
                    await self.ask(wire.Status(delay_ms=self.delay_ms))
                if fresh or self.hall is None or self.hall.epoch != epoch.decode() or pulse.seq > self.hall.seq:
                    await self._catch_up(epoch.decode(), pulse.seq)
                    fresh = False
                elif self._unsure and time.monotonic() >= self._snapshot_s + UNSURE_S:
                    await self._take_snapshot()
                elif self._position.has_lost(self.hall.seq, pulse.seq, pulse.now_ms):
                    log.warning("the hall has lost what came after event %d; starting afresh", pulse.seq)
                    await self._take_snapshot()
                self._say_connected(True)
                self._say_shared(frozenset(pulse.shared))
                self._introduce_soon()
            elif not fresh and self.hall is not None:
                await self._next(epoch.decode(), int.from_bytes(seq, "big"), body)

    async def _next(self, epoch: str, seq: int, body: bytes) -> None:
        hall = self.hall
        assert hall is not None
        if hall.epoch == epoch and seq <= hall.seq:
            if wire.read_event(body).at_ms > hall.at_ms:
                log.warning("the hall counts anew from event %d; starting afresh", seq)
                await self._take_snapshot()
            return
        if hall.epoch == epoch and seq == hall.seq + 1:
            self._apply(wire.read_event(body))
        else:
            await self._catch_up(epoch, seq)

    async def _catch_up(self, epoch: str, last_seq: int) -> None:
        """Reach at least `last_seq`: by the missing events where we know the epoch, else by a snapshot."""
        while self.hall is not None and self.hall.epoch == epoch and self.hall.seq <= last_seq:
            if self.hall.seq == last_seq:
                return
            reply = await self._requests.exchange(wire.EventsSince(self.hall.seq), uuid.uuid4().hex)
            if not isinstance(reply, wire.EventsReply) or reply.epoch != epoch or reply.oldest_seq > self.hall.seq + 1:
                break
            for raw in reply.events:
                self._apply(wire.read_event(raw))
            self._position.learned(reply.now_ms or self.hall.at_ms)
            if not reply.events:
                break
        await self._take_snapshot()

    async def _take_snapshot(self) -> None:
        snapshot = await self._requests.exchange(wire.Snapshot(), uuid.uuid4().hex)
        if not isinstance(snapshot, wire.SnapshotReply):
            raise NoController(snapshot.message if isinstance(snapshot, Refusal) else "no snapshot")
        self.hall = snapshot.state
        self._position.learned(snapshot.now_ms)
        self._unsure, self._snapshot_s = False, time.monotonic()
        self._synced.set()
        _tell(self._sync_listeners)

    def _apply(self, event: Event) -> None:
        assert self.hall is not None
        self._unsure |= not stepped(self.hall, event)
        _tell(self._event_listeners, event)

    def _hear_status(self, status: wire.StatusReply) -> None:
        self._hear_clock(status.now_ms, status.clock_rate)
        self.features = frozenset(status.features)

    def _hear_clock(self, now_ms: int, rate: float) -> None:
        self._clock = (now_ms / 1000, time.monotonic(), rate)

    def _say_shared(self, shared: frozenset[int]) -> None:
        if shared != self.shared:
            self.shared = shared
            _tell(self._device_listeners, shared)

    def _say_connected(self, connected: bool) -> None:
        if connected != self.connected:
            self.connected = connected
            if not connected:
                self.features = frozenset()
                self._say_shared(frozenset())
                self._requests.drop()  # as dead as the line; a fresh one is answered at once
            _tell(self._connection_listeners, connected)


def _tell(listeners: Sequence[Callable[..., None]], *what: object) -> None:
    """A listener that fails costs the others nothing, and the hall stays true."""
    for listener in listeners:
        try:
            listener(*what)
        except Exception:
            log.exception("a listener failed")
