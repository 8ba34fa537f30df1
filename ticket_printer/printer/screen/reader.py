"""Reads ESC/POS bytes as a printer does: pure. Bytes in, things on paper out.

Knows what a GB18030 ticket printer knows; what it does not know becomes `Unknown`, seen on the
picture, and never guessed. Text is GB18030 only between FS & and FS ., and code page 437 outside:
a ticket that forgets to switch shows the same rubbish here as on paper.
"""

from enum import IntEnum

import msgspec

DOTS_PER_LINE = 30


class Align(IntEnum):
    LEFT = 0
    CENTER = 1
    RIGHT = 2


class Style(msgspec.Struct, frozen=True):
    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: bool = False
    inverse: bool = False


class Run(msgspec.Struct, frozen=True):
    text: str
    style: Style


class TextLine(msgspec.Struct, frozen=True):
    runs: tuple[Run, ...]
    align: Align

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


class Feed(msgspec.Struct, frozen=True):
    dots: int


class Raster(msgspec.Struct, frozen=True):
    """Rows of dots, most significant bit left, 1 is black."""

    width_bytes: int
    height: int
    bits: bytes
    align: Align


class QrCode(msgspec.Struct, frozen=True):
    content: bytes
    module_dots: int
    correction: int
    """0 to 3: L, M, Q, H."""
    align: Align


class Bars(msgspec.Struct, frozen=True):
    """A barcode of type CODE128, in code set B."""

    content: str
    bar_dots: int
    height: int
    align: Align


class Cut(msgspec.Struct, frozen=True):
    part: bool


class Unknown(msgspec.Struct, frozen=True):
    data: bytes


Thing = TextLine | Feed | Raster | QrCode | Bars | Cut | Unknown

ESC, FS, GS, DLE, LF = 0x1B, 0x1C, 0x1D, 0x10, 0x0A


def read(data: bytes) -> list[Thing]:
    """What a printer that was just switched on makes of these bytes."""
    reader = _Reader(data)
    while reader.at < len(data):
        reader.step()
    reader.end_line(feed=False)
    return reader.things


def text_of(things: list[Thing]) -> str:
    """The text alone, a line each."""
    return "\n".join(thing.text for thing in things if isinstance(thing, TextLine))


