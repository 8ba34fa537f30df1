"""What `hall check` asks of the ticket printer."""

from collections.abc import Iterator
from pathlib import Path

from hall_controller.part import Trouble, load_part
from ticket_printer.printer.font import NoFontError, find_font
from ticket_printer.printer.settings import PrinterSettings, Transport
from ticket_printer.printer.status import sentence
from ticket_printer.printer.transport import Connection


def check(directory: Path) -> Iterator[tuple[str, str, str]]:
    """(subject, "ok" or "mend", sentence): settings, font, and the printer itself where it can be asked."""
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
