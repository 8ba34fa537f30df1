"""What `hall check` asks of the kiosk and the ticket printer."""

from collections.abc import Iterator
from pathlib import Path

from hall_controller.part import Trouble, load_part
from ticket_printer.kiosk.areas import load_areas
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.printer.font import NoFontError, find_font
from ticket_printer.printer.settings import PrinterSettings, Transport
from ticket_printer.printer.status import sentence
from ticket_printer.printer.transport import Connection


def check(directory: Path) -> Iterator[tuple[str, str, str]]:
    """(subject, "ok" or "mend", sentence): the kiosk's settings and areas, then the printer."""
    yield from _kiosk(directory)
    yield from _printer(directory)


def _kiosk(directory: Path) -> Iterator[tuple[str, str, str]]:
    try:
        _, settings = load_part(directory, "kiosk", KioskSettings)
        areas = load_areas(directory, settings.areas)
    except Trouble as error:
        yield "kiosk", "mend", error.message
        return
    file = settings.areas or "the sample; give your own with areas in [device.kiosk]"
    yield "kiosk", "ok", f"{len(areas)} self-service areas, from {file}"


def _printer(directory: Path) -> Iterator[tuple[str, str, str]]:
    """Settings, font, and the printer itself where it can be asked."""
    try:
        _, settings = load_part(directory, "printer", PrinterSettings)
        find_font(settings.font)
    except (Trouble, NoFontError) as error:
        yield "printer", "mend", str(error)
        return
    if settings.transport is Transport.SCREEN:
        yield "printer", "ok", "tickets are shown on the on-screen printer; set transport for a paper printer"
        return
    connection = Connection(settings)
    try:
        status = connection.status()
    finally:
        connection.close()
    yield "printer", "mend" if status.fault else "ok", f"{settings.transport}: {sentence(status)}"
