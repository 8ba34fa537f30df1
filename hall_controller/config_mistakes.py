"""What is wrong in hall.toml or hours.toml: the line, the key, its value and the mend."""

import re
import tomllib
from typing import Any

import msgspec

from hall_controller.bus.mistakes import describe
from hall_controller.domain.text_files import NotPlainAt

Key = tuple[str | int, ...]
"""("hours", 2, "end"): tables, the nth of an array of tables, the key."""


class Mistake(ValueError):
    """A sentence about one line of a file."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def not_toml(text: str, error: tomllib.TOMLDecodeError) -> Mistake:
    what, _, at = str(error).partition(" (at ")
    line = int(next(iter(re.findall(r"line (\d+)", at)), text.count("\n") + 1))
    row = text.splitlines()[line - 1] if line <= text.count("\n") + 1 and text else ""
    mend = "check the quotes, brackets and equals signs"
    if re.search(r"=\s*\d\d?:\d\d\s*($|[#,}])|=\s*\d:", row):
        mend = "write a time with seconds, e.g. 09:00:00"
    elif "date or" in what or re.search(r"=\s*(\d\d:|\d{4}-)", row):
        mend = "write a date that exists as 2026-10-01, a time as 09:00:00; a day ends at 23:59:59"
    return Mistake(line, f"not TOML: {what}; {mend}")


def not_plain(text: str, error: NotPlainAt) -> Mistake:
    """Of a text that may not stand in a settings file, such as an escape sequence."""
    return Mistake(line_of(text, error.key), str(error))


def where_and_what(
    text: str, values: dict[str, Any], kind: type[msgspec.Struct], error: str, file: str = "hall.toml"
) -> tuple[int, str]:
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
    leaf = 2 if keys and isinstance(keys[-1], int) else 1  # tiers[1]: of the table that holds the list
    inside = keys if "field `" in what else keys[:-leaf]
    holder, table_values = _walk(kind, values, inside)
    if what.startswith(("Invalid RFC3339", "Expected `date`", "Expected `time`")):
        return fault_line(text, keys, what), f"{keys[-1]} is {_no_moment(what)}"
    if holder is None or "[...]" in path:
        said = what.replace("Object contains unknown field", "there is no field").replace("`", "")
        return fault_line(text, keys, what), f"{_named(keys)}: {said}; see docs/settings.md"
    at_field = "" if "field `" in what else f" - at `$.{keys[-leaf]}{f'[{keys[-1]}]' if leaf == 2 else ''}`"
    sentence, name = describe(what + at_field, _named(inside) or file, holder, table_values)
    key = (*inside, name) if name and "required" not in what else inside
    if inside and "unknown field" in what and name in {field.name for field in msgspec.structs.fields(kind)}:
        sentence = f'{_named(inside)} has no field "{name}"; write {name} at the top of the file, above the first table'
    return fault_line(text, key, what), sentence.rstrip(".")


def _no_moment(what: str) -> str:
    if "date" in what:
        return "no date; write one that exists, as 2026-10-01, without quotes"
    return "no time; write it as 20:00:00, without quotes"


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
            if isinstance(info, msgspec.inspect.UnionType):  # `… | None`
                info = next(part for part in info.types if not isinstance(part, msgspec.inspect.NoneType))
            inner = info.item_type if isinstance(info, msgspec.inspect.VarTupleType) else info
            kind = inner.cls if isinstance(inner, msgspec.inspect.StructType) else None
        if kind is None or not isinstance(values, dict | list):
            return None, {}
    return (kind, values) if isinstance(values, dict) else (None, {})


def fault_line(text: str, near: Key, message: str) -> int:
    """The line that a sentence speaks of: one below `near` whose key or value it names, else that of `near` itself."""
    lines = key_lines(text)
    if not any(key[: len(near)] == near for key in lines):
        return line_of(text, near)
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


def line_of(text: str, key: Key) -> int:
    """The line of a key, or of the nearest thing that holds it; of a list in brackets, its nth `{`."""
    lines = key_lines(text)
    for length in range(len(key), 0, -1):
        if key[:length] in lines:
            return lines[key[:length]]
        nth = key[length - 1]
        if isinstance(nth, int) and key[: length - 1] in lines:
            return _brace_line(text.splitlines(), lines[key[: length - 1]], nth)
    return 1


def _brace_line(rows: list[str], first: int, nth: int) -> int:
    for number, row in enumerate(rows[first - 1 :], first):
        nth -= re.sub(r"#.*", "", row).count("{")
        if nth < 0:
            return number
    return first


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
