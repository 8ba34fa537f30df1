"""Plain text: what may enter as a name, notice, reason, setting or cell, and what may leave for a terminal or a log.

A control character in a name is no name: it moves a terminal's cursor, retitles its window, breaks a log into lines
that nobody wrote, or turns round what stands beside it. Replay never checks: every output escapes what is old.
"""

import re
from collections.abc import Iterator
from enum import Enum, StrEnum
from functools import cache
from html import escape
from typing import Any, TypeVar, assert_never, get_args, get_origin

import msgspec

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_FORBIDDEN = "\\x00-\\x1f\\x7f-\\x9f\ud800-\udfff\u2028\u2029\ufeff" + _BIDI
"""Cc, Cs, Zl, Zp, controls of direction, and a mark of byte order inside."""
_NOT_PLAIN = re.compile(f"[{_FORBIDDEN}]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_BREAKS = re.compile("(?:\r\n|[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029])")
_BLANKS = " \u00a0\u00ad\u115f\u1160\u1680\u180e\u2000-\u200d\u202f\u205f-\u2064\u206a-\u206f\u2800\u3000\u3164\uffa0"
"""Spaces, and what has no width or no shape."""
_BLANK = re.compile(f"[{_BLANKS}]+")
_FORMULA = re.compile(f"['{_BLANKS}]*[=+\\-@＝＋－＠]")
_NAMES = {"\0": "a NUL", "\t": "a tab", "\n": "a line break", "\r": "a line break", "\x1b": "an escape character"}
T = TypeVar("T")


class Entry(StrEnum):
    """How a field of a command takes text; a field that says nothing is `CHECKED`."""

    CHECKED = "checked"
    """Names, notices, reasons: refused where it is not plain."""
    OWN_WORDS = "own_words"
    """What a visitor or a device says in its own words: never refused, cleaned."""
    CELLS = "cells"
    """A file with lines: whoever reads it checks each cell."""


class NotPlain(ValueError):
    """What is wrong with a text, as the end of a sentence that names it."""


def checked_text(value: str) -> str:
    """The text with a plain space for every other one. Raises NotPlain for a character that is none to be read."""
    if value.isascii() and value.isprintable():
        return value
    value = value.removeprefix("\ufeff")
    if found := _NOT_PLAIN.search(value):
        letter = found[0]
        what = _NAMES.get(letter, "a character that cannot be read")
        raise NotPlain(f"holds {what} (U+{ord(letter):04X}); leave it out")
    if not value:
        raise NotPlain("holds nothing that can be read; fill it in")
    return _SPACES.sub(" ", value)


def is_blank(value: str) -> bool:
    """Whether it is of spaces and characters without a shape (zero-width ones, say) alone: a name that nobody sees."""
    return _BLANK.fullmatch(value) is not None


def is_plain(value: str) -> bool:
    return (value.isascii() and value.isprintable()) or _NOT_PLAIN.search(value) is None


def own_words(value: str) -> str:
    """A person's own words on one line: line breaks and tabs become spaces, what is not plain goes."""
    return _SPACES.sub(" ", one_line(value)).strip(" ")


def one_line(value: str) -> str:
    """For a page, a paper or a voice: line breaks and tabs become spaces, what is not plain goes."""
    return _NOT_PLAIN.sub("", _LINE_BREAKS.sub(" ", value))


def markup(text: str) -> str:
    """For HTML, inside tags and quoted attributes: escaped, and without what turns a page's text round."""
    return escape(one_line(text))


def escaped(text: str) -> str:
    r"""The text with `\u001b` for each character that is not plain: to be seen, never to be obeyed. Also valid JSON."""
    if text.isascii() and text.isprintable():
        return text
    return _NOT_PLAIN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def guarded_cell(text: str) -> str:
    """For a CSV that a spreadsheet opens: with a quote before what it would take for a formula."""
    shown = escaped(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def unguarded_cell(cell: str) -> str:
    """What `guarded_cell` was made of, but for what it escaped."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def visible(value: T) -> T:
    """The same structs, tables and lists, with every text in them escaped."""
    made: T = _visible(value)
    return made


def _visible(value: Any) -> Any:
    match value:
        case Enum():
            return value
        case str():
            return escaped(value)
        case dict():
            return {_visible(key): _visible(one) for key, one in value.items()}
        case msgspec.Struct():
            parts = {name: getattr(value, name) for name in value.__struct_fields__}
            fresh = {name: new for name, old in parts.items() if (new := _visible(old)) is not old}
            return msgspec.structs.replace(value, **fresh) if fresh else value
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*map(_visible, value))
        case list() | tuple() | set() | frozenset():
            return type(value)(map(_visible, value))
        case _:
            return value


# --- fields of commands --------------------------------------------------------------------------


@cache
def entries(kind: type[msgspec.Struct]) -> dict[str, Entry]:
    """How each field takes text, of those that can hold any."""
    ways = {field.name: next(_ways(field.type, Entry.CHECKED), None) for field in msgspec.structs.fields(kind)}
    return {name: way for name, way in ways.items() if way is not None}


def _ways(kind: Any, way: Entry) -> Iterator[Entry]:
    """Walks a field's type: of each text in it how it enters."""
    for meta in getattr(kind, "__metadata__", ()):
        way = (meta.extra or {}).get("entry", way) if isinstance(meta, msgspec.Meta) else way
    if kind is str:
        yield way
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from (way for _ in entries(kind))
    elif get_origin(kind) is not None:
        for part in get_args(kind):
            yield from _ways(part, way)


def entered(value: Any, way: Entry) -> Any:
    """What a field holds, as it may enter: texts in tuples and structs too. Raises NotPlain."""
    match value:
        case Enum():
            return value
        case str():
            return _entered(value, way)
        case tuple():
            return tuple(entered(one, way) for one in value)
        case msgspec.Struct():
            fresh = {name: entered(getattr(value, name), inner) for name, inner in entries(type(value)).items()}
            return msgspec.structs.replace(value, **fresh) if fresh else value
        case _:
            return value


def _entered(value: str, way: Entry) -> str:
    match way:
        case Entry.CHECKED:
            if is_blank(value):
                raise NotPlain("holds nothing that can be read; fill it in, or leave it out")
            return checked_text(value)
        case Entry.OWN_WORDS:
            return own_words(value)
        case Entry.CELLS:
            return value
        case _:
            assert_never(way)
