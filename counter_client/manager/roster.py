"""A day's roster as a manager types it: `9:00-12:00 8, 14:00-18:00 6`. Pure."""

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from counter_client.keyboard import plain
from counter_client.words import Words
from hall_controller.domain.rules import RosterSpan

SPAN = re.compile(r"(\d{1,2}):?(\d{2})\s*[-~到至\u2013]\s*(\d{1,2}):?(\d{2})\s+(\d{1,3})")


def parse_roster(typed: str, counters: int) -> tuple[RosterSpan, ...] | Words:
    """The spans in order, none for an empty line; Words that say what is wrong."""
    spans: list[RosterSpan] = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;、，；]", plain(typed)))):
        found = SPAN.fullmatch(part)
        if found is None:
            return Words(f"“{part}”请写成 9:00-12:00 8。", f'Write "{part}" as 9:00-12:00 8.')
        hour, minute, to_hour, to_minute, count = map(int, found.groups())
        if count > counters:
            return Words(
                f"大厅只有 {counters} 个窗口，写了 {count}。", f"The hall has {counters} counters, not {count}."
            )
        try:
            spans.append(RosterSpan(start=dt.time(hour, minute), end=dt.time(to_hour, to_minute), counters=count))
        except ValueError:
            return Words(
                f"“{part}”没有这个时间，或先后颠倒。", f'"{part}" is no time of day, or ends before it starts.'
            )
    spans.sort(key=lambda span: span.start)
    if any(after.start < before.end for before, after in itertools.pairwise(spans)):
        return Words("两个时段重叠了。", "Two spans overlap.")
    return tuple(spans)


def roster_text(spans: Sequence[RosterSpan]) -> str:
    return ", ".join(f"{span.start:%H:%M}-{span.end:%H:%M} {span.counters}" for span in spans)
