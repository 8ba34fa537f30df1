"""F1: every key with what it does."""

from collections.abc import Collection, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from counter_client.widgets.dialogs import KeyDialog
from counter_client.widgets.look import SOFT, line, lines
from counter_client.words import Tongue, Words

Row = tuple[str, Words, Words]
"""Key, label, what it does."""


def help_lines(rows: Sequence[Row], notes: Sequence[Words], tongue: Tongue) -> Content:
    """Two lines a key where both languages do not fit on one; the notes below."""
    told: list[Content] = []
    for key, label, what in rows:
        cap = f" {key.upper()} ".ljust(7)
        head = line((cap.rstrip() + " ", "bold reverse"), " " * (7 - len(cap.rstrip())), (label.first(tongue), "bold"))
        head = line(head, " " * max(1, 19 - head.cell_length))
        told.append(line(head, (what.first(tongue), "")))
        told.append(line(" " * 19, (what.second(tongue), SOFT)))
    for note in notes:
        told += [Content(""), line((note.first(tongue), "bold")), line((note.second(tongue), SOFT))]
    return lines(told)


class HelpScreen(KeyDialog[None]):
    def __init__(self, title: Words, rows: Sequence[Row], notes: Sequence[Words], tongue: Tongue) -> None:
        super().__init__(title, tongue)
        self.rows, self.notes = rows, notes

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box help") as box:
            box.border_title = self.title_words.both(self.tongue)
            box.border_subtitle = Words("Esc 返回，↑↓ 翻看", "Esc leaves, arrows scroll").both(self.tongue)
            yield Static(help_lines(self.rows, self.notes, self.tongue))

    @property
    def known(self) -> Collection[str]:
        return ("f1", "q", "enter", "space")

    def press(self, key: str) -> None:
        del key  # each of them
        self.dismiss(None)
