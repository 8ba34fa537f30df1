"""The charts of the page: drawn by matplotlib, cleaned to SVG that stands in a page beside others.

No word is drawn, only numbers and times: legends and titles are the page's own text, in the reader's fonts. So no
chart needs a Chinese font, and nothing of the journal gets into one.
"""

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hall_controller.domain.rules import Band
from hall_controller.report.markup import Html, Two
from hall_controller.report.picture import LOOKS

Made = Mapping[str, Any]

WIDTH_IN = 5.0
"""As wide as half a page: on a phone its numbers are still read."""
ARRIVALS, SERVED, WAITING, OPEN = "#B4C3CB", "#0072B2", "#D55E00", "#4A5A62"
CLASSES = ("#CFE3EC", "#8DBBD0", "#F0B84B", "#D9702B", "#8E1F1F")
"""Of waits, the shortest first: ever darker, also on paper without colour."""
MEDIAN, NINE = "#1E272B", "#D55E00"
HARDLY = 0.005
"""Of all who came."""
STYLE: Any = {
    "svg.hashsalt": "hall",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.5,
}


class Charts:
    """Draws for one page: the ids of each chart are its own."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def curve(self, half_hours: Made, days: int, said: Two) -> Html:
        """Arrivals and services as bars, who waited as a line; below it the open counters. Means of several days."""
        with rc_context(STYLE):
            figure = Figure((WIDTH_IN, 3.9), layout="constrained")
            upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
            slots, places = list(half_hours.values()), range(len(half_hours))
            upper.bar([place - 0.2 for place in places], _means(slots, "arrivals", days), 0.4, color=ARRIVALS)
            upper.bar([place + 0.2 for place in places], _means(slots, "served", days), 0.4, color=SERVED)
            upper.plot(places, [slot["waiting_mean"] for slot in slots], color=WAITING, linewidth=1.8)
            if days == 1:
                most = [slot["waiting_most"] for slot in slots]
                upper.plot(places, most, color=WAITING, linewidth=0.9, linestyle=":")
            lower.bar(places, [slot["open_mean"] for slot in slots], 0.94, color=OPEN)
            _times(lower, list(half_hours))
            for axes in (upper, lower):
                _plain(axes)
            return self._svg(figure, said)

    def waits(self, half_hours: Made, said: Two) -> Html:
        """Calls of each half hour by how long the visitor had waited, a stack for each."""
        with rc_context(STYLE):
            figure = Figure((WIDTH_IN, 2.5), layout="constrained")
            axes = figure.subplots()
            bottoms = [0] * len(half_hours)
            for place, colour in enumerate(CLASSES):
                counts = [slot["waits"]["classes"][place] for slot in half_hours.values()]
                axes.bar(range(len(counts)), counts, 0.84, bottoms, color=colour, edgecolor="white", linewidth=0.4)
                bottoms = [bottom + one for bottom, one in zip(bottoms, counts, strict=True)]
            _times(axes, list(half_hours))
            _plain(axes)
            return self._svg(figure, said)

    def told(self, off: Sequence[Sequence[int]], said: Two) -> Html:
        """How many visitors waited so many minutes longer than they were told."""
        with rc_context(STYLE):
            figure = Figure((WIDTH_IN, 2.0), layout="constrained")
            axes = figure.subplots()
            colours = [SERVED if abs(minutes) <= 5 else ARRIVALS for minutes, _ in off]
            axes.bar(range(len(off)), [visitors for _, visitors in off], 0.86, color=colours)
            marks = [place for place, (minutes, _) in enumerate(off) if minutes % 10 == 0]
            names = [f"{off[place][0]:+}" if off[place][0] else "0" for place in marks]
            names[0], names[-1] = f"≤{names[0]}", f"≥{names[-1]}"
            axes.set_xticks(marks, names)
            _plain(axes)
            return self._svg(figure, said)

    def trend(self, days: Made, waits: Made, said: Two) -> Html:
        """Visits of each day by band; below them the middle wait and the one that nine in ten kept, in minutes."""
        with rc_context(STYLE):
            figure = Figure((WIDTH_IN, 4.0), layout="constrained")
            upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
            places, bottoms = range(len(days)), [0] * len(days)
            for band in Band:
                counts = [row[band] for row in days.values()]
                if any(counts):
                    colour, hatch = LOOKS[band]
                    upper.bar(
                        places, counts, 0.84, bottoms, color=colour, hatch=hatch, edgecolor="white", linewidth=0.4
                    )
                    bottoms = [bottom + one for bottom, one in zip(bottoms, counts, strict=True)]
            for key, colour, line in (("median_s", MEDIAN, "-"), ("nine_in_ten_s", NINE, "--")):
                minutes = [_minutes(waits.get(day, {}).get("waits", {}).get(key)) for day in days]
                lower.plot(places, minutes, color=colour, linestyle=line, marker="o", markersize=2.5, linewidth=1.4)
            lower.set_ylim(bottom=0)
            lower.set_xticks(places, [str(int(day[-2:])) for day in days], fontsize=7)
            for axes in (upper, lower):
                _plain(axes)
            return self._svg(figure, said)

    def profile(self, half_hours: Mapping[str, float], times: Sequence[str], most: float, said: Two) -> Html:
        """The mean arrivals of one weekday; all weekdays have the same scales."""
        with rc_context(STYLE):
            figure = Figure((2.6, 0.55), layout="constrained")
            axes = figure.subplots()
            axes.bar(range(len(times)), [half_hours.get(at, 0) for at in times], 0.84, color=SERVED)
            axes.set_ylim(0, most * 1.05 or 1)
            axes.set_yticks([])
            marks = [place for place, at in enumerate(times) if at in ("09:00", "12:00", "15:00", "18:00", "21:00")]
            axes.set_xticks(marks, [str(int(times[place][:2])) for place in marks], fontsize=7)
            axes.set_xlim(-0.6, len(times) - 0.4)
            axes.tick_params(length=0, pad=1)
            axes.spines[["top", "right", "left"]].set_visible(False)
            return self._svg(figure, said)

    def _svg(self, figure: Figure, said: Two) -> Html:
        FigureCanvasSVG(figure)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
        return _cleaned(out.getvalue().decode(), f"chart{next(self._numbers)}-", said)


def busy(half_hours: Made) -> dict[str, Any]:
    """Without the first and last in which hardly anybody came: one late evening would squeeze a whole month."""
    moved = [slot["arrivals"] + slot["served"] for slot in half_hours.values()]
    places = [place for place, one in enumerate(moved) if one > sum(moved) * HARDLY]
    kept = range(min(places, default=0), max(places, default=len(moved) - 1) + 1)
    return {at: slot for place, (at, slot) in enumerate(half_hours.items()) if place in kept}


def _cleaned(drawn: str, prefix: str, said: Two) -> Html:
    """Without what a file of its own needs; its size is the page's matter."""
    svg = drawn[drawn.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}", svg)
    # Text has the page's font; the one that it was measured with need not be there.
    svg = re.sub(r"font: ?(?:[\w.%]+ )*?([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box is not None
    label = escape(f"{said.zh} {said.en}")
    return Html(f'<svg {box[0]} class="chart" role="img" aria-label="{label}">{svg[svg.index(">") + 1 :]}')


def _plain(axes: Axes) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_axisbelow(True)
    axes.grid(axis="y", color="#E1E6E9", linewidth=0.7)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)


def _times(axes: Axes, times: Sequence[str]) -> None:
    """Every hour, where there is room for it."""
    hours = [place for place, at in enumerate(times) if at.endswith(":00")]
    step = 1 if len(hours) <= 14 else 2
    axes.set_xticks(hours[::step], [str(int(times[place][:2])) for place in hours[::step]])
    axes.set_xlim(-0.7, len(times) - 0.3)


def _means(slots: Sequence[Made], what: str, days: int) -> list[float]:
    return [slot[what] / max(1, days) for slot in slots]


def _minutes(seconds: int | None) -> float:
    return float("nan") if seconds is None else seconds / 60
