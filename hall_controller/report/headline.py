"""The figures that a meeting begins with, and how they compare to the period before."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from hall_controller.report import words
from hall_controller.report.besides_words import is_anything
from hall_controller.report.markup import Cell, Html, Two, joined, section, table, tag

Made = Mapping[str, Any]
DAY_LETTERS = len("2026-11-24")


class Figure(NamedTuple):
    name: str
    title: Two
    value: float | None
    kind: str
    """`count`, `mean`, `time` (in seconds), `share`."""
    more: Two | None = None

    @property
    def shown(self) -> str:
        return shown(self.value, self.kind)


def shown(value: float | None, kind: str) -> str:
    if value is None:
        return words.NOTHING
    if kind == "time":
        return words.minutes(round(value), 1)
    if kind == "share":
        return "100%" if value == 1 else f"{value:.1%}"
    return f"{value:,.1f}" if kind == "mean" else f"{value:,}"


def is_day(made: Made) -> bool:
    return len(made["period"]) == DAY_LETTERS


def is_empty(made: Made) -> bool:
    figures = made["visits"]["total"] or any(made["tickets"].values()) or made["course"]["incidents"]
    return not (figures or _is_besides(made))


def _is_besides(made: Made) -> bool:
    """Somebody was spared a visit, or a result was decided or handed out, on a day without any."""
    besides = made["besides"]
    counts = (besides["acceptances"], besides["papers"], besides["bookings"])
    return bool(besides["diversions"]["total"] or any(map(is_anything, counts)))


def left(made: Made) -> int:
    """Who had a number and was never served."""
    return sum(count for how, count in made["course"]["left"].items() if not how.startswith("booking"))


def figures(made: Made) -> list[Figure]:
    visits, waits, tickets = made["visits"]["total"], made["course"]["waits"], made["tickets"]
    booked, issued, days = (
        made["course"]["left"].get("booking_missed", 0),
        tickets["issued"],
        made["course"]["days_served"],
    )
    found = [
        Figure("visits", Two("办理人次", "visits"), visits, "count",
               Two(f"取号 {issued:,}", f"{issued:,} numbers issued")),
        Figure("extended", Two("延时服务人次", "visits in extended hours"), made["extended"], "count"),
        Figure("extended_share", Two("延时服务占比", "share of extended hours"),
               _ratio(made["extended"], visits), "share"),
        Figure("median_wait", Two("等候中位数", "median wait"), waits["median_s"], "time", Two("分:秒", "min:s")),
        Figure("nine_in_ten", Two("九成等候不超过", "nine in ten waited at most"), waits["nine_in_ten_s"], "time",
               Two("分:秒", "min:s")),
        Figure("soon", Two("15 分钟内叫到", "called within 15 minutes"),
               _ratio(waits["soon"], waits["count"]), "share"),
        Figure("no_shows", Two("过号未到", "no-shows"), tickets["no_show"], "count",
               Two(f"含预约未到 {booked:,}", f"of these bookings: {booked:,}") if booked else None),
        Figure("left", Two("取号未办离开", "left without being served"), left(made), "count",
               Two(f"占取号 {words.share(left(made), issued)}", "of the numbers issued")),
    ]  # fmt: skip
    if not is_day(made):
        more = Two(f"共 {days} 个服务日", f"{days} days of service")
        found.insert(1, Figure("daily", Two("日均人次", "visits a day"), _daily(visits, days), "mean", more))
    return found


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _daily(visits: int, days: int) -> float | None:
    return round(visits / days, 1) if days else None


def cards(made: Made) -> Html:
    made_cards = [
        tag(
            "div",
            tag("h3", one.title),
            tag("p", tag("b", one.shown, data_figure=one.name), *([tag("small", one.more)] if one.more else [])),
            class_="card",
        )
        for one in figures(made)
    ]
    return tag("div", joined(made_cards), class_="cards")


def comparison(made: Made, before: Made | None) -> Html:
    """To the last such weekday, or to the month before, as far as the journal has it."""
    then = Two("与此前比较", "Compared to before")
    if before is None:
        what = Two("日志中没有此前同一星期几的服务日", "the journal has no earlier day of this weekday")
        if not is_day(made):
            what = Two("日志中没有上一个月", "the journal does not have the month before")
        return section("before", then, tag("p", what, class_="none"))
    pairs = zip(figures(made), figures(before), strict=True)
    rows: list[list[Cell]] = [
        [now.title, now.shown, was.shown, _change(now.value, was.value, now.kind)] for now, was in pairs
    ]
    heads = [Two("指标", "figure"), period_short(made), period_short(before), Two("变化", "change")]
    return section("before", then, table(heads, rows))


def _change(now: float | None, was: float | None, kind: str) -> Cell:
    if now is None or was is None:
        return None
    more = now - was
    sign = "+" if more > 0 else "−" if more < 0 else "±"
    if kind == "share":
        return Two(f"{sign}{abs(more) * 100:.1f} 百分点", "points")
    if kind == "time":
        return f"{sign}{words.minutes(round(abs(more)), 1)}"
    part = f" ({sign}{abs(more) / was:.1%})" if was else ""
    return f"{sign}{shown(abs(more), kind)}{part}"


def period_short(made: Made) -> Two:
    if not is_day(made):
        return Two(made["period"], "")
    return Two(f"{made['period'][5:]} {words.weekday_zh(made['period'])}", words.weekday(made["period"]))


def period_long(made: Made) -> Two:
    first = dt.date.fromisoformat(made["period"] if is_day(made) else f"{made['period']}-01")
    if is_day(made):
        zh = f"{first.year} 年 {first.month} 月 {first.day} 日 {words.weekday_zh(made['period'])}"
        return Two(zh, f"{first:%A} {first.day} {first:%B %Y}")
    return Two(f"{first.year} 年 {first.month} 月", f"{first:%B %Y}")
