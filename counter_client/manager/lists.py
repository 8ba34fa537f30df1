"""A pane that is a list: a click marks a row, the wheel moves the mark. All of it works by keys too."""

from textual import events
from textual.message import Message

from counter_client.manager.acts import View
from counter_client.widgets.pane import Pane


class ListPane(Pane):
    class Clicked(Message):
        """A row was clicked: counted from the first shown one."""

        def __init__(self, view: View, row: int) -> None:
            super().__init__()
            self.view, self.row = view, row

    class Wheeled(Message):
        def __init__(self, view: View, by: int) -> None:
            super().__init__()
            self.view, self.by = view, by

    def __init__(self, view: View) -> None:
        super().__init__(id=view.value)
        self.view = view
        self.above = 0
        """Lines above the first row: headings."""

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is not None:
            self.post_message(self.Clicked(self.view, at.y - self.above))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Wheeled(self.view, 3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Wheeled(self.view, -3))
