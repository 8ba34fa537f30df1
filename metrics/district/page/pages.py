"""The NiceGUI pages: `/` the district, `/street/NAME`, `/hall/ID`. A few regions of HTML; what changed is pushed."""

import logging
from collections.abc import Callable
from pathlib import Path

from fastapi.responses import HTMLResponse, Response
from nicegui import app, context, ui
from nicegui.events import GenericEventArguments

from hall_controller.domain.plain_text import markup as escape
from metrics.district.inventory import DISTRICT_LEVEL
from metrics.district.page import markup, words
from metrics.district.page.charts import chart
from metrics.district.page.hotline import hotline
from metrics.district.page.live import Live
from metrics.district.page.markup import banner, both
from metrics.district.page.nearest import Place, english
from metrics.district.page.picture import Picture
from metrics.district.page.words import Words

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/district"
MOST_VIEWERS = 200
STARTING = f'<p class="starting">{both(Words("正在读取各大厅数据…", "Reading the halls…"))}</p>'
CUT_OFF = Words("页面连接中断，正在自动恢复；以下不是最新数据", "Cut off, coming back: these figures are not of now")
LOST = f'<div id="page-lost" class="banner warning" role="alert"><p>{both(CUT_OFF)}</p></div>'

Draw = Callable[[Picture], str]


class Viewers:
    """Who looks. Each region is drawn once a round, for all viewers of the same level together."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self._redraws: list[Callable[[], None]] = []
        self._drawn: dict[object, str] = {}
        live.listen(self._redraw)

    @property
    def is_full(self) -> bool:
        return len(self._redraws) >= MOST_VIEWERS

    def _redraw(self) -> None:
        self._drawn.clear()
        for redraw in tuple(self._redraws):
            try:
                redraw()
            except Exception:
                log.exception("one viewer's page could not be drawn")

    def drawn(self, key: object, draw: Draw) -> str:
        """The region's markup, drawn by whoever needs it first."""
        if self.live.picture is None:
            return STARTING if key == "grid" else ""
        if key not in self._drawn:
            self._drawn[key] = draw(self.live.picture)
        return self._drawn[key]

    def region(self, name: str, key: object, draw: Draw) -> None:
        part = ui.html(self.drawn(key, draw), sanitize=False).classes(f"region {name}")
        self.keep(lambda: _put(part, self.drawn(key, draw)))

    def chart(self, halls: list[str], *, of_one: bool) -> None:
        with ui.element("section").classes("curve"):
            ui.html(f"<h2>{both(Words('今日曲线', 'Today'))}</h2>", sanitize=False)
            plot = ui.echart(chart(self.live.curves, halls, of_one=of_one)).classes("plot")
        shown = self.live.curves

        def redraw() -> None:
            nonlocal shown
            if shown is not self.live.curves:
                shown = self.live.curves
                plot.options.update(chart(shown, halls, of_one=of_one))
                plot.update()

        self.keep(redraw)

    def news(self) -> None:
        """What is wrong with all figures at once, and of when they are."""
        part = ui.html(self._news(), sanitize=False).classes("region news")
        self.keep(lambda: _put(part, self._news()))

    def _news(self) -> str:
        live = self.live
        if not live.trouble:
            return ""
        where = live.prometheus.shown
        if live.picture is None:
            said = Words(
                f"与 Prometheus 失去联系，暂无数据（{where}：{live.trouble}）",
                f"Prometheus is away, and no figures have been read yet ({where}: {live.trouble})",
            )
        else:
            at = markup.time_of(live.picture.at_s)
            said = Words(
                f"与 Prometheus 失去联系，数据停在 {at}",
                f"Prometheus is away ({where}): figures are of {at}, not of now",
            )
        return banner("warning", said)

    def keep(self, redraw: Callable[[], None]) -> None:
        self._redraws.append(redraw)
        context.client.on_delete(lambda: self._redraws.remove(redraw) if redraw in self._redraws else None)


def _put(part: ui.html, content: str) -> None:
    if part.content != content:
        part.set_content(content)


def _head(viewers: Viewers, title: Words, *crumbs: tuple[str, Words]) -> None:
    ui.add_head_html(f'<link rel="stylesheet" href="{STATIC_URL}/page.css">')
    ui.add_body_html(f'{LOST}<script defer src="{STATIC_URL}/page.js"></script>')
    inventory = viewers.live.inventory
    trail = "".join(f'<a href="{escape(link)}">{both(name)}</a>' for link, name in crumbs)
    sample = f'<span class="sample">{both(Words("示例", "Sample"))}</span>' if inventory.sample else ""
    switch = '<button type="button" id="language">EN</button>'
    with ui.element("header").classes("head"):
        ui.html(f'<nav aria-label="位置 place">{trail}</nav><h1>{both(title)}{sample}</h1>', sanitize=False)

        def clock(picture: Picture) -> str:
            at = markup.time_of(picture.at_s)
            return (
                f'<span>{both(Words("数据时间", "Figures of"))}</span> <time data-at="{picture.at_s:.3f}">{at}</time>'
            )

        with ui.element("div").classes("right"):
            viewers.region("clock", "clock", clock)
            ui.html(switch, sanitize=False)
    viewers.news()


