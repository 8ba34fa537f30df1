"""A load of requests with a fixed number in flight, the same against the hall and against the echo baseline.

Plain sockets in one thread: the client must not be what is measured.
"""

import contextlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import zmq

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.keys import KeyPair
from tests.support import free_port_row, started

HERE = Path(__file__).parent
MakeBody = Callable[[int], bytes]


class Measured(NamedTuple):
    rate: float
    """Replies a second."""
    median_s: float
    """Of the time from a request to its reply."""
    replies: list[bytes]


def connect(context: zmq.Context[zmq.Socket[bytes]], bundle: Bundle, endpoint: str) -> zmq.Socket[bytes]:
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.curve_serverkey = bundle.server_public_key.encode()
    socket.curve_publickey = bundle.public_key.encode()
    socket.curve_secretkey = bundle.secret_key.encode()
    socket.connect(endpoint)
    return socket


class Load:
    """Clients that stay connected, each of which waits for its reply before it sends the next request."""

    def __init__(self, bundle: Bundle, endpoint: str, clients: int) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._clients = [connect(self._context, bundle, endpoint) for _ in range(clients)]
        self._poller = zmq.Poller()
        for client in self._clients:
            self._poller.register(client, zmq.POLLIN)
        for client in self._clients:  # one round trip each, so that no handshake is measured
            client.send_multipart([wire.VERSION, b"warm", wire.encode(wire.Status())])
            client.recv_multipart()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.destroy(linger=0)

    def run(self, make_body: MakeBody, total: int, tag: str) -> Measured:
        """Send `total` requests, as many at once as there are clients."""
        sent_at: dict[zmq.Socket[bytes], float] = {}
        replies: list[bytes] = []
        took: list[float] = []
        started = time.perf_counter()
        number = 0
        for client in self._clients[:total]:
            sent_at[client] = time.perf_counter()
            client.send_multipart([wire.VERSION, f"{tag}-{number}".encode(), make_body(number)])
            number += 1
        while len(replies) < total:
            for client, _ in self._poller.poll():
                replies.append(client.recv_multipart()[-1])
                now = time.perf_counter()
                took.append(now - sent_at[client])
                if number < total:
                    sent_at[client] = now
                    client.send_multipart([wire.VERSION, f"{tag}-{number}".encode(), make_body(number)])
                    number += 1
        elapsed = time.perf_counter() - started
        return Measured(total / elapsed, statistics.median(took), replies)


def run_load(bundle: Bundle, endpoint: str, make_body: MakeBody, total: int, in_flight: int, tag: str) -> Measured:
    """One run of clients that connect for it."""
    with Load(bundle, endpoint, in_flight) as load:
        return load.run(make_body, total, tag)


@contextlib.contextmanager
def echo(pair: KeyPair) -> Iterator[str]:
    """The endpoint of a baseline that sends back what it gets."""
    port = free_port_row()
    command = [sys.executable, str(HERE / "echo_router.py"), str(port), pair.public_key, pair.secret_key]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with started(process):
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        yield f"tcp://127.0.0.1:{port}"


def commit_s(where: Path, body: bytes, commits: int = 500) -> float:
    """Median of one durable commit of one row, with the journal's pragmas, in a database of its own."""
    with (
        tempfile.TemporaryDirectory(dir=where) as room,
        contextlib.closing(sqlite3.connect(Path(room, "bare.db"), isolation_level=None)) as database,
    ):
        database.execute("PRAGMA journal_mode = wal")
        database.execute("PRAGMA synchronous = full")
        database.execute("CREATE TABLE rows (body)")
        took = []
        for _ in range(commits):
            at = time.perf_counter()
            database.execute("INSERT INTO rows VALUES (?)", (body,))
            took.append(time.perf_counter() - at)
    return statistics.median(took)
