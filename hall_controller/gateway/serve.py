"""The process of `hall gateway`: one bus client, one web server, one loop."""

import asyncio
import logging
import socket
from pathlib import Path

from hall_controller.bus.client import HallClient
from hall_controller.gateway.app import followed, whole
from hall_controller.gateway.limiting import Callers
from hall_controller.gateway.patience import HEAD_BYTES, patience
from hall_controller.gateway.settings import GatewaySettings
from hall_controller.part import address_of, listen, load_part, log_to_stderr
from hall_controller.web import serve_until_told

log = logging.getLogger(__name__)

TRY_S, GIVE_UP_S = 1.2, 4.0
"""A phone waits; a busy controller answers in milliseconds, and one that is being restarted within this."""


def run(path: Path, *, host: str | None, port: int | None) -> None:
    """Serve until SIGTERM or SIGINT. Raises Trouble."""
    log_to_stderr("gateway")
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    bundle, settings = load_part(path, "gateway", GatewaySettings)
    listener = listen(
        settings.host if host is None else host,
        settings.port if port is None else port,
        "the gateway",
        "choose another port in [device.gateway] of hall.toml, or stop what uses it",
    )
    with listener:
        asyncio.run(_serve(HallClient(bundle, timeout_s=TRY_S, give_up_s=GIVE_UP_S), settings, listener))


async def _serve(client: HallClient, settings: GatewaySettings, listener: socket.socket) -> None:
    callers = Callers(settings)
    protocol = patience(settings.request_s, settings.connections, settings.connections_per_address, callers.is_proxy)
    async with client, followed(client, settings.stale_s) as live:
        address = f"{address_of(listener)}/v1"
        log.info("serving the gateway at %s", address)
        await serve_until_told(
            whole(live, settings, callers),
            listener,
            address,
            http=protocol,
            ws="none",
            lifespan="off",
            proxy_headers=False,  # uvicorn would believe everyone on this box; ours are named in the settings
            h11_max_incomplete_event_size=HEAD_BYTES,
        )
