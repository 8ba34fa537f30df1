"""Answers GET /metrics, and nothing else. One loop, a bound on everything: whoever reads slowly harms nobody."""

import asyncio
import gzip
import http.client
import io
import logging
from collections.abc import Callable

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder, gzip_accepted

log = logging.getLogger(__name__)

PATH = "/metrics"
MOST_CONNECTIONS = 16
"""A Prometheus needs one for some milliseconds; when there are more, the oldest is cut off."""
EXCHANGE_S = 10.0
"""From connecting to having read the answer."""
HEAD_BYTES = 8_192
TEXT = "text/plain; charset=utf-8"

Answer = tuple[int, dict[str, str], bytes]


class Door:
    """The HTTP side; `registry` is asked afresh for each scrape."""

    def __init__(self, registry: Callable[[], CollectorRegistry]) -> None:
        self._registry = registry
        self._open: dict[asyncio.Task[None], None] = {}
        """The oldest first."""

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one answer."""
        task = asyncio.current_task()
        assert task is not None
        if len(self._open) >= MOST_CONNECTIONS:
            next(iter(self._open)).cancel()
        self._open[task] = None
        try:
            async with asyncio.timeout(EXCHANGE_S):
                await _send(writer, await self._exchange(reader))
                writer.close()
                await writer.wait_closed()
        except (TimeoutError, ConnectionError, asyncio.CancelledError):
            pass  # whoever asked has gone, was too slow, or is cut off: nobody waits for this task
        finally:
            self._open.pop(task, None)
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader) -> Answer:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return _text(431, f"The request's head is longer than {HEAD_BYTES} bytes.")
        except asyncio.IncompleteReadError:
            return _text(400, "The request ended too soon.")
        try:
            return self._answer(head)
        except Exception:
            log.exception("a scrape failed")
            return _text(500, "The scrape failed; the log of `hall metrics` says why.")

    def _answer(self, head: bytes) -> Answer:
        first, _, rest = head.partition(b"\r\n")
        words = first.decode("latin-1").split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return _text(400, "This is no HTTP/1.1 request.")
        method, target, _ = words
        if target.partition("?")[0] != PATH:
            return _text(404, f"The hall's figures are at {PATH}.")
        if method not in {"GET", "HEAD"}:
            return _text(405, f"{method} is not possible here; use GET.", {"Allow": "GET, HEAD"})
        try:
            headers = http.client.parse_headers(io.BytesIO(rest))
            encode, content_type = choose_encoder(", ".join(headers.get_all("Accept", [])))
        except (ValueError, TypeError, http.client.HTTPException):  # TypeError: a version that is no number
            return _text(400, "The headers cannot be read; ask without Accept for the plain text.")
        body, given = encode(self._registry()), {"Content-Type": content_type, "Vary": "Accept, Accept-Encoding"}
        if gzip_accepted(headers.get("Accept-Encoding", "")):
            body, given = gzip.compress(body, 5, mtime=0), {**given, "Content-Encoding": "gzip"}
        given["Content-Length"] = str(len(body))
        return 200, given, b"" if method == "HEAD" else body


def _text(status: int, sentence: str, headers: dict[str, str] | None = None) -> Answer:
    body = f"{sentence}\n".encode()
    return status, {"Content-Type": TEXT, "Content-Length": str(len(body)), **(headers or {})}, body


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    status, headers, body = answer
    lines = [f"HTTP/1.1 {status} {http.client.responses[status]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Connection: close", "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "", ""]
    writer.write("\r\n".join(lines).encode("latin-1") + body)
    await writer.drain()
