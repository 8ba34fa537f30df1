"""Letters that no font may draw: surnames in private use, or in late additions to Unicode."""

import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator

LOOKED_UP = 20
"""Each is a question to fontconfig; a hall with more of them knows by then."""


def undrawn(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(letter, text that holds it), once for each letter that no font of this box draws."""
    found: dict[str, str] = {}
    for text in texts:
        for letter in filter(_is_rare, text):
            found.setdefault(letter, text)
    for letter, text in list(found.items())[:LOOKED_UP]:
        if not _is_drawn(letter):
            yield letter, text


def _is_rare(letter: str) -> bool:
    """Of no use, of private use, or of the extensions of Han."""
    return ord(letter) > 0xFF and (
        unicodedata.category(letter) in {"Co", "Cn"} or "\u3400" <= letter <= "\u4dbf" or letter >= "\U00020000"
    )


def _is_drawn(letter: str) -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    asked = [program, f":charset={ord(letter):x}", "family"]
    try:
        return bool(subprocess.run(asked, capture_output=True, timeout=10, check=False).stdout.strip())
    except (OSError, subprocess.TimeoutExpired):
        return False
