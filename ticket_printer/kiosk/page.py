"""Draws what `view` says, as plain HTML elements that a finger, a keyboard and a screen reader can use."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from nicegui import app, ui
from nicegui.element import Element

from hall_controller.domain.ticket import Language, VisitorClass
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk.journey import Journey, PaperShown, Screen
from ticket_printer.kiosk.machine import Machine
from ticket_printer.kiosk.view import (
    ConfirmView,
    MessageView,
    Seen,
    TicketView,
    TilesView,
    View,
    Viewport,
    live_line,
    view_of,
)
from ticket_printer.kiosk.words import Words

LOOK_S = 0.2
"""How often the page looks for what has changed: a printout, a call, the hall falling silent."""

CSS = (files("ticket_printer.kiosk") / "kiosk.css").read_text("utf-8")
JS = (files("ticket_printer.kiosk") / "kiosk.js").read_text("utf-8")


def declare_page(machine: Machine) -> None:
    """The page at `/`."""

    @ui.page("/", title="取号 Take a ticket", response_timeout=10)
    def page() -> None:
        ui.add_css(CSS)
        ui.add_body_html(f"<script>{JS}</script>")
        KioskPage(machine, str(app.storage.browser["id"])).open()


class KioskPage:
    """One open page."""

    def __init__(self, machine: Machine, browser: str) -> None:
        self.machine = machine
        self.browser = browser
        self.client = ui.context.client
        self.root = ui.element("div").classes("kiosk")
        self.live: Element | None = None
        self.drawn: View | None = None
        self.live_drawn: tuple[tuple[str, str], ...] = ()

    def open(self) -> None:
        ui.on("viewport", self._resize)
        ui.on("touch", lambda: self._go(self.journey))
        self.refresh()
        ui.timer(LOOK_S, self.look)

    @property
    def journey(self) -> Journey:
        return self.machine.journey(self.browser)

    def look(self) -> None:
        self.machine.pass_time(self.browser)
        self.refresh()

    def refresh(self) -> None:
        machine, client = self.machine, self.machine.client
        journey = self.journey
        seen = Seen(
            hall=machine.hall,
            catalogue=machine.catalogue,
            connected=client.connected,
            settings=machine.settings,
            url=machine.url,
            viewport=machine.viewport,
            at_ms=machine.at_ms(),
            now_ms=client.now_ms(),
        )
        view = view_of(journey, seen)
        if view != self.drawn:
            self._draw(view)
        if self.live is not None and machine.hall is not None:
            line = live_line(journey, machine.hall, client.now_ms())
            if line != self.live_drawn:
                self.live_drawn = line
                self.live.clear()
                with self.live:
                    _pairs(line)

    def _go(self, journey: Journey) -> None:
        self.machine.touched(self.browser, journey)
        self.refresh()

    def _resize(self, event: Any) -> None:
        size = event.args
        if isinstance(size, dict):
            self.machine.viewport = Viewport(int(size.get("width", 1080)), int(size.get("height", 1920)))
            self.refresh()

    # --- drawing ---------------------------------------------------------------------------------

    def _draw(self, view: View) -> None:
        before, self.drawn = self.drawn, view
        self.live, self.live_drawn = None, ()
        body = view.body
        kind = _kind(body)
        self.root.clear()
        with self.root:
            with _tag("header"):
                _text("div", view.hall_name, "hall")
            with _tag("div", f"screen {kind}"):
                if isinstance(body, TilesView):
                    self._draw_tiles(body, view.words)
                elif isinstance(body, ConfirmView):
                    self._draw_confirm(body, view.words)
                elif isinstance(body, TicketView):
                    self._draw_ticket(body, view.words)
                else:
                    _draw_message(body)
            with _tag("footer"):
                self._draw_footer(body, view)
        moved = before is None or _kind(before.body) != kind or _title(before.body) != _title(body)
        state = {"screen": kind, "lang": view.words.lang, "large": view.large, "moved": moved}
        self.client.run_javascript(f"kioskShown({json.dumps(state)})")

    def _draw_tiles(self, body: TilesView, words: Words) -> None:
        _heading(body.title)
        if body.is_start:
            self.live = _tag("div", "live").props('aria-live="off"')
        grid = _tag("div", "tiles").style(f"--columns: {body.columns}; --rows: {body.rows}")
        with grid:
            choose = j.choose_group if body.is_start else j.choose_matter
            for tile in body.tiles:
                self._button(tile.text, "tile", self._step(choose, tile.key), key=tile.key)
        if body.pages > 1:
            with _tag("nav", "pages"):
                self._page_button(words.earlier, body.page - 1, body.page > 0)
                _text("div", words.page.format(body.page + 1, body.pages), "page-count")
                self._page_button(words.more, body.page + 1, body.page + 1 < body.pages)

    def _page_button(self, text: str, page: int, possible: bool) -> None:
        button = self._button(text, "turn", self._step(j.turn_page, page))
        if not possible:
            button.props("disabled")

    def _draw_confirm(self, body: ConfirmView, words: Words) -> None:
        _heading(body.title)
        with _tag("section", "documents"):
            _text("h2", words.documents if body.documents else words.no_documents)
            with _tag("ul"):
                for document in body.documents:
                    _text("li", document)
        with _tag("section", "choice").props(f'role="radiogroup" aria-label="{words.who}"'):
            for visitor_class, text, more in (
                (VisitorClass.ORDINARY, words.ordinary, ""),
                (VisitorClass.PRIORITY, words.priority, words.priority_who),
            ):
                step = self._step(j.choose_class, visitor_class)
                self._radio(text, more, body.visitor_class is visitor_class, step, visitor_class)
        with _tag("section", "choice languages").props(f'role="radiogroup" aria-label="{words.call_in}"'):
            _text("div", words.call_in, "choice-label")
            for language in Language:
                step = self._step(j.choose_language, language)
                self._radio(words.languages[language], "", body.language is language, step, language)
        self.live = _tag("div", "live").props('aria-live="polite"')
        self._button(words.take, "primary take", None, on_touch=self._take)

    def _radio(self, text: str, more: str, chosen: bool, step: Callable[[], Journey], key: str) -> None:
        button = self._button(text, f"radio {'chosen' if chosen else ''}", step, key=key)
        button.props(f'role="radio" aria-checked="{"true" if chosen else "false"}"')
        if more:
            with button:
                _text("div", more, "more")

    def _draw_ticket(self, body: TicketView, words: Words) -> None:
        with _tag("section", "number-block"):
            _text("h1", words.your_number).props('tabindex="-1"')
            spelled = " ".join(body.number)
            number = _text("div", body.number, "number").style(f"--chars: {len(body.number)}")
            number.props(f'role="text" aria-label="{spelled}"')
            if body.called_to is not None:
                _text("p", words.called.format(body.called_to), "called").props('role="alert"')
            with _tag("div", "live"):
                _pairs(body.facts)
        if body.qr_svg:
            with _tag("section", "qr"):
                ui.html(body.qr_svg, sanitize=False).props(f'role="img" aria-label="{words.scan}"')
                _text("p", words.scan)
        with _tag("section", f"paper {body.paper}").props('role="status"'):
            self._draw_paper(body.paper, words)

    def _draw_paper(self, paper: PaperShown, words: Words) -> None:
        if paper is PaperShown.PRINTING:
            _text("p", words.printing, "headline")
        elif paper is PaperShown.TAKE:
            _text("p", words.take_paper, "headline")
            _text("p", words.take_paper_why)
            self._button(words.done, "primary", Journey)
        elif paper is PaperShown.YOURS:
            _text("p", words.yours, "headline")
            _text("p", words.yours_why)
            with _tag("div", "answers"):
                self._button(words.yes_mine, "primary", None, on_touch=self._acknowledge)
                self._button(words.not_mine, "secondary", Journey)
        else:
            _text("p", words.remember, "headline")
            _text("p", words.remember_why)
            self._button(words.remembered, "primary", None, on_touch=self._acknowledge)

    def _draw_footer(self, body: TilesView | ConfirmView | TicketView | MessageView, view: View) -> None:
        words, screen = view.words, self.journey.screen
        if isinstance(body, ConfirmView) or (isinstance(body, TilesView) and not body.is_start):
            self._button(words.back, "foot back", self._step(j.back))
            if isinstance(body, ConfirmView):
                self._button(words.start_over, "foot restart", self._step(j.restart))
        elif screen is Screen.SORRY:
            self._button(words.start_over, "foot restart", self._step(j.restart))
        _tag("div", "space")
        other = self._button(words.other_language, "foot language", self._step(j.toggle_english))
        other.props(f'lang="{"zh-CN" if self.journey.english else "en"}"')
        size = words.normal if view.large else words.large
        self._button(size, "foot size", self._step(j.toggle_large))

    def _button(
        self,
        text: str,
        classes: str,
        step: Callable[[], Journey] | None,
        *,
        on_touch: Callable[[], None] | None = None,
        key: str = "",
    ) -> Element:
        """A button whose touch takes the journey one step further, or does something else."""
        button = _tag("button", classes).props('type="button"')
        if key:
            button.props(f"data-key={json.dumps(key)}")
        with button:
            _text("div", text)
        if on_touch is not None:
            button.on("click", on_touch)
        elif step is not None:
            button.on("click", lambda: self._go(step()))
        return button

    def _step(self, function: Callable[..., Journey], *choice: Any) -> Callable[[], Journey]:
        """The journey's next step, from wherever it is when the touch comes."""
        return lambda: function(self.journey, *choice)

    def _take(self) -> None:
        self.machine.take(self.browser)
        self.refresh()

    def _acknowledge(self) -> None:
        self.machine.acknowledge(self.browser)
        self.refresh()


