"""A pane of text that is drawn only when it has changed: over ssh each redrawn line costs."""

from textual.content import Content
from textual.widgets import Static


class Pane(Static):
    """Shows lines made by a pure function; takes no focus and no keys."""

    can_focus = False

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._shown: Content | None = None
        self._framed: tuple[Content, Content] | None = None

    def show(self, content: Content) -> None:
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            self.update(content)

    def frame(self, above: Content, below: Content) -> None:
        """Words in the upper and the lower border, where they take no line."""
        framed = (above, below)
        if self._framed is None or not all(new.is_same(old) for new, old in zip(framed, self._framed, strict=True)):
            self._framed = framed
            self.border_title, self.border_subtitle = above, below

    @property
    def room(self) -> tuple[int, int]:
        """Columns and rows inside border and padding."""
        return self.content_size.width, self.content_size.height
