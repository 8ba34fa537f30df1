"""The process of `hall district page`: one asker, one web server, one loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from nicegui import ui

from hall_controller.part import address_of, listen, log_to_stderr
from hall_controller.web import SafeHeaders, serve_until_told
from metrics.district.inventory import Inventory
from metrics.district.page.live import Live
from metrics.district.page.pages import add_pages
from metrics.district.page.prometheus import Prometheus

log = logging.getLogger(__name__)


def run(inventory: Inventory, prometheus: str, *, host: str, port: int, every_s: float) -> None:
    """Serve until SIGTERM or SIGINT. Raises Trouble."""
    log_to_stderr("district")
    for noisy in ("uvicorn", "websockets", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    mend = "choose another with --host and --port, or stop what uses it"
    with listen(host, port, "the page", mend) as listener:
        asyncio.run(_serve(inventory, prometheus, listener, every_s))


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
    address = f"{address_of(listener)}/"
    log.info("serving the district at %s", address)
    await serve_until_told(app, listener, address, ws_max_size=100_000)
    await prometheus.close()


def _asking(live: Live) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        asking = asyncio.create_task(live.run())
        yield
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking

    return lifespan
