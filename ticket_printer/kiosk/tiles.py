"""Pages of tiles: groups, matters, days, half hours, self-service areas. Pure."""

from collections.abc import Sequence

import msgspec

from ticket_printer.kiosk.seen import Viewport


class Tile(msgspec.Struct, frozen=True):
    key: str
    text: str
    more: str = ""
    """In smaller letters below."""
    possible: bool = True
    """False: shown, but not to be chosen (a half hour that is full)."""


class TilesView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of tiles to choose one from."""

    kind: str
    """`groups`, `parts`, `matters`, `themes`, `days`, `slots`, `areas`."""
    title: str
    note: str = ""
    """Why the visitor is here again."""
    tiles: tuple[Tile, ...]
    columns: int
    rows: int
    page: int
    pages: int
    is_start: bool = False
    entries: tuple[Tile, ...] = ()
    """Other ways to begin, by their screens."""
    search: str = ""
    """What the way to the search says; empty: there is none here."""
    search_more: str = ""


def grid(viewport: Viewport, large: bool) -> tuple[int, int]:
    """(columns, rows) of tiles on one page: never more than a hand finds at once."""
    if is_upright(viewport):
        return (1, 6) if large else (2, 6)
    return (2, 3) if large else (3, 4)


def slot_grid(viewport: Viewport, large: bool) -> tuple[int, int]:
    """Half hours are short: a whole day fits on one page, but in large letters."""
    if is_upright(viewport):
        return (3, 6) if large else (4, 6)
    return (5, 3) if large else (6, 4)


def area_grid(viewport: Viewport) -> tuple[int, int]:
    """Six at a time, wide enough for an address."""
    return (1, 6) if is_upright(viewport) else (2, 3)


def is_upright(viewport: Viewport) -> bool:
    return viewport.height >= viewport.width


def paged(
    kind: str,
    title: str,
    tiles: Sequence[Tile],
    cells: tuple[int, int],
    page: int,
    *,
    note: str = "",
    is_start: bool = False,
) -> TilesView:
    """The page that was asked for, or the last one."""
    columns, rows = cells
    size = columns * rows
    pages = max(1, -(-len(tiles) // size))
    page = min(page, pages - 1)
    shown = tuple(tiles[page * size : (page + 1) * size])
    return TilesView(
        kind=kind,
        title=title,
        note=note,
        tiles=shown,
        columns=columns,
        rows=min(rows, max(3, -(-len(shown) // columns))),
        page=page,
        pages=pages,
        is_start=is_start,
    )
