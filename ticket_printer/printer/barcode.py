"""Code 128: how wide it is, its bars as a picture, and whether they run across the paper or along it. Pure."""

from barcode.charsets import code128
from PIL import Image

BAR_DOTS = 2
"""Of the narrowest bar, 0.25 mm: of one dot a hand scanner reads nothing that a heat printer prints."""
QUIET_DOTS = 10 * BAR_DOTS
"""White that a scanner needs at both ends."""
HIGH_DOTS, LOW_DOTS = 80, 48


def modules_of(content: str) -> str:
    """Its narrowest bars and gaps from left to right, `1` is black: in code set B, as printers are told to set it.

    Raises KeyError for a character that is not printable ASCII.
    """
    values = [code128.START_CODES["B"], *(code128.B[char] for char in content)]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    bars_of = [*(code128.CODES[value] for value in (*values, check)), code128.STOP, "11"]
    return "".join(bars_of)


def dots_wide(content: str) -> int:
    """With the white at both ends."""
    return (11 * (len(content) + 2) + 13) * BAR_DOTS + 2 * QUIET_DOTS


def bars(modules: str, bar_dots: int, height: int) -> Image.Image:
    """Across the paper, without the white at its ends."""
    line = Image.new("1", (len(modules), 1), 1)
    line.putdata([0 if module == "1" else 255 for module in modules])
    return line.resize((len(modules) * bar_dots, height), Image.Resampling.NEAREST)


def barcode_image(content: str, max_px: int, *, low: bool) -> Image.Image:
    """Across the paper where it has room for it, else along the paper: a hand scanner is easily turned."""
    picture = bars(modules_of(content), BAR_DOTS, LOW_DOTS if low else HIGH_DOTS)
    if dots_wide(content) <= max_px:
        return picture
    along = picture.rotate(90, expand=True)
    framed = Image.new("1", (along.width, along.height + 2 * QUIET_DOTS), 1)
    framed.paste(along, (0, QUIET_DOTS))
    return framed
