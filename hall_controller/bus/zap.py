"""The gatekeeper of the bus: libzmq asks it at each CURVE handshake whether a key may come in (ZAP, RFC 27).

Answered within the controller's own loop: pyzmq's ThreadAuthenticator would bring asyncio and a thread with it.
The key it lets in becomes the User-Id of every message on that connection.
"""

from collections.abc import Container

import zmq
from zmq.utils import z85

ENDPOINT = "inproc://zeromq.zap.01"


class Gatekeeper:
    def __init__(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        """Must exist before the sockets it guards are bound."""
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(ENDPOINT)
        self.keys: Container[str] = ()
        """The public keys (Z85) that may come in."""

    def answer_all(self) -> None:
        while True:
            try:
                frames = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self.socket.send_multipart(self._answer(frames))

    def _answer(self, frames: list[bytes]) -> list[bytes]:
        version, request_id, _domain, _address, _identity, mechanism, *credentials = frames
        key = z85.encode(credentials[0]).decode() if mechanism == b"CURVE" and len(credentials[0]) == 32 else ""
        if key in self.keys:
            return [version, request_id, b"200", b"OK", key.encode(), b""]
        return [version, request_id, b"400", b"not enrolled", b"", b""]
