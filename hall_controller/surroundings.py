"""What the core is told of the world around it with a tick: devices, clock, disk, backup."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from hall_controller.bus.keys import Enrolled
from hall_controller.clock import HallClock
from hall_controller.domain.alert import DeviceSeen, Surroundings
from hall_controller.figures import BACKED_UP, modified_ms

LOOK_S = 5.0
"""The core ticks each second; so often it is told anew."""
MADE = Path("keys") / "server.toml"
"""Written when a hall is made or restored, and never again."""


class Lookout:
    """Of one controller. Looks again only after a while, or when it was told to `forget`."""

    def __init__(self, directory: Path, clock: HallClock, seen_s: Mapping[str, float]) -> None:
        """`seen_s`: when each device spoke last, by the monotonic clock."""
        self._directory = directory
        self._clock = clock
        self._seen_s = seen_s
        self._started_s = time.monotonic()
        self._looked_s = 0.0
        self._known: Surroundings | None = None

    def look(self, devices: Mapping[str, Enrolled]) -> Surroundings:
        now_s = time.monotonic()
        if self._known is None or now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            self._known = self._look(devices, now_s)
        return self._known

    def forget(self) -> None:
        """The hall's clock was set: what was known is told by the old one."""
        self._known = None

    def _look(self, devices: Mapping[str, Enrolled], now_s: float) -> Surroundings:
        now_ms = self._clock.now_ms()

        def at_ms(then_s: float) -> int:
            return now_ms - int((now_s - then_s) * 1000)

        seen = {name: at_ms(seen_s) for name, seen_s in self._seen_s.items()}
        disk = os.statvfs(self._directory)
        made_ms = modified_ms(self._directory / BACKED_UP) or modified_ms(self._directory / MADE)
        wall_ms = time.time_ns() // 1_000_000
        return Surroundings(
            started_ms=at_ms(self._started_s),
            devices={name: DeviceSeen(device.role, device.counter, seen.get(name)) for name, device in devices.items()},
            clock_off_ms=self._clock.off_ms(),
            disk_free_percent=100 * disk.f_bavail // max(1, disk.f_blocks - disk.f_bfree + disk.f_bavail),
            backup_age_s=max(0, wall_ms - (made_ms or wall_ms)) // 1000,
        )
