"""The on-screen printer: takes the bytes of a ticket and shows the paper on a page. Keeps the last few."""

import base64
import io
from collections import deque
from typing import NamedTuple

from nicegui import ui
from PIL import Image

from ticket_printer.printer.screen.paper import pictures
from ticket_printer.printer.status import Paper, PrinterStatus

KEPT = 8


class Piece(NamedTuple):
    """One piece of paper."""

    serial: int
    png: bytes


class ScreenPrinter:
    """Stands where a Connection to a paper printer stands; prints into pictures."""

    def __init__(self, width_mm: int, font: str) -> None:
        self.width_mm = width_mm
        self.font = font
        self.pieces: deque[Piece] = deque(maxlen=KEPT)
        self._serial = 0

    def status(self) -> PrinterStatus:
        return PrinterStatus(paper=Paper.OK)

    def print(self, data: bytes, times: float = 1.0) -> PrinterStatus:
        del times  # a screen takes no time
        for picture in pictures(data, self.width_mm, self.font):
            self._serial += 1
            self.pieces.appendleft(Piece(self._serial, png_of(picture)))
        return self.status()

    def close(self) -> None:
        """Nothing to let go of."""


def png_of(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


STYLE = """
body { background: #3c4650; color: #fff; font-family: "WenQuanYi Micro Hei", "Noto Sans CJK SC", sans-serif; }
.rack { display: flex; flex-wrap: wrap; gap: 32px; align-items: flex-start; padding: 24px; }
.piece { margin: 0; }
.piece img { width: 380px; background: #fff; box-shadow: 0 6px 24px #0008; }
h1 { font-size: 24px; line-height: 1.3; margin: 0; padding: 8px 24px; }
.nicegui-content { padding: 0; }
"""


def declare_page(printer: ScreenPrinter) -> None:
    """The page at `/`: newest paper first. Read only."""

    @ui.page("/", title="屏幕打印机 On-screen printer", response_timeout=10)
    def page() -> None:
        ui.add_css(STYLE)
        with ui.element("main"):
            with ui.element("h1"):
                ui.label("屏幕打印机 · On-screen printer")
            rack = ui.element("div").classes("rack")
        shown = [-1]

        def refresh() -> None:
            newest = printer.pieces[0].serial if printer.pieces else 0
            if newest == shown[0]:
                return
            shown[0] = newest
            rack.clear()
            with rack:
                if not printer.pieces:
                    ui.label("还没有号票。 No ticket yet.")
                for piece in printer.pieces:
                    _show(piece)

        refresh()
        ui.timer(0.5, refresh)


def _show(piece: Piece) -> None:
    source = "data:image/png;base64," + base64.b64encode(piece.png).decode()
    with ui.element("figure").classes("piece"):
        ui.element("img").props(f'src="{source}" alt="号票 ticket"')
