"""A vendor's client, written from docs/protocol.md alone: plain pyzmq, json and a bundle file; nothing of ours.

It proves that the page is enough. The other tests of the bus use it, too, wherever they must speak
as a stranger would: with wrong keys, wrong frames, or a reader that lets events drop.
"""

import json
import time
import tomllib
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import zmq

Json = dict[str, Any]
SILENCE_MS = 3_500


class Silence(Exception):
    """No answer, or no pulse, in time."""


class PageClient:
    """One device: a DEALER for requests, and a SUB and what a follower keeps; `other` replaces lines of the bundle."""

    def __init__(self, bundle: Path, **other: str) -> None:
        self.bundle: Json = {**tomllib.loads(bundle.read_text("utf-8")), **other}
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.dealer = self.connect(zmq.DEALER)
        self.sub: zmq.Socket[bytes] | None = None
        self.epoch = ""
        self.seq = 0
        self.state: Json = {}
        self.events: list[Json] = []
        """All events applied since the last snapshot."""
        self.snapshots = 0
        self.pages = 0
        self.pulse: Json = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.destroy(linger=0)

    def connect(self, kind: int, *, curve: bool = True, **options: int | bytes) -> zmq.Socket[bytes]:
        socket = self.context.socket(kind)
        for name, value in options.items():
            setattr(socket, name, value)
        socket.linger = 0
        if curve:
            socket.curve_serverkey = self.bundle["server_public_key"].encode()
            socket.curve_publickey = self.bundle["public_key"].encode()
            socket.curve_secretkey = self.bundle["secret_key"].encode()
        if kind == zmq.SUB:
            socket.subscribe(b"")
        socket.connect(self.bundle["events" if kind == zmq.SUB else "commands"])
        return socket

    # --- requests --------------------------------------------------------------------------------

    def send(self, *frames: bytes) -> None:
        self.dealer.send_multipart(frames)

    def receive(self, timeout_ms: int = 10_000) -> list[bytes]:
        if not self.dealer.poll(timeout_ms):
            raise Silence
        return self.dealer.recv_multipart()

    def exchange(self, body: bytes | Json, request_id: str | None = None) -> bytes:
        """The reply's JSON, whatever it is."""
        key = (request_id or uuid.uuid4().hex).encode()
        self.send(b"1", key, body if isinstance(body, bytes) else json.dumps(body).encode())
        version, replied, answer = self.receive()
        assert (version, replied) == (b"1", key)
        return answer

    def ask(self, kind: str, *, request_id: str | None = None, **fields: Any) -> Json:
        reply: Json = json.loads(self.exchange({"type": kind, **fields}, request_id))
        return reply

    def reconnect(self) -> None:
        """Give up on the connection: close it, so that nothing queued can arrive later."""
        self.dealer.close(linger=0)
        self.dealer = self.connect(zmq.DEALER)

    def now_ms(self) -> int:
        return int(self.ask("status")["now_ms"])

    # --- following: the six steps of the page ----------------------------------------------------

    def follow(self) -> None:
        """Steps 1 and 2."""
        self.sub = self.connect(zmq.SUB)
        while self._hear()[0] != b"pulse":
            pass
        self._take_snapshot()

    def _hear(self) -> list[bytes]:
        assert self.sub is not None
        if not self.sub.poll(SILENCE_MS):
            raise Silence
        return self.sub.recv_multipart()

    def _take_snapshot(self) -> None:
        reply = self.ask("snapshot")
        self.epoch, self.seq, self.state = reply["epoch"], reply["seq"], reply["state"]
        self.events = []
        self.snapshots += 1

    def step(self) -> None:
        """Steps 3 to 5: take one message. Raises Silence."""
        topic, version, epoch, seq_bytes, body = self._hear()
        assert version == b"1"
        seq = int.from_bytes(seq_bytes, "big")
        if topic == b"pulse":
            self.pulse = json.loads(body)
            if epoch.decode() != self.epoch:
                self._take_snapshot()
            elif seq > self.seq:
                self._fill_gap()
        elif epoch.decode() != self.epoch:
            self._take_snapshot()
        elif seq == self.seq + 1:
            self._apply(json.loads(body))
        elif seq > self.seq:
            self._fill_gap()

    def follow_until(self, seq: int, bound_s: float = 30.0) -> None:
        deadline = time.monotonic() + bound_s
        while self.seq < seq:
            assert time.monotonic() < deadline, f"at {self.seq}, not {seq}"
            self.step()

    def _fill_gap(self) -> None:
        while True:
            page = self.ask("events_since", seq=self.seq)
            self.pages += 1
            if page["epoch"] != self.epoch or page["oldest_seq"] > self.seq + 1:
                self._take_snapshot()
                return
            for event in page["events"]:
                self._apply(event)
            if self.seq >= page["last_seq"]:
                return

    def _apply(self, event: Json) -> None:
        assert event["seq"] == self.seq + 1
        self.seq = event["seq"]
        self.events.append(event)

    def resume(self) -> None:
        """Step 6: after silence, both sockets afresh, the state kept."""
        assert self.sub is not None
        self.sub.close(linger=0)
        self.reconnect()
        self.sub = self.connect(zmq.SUB)
