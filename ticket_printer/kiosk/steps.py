"""Further steps of a visitor's journey: searching, themes and several matters, doing without a visit, results. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.matters import How
from ticket_printer.kiosk.journey import AFTER_MATTER, Journey, Purpose, Screen, restart

QUERY_LETTERS = 48
RECEIPT_LETTERS = 40
"""More than any receipt has."""


# --- finding -------------------------------------------------------------------------------------


def search(journey: Journey) -> Journey:
    theme = journey.theme if journey.adding else None
    return replace(journey, screen=Screen.SEARCH, query="", group=None, part=None, theme=theme, page=0)


def type_text(journey: Journey, text: str) -> Journey:
    """What the field of this page holds now."""
    if journey.screen is Screen.SEARCH:
        return replace(journey, query=text[:QUERY_LETTERS])
    if journey.screen is Screen.RESULTS and not journey.asked:
        return replace(journey, receipt=text[:RECEIPT_LETTERS])
    return journey


def choose_part(journey: Journey, part: str) -> Journey:
    """A department, or a stretch of the alphabet, of a group with many matters."""
    return replace(journey, part=part, page=0)


# --- several matters in one visit ----------------------------------------------------------------


def themes(journey: Journey) -> Journey:
    return replace(journey, screen=Screen.THEMES, query="", group=None, page=0)


def choose_theme(journey: Journey, theme: str) -> Journey:
    return replace(journey, screen=Screen.THEME, theme=theme, unticked=(), page=0)


def tick(journey: Journey, code: str) -> Journey:
    """Wanted, or not wanted any more."""
    unticked = journey.unticked
    others = tuple(one for one in unticked if one != code)
    return replace(journey, unticked=others if code in unticked else (*unticked, code))


def choose_bundle(journey: Journey, codes: Sequence[str]) -> Journey:
    """On with the matters that are ticked."""
    if not codes:
        return journey
    screen = AFTER_MATTER[journey.purpose]
    return replace(journey, screen=screen, matter=codes[0], more=tuple(codes[1 : MORE_MAX + 1]))


def add(journey: Journey) -> Journey:
    """One more matter for the same number."""
    return replace(journey, screen=Screen.GROUPS, adding=True, group=None, part=None, query="", page=0)


def take_off(journey: Journey, code: str) -> Journey:
    """The last one stays: there is a way back for that."""
    held = [one for one in (journey.matter, *journey.more) if one is not None and one != code]
    return replace(journey, matter=held[0], more=tuple(held[1:])) if held else journey


# --- the visit that need not be ------------------------------------------------------------------


def choose_way(journey: Journey, way: str) -> Journey:
    return replace(journey, way=How(way))


def to_counter(journey: Journey) -> Journey:
    return replace(journey, at_counter=True)


def diverted(journey: Journey, way: How) -> Journey:
    return replace(journey, screen=Screen.DIVERTED, way=way)


# --- results -------------------------------------------------------------------------------------


def results(journey: Journey) -> Journey:
    return replace(restart(journey), screen=Screen.RESULTS)


def ask_result(journey: Journey, text: str) -> Journey:
    """Look a receipt up, whether typed or scanned, on whatever page; not while a number stands on it."""
    if journey.screen in (Screen.ISSUING, Screen.TICKET, Screen.BOOKED):
        return journey
    start = journey if journey.screen is Screen.RESULTS else results(journey)
    return replace(start, receipt=text[:RECEIPT_LETTERS].strip(), asked=True)


def without_receipt(journey: Journey, group: str) -> Journey:
    """To the matters of the results window."""
    return replace(restart(journey), screen=Screen.MATTERS, group=group)


def collect(journey: Journey, matter: str, receipt: str) -> Journey:
    """On to the number for a result that is ready."""
    return replace(
        journey, screen=Screen.CONFIRM, purpose=Purpose.TICKET, matter=matter, receipt=receipt, at_counter=True
    )
