"""The tables and charts of the page that a day and a month have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Band
from hall_controller.report import words
from hall_controller.report.account import AMOUNTS
from hall_controller.report.charts import ARRIVALS, CLASSES, OPEN, SERVED, WAITING, Charts, busy
from hall_controller.report.headline import is_day
from hall_controller.report.markup import Cell, Html, Two, figure, note, section, table, tag

Made = Mapping[str, Any]
Row = Mapping[str, int]

TOP = 10
INCIDENTS = 60
"""So many at most are listed."""
MACHINES = ("printing", "device", "clock", "alert")
CLASS_NAMES = ("≤ 5", "5–15", "15–30", "30–60", "> 60")
TOTAL = Two("合计", "total")
AMOUNT_HEADS = (
    Two("人次", "visits"), Two("占比", "share"), Two("平均等候", "mean wait"), Two("办结", "finished"),
    Two("平均办理", "mean service"),
)  # fmt: skip
LEFT = {
    "no_show": Two("叫号未到", "did not come when called"),
    "visitor": Two("本人取消", "gave up"),
    "staff": Two("工作人员取消", "cancelled by staff"),
    "hall_closed": Two("紧急关闭", "the hall closed"),
    "swept": Two("号票无人持有", "nobody held the number"),
    "booking_missed": Two("预约未到", "did not come for a booking"),
    "booking_cancelled": Two("预约取消", "booking cancelled"),
}


def seconds(value: int | None) -> str:
    return words.NOTHING if value is None else words.minutes(value, 1)


def amounts(row: Row, visits: int) -> list[Cell]:
    """The cells of AMOUNT_HEADS."""
    return [
        row["visits"],
        words.share(row["visits"], visits),
        words.minutes(row["wait_s"], row["waits"]),
        row["finished"],
        words.minutes(row["service_s"], row["finished"]),
    ]


def summed(rows: Sequence[Row]) -> dict[str, int]:
    return {what: sum(row[what] for row in rows) for what in AMOUNTS}


def bands(made: Made) -> Html:
    by, total, course = made["by"]["band"], made["visits"]["total"], made["course"]
    none = {"median_s": None, "nine_in_ten_s": None}

    def cells(row: Row, waits: Made) -> list[Cell]:
        visits, share, wait, finished, service = amounts(row, total)
        return [visits, share, wait, seconds(waits["median_s"]), seconds(waits["nine_in_ten_s"]), finished, service]

    rows: list[list[Cell]] = [
        [Two(*words.BANDS[band]), *cells(by[band], course["waits_by_band"].get(band, none))]
        for band in Band
        if band in by
    ]
    visits, share, wait, finished, service = AMOUNT_HEADS
    heads = [
        Two("时段", "band"),
        visits,
        share,
        wait,
        Two("中位数", "median"),
        Two("九成内", "9 in 10"),
        finished,
        service,
    ]
    end: list[Cell] = [TOTAL, *cells(summed(list(by.values())), course["waits"])]
    return section("bands", Two("按时段", "By band"), table(heads, rows, end, minor=(3, 6)), wide=True)


def curve(made: Made, charts: Charts) -> Html:
    course = made["course"]
    title = Two("一天的走势", "How the day went") if is_day(made) else Two("服务日平均走势", "A mean day of service")
    legend = [
        (ARRIVALS, Two("取号", "arrivals")), (SERVED, Two("开始办理", "served")), (WAITING, Two("等候人数", "waiting")),
        (OPEN, Two("在岗窗口（下图）", "open counters (below)")),
    ]  # fmt: skip
    under = Two("每半小时；虚线为最多时", "by half hour; dotted: at most") if is_day(made) else Two(
        "每半小时，服务日平均；人次极少的首尾时段只列在表中",
        "by half hour, mean of the days of service; the table has its edges",
    )  # fmt: skip
    drawn = charts.curve(_drawn(made), course["days_served"], title)
    return section("curve", title, figure(drawn, legend, under))


def _drawn(made: Made) -> Made:
    found: Made = made["course"]["half_hours"]
    return found if is_day(made) else busy(found)


def waits(made: Made, charts: Charts) -> Html:
    title = Two("等候分布", "How long they waited")
    legend = [(colour, Two(name, "")) for colour, name in zip(CLASSES, CLASS_NAMES, strict=True)]
    under = Two("叫号人次，按首次叫号的半小时；颜色为等候分钟", "first calls by half hour; colour: minutes waited")
    rows: list[list[Cell]] = []
    found = made["course"]["waits"]
    for name, count in zip(CLASS_NAMES, found["classes"], strict=True):
        rows.append([Two(f"{name} 分钟", "min"), count, words.share(count, found["count"])])
    heads = [Two("等候", "waited"), Two("人次", "visitors"), Two("占比", "share")]
    drawn = figure(charts.waits(_drawn(made), title), legend, under)
    return section("waits", title, drawn, table(heads, rows, [TOTAL, found["count"], words.share(1, 1)]))


def half_hours(made: Made) -> Html:
    days = max(1, made["course"]["days_served"])
    rows: list[list[Cell]] = [
        [at, slot["arrivals"], slot["served"], f"{slot['waiting_mean']:.1f}", slot["waiting_most"],
         f"{slot['open_mean']:.1f}", seconds(slot["waits"]["median_s"]), seconds(slot["waits"]["nine_in_ten_s"]),
         words.share(slot["waits"]["soon"], slot["waits"]["count"])]
        for at, slot in made["course"]["half_hours"].items()
        if is_day(made) or slot["arrivals"] or slot["served"] or slot["open_mean"] or slot["waiting_mean"]
    ]  # fmt: skip
    heads = [
        Two("时刻", "from"), Two("取号", "arrivals"), Two("办理", "served"), Two("平均等候人数", "waiting"),
        Two("最多", "most"), Two("窗口", "counters"), Two("等候中位数", "median"), Two("九成内", "9 in 10"),
        Two("15 分钟内", "≤ 15 min"),
    ]  # fmt: skip
    found, tickets = made["course"]["waits"], made["tickets"]
    end: list[Cell] = [
        TOTAL, tickets["issued"], made["visits"]["total"], None, None, None, seconds(found["median_s"]),
        seconds(found["nine_in_ten_s"]), words.share(found["soon"], found["count"]),
    ]  # fmt: skip
    said = Two(f"{days} 个服务日合计", f"{days} days of service together") if not is_day(made) else None
    under = [note(said)] if said else []
    return section(
        "half-hours", Two("按半小时", "By half hour"), table(heads, rows, end, minor=(3, 6)), *under, wide=True
    )


def matters(made: Made, catalogue: Catalogue | None) -> Html:
    by, total = made["by"]["matter"], made["visits"]["total"]
    order = words.most_visited(by)
    rows: list[list[Cell]] = [[Two(*_names(code, catalogue)), *amounts(by[code], total)] for code in order[:TOP]]
    others = [by[code] for code in order[TOP:]]
    if others:
        name = Two(f"其余 {len(others)} 项", f"{len(others)} others")
        rows.append([name, *amounts(summed(others), total)])
    heads, end = [Two("事项", "matter"), *AMOUNT_HEADS], [TOTAL, *amounts(summed(list(by.values())), total)]
    return section(
        "matters",
        Two(f"办理最多的 {TOP} 项", f"The {TOP} most visited matters"),
        table(heads, rows, end, minor=(4,)),
        wide=True,
    )


def _names(code: str, catalogue: Catalogue | None) -> tuple[str, str]:
    zh, en = words.matter_of(code, catalogue)
    return (zh, "" if en == zh else en)


def groups(made: Made, catalogue: Catalogue | None) -> Html:
    total = made["visits"]["total"]
    found: dict[Two, list[Row]] = {}
    for code, row in made["by"]["matter"].items():
        matter = catalogue.matters.get(code) if catalogue else None
        name = Two(matter.group_zh, matter.group_en) if matter else Two("目录中没有的事项", "not in the catalogue")
        found.setdefault(name, []).append(row)
    sums = {name: summed(rows) for name, rows in found.items()}
    order = sorted(sums, key=lambda name: (-sums[name]["visits"], name))
    rows: list[list[Cell]] = [[name, *amounts(sums[name], total)] for name in order]
    heads = [Two("事项类别", "matter group"), *AMOUNT_HEADS]
    end = [TOTAL, *amounts(summed(list(sums.values())), total)]
    return section("groups", Two("按事项类别", "By matter group"), table(heads, rows, end, minor=(4,)), wide=True)


def counters(made: Made) -> Html:
    by, total = made["by"]["counter"], made["visits"]["total"]
    rows: list[list[Cell]] = [[number, *amounts(by[number], total)] for number in words.counters(by)]
    heads, end = [Two("窗口", "counter"), *AMOUNT_HEADS], [TOTAL, *amounts(summed(list(by.values())), total)]
    return section("counters", Two("按窗口", "By counter"), table(heads, rows, end), wide=not is_day(made))


def clerks(made: Made) -> Html:
    by, roster, total = made["by"]["clerk"], made["roster"], made["visits"]["total"]
    rows: list[list[Cell]] = []
    for clerk in sorted(by.keys() | roster.keys()):
        row = by.get(clerk, dict.fromkeys(AMOUNTS, 0))
        rows.append([clerk or words.NOTHING, *amounts(row, total), *_work([roster[clerk]] if clerk in roster else [])])
    heads = [
        Two("窗口人员", "clerk"), *AMOUNT_HEADS, Two("在岗", "at counter"), Two("其中延时", "extended"),
        Two("延时人次", "visits then"),
    ]  # fmt: skip
    end = [TOTAL, *amounts(summed(list(by.values())), total), *_work(list(roster.values()))]
    under = note(
        Two(
            "在岗为时:分，不含暂停；等候、办理为分:秒",
            "at counter in hours:minutes, pauses apart; waits in minutes:seconds",
        )
    )
    return section("clerks", Two("按窗口人员", "By clerk"), table(heads, rows, end, minor=(2, 4)), under, wide=True)


def _work(rosters: Sequence[Made]) -> list[Cell]:
    at_counter = sum(row["at_counter_s"]["total"] for row in rosters)
    extended = sum(row["extended_at_counter_s"] for row in rosters)
    return [words.hours(at_counter), words.hours(extended), sum(row["extended_visits"] for row in rosters)]


def left(made: Made) -> Html:
    found, title = made["course"]["left"], Two("未办理即离开", "Who was not served")
    if not found:
        return section("left-by", title, tag("p", Two("没有", "nobody"), class_="none"))
    rows: list[list[Cell]] = [[said, found[how]] for how, said in LEFT.items() if how in found]
    return section("left-by", title, table([Two("情况", "how"), Two("人次", "visitors")], rows))


def incidents(made: Made) -> Html:
    found, title = _by_period(made), Two("特别情况", "Incidents")
    if not found:
        return section("incidents", title, tag("p", Two("没有", "none"), class_="none"), wide=True)
    day = not is_day(made)
    kept = _weightiest(found)
    rows: list[list[Cell]] = [
        [*([one["day"]] if day else []), _when(one), Two(one["zh"], one["en"]), one["count"]] for one in kept
    ]
    more = len(found) - len(kept)
    under = [note(Two(f"另有 {more} 项，见 hall report --json", f"{more} more: hall report --json"))] if more else []
    heads = [*([Two("日期", "day")] if day else []), Two("时刻", "time"), Two("情况", "what"), Two("次数", "times")]
    return section("incidents", title, table(heads, rows, words_in=tuple(range(2 + day))), *under, wide=True)


def _by_period(made: Made) -> Sequence[Made]:
    """Of a month: what machines reported again and again is one incident from the first day to the last."""
    found: list[dict[str, Any]] = []
    seen: dict[str, dict[str, Any]] = {}
    for one in made["course"]["incidents"]:
        day = one["day"][5:]
        before = seen.get(one["zh"])
        if before is None:
            found.append({**one, "day": day})
            if one["kind"] in MACHINES and not is_day(made):
                seen[one["zh"]] = found[-1]
        else:
            before |= {"day": f"{before['day'][:5]}–{day}", "count": before["count"] + one["count"], "time": ""}
    return found


def _weightiest(found: Sequence[Made]) -> Sequence[Made]:
    """In their order; where they are too many, what machines report goes first."""
    if len(found) <= INCIDENTS:
        return found
    order = sorted(found, key=lambda one: one["kind"] in MACHINES)[:INCIDENTS]
    return [one for one in found if one in order]


def _when(one: Made) -> str:
    return str(one["time"] if one["until"] == one["time"] or not one["time"] else f"{one['time']}–{one['until']}")


def told(made: Made, charts: Charts) -> Html:
    """How good the predictions were."""
    found, title = made["course"]["told"], Two("等候预告的准确度", "How good the predicted waits were")
    if not found["count"]:
        none = Two("没有人被告知预计等候", "nobody was told a wait")
        return section("told", title, tag("p", none, class_="none"))
    later = found["median_later_s"]
    rows: list[list[Cell]] = [
        [Two("有预告的人次", "visitors who were told"), found["count"]],
        [Two("误差中位数", "median error"), seconds(found["median_error_s"])],
        [Two("实际比预告", "waited longer than told, median"), f"{'−' if later < 0 else '+'}{seconds(abs(later))}"],
    ]
    if found["bounded"]:
        share = words.share(found["within_bound"], found["bounded"])
        rows.append([Two("在所告上限之内（目标九成）", "within the bound told (nine in ten are meant)"), share])
    legend = [(SERVED, Two("相差不多", "about right")), (ARRIVALS, Two("相差较多", "further off"))]
    under = Two("人次；横轴为比预告多等的分钟", "visitors; across: minutes waited longer than told")
    drawn = figure(charts.told(found["off"], title), legend, under)
    return section("told", title, table([Two("预告", "predictions"), Two("", "")], rows), drawn)
