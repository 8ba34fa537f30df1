"""Draws what `view` says, as plain HTML elements that a finger, a keyboard and a screen reader can use."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from nicegui import app, ui
from nicegui.element import Element

from hall_controller.domain.ticket import Language, VisitorClass
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk.area_view import AreaView
from ticket_printer.kiosk.booking import BookedView
from ticket_printer.kiosk.check_in import CheckInView, code_of
from ticket_printer.kiosk.elements import button, documents, heading, pairs, qr, tag, text
from ticket_printer.kiosk.journey import Journey, PaperShown, Screen
from ticket_printer.kiosk.machine import Machine
from ticket_printer.kiosk.other_pages import (
    draw_area,
    draw_booked,
    draw_check_in,
    draw_documents,
    draw_menu,
    draw_typed,
)
from ticket_printer.kiosk.seen import Viewport
from ticket_printer.kiosk.tiles import TilesView
from ticket_printer.kiosk.view import (
    Body,
    ConfirmView,
    DocumentsView,
    Fact,
    MenuView,
    MessageView,
    TicketView,
    View,
    live_line,
    view_of,
)
from ticket_printer.kiosk.words import Words

LOOK_S = 0.2
"""How often the page looks for what has changed: a printout, a call, the hall falling silent."""

CSS = (files("ticket_printer.kiosk") / "kiosk.css").read_text("utf-8")
JS = (files("ticket_printer.kiosk") / "kiosk.js").read_text("utf-8")

CHOOSE: dict[str, Callable[[Journey, str], Journey]] = {
    "groups": j.choose_group,
    "matters": j.choose_matter,
    "days": j.choose_day,
    "slots": j.choose_slot,
    "areas": j.choose_area,
}
"""What a tile of each kind of page does."""
KINDS: dict[type, str] = {
    ConfirmView: "confirm",
    TicketView: "ticket",
    CheckInView: "check-in",
    BookedView: "booked",
    DocumentsView: "list",
    AreaView: "area",
}


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
        self.typed: Element | None = None
        self.drawn: View | None = None
        self.live_drawn: tuple[Fact, ...] = ()
        self.typed_drawn: str | None = None

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
        machine, journey = self.machine, self.journey
        view = view_of(journey, machine.seen(self.browser))
        if view != self.drawn:
            self._draw(view)
        if self.live is not None and machine.hall is not None:
            line = live_line(journey, machine.hall, machine.client.now_ms())
            if line != self.live_drawn:
                self.live_drawn = line
                self.live.clear()
                with self.live:
                    pairs(line)
        if self.typed is not None and self.typed_drawn != journey.code:
            self.typed_drawn = journey.code
            self.typed.clear()
            with self.typed:
                draw_typed(code_of(journey.code), view.words)

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
        self.typed, self.typed_drawn = None, None
        body = view.body
        kind = _kind(body)
        self.root.clear()
        with self.root:
            with tag("header"):
                text("div", view.hall_name, "hall")
                text("div", view.hours, "hours")
            with tag("div", f"screen {kind}"):
                self._draw_body(body, view.words)
            with tag("footer"):
                self._draw_footer(body, view)
        moved = before is None or _kind(before.body) != kind or _title(before.body) != _title(body)
        state = {"screen": kind, "lang": view.words.lang, "large": view.large, "moved": moved}
        self.client.run_javascript(f"kioskShown({json.dumps(state)})")

    def _draw_body(self, body: Body, words: Words) -> None:
        match body:
            case TilesView():
                self._draw_tiles(body, words)
            case ConfirmView():
                self._draw_confirm(body, words)
            case TicketView():
                self._draw_ticket(body, words)
            case MenuView():
                draw_menu(body, self._going)
            case BookedView():
                draw_booked(body, words, self._going, self.machine.url)
            case CheckInView():
                self.typed = draw_check_in(body, words, self._going, self._doing(self.machine.check_in))
            case DocumentsView():
                draw_documents(body, words, self._doing(self.machine.print_list))
            case AreaView():
                draw_area(body, words)
            case MessageView():
                _draw_message(body)

    def _draw_tiles(self, body: TilesView, words: Words) -> None:
        heading(body.title)
        if body.note:
            text("p", body.note, "note").props('role="alert"')
        if body.is_start:
            self.live = tag("div", "live").props('aria-live="off"')
        with tag("div", "tiles").style(f"--columns: {body.columns}; --rows: {body.rows}"):
            choose = CHOOSE[body.kind]
            for tile in body.tiles:
                drawn = button(tile.text, "tile", self._step(choose, tile.key), key=tile.key, more=tile.more)
                if not tile.possible:
                    drawn.props("disabled")
        if body.pages > 1:
            with tag("nav", "pages"):
                self._page_button(words.earlier, body.page - 1, body.page > 0)
                text("div", words.page.format(body.page + 1, body.pages), "page-count")
                self._page_button(words.more, body.page + 1, body.page + 1 < body.pages)

    def _page_button(self, label: str, page: int, possible: bool) -> None:
        turn = button(label, "turn", self._step(j.turn_page, page))
        if not possible:
            turn.props("disabled")

    def _draw_confirm(self, body: ConfirmView, words: Words) -> None:
        heading(body.title)
        documents(words.documents if body.documents else words.no_documents, body.documents)
        if body.booked_for:
            with tag("section", "booked-for"):
                text("div", words.other.booked_for, "label")
                text("div", body.booked_for, "value")
        else:
            self._draw_classes(body, words)
        with tag("section", "choice languages").props(f'role="radiogroup" aria-label="{words.call_in}"'):
            text("div", words.call_in, "choice-label")
            for language in Language:
                step = self._step(j.choose_language, language)
                _radio(words.languages[language], "", body.language is language, step, language)
        if not body.booked_for:
            self.live = tag("div", "live").props('aria-live="polite"')
        take = words.other.confirm if body.booked_for else words.take
        button(take, "primary take", self._doing(self.machine.take))

    def _draw_classes(self, body: ConfirmView, words: Words) -> None:
        with tag("section", "choice").props(f'role="radiogroup" aria-label="{words.who}"'):
            for visitor_class, label, more in (
                (VisitorClass.ORDINARY, words.ordinary, ""),
                (VisitorClass.PRIORITY, words.priority, words.priority_who),
            ):
                step = self._step(j.choose_class, visitor_class)
                _radio(label, more, body.visitor_class is visitor_class, step, visitor_class)

    def _draw_ticket(self, body: TicketView, words: Words) -> None:
        with tag("section", "number-block"):
            heading(words.your_number)
            spelled = " ".join(body.number)
            number = text("div", body.number, "number").style(f"--chars: {len(body.number)}")
            number.props(f'role="text" aria-label="{spelled}"')
            if body.called_to is not None:
                text("p", words.called.format(body.called_to), "called").props('role="alert"')
            with tag("div", "live"):
                pairs(body.facts)
        if body.phone_page:
            qr(body.phone_page, words.scan)
        with tag("section", f"paper {body.paper}").props('role="status"'):
            self._draw_paper(body.paper, words)

    def _draw_paper(self, paper: PaperShown, words: Words) -> None:
        acknowledge, start = self._doing(self.machine.acknowledge), self._going(lambda _: Journey())
        if paper is PaperShown.PRINTING:
            text("p", words.printing, "headline")
        elif paper is PaperShown.TAKE:
            text("p", words.take_paper, "headline")
            text("p", words.take_paper_why)
            button(words.done, "primary", start)
        elif paper is PaperShown.YOURS:
            text("p", words.yours, "headline")
            text("p", words.yours_why)
            with tag("div", "answers"):
                button(words.yes_mine, "primary", acknowledge)
                button(words.not_mine, "secondary", start)
        else:
            text("p", words.remember, "headline")
            text("p", words.remember_why)
            button(words.remembered, "primary", acknowledge)

    def _draw_footer(self, body: Body, view: View) -> None:
        words = view.words
        if isinstance(body, TilesView) and body.is_start:
            button(words.other.check_in, "foot arrive", self._going(j.check_in))
            button(words.other.menu, "foot menu", self._going(j.menu))
        elif self.journey.screen is Screen.SORRY:
            button(words.start_over, "foot restart", self._going(j.restart))
        elif _has_way_back(body):
            button(words.back, "foot back", self._going(j.back))
            if j.back(self.journey) != j.restart(self.journey):
                button(words.start_over, "foot restart", self._going(j.restart))
        tag("div", "space")
        other = button(words.other_language, "foot language", self._going(j.toggle_english))
        other.props(f'lang="{"zh-CN" if self.journey.english else "en"}"')
        button(words.normal if view.large else words.large, "foot size", self._going(j.toggle_large))

    # --- what a touch does -----------------------------------------------------------------------

    def _going(self, step: Callable[[Journey], Journey]) -> Callable[[], None]:
        """Takes the journey one step further, from wherever it is when the touch comes."""
        return lambda: self._go(step(self.journey))

    def _step(self, function: Callable[..., Journey], choice: Any) -> Callable[[], None]:
        return self._going(lambda journey: function(journey, choice))

    def _doing(self, act: Callable[[str], None]) -> Callable[[], None]:
        """Has the machine do something for this browser."""

        def touched() -> None:
            act(self.browser)
            self.refresh()

        return touched


def _radio(label: str, more: str, chosen: bool, on_touch: Callable[[], None], key: str) -> None:
    radio = button(label, f"radio {'chosen' if chosen else ''}", on_touch, key=key, more=more)
    radio.props(f'role="radio" aria-checked="{"true" if chosen else "false"}"')


def _draw_message(body: MessageView) -> None:
    with tag("div", f"message {body.kind}").props('role="status"'):
        heading(body.title)
        for line in filter(None, body.lines):
            text("p", line)


def _has_way_back(body: Body) -> bool:
    """A message that passes by itself has none, nor has the start when no tickets are given."""
    if isinstance(body, MessageView | MenuView):
        return body.kind == "menu"
    return not isinstance(body, TicketView | BookedView)


def _kind(body: Body) -> str:
    if isinstance(body, MessageView | MenuView | TilesView):
        return body.kind
    return KINDS[type(body)]


def _title(body: Body) -> str:
    if isinstance(body, TilesView):
        return f"{body.title} {body.page}"
    return body.paper if isinstance(body, TicketView | BookedView) else body.title
