"""A pane of text of which only the lines that have changed are drawn again: over ssh each redrawn line costs."""

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from counter_client.widgets.drawn import Drawn


class Pane(Widget):
    """Shows lines made by a pure function; takes no focus and no keys."""

    can_focus = False
    DEFAULT_CSS = "Pane { height: auto; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self.content = Content("")
        self._rows: list[Content] = []
        self._strips: dict[int, Strip] = {}
        self._drawn_for: object = None
        """Width and style that the kept strips are of."""
        self._framed: tuple[Content, Content] | None = None

    def show(self, content: Content) -> None:
        if content.is_same(self.content):
            return
        self.content = content
        self._take(self._split(content))

    def _take(self, rows: list[Content]) -> None:
        before, self._rows = self._rows, rows
        most = max(len(before), len(rows))
        changed = [y for y in range(most) if min(len(before), len(rows)) <= y or not rows[y].is_same(before[y])]
        for y in changed:
            self._strips.pop(y, None)
        width = self.size.width
        if changed and width:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _split(self, content: Content) -> list[Content]:
        """One line each; what is too wide goes on in the next."""
        rows = content.split("\n", allow_blank=True)
        width = self.size.width
        if not width or all(row.cell_length <= width for row in rows):
            return list(rows)
        return [part for row in rows for part in (row.wrap(width) if row.cell_length > width else [row])]

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._take(self._split(self.content))
        if isinstance(self.screen, Drawn):
            self.screen.draw_soon()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport, width
        return len(self._rows)

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.visual_style
        if self._drawn_for != (width, style):
            self._strips.clear()
            self._drawn_for = width, style
        strip = self._strips.get(y)
        if strip is None:
            row = self._rows[y] if y < len(self._rows) else Content("")
            strip = self._strips[y] = self._strip_of(row, width, style)
        return strip

    def _strip_of(self, row: Content, width: int, style: Style) -> Strip:
        """A line that is known to fit needs no wrapping, which is most of what drawing text costs."""
        parts = row.render(style, end="", parse_style=self._get_style)
        segments = [Segment(text, part.rich_style) for text, part in parts if text]
        return Strip(segments).adjust_cell_length(width, style.rich_style)

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
