"""Choosing what one has come for: the start page, groups, departments, matters, themes, the search. Pure."""

from collections.abc import Sequence

import msgspec

from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.matters import Catalogue, Matter
from ticket_printer.kiosk.bundles import name, without_queue
from ticket_printer.kiosk.journey import Journey, Purpose, Screen
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.tiles import Tile, TilesView, grid, is_upright, paged
from ticket_printer.kiosk.words import Words

PAGES = 2
"""A group that fills more pages is shown in parts first."""
ENTRY_ROWS = 2
"""So many rows of tiles in large letters the other ways to begin take."""
STRETCH = "@"
"""Before the number of a stretch of the alphabet."""


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    """The field and its keyboard. What was typed and found is not in it: that changes with each key."""

    title: str
    hint: str
    rows: int
    """So many results."""


def choosing_view(journey: Journey, catalogue: Catalogue, seen: Seen, words: Words) -> TilesView | SearchView:
    """The page to choose from that the journey has come to; the groups, where it has come to none."""
    if journey.screen is Screen.SEARCH:
        rows = result_rows(seen, journey.large)
        title = words.visit.add_title if journey.adding else words.visit.search
        return SearchView(title=title, hint=words.visit.search_hint, rows=rows)
    if journey.screen is Screen.THEMES and catalogue.themes():
        return _themes(journey, catalogue, seen, words)
    group = catalogue.groups().get(journey.group or "")
    if journey.screen is Screen.GROUPS or group is None:
        return _groups(journey, catalogue, seen, words)
    parts = parts_of(group, journey, seen)
    part = parts.get(journey.part or "")
    if parts and part is None:
        return _parts(journey, group, parts, seen, words)
    tiles = [_matter_tile(matter, journey, words) for matter in part or group]
    return paged("matters", _group_name(group[0], journey.english), tiles, _cells(journey, seen), journey.page)


def result_rows(seen: Seen, large: bool) -> int:
    """What stands beside, or above, the keyboard."""
    if large:
        return 3
    return 6 if is_upright(seen.viewport) else 5


def _cells(journey: Journey, seen: Seen) -> tuple[int, int]:
    return grid(seen.viewport, journey.large)


def _groups(journey: Journey, catalogue: Catalogue, seen: Seen, words: Words) -> TilesView:
    other, visit = words.other, words.visit
    titles = {Purpose.BOOKING: other.book_group, Purpose.DOCUMENTS: other.list_group}
    title = visit.add_title if journey.adding else titles.get(journey.purpose, words.choose_group)
    is_start = journey.purpose is Purpose.TICKET and not journey.adding
    heads = [matters[0] for matters in catalogue.groups().values()]
    results = any(head.group == RESULTS_GROUP for head in heads)
    entries = []
    if catalogue.themes() and not journey.adding:
        entries.append(Tile(Screen.THEMES, visit.themes, visit.themes_more))
    if results and is_start:
        entries.append(Tile(Screen.RESULTS, visit.results, visit.results_more))
        heads = [head for head in heads if head.group != RESULTS_GROUP]
    tiles = [Tile(head.group, _group_name(head, journey.english)) for head in heads]
    cells = _cells(journey, seen)
    if journey.large and is_upright(seen.viewport):
        cells = cells[0], cells[1] - ENTRY_ROWS
    view = paged("groups", title, tiles, cells, journey.page, is_start=is_start)
    return msgspec.structs.replace(view, entries=tuple(entries), search=visit.search, search_more=visit.search_more)


def _themes(journey: Journey, catalogue: Catalogue, seen: Seen, words: Words) -> TilesView:
    tiles = [
        Tile(
            theme.theme,
            theme.name_en if journey.english else theme.name_zh,
            words.visit.count.format(len(theme.matters)),
        )
        for theme in catalogue.themes().values()
    ]
    return paged("themes", words.visit.choose_theme, tiles, _cells(journey, seen), journey.page)


def _parts(
    journey: Journey, group: Sequence[Matter], parts: dict[str, list[Matter]], seen: Seen, words: Words
) -> TilesView:
    visit = words.visit
    tiles = []
    for part, matters in parts.items():
        many = visit.count.format(len(matters))
        if part.startswith(STRETCH):
            first, last = (_letters(name(matters[place], english=True)) for place in (0, -1))
            tiles.append(Tile(part, f"{first} – {last}", many))
        else:
            office = matters[0].department_in(english=journey.english)
            examples = "、".join(matter.name_zh for matter in matters[:2])
            tiles.append(Tile(part, office, many if journey.english else f"{many}：{examples}等"))
    chosen = visit.choose_letters if next(iter(parts)).startswith(STRETCH) else visit.choose_department
    title = f"{_group_name(group[0], journey.english)} · {chosen}"
    return paged("parts", title, tiles, _cells(journey, seen), journey.page)


def _letters(text: str) -> str:
    """Enough of a name to find one's place by."""
    words = text.replace(":", " ").split()
    told = words[0]
    for word in words[1:]:
        if len(told) + len(word) > 14:
            break
        told = f"{told} {word}"
    return told


def parts_of(group: Sequence[Matter], journey: Journey, seen: Seen) -> dict[str, list[Matter]]:
    """Of a group with many matters: by department, as the catalogue has them; else, in English, by the alphabet.

    Empty for a group that is soon leafed through.
    """
    columns, rows = _cells(journey, seen)
    page = columns * rows
    if len(group) <= PAGES * page:
        return {}
    by_department: dict[str, list[Matter]] = {}
    for matter in group:
        by_department.setdefault(matter.department, []).append(matter)
    unnamed = "" in by_department or (journey.english and not all(matter.department_en for matter in group))
    stretched = (journey.part or "").startswith(STRETCH) or (journey.english and not journey.part and unnamed)
    if not stretched:
        if len(by_department) > 1 and "" not in by_department:
            return by_department
        if not journey.english:
            return {}
    ordered = sorted(group, key=lambda matter: matter.name_en.casefold())
    size = max(page, -(-len(ordered) // page))
    return {f"{STRETCH}{place}": ordered[place : place + size] for place in range(0, len(ordered), size)}


def _matter_tile(matter: Matter, journey: Journey, words: Words) -> Tile:
    no_trip = words.visit.no_trip if journey.purpose is Purpose.TICKET and without_queue(matter) else ""
    return Tile(matter.code, name(matter, journey.english), no_trip)


def _group_name(matter: Matter, english: bool) -> str:
    return matter.group_en if english else matter.group_zh