def _draw_message(body: MessageView) -> None:
    with _tag("div", f"message {body.kind}").props('role="status"'):
        _heading(body.title)
        for line in filter(None, body.lines):
            _text("p", line)


def _kind(body: TilesView | ConfirmView | TicketView | MessageView) -> str:
    if isinstance(body, MessageView):
        return body.kind
    if isinstance(body, TilesView):
        return "groups" if body.is_start else "matters"
    return "confirm" if isinstance(body, ConfirmView) else "ticket"


def _title(body: TilesView | ConfirmView | TicketView | MessageView) -> str:
    if isinstance(body, TilesView):
        return f"{body.title} {body.page}"
    return body.paper if isinstance(body, TicketView) else body.title


def _tag(name: str, classes: str = "") -> Element:
    return ui.element(name).classes(classes)


def _text(name: str, text: str, classes: str = "") -> Element:
    """An element with plain text: never markup, wherever the text comes from."""
    element = _tag(name, classes)
    element._text = text  # noqa: SLF001 NiceGUI has text elements for <div> alone
    return element


def _heading(text: str) -> None:
    _text("h1", text).props('tabindex="-1"')


def _pairs(pairs: tuple[tuple[str, str], ...]) -> None:
    for label, value in pairs:
        with _tag("div", "pair"):
            _text("span", label, "label")
            _text("span", value, "value")
