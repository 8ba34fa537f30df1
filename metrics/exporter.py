"""The process of `hall metrics`: follows the hall, asks for its controller's status in the background, serves both."""

import asyncio
import contextlib
import gc
import logging
import socket
import time
from pathlib import Path

from prometheus_client import CollectorRegistry

from hall_controller.bus.client import HallClient, NoController
from hall_controller.bus.wire import Status, StatusReply
from hall_controller.part import address_of, listen, load_part, log_to_stderr, say_ready, until_told_to_stop
from metrics.door import HEAD_BYTES, PATH, Door
from metrics.figures import put_hall, put_status
from metrics.page import Page
from metrics.settings import MetricsSettings

log = logging.getLogger(__name__)

STATUS_EVERY_S = 5.0
STATUS_OLD_S = 30.0
"""What is only so at the moment is not told of an older status."""


class Exporter:
    """What is known of one hall. A scrape reads it, and asks nobody."""

    def __init__(self, client: HallClient) -> None:
        self._client = client
        self._status: StatusReply | None = None
        self._status_s = 0.0
        self._ask_now = asyncio.Event()
        client.on_connection(self._hear)

    def _hear(self, heard: bool) -> None:
        log.info("the hall is heard" if heard else "the hall is silent")
        self._ask_now.set()

    async def ask_for_ever(self) -> None:
        """Keep the status fresh while the hall is heard; at once when it is heard again."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STATUS_EVERY_S):
                    await self._ask_now.wait()
            self._ask_now.clear()
            if self._client.connected:
                with contextlib.suppress(NoController):
                    reply = await self._client.ask(Status())
                    if isinstance(reply, StatusReply):
                        self._status, self._status_s = reply, time.monotonic()

    def page(self) -> Page:
        page, client, status = Page(), self._client, self._status
        if status is not None:
            put_status(page, status, client.hall)
            if time.monotonic() - self._status_s > STATUS_OLD_S:
                page.drop_what_passes()
        if client.hall is not None:
            put_hall(page, client.hall, client.now_ms())
        if not client.connected:
            page.drop_what_passes()
        page.put("hall_up", client.connected)
        return page

    def registry(self) -> CollectorRegistry:
        return self.page().registry()


def run(path: Path, *, host: str | None, port: int | None) -> None:
    """Serve until SIGTERM or SIGINT. Raises Trouble."""
    log_to_stderr("metrics")
    bundle, settings = load_part(path, "metrics", MetricsSettings)
    listener = listen(
        settings.host if host is None else host,
        settings.port if port is None else port,
        "the exporter",
        "choose another port in [device.metrics] of hall.toml, or stop what uses it",
    )
    with listener:
        asyncio.run(_serve(HallClient(bundle), listener))


async def _serve(client: HallClient, listener: socket.socket) -> None:
    stop = asyncio.create_task(until_told_to_stop())
    async with client:
        exporter = Exporter(client)
        client.follow()
        asking = asyncio.create_task(exporter.ask_for_ever())
        server = await asyncio.start_server(Door(exporter.registry).receive, sock=listener, limit=HEAD_BYTES)
        address = address_of(listener) + PATH
        log.info("serving the hall's figures at %s", address)
        gc.freeze()
        say_ready(address)
        try:
            await stop
        finally:
            server.close()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
