"""A load of requests with a fixed number in flight, the same against the hall and against the echo baseline.

Plain sockets in one thread: the client must not be what is measured.
"""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import zmq

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle

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


def run_load(bundle: Bundle, endpoint: str, make_body: MakeBody, total: int, in_flight: int, tag: str) -> Measured:
    """Send `total` requests, each of `in_flight` clients waiting for its reply before it sends the next."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    clients = [connect(context, bundle, endpoint) for _ in range(in_flight)]
    poller = zmq.Poller()
    sent_at: dict[zmq.Socket[bytes], float] = {}
    for client in clients:
        poller.register(client, zmq.POLLIN)
    for client in clients:  # one round trip each, so that no handshake is measured
        client.send_multipart([wire.VERSION, f"{tag}-warm".encode(), wire.encode(wire.Status())])
        client.recv_multipart()
    replies: list[bytes] = []
    took: list[float] = []
    started = time.perf_counter()
    number = 0
    for client in clients[: min(in_flight, total)]:
        sent_at[client] = time.perf_counter()
        client.send_multipart([wire.VERSION, f"{tag}-{number}".encode(), make_body(number)])
        number += 1
    while len(replies) < total:
        for client, _ in poller.poll():
            replies.append(client.recv_multipart()[-1])
            now = time.perf_counter()
            took.append(now - sent_at[client])
            if number < total:
                sent_at[client] = now
                client.send_multipart([wire.VERSION, f"{tag}-{number}".encode(), make_body(number)])
                number += 1
    elapsed = time.perf_counter() - started
    context.destroy(linger=0)
    return Measured(total / elapsed, statistics.median(took), replies)