class _Reader:
    """The state of a printer's command interpreter."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.things: list[Thing] = []
        self.runs: list[Run] = []
        self.qr_content = b""
        self.reset()

    def reset(self) -> None:
        self.style = Style()
        self.align = Align.LEFT
        self.chinese = False
        self.line_dots = DOTS_PER_LINE
        self.qr_module, self.qr_correction = 3, 0
        self.bar_dots, self.bar_height = 3, 162

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def byte(self) -> int:
        """The next byte, 0 when the data ends within a command."""
        return (self.take(1) or b"\0")[0]

    def step(self) -> None:
        code = self.byte()
        if code == LF:
            self.end_line(feed=True)
        elif code in (ESC, FS, GS, DLE):
            self.command(code, self.byte())
        elif code >= 0x20:
            self.at -= 1
            self.text()
        elif code != 0x0D:
            self.things.append(Unknown(bytes([code])))

    def text(self) -> None:
        start = self.at
        while self.at < len(self.data) and self.data[self.at] >= 0x20:
            # A byte of a Chinese character may look like ASCII: step over whole characters.
            self.at += 2 if self.chinese and self.data[self.at] >= 0x81 else 1
        raw = self.data[start : self.at]
        text = raw.decode("gb18030", "replace") if self.chinese else raw.decode("cp437")
        self.runs.append(Run(text, self.style))

    def end_line(self, *, feed: bool) -> None:
        if self.runs:
            self.things.append(TextLine(tuple(self.runs), self.align))
            self.runs = []
        elif feed:
            self.things.append(Feed(self.line_dots))

    def set_style(self, **changes: int | bool) -> None:
        self.style = msgspec.structs.replace(self.style, **changes)

    def command(self, kind: int, code: int) -> None:
        start = self.at - 2
        known = {ESC: self.esc, FS: self.fs, GS: self.gs, DLE: self.dle}[kind](chr(code))
        if not known:
            self.things.append(Unknown(self.data[start : self.at]))

    def esc(self, code: str) -> bool:
        if code in "tRM{":
            self.byte()  # code page, country, font, upside down: nothing that our tickets use
        elif code in "dJ":
            self.end_line(feed=False)
            self.things.append(Feed(self.byte() * (self.line_dots if code == "d" else 1)))
        elif code in "23":
            self.line_dots = DOTS_PER_LINE if code == "2" else self.byte()
        elif code == "@":
            self.reset()
        else:
            return self.esc_style(code)
        return True

    def esc_style(self, code: str) -> bool:
        if code == "a":
            self.align = Align(self.byte() % 48 % 3)
        elif code == "E":
            self.set_style(bold=bool(self.byte() & 1))
        elif code == "-":
            self.set_style(underline=bool(self.byte() % 48))
        elif code == "!":
            mode = self.byte()
            self.set_style(wide=2 if mode & 0x20 else 1, high=2 if mode & 0x10 else 1, bold=bool(mode & 8))
        else:
            return False
        return True

    def fs(self, code: str) -> bool:
        if code not in "&.":
            return False
        self.chinese = code == "&"
        return True

    def gs(self, code: str) -> bool:
        if code == "!":
            size = self.byte()
            self.set_style(wide=(size >> 4 & 7) + 1, high=(size & 7) + 1)
        elif code == "B":
            self.set_style(inverse=bool(self.byte() & 1))
        elif code == "V":
            mode = self.byte()
            if mode >= 65:
                self.things.append(Feed(self.byte()))
            self.things.append(Cut(part=mode % 48 in (1, 18)))
        elif code == "v":
            return self.raster()
        elif code == "(":
            return self.extended()
        elif code in "hwHfk":
            return self.barcode(code)
        elif code in "rI":
            self.byte()  # asks for an answer; nothing appears on paper
        else:
            return False
        return True

    def dle(self, code: str) -> bool:
        if code != "\x04":
            return False
        self.byte()
        return True

    def raster(self) -> bool:
        """GS v 0 m xL xH yL yH data."""
        header = self.take(6)
        if len(header) < 6 or header[0] != 0x30:
            return False
        width_bytes, height = header[2] + header[3] * 256, header[4] + header[5] * 256
        self.end_line(feed=False)
        bits = self.take(width_bytes * height).ljust(width_bytes * height, b"\0")
        self.things.append(Raster(width_bytes, height, bits, self.align))
        return True

    def barcode(self, code: str) -> bool:
        """GS h, w, H, f set a barcode up; GS k 73 n prints one of type CODE128."""
        if code != "k":
            value = self.byte()
            if code == "h":
                self.bar_height = value
            elif code == "w":
                self.bar_dots = value
            return code in "hw" or value % 48 == 0  # text beside it, or in another font, is nothing that ours use
        kind = self.byte()
        data = self.take(self.byte())
        if kind != 73 or not data.startswith(b"{B") or not all(0x20 <= byte < 0x7F for byte in data):
            return False
        self.end_line(feed=False)
        self.things.append(Bars(data[2:].decode(), self.bar_dots, self.bar_height, self.align))
        return True

    def extended(self) -> bool:
        """GS ( k: the QR code is set up, stored, then printed."""
        group = self.byte()
        body = self.take(self.byte() + self.byte() * 256)
        if group != ord("k") or len(body) < 2 or body[0] != ord("1"):
            return False
        match body[1]:
            case 67:
                self.qr_module = body[2]
            case 69:
                self.qr_correction = body[2] - 48
            case 80:
                self.qr_content = body[3:]
            case 81:
                self.end_line(feed=False)
                self.things.append(QrCode(self.qr_content, self.qr_module, self.qr_correction, self.align))
        return True
