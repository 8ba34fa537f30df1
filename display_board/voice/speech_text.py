"""The text that makes espeak-ng say the words of a clause."""

import re

from hall_controller.domain.plain_text import one_line
from hall_controller.domain.ticket import Language

_MARKUP = re.compile(r"[<>&\[\]{}|\\]")
"""What espeak-ng may take for phonemes or SSML."""
ENGLISH_LETTERS = {"A": "eigh"}
"""Alone, `A` is read as the article."""


def speech_text(language: Language, words: tuple[str, ...]) -> str:
    """Pinyin with tone numbers for Mandarin, characters for Cantonese, spelling for English."""
    words = tuple(_MARKUP.sub(" ", one_line(word)) for word in words)
    match language:
        case Language.MANDARIN:
            return _pinyin(" ".join(words))
        case Language.CANTONESE:
            return " ".join(words)
        case Language.ENGLISH:
            return " ".join(ENGLISH_LETTERS.get(word, word) for word in words)


def _pinyin(text: str) -> str:
    # Imported here: its dictionary takes a quarter second and 40 MB, which only the synthesiser's process needs.
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(" ".join(syllables).split())
