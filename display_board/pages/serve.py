"""The process of `hall board`: one bus client, one web server, one loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from nicegui import ui
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from display_board.pages.live import Live
from display_board.pages.phone_routes import phone_router
from display_board.pages.screens import add_screens
from display_board.pages.settings import BoardSettings
from hall_controller.bus.client import HallClient
from hall_controller.part import Trouble, load_part, log_to_stderr, say_ready, until_told_to_stop

log = logging.getLogger(__name__)

SCREEN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
    "form-action 'none'"
)
"""NiceGUI needs inline scripts; nothing may come from another host."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", SCREEN_POLICY.encode()),
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


class Server(uvicorn.Server):
    """Leaves signals to us: we also have a bus to close, and end with exit code 0. Says when it serves."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info("serving the board at %s", self._address)
        say_ready(self._address)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(path: Path, *, host: str | None, port: int | None) -> None:
    """Serve until SIGTERM or SIGINT. Raises Trouble."""
    log_to_stderr("board")
    for noisy in ("uvicorn", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    bundle, settings = load_part(path, "board", BoardSettings)
    listener = _listen(settings.host if host is None else host, settings.port if port is None else port)
    with listener:
        asyncio.run(_serve(HallClient(bundle), settings, listener))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        mend = "choose another port in [device.board] of hall.toml, or stop what uses it"
        raise Trouble(f"the board cannot serve at {host}:{port}: {error.strerror or error}; {mend}") from None
    return listener


async def _serve(client: HallClient, settings: BoardSettings, listener: socket.socket) -> None:
    async with client:
        live = Live(client, settings.timing)
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_following(live))

        @app.get("/healthz")
        async def healthz() -> PlainTextResponse:
            return PlainTextResponse("heard" if live.heard else "not heard", headers={"Cache-Control": "no-store"})

        app.include_router(phone_router(live, poll_s=settings.phone_poll_s))
        add_screens(live, settings.shape, settings.screens)
        app.add_middleware(SafeHeaders)
        ui.run_with(app, title="叫号屏 Board", dark=True, language="zh-CN", tailwind=False, show_welcome_message=False)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws_max_size=1_000_000,
        )
        server = Server(config, _address(listener))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(until_told_to_stop())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _following(live: Live) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(live.run())
        yield
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    return lifespan
