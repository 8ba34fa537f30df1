"""The NiceGUI pages: `/`, the board, and `/counter/N`. Each is a few regions of HTML; what changed in one is pushed."""

import logging
from collections.abc import Callable
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from nicegui import app, context, ui

from display_board.pages.access import Access
from display_board.pages.board_view import Shape, board_view
from display_board.pages.counter_view import counter_view
from display_board.pages.live import Live
from display_board.pages.markup import WARNING_SIGN, board_regions, both, counter_markup
from display_board.pages.offers import Offers
from display_board.pages.rating_markup import MAY_NOT, panel_markup
from display_board.pages.words import Words

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/screen"
STARTING = f'<div class="starting">{both(Words("正在连接叫号系统…", "Connecting to the hall…"))}</div>'
CUT_OFF = Words(
    "屏幕连接中断，正在自动恢复，请听从工作人员叫号", "Screen cut off, coming back: please listen to the staff"
)
SCREEN_LOST = f'<div id="screen-lost" class="banner warning" role="alert">{WARNING_SIGN}<p>{both(CUT_OFF)}</p></div>'
REGIONS = ("head", "clock", "banners", "panel", "facts", "recent", "notice")

Regions = dict[str, str]


class Screens:
    """What is on the screens now. Drawn once a change for all boards together."""

    def __init__(self, live: Live, offers: Offers, shape: Shape, most: int) -> None:
        self._live = live
        self._offers = offers
        self._shape = shape
        self._most = most
        self._redraws: list[Callable[[], None]] = []
        self._board: Regions = dict.fromkeys(REGIONS, "")
        live.listen(self._draw)

    def is_full(self) -> bool:
        return len(self._redraws) >= self._most

    def _draw(self) -> None:
        self._board = self._regions()
        for redraw in tuple(self._redraws):
            try:
                redraw()
            except Exception:
                log.exception("one screen could not be drawn")

    def _regions(self) -> Regions:
        live = self._live
        if live.hall is None or live.hall.rules is None:
            return dict.fromkeys(REGIONS, "") | {"panel": STARTING}
        return board_regions(board_view(live.hall, live.scene(), self._shape))

    def show_board(self) -> None:
        """Build the board in the present page."""
        with ui.element("main").classes("board"):
            parts = {name: ui.html(self._board[name], sanitize=False).classes(name) for name in REGIONS}

        def redraw() -> None:
            for name, part in parts.items():
                if part.content != self._board[name]:
                    part.set_content(self._board[name])

        self._keep(redraw)

    def show_counter(self, number: int) -> None:
        """Build the small display of one counter in the present page."""
        part = ui.html(self._counter(number), sanitize=False)

        def redraw() -> None:
            markup = self._counter(number)
            if part.content != markup:
                part.set_content(markup)

        self._keep(redraw)

    def show_rating(self, number: int) -> None:
        """Build the panel on which the visitor who was served last rates, in the present page."""
        part = ui.html(self._panel(number), sanitize=False)

        def redraw() -> None:
            markup = self._panel(number)
            if part.content != markup:
                part.set_content(markup)

        self._keep(redraw)

    def _panel(self, number: int) -> str:
        hall = self._live.hall
        offer = self._offers.shown(number, hall, self._live.stage_ms()) if hall is not None else None
        return panel_markup(number, offer) if offer is not None and self._live.heard else ""

    def _counter(self, number: int) -> str:
        hall = self._live.hall
        if hall is None or hall.rules is None:
            return STARTING
        counter = hall.counters.get(number)
        fresh = counter is not None and self._live.is_fresh(counter.ticket)
        return counter_markup(
            counter_view(hall, number, self._live.client.now_ms(), fresh=fresh, heard=self._live.heard)
        )

    def _keep(self, redraw: Callable[[], None]) -> None:
        self._redraws.append(redraw)
        context.client.on_delete(lambda: self._redraws.remove(redraw))


def add_screens(live: Live, offers: Offers, access: Access, shape: Shape, most: int) -> None:
    """Declare the pages."""
    screens = Screens(live, offers, shape, most)
    app.add_static_files(STATIC_URL, STATIC, max_cache_age=0)

    def dress(style: str) -> None:
        for sheet in ("screen", style):
            ui.add_head_html(f'<link rel="stylesheet" href="{STATIC_URL}/{sheet}.css">')
        ui.add_body_html(f'{SCREEN_LOST}<script defer src="{STATIC_URL}/screen.js"></script>')

    @ui.page("/", title="叫号屏 Board", language="zh-CN", dark=True, response_timeout=10)
    def board() -> Response | None:
        if screens.is_full():
            return _full()
        dress("board")
        screens.show_board()
        return None

    @ui.page("/counter/{number}", title="窗口屏 Counter", language="zh-CN", dark=True, response_timeout=10)
    def counter(number: int, request: Request) -> Response | None:
        if screens.is_full():
            return _full()
        dress("counter")
        screens.show_counter(number)
        if "rate" in request.query_params:
            ui.add_head_html(f'<link rel="stylesheet" href="{STATIC_URL}/rate.css">')
            if access.may_touch(request):
                ui.add_body_html(f'<script defer src="{STATIC_URL}/rate.js"></script>')
                screens.show_rating(number)
            else:
                ui.html(MAY_NOT, sanitize=False)
        return None


def _full() -> Response:
    text = "<h1>屏幕太多 Too many screens</h1><p>Close some, or raise [device.board] screens in hall.toml.</p>"
    return HTMLResponse(f'<meta charset="utf-8"><meta http-equiv="refresh" content="30">{text}', 503)
