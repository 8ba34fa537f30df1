"""The hall's clock: a wall-clock anchor plus the boot-time clock's progress.

So an NTP step or a clerk's `date -s` changes nothing by itself: the clock notices, and the step is
taken over as a journalled event, by itself when small, by the manager's `accept_clock` when large.
"""

import time

SMALL_STEP_MS = 5_000
"""Up to this much the wall clock is followed without asking; NTP corrects such drifts."""
NOTICED_MS = 500


class HallClock:
    """Milliseconds since 1970, never running backwards but by an accepted step."""

    rate = 1.0

    def __init__(self, not_before_ms: int = 0) -> None:
        """Start at the wall clock; not before the journal's last event, should the battery of the box be flat."""
        self._anchor_ms = max(self._wall_ms(), not_before_ms)
        self._boot_s = self._boot()

    @staticmethod
    def _wall_ms() -> int:
        return time.time_ns() // 1_000_000

    @staticmethod
    def _boot() -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def now_ms(self) -> int:
        return self._anchor_ms + int((self._boot() - self._boot_s) * 1000)

    def off_ms(self) -> int:
        """Wall clock less hall clock."""
        return self._wall_ms() - self.now_ms()

    def small_step_ms(self) -> int:
        """A step small enough to be taken by itself; 0 when there is none."""
        off_ms = self.off_ms()
        return off_ms if NOTICED_MS <= abs(off_ms) <= SMALL_STEP_MS else 0

    def step(self, step_ms: int) -> None:
        self._anchor_ms += step_ms


class RehearsalClock(HallClock):
    """A clock that its driver owns: it stands still, or runs `rate` times as fast, and moves when it is told to."""

    rate = 0.0

    def __init__(self, at_ms: int) -> None:
        super().__init__()
        self._anchor_ms = at_ms

    def now_ms(self) -> int:
        return self._anchor_ms + int((self._boot() - self._boot_s) * 1000 * self.rate)

    def off_ms(self) -> int:
        return 0

    def move(self, to_ms: int, rate: float) -> None:
        """Forwards only: a rehearsed day does not go back."""
        self._anchor_ms = max(to_ms, self.now_ms())
        self._boot_s = self._boot()
        self.rate = rate
