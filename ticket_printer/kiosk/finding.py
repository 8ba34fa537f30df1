"""Finding a matter or a theme as people type: an index for each catalogue, made off the event loop."""

import logging
import time

from hall_controller.domain.matters import Catalogue, Matter, Subject, Theme
from hall_controller.domain.search import Search, plain
from ticket_printer.kiosk.bundles import name, without_queue
from ticket_printer.kiosk.tiles import Tile
from ticket_printer.kiosk.words import Words

log = logging.getLogger(__name__)

THEME = "theme:"
"""Before the key of a theme among the results."""
BEST = 3
"""So many matters stand before a theme."""
SURE = 1.1
"""A theme that scores less is not what was meant."""


class Finder:
    """Of one catalogue; remembers the last answer, which a page asks for again several times a second."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._search = Search(catalogue.matters.values())
        self._themes = catalogue.themes()
        self._theme_search = Search(_as_matter(theme) for theme in self._themes.values())
        self._find("营业执照 zhizhao passport", 6)  # what is made at the first question is made now
        self._last: tuple[tuple[str, int], tuple[list[Theme], list[Matter]]] | None = None

    def find(self, typed: str, limit: int) -> tuple[list[Theme], list[Matter]]:
        """One theme at most, and the best matters."""
        if self._last is None or self._last[0] != (typed, limit):
            begun = time.perf_counter()
            self._last = (typed, limit), self._find(typed, limit)
            took_ms = (time.perf_counter() - begun) * 1000
            log.debug("searched %d letters in %.1f ms", len(typed), took_ms)  # never what was typed
        return self._last[1]

    def _find(self, typed: str, limit: int) -> tuple[list[Theme], list[Matter]]:
        themes = [
            self._themes[hit.matter.code]
            for hit in self._theme_search.find(typed, 1)
            if hit.score >= SURE and len(plain(typed)) > 1
        ]
        return themes, [hit.matter for hit in self._search.find(typed, limit)]


def result_tiles(found: tuple[list[Theme], list[Matter]], english: bool, words: Words, limit: int) -> tuple[Tile, ...]:
    """The best matters first, as they were asked for; then a theme, and the other matters."""
    themes, matters = found
    themed = [
        Tile(f"{THEME}{one.theme}", one.name_en if english else one.name_zh, words.visit.by_theme) for one in themes
    ]
    tiles = [_tile(matter, english, words) for matter in matters]
    best = min(BEST, limit - len(themed))
    return tuple((*tiles[:best], *themed, *tiles[best:])[:limit])


def _tile(matter: Matter, english: bool, words: Words) -> Tile:
    group = matter.group_en if english else matter.group_zh
    more = [group, words.visit.no_trip if without_queue(matter) else ""]
    return Tile(matter.code, name(matter, english), " · ".join(filter(None, more)))


def _as_matter(theme: Theme) -> Matter:
    """Search knows matters only."""
    return Matter(
        code=theme.theme,
        name_zh=theme.name_zh,
        name_en=theme.name_en,
        subject=Subject.NATURAL,
        group="",
        group_zh="",
        group_en="",
        usual_minutes=1,
    )
