"""How the terminals look: one palette, and lines of styled text. Every colour has its word beside it."""

from rich.cells import get_character_cell_size
from textual.content import Content
from textual.theme import Theme

from counter_client.words import Tongue, Words
from hall_controller.domain.counter import CounterState
from hall_controller.domain.plain_text import escaped
from hall_controller.domain.ticket import VisitorClass

THEME = Theme(
    name="hall",
    dark=True,
    primary="#5fafff",
    secondary="#8fa8bf",
    accent="#ffd75f",
    foreground="#e8edf2",
    background="#10161d",
    surface="#161e27",
    panel="#24303c",
    success="#5fd787",
    warning="#ffd75f",
    error="#ff6b6b",
)

STATE_COLOURS = {
    CounterState.CLOSED: "#8c99a6",
    CounterState.READY: "#5fd787",
    CounterState.CALLING: "#ffd75f",
    CounterState.SERVING: "#5fafff",
    CounterState.WRAPPING_UP: "#5fd7d7",
    CounterState.PAUSED: "#d7a6ff",
}

CLASS_COLOURS = {
    VisitorClass.PRIORITY: "#ffaf5f",
    VisitorClass.APPOINTMENT: "#5fd7d7",
    VisitorClass.ORDINARY: "#c3ccd5",
}

SOFT = "#9fb0c0"
"""For the second language: readable, yet behind the first."""
FAINT = "#718394"
"""For a key that does nothing now."""
Span = str | Content | tuple[str, str]


def line(*spans: Span) -> Content:
    """One line; a control character in a name or comment is shown, and not obeyed."""
    return Content.assemble(*(_shown(span) for span in spans))


def _shown(span: Span) -> Span:
    match span:
        case str():
            return escaped(span)
        case (text, style):
            return escaped(text), style
        case _:
            return span


def lines(rows: list[Content]) -> Content:
    return Content("\n").join(rows)


def pair(words: Words, tongue: Tongue, style: str = "") -> Content:
    """Both languages, the first one in front."""
    first, second = words.first(tongue), words.second(tongue)
    if first == second:
        return line((first, style))
    return line((first, style), " ", (second, SOFT))


def pair_in(words: Words, tongue: Tongue, columns: int, style: str = "") -> Content:
    """Both languages where they fit, otherwise the first alone."""
    both = pair(words, tongue, style)
    return both if both.cell_length <= columns else cut(line((words.first(tongue), style)), columns)


def badge(text: str, colour: str) -> Content:
    """A word on coloured ground, by reversing: so it stands out without colours too."""
    return line((f" {text} ", f"bold reverse {colour}"))


def cut(content: Content, columns: int) -> Content:
    """At most so many columns, with a mark where something was left out."""
    return content.truncate(columns, ellipsis=True) if content.cell_length > columns else content


def spread(left: Content, right: Content, columns: int) -> Content:
    """Left and right on one line; the left gives way."""
    room = columns - right.cell_length - 1
    left = cut(left, max(0, room))
    return line(left, " " * (columns - left.cell_length - right.cell_length), right)


def fill(content: Content, columns: int) -> Content:
    """Padded to exactly so many columns."""
    content = cut(content, columns)
    return line(content, " " * (columns - content.cell_length))


CLOSES = "，。；：、）”！？》】,.;:)!?%"
"""What never begins a line."""


def wrapped(content: Content, columns: int, indent: int = 0) -> list[Content]:
    """As many lines as it takes, those after the first indented: broken at spaces and between Chinese characters."""
    rows: list[Content] = []
    rest = content
    while True:
        ahead = Content(" " * indent) if rows else Content("")
        room = max(2, columns - ahead.cell_length)
        if rest.cell_length <= room:
            return [*rows, line(ahead, rest)]
        at = _break(rest.plain, room)
        rows.append(line(ahead, rest[:at].rstrip()))
        rest = rest[at + len(rest.plain[at:]) - len(rest.plain[at:].lstrip(" ")) :]


def _break(text: str, room: int) -> int:
    """Before which character the line ends; a word that is wider than the line is broken anywhere."""
    used, fits = 0, 0
    for place, letter in enumerate(text):
        used += get_character_cell_size(letter)
        if used > room:
            fits = place
            break
    for at in range(fits, 0, -1):
        wide = get_character_cell_size(text[at]) == 2 or get_character_cell_size(text[at - 1]) == 2
        if text[at] == " " or text[at - 1] == " " or (wide and text[at] not in CLOSES):
            return at
    return max(1, fits)
