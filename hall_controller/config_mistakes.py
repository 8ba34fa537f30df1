"""What is wrong in hall.toml: the line, the key, its value and the mend."""

import re
from typing import Any

import msgspec

from hall_controller.bus.mistakes import describe

Key = tuple[str | int, ...]
"""("hours", 2, "end"): tables, the nth of an array of tables, the key."""


def where_and_what(text: str, values: dict[str, Any], kind: type[msgspec.Struct], error: str) -> tuple[int, str]:
    """Of msgspec's error about `values`, read from `text` for a `kind`: (line from 1, sentence)."""
    what, _, path = error.partition(" - at ")
    if path.startswith("`key`"):
        table = re.findall(r"\w+", path)[-1]
        lines = {key: line for key, line in key_lines(text).items() if key[0] == table and len(key) > 1}
        wrong, line = next(((at[1], line) for at, line in lines.items() if not str(at[1]).isdigit()), ("", 1))
        return line, f"[{table}.{wrong}] is no number; write e.g. [{table}.3]"
    keys: Key = tuple(int(n) if n else name for name, n in re.findall(r"([A-Za-z_]\w*)|\[(\d+)\]", path))
    if "field `" not in what and not what.startswith(("Expected", "Invalid")):
        return fault_line(text, keys, what), what  # one of our own sentences
    inside = keys if "field `" in what else keys[:-1]
    holder, table_values = _walk(kind, values, inside)
    if what.startswith("Invalid RFC3339"):
        return fault_line(text, keys, what), f"{keys[-1]} is no time; write it as 20:00:00, without quotes"
    if holder is None or "[...]" in path:
        said = what.replace("Object contains unknown field", "there is no field").replace("`", "")
        return fault_line(text, keys, what), f"{_named(keys)}: {said}; see docs/settings.md"
    at_field = "" if "field `" in what else f" - at `$.{keys[-1]}`"
    sentence, name = describe(what + at_field, _named(inside) or "hall.toml", holder, table_values)
    key = (*inside, name) if name and "required" not in what else inside
    return fault_line(text, key, what), sentence.rstrip(".")


def _named(keys: Key) -> str:
    names = ".".join(key for key in keys if isinstance(key, str))
    return f"[{names}]" if names else ""


def _walk(kind: Any, values: Any, keys: Key) -> tuple[type[msgspec.Struct] | None, Any]:
    """The struct and the values at `keys`."""
    for key in keys:
        try:
            values = values[key]
        except (KeyError, IndexError, TypeError):
            return None, {}
        if isinstance(key, str):
            kind = next((field.type for field in msgspec.structs.fields(kind) if field.name == key), None)
            info = msgspec.inspect.type_info(kind)
            inner = info.item_type if isinstance(info, msgspec.inspect.VarTupleType) else info
            kind = inner.cls if isinstance(inner, msgspec.inspect.StructType) else None
        if kind is None or not isinstance(values, dict | list):
            return None, {}
    return (kind, values) if isinstance(values, dict) else (None, {})


def fault_line(text: str, near: Key, message: str) -> int:
    """The line that a sentence speaks of: one below `near` whose key or value it names, else that of `near` itself."""
    lines = key_lines(text)
    if near in lines and not any(key[: len(near)] == near and key != near for key in lines):
        return lines[near]
    rows = text.splitlines()
    below = {key: line for key, line in lines.items() if key[: len(near)] == near}
    words = re.findall(r"\w+", message)
    for value in re.findall(r"'([^']*)'", message):
        holding = {key: line for key, line in below.items() if key != near and f'"{value}"' in rows[line - 1]}
        if holding:
            named = [line for key, line in holding.items() if str(key[-1]) in words]
            return min(named or holding.values())
    for word in words:
        for key, line in below.items():
            if key != near and str(key[-1]) == word and not rows[line - 1].lstrip().startswith("[["):
                return line
    return lines.get(near) or min(below.values(), default=1)


def key_lines(text: str) -> dict[Key, int]:
    """The line of each table and key of a TOML text, as near as can be told without a parser that keeps lines."""
    found: dict[Key, int] = {}
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line)
        pair = re.match(r"""\s*(["'\w-]+)\s*=""", line)
        if header:
            table = tuple(part.strip("\"' ") for part in header[2].split("."))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif pair:
            found.setdefault((*table, pair[1].strip("\"'")), number)
    return found
