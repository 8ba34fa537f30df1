"""Keys as a person means them: capitals, full-width letters of a Chinese input method, spare blanks."""

import unicodedata


def plain(text: str) -> str:
    """`Ａ００１ ` -> `a001`: how what was typed is compared."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def key_of(key: str, character: str | None) -> str:
    """One name for a key: its letter in lower case, or Textual's own name (`f1`, `enter`, `space`)."""
    if character is not None and character.isprintable() and character.strip():
        return plain(character)
    return key


def is_chinese(character: str | None) -> bool:
    """Whether an input method sent this: then the letter keys do not reach us."""
    return character is not None and "\u4e00" <= character <= "\u9fff"
