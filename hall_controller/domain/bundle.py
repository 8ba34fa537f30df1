"""A bundle: several matters in one visit, of a theme or as needed. One number, one list of documents."""

from collections.abc import Iterable, Sequence

from hall_controller.domain.matters import Matter
from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.ticket import Ticket

MORE_MAX = 19
"""Matters beside the first."""
BUNDLED = "+"
"""Under this key service times of bundles are looked up; none are learned, since each is of other matters."""


class MatterOutcome(OpenEnum):
    """How one matter of a visit stands."""

    OPEN = "open"
    HANDLED = "handled"
    LEFT = "left"
    """For another day: a document is missing, say."""


def matters_of(ticket: Ticket) -> tuple[str, ...]:
    """Codes of all the matters of a visit, the first one first."""
    return (ticket.matter, *ticket.more)


def kind_of(ticket: Ticket) -> str:
    """By which the time of its service is known."""
    return BUNDLED if ticket.more else ticket.matter


def kinds_learned(ticket: Ticket) -> tuple[str, ...]:
    """What its service teaches the time of: all services together, and its matter, unless it had several."""
    return ("",) if ticket.more else ("", ticket.matter)


def outcome_of(ticket: Ticket, matter: str) -> MatterOutcome:
    if matter in ticket.handled:
        return MatterOutcome.HANDLED
    return MatterOutcome.LEFT if matter in ticket.left else MatterOutcome.OPEN


def bundle_usual_s(matters: Iterable[Matter]) -> int:
    """What the catalogue says of the whole visit's service time."""
    return round(sum(matter.usual_minutes for matter in matters) * 60)


def documents_needed(matters: Sequence[Matter], *, english: bool) -> list[str]:
    """One list without repeats, in the order of the matters; in Chinese where a matter has no English list."""
    lists = (matter.documents_en or matter.documents_zh if english else matter.documents_zh for matter in matters)
    return list(dict.fromkeys(document for one in lists for document in one))
