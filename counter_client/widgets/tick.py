"""Tick some of many: Space ticks, Enter answers. And a page that is only read."""

from collections.abc import Collection, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from counter_client.widgets.dialogs import Entry, KeyDialog
from counter_client.widgets.look import fill, line, lines
from counter_client.widgets.pane import Pane
from counter_client.words import Tongue, Words

TICKED, UNTICKED = "[x]", "[ ]"
ROWS, LONG_HEAD = 12, 4
"""So many lines at most, half as many below a long head: all of it fits 80x24."""
STEPS = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "pageup": -10}


def ticks_pane(entries: Sequence[Entry], ticked: Collection[str], at: int, columns: int, rows: int) -> Content:
    """The lines around the marked one, each with its digit, where it has one, and its tick."""
    start = max(0, min(at - rows // 2, len(entries) - rows))
    told = []
    for place, entry in enumerate(entries[start : start + rows], start):
        digit = f"{place + 1}" if place < 9 else " "
        tick = TICKED if entry.id in ticked else UNTICKED
        row = fill(line("> " if place == at else "  ", digit, " ", (tick, "bold"), " ", entry.text), columns)
        told.append(line((row.plain, "bold reverse")) if place == at else row)
    return lines(told)


class Tick(KeyDialog[tuple[str, ...]]):
    """Answers the ids that are ticked, in the order of the lines. `head` stands above them."""

    def __init__(
        self,
        title: Words,
        entries: Sequence[Entry],
        tongue: Tongue,
        *,
        ticked: Collection[str] = (),
        head: Sequence[Content] = (),
        take: Words,
        least: int = 0,
    ) -> None:
        """`take` is what Enter does; with fewer than `least` ticks it does nothing."""
        super().__init__(title, tongue)
        self.entries, self.head, self.take_words, self.least = entries, head, take, least
        self.ticked = set(ticked)
        self.at = 0

    def compose(self) -> ComposeResult:
        ticks = Words("空格或数字勾选，A 全选，", "Space or digit ticks, A all; ") if self.entries else Words("", "")
        foot = Words(f"{ticks.zh}回车 {self.take_words.zh}，Esc 返回", f"{ticks.en}Enter {self.take_words.en}; Esc")
        above = [Static(lines(list(self.head)), classes="rows")] if self.head else []
        pane, room = Pane(id="ticks"), ROWS if len(self.head) < LONG_HEAD else ROWS // 2
        pane.styles.height = min(room, len(self.entries))
        yield self.box(*above, pane, foot=foot)

    def draw(self) -> None:
        pane = self.query_one("#ticks", Pane)
        if self.entries and min(pane.room) > 0:
            pane.show(ticks_pane(self.entries, self.ticked, self.at, *pane.room))

    @property
    def known(self) -> Collection[str]:
        digits = map(str, range(1, min(9, len(self.entries)) + 1))
        return ("enter", "space", "a", *STEPS, *digits) if self.entries else ("enter",)

    def press(self, key: str) -> None:
        if key == "enter":
            self.answer()
        elif key in STEPS:
            self.at = max(0, min(len(self.entries) - 1, self.at + STEPS[key]))
        elif key == "space":
            self.ticked ^= {self.entries[self.at].id}
        elif key.isdigit():
            self.at = int(key) - 1
            self.ticked ^= {self.entries[self.at].id}
        else:
            every = {entry.id for entry in self.entries}
            self.ticked = set() if self.ticked >= every else every
        self.draw_soon()

    def answer(self) -> None:
        if len(self.ticked) >= self.least:
            self.dismiss(tuple(entry.id for entry in self.entries if entry.id in self.ticked))


class Read(KeyDialog[None]):
    """A page to be read; Enter, Space and Escape leave it."""

    def __init__(self, title: Words, rows: Sequence[Content], tongue: Tongue) -> None:
        super().__init__(title, tongue)
        self.rows = rows

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box read") as box:
            box.border_title = line(self.title_words.both(self.tongue))
            box.border_subtitle = Words("回车或 Esc 返回，↑↓ 翻看", "Enter or Esc leaves").both(self.tongue)
            yield Static(lines(list(self.rows)))

    @property
    def known(self) -> Collection[str]:
        return ("enter", "space")

    def press(self, key: str) -> None:
        del key  # each of them
        self.dismiss(None)
