"""The Chinese font of tickets drawn here: for printers without one in their ROM, and for the screen."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL_WIDTH, CELL_HEIGHT = 12, 24
"""Dots of one column of a printer's font A; a Chinese character takes two columns."""

USUAL = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)


class NoFontError(Exception):
    """One sentence: there is no font, and how to get one."""


def find_font(setting: str) -> str:
    """The file of the font to draw with. Raises NoFontError."""
    candidates = (setting,) if setting else USUAL
    for file in candidates:
        if Path(file).is_file():
            return file
    missing = f"font {setting!r} does not exist" if setting else "no Chinese font is installed"
    raise NoFontError(f"{missing}; install fonts-wqy-microhei or set `font` to a font file")


@lru_cache(maxsize=16)
def _font(file: str, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size_px)


@lru_cache(maxsize=2048)
def glyph(file: str, char: str, wide: int, high: int, bold: bool) -> Image.Image:
    """One character in black on white, in its cell times (wide, high), as a printer would set it."""
    columns = 1 if char.isascii() else 2
    width, height = CELL_WIDTH * columns * wide, CELL_HEIGHT * high
    size_px = CELL_HEIGHT * high * 11 // 12
    font = _font(file, size_px)
    natural = max(1, round(font.getlength(char)))
    cell = Image.new("L", (max(natural, columns * size_px // 2), height), 255)
    draw = ImageDraw.Draw(cell)
    left, baseline = (cell.width - natural) / 2, height * 0.83
    draw.text((left, baseline), char, font=font, fill=0, anchor="ls", stroke_width=high * 0.45 if bold else 0)
    if cell.width != width:
        cell = cell.resize((width, height), Image.Resampling.LANCZOS)
    return cell.point(lambda level: 0 if level < 150 else 255)
