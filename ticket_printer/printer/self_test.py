"""`hall printer --self-test`: a test ticket and the printer's status, without a hall."""

import datetime as dt
from pathlib import Path

import click

from hall_controller.bus.bundle import Bundle
from hall_controller.part import Trouble
from ticket_printer.printer.encode import ticket_bytes
from ticket_printer.printer.font import NoFontError, find_font
from ticket_printer.printer.layout import self_test_layout
from ticket_printer.printer.screen.paper import pictures
from ticket_printer.printer.settings import PrinterSettings, Transport
from ticket_printer.printer.status import PrinterStatus, sentence
from ticket_printer.printer.transport import Connection, PrintFailedError


def self_test(bundle: Bundle, settings: PrinterSettings, picture: Path | None) -> None:
    """Says what it did and how the printer is. Raises Trouble when no ticket came out."""
    now = dt.datetime.now().astimezone()
    layout = self_test_layout(f"大厅 {bundle.hall}", f"printer {bundle.name}", now, settings.width_mm)
    try:
        data = ticket_bytes(layout, settings)
        if picture is not None:
            pictures(data, settings.width_mm, find_font(settings.font))[0].save(picture)
            click.echo(f"{picture}: what the printer should show")
    except NoFontError as error:
        raise Trouble(str(error)) from None
    except (OSError, ValueError) as error:
        raise Trouble(f"{picture}: the picture cannot be written: {error}; name a .png file") from None
    if settings.transport is Transport.SCREEN:
        click.echo("transport screen: there is no printer to test; give --picture FILE.png to see a ticket")
        return
    connection = Connection(settings)
    try:
        status = connection.print(data)
    except PrintFailedError as error:
        raise Trouble(f"{_where(settings)}: no ticket came out: {sentence(error.status)}") from None
    finally:
        connection.close()
    click.echo(f"{_where(settings)}: test ticket printed; {_status_words(connection, status)}")


def _where(settings: PrinterSettings) -> str:
    return f"{settings.transport} {settings.address or settings.device or settings.usb}"


def _status_words(connection: Connection, status: PrinterStatus) -> str:
    return sentence(status) if connection.answers else "it cannot be asked how it is: look at the paper"
