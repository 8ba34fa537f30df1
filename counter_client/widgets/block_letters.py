"""Ticket numbers in letters of blocks, readable from a metre: capitals and digits, as large as there is room."""

from typing import NamedTuple

GLYPHS = {
    "0": "01110 10001 10001 10001 10001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "01110 10001 00001 00110 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "B": "11110 10001 10001 11110 10001 10001 11110",
    "C": "01110 10001 10000 10000 10000 10001 01110",
    "D": "11110 10001 10001 10001 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "F": "11111 10000 10000 11110 10000 10000 10000",
    "G": "01110 10001 10000 10111 10001 10001 01111",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "J": "00111 00010 00010 00010 00010 10010 01100",
    "K": "10001 10010 10100 11000 10100 10010 10001",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "M": "10001 11011 10101 10101 10001 10001 10001",
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "P": "11110 10001 10001 11110 10000 10000 10000",
    "Q": "01110 10001 10001 10001 10101 10010 01101",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "V": "10001 10001 10001 10001 10001 01010 00100",
    "W": "10001 10001 10001 10101 10101 11011 10001",
    "X": "10001 10001 01010 00100 01010 10001 10001",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "Z": "11111 00001 00010 00100 01000 10000 11111",
    ":": "00000 00100 00100 00000 00100 00100 00000",
    "-": "00000 00000 00000 11111 00000 00000 00000",
}
"""Seven rows of five dots for each letter."""

WIDTH, HEIGHT = 5, 7


class Scale(NamedTuple):
    """How many columns and rows of the terminal one dot takes; a cell is about twice as high as wide."""

    columns: int
    rows: int


SCALES = (Scale(6, 3), Scale(5, 2), Scale(4, 2), Scale(3, 2), Scale(3, 1), Scale(2, 1), Scale(1, 1))
"""The largest first."""


def fitting_scale(letters: int, columns: int, rows: int) -> Scale | None:
    """The largest scale at which so many letters fit, or None when not even the smallest does."""
    for scale in SCALES:
        if letters * (WIDTH + 1) * scale.columns - scale.columns <= columns and scale.rows * HEIGHT <= rows:
            return scale
    return None


def block_letters(text: str, columns: int, rows: int) -> list[str]:
    """Lines of full blocks and blanks, all of one length; the bare text where blocks do not fit."""
    scale = fitting_scale(len(text), columns, rows)
    if scale is None or not text:
        return [text]
    rows_of_dots = [GLYPHS.get(letter, GLYPHS["-"]).split() for letter in text.upper()]
    lines = []
    for row in range(HEIGHT):
        dots = "0".join(glyph[row] for glyph in rows_of_dots)
        line = "".join(("█" if dot == "1" else " ") * scale.columns for dot in dots)
        lines += [line] * scale.rows
    return lines
