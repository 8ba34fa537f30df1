"""The visit that need not be: how a matter can be done without a queue. Pure."""

from urllib.parse import quote

import msgspec

from hall_controller.domain.matters import How, Matter
from ticket_printer.kiosk.area_view import address_told, distance_told
from ticket_printer.kiosk.areas import nearest_doing
from ticket_printer.kiosk.bundles import documents_of, later_told, name, without_queue
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.words import Words


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way, as it is told."""

    way: How
    title: str
    lines: tuple[str, ...]
    link: str = ""
    """Behind a QR code; empty: none."""
    link_told: str = ""
    big: str = ""
    """The telephone number, or the name of the place."""


class WaysView(msgspec.Struct, frozen=True, kw_only=True):
    """Before a number is printed: it need not be."""

    title: str
    """The matter's name."""
    ways: tuple[Way, ...]
    chosen: How
    later: str


class DivertedView(msgspec.Struct, frozen=True, kw_only=True):
    """Thanks, and how it goes on."""

    title: str
    way: Way
    documents: tuple[str, ...]
    can_print: bool
    printed: bool


def ways_view(journey: Journey, matter: Matter, seen: Seen, words: Words) -> WaysView | None:
    """None where only a counter can do it."""
    ways = tuple(_way(way, matter, seen, words, english=journey.english) for way in without_queue(matter))
    if not ways:
        return None
    known = [one.way for one in ways]
    return WaysView(
        title=name(matter, journey.english),
        ways=ways,
        chosen=journey.way if journey.way in known else known[0],
        later=later_told([matter], journey.english, words),
    )


def diverted_view(journey: Journey, matter: Matter, way: How, seen: Seen, words: Words) -> DivertedView:
    return DivertedView(
        title=name(matter, journey.english),
        way=_way(way, matter, seen, words, english=journey.english),
        documents=documents_of([matter], journey.english),
        can_print=seen.settings.has_printer,
        printed=seen.list_printed,
    )


def _way(way: How, matter: Matter, seen: Seen, words: Words, *, english: bool) -> Way:
    title, line = words.visit.ways[way]
    link = link_told = big = ""
    lines = [line]
    if way in (How.ZERO_RUN, How.INSTANT):
        link = online_link(seen.settings.online_url, matter.code)
        link_told = words.visit.with_url if link else ""
        if not link:
            lines.append(words.visit.without_url.format(name(matter, english)))
    elif way is How.BY_PHONE and seen.settings.phone_number:
        big = words.visit.phone.format(seen.settings.phone_number)
    elif way is How.SELF_SERVICE and (found := nearest_doing(seen.areas, matter)):
        lines.append(words.visit.nearest)
        big = found.area.name_en if english else found.area.name_zh
        where = (address_told(found, english=english), distance_told(found.km, words), words.visit.open_always)
        lines.append(" · ".join(filter(None, where)))
    return Way(way=way, title=title, lines=tuple(lines), link=link, link_told=link_told, big=big)


def online_link(setting: str, code: str) -> str:
    return setting.replace("{code}", quote(code, safe="")) if setting else ""
