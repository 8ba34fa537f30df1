"""Fetches the service day's events over the bus: where the day begins is found by halving, then page by page."""

from collections.abc import Callable

import msgspec

from counter_client.desk import Link
from hall_controller.bus import wire
from hall_controller.domain.events import Event


class Gone(Exception):
    """The hall answered with something else than events."""


class _Envelope(msgspec.Struct):
    seq: int
    service_day: str = ""


async def _page(link: Link, after: int, limit: int) -> wire.EventsReply:
    reply = await link.ask(wire.EventsSince(after, limit))
    if not isinstance(reply, wire.EventsReply):
        raise Gone
    return reply


def decoded(raw: msgspec.Raw) -> Event | None:
    """None for a kind of event that this version does not know: the day's curve can do without."""
    try:
        return wire.read_event(raw)
    except msgspec.ValidationError:
        return None


async def start_of(link: Link, day: str, last_seq: int) -> int:
    """The seq before the first event of this service day; some twenty questions for a journal of a million."""
    first = await _page(link, last_seq, 1)
    low, high = max(0, first.oldest_seq - 1), last_seq
    while low < high:
        middle = (low + high) // 2
        page = await _page(link, middle, 1)
        if page.events and msgspec.json.decode(page.events[0], type=_Envelope).service_day < day:
            low = middle + 1
        else:
            high = middle
    return low


PAGE = 250
"""Small pages: between two of them a key is answered."""


async def fetch(link: Link, after: int, take: Callable[[Event], None]) -> None:
    """All events after `after` up to the last one there is."""
    while True:
        page = await _page(link, after, PAGE)
        for raw in page.events:
            after = msgspec.json.decode(raw, type=_Envelope).seq
            event = decoded(raw)
            if event is not None:
                take(event)
        if len(page.events) < PAGE:
            return
