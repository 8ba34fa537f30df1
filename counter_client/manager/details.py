"""One event in full, over the main screen."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from counter_client.keyboard import key_of
from counter_client.widgets.dialogs import Dialog
from counter_client.widgets.look import SOFT, fill, line, lines
from counter_client.words import Tongue, Words


class Details(Dialog[str]):
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

    def on_key(self, event: events.Key) -> None:
        key = key_of(event.key, event.character)
        if key == "g":
            self.dismiss("go")
        elif key in ("enter", "space"):
            event.stop()
            self.dismiss(None)
