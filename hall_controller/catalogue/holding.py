"""The catalogue of a running hall: matters.csv in its directory, always the one that the journal says.

A new one is written beside it first, then journalled, then put in its place; a hall that was cut off in between
finishes this when it starts. A matters.csv that was edited while the hall was off is journalled as another version.
"""

import logging
from pathlib import Path

from hall_controller.catalogue.files import replace_text
from hall_controller.catalogue.uploads import Uploads
from hall_controller.config import CATALOGUE, load_catalogue
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.catalogue_rows import CatalogueError, catalogue_text, digest, parse_catalogue
from hall_controller.domain.catalogue_versions import unpack
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.sender import Sender
from hall_controller.domain.text_files import NotText, decoded
from hall_controller.journal.catalogues import last_catalogue
from hall_controller.journal.journal import Journal

NEXT = "matters.csv.next"
"""Written, but not yet known to be journalled."""
log = logging.getLogger(__name__)


class Holding:
    """What the controller knows of its catalogue."""

    def __init__(self, directory: Path, hall: Hall, journal: Journal) -> None:
        """Raises ConfigTrouble for a matters.csv that cannot be read."""
        self._directory = directory
        self._uploads = Uploads()
        self._finish(hall.catalogue_digest)
        self.found = load_catalogue(directory)
        """As the file has it at the start."""
        self.current = self.found
        """The one that decisions are taken by."""
        self.recall(hall, journal)

    def _finish(self, known: str) -> None:
        file = self._directory / NEXT
        if not file.exists():
            return
        try:
            journalled = digest(catalogue_text(parse_catalogue(decoded(file.read_bytes())))) == known
        except (CatalogueError, NotText):
            journalled = False
        if journalled:
            file.replace(self._directory / CATALOGUE)
        else:
            file.unlink()

    def recall(self, hall: Hall, journal: Journal) -> None:
        """Go back to the version that the journal has last, if the present one is another."""
        if hall.catalogue_digest and digest(catalogue_text(self.current)) != hall.catalogue_digest:
            packed = last_catalogue(journal)
            self.current = unpack(packed.packed) if packed is not None else self.current

    def receive(self, sender: Sender, command: c.ImportCatalogue) -> c.Command | Refusal:
        """The change that an upload leads to once it is whole; until then the command itself, which changes nothing."""
        whole = self._uploads.add(sender.name, command)
        if isinstance(whole, Catalogue):
            return c.ChangeCatalogue(catalogue=whole, why=command.why, expires_at_ms=command.expires_at_ms)
        return command if whole is None else whole

    def prepare(self, command: c.Command, events: list[e.Event]) -> Refusal | None:
        """Write what is about to be journalled; a refusal when that cannot be done, and nothing happens then."""
        if not isinstance(command, c.ChangeCatalogue) or not events:
            return None
        try:
            replace_text(self._directory / NEXT, catalogue_text(command.catalogue))
        except OSError as error:
            log.error("the catalogue cannot be written: %s", error)
            return Refusal(Code.STORAGE, f"The catalogue cannot be written: {error.strerror}; nothing was done.")
        self.current = command.catalogue
        return None

    def committed(self, events: list[e.Event]) -> None:
        """What was journalled is the catalogue now."""
        if not any(isinstance(event, e.CatalogueChanged) for event in events):
            return
        file = self._directory / NEXT
        if file.exists():
            try:
                file.replace(self._directory / CATALOGUE)
            except OSError as error:
                log.error("matters.csv is put in its place at the next start: %s", error)
