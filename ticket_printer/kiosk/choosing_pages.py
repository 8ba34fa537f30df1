"""Draws the pages to choose a matter from: tiles, the search with its keyboard, the matters of a theme."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui
from nicegui.element import Element

from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.bundles import ThemeView
from ticket_printer.kiosk.choosing import SearchView
from ticket_printer.kiosk.elements import button, documents, heading, tag, text
from ticket_printer.kiosk.finding import THEME
from ticket_printer.kiosk.journey import Journey, Screen
from ticket_printer.kiosk.other_pages import Go
from ticket_printer.kiosk.tiles import Tile, TilesView
from ticket_printer.kiosk.words import Words

CHOOSE: dict[str, Callable[[Journey, str], Journey]] = {
    "groups": j.choose_group,
    "parts": steps.choose_part,
    "matters": j.choose_matter,
    "themes": steps.choose_theme,
    "days": j.choose_day,
    "slots": j.choose_slot,
    "areas": j.choose_area,
}
"""What a tile of each kind of page does."""
ENTRIES: dict[str, Callable[[Journey], Journey]] = {Screen.THEMES: steps.themes, Screen.RESULTS: steps.results}
LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
RECEIPT_KEYS = ("1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm")
GLASS = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.6">'
    '<circle cx="10" cy="10" r="6.5"/><path d="M15 15l6.5 6.5"/></svg>'
)


def draw_tiles(body: TilesView, words: Words, go: Go) -> Element | None:
    """Returns the place of the live line, if this page has one."""
    heading(body.title)
    if body.note:
        text("p", body.note, "note").props('role="alert"')
    live = tag("div", "live").props('aria-live="off"') if body.is_start else None
    if body.search:
        with tag("nav", f"entries of-{len(body.entries) + 1}"):
            glass = button(body.search, "search-bar", go(steps.search), key=Screen.SEARCH, more=body.search_more)
            with glass:
                ui.html(GLASS, sanitize=False).classes("glass")
            for entry in body.entries:
                button(entry.text, "entry", go(ENTRIES[entry.key]), key=entry.key, more=entry.more)
    with tag("div", "tiles").style(f"--columns: {body.columns}; --rows: {body.rows}"):
        for tile in body.tiles:
            drawn = button(tile.text, "tile", go(_with(CHOOSE[body.kind], tile.key)), key=tile.key, more=tile.more)
            if not tile.possible:
                drawn.props("disabled")
    if body.pages > 1:
        with tag("nav", "pages"):
            _page_button(words.earlier, body.page - 1, body.page > 0, go)
            text("div", words.page.format(body.page + 1, body.pages), "page-count")
            _page_button(words.more, body.page + 1, body.page + 1 < body.pages, go)
    return live


def _page_button(label: str, page: int, possible: bool, go: Go) -> None:
    turn = button(label, "turn", go(_with(j.turn_page, page)))
    if not possible:
        turn.props("disabled")


def _with(function: Callable[[Journey, Any], Journey], choice: Any) -> Callable[[Journey], Journey]:
    return lambda journey: function(journey, choice)


# --- the search ----------------------------------------------------------------------------------


def draw_search(body: SearchView, words: Words, go: Go) -> "FoundList":
    """Returns the place of what is found, which is drawn on its own."""
    with tag("section", "searching"):
        heading(body.title)
        typed_field(body.hint, words.visit.search)
    with tag("section", "found").style(f"--rows: {body.rows}").props('role="region" aria-live="polite"'):
        found = FoundList(body.rows, go)
    visit = words.visit
    last = (("delete", visit.delete), ("space", visit.space), ("clear", visit.clear))
    draw_keyboard(LETTERS, last)
    return found


def typed_field(hint: str, name: str) -> None:
    """It takes a hardware keyboard, an input method and a scanner too; no keyboard of the system's pops up."""
    field = tag("input", "field").props('type="text" inputmode="none" autocomplete="off" autocapitalize="off"')
    field.props(f'spellcheck="false" maxlength="48" data-first="yes" placeholder="{hint}" aria-label="{name}"')


def draw_keyboard(rows: Sequence[str], words: Sequence[tuple[str, str]], dash: str = "") -> None:
    """The browser types by itself: a key waits for nobody. `words`: acts and their names, on the last row."""
    with tag("div", "keyboard").props('role="group"'):
        for row in rows:
            is_last = row is rows[-1]
            with tag("div", "keys"):
                for letter in row:
                    _key(letter.upper(), letter, aria=dash if letter == "-" else "")
                for act, name in words if is_last else ():
                    _key(name, act, is_word=True)


def _key(name: str, types: str, *, aria: str = "", is_word: bool = False) -> None:
    key = tag("button", "letter word" if is_word else "letter").props(f'type="button" data-types="{types}"')
    if aria:
        key.props(f'aria-label="{aria}"')
    with key:
        text("div", name)


class FoundList:
    """What was found; only the places that have changed are drawn again."""

    def __init__(self, rows: int, go: Go) -> None:
        self._go = go
        self._note = tag("p", "said")
        self._said = ""
        self._places = [tag("div", "place") for _ in range(rows)]
        self._drawn: list[Tile | None] = [None] * rows

    def show(self, tiles: Sequence[Tile], said: str) -> None:
        if said != self._said:
            self._said = said
            self._note.clear()
            with self._note:
                text("span", said)
        for number, place in enumerate(self._places):
            tile = tiles[number] if number < len(tiles) else None
            if tile == self._drawn[number]:
                continue
            self._drawn[number] = tile
            place.clear()
            if tile is not None:
                with place:
                    button(tile.text, "tile", self._go(_chosen(tile.key)), key=tile.key, more=tile.more)


def _chosen(key: str) -> Callable[[Journey], Journey]:
    if key.startswith(THEME):
        return _with(steps.choose_theme, key.removeprefix(THEME))
    return _with(j.choose_matter, key)


# --- a theme -------------------------------------------------------------------------------------


def draw_theme(body: ThemeView, words: Words, go: Go, print_list: Callable[[], None]) -> None:
    visit = words.visit
    heading(body.title)
    text("p", visit.theme_hint, "hint")
    with tag("section", "ticks"):
        for tile in body.tiles:
            shown = "tick chosen" if tile.possible else "tick"
            drawn = button(tile.text, shown, go(_with(steps.tick, tile.key)), key=tile.key, more=tile.more)
            drawn.props(f'role="checkbox" aria-checked="{"true" if tile.possible else "false"}"')
    documents(words.documents if body.documents else words.no_documents, body.documents, body.later)
    with tag("div", "answers"):
        if body.can_print:
            draw_print(words, body.printed, print_list)
        label = f"{visit.next} · {visit.chosen.format(len(body.codes))}"
        on = button(label, "primary next", go(_with(steps.choose_bundle, body.codes)))
        if not body.codes:
            on.props("disabled")


def draw_print(words: Words, printed: bool, print_list: Callable[[], None]) -> None:
    """The button, or that it was done."""
    if printed:
        text("p", words.visit.printed, "done-so").props('role="status"')
    else:
        button(words.visit.print_list, "secondary print", print_list)
