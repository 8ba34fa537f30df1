"""The last look at each line before it goes to the terminal: nothing that people wrote may command it."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from hall_controller.domain.plain_text import escaped, is_plain


class PlainLines(LineFilter):
    """Takes out what is not plain text. All such characters but lone surrogates have no width, so no column moves.

    Panes show them escaped; this holds for whatever else draws: titles, inputs, a widget of a library.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background
        if all(is_plain(segment.text) for segment in segments):
            return segments
        return [Segment(_plain(text), style, control) for text, style, control in segments]


def _plain(text: str) -> str:
    return "".join("?" if "\ud800" <= letter <= "\udfff" else letter for letter in text if _stays(letter))


def _stays(letter: str) -> bool:
    return escaped(letter) == letter or "\ud800" <= letter <= "\udfff"
