"""Frames of a hall of later years: values, fields and kinds that nobody knows yet."""

import enum
import json
from collections.abc import Iterable
from typing import Any

import msgspec

NOVEL = "novel"


def novel(value: Any, kind: Any, only: type[enum.Enum] | None = None) -> Any:
    """A JSON value of this type, with every value of an enum (of `only`) replaced and a field more in every object."""
    return _novel(value, msgspec.inspect.type_info(kind), only)


def _novel(value: Any, info: msgspec.inspect.Type, only: type[enum.Enum] | None) -> Any:
    match info:
        case msgspec.inspect.EnumType(cls):
            return NOVEL if only in (None, cls) else value
        case msgspec.inspect.UnionType(types):
            return value if value is None else _novel(value, _fitting(value, types), only)
        case msgspec.inspect.StructType(_, fields):
            known = {field.encode_name: field.type for field in fields}
            return {
                **{name: _novel(one, known[name], only) if name in known else one for name, one in value.items()},
                "of_later": {"a": [1]},
            }
        case msgspec.inspect.VarTupleType(item) | msgspec.inspect.ListType(item):
            return [_novel(one, item, only) for one in value]
        case msgspec.inspect.TupleType(items):
            return [_novel(one, item, only) for one, item in zip(value, items, strict=True)]
        case msgspec.inspect.DictType(key, item):
            return {str(_novel(name, key, only)): _novel(one, item, only) for name, one in value.items()}
        case _:
            return value


def _fitting(value: Any, types: tuple[msgspec.inspect.Type, ...]) -> msgspec.inspect.Type:
    """The part of a union that this value is of: the enum, the struct or the sequence, if there is one."""
    kinds: dict[type, tuple[type, ...]] = {
        dict: (msgspec.inspect.StructType, msgspec.inspect.DictType),
        list: (msgspec.inspect.VarTupleType, msgspec.inspect.ListType, msgspec.inspect.TupleType),
        str: (msgspec.inspect.EnumType, msgspec.inspect.StrType),
    }
    wanted = kinds.get(type(value), ())
    return next((one for kind in wanted for one in types if isinstance(one, kind)), types[0])


def novel_body(body: bytes, kind: type[msgspec.Struct], only: type[enum.Enum] | None = None) -> bytes:
    return json.dumps(novel(json.loads(body), kind, only), ensure_ascii=False, separators=(",", ":")).encode()


def enums_of(kinds: Iterable[type[msgspec.Struct]]) -> set[type[enum.Enum]]:
    """All enums that these structs hold, at any depth."""
    found: set[type[enum.Enum]] = set()
    seen: set[type] = set()

    def look(info: Any) -> None:
        if isinstance(info, msgspec.inspect.EnumType):
            found.add(info.cls)
        elif isinstance(info, msgspec.inspect.StructType) and info.cls not in seen:
            seen.add(info.cls)
            for field in info.fields:
                look(field.type)
        for name in ("types", "item_types"):
            for one in getattr(info, name, ()):
                look(one)
        for name in ("type", "item_type", "key_type", "value_type"):
            if isinstance(inner := getattr(info, name, None), msgspec.inspect.Type):
                look(inner)

    for kind in kinds:
        look(msgspec.inspect.type_info(kind))
    return found
