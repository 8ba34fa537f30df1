"""Slow, crowding and shapeless clients, met before there is a request: uvicorn alone would wait for ever."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from hall_controller.gateway.limiting import network_of

LINGER_S = 10.0
"""A connection that was closed but whose client takes nothing more is cut after so long."""
IDLE_S, PROXY_IDLE_S = 15, 75
"""Between two requests. A proxy keeps its lines for a minute, and must not find one closed as it sends."""
HEAD_BYTES = 16_384
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_BAD = msgspec.json.encode({"code": "malformed", "message": "This is no HTTP request.", "field": None})


class Patience(H11Protocol):
    """HTTP/1.1 with a limit of time for each request's head, and of connections."""

    head_s: float
    most: int
    most_of_one: int
    is_proxy: Callable[[str], bool]
    _head_timer: asyncio.TimerHandle | None = None
    _has_line = False
    """The request's first line has come in whole."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self.timeout_keep_alive = PROXY_IDLE_S if self.client and self.is_proxy(self.client[0]) else IDLE_S
        if self._is_crowd():
            transport.abort()
        else:
            self._await_head()

    def _is_crowd(self) -> bool:
        if len(self.connections) > self.most:
            return True
        if self.client is None or self.is_proxy(self.client[0]):
            return False
        mine = network_of(self.client[0])
        there = [one.client[0] for one in self.connections if isinstance(one, Patience) and one.client is not None]
        return sum(network_of(host) == mine for host in there) > self.most_of_one

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._awaits_head() and not self._has_line:
            # curl sends ?q=身份证 as it was typed, which h11 would call no HTTP at all.
            line, end, rest = data.partition(b"\n")
            data = _BEYOND_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line) + end + rest
            self._has_line = bool(end)
        super().data_received(data)
        if not self._awaits_head():
            self._has_line = False
        if self.transport.is_closing() or not self._awaits_head():
            self._stop_waiting()
        elif self._head_timer is None and self.timeout_keep_alive_task is None:
            self._await_head()

    def _awaits_head(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.head_s, self.give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def give_up(self) -> None:
        """Close; what is still to be sent has a moment, and no more."""
        if not self.transport.is_closing():
            self.transport.close()
        self.loop.call_later(LINGER_S, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        self.give_up()

    def send_400_response(self, msg: str) -> None:
        """In the shape of every other problem."""
        del msg
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=_BAD),
            h11.EndOfMessage(),
        ):
            try:
                self.transport.write(self.conn.send(event) or b"")
            except h11.LocalProtocolError:
                break
        self.give_up()


def patience(head_s: float, most: int, most_of_one: int, is_proxy: Callable[[str], bool]) -> type[Patience]:
    """A protocol for uvicorn with these limits."""
    fields: dict[str, Any] = {
        "head_s": head_s, "most": most, "most_of_one": most_of_one, "is_proxy": staticmethod(is_proxy),
    }  # fmt: skip
    return type("LimitedPatience", (Patience,), fields)
