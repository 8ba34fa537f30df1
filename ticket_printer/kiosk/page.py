"""Draws what `view` says, as plain HTML elements that a finger, a keyboard and a screen reader can use."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from nicegui import app, background_tasks, ui
from nicegui.element import Element

from hall_controller.domain.matters import How
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.area_view import AreaView
from ticket_printer.kiosk.booking import BookedView
from ticket_printer.kiosk.bundles import ThemeView
from ticket_printer.kiosk.check_in import CheckInView, code_of
from ticket_printer.kiosk.choosing import SearchView
from ticket_printer.kiosk.choosing_pages import FoundList, draw_search, draw_theme, draw_tiles
from ticket_printer.kiosk.confirm_page import draw_confirm
from ticket_printer.kiosk.elements import button, heading, pairs, qr, tag, text
from ticket_printer.kiosk.finding import result_tiles
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
from ticket_printer.kiosk.results import ResultsView, ResultView
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
from ticket_printer.kiosk.visit_pages import draw_diverted, draw_result, draw_results, draw_ways
from ticket_printer.kiosk.ways import DivertedView, WaysView
from ticket_printer.kiosk.words import Words

GATHER_S = 0.01
"""Keys that come within so long of one another are answered together."""
LOOK_S = 0.2
"""How often the page looks for what has changed: a printout, a call, the hall falling silent."""

CSS = "".join((files("ticket_printer.kiosk") / file).read_text("utf-8") for file in ("kiosk.css", "visit.css"))
JS = "".join((files("ticket_printer.kiosk") / file).read_text("utf-8") for file in ("kiosk.js", "typing.js"))
log = logging.getLogger(__name__)

KINDS: dict[type, str] = {
    ConfirmView: "confirm",
    TicketView: "ticket",
    CheckInView: "check-in",
    BookedView: "booked",
    DocumentsView: "list",
    AreaView: "area",
    SearchView: "search",
    ThemeView: "theme",
    WaysView: "ways",
    DivertedView: "diverted",
    ResultsView: "results",
    ResultView: "result",
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
        self.found: FoundList | None = None
        self.found_drawn: str | None = None
        self.answering = False

    def open(self) -> None:
        ui.on("viewport", self._resize)
        ui.on("touch", lambda: self._go(self.journey))
        ui.on("typed", self._type)
        ui.on("entered", self._enter)
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
        if self.found is not None and self.found_drawn != journey.query:
            self._show_found(view)

    def _show_found(self, view: View) -> None:
        """What is found by what stands in the field now."""
        journey, finder = self.journey, self.machine.finder
        if self.found is None or finder is None or not isinstance(view.body, SearchView):
            return
        self.found_drawn = journey.query
        visit, limit = view.words.visit, view.body.rows
        found = finder.find(journey.query, limit) if journey.query.strip() else ([], [])
        if journey.adding:
            found = ([], found[1])
        tiles = result_tiles(found, journey.english, view.words, limit)
        letters = len(journey.query.strip())
        nothing = visit.one_letter if letters == 1 and journey.query.isascii() else visit.no_hit
        self.found.show(tiles, visit.examples if not letters else visit.found if tiles else nothing)

    def _type(self, event: Any) -> None:
        """A key was pressed: the rest of the page stays as it is. Whoever types like a machine is answered once."""
        self.machine.touched(self.browser, steps.type_text(self.journey, _text(event)))
        if self.found is not None and not self.answering:
            self.answering = True
            background_tasks.create(self._answer())

    async def _answer(self) -> None:
        await asyncio.sleep(GATHER_S)
        self.answering = False
        begun = time.perf_counter()
        if self.found is not None and self.drawn is not None and self.found_drawn != self.journey.query:
            self._show_found(self.drawn)
            log.debug("answered a key in %.1f ms", (time.perf_counter() - begun) * 1000)

    def _enter(self, event: Any) -> None:
        self._go(steps.ask_result(self.journey, _text(event)))

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
        self.found, self.found_drawn = None, None
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
        field = self.journey.query or self.journey.receipt
        state = {"screen": kind, "lang": view.words.lang, "large": view.large, "moved": moved, "field": field}
        self.client.run_javascript(f"kioskShown({json.dumps(state)})")

    def _draw_body(self, body: Body, words: Words) -> None:
        match body:
            case TilesView():
                self.live = draw_tiles(body, words, self._going)
            case ConfirmView():
                take, print_list = self._doing(self.machine.take), self._doing(self.machine.print_list)
                self.live = draw_confirm(body, words, self._going, take, print_list)
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
            case _:
                self._draw_visit(body, words)

    def _draw_visit(self, body: Body, words: Words) -> None:
        """Finding a matter, several at once, doing without a visit, results."""
        print_list = self._doing(self.machine.print_list)
        match body:
            case SearchView():
                self.found = draw_search(body, words, self._going)
                self.found_drawn = None
            case ThemeView():
                draw_theme(body, words, self._going, print_list)
            case WaysView():
                draw_ways(body, words, self._going, self._diverting)
            case DivertedView():
                draw_diverted(body, words, self._going, print_list)
            case ResultsView():
                draw_results(body, words, self._going)
            case ResultView():
                draw_result(body, words, self._going)

    def _draw_ticket(self, body: TicketView, words: Words) -> None:
        with tag("section", "number-block"):
            heading(words.your_number)
            spelled = " ".join(body.number)
            number = text("div", body.number, "number").style(f"--chars: {len(body.number)}")
            number.props(f'role="text" aria-label="{spelled}"')
            if body.arrival:
                text("p", body.arrival, "arrival").props('role="status"')
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

    def _diverting(self, way: How) -> Callable[[], None]:
        return self._doing(lambda browser: self.machine.divert(browser, way))

    def _doing(self, act: Callable[[str], None]) -> Callable[[], None]:
        """Has the machine do something for this browser."""

        def touched() -> None:
            act(self.browser)
            self.refresh()

        return touched


def _draw_message(body: MessageView) -> None:
    with tag("div", f"message {body.kind}").props('role="status"'):
        heading(body.title)
        for line in filter(None, body.lines):
            text("p", line)


def _text(event: Any) -> str:
    """What the page's script tells; nothing else is taken."""
    told = event.args.get("text") if isinstance(event.args, dict) else None
    return told if isinstance(told, str) else ""


def _has_way_back(body: Body) -> bool:
    """A message that passes by itself has none, nor has the start when no tickets are given."""
    if isinstance(body, MessageView | MenuView):
        return body.kind == "menu"
    return not isinstance(body, TicketView | BookedView | DivertedView)


def _kind(body: Body) -> str:
    if isinstance(body, MessageView | MenuView | TilesView):
        return body.kind
    return KINDS[type(body)]


def _title(body: Body) -> str:
    if isinstance(body, TilesView):
        return f"{body.title} {body.page}"
    if isinstance(body, DivertedView | WaysView | ResultView):
        return body.title
    return body.paper if isinstance(body, TicketView | BookedView) else body.title
