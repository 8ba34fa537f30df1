"""Whom a counter's screen asks for a rating: the visitor whose service has just finished there, until the next call."""

from typing import NamedTuple

from display_board.pages.live import Live
from display_board.pages.visit_view import rating_of
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall

OFFER_MS = 60_000
"""Then the visitor has gone."""
THANKS_MS = 5_000


class Offer(NamedTuple):
    ticket: int
    number: str
    until_ms: int
    """By the stage's clock, as all here."""
    thanks: bool = False
    """It was rated: say so for a moment."""


class Offers:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._offers: dict[int, Offer] = {}
        live.client.on_event(self._hear)
        live.on_past(self._learn)

    def _learn(self, events: list[e.Event]) -> None:
        for event in events:
            self._hear(event)

    def _hear(self, event: e.Event) -> None:
        late_ms = (self._live.client.now_ms() - event.at_ms) / max(1.0, self._live.client.rate)
        self.hear(event, self._live.stage_ms() - max(0, int(late_ms)))

    def hear(self, event: e.Event, now_ms: int) -> None:
        match event:
            case e.ServiceFinished(counter_state=None):
                return  # ended while held: nobody is at the counter
            case e.ServiceFinished():
                self._offers[event.counter] = Offer(event.ticket, event.number, now_ms + OFFER_MS)
            case e.TicketCalled() | e.ServiceStarted() | e.ServiceResumed():
                self._offers.pop(event.counter, None)
            case e.TicketRated():
                for counter, offer in self._offers.items():
                    if offer.ticket == event.ticket:
                        self._offers[counter] = offer._replace(until_ms=now_ms + THANKS_MS, thanks=True)

    def shown(self, counter: int, hall: Hall, now_ms: int) -> Offer | None:
        offer = self._offers.get(counter)
        if offer is None or now_ms >= offer.until_ms:
            return None
        # An undo at the counter takes the finish back.
        return offer if rating_of(hall.ended.get(offer.ticket)) == ("done" if offer.thanks else "open") else None

    def is_last(self, counter: int, ticket: int) -> bool:
        """Whoever has begun to rate may end it, though nobody new is asked any more."""
        offer = self._offers.get(counter)
        return offer is not None and offer.ticket == ticket
