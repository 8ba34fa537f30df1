"""`hall kiosk`: follows the hall and serves the touch screen's page."""

import asyncio
import hashlib
import logging
from pathlib import Path

from hall_controller.browsers import is_loopback
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient
from hall_controller.part import Trouble, address_of, listen, say_ready, until_told_to_stop
from ticket_printer.kiosk.access import Guard
from ticket_printer.kiosk.areas import load_areas, nearest
from ticket_printer.kiosk.machine import Machine
from ticket_printer.kiosk.page import declare_page
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.phone_url import phone_url
from ticket_printer.serving import MEND, served

log = logging.getLogger(__name__)


async def run(path: Path, bundle: Bundle, settings: KioskSettings) -> None:
    """Until SIGTERM. Raises Trouble."""
    if not is_loopback(settings.host) and not settings.browser_keys:
        raise Trouble(
            f"host {settings.host!r} lets other boxes in, but browser_keys is empty: nobody there could use the page; "
            "set host to 127.0.0.1 or give browser_keys"
        )
    areas = nearest(load_areas(path, settings.areas), settings.here)
    secret = hashlib.blake2b(bundle.secret_key.encode(), person=b"kiosk-page").hexdigest()
    with listen(settings.host, settings.port, "the kiosk", MEND) as listener:
        async with HallClient(bundle) as client:
            machine = Machine(client, settings, phone_url(path, settings.phone_url), areas)
            declare_page(machine)
            client.follow()
            tasks = [asyncio.create_task(t) for t in (machine.acknowledge_all(), machine.load_catalogue())]
            async with served(listener, "取号", secret, lambda app: Guard(app, settings.browser_keys, secret)):
                say_ready(address_of(listener))
                log.info("serving %s", address_of(listener))
                stopping = asyncio.create_task(until_told_to_stop())
                done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in (stopping, *tasks):
                task.cancel()
            await asyncio.gather(stopping, *tasks, return_exceptions=True)
            for task in done - {stopping}:
                task.result()
