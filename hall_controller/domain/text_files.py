"""Files that people write, as bytes: decoded whatever editor saved them, and the texts of a TOML file checked."""

import codecs
from typing import Any

from hall_controller.domain.plain_text import NotPlain, checked_text, escaped

Key = tuple[str | int, ...]
_UTF8 = b"\xef\xbb\xbf"
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class NotText(ValueError):
    """What is wrong with a file's bytes, as the end of a sentence that names the file."""


class NotPlainAt(NotPlain):
    """A text of a settings file that is not plain, with where it stands."""

    def __init__(self, key: Key, value: str, what: NotPlain) -> None:
        name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key).removeprefix(".")
        super().__init__(f"{escaped(name)} is '{escaped(value)[:60]}': it {what}")
        self.key = key


def decoded(body: bytes) -> str:
    r"""Text in UTF-8, with a mark of its encoding or without; lines end in `\n`. Raises NotText."""
    if body.startswith(_WIDE):
        raise NotText("it is text in UTF-16 or UTF-32")
    try:
        text = body.removeprefix(_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise NotText(f"line {line}, byte {body[error.start]:#04x}, is not UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NotText(f"line {line} holds NUL bytes and so is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def why_unread(error: OSError | NotText) -> str:
    """Without the number and the path that an OSError repeats."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def checked_settings(values: dict[str, Any]) -> dict[str, Any]:
    """Tables of TOML with every text, and every name of a key, plain. Raises NotPlainAt for the first that is not."""
    return {_checked(key, (key,)): _settled(value, (key,)) for key, value in values.items()}


def _settled(value: Any, at: Key) -> Any:
    match value:
        case str():
            return _checked(value, at)
        case dict():
            return {_checked(key, (*at, key)): _settled(one, (*at, key)) for key, one in value.items()}
        case list():
            return [_settled(one, (*at, number)) for number, one in enumerate(value)]
        case _:
            return value


def _checked(value: str, at: Key) -> str:
    try:
        return checked_text(value)
    except NotPlain as error:
        raise NotPlainAt(at, value, error) from None
