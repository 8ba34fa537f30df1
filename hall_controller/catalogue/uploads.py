"""A catalogue that comes over the bus in parts, each a command: put together again, and checked when it is whole."""

from collections.abc import Iterator

from hall_controller.domain import commands as c
from hall_controller.domain.catalogue_rows import CatalogueError, parse_catalogue
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.refusal import Code, Refusal

PART_BYTES = 8_000
"""Of UTF-8 in one part as we send it: as JSON it grows by its quotes and line ends, and a request has its limit."""
SENDERS = 8
"""Uploads that are kept at once; the oldest one gives way."""


def parts_of(text: str, upload: str) -> Iterator[c.ImportCatalogue]:
    """The commands that bring this CSV text."""
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    for line in text.splitlines(keepends=True):
        rest = line
        while rest:
            take = rest[: PART_BYTES // 4] if len(rest.encode()) > PART_BYTES else rest
            if size + len(take.encode()) > PART_BYTES:
                pieces.append("".join(piece))
                piece, size = [], 0
            piece.append(take)
            size += len(take.encode())
            rest = rest[len(take) :]
    pieces.append("".join(piece))
    for place, one in enumerate(pieces, 1):
        yield c.ImportCatalogue(upload=upload, part=place, parts=len(pieces), text=one)


class Uploads:
    """One for each device; a new upload of the same device takes the place of an unfinished one."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, int, dict[int, str]]] = {}
        """By device: the upload's name, how many parts it has, and those that have come."""

    def add(self, device: str, command: c.ImportCatalogue) -> Catalogue | Refusal | None:
        """The catalogue once it is whole; a refusal that names every bad row; None while parts are missing."""
        if command.part > command.parts:
            message = f"part is {command.part} of {command.parts}; number the parts from 1."
            return Refusal(Code.MALFORMED, message, "part")
        upload, parts, held = self._kept.pop(device, (command.upload, command.parts, {}))
        if upload != command.upload:
            parts, held = command.parts, {}
        if parts != command.parts:
            message = f"parts is {command.parts}, but was {parts}; begin again under another name of the upload."
            return Refusal(Code.MALFORMED, message, "parts")
        held[command.part] = command.text
        if len(held) < parts:
            self._kept[device] = (command.upload, parts, held)
            while len(self._kept) > SENDERS:
                del self._kept[next(iter(self._kept))]
            return None
        try:
            return parse_catalogue("".join(held[part] for part in range(1, parts + 1)))
        except CatalogueError as error:
            return Refusal(Code.MALFORMED, f"Nothing was imported: {error}.", "text")
