"""Another catalogue of matters: journalled whole, so that every visit can be read with the matters of its day."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.catalogue_rows import catalogue_text, digest
from hall_controller.domain.catalogue_versions import Changes, changes, pack
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.hall import Hall


def import_catalogue(hall: Hall, command: c.ImportCatalogue, moment: Moment) -> list[e.Event]:
    """A part on its own changes nothing: the hall puts them together and decides once it has all."""
    del hall, command, moment
    return []


def change_catalogue(hall: Hall, command: c.ChangeCatalogue, moment: Moment) -> list[e.Event]:
    text = catalogue_text(command.catalogue)
    known = digest(text)
    if known == hall.catalogue_digest:
        return []
    count = len(command.catalogue.matters)
    # Of the first version nothing is known before it.
    told = changes(moment.catalogue, command.catalogue) if hall.catalogue_version else Changes(count, 0, 0)
    return [
        e.CatalogueChanged(
            version=hall.catalogue_version + 1,
            digest=known,
            matters=count,
            added=told.added,
            changed=told.changed,
            removed=told.removed,
            packed=pack(text),
        )
    ]
