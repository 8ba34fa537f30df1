"""The process of `hall board`: one bus client, one web server, one loop."""

import asyncio
import contextlib
import hashlib
import logging
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from nicegui import ui

from display_board.pages.access import Access
from display_board.pages.counter_routes import counter_router
from display_board.pages.live import Live
from display_board.pages.offers import Offers
from display_board.pages.phone_routes import phone_router
from display_board.pages.ratings import Ratings
from display_board.pages.screens import add_screens
from display_board.pages.settings import BoardSettings
from hall_controller.bus.client import HallClient
from hall_controller.part import address_of, listen, load_part, log_to_stderr
from hall_controller.web import SafeHeaders, serve_until_told

log = logging.getLogger(__name__)


def run(path: Path, *, host: str | None, port: int | None) -> None:
    """Serve until SIGTERM or SIGINT. Raises Trouble."""
    log_to_stderr("board")
    for noisy in ("uvicorn", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    bundle, settings = load_part(path, "board", BoardSettings)
    listener = listen(
        settings.host if host is None else host,
        settings.port if port is None else port,
        "the board",
        "choose another port in [device.board] of hall.toml, or stop what uses it",
    )
    with listener:
        asyncio.run(_serve(HallClient(bundle), settings, listener))


async def _serve(client: HallClient, settings: BoardSettings, listener: socket.socket) -> None:
    secret = hashlib.blake2b(client.bundle.secret_key.encode(), person=b"board-page").hexdigest()
    async with client:
        live = Live(client, settings.timing)
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_following(live))

        @app.get("/healthz")
        async def healthz() -> PlainTextResponse:
            return PlainTextResponse("heard" if live.heard else "not heard", headers={"Cache-Control": "no-store"})

        ratings = Ratings(live)
        app.include_router(phone_router(live, ratings, poll_s=settings.phone_poll_s))
        offers, access = Offers(live), Access(settings.browser_keys, secret)
        app.include_router(counter_router(offers, ratings, access))
        add_screens(live, offers, access, settings.shape, settings.screens)
        app.add_middleware(SafeHeaders)
        ui.run_with(app, title="叫号屏 Board", dark=True, language="zh-CN", tailwind=False, show_welcome_message=False)
        address = f"{address_of(listener)}/"
        log.info("serving the board at %s", address)
        await serve_until_told(app, listener, address, ws_max_size=1_000_000)


def _following(live: Live) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(live.run())
        yield
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    return lifespan
