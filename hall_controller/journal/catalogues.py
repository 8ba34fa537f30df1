"""The versions of the catalogue that a journal holds."""

from collections.abc import Iterator

from hall_controller.bus.wire import decode_event
from hall_controller.domain.catalogue_versions import unpack
from hall_controller.domain.events import CatalogueChanged
from hall_controller.domain.matters import Catalogue, Matter
from hall_controller.journal.journal import Journal

_KIND = ("catalogue_changed",)


def catalogue_versions(journal: Journal) -> Iterator[CatalogueChanged]:
    """Oldest first. A restored hall may have a number twice, in two epochs; the later one counts."""
    for body in journal.bodies_of(_KIND, before=journal.last_seq() + 1):
        event = decode_event(body)
        assert isinstance(event, CatalogueChanged)
        yield event


def last_catalogue(journal: Journal) -> CatalogueChanged | None:
    last = None
    for event in catalogue_versions(journal):
        last = event
    return last


def catalogue_of(journal: Journal, period: str) -> Catalogue | None:
    """The matters as they were on a day (`2026-11-24`) or at the end of a month, and those that went before.

    None when the journal does not tell: it is of an older hall.
    """
    known: dict[str, Matter] = {}
    for event in catalogue_versions(journal):
        if event.service_day[: len(period)] <= period:
            known |= unpack(event.packed).matters
    return Catalogue(known) if known else None