def _search(viewers: Viewers, about: Place | None = None) -> None:
    """Each viewer's own question; its answer is made anew with every round."""
    live = viewers.live
    asked = ""

    def found() -> str:
        return hotline(live.inventory, live.picture, asked, about) if live.picture is not None else ""

    with ui.element("section").classes("hotline"):
        title = Words("热线：哪里等得最短", "Hotline: where is the wait shortest")
        label = "社区、街道或大厅 community, street or hall"
        ui.html(
            f"<h2><label for=search>{both(title)}</label></h2>"
            f'<input id="search" type="search" autocomplete="off" maxlength="60" placeholder="{label}">',
            sanitize=False,
        )
        part = ui.html(found(), sanitize=False).classes("region told")

    def ask(event: GenericEventArguments) -> None:
        nonlocal asked
        asked = str(event.args)[:60]
        _put(part, found())

    ui.on("search", ask)
    viewers.keep(lambda: _put(part, found()))


def _missing(what: str) -> Response:
    back = "<p><a href='/'>回到全区 The district</a></p>"
    text = f"<h1>没有这个大厅或街道 Not in the inventory</h1><p>{escape(what)}</p>{back}"
    return HTMLResponse(f'<meta charset="utf-8">{text}', 404)


def _full() -> Response:
    text = "<h1>页面太多 Too many viewers</h1><p>Close some; this page tries again by itself.</p>"
    return HTMLResponse(f'<meta charset="utf-8"><meta http-equiv="refresh" content="30">{text}', 503)


def add_pages(live: Live) -> None:
    """Declare the pages."""
    viewers = Viewers(live)
    inventory = live.inventory
    district = Words(inventory.name_zh, inventory.name_en)
    app.add_static_files(STATIC_URL, STATIC, max_cache_age=0)

    def page(path: str) -> ui.page:
        return ui.page(path, title="政务大厅 District", language="zh-CN", dark=True, response_timeout=10)

    @page("/")
    def district_page() -> Response | None:
        if viewers.is_full:
            return _full()
        _head(viewers, district)
        halls = [hall.id for hall in inventory.hall]
        with ui.element("main").classes("level district"):
            viewers.region("figures", "figures", lambda now: markup.facts(now.group(), has_month=now.has_month))
            viewers.region("grid", "grid", lambda now: markup.grid(inventory, now))
            with ui.element("aside"):
                _search(viewers)
                viewers.region("longest", "longest", lambda now: markup.worst(now.group()))
                viewers.chart(halls, of_one=False)
        return None

    @page("/street/{street}")
    def street_page(street: str) -> Response | None:
        halls = [hall.id for hall in inventory.hall if hall.street == street]
        if not halls:
            return _missing(street)
        if viewers.is_full:
            return _full()
        name = words.street_name(street, english(inventory, street))
        _head(viewers, name, ("/", district))
        with ui.element("main").classes("level street"):
            viewers.region(
                "figures", ("figures", street), lambda now: markup.facts(now.group(street), has_month=now.has_month)
            )
            viewers.region("rows", ("rows", street), lambda now: markup.street_halls(now.group(street)))
            with ui.element("aside"):
                _search(viewers, Place(street))
                viewers.chart(halls, of_one=False)
        return None

    @page("/hall/{hall}")
    def hall_page(hall: str) -> Response | None:
        entry = inventory.find(hall)
        if entry is None:
            return _missing(hall)
        if viewers.is_full:
            return _full()
        street = words.street_name(entry.street, english(inventory, entry.street))
        crumbs = [("/", district), (markup.street_link(entry.street), street)]
        _head(viewers, Words(entry.name_zh, entry.name_en), *crumbs[: 1 if entry.street == DISTRICT_LEVEL else 2])
        with ui.element("main").classes("level hall"):
            viewers.region("figures", ("figures", hall), lambda now: markup.hall_facts(now.halls[hall]))
            viewers.chart([hall], of_one=True)
            viewers.region(
                "kinds", ("kinds", hall), lambda now: markup.hall_tables(now.halls[hall], has_month=now.has_month)
            )
            with ui.element("aside"):
                _search(viewers, Place(entry.street, entry))
        return None
