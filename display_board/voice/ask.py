"""What the voice and its synthesiser say to each other: one JSON line each way."""

import msgspec

from hall_controller.domain.ticket import Language


class Ask(msgspec.Struct, frozen=True):
    language: Language
    words: tuple[str, ...]
    words_per_minute: int
    file: str
    """Where the WAV is to be written."""


class Answer(msgspec.Struct, frozen=True):
    error: str = ""
    """Empty: the file is there. The first answer, before any request, says that the synthesiser has started."""
