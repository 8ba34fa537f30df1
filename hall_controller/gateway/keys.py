"""Idempotency-Key: the same request twice is done once, and nobody is given another's answer."""

import hashlib

from hall_controller.gateway.limiting import Caller
from hall_controller.gateway.problems import Own, Problem
from hall_controller.recent import Recent

KEPT = 20_000


class Repeats:
    """What each key was used for, as far as this process remembers. What was done, the hall itself remembers."""

    def __init__(self) -> None:
        self._bodies: Recent[str] = Recent(KEPT)

    def is_repeat(self, key: str | None, caller: Caller, what: str) -> bool:
        """Whether this very request was asked before. Raises Problem for a key that was used for another one."""
        if key is None:
            return False
        name, digest = f"{caller.app or ''}/{key}", _digest(what)
        known = self._bodies.get(name)
        if known is not None and known != digest:
            message = "This Idempotency-Key was used for another request; give each request a key of its own."
            raise Problem(Own.KEY_REUSED, message, "Idempotency-Key")
        self._bodies.put(name, digest)
        return known is not None


def request_id(key: str | None, caller: Caller, what: str) -> str | None:
    """The bus's request id for a key: of this app and this very request, so that no other can fetch its answer."""
    return _digest(f"{caller.app or ''}/{key}/{what}") if key is not None else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
