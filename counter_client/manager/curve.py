"""The day's curve: arrivals, served and the most who waited at once, by half hours, drawn by plotext."""

from collections.abc import Sequence

import msgspec
from textual.content import Content
from textual_plotext import PlotextPlot
from textual_plotext.plot import Plot

from counter_client.manager.day import HALF_HOURS, Curve
from counter_client.terminal import TerminalScreen
from counter_client.widgets.look import cut, line
from counter_client.words import Tongue, Words
from hall_controller.domain.hours import local, openings
from hall_controller.domain.rules import Rules

LOOKS = (
    (Words("到", "arrived"), "o", (95, 175, 255), "#5fafff"),
    (Words("办结", "served"), "x", (95, 215, 135), "#5fd787"),
    (Words("同时等候最多", "most waiting"), "⣿", (255, 215, 95), "#ffd75f"),
)
"""Name, marker, colour of plotext, the same colour of ours: told apart by the marker without colours too."""


class Drawn(msgspec.Struct, frozen=True):
    """What is drawn, so that it is drawn anew only when it has changed."""

    first: int
    arrived: tuple[int, ...]
    served: tuple[int, ...]
    waiting: tuple[int, ...]


def drawn(curve: Curve, rules: Rules, at_ms: int) -> Drawn:
    """From the first opening of the day, or the first visitor, to now; at least to the last closing."""
    at = local(rules, at_ms)
    now = at.hour * 2 + at.minute // 30
    today = openings(rules, at.date())
    starts = [local(rules, one.start_ms) for one in today]
    busy = [half for half in range(HALF_HOURS) if curve.arrived[half] or curve.served[half] or curve.waiting[half]]
    firsts = [one.hour * 2 + one.minute // 30 for one in starts[:1]] + busy[:1]
    first = min((*firsts, now))
    upto = slice(first, now + 1)
    whole = slice(first, max(now, first + 1))  # of a half hour that has just begun, arrivals would seem to collapse
    return Drawn(
        first,
        tuple(curve.arrived[whole]),
        tuple(curve.served[whole]),
        tuple(waiting or 0 for waiting in curve.waiting[upto]),
    )


def axis(first: int, count: int, columns: int) -> tuple[list[float], list[str]]:
    """Whole hours along the foot, as many as have room."""
    room = max(1, (columns - 8) // 6)
    step = next((step for step in (2, 4, 8, 16) if count // step <= room), 16)
    halves = [half for half in range(first, first + count) if half % step == 0] or [first]
    return [float(half) for half in halves], [
        f"{half // 2:02d}:00" if half % 2 == 0 else f"{half // 2:02d}:30" for half in halves
    ]


class CurvePlot(PlotextPlot):
    """Three lines with a marker each, so that they are told apart without colours too."""

    can_focus = False

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._drawn: tuple[Drawn, int] | None = None

    def show(self, what: Drawn) -> None:
        if self._drawn == (what, self.size.width) or self.size.width < 20 or self.size.height < 5:
            return
        self._drawn = what, self.size.width
        plt = self.plt
        plt.clear_data()
        plt.clear_figure()
        halves = list(range(what.first, what.first + len(what.waiting)))
        _lines(plt, halves, what)
        ticks, labels = axis(what.first, len(halves), self.size.width)
        plt.xticks(ticks, labels)
        most = max((*what.arrived, *what.served, *what.waiting, 4))
        plt.ylim(0, most)
        plt.xlim(what.first, max(halves[-1], what.first + 1))
        plt.yticks(*count_axis(most, self.size.height))
        self.refresh()

    def on_resize(self) -> None:
        screen = self.screen
        if isinstance(screen, TerminalScreen):
            screen.draw_soon()


def _lines(plt: Plot, halves: Sequence[int], what: Drawn) -> None:
    for values, (_, marker, colour, _) in zip((what.arrived, what.served, what.waiting), LOOKS, strict=True):
        plt.plot(list(halves[: len(values)]), list(values), color=colour, marker="braille" if marker == "⣿" else marker)


def count_axis(most: int, rows: int) -> tuple[list[float], list[str]]:
    """Whole numbers up the side, at most one for each other row."""
    room = max(1, rows // 3)
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if most / step <= room), 1000)
    ticks = range(0, most + 1, step)
    return [float(tick) for tick in ticks], [str(tick) for tick in ticks]


def legend(tongue: Tongue, columns: int) -> Content:
    told = [line((marker, f"bold {colour}"), " ", words.first(tongue)) for words, marker, _, colour in LOOKS]
    return cut(line("  ", Content("   ").join(told)), columns)
