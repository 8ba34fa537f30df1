"""How late the voice is: from a call to its announcement, for whoever watches over the hall."""

WINDOW_MS = 60_000


class Lateness:
    """The announcements of the last minute; times by the hall's clock."""

    def __init__(self) -> None:
        self._delays: list[tuple[int, int]] = []

    def add(self, call_ms: int, now_ms: int) -> None:
        self._delays.append((now_ms, max(0, now_ms - call_ms)))

    def worst_ms(self, now_ms: int) -> int | None:
        """None when nothing was said within the last minute."""
        self._delays = [(at_ms, delay_ms) for at_ms, delay_ms in self._delays if 0 <= now_ms - at_ms < WINDOW_MS]
        return max((delay_ms for _, delay_ms in self._delays), default=None)
