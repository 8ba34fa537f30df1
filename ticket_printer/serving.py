"""Serves the one NiceGUI page of kiosk or on-screen printer, behind a guard."""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI
from nicegui import ui

from hall_controller import web

Asgi = Callable[[Any, Any, Any], Any]
MEND = "set another host or port in hall.toml"


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
    async with web.served(guard(app), listener, log_level="warning", lifespan="on", ws="websockets-sansio"):
        yield
