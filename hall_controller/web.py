"""Serves the pages of a part in its own event loop, on a socket that is bound before anything else.

So a taken port is one sentence, `port = 0` works, SIGTERM ends cleanly, and pages and bus share one loop.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hall_controller.part import Trouble, say_ready, until_told_to_stop

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
    "form-action 'none'"
)
"""NiceGUI needs inline scripts; nothing may come from another host."""
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", POLICY.encode()),
)


class SafeHeaders:
    """Adds the headers that an answer has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_already = {name.lower() for name, _ in message["headers"]}
                missing = [header for header in HEADERS if header[0] not in set_already]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class _Server(uvicorn.Server):
    """Leaves signals to the part: uvicorn would raise SIGTERM again after it has stopped."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: ASGIApp, listener: socket.socket, **options: Any) -> AsyncIterator["asyncio.Task[None]"]:
    """Serve until the end of the block, which begins once pages can be asked for; gives the task that serves.

    `options` are uvicorn's.
    """
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1, **options
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait({serving, up}, return_when=asyncio.FIRST_COMPLETED)
    up.cancel()
    if not server.up.is_set():
        await serving
        raise Trouble("the page could not be served; HALL_LOG=debug says more")
    try:
        yield serving
    finally:
        server.should_exit = True
        await serving


async def serve_until_told(app: ASGIApp, listener: socket.socket, address: str, **options: Any) -> None:
    """Serve, say that we are ready, and end on SIGTERM or SIGINT, or when the server ends by itself."""
    stopping = asyncio.create_task(until_told_to_stop())
    async with served(app, listener, **options) as serving:
        say_ready(address)
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
