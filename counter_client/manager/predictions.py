"""What is computed beside the screen, from a copy of the hall: the predictions of all who wait, and the advice.

Both walk through the whole queue. A key never waits for them: they run in a thread, and what stands on the screen is a
second or two old.
"""

import asyncio

import msgspec

from counter_client.terminal import Steady
from hall_controller.domain.hall import Hall
from hall_controller.domain.prediction import Estimate, predict, predict_newcomer
from hall_controller.domain.staffing import Advice, advise
from hall_controller.domain.ticket import VisitorClass

FRESH_S = 1.0
ADVICE_FRESH_S = 30.0
SHARE = 0.1
"""At most so much of the time goes into computing."""
NEWCOMERS = (VisitorClass.PRIORITY, VisitorClass.ORDINARY)
"""Nobody becomes a booked visitor by taking a ticket."""


class Known(msgspec.Struct, frozen=True):
    tickets: dict[int, Estimate] = {}
    """By waiting ticket."""
    newcomers: dict[VisitorClass, Estimate] = {}
    """What one would be told who takes a ticket now."""


def copied(hall: Hall) -> bytes:
    return msgspec.msgpack.encode(hall)


def predicted(copy: bytes, at_ms: int) -> Known:
    hall = msgspec.msgpack.decode(copy, type=Hall)
    return Known(predict(hall, at_ms), {one: predict_newcomer(hall, one, at_ms) for one in NEWCOMERS})


def advised(copy: bytes, at_ms: int) -> Advice:
    return advise(msgspec.msgpack.decode(copy, type=Hall), at_ms)


class Predictions:
    def __init__(self, steady: Steady) -> None:
        self._steady = steady
        self.known = Known()
        self.advice: Advice | None = None
        self.busy = False
        self._due_s = self._advice_due_s = float("-inf")

    @property
    def due(self) -> bool:
        return not self.busy and self._steady() >= self._due_s

    async def refresh(self, hall: Hall, at_ms: int) -> None:
        """Compute afresh what is due; returns when it is known."""
        self.busy = True
        try:
            began_s, copy = self._steady(), copied(hall)
            self.known = await asyncio.to_thread(predicted, copy, at_ms)
            self._due_s = self._steady() + max(FRESH_S, (self._steady() - began_s) / SHARE)
            if began_s >= self._advice_due_s:
                began_s = self._steady()
                self.advice = await asyncio.to_thread(advised, copy, at_ms)
                self._advice_due_s = self._steady() + max(ADVICE_FRESH_S, (self._steady() - began_s) / SHARE)
        finally:
            self.busy = False
