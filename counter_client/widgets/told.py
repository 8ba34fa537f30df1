"""What the terminal last told its person: one line in each language, and how serious it is."""

from enum import StrEnum

import msgspec
from textual.content import Content

from counter_client.widgets.look import SOFT, cut, line, lines
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
    mark, style = MARKS[told.tone]
    first, second = told.words.first(tongue), told.words.second(tongue)
    return lines(
        [
            cut(line((mark, style), " ", (first, style.replace("reverse ", ""))), columns),
            cut(line("    ", (second if second != first else "", SOFT)), columns),
        ]
    )
