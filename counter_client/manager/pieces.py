"""The console is drawn piece by piece, so that a key waits for one piece; each knows of which hall it was drawn."""

from typing import TYPE_CHECKING

from counter_client.desk import Picture
from counter_client.manager import drawing
from counter_client.manager.acts import View
from hall_controller.domain.hall import Hall

if TYPE_CHECKING:
    from counter_client.manager.screen import ManagerScreen

PIECE_S = 0.01
ACTED_ON = (View.COUNTERS, View.QUEUE)
"""Lists whose rows are acted on wherever they are shown."""


class Pieces:
    def __init__(self, screen: "ManagerScreen") -> None:
        self._screen = screen
        self._drawn: dict[drawing.Piece, Picture] = {}
        self._stale: list[drawing.Piece] = []
        self._pumping = False
        self.afresh = True
        """All at once, the next time: all is new, a size or a view."""

    @property
    def at_rest(self) -> bool:
        return not self._pumping and not self._stale

    @property
    def picture(self) -> Picture:
        """Of the oldest of the lists on which a key may act."""
        return min((self._drawn.get(view, Picture()) for view in self._acted_on()), key=lambda one: one.seq)

    def _acted_on(self) -> list[View]:
        return [view for view in View if (view in ACTED_ON or view is self._screen.view) and self._screen.shows(view)]

    def draw(self, hall: Hall, *pieces: drawing.Piece) -> None:
        for piece in pieces:
            drawing.draw(self._screen, hall, piece)
            self._drawn[piece] = Picture(hall.epoch, hall.seq)

    def draw_acted_on(self, hall: Hall) -> None:
        self.draw(hall, *self._acted_on(), "keys")

    def draw_soon(self, hall: Hall) -> None:
        seen = drawing.pieces(self._screen)
        if self.afresh:
            self.afresh = False
            self.draw(hall, *seen)
            self._stale = []
        # Whoever waits keeps its place: with events coming all the time the last piece would never be drawn.
        self._stale = [piece for piece in self._stale if piece in seen]
        self._stale += [piece for piece in seen if piece not in self._stale]
        if not self._pumping:
            self._pumping = True
            self._pump()

    def _pump(self) -> None:
        hall = self._screen.link.hall
        if not self._stale or hall is None or hall.rules is None or not self._screen.is_attached:
            self._pumping = False
            return
        self.draw(hall, self._stale.pop(0))
        self._screen.set_timer(PIECE_S, self._pump)
