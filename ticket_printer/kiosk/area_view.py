"""The self-service areas on the screen: the list, and one of them. Pure."""

import msgspec

from ticket_printer.kiosk.areas import Found
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.tiles import Tile, TilesView, area_grid, paged
from ticket_printer.kiosk.words import Words


class AreaView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    address: str
    distance: str
    services: tuple[str, ...]
    map_link: str


def areas_view(journey: Journey, seen: Seen, words: Words) -> TilesView:
    tiles = [
        Tile(
            found.area.name_zh,
            found.area.name_en if journey.english else found.area.name_zh,
            " · ".join(filter(None, (distance_told(found.km, words), address_told(found, english=journey.english)))),
        )
        for found in seen.areas
    ]
    note = "" if tiles else words.other.no_areas
    return paged("areas", words.other.areas_title, tiles, area_grid(seen.viewport), journey.page, note=note)


def area_view(journey: Journey, found: Found, words: Words) -> AreaView:
    area = found.area
    return AreaView(
        title=area.name_en if journey.english else area.name_zh,
        address=address_told(found, english=journey.english),
        distance=distance_told(found.km, words),
        services=area.services_en if journey.english else area.services_zh,
        map_link=f"geo:{area.latitude:.5f},{area.longitude:.5f}",
    )


def distance_told(km: float | None, words: Words) -> str:
    """To fifty metres within a kilometre, then to a tenth, from ten on to the kilometre; as the crow flies."""
    if km is None:
        return ""
    if km < 0.975:
        return words.other.metres.format(max(50, round(km * 20) * 50))
    return words.other.kilometres.format(f"{km:.1f}" if km < 9.95 else f"{km:.0f}")


def address_told(found: Found, *, english: bool) -> str:
    return found.area.address_en if english else found.area.address_zh
