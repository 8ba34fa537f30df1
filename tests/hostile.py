"""Text as an attacker, or a broken device, would send it; and what of it may leave a program."""

import unicodedata

HOSTILE = "\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e\u2028\x7f\r\nforged: a line of its own\ufeff\x85\x00\t<b>张\u2066"
"""Retitles a terminal, wipes it, turns text round, forges a line."""
FORGED = "forged: a line of its own"


def unreadable(text: str) -> set[str]:
    """Characters that no terminal may be sent, but for line ends; by the tables of Unicode."""
    return {
        letter
        for letter in text
        if letter != "\n"
        and (
            unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
            or unicodedata.bidirectional(letter) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
            or letter in "\u061c\u200e\u200f\ufeff"
        )
    }
