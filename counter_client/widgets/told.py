"""What the terminal last told its person: one line in each language, and how serious it is."""

from enum import StrEnum

import msgspec
from textual.content import Content

from counter_client.widgets.look import SOFT, cut, line, lines, wrapped
from counter_client.words import Tongue, Words


class Tone(StrEnum):
    NOTE = "note"
    DONE = "done"
    WARNING = "warning"


MARKS = {
    Tone.NOTE: ("   ", "bold"),
    Tone.DONE: (" ✓ ", "bold $success"),
    Tone.WARNING: (" ! ", "bold reverse $warning"),
}


class Told(msgspec.Struct, frozen=True):
    words: Words
    tone: Tone = Tone.NOTE


def told_pane(told: Told, tongue: Tongue, columns: int) -> Content:
    """The second language gives its line to the first, where that needs both; alone it is cut."""
    mark, style = MARKS[told.tone]
    first, second = told.words.first(tongue), told.words.second(tongue)
    room, plain = max(1, columns - 4), style.replace("reverse ", "")
    rows = wrapped(line((first, plain)), room)
    if len(rows) > 2:
        rows = [rows[0], Content(" ").join(rows[1:])]
    below = line((second if second != first else "", SOFT)) if len(rows) == 1 else rows[1]
    return lines([line((mark, style), " ", cut(rows[0], room)), line("    ", cut(below, room))])
