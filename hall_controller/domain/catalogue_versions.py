"""Versions of the catalogue, as the journal keeps them: what changed from one to the next; each packed whole. Pure."""

import zlib
from base64 import b64decode, b64encode
from typing import NamedTuple

from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.matters import Catalogue

LARGEST = 20_000_000
"""No catalogue unpacks to more bytes."""


class Changes(NamedTuple):
    """How many matters came, changed and went."""

    added: int
    changed: int
    removed: int


def changes(old: Catalogue, new: Catalogue) -> Changes:
    both = old.matters.keys() & new.matters.keys()
    changed = sum(old.matters[code] != new.matters[code] for code in both)
    return Changes(len(new.matters) - len(both), changed, len(old.matters) - len(both))


def pack(text: str) -> str:
    """A catalogue's CSV as base64 of zlib: an eighth of its size, and text."""
    return b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(packed: str) -> Catalogue:
    """Raises ValueError (CatalogueError among them) for what `pack` has not made."""
    reader = zlib.decompressobj()
    try:
        body = reader.decompress(b64decode(packed, validate=True), LARGEST)
    except zlib.error as error:
        raise ValueError(f"a packed catalogue cannot be read: {error}") from None
    return parse_catalogue(body.decode(), entering=False)
