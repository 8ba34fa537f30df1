"""The matters of a visit: which ones, their documents in one list, what may come later, whether papers travel. Pure."""

from collections.abc import Sequence

import msgspec

from hall_controller.domain.bundle import documents_needed
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import Catalogue, How, Level, Matter, Route
from hall_controller.domain.rules import Tier
from ticket_printer.kiosk.journey import Journey, Screen
from ticket_printer.kiosk.tiles import Tile
from ticket_printer.kiosk.words import Words

TIERS = (Tier.DISTRICT, Tier.STREET, Tier.COMMUNITY)
LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)
"""In the same order."""


class ThemeView(msgspec.Struct, frozen=True, kw_only=True):
    """The matters of a theme, each ticked or not."""

    title: str
    tiles: tuple[Tile, ...]
    """`possible`: ticked."""
    codes: tuple[str, ...]
    """Those that are ticked."""
    documents: tuple[str, ...]
    later: str
    can_print: bool
    printed: bool


def name(matter: Matter, english: bool) -> str:
    return matter.name_en if english else matter.name_zh


def documents_of(matters: Sequence[Matter], english: bool) -> tuple[str, ...]:
    return tuple(documents_needed(matters, english=english))


def chosen(journey: Journey, catalogue: Catalogue) -> list[Matter]:
    """The matters that the visitor has come to, as far as the catalogue knows them; of a theme the ticked ones."""
    if journey.screen is Screen.THEME:
        theme = catalogue.themes().get(journey.theme or "")
        return [one for one in theme.matters if one.code not in journey.unticked] if theme else []
    codes = [code for code in (journey.matter, *journey.more) if code is not None]
    return [catalogue.matters[code] for code in codes if code in catalogue.matters]


def theme_of(journey: Journey, matters: Sequence[Matter]) -> str | None:
    """The theme, as long as every matter is of it: one that was added makes a visit of its own."""
    theme = journey.theme
    return theme if theme is not None and all(theme in matter.themes for matter in matters) else None


def theme_view(
    journey: Journey, catalogue: Catalogue, words: Words, *, can_print: bool, printed: bool
) -> ThemeView | None:
    theme = catalogue.themes().get(journey.theme or "")
    if theme is None:
        return None
    english = journey.english
    ticked = chosen(journey, catalogue)
    tiles = tuple(
        Tile(
            matter.code,
            name(matter, english),
            words.visit.no_trip if without_queue(matter) else "",
            possible=matter in ticked,
        )
        for matter in theme.matters
    )
    return ThemeView(
        title=theme.name_en if english else theme.name_zh,
        tiles=tiles,
        codes=tuple(matter.code for matter in ticked),
        documents=documents_of(ticked, english),
        later=later_told(ticked, english, words),
        can_print=can_print and bool(ticked),
        printed=printed,
    )


WAYS = (How.INSTANT, How.ZERO_RUN, How.BY_PHONE, How.SELF_SERVICE)
"""Without a queue, the least trouble first."""


def without_queue(matter: Matter) -> tuple[How, ...]:
    """Those that the catalogue gives. What is approved at once needs no visit either: that is one way, not two."""
    return tuple(way for way in WAYS if way in matter.how and not (way is How.ZERO_RUN and How.INSTANT in matter.how))


def later_told(matters: Sequence[Matter], english: bool, words: Words) -> str:
    """The documents that may come later on good credit, in plain words; of several matters: for all that need them."""
    needed_at_once: set[str] = set()
    may_wait: dict[str, None] = {}
    for matter in matters:
        for number, document in enumerate(documents_of([matter], english), 1):
            if number in matter.later:
                may_wait[document] = None
            else:
                needed_at_once.add(document)
    found = [document for document in may_wait if document not in needed_at_once]
    return words.visit.later.format((", " if english else "、").join(found)) if found else ""


def travels_told(matters: Sequence[Matter], hall: Hall, english: bool, words: Words) -> str:
    """Where papers go from here: carried to the department that decides, or not at all."""
    elsewhere = [matter for matter in matters if How.ANY_HALL in matter.how and _decided_elsewhere(matter, hall)]
    carried = [matter for matter in elsewhere if matter.route is Route.PHYSICAL]
    if len(matters) > 1:
        names = ("”, “" if english else "”“").join(name(matter, english) for matter in carried)
        return words.visit.travels_some.format(names) if carried else ""
    if carried:
        where = carried[0].department_in(english=english) or ("the office that decides" if english else "办理部门")
        return words.visit.travels.format(where)
    return words.visit.electronic if elsewhere else ""


def _decided_elsewhere(matter: Matter, hall: Hall) -> bool:
    """By an office above this hall's tier."""
    rules = in_force(hall)
    level = matter.level or Level.DISTRICT
    if level is Level.DISTRICT and rules.acceptance.district_hall == rules.hall:
        return False
    return LEVELS.index(level) < TIERS.index(rules.tier)
