"""The questions a terminal asks: pick from many, choose among few, type a word, confirm. Escape leaves each of them."""

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar, TypeVar

import msgspec
from textual import events, getters, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from counter_client.keyboard import key_of, plain
from counter_client.widgets.burst import BurstApp
from counter_client.widgets.drawn import Drawn
from counter_client.widgets.look import SOFT, fill, line, lines, pair
from counter_client.widgets.pane import Pane
from counter_client.words import Tongue, Words

Answer = TypeVar("Answer")


class Entry(msgspec.Struct, frozen=True):
    """One line that can be picked."""

    id: str
    text: Content
    search: str = ""
    """What typing is matched against."""


def matching(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Those that hold every typed word somewhere.

    One whose id was typed in full comes first, then those with a word that begins so: `9:00` is not yet `19:00`.
    """
    wanted = plain(typed).split()
    found = [entry for entry in entries if all(word in plain(entry.search) for word in wanted)]

    def rank(entry: Entry) -> tuple[bool, bool]:
        words = plain(entry.search).split()
        return plain(entry.id) != plain(typed), not all(any(w.startswith(typed) for w in words) for typed in wanted)

    return sorted(found, key=rank)


DEAF_S = 0.25
"""A scanner's letters follow each other much faster than this, a person's keys do not."""


class TypedLine(Input):
    """Takes Enter in its turn. Textual would first take the letters that came after it, and submit them too."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    async def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.action_submit()


class Dialog(Drawn, ModalScreen[Answer | None]):
    """A box over the main screen; Escape answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, title: Words, tongue: Tongue) -> None:
        super().__init__()
        self.title_words, self.tongue = title, tongue

    @property
    def is_on_top(self) -> bool:
        return self.app.screen is self

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Once: a second answer, typed before the first had closed the dialog, would close what is below it."""
        return super().dismiss(result) if self.is_on_top else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    def box(self, *children: Widget, foot: Words, full: bool = False) -> Vertical:
        """The frame with its title; `full`: as high as the screen lets it be."""
        classes = "box full" if full else "box"
        box = Vertical(*children, Static(pair(foot, self.tongue, SOFT), classes="foot"), classes=classes)
        box.border_title = line(self.title_words.both(self.tongue))
        return box

    def draw(self) -> None:
        """Nothing changes in most dialogs once they stand there."""

    def action_leave(self) -> None:
        self.dismiss(None)


class KeyDialog(Dialog[Answer]):
    """A dialog in which each key does one thing.

    A letter that does nothing begins a scan, or a word, that nobody wanted here: its digits and its Enter must choose
    nothing, so what follows it at once is not heard.
    """

    app = getters.app(BurstApp)

    @property
    def known(self) -> Collection[str]:
        """The keys that do something."""
        raise NotImplementedError

    def press(self, key: str) -> None:
        """One of them."""
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        if self.hear(event):
            event.stop()

    def hear(self, event: events.Key) -> bool:
        """Whether the key ends here.

        Not `on_key`, of which Textual calls each class's own, one after another.
        """
        return self.take(key_of(event.key, event.character))

    def take(self, key: str) -> bool:
        """Whether the key ends here; what is left to Textual scrolls, or leaves."""
        if key == "escape":
            return False
        if not self.is_on_top or self.app.burst.goes_on():
            return True
        if key in self.known:
            self.press(key)
            return True
        if len(key) == 1:
            self.app.burst.drop(DEAF_S)
            return True
        return False


def entries_pane(entries: Sequence[Entry], at: int, columns: int, rows: int) -> Content:
    """The lines around the marked one, which is reversed and carries a mark."""
    start = max(0, min(at - rows // 2, len(entries) - rows))
    told = []
    for place, entry in enumerate(entries[start : start + rows], start):
        row = fill(line("> " if place == at else "  ", entry.text), columns)
        told.append(line((row.plain, "bold reverse")) if place == at else row)
    return lines(told)


class Pick(Dialog[str]):
    """Pick one of many: typing narrows the list, Enter takes the marked line. Answers its id.

    `find` says which lines what was typed leaves, and in what order. With `free`, Enter answers what was typed when
    nothing matches it, unless `check` says what is wrong with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]

    def __init__(
        self,
        title: Words,
        entries: Sequence[Entry],
        tongue: Tongue,
        *,
        prompt: Words,
        free: bool = False,
        check: Callable[[str], Words | None] = lambda _: None,
        find: Callable[[Sequence[Entry], str], list[Entry]] = matching,
    ) -> None:
        super().__init__(title, tongue)
        self.entries, self.prompt, self.free, self.check, self.find = entries, prompt, free, check, find
        self.shown = list(entries)
        self.at = 0

    def compose(self) -> ComposeResult:
        foot = Words("输入可缩小范围，↑↓ 选择，回车确定，Esc 返回", "type, Enter, Esc")
        typed = TypedLine(placeholder=self.prompt.both(self.tongue), select_on_focus=False)
        yield self.box(typed, Pane(id="entries"), foot=foot, full=True)

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        self.shown, self.at = self.find(self.entries, event.value), 0
        self.draw_soon()

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        if self.shown:
            self.dismiss(self.shown[self.at].id)
        elif self.free and event.value.strip():
            wrong = self.check(event.value.strip())
            if wrong is None:
                self.dismiss(event.value.strip())
            else:
                self.query_one("#entries", Pane).show(line((wrong.both(self.tongue), "bold $warning")))

    def action_move(self, by: int) -> None:
        self.at = max(0, min(len(self.shown) - 1, self.at + by))
        self.draw_soon()

    def draw(self) -> None:
        pane = self.query_one("#entries", Pane)
        if self.shown:
            pane.show(entries_pane(self.shown, self.at, *pane.room))
            return
        nothing = Words("没有符合的；Esc 返回", "nothing matches; Esc leaves")
        if self.free and self.query_one(Input).value.strip():
            nothing = Words("按回车用所输入的", "Enter takes what you typed")
        pane.show(pair(nothing, self.tongue))


class Choose(KeyDialog[str]):
    """Choose among at most nine: the digit answers at once, Enter takes the first."""

    def __init__(self, title: Words, choices: Sequence[tuple[str, Words]], tongue: Tongue) -> None:
        super().__init__(title, tongue)
        self.choices = choices

    def compose(self) -> ComposeResult:
        rows = [
            line((f" {digit} ", "bold reverse"), " ", pair(words, self.tongue, "bold"))
            for digit, (_, words) in enumerate(self.choices, 1)
        ]
        foot = Words("按数字，或回车选第一项，Esc 返回", "press a digit; Enter: the first; Esc")
        yield self.box(Static(lines(rows), classes="rows"), foot=foot)

    @property
    def known(self) -> Collection[str]:
        return ("enter", *map(str, range(1, len(self.choices) + 1)))

    def press(self, key: str) -> None:
        at = 0 if key == "enter" else int(key) - 1
        self.dismiss(self.choices[at][0])


class Type(Dialog[str]):
    """Type a word. `check` says what is wrong with it, or None."""

    def __init__(
        self,
        title: Words,
        tongue: Tongue,
        *,
        prompt: Words,
        initial: str = "",
        check: Callable[[str], Words | None] = lambda _: None,
    ) -> None:
        super().__init__(title, tongue)
        self.prompt, self.initial, self.check = prompt, initial, check

    def compose(self) -> ComposeResult:
        foot = Words("回车确定，Esc 返回", "Enter, or Esc to leave")
        box = self.box(
            TypedLine(self.initial, placeholder=self.prompt.both(self.tongue)), Static("", id="wrong"), foot=foot
        )
        yield box

    @on(Input.Changed)
    def forget(self) -> None:
        self.query_one("#wrong", Static).update("")

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        value = event.value.strip()
        wrong = self.check(value)
        if wrong is None:
            self.dismiss(value)
        else:
            self.query_one("#wrong", Static).update(line((wrong.both(self.tongue), "bold $warning")))


class Confirm(KeyDialog[bool]):
    """Asked only before what cannot be undone; Y and nothing else is yes."""

    def __init__(self, title: Words, question: Words, tongue: Tongue) -> None:
        super().__init__(title, tongue)
        self.question = question

    def compose(self) -> ComposeResult:
        asked = lines(
            [line((self.question.first(self.tongue), "bold")), line((self.question.second(self.tongue), SOFT))]
        )
        yield self.box(Static(asked, classes="rows"), foot=Words("Y 是，Esc 否", "Y yes, Esc no"))

    @property
    def known(self) -> Collection[str]:
        return ("y",)

    def press(self, key: str) -> None:
        del key  # each of them
        self.dismiss(True)
