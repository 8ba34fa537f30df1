"""From a layout to ESC/POS bytes: pure.

`rom`: text in GB18030 between FS & and FS . (python-escpos' own `text()` turns full-width punctuation,
full-width letters and rare characters into `?`). `image`: the whole ticket as a picture, for printers
whose ROM has no Chinese.
"""

import contextlib
import io
import unicodedata

import qrcode
from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy
from msgspec.structs import replace
from PIL import Image

from hall_controller.domain.plain_text import one_line
from ticket_printer.printer.barcode import BAR_DOTS, HIGH_DOTS, LOW_DOTS, barcode_image, dots_wide
from ticket_printer.printer.font import CELL_HEIGHT, CELL_WIDTH, find_font, glyph
from ticket_printer.printer.layout import COLUMNS, Barcode, Block, Gap, Layout, Line, Qr, Rule, columns_of
from ticket_printer.printer.settings import Barcodes, Chinese, Cut, PrinterSettings, QrCode

CHINESE_ON, CHINESE_OFF = b"\x1c\x26", b"\x1c\x2e"
LINE_SPACE = 6
"""Dots between two lines of a drawn ticket; a printer's own default is the same 30 dots a line."""
STRIP_HEIGHT = 240
"""Dots of a picture sent at once: small enough for the buffer of a cheap printer."""


def ticket_bytes(layout: Layout, settings: PrinterSettings) -> bytes:
    """All that goes to the printer for one ticket. Raises NoFontError when it must draw and cannot."""
    printer = Dummy()
    pixels = COLUMNS[settings.width_mm] * CELL_WIDTH
    # Without a width in its profile, python-escpos prints a complaint to stdout for each picture.
    printer.profile.profile_data = {**printer.profile.profile_data, "media": {"width": {"pixels": pixels}}}
    printer.hw("INIT")
    printer._raw(settings.init_bytes())  # noqa: SLF001 python-escpos has no other way to send bytes
    if settings.chinese is Chinese.IMAGE:
        _send_picture(printer, draw_layout(layout, settings))
    else:
        for block in layout:
            _send_block(printer, _plain(block), settings)
        printer.set(align="left", bold=False, custom_size=True, width=1, height=1)
    if settings.cut is Cut.NONE:
        printer.print_and_feed(6)
    else:
        printer.cut(mode=settings.cut.value.upper())
    output: bytes = printer.output
    return output


def _plain(block: Block) -> Block:
    """The last look before the printer: no byte of a text is a command to it, wherever the text comes from."""
    return replace(block, text=one_line(block.text)) if isinstance(block, Line) else block


def in_rom(text: str) -> bool:
    """Whether a printer's ROM has every character: one or two bytes in GB18030; the rare ones take four.

    Those of private use have two bytes as well, but no shape.
    """
    return all(len(c.encode("gb18030")) <= 2 and unicodedata.category(c) != "Co" for c in text)


def qr_image(content: str, max_px: int) -> Image.Image:
    """The code in black on white with its quiet zone, as large as fits."""
    matrix = _qr_matrix(content)
    picture = Image.new("1", (len(matrix), len(matrix)), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x, y), 0)
    scale = qr_scale(len(matrix), max_px)
    return picture.resize((len(matrix) * scale, len(matrix) * scale), Image.Resampling.NEAREST)


