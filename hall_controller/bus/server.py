"""The hall's side of the bus: a ROUTER for requests, a PUB for events, CURVE on both.

A plain, drained ROUTER (no asyncio) is what lets many requests share one commit. Whoever is not
enrolled does not get past the handshake; whoever was revoked later is refused message by message,
and the PUB is bound anew, since a subscriber that is connected already is not asked again.
"""

import contextlib
import logging
import time
from typing import NamedTuple

import zmq

from hall_controller.bus import wire
from hall_controller.bus.keys import Enrolled, KeyPair, senders_by_key
from hall_controller.bus.presence import Presence
from hall_controller.bus.zap import Gatekeeper
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.sender import Sender

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 1 << 20
"""libzmq cuts the connection of whoever sends a larger frame."""


class PortTaken(Exception):
    """An endpoint cannot be bound: one sentence."""


class Incoming(NamedTuple):
    peer: bytes
    sender: Sender | None
    """None when it has been revoked since it connected."""
    frames: list[bytes]


class BusServer:
    def __init__(self, commands: str, events: str, pair: KeyPair, devices: dict[str, Enrolled]) -> None:
        """Bind both endpoints. Raises PortTaken."""
        self._pair = pair
        self._events_endpoint = events
        self._context = zmq.Context()
        self._gatekeeper = Gatekeeper(self._context)
        self._gatekeeper.keys = self._senders = senders_by_key(devices)
        self.seen: dict[str, float] = {}
        """When each device last spoke (monotonic seconds)."""
        self.presence = Presence(self._is_connected)
        try:
            self._router = self._bind(zmq.ROUTER, commands)
            self._router.set(zmq.ROUTER_MANDATORY, 1)
            self._pub = self._bind(zmq.PUB, events)
        except PortTaken:
            self.close()
            raise
        self._poller = zmq.Poller()
        self._poller.register(self._router, zmq.POLLIN)
        self._poller.register(self._gatekeeper.socket, zmq.POLLIN)

    def _bind(self, kind: int, endpoint: str) -> zmq.Socket[bytes]:
        socket = self._context.socket(kind)
        socket.linger = 200
        socket.set(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
        socket.sndhwm = 20_000
        socket.curve_server = True
        socket.curve_secretkey = self._pair.secret_key.encode()
        socket.curve_publickey = self._pair.public_key.encode()
        socket.zap_domain = b"hall"
        socket.set(zmq.HEARTBEAT_IVL, 5_000)
        socket.set(zmq.HEARTBEAT_TIMEOUT, 15_000)
        try:
            socket.bind(endpoint)
        except zmq.ZMQError as error:
            socket.close(linger=0)
            mend = "is another hall running, or change [bus] in hall.toml"
            raise PortTaken(f"cannot listen on {endpoint}: {error.strerror}; {mend}") from None
        return socket

    def close(self) -> None:
        self._gatekeeper.socket.close()
        for name in ("_router", "_pub"):
            socket = getattr(self, name, None)
            if socket is not None:
                socket.close()
        self._context.term()

    def admit(self, devices: dict[str, Enrolled]) -> None:
        """The devices have changed: from now on only these speak, and only these hear."""
        senders = senders_by_key(devices)
        revoked = set(self._senders) - set(senders)
        self._gatekeeper.keys = self._senders = senders
        if revoked:
            self._rebind_pub()

    def _rebind_pub(self) -> None:
        self._pub.close(linger=0)
        deadline = time.monotonic() + 5
        while True:
            try:
                self._pub = self._bind(zmq.PUB, self._events_endpoint)
            except PortTaken:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)  # the closed socket gives its port back in the background
            else:
                return

    def drain(self, timeout_ms: int, most: int) -> list[Incoming]:
        """Wait for a request, then take all that have arrived, `most` of them."""
        if not self._poller.poll(timeout_ms):
            return []
        self._gatekeeper.answer_all()
        batch: list[Incoming] = []
        receive, senders, seen, now_s = self._router.recv_multipart, self._senders, self.seen, time.monotonic()
        while len(batch) < most:
            try:
                frames = receive(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                break
            try:
                sender = senders.get(str(frames[-1].get("User-Id")))
            except zmq.ZMQError:
                sender = None
            if sender is not None:
                seen[sender.name] = now_s
            peer, *rest = (frame.bytes for frame in frames)
            batch.append(Incoming(peer, sender, rest))
        return batch

    def reply(self, peer: bytes, request_id: bytes, body: bytes) -> None:
        """A peer that has gone will ask again with the same request id."""
        with contextlib.suppress(zmq.Again):
            try:
                _send(self._router, peer, wire.VERSION, request_id, body)
            except zmq.ZMQError as error:
                if error.errno != zmq.EHOSTUNREACH:
                    log.warning("a reply could not be sent: %s", error)

    def _is_connected(self, peer: bytes) -> bool:
        """Asked with a reply to nothing, which its reader drops; it cannot be sent to a connection that is gone."""
        try:
            _send(self._router, peer, wire.VERSION, b"", b"{}")
        except zmq.Again:
            return True
        except zmq.ZMQError:
            return False
        return True

    def publish(self, topic: bytes, epoch: bytes, seq: int, body: bytes) -> None:
        _send(self._pub, topic, wire.VERSION, epoch, seq.to_bytes(8, "big"), body)


_LAST = int(zmq.NOBLOCK)
_MORE = int(zmq.NOBLOCK | zmq.SNDMORE)


def _send(socket: zmq.Socket[bytes], *frames: bytes) -> None:
    """As send_multipart does, without making a flag object for each frame: a tenth of a command's time."""
    for frame in frames[:-1]:
        socket.send(frame, _MORE)
    socket.send(frames[-1], _LAST)


def check_frames(sender: Sender | None, frames: list[bytes]) -> Refusal | None:
    """A refusal for frames that are no request, or come from nobody."""
    if sender is None:
        return Refusal(Code.NOT_ALLOWED, "This device is not enrolled in this hall (any more).")
    if len(frames) != 3:
        return Refusal(Code.MALFORMED, f"A request has 3 frames (version, request_id, JSON), not {len(frames)}.")
    version, request_id, body = frames
    if version != wire.VERSION:
        shown = version[:16].decode("ascii", "replace")
        return Refusal(Code.UNSUPPORTED_VERSION, f"This hall speaks version 1, not {shown!r}; update the client.")
    if not 1 <= len(request_id) <= wire.MAX_REQUEST_ID_BYTES:
        return Refusal(
            Code.MALFORMED, f"request_id has {len(request_id)} bytes; give 1 to {wire.MAX_REQUEST_ID_BYTES}."
        )
    if len(body) > wire.MAX_REQUEST_BYTES:
        return Refusal(
            Code.TOO_LARGE, f"The request has {len(body)} bytes; at most {wire.MAX_REQUEST_BYTES} are taken."
        )
    return None
