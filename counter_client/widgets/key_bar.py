"""The keys at the foot of the screen: a cap, what it does in Chinese, and in English below."""

from collections.abc import Sequence

from textual.content import Content

from counter_client.widgets.look import FAINT, SOFT, fill, line
from counter_client.words import Tongue, Words

Cap = tuple[str, Words, bool]
"""Key, label, whether it does something now."""

OWN_KEYS: list[Cap] = [("l", Words("语言", "中/EN"), True), ("F1", Words("帮助", "Help"), True)]
"""The terminal's own."""


def key_rows(keys: Sequence[Cap], tongue: Tongue, columns: int, *, bold: bool = True) -> list[Content]:
    """Two lines. A key that does nothing now is faint and its cap not reversed: to be seen without colours too."""
    least, spare = divmod(columns, len(keys))
    top, below = [], []
    zh_style, en_style = ("", SOFT) if tongue == "zh" else (SOFT, "")
    for at, (key, label, on) in enumerate(keys):
        width = least + (at < spare)
        cap = f" {key.upper()} " if len(key) == 1 else f"{key} "
        weight = "bold " if bold else ""
        gap = " " if width >= 9 else ""
        text = (label.zh, weight + zh_style if on else FAINT)
        top.append(fill(line((cap, "bold reverse" if on else FAINT), gap, text), width))
        below.append(fill(line((label.en, en_style if on else FAINT)), width))
    return [line(*top), line(*below)]


def key_row(keys: Sequence[Cap], tongue: Tongue, columns: int) -> Content:
    """One line: the first language, and the other one where there is room."""
    least, spare = divmod(columns, len(keys))
    told = []
    for at, (key, label, on) in enumerate(keys):
        width = least + (at < spare)
        cap = (f" {key.upper()} ", "bold reverse" if on else FAINT)
        first, second = (label.first(tongue), "" if on else FAINT), (label.second(tongue), SOFT if on else FAINT)
        ways = (line(cap, " ", first, " ", second), line(cap, " ", first), line(cap, first))
        told.append(fill(next((way for way in ways[:2] if way.cell_length < width), ways[2]), width))
    return line(*told)
