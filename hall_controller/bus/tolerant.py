"""Decoding what a newer hall may have written: values that no enum has are kept, fields that no struct has are dropped.

Settings refuse a misspelt field, and the structs that hold them are in events and snapshots too: those are read by a
second try, without the fields that they do not have.
"""

from typing import Any

import msgspec
from msgspec import inspect

from hall_controller.domain.open_enum import unknown_values


class TolerantDecoder:
    def __init__(self, kind: Any) -> None:
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)
        self._kind = kind
        self._info: inspect.Type | None = None

    def decode(self, body: bytes | msgspec.Raw) -> Any:
        """Raises msgspec.DecodeError."""
        with unknown_values():
            try:
                return self._decoder.decode(body)
            except msgspec.ValidationError as error:
                if "unknown field" not in str(error):
                    raise
            self._info = self._info or inspect.type_info(self._kind)
            return self._decoder.decode(msgspec.json.encode(_known(msgspec.json.decode(body), self._info)))


def _known(value: Any, info: inspect.Type) -> Any:
    """The value without the fields that its structs do not have."""
    match info:
        case inspect.UnionType(types):
            return _known(value, _member(value, types))
        case inspect.Metadata(inner):
            return _known(value, inner)
        case inspect.StructType(_, fields, tag_field=tag) if isinstance(value, dict):
            kinds = {field.encode_name: field.type for field in fields}
            kinds |= {tag: inspect.AnyType()} if tag is not None else {}
            return {name: _known(one, kinds[name]) for name, one in value.items() if name in kinds}
        case inspect.DictType(_, item) if isinstance(value, dict):
            return {name: _known(one, item) for name, one in value.items()}
        case inspect.VarTupleType(item) | inspect.ListType(item) if isinstance(value, list):
            return [_known(one, item) for one in value]
        case inspect.TupleType(items) if isinstance(value, list):
            return [_known(one, item) for one, item in zip(value, items, strict=False)]
        case _:
            return value


def _member(value: Any, types: tuple[inspect.Type, ...]) -> inspect.Type:
    """The type of a union that this value is to be read as."""
    structs = [one for one in types if isinstance(one, inspect.StructType)]
    if isinstance(value, dict) and structs:
        return next((one for one in structs if one.tag == value.get(one.tag_field or "")), structs[0])
    lists = (inspect.VarTupleType, inspect.ListType, inspect.TupleType)
    return next((one for one in types if isinstance(value, list) and isinstance(one, lists)), inspect.AnyType())
