from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color
from textual.strip import Strip

from counter_client.widgets.look import line
from counter_client.widgets.plain_lines import PlainLines
from tests.hostile import HOSTILE, unreadable

TEXTS = st.text(st.characters(codec=None, categories=None), max_size=12) | st.text(st.sampled_from(HOSTILE + "\ud800"))


@given(st.lists(TEXTS))
def test_no_line_commands_the_terminal_and_no_column_moves(texts: list[str]) -> None:
    before = [Segment(text) for text in texts]
    drawn = PlainLines().apply(before, Color(0, 0, 0))
    said = "".join(segment.text for segment in drawn)
    assert not unreadable(said)
    assert "\n" not in said
    assert said.encode().decode() == said
    assert Strip(drawn).cell_length == Strip(before).cell_length


@given(TEXTS)
def test_a_pane_shows_what_it_does_not_obey(text: str) -> None:
    shown = line((text, "bold"), text).plain
    assert not unreadable(shown)
    assert "\n" not in shown
    assert len(shown) >= 2 * len(text)
