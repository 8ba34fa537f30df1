"""One event in full, over the main screen."""

from collections.abc import Collection, Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from counter_client.widgets.dialogs import KeyDialog
from counter_client.widgets.look import SOFT, fill, line, lines
from counter_client.words import Tongue, Words


class Details(KeyDialog[str]):
    """Answers `go` for G: to what it is about."""

    def __init__(self, title: Words, rows: Sequence[tuple[str, str]], tongue: Tongue) -> None:
        super().__init__(title, tongue)
        self.rows = rows

    def compose(self) -> ComposeResult:
        told = [
            line(fill(line((name, SOFT)), 16), value) if name else line((value, "bold")) for name, value in self.rows
        ]
        foot = Words("G 跳到窗口或号，Esc 返回", "G goes there, Esc leaves")
        yield self.box(Static(lines(told), classes="rows"), foot=foot)

    @property
    def known(self) -> Collection[str]:
        return ("g", "enter", "space")

    def press(self, key: str) -> None:
        self.dismiss("go" if key == "g" else None)
