"""A picture of an account: the visits by hour and band, as SVG or PNG."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from hall_controller.domain.rules import Band
from hall_controller.report import words

Made = Mapping[str, Any]

CHINESE = (
    "wqy-microhei", "wqy-zenhei", "notosanscjk-regular", "notosanssc-regular", "sourcehansanssc-regular",
    "droidsansfallbackfull",
)  # fmt: skip
"""Font files: the first one that is installed is used; without any, the picture is in English alone."""
LATIN = "DejaVu Sans"
"""Comes with matplotlib."""

LOOKS = {
    Band.REGULAR: ("#C3CED3", ""),
    Band.LUNCH: ("#E69F00", "//"),
    Band.EVENING: ("#0072B2", "\\\\"),
    Band.WEEKEND: ("#009E73", ".."),
    Band.HOLIDAY: ("#CC79A7", "xx"),
}
"""Colour and hatching: told apart by whoever sees no red or no green, and on paper without colour."""

SIZE_IN, DPI = (11.0, 5.6), 120
SLIM = 0.045
"""A part of a bar lower than this share of the picture has no room for its number."""

STYLE: Any = {
    "svg.hashsalt": "hall",  # else each drawing has other ids
    "svg.fonttype": "path",  # looks the same where no Chinese font is
    "hatch.linewidth": 0.6,
    "axes.unicode_minus": False,
}


def render(made: Made, kind: str) -> bytes:
    """`kind` is svg or png."""
    family = _chinese_font()
    with rc_context({**STYLE, "font.family": [family, LATIN] if family else [LATIN]}):
        figure = Figure(SIZE_IN, layout="constrained")
        FigureCanvasAgg(figure)
        _draw(figure, made, Words(chinese=family is not None))
        out = io.BytesIO()
        timeless = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(out, format=kind, dpi=DPI, metadata=timeless)
    return out.getvalue()


class Words:
    """In both languages, or in English where Chinese could not be drawn."""

    def __init__(self, *, chinese: bool) -> None:
        self._chinese = chinese

    def both(self, zh: str, en: str, between: str = "  ") -> str:
        return f"{zh}{between}{en}" if self._chinese and zh else en

    def title(self, made: Made) -> str:
        name = self.both(made["name_zh"], made["name_en"])
        return "  ".join(part for part in (made["hall"], name, made["period"]) if part)


def _draw(figure: Figure, made: Made, tell: Words) -> None:
    axes = figure.add_subplot()
    hours = _hours(made)
    bottoms = [0] * len(hours)
    parts: list[tuple[Rectangle, int, int]] = []
    tallest = max((row["total"] for row in made["hours"].values()), default=0)
    for band in Band:
        counts = [made["hours"].get(hour, {}).get(band, 0) for hour in hours]
        if not any(counts):
            continue
        colour, hatch = LOOKS[band]
        bars = axes.bar(
            range(len(hours)), counts, 0.82, bottoms,
            label=f"{tell.both(*words.BANDS[band])}  {sum(counts):,}", color=colour, hatch=hatch, edgecolor="white",
            linewidth=0.8,
        )  # fmt: skip
        _name(bars, counts, band, hours)
        parts += [(bar, count, place) for place, (bar, count) in enumerate(zip(bars, counts, strict=True))]
        bottoms = [bottom + count for bottom, count in zip(bottoms, counts, strict=True)]
    for bar, count, place in parts:
        if tallest * SLIM <= count < bottoms[place]:
            _number(axes, bar, count)
    for place, total in enumerate(bottoms):
        axes.text(place, total + tallest * 0.012, f"{total:,}", ha="center", va="bottom", fontsize=10)
    axes.set_xticks(range(len(hours)), hours)
    axes.set_ylim(0, max(1, tallest) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_axisbelow(True)
    axes.grid(axis="y", color="#E4E8EA")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xlabel(tell.both("开始办理的时刻（时）", "hour in which the service began", " · "))
    axes.set_ylabel(tell.both("办理人次", "visits", " · "))
    visits, extended = made["visits"]["total"], made["extended"]
    extended_words = tell.both("延时服务", "in extended hours")
    # A name is no formula: matplotlib would read what stands between two dollars as one.
    figure.suptitle(words.printable(tell.title(made)), fontsize=15, x=0.02, ha="left", parse_math=False)
    share = f" ({words.share(extended, visits)})" if visits else ""
    line = f"{tell.both('办理人次', 'visits')} {visits:,}   {extended_words} {extended:,}{share}"
    if made.get("rehearsal"):
        line = f"{tell.both('演练', 'REHEARSAL')}   {line}"
    axes.set_title(line, fontsize=11, loc="left", color="#3C4A50")
    if visits:
        figure.legend(
            loc="outside lower center", ncols=len(Band), frameon=False, fontsize=10, handlelength=2.4, handleheight=1.4
        )


def _name(bars: BarContainer, counts: list[int], band: Band, hours: list[str]) -> None:
    """So that whoever reads the SVG by a program finds each part."""
    for bar, count, hour in zip(bars, counts, hours, strict=True):
        bar.set_gid(f"{band}-{hour}-{count}")


def _number(axes: Axes, bar: Rectangle, count: int) -> None:
    axes.text(
        bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2, f"{count:,}",
        ha="center", va="center", fontsize=8.5, color="#1E272B",
        bbox={"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": "none", "alpha": 0.82},
    )  # fmt: skip


def _hours(made: Made) -> list[str]:
    """From the first to the last in which a visit began; those between too, so that a break is seen."""
    counted = [int(hour) for hour, row in made["hours"].items() if row["total"]]
    return [f"{hour:02}" for hour in range(min(counted, default=9), max(counted, default=17) + 1)]


def _chinese_font() -> str | None:
    """Looked for anew: matplotlib's own list may be older than the font."""
    files = {Path(file).stem.lower(): file for file in sorted(font_manager.findSystemFonts())}
    file = next((files[stem] for stem in CHINESE if stem in files), None)
    if file is None:
        return None
    font_manager.fontManager.addfont(file)
    return font_manager.get_font(file).family_name
