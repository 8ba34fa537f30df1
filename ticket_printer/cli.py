"""`hall kiosk` and `hall printer`. Each imports what it needs when it is run, so that the other stays small."""

import asyncio
import logging
from pathlib import Path

import click

from hall_controller.part import Trouble, load_part, log_to_stderr, part_argument


@click.command()
@part_argument
def kiosk(path: Path) -> None:
    """Serve the touch screen where visitors take a ticket.

    The page answers this box alone (127.0.0.1), and browsers that were enrolled by a secret link:
    put a key of 16 characters or more into browser_keys of [device.kiosk], set host to 0.0.0.0,
    and open http://KIOSK:PORT/enroll?key=KEY once in that browser.
    """
    from ticket_printer.kiosk.process import run
    from ticket_printer.kiosk.settings import KioskSettings

    log_to_stderr("kiosk")
    bundle, settings = load_part(path, "kiosk", KioskSettings)
    asyncio.run(run(path, bundle, settings))


@click.command()
@part_argument
@click.option("--self-test", is_flag=True, help="Print a test ticket, read the printer's status, and end.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.png",
    help="With --self-test: also save how the ticket should look.",
)
def printer(path: Path, self_test: bool, picture: Path | None) -> None:
    """Print the tickets of a kiosk, each once.

    Without a paper printer (transport = "screen"), shows them on a page.
    """
    from ticket_printer.printer.settings import PrinterSettings

    log_to_stderr("printer")
    # python-escpos tells of each connection on the root logger, which is nobody's.
    logging.getLogger().addFilter(lambda record: record.levelno >= logging.WARNING)
    bundle, settings = load_part(path, "printer", PrinterSettings)
    if self_test:
        from ticket_printer.printer.self_test import self_test as test

        test(bundle, settings, picture)
        return
    if picture is not None:
        raise Trouble("--picture goes with --self-test")
    from ticket_printer.phone_url import phone_url
    from ticket_printer.printer.process import run

    asyncio.run(run(path, bundle, settings, phone_url(path, settings.phone_url)))
