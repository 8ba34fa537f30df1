"""What a page is drawn from, beside the visitor's journey."""

import msgspec

from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from ticket_printer.kiosk.areas import Found
from ticket_printer.kiosk.settings import KioskSettings


class Viewport(msgspec.Struct, frozen=True):
    """The touch screen's size, as its browser tells it."""

    width: int = 1080
    height: int = 1920


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment."""

    hall: Hall | None
    catalogue: Catalogue | None
    connected: bool
    settings: KioskSettings
    url: str | None
    """What the QR code says before the token."""
    areas: tuple[Found, ...] = ()
    """The self-service areas, the nearest first."""
    list_printed: bool = False
    """The document list that is shown was sent to the printer a moment ago."""
    viewport: Viewport = Viewport()
    at_ms: int = 0
    """This process's own clock, as in the journey."""
    now_ms: int = 0
    """The hall's clock."""
