"""When a screen is drawn: once for all that happens in a turn of the loop, from its own queue of messages.

Textual's `call_after_refresh` would not do: it hands the call to whatever screen is on top, and if that one closes
first the call is lost. A screen's own queue ends only with the screen. What needs the layout is drawn again as soon as
the layout is there, for each `Pane` that is given another size asks its screen to draw.
"""

from textual.widget import Widget


class Drawn(Widget):
    """Mixed into a screen of panes. A closed one is not drawn: its panes may be gone, or were never there."""

    _draw_is_due = False

    def draw(self) -> None:
        """Fill the panes. Called only while they are there."""
        raise NotImplementedError

    def draw_soon(self) -> None:
        if not self._draw_is_due:
            self._draw_is_due = self.call_later(self.draw_if_due)

    def draw_if_due(self) -> None:
        if self._draw_is_due:
            self.draw_at_once()

    def draw_at_once(self) -> None:
        self._draw_is_due = False
        here: Widget = self
        if self.is_mounted and self.is_attached and any(one is here for one in self.app.screen_stack):
            self.draw()

    def on_mount(self) -> None:
        self.draw_soon()

    def on_resize(self) -> None:
        self.draw_soon()
