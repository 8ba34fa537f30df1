"""The clock that the people of all halls go by. It runs at a speed, and slower where this machine cannot keep up."""

import asyncio
import heapq
import itertools
import time
from bisect import bisect_right
from typing import NamedTuple

TICK_S = 0.01
LAG_MS, LAG_S = 60_000, 0.1
"""Nobody who acts is left further behind than this by the clock."""
NOTE_MS = 30_000


class Noted(NamedTuple):
    wall_s: float
    at_ms: int


class DayClock:
    def __init__(self, from_ms: int, speed: float) -> None:
        self.now_ms = from_ms
        self.speed = speed
        self._lag_ms = max(LAG_MS, round(LAG_S * speed * 1000))
        self._acting: dict[str, int] = {}
        """Since which moment of theirs halls have been at something."""
        self._slowly: dict[str, float] = {}
        self._excused: set[str] = set()
        """Nobody waits for these: they are down."""
        self._returning: set[str] = set()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self.noted = [Noted(time.time(), from_ms)]

    async def run(self) -> None:
        """For ever."""
        exact_ms, last_s = float(self.now_ms), time.monotonic()
        self.noted = [Noted(time.time(), self.now_ms)]
        while True:
            await asyncio.sleep(TICK_S)
            now_s = time.monotonic()
            left_behind = self._excused | self._returning
            acting = (at_ms for hall, at_ms in self._acting.items() if hall not in left_behind)
            limit_ms = min(acting, default=self.now_ms + 10**9) + self._lag_ms
            exact_ms = max(exact_ms, min(exact_ms + (now_s - last_s) * 1000 * self._speed_now, limit_ms))
            last_s = now_s
            self.now_ms = int(exact_ms)
            if self.now_ms - self.noted[-1].at_ms >= NOTE_MS:
                self.note()
            while self._waiting and self._waiting[0][0] <= self.now_ms:
                _, _, waiting = heapq.heappop(self._waiting)
                if not waiting.done():
                    waiting.set_result(None)

    @property
    def _speed_now(self) -> float:
        return min(self.speed, *self._slowly.values()) if self._slowly else self.speed

    def slow(self, hall: str, speed: float | None) -> None:
        """No faster than this while something happens there; None when it is over."""
        if speed is None:
            self._slowly.pop(hall, None)
        else:
            self._slowly[hall] = speed

    def note(self) -> None:
        self.noted.append(Noted(time.time(), self.now_ms))

    async def until(self, at_ms: int) -> None:
        if at_ms > self.now_ms:
            waiting = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (at_ms, next(self._order), waiting))
            await waiting

    async def reach(self, hall: str, at_ms: int) -> int:
        """The moment in which the people of this hall act: the one that they asked for, or now when that is long ago.

        The clock waits for them from then on, until they ask for the next.
        """
        self._acting.pop(hall, None)
        self._returning.discard(hall)
        await self.until(at_ms)
        moment_ms = at_ms if self.now_ms - at_ms <= 2 * self._lag_ms else self.now_ms
        self._acting[hall] = moment_ms
        return moment_ms

    def leave(self, hall: str) -> None:
        """Its people have gone home."""
        self._acting.pop(hall, None)

    def excuse(self, hall: str) -> None:
        """It cannot act now; the others go on."""
        self._excused.add(hall)

    def expect(self, hall: str) -> None:
        """It can again, and is waited for once it has."""
        self._excused.discard(hall)
        if hall in self._acting:
            self._returning.add(hall)

    def moment_ms(self, wall_s: float) -> int:
        """What this clock showed then."""
        place = bisect_right([one.wall_s for one in self.noted], wall_s)
        if place in {0, len(self.noted)}:
            return self.noted[min(place, len(self.noted) - 1)].at_ms
        before, after = self.noted[place - 1], self.noted[place]
        share = (wall_s - before.wall_s) / max(after.wall_s - before.wall_s, 1e-9)
        return before.at_ms + round(share * (after.at_ms - before.at_ms))
