"""Keys that follow each other faster than a person presses them one by one: a scan, a word, a laggy line's backlog.

Once one of them could not be taken, the rest is not taken either, whichever screen is on top by then: the second half
of a number must not pick what the whole of it would not.
"""

import time
from collections.abc import Callable

from textual import events
from textual.app import App


class Burst:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until_s, self._gap_s = float("-inf"), 0.0

    def drop(self, gap_s: float) -> None:
        """A key was not taken: nor is what follows it by less than `gap_s` seconds."""
        self._gap_s = gap_s
        self._until_s = self._clock() + gap_s

    def end(self) -> None:
        self._until_s = float("-inf")

    def goes_on(self) -> bool:
        """Whether a key that comes now belongs to a burst that is not taken; if so, it prolongs it."""
        if self._clock() >= self._until_s:
            return False
        self.drop(self._gap_s)
        return True


def is_typed(event: events.Key) -> bool:
    """Whether it may be of a scan or a word. Arrows, Escape and the like never are."""
    return event.is_printable or event.key in ("enter", "tab")


class BurstApp(App[None]):
    """Drops the rest of a burst before any screen hears of it. Escape is a person's own key and ends it."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.burst = Burst()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.key == "escape":
                self.burst.end()
            elif is_typed(event) and self.burst.goes_on():
                return
        await super().on_event(event)