def qr_scale(modules: int, max_px: int) -> int:
    """Dots of one module: 3 to 8; a phone reads 3 dots (0.4 mm) at arm's length."""
    return max(3, min(8, max_px // modules))


def draw_layout(layout: Layout, settings: PrinterSettings) -> Image.Image:
    """The ticket as a picture, one bit deep, in the printer's dots."""
    file = find_font(settings.font)
    width = COLUMNS[settings.width_mm] * CELL_WIDTH
    rows = [_draw_block(block, width, file) for block in layout]
    picture = Image.new("1", (width, sum(row.height for row in rows)), 1)
    top = 0
    for row in rows:
        picture.paste(row, (0, top))
        top += row.height
    return picture


def _send_block(printer: Dummy, block: Block, settings: PrinterSettings) -> None:
    width = COLUMNS[settings.width_mm] * CELL_WIDTH
    match block:
        case Line() if in_rom(block.text):
            align = "center" if block.center else "left"
            printer.set(align=align, bold=block.bold, custom_size=True, width=block.size, height=block.size)
            printer._raw(CHINESE_ON + block.text.encode("gb18030") + CHINESE_OFF + b"\n")  # noqa: SLF001
        case Line():
            printer.set(align="left")
            _send_picture(printer, _draw_block(block, width, find_font(settings.font)))
        case Rule():
            printer.set(align="left", bold=False, custom_size=True, width=1, height=1)
            printer._raw(b"-" * COLUMNS[settings.width_mm] + b"\n")  # noqa: SLF001
        case Gap():
            printer.print_and_feed(block.lines)
        case Qr():
            printer.set(align="center")
            if settings.qr is QrCode.IMAGE:
                _send_picture(printer, qr_image(block.content, width * 5 // 12))
            else:
                size = qr_scale(len(_qr_matrix(block.content)), width * 5 // 12)
                printer.qr(block.content, native=True, ec=QR_ECLEVEL_M, size=size)
            printer._raw(b"\n")  # noqa: SLF001
        case Barcode():
            printer.set(align="center")
            _send_barcode(printer, block, width, settings)
            printer._raw(b"\n")  # noqa: SLF001


def _send_barcode(printer: Dummy, block: Barcode, width: int, settings: PrinterSettings) -> None:
    if settings.barcode is Barcodes.IMAGE or dots_wide(block.content) > width:
        _send_picture(printer, barcode_image(block.content, width, low=block.low))
        return
    with contextlib.redirect_stdout(io.StringIO()):  # python-escpos prints which of its two ways it takes
        printer.barcode(
            "{B" + block.content,
            "CODE128",
            height=LOW_DOTS if block.low else HIGH_DOTS,
            width=BAR_DOTS,
            pos="OFF",
            align_ct=False,
            function_type="B",
        )


def _qr_matrix(content: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(content)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def _send_picture(printer: Dummy, picture: Image.Image) -> None:
    for top in range(0, picture.height, STRIP_HEIGHT):
        strip = picture.crop((0, top, picture.width, min(top + STRIP_HEIGHT, picture.height)))
        printer.image(strip, impl="bitImageRaster", center=False)


def _draw_block(block: Block, width: int, file: str) -> Image.Image:
    match block:
        case Line():
            row = Image.new("1", (width, CELL_HEIGHT * block.size + LINE_SPACE), 1)
            left = (width - columns_of(block.text) * CELL_WIDTH * block.size) // 2 if block.center else 0
            for char in block.text:
                cell = glyph(file, char, block.size, block.size, block.bold)
                row.paste(cell, (left, LINE_SPACE // 2))
                left += cell.width
            return row
        case Rule():
            row = Image.new("1", (width, CELL_HEIGHT), 1)
            row.paste(0, (0, CELL_HEIGHT // 2 - 1, width, CELL_HEIGHT // 2 + 1))
            return row
        case Gap():
            return Image.new("1", (width, block.lines * (CELL_HEIGHT + LINE_SPACE)), 1)
        case Qr():
            return _centered(qr_image(block.content, width * 5 // 12), width)
        case Barcode():
            return _centered(barcode_image(block.content, width, low=block.low), width)


def _centered(code: Image.Image, width: int) -> Image.Image:
    row = Image.new("1", (width, code.height + LINE_SPACE), 1)
    row.paste(code, ((width - code.width) // 2, 0))
    return row


def dots_high(layout: Layout, width_mm: int) -> int:
    """About how long the paper becomes."""
    width = COLUMNS[width_mm] * CELL_WIDTH
    return sum(_high(block, width) for block in layout)


def _high(block: Block, width: int) -> int:
    match block:
        case Line():
            return CELL_HEIGHT * block.size + LINE_SPACE
        case Gap():
            return block.lines * (CELL_HEIGHT + LINE_SPACE)
        case Rule():
            return CELL_HEIGHT
        case Qr():
            return width * 5 // 12
        case Barcode():
            return barcode_image(block.content, width, low=block.low).height
