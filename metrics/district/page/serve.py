"""The process of `hall district page`: one asker, one web server, one loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from nicegui import ui
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hall_controller.part import Trouble, log_to_stderr, say_ready, until_told_to_stop
from metrics.district.inventory import Inventory
from metrics.district.page.live import Live
from metrics.district.page.pages import add_pages
from metrics.district.page.prometheus import Prometheus

log = logging.getLogger(__name__)

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
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Server(uvicorn.Server):
    """Leaves signals to us, so that it ends with exit code 0. Says when it serves."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info("serving the district at %s", self._address)
        say_ready(self._address)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(inventory: Inventory, prometheus: str, *, host: str, port: int, every_s: float) -> None:
    """Serve until SIGTERM or SIGINT. Raises Trouble."""
    log_to_stderr("district")
    for noisy in ("uvicorn", "websockets", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with _listen(host, port) as listener:
        asyncio.run(_serve(inventory, prometheus, listener, every_s))


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        mend = "choose another with --host and --port, or stop what uses it"
        raise Trouble(f"the page cannot serve at {host}:{port}: {error.strerror or error}; {mend}") from None
    return listener


async def _serve(inventory: Inventory, url: str, listener: socket.socket, every_s: float) -> None:
    prometheus = Prometheus(url)
    live = Live(inventory, prometheus, every_s)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_asking(live))

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        picture = live.picture
        body = {"figures_of": picture and picture.at_s, "trouble": live.trouble, "asked": live.asked}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    add_pages(live)
    app.add_middleware(SafeHeaders)
    ui.run_with(app, title="政务大厅 District", dark=True, language="zh-CN", tailwind=False, show_welcome_message=False)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1, ws_max_size=100_000
    )
    server = Server(config, _address(listener))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(until_told_to_stop())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving
    await prometheus.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _asking(live: Live) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        asking = asyncio.create_task(live.run())
        yield
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking

    return lifespan
