"""What a type is called in the docs, and which structs a struct holds."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from msgspec import inspect as i

_SIMPLE: dict[type[i.Type], str] = {
    i.BoolType: "true \\| false",
    i.NoneType: "null",
    i.DateType: "date",
    i.TimeType: 'text as `"09:00:00"`',
    i.RawType: "any",
    i.AnyType: "any",
}


def type_words(kind: Any) -> str:
    """For a cell of a table: "integer 1…200", "text or null", a list of one thing in brackets."""
    return _words(i.type_info(kind))


def _words(info: i.Type) -> str:
    simple = _SIMPLE.get(type(info))
    if simple is not None:
        return simple
    match info:
        case i.Metadata(type=inner):
            return _words(inner)
        case i.UnionType(types):
            return " \\| ".join(_words(part) for part in types)
        case i.IntType() | i.FloatType() | i.StrType():
            return _scalar(info)
        case i.EnumType(cls):
            return " \\| ".join(f"`{member.value}`" for member in cls)
        case i.LiteralType(values):
            return " \\| ".join(f"`{value}`" for value in values)
        case i.StructType(cls):
            return cls.__name__
        case i.DictType(key, value):
            return f"{{{_words(key)}: {_words(value)}}}"
        case _:
            return f"[{', '.join(_words(part) for part in parts(info))}]"


def _scalar(info: i.IntType | i.FloatType | i.StrType) -> str:
    if isinstance(info, i.StrType):
        return "text" if info.max_length is None else f"text of {info.min_length or 0}…{info.max_length}"
    name = "integer" if isinstance(info, i.IntType) else "number"
    if info.ge is None:
        return name
    if info.lt == 2**53:
        return f"{name} {info.ge} ≤ … < 2^53"
    return f"{name} ≥ {info.ge}" if info.le is None else f"{name} {info.ge}…{info.le}"


def parts(info: i.Type) -> Iterable[i.Type]:
    """The types that a type is made of."""
    match info:
        case i.Metadata(type=inner):
            return (inner,)
        case i.UnionType(types) | i.TupleType(types):
            return types
        case i.VarTupleType(item) | i.ListType(item):
            return (item,)
        case i.DictType(key, value):
            return (key, value)
        case i.StructType():
            return [field.type for field in info.fields]
        case _:
            return ()


def structs_within(roots: Iterable[type[Struct]]) -> list[type[Struct]]:
    """These structs and all that they hold, in the order of first mention."""
    found: list[type[Struct]] = []

    def visit(info: i.Type) -> None:
        if isinstance(info, i.StructType):
            if info.cls in found:
                return
            found.append(info.cls)
        for part in parts(info):
            visit(part)

    for root in roots:
        visit(msgspec.inspect.type_info(root))
    return found
