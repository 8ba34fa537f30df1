"""Serves one NiceGUI page in this process's own event loop, on a socket that is bound before anything else.

So a taken port is one sentence, `port = 0` works, SIGTERM ends cleanly, and the page and the
connection to the hall share one loop.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from hall_controller.part import Trouble

Asgi = Callable[[Any, Any, Any], Any]


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Trouble."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(64)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else error
        raise Trouble(f"{host}:{port}: {reason}; set another host or port in hall.toml") from None
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Leaves signals to the part: uvicorn would raise SIGTERM again after it has stopped."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(
    listener: socket.socket, title: str, storage_secret: str, guard: Callable[[Asgi], Asgi]
) -> AsyncIterator[None]:
    """Serve the pages that were declared with `ui.page`, behind `guard`; returns once they can be asked for."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(
        app,
        title=title,
        dark=False,
        tailwind=False,
        storage_secret=storage_secret,
        reconnect_timeout=10,
        show_welcome_message=False,
        session_middleware_kwargs={"same_site": "strict"},
    )
    config = uvicorn.Config(
        guard(app),
        log_level="warning",
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=1,
        ws="websockets-sansio",
        server_header=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise Trouble("the page could not be served; HALL_LOG=debug says more")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await serving
