"""Against fingers: a key that repeats by itself, and a press meant for a visitor who has just gone."""

from counter_client.clerk.acts import ON_VISITOR, Act, Seen
from counter_client.papers.scanner import HOLD_S
from counter_client.words import Words

REPEAT_S = 0.35
"""Keys closer together than this are one movement of the hand: a bounce, the keyboard's own repeat, a word.

Of one key they are one press; after a dialog's last key they are what was left to type into it."""
SETTLE_S = 0.8
"""A visitor must have been on the screen this long before a key does anything with them."""

JUST_CHANGED = Words("画面刚变，请看清后再按。", "The screen has just changed; look, then press again.")


class Guard:
    """Times are seconds of any steady clock."""

    def __init__(self, *, repeat_s: float = REPEAT_S, settle_s: float = SETTLE_S, scan_s: float = HOLD_S) -> None:
        """`scan_s`: so long a key is held back with which a scan may begin; 0 for a terminal without a scanner."""
        self.repeat_s, self._settle_s, self.scan_s = repeat_s, settle_s, scan_s
        self._last: tuple[str, float] | None = None
        self._shown: Seen | None = None
        self._ticket_since_s = self._state_since_s = float("-inf")

    def show(self, seen: Seen, at_s: float) -> None:
        """Tell what is on the screen from now on."""
        if self._shown is None or seen.ticket != self._shown.ticket:
            self._ticket_since_s = at_s
        if self._shown is None or seen != self._shown:
            self._state_since_s = at_s
        self._shown = seen

    def repeats(self, key: str, at_s: float) -> bool:
        """Whether this press is only the last one going on. A key held down goes on for as long as it is held."""
        last, self._last = self._last, (key, at_s)
        return last is not None and last[0] == key and at_s - last[1] < self.repeat_s

    def too_soon(self, act: Act, at_s: float, *, by_primary: bool) -> Words | None:
        since_s = self._state_since_s if by_primary else self._ticket_since_s
        if (by_primary or act in ON_VISITOR) and at_s - since_s < self._settle_s:
            return JUST_CHANGED
        return None
