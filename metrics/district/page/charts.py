"""The day's curves, as options of ECharts."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from metrics.district.page.questions import CURVE_STEP_S, local

INK, LINE = "#c3cde0", "#33415f"
WAIT, WAITING, VISITS = "#fdae61", "#abd9e9", "#5aa469"


class Curves(msgspec.Struct, frozen=True, kw_only=True):
    """By question and hall: the figure of each step, in seconds since 1970."""

    waiting: Mapping[str, Mapping[int, float]] = {}
    wait: Mapping[str, Mapping[int, float]] = {}
    visits: Mapping[str, Mapping[int, float]] = {}


def chart(curves: Curves, halls: Iterable[str], *, of_one: bool) -> dict[str, Any]:
    """Waiting and visits of these halls together, and of one hall what a newcomer was told as well."""
    chosen = list(halls)
    waiting, visits = _summed(curves.waiting, chosen), _summed(curves.visits, chosen)
    wait = {at: value / 60 for at, value in _summed(curves.wait, chosen).items()} if of_one else {}
    busy = sorted(at for at in {*waiting, *visits} if waiting.get(at) or visits.get(at))
    steps = list(range(busy[0] - 3 * CURVE_STEP_S, max(*waiting, *visits) + 1, CURVE_STEP_S)) if busy else []
    series = [
        _line("等候人数 waiting", steps, waiting, WAITING, area=True),
        _line("今日办件 visits", steps, visits, VISITS, right=True),
    ]
    if of_one:
        series.append(_line("预计等候(分) wait, min", steps, wait, WAIT))
    return {
        "animation": False,
        "aria": {"enabled": True},
        "textStyle": {"color": INK, "fontFamily": "inherit"},
        "grid": {"left": 8, "right": 8, "top": 40, "bottom": 6, "containLabel": True},
        "legend": {"top": 0, "textStyle": {"color": INK, "fontSize": 13}, "icon": "roundRect"},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [f"{local(at):%H:%M}" for at in steps],
            "axisLabel": {"color": INK, "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": LINE}},
        },
        "yAxis": [_axis("left"), _axis("right")],
        "series": series,
    }


def _axis(side: str) -> dict[str, Any]:
    split = {"show": side == "left", "lineStyle": {"color": LINE}}
    return {"type": "value", "position": side, "minInterval": 1, "axisLabel": {"color": INK}, "splitLine": split}


def _line(
    name: str, steps: list[int], values: Mapping[int, float], colour: str, *, area: bool = False, right: bool = False
) -> dict[str, Any]:
    """A step without a figure is a gap in the line."""
    return {
        "name": name,
        "type": "line",
        "showSymbol": False,
        "yAxisIndex": int(right),
        "data": [round(values[at], 1) if at in values else None for at in steps],
        "lineStyle": {"width": 2, "color": colour, "type": "dashed" if right else "solid"},
        "itemStyle": {"color": colour},
        **({"areaStyle": {"color": colour, "opacity": 0.25}} if area else {}),
    }


def _summed(curves: Mapping[str, Mapping[int, float]], halls: list[str]) -> dict[int, float]:
    total: dict[int, float] = {}
    for hall in halls:
        for at, value in curves.get(hall, {}).items():
            total[at] = total.get(at, 0.0) + value
    return total
