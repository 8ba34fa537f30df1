"""A barcode scanner is a very fast keyboard: what it types on a main screen must not press keys there. Pure.

Only a key with which the number of a hall can begin is held back for a moment; no other key waits.
"""

import re
from collections.abc import Iterable

import msgspec

from hall_controller.domain.hall import Hall, in_force

HOLD_S = 0.12
"""So long the first letter is held back: a scanner's next one comes within hundredths of a second."""
GO_ON_S = 0.6
"""So long at most until the next letter of a scan that has begun."""
LEAST = 8
"""Fewer letters than these are no scan."""


class Sound(msgspec.Struct, frozen=True):
    taken: bool = False
    """The key belongs to a scan, or may."""
    press: str = ""
    """A key that was held back, and is to be pressed first: a finger's after all."""
    scan: str = ""
    """What has been scanned."""


class Ear:
    """Hears every key of a screen, in order."""

    def __init__(self, hold_s: float = HOLD_S) -> None:
        self.hold_s = hold_s
        """0: it hears nothing, and holds nothing back."""
        self._text = ""

    @property
    def waits_s(self) -> float | None:
        """After so long without a key, call `silence`; None: not needed."""
        if not self._text:
            return None
        return self.hold_s if len(self._text) == 1 else max(GO_ON_S, self.hold_s)

    def hear(self, character: str | None, key: str, prefixes: Iterable[str]) -> Sound:
        if not self.hold_s:
            return Sound()
        if key == "enter" and len(self._text) >= LEAST:
            return Sound(taken=True, scan=self._end())
        letter = (character or "") if key != "enter" else ""
        if letter and _may_be(self._text + letter, prefixes):
            self._text += letter
            return Sound(taken=True)
        held = self._end()
        return Sound(press=held) if len(held) == 1 else Sound(taken=bool(held))

    def silence(self) -> Sound:
        """No key came for a while: one alone was a finger's; a scanner that sends no Enter has ended."""
        held = self._end()
        if len(held) == 1:
            return Sound(press=held)
        return Sound(taken=True, scan=held if len(held) >= LEAST else "")

    def _end(self) -> str:
        text, self._text = self._text, ""
        return text


def prefixes(hall: Hall) -> set[str]:
    """The letters with which the numbers of halls begin here: `BA` of `BA001`."""
    acceptance = in_force(hall).acceptance
    halls = {in_force(hall).hall, acceptance.district_hall, acceptance.street_hall} - {""}
    halls |= {one.from_hall for one in hall.consignments.values()}
    return {letters.group() for one in halls if (letters := re.match(r"[A-Za-z]+(?=[0-9-])", one))}


def _may_be(text: str, starts: Iterable[str]) -> bool:
    small = text.lower()
    return any(
        start.lower().startswith(small) or re.fullmatch(re.escape(start.lower()) + r"[0-9-][a-z0-9-]{0,40}", small)
        for start in starts
    )
