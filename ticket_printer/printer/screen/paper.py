"""From the things that a reader found to a picture of the paper, dot by dot: pure."""

import qrcode
from PIL import Image

from ticket_printer.printer.barcode import bars, modules_of
from ticket_printer.printer.font import CELL_HEIGHT, CELL_WIDTH, glyph
from ticket_printer.printer.screen.reader import (
    DOTS_PER_LINE,
    Align,
    Bars,
    Cut,
    Feed,
    QrCode,
    Raster,
    Run,
    Style,
    TextLine,
    Thing,
    Unknown,
    read,
)

MARGIN = 24
PAPER = 255
WIDTH_DOTS = {80: 576, 58: 384}


def pictures(data: bytes, width_mm: int, font: str) -> list[Image.Image]:
    """The pieces of paper that come out for these bytes: one for each cut, and the rest."""
    pieces: list[list[Image.Image]] = [[]]
    for thing in read(data):
        if isinstance(thing, Cut):
            pieces.append([])
        else:
            pieces[-1].extend(_draw(thing, WIDTH_DOTS[width_mm], font))
    return [_stack(rows, WIDTH_DOTS[width_mm]) for rows in pieces if rows]


def _stack(rows: list[Image.Image], width: int) -> Image.Image:
    sheet = Image.new("L", (width + 2 * MARGIN, sum(row.height for row in rows) + 2 * MARGIN), PAPER)
    top = MARGIN
    for row in rows:
        sheet.paste(row, (MARGIN, top))
        top += row.height
    return sheet


def _draw(thing: Thing, width: int, font: str) -> list[Image.Image]:
    match thing:
        case TextLine():
            return [_draw_line(cells, thing.align, width) for cells in _lines_of(thing.runs, width, font)]
        case Feed():
            return [Image.new("L", (width, thing.dots), PAPER)] if thing.dots else []
        case Raster():
            size = (thing.width_bytes * 8, thing.height)
            return [_aligned(Image.frombytes("1", size, bytes(b ^ 0xFF for b in thing.bits)), thing.align, width)]
        case QrCode():
            return [_aligned(_draw_qr(thing), thing.align, width)]
        case Bars():
            picture = bars(modules_of(thing.content), max(1, thing.bar_dots), max(1, thing.height))
            # A printer sets no barcode that is wider than its paper.
            return [_aligned(picture.convert("L"), thing.align, width)] if picture.width <= width else []
        case Unknown():
            run = Run(f"?{thing.data.hex()}?", Style())
            return [_draw_line(cells, Align.LEFT, width) for cells in _lines_of((run,), width, font)]
        case Cut():
            return []


def _lines_of(runs: tuple[Run, ...], width: int, font: str) -> list[list[Image.Image]]:
    """The glyphs, broken where the paper ends, as a printer does."""
    lines: list[list[Image.Image]] = [[]]
    used = 0
    for run in runs:
        for char in run.text:
            style = run.style
            cell = glyph(font, char, style.wide, style.high, style.bold)
            if style.inverse:
                cell = cell.point(lambda level: 255 - level)
            if style.underline:
                cell = cell.copy()
                cell.paste(0, (0, cell.height - 2, cell.width, cell.height))
            if used + cell.width > width:
                lines.append([])
                used = 0
            lines[-1].append(cell)
            used += cell.width
    return lines


def _draw_line(cells: list[Image.Image], align: Align, width: int) -> Image.Image:
    height = max((cell.height for cell in cells), default=CELL_HEIGHT)
    text = Image.new("L", (max(CELL_WIDTH, sum(cell.width for cell in cells)), height), PAPER)
    left = 0
    for cell in cells:
        text.paste(cell, (left, height - cell.height))
        left += cell.width
    row = _aligned(text, align, width)
    spaced = Image.new("L", (width, max(DOTS_PER_LINE, height + DOTS_PER_LINE - CELL_HEIGHT)), PAPER)
    spaced.paste(row, (0, spaced.height - height))
    return spaced


def _aligned(picture: Image.Image, align: Align, width: int) -> Image.Image:
    row = Image.new("L", (width, picture.height), PAPER)
    left = {Align.LEFT: 0, Align.CENTER: (width - picture.width) // 2, Align.RIGHT: width - picture.width}[align]
    row.paste(picture, (max(0, left), 0))
    return row


_CORRECTIONS = (
    qrcode.constants.ERROR_CORRECT_L,
    qrcode.constants.ERROR_CORRECT_M,
    qrcode.constants.ERROR_CORRECT_Q,
    qrcode.constants.ERROR_CORRECT_H,
)


def _draw_qr(thing: QrCode) -> Image.Image:
    code = qrcode.QRCode(error_correction=_CORRECTIONS[thing.correction & 3], border=0)
    code.add_data(thing.content)
    code.make(fit=True)
    matrix = code.get_matrix()
    picture = Image.new("L", (len(matrix), len(matrix)), PAPER)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x, y), 0)
    side = len(matrix) * thing.module_dots
    return picture.resize((side, side), Image.Resampling.NEAREST)
