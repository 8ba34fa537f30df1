"""An account as one page for a meeting: a single HTML file without script, to be read, sent and printed."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from hall_controller.domain.matters import Catalogue
from hall_controller.report import besides_sections, headline, month, sections, words
from hall_controller.report.charts import Charts
from hall_controller.report.markup import Cell, Html, Two, joined, put, section, tag

Made = Mapping[str, Any]

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is loaded and nothing runs, whatever the page holds."""
TIERS = {"district": Two("区级", "district"), "street": Two("街道", "street"), "community": Two("社区", "community")}
REHEARSAL = Two("演练数据，不计入统计", "A rehearsal: these visits never took place and count nowhere")
HOW = (
    Two("办理人次按开始办理的时刻计，每张号票一次；撤销的操作已扣除。",
        "A visit is a number's first service; undone acts are taken back."),
    Two("等候为取号至首次叫号，归入首次叫号的半小时与时段。",
        "A wait is from issue to first call, and counts where that call was."),
    Two("“九成内”指九成来访者的等候不超过此数；15 分钟内叫到的占比以叫到的人为全部。",
        "“9 in 10” waited no longer than this. The share within 15 minutes is of those who were called."),
    Two("数字与 hall report --json 相同。", "The figures are those of hall report --json."),
)  # fmt: skip


def render(made: Made, catalogue: Catalogue | None = None, before: Made | None = None, *, clerks: bool = True) -> bytes:
    """`made` and `before` have their course. `before`: the same weekday or the month before; None when unknown."""
    parts = [_top(made)]
    if headline.is_empty(made):
        parts.append(
            section("empty", Two("没有记录", "Nothing to report"), tag("p", _nothing(made), class_="none"), wide=True)
        )
    else:
        parts += _day(made, before) if headline.is_day(made) else _month(made, before)
        parts += _both(made, catalogue, clerks=clerks)
    main = tag("main", joined(parts), class_="day" if headline.is_day(made) else "month")
    return _document(made, main).encode()


def _day(made: Made, before: Made | None) -> list[Html]:
    charts = Charts()
    return [
        headline.cards(made), sections.curve(made, charts), sections.waits(made, charts), sections.bands(made),
        sections.incidents(made), headline.comparison(made, before), sections.told(made, charts),
    ]  # fmt: skip


def _month(made: Made, before: Made | None) -> list[Html]:
    charts = Charts()
    return [
        headline.cards(made), month.heat(made), month.trend(made, charts), headline.comparison(made, before),
        sections.bands(made), month.weekdays(made, charts), sections.curve(made, charts), sections.waits(made, charts),
        sections.told(made, charts), sections.left(made), sections.incidents(made),
    ]  # fmt: skip


def _both(made: Made, catalogue: Catalogue | None, *, clerks: bool) -> list[Html]:
    return [
        sections.matters(made, catalogue), sections.groups(made, catalogue),
        *([sections.left(made)] if headline.is_day(made) else []), sections.counters(made),
        *([sections.clerks(made)] if clerks else []), *besides_sections.sections(made, catalogue, clerks=clerks),
        sections.half_hours(made),
        section("how", Two("如何计数", "How it is counted"), tag("ul", *(tag("li", said) for said in HOW)), wide=True),
    ]  # fmt: skip


def _nothing(made: Made) -> Two:
    if headline.is_day(made):
        return Two("这一天日志中没有取号，也没有办理。", "The journal holds no number and no visit of this day.")
    return Two("这个月日志中没有取号，也没有办理。", "The journal holds no number and no visit of this month.")


def _top(made: Made) -> Html:
    name = Two(made["name_zh"] or made["hall"] or "政务服务大厅", made["name_en"])
    period = headline.period_long(made)
    facts: list[Cell] = [made["hall"], TIERS.get(made["tier"], made["tier"])]
    if made["until_ms"] is not None:
        facts.append(Two(f"统计至 {words.moment(made)}", "counted until"))
    line = joined((tag("span", fact) for fact in facts if fact), " · ")
    banner = [tag("p", REHEARSAL, class_="rehearsal")] if made.get("rehearsal") else []
    return tag("header", *banner, tag("h1", name), tag("p", period, class_="period"), tag("p", line, class_="facts"))


def _document(made: Made, main: Html) -> str:
    title = f"{words.hall_of(made)} {made['period']}".strip()
    style = files("hall_controller.report").joinpath("page.css").read_text()
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{put(title)}</title>\n<style>\n{style}{_footer(title)}</style>\n</head>\n<body>\n{main}\n</body>\n</html>\n"
    )


def _footer(title: str) -> str:
    """Stands on each printed sheet; every letter by its number, so that a name is never read as a rule."""
    letters = "".join(f"\\{ord(letter):06x}" for letter in words.printable(title))
    return f'@page {{ @bottom-left {{ content: "{letters}"; }} }}\n'
