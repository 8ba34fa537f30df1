"""Requests and their replies over one DEALER socket at a time, each retried with its request_id until it is answered.

A connection that is given up is closed: nothing half-sent can arrive later.
"""

import asyncio
import logging
import time

import zmq
import zmq.asyncio

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle

log = logging.getLogger(__name__)

CONNECT_MS = 500
"""A connection that does not come about so soon is tried anew: what the system repeats by itself, it repeats later each
time."""
HANDSHAKE_MS = 700
RECONNECT_MS = (100, 200)
"""Between two tries. With what a try takes, a terminal knocks at a dead hall thrice a second."""


class NoController(Exception):
    """Nobody answered in time. Whether the command was done is not known; asking again with the same id is safe."""


def connected(context: zmq.asyncio.Context, kind: int, endpoint: str, bundle: Bundle) -> zmq.asyncio.Socket:
    """A socket that keeps trying to reach its hall, as this device."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.curve_serverkey = bundle.server_public_key.encode()
    socket.curve_publickey = bundle.public_key.encode()
    socket.curve_secretkey = bundle.secret_key.encode()
    socket.reconnect_ivl, socket.reconnect_ivl_max = RECONNECT_MS
    socket.set(zmq.CONNECT_TIMEOUT, CONNECT_MS)
    socket.set(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
    if kind == zmq.SUB:
        socket.rcvhwm = 100_000
        socket.subscribe(b"")
    socket.connect(endpoint)
    return socket


class Requests:
    """One device's requests. For one asyncio loop."""

    def __init__(self, bundle: Bundle, context: zmq.asyncio.Context, timeout_s: float, give_up_s: float) -> None:
        self.bundle = bundle
        self.timeout_s = timeout_s
        self.give_up_s = give_up_s
        self.connections = 0
        """How many were begun."""
        self._context = context
        self._dealer: zmq.asyncio.Socket | None = None
        self._reader: asyncio.Task[None] | None = None
        self._pending: dict[bytes, list[asyncio.Future[bytes]]] = {}
        """Who waits for the answer to which request: of a repeat under way, both."""

    async def exchange(self, request: wire.Request, request_id: str) -> wire.Reply:
        """The reply. Raises NoController when there was none within `give_up_s`."""
        body, key = wire.encode(request), request_id.encode()
        deadline = time.monotonic() + self.give_up_s
        while (left_s := deadline - time.monotonic()) > 0:
            answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            waiting = self._pending.setdefault(key, [])
            waiting.append(answer)
            dealer = self._dealer or self._connect()
            try:
                async with asyncio.timeout(min(self.timeout_s, left_s)):
                    await dealer.send_multipart([wire.VERSION, key, body])
                    return wire.decode_reply(await answer)
            except TimeoutError:
                if self._dealer is dealer:
                    self.drop()
            except asyncio.CancelledError:
                # Another request gave this socket up while we waited to be sent: again, on the fresh one.
                task = asyncio.current_task()
                if self._dealer is dealer or task is None or task.cancelling():
                    raise
            except zmq.ZMQError as error:
                log.debug("sending failed: %s", error)
            finally:
                waiting.remove(answer)
                if not waiting:
                    self._pending.pop(key, None)
        raise NoController(self.nobody())

    def nobody(self) -> str:
        return (
            f"no answer from the hall controller at {self.bundle.commands} within {self.give_up_s:g} s; "
            f"is it running, and is {self.bundle.name} still enrolled?"
        )

    def _connect(self) -> zmq.asyncio.Socket:
        dealer = self._dealer = connected(self._context, zmq.DEALER, self.bundle.commands, self.bundle)
        self._reader = asyncio.create_task(self._read(dealer))
        self.connections += 1
        return dealer

    def drop(self) -> None:
        """Close the socket with all that was not sent. Whoever still waits on it sends again on a fresh one."""
        if self._reader is not None:
            self._reader.cancel()
        if self._dealer is not None:
            self._dealer.close(linger=0)
        self._dealer = self._reader = None

    async def _read(self, dealer: zmq.asyncio.Socket) -> None:
        while True:
            frames = await dealer.recv_multipart()
            if len(frames) == 3:
                for answer in self._pending.get(frames[1], ()):
                    if not answer.done():
                        answer.set_result(frames[2])
