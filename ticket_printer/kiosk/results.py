"""Results: by its receipt, whether one is ready, and where it stands. Pure."""

import datetime as dt
import unicodedata
from collections.abc import Sequence

import msgspec

from hall_controller.domain.acceptance import RESULTS_GROUP, Acceptance, AcceptanceState, Carries
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.matters import Catalogue, Matter
from ticket_printer.kiosk.bundles import name
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.words import Words
from ticket_printer.moments import date_told

SHORTEST = 10
"""Letters and digits of a receipt at least, without the hall's id: a day and a count."""


class ResultsView(msgspec.Struct, frozen=True, kw_only=True):
    """The field for a receipt's number."""

    title: str
    hint: str
    without: str
    """The group of results, for who has no receipt; empty: none in the catalogue."""


class ResultView(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one receipt."""

    title: str
    receipt: str
    matter: str
    lines: tuple[str, ...]
    is_ready: bool
    is_known: bool
    collect: str
    """The matter of the results window whose number may be taken now; empty: none."""


def plain(text: str) -> str:
    """Letters and digits alone, large: what a receipt is compared by, whatever a scanner or a hand adds."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isascii() and one.isalnum())


def find(hall: Hall, typed: str) -> Acceptance | None:
    """By the whole number; those of this hall without its id too."""
    wanted = plain(typed)
    if len(wanted) < SHORTEST:
        return None
    own = plain(in_force(hall).hall)
    for receipt, found in hall.acceptances.items():
        if plain(receipt) in (wanted, own + wanted):
            return found
    return None


def results_matters(catalogue: Catalogue) -> list[Matter]:
    return catalogue.groups().get(RESULTS_GROUP, [])


def fitting(matters: Sequence[Matter], accepted: Matter | None) -> Matter | None:
    """The matter of the results window that has most in common with the one that was accepted.

    None has: the last one, which takes what is left over.
    """
    if not matters:
        return None
    if accepted is None:
        return matters[-1]
    pairs = {accepted.name_zh[place : place + 2] for place in range(len(accepted.name_zh) - 1)}
    common = [sum(pair in matter.name_zh for pair in pairs) for matter in matters]
    return matters[common.index(max(common))] if max(common) else matters[-1]


def results_view(journey: Journey, hall: Hall, catalogue: Catalogue, words: Words) -> ResultsView | ResultView:
    visit = words.visit
    if not journey.asked:
        without = RESULTS_GROUP if results_matters(catalogue) and hall.issuing is Issuing.OPEN else ""
        return ResultsView(title=visit.results_title, hint=visit.results_hint, without=without)
    found = find(hall, journey.receipt)
    if found is None:
        return _unknown(journey, hall, words)
    matter = catalogue.matters.get(found.matter)
    told = name(matter, journey.english) if matter else ""
    if found.state is not AcceptanceState.READY:
        lines = _where(found, hall, journey, words)
        return _view(visit.not_ready, found.receipt, told, (*lines, visit.no_wait))
    collect = fitting(results_matters(catalogue), matter)
    is_open = hall.issuing is Issuing.OPEN and collect is not None
    return msgspec.structs.replace(
        _view(visit.ready, found.receipt, told, (visit.ready_why if is_open else visit.ready_closed,)),
        is_ready=True,
        collect=collect.code if is_open and collect is not None else "",
    )


def _view(title: str, receipt: str, matter: str, lines: Sequence[str]) -> ResultView:
    told = tuple(filter(None, lines))
    return ResultView(
        title=title, receipt=receipt, matter=matter, lines=told, is_ready=False, is_known=True, collect=""
    )


def _unknown(journey: Journey, hall: Hall, words: Words) -> ResultView:
    """One clear sentence, and what to do."""
    typed = unicodedata.normalize("NFKC", journey.receipt).upper().strip()
    origin = typed.rsplit("-", 2)[0] if typed.count("-") >= 2 else ""
    if len(plain(typed)) < SHORTEST:
        why = words.visit.incomplete
    elif origin and plain(origin) != plain(in_force(hall).hall):
        why = words.visit.elsewhere.format(origin)
    else:
        why = words.visit.unknown_why
    view = _view(words.visit.unknown, typed, "", (why,))
    return msgspec.structs.replace(view, is_known=False)


def _where(found: Acceptance, hall: Hall, journey: Journey, words: Words) -> list[str]:
    """Where it stands, and what is to be brought still."""
    visit, english = words.visit, journey.english
    lines = []
    outstanding = found.outstanding_en if english and all(found.outstanding_en) else found.outstanding_zh
    if outstanding:
        what = (", " if english else "、").join(outstanding or found.outstanding_zh)
        due = _day(found.documents_due_day, english)
        lines.append(visit.lacking_by.format(what, due) if due else visit.lacking.format(what))
    if found.from_hall:
        return [*lines, visit.elsewhere.format(found.from_hall)]
    consignment = hall.consignments.get(found.consignment or "")
    if found.decision is not None or (consignment is not None and consignment.carries is Carries.RESULTS):
        return [*lines, visit.coming_back]
    if found.state is AcceptanceState.SENT:
        lines.append(visit.on_the_way)
    elif found.state is AcceptanceState.ACCEPTED and found.to_hall:
        lines.append(visit.to_be_sent)
    elif found.state is AcceptanceState.RECEIVED:
        lines.append(visit.arrived)
    due = _day(found.result_due_day, english)
    lines.append(visit.deciding_until.format(due) if due else visit.deciding)
    return lines


def _day(day: str | None, english: bool) -> str:
    return date_told(dt.date.fromisoformat(day), english=english) if day else ""
