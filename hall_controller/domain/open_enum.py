"""Enums on the wire: closed for whoever decides, open for whoever reads what a newer hall says.

A hall refuses a command with a value that it does not know, and starts on no journal that has one. A client reads such
a value as a member of its own that is shown as it stands and goes out again unchanged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Self

_lenient: ContextVar[bool] = ContextVar("lenient", default=False)


class OpenEnum(StrEnum):
    """A StrEnum whose unknown values are read within `unknown_values`."""

    @property
    def is_known(self) -> bool:
        """False for a value that only a newer hall knows: ask before an exhaustive match in what people see."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def _missing_(cls, value: Any) -> Self | None:
        if not (_lenient.get() and isinstance(value, str)):
            return None
        member = str.__new__(cls, value)
        member._name_, member._value_ = value, value
        return member


@contextmanager
def unknown_values() -> Iterator[None]:
    """Within this block, values that no member has are read as members."""
    token = _lenient.set(True)
    try:
        yield
    finally:
        _lenient.reset(token)
