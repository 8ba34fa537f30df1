"""What the page of a month has beside: its calendar, its trend, its weekdays."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from hall_controller.domain.rules import DAYS, Band
from hall_controller.report import words
from hall_controller.report.charts import CLASSES, MEDIAN, NINE, Charts, busy
from hall_controller.report.markup import Cell, Html, Two, figure, joined, section, table, tag
from hall_controller.report.picture import LOOKS
from hall_controller.report.sections import CLASS_NAMES, seconds
from hall_controller.report.waits import CLASSES_S

Made = Mapping[str, Any]
SHADES = ("#F1F5F7", "#DCE8EE", "#BFD6E1", "#9CC0D1", "#78A8BF")
"""Of a day's visits, from few to the most of the month."""


def heat(made: Made) -> Html:
    """The month as a calendar: the darker the more visits; the stripe says what nine in ten waited at most."""
    year, month = map(int, made["period"].split("-"))
    most = max((row["total"] for row in made["days"].values()), default=0)
    heads = tag("tr", *(tag("th", Two("周" + "一二三四五六日"[place], name)) for place, name in enumerate(DAYS)))
    weeks = [
        tag("tr", *(_day(made, day, most, month) for day in week))
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    legend = joined(
        tag("span", Html(f'<i style="background:{colour}"></i>'), name)
        for colour, name in zip(CLASSES, CLASS_NAMES, strict=True)
    )
    said = Two(
        "底色越深人次越多；下方色条为九成等候的分钟数上限",
        "darker: more visits; stripe: minutes that nine in ten waited at most",
    )
    under = tag("figcaption", legend, tag("p", said))
    body = tag("table", tag("thead", heads), tag("tbody", *weeks), class_="calendar")
    return section("calendar", Two("月历", "Calendar"), tag("figure", body, under), wide=True)


def _day(made: Made, day: dt.date, most: int, month: int) -> Html:
    name = day.isoformat()
    if day.month != month:
        return tag("td", class_="other")
    visits = made["days"].get(name, {"total": 0})["total"]
    number = tag("span", str(day.day), class_="date")
    if not visits:
        return tag("td", number, class_="shut")
    waits = made["course"]["days"].get(name, {}).get("waits", {"median_s": None, "nine_in_ten_s": None})
    nine_s = waits["nine_in_ten_s"]
    stripe = CLASSES[sum(nine_s > bound_s for bound_s in CLASSES_S)] if nine_s is not None else "transparent"
    shade = SHADES[min(len(SHADES) - 1, visits * len(SHADES) // (most + 1))]
    style = f"background:{shade};border-bottom-color:{stripe}"
    return tag("td", number, tag("b", visits), tag("small", seconds(nine_s)), style=style, data_day=name)


def trend(made: Made, charts: Charts) -> Html:
    title = Two("每日走势", "Day by day")
    used = [band for band in Band if made["visits"][band]]
    legend = [(LOOKS[band][0], Two(*words.BANDS[band])) for band in used]
    legend += [(MEDIAN, Two("等候中位数", "median wait")), (NINE, Two("九成内", "nine in ten"))]
    under = Two("上：人次，按时段；下：等候分钟", "above: visits by band; below: minutes waited")
    return section("trend", title, figure(charts.trend(made["days"], made["course"]["days"], title), legend, under))


def weekdays(made: Made, charts: Charts) -> Html:
    found = made["course"]["weekdays"]
    times = list(busy(made["course"]["half_hours"]))
    most = max((value for row in found.values() for value in row["half_hours"].values()), default=0)
    rows: list[list[Cell]] = []
    for name in DAYS:
        if name in found:
            row, title = found[name], Two("周" + "一二三四五六日"[DAYS.index(name)], name)
            said = Two(f"{title.zh}平均取号", f"mean arrivals on {name}")
            rows.append([
                title, charts.profile(row["half_hours"], times, most, said), row["days"], f"{row['arrivals']:.1f}",
                f"{row['served']:.1f}", seconds(row["waits"]["median_s"]), seconds(row["waits"]["nine_in_ten_s"]),
            ])  # fmt: skip
    heads = [
        Two("星期", "weekday"), Two("平均取号，每半小时", "mean arrivals by half hour"), Two("天数", "days"),
        Two("日均取号", "arrivals"), Two("日均办理", "served"), Two("等候中位数", "median"), Two("九成内", "9 in 10"),
    ]  # fmt: skip
    return section(
        "weekdays", Two("按星期", "By weekday"), table(heads, rows, words_in=(0, 1), minor=(2, 4, 5)), wide=True
    )
