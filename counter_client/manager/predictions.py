"""The predictions of all who wait, computed as often as can be afforded: a key never waits for them."""

from counter_client.terminal import Steady
from hall_controller.domain.hall import Hall
from hall_controller.domain.prediction import Estimate, predict

FRESH_S = 2.0
SHARE = 0.05
"""At most so much of the console's time goes into predicting."""


class Predictions:
    def __init__(self, steady: Steady) -> None:
        self._steady = steady
        self._known: dict[int, Estimate] = {}
        self._due_s = float("-inf")
        self._epoch = ""

    def of(self, hall: Hall, at_ms: int) -> dict[int, Estimate]:
        now_s = self._steady()
        if now_s >= self._due_s or self._epoch != hall.epoch:
            self._known, self._epoch = predict(hall, at_ms), hall.epoch
            took_s = self._steady() - now_s
            self._due_s = now_s + max(FRESH_S, took_s / SHARE)
        return self._known
