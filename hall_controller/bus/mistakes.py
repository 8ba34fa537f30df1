"""What is wrong with a request, in one sentence for a person: the field, its value, and the mend.

msgspec says ``Expected `int` <= 200 - at `$.counter` ``; a vendor at three in the morning wants more than that.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from hall_controller.domain.plain_text import escaped
from hall_controller.domain.refusal import Code, Refusal

SHOWN = 60
"""Of a wrong value at most this many characters are repeated."""
_WORDS = {"int": "a whole number", "float": "a number", "str": "text", "array": "a list", "object": "an object"}

Kinds = Mapping[str, type[msgspec.Struct]]


def not_json(error: Exception) -> Refusal:
    """The body cannot even be read."""
    if isinstance(error, RecursionError):
        return Refusal(Code.MALFORMED, "The request is nested too deeply; it is one flat JSON object.")
    if isinstance(error, UnicodeDecodeError):
        return Refusal(Code.MALFORMED, f"The request is not UTF-8: {error.reason} ({error.object[error.start]:#04x}).")
    return Refusal(Code.MALFORMED, f"The request cannot be read as JSON: {str(error).rstrip('.')}.")


def explain(body: bytes, error: str, kinds: Kinds) -> Refusal:
    """The refusal for msgspec's `error` about `body`, which is JSON but none of `kinds`."""
    try:
        request = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as worse:
        return not_json(worse)
    if not isinstance(request, dict):
        return Refusal(Code.MALFORMED, 'A request is a JSON object with a type, e.g. {"type": "status"}.')
    tag = request.get("type")
    if isinstance(tag, str) and tag not in kinds:
        return Refusal(Code.UNKNOWN_COMMAND, f"There is no command {shown(tag)}; {_instead(tag, kinds)}", "type")
    if not isinstance(tag, str):
        return Refusal(Code.MALFORMED, 'The request has no type that is text; give e.g. "type": "status".', "type")
    message, field = describe(error, tag, kinds[tag], request)
    return Refusal(Code.MALFORMED, message, field)


def describe(error: str, tag: str, kind: type[msgspec.Struct], values: Mapping[str, Any]) -> tuple[str, str | None]:
    """msgspec's error about the fields of one command: (sentence, field)."""
    what, _, path = error.partition(" - at `$")
    where = path.strip("`.")
    if not where:
        field = what.split("`")[1] if "`" in what else ""
        if "unknown field" in what:
            return f"{tag} has no field {shown(field)}; it takes {_fields(kind)}.", field[:SHOWN]
        return f"{tag} needs the field {field}; it takes {_fields(kind)}.", field
    field, *index = re.findall(r"\w+", where)
    value = values.get(field)
    if index and isinstance(value, list | tuple):
        value = value[int(index[0])]
    choices = _choices(kind, field)
    if what.startswith("Invalid enum value") and choices:
        return f"{where} {shown(value)} is unknown; use {choices}.", field
    if not what.startswith("Expected "):
        return f"{where}: {what.rstrip('.')}; give it once, and as docs/protocol.md has it.", field
    wanted = what.removeprefix("Expected ").partition(", got")[0]
    return f"{where} is {shown(value)}; give {_words(wanted)}.", field


def shown(value: Any) -> str:
    """A value as JSON, shortened: a refusal is a sentence, not an echo."""
    text = escaped(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _instead(tag: str, kinds: Kinds) -> str:
    from difflib import get_close_matches

    near = get_close_matches(tag[:SHOWN], kinds, 1)
    return f"did you mean {near[0]}?" if near else "docs/protocol.md lists them."


def _fields(kind: type[msgspec.Struct]) -> str:
    return ", ".join(field.name for field in msgspec.structs.fields(kind))


def _choices(kind: type[msgspec.Struct], field: str) -> str:
    for one in msgspec.structs.fields(kind):
        if one.name == field:
            info = msgspec.inspect.type_info(one.type)
            return ", ".join(_members(info))
    return ""


def _members(info: msgspec.inspect.Type) -> list[str]:
    match info:
        case msgspec.inspect.EnumType(cls):
            return [str(member.value) for member in cls]
        case msgspec.inspect.UnionType(types):
            return [name for part in types for name in _members(part)]
        case msgspec.inspect.VarTupleType(item):
            return _members(item)
        case _:
            return []


def _words(wanted: str) -> str:
    """`` `int | null` >= 1`` -> `a whole number or null >= 1`."""

    def words(match: re.Match[str]) -> str:
        return " or ".join(_WORDS.get(name, name) for name in match.group(1).split(" | "))

    return re.sub(r"`([^`]*)`", words, wanted)
