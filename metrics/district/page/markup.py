"""The picture as HTML: pure text in, escaped markup out. Drawn once a change for all viewers together."""

import math
from collections.abc import Mapping
from urllib.parse import quote

from hall_controller.domain.plain_text import markup as escape
from hall_controller.i18n import waits
from metrics.district.inventory import DISTRICT_LEVEL, Inventory
from metrics.district.page import words
from metrics.district.page.nearest import english
from metrics.district.page.picture import Group, HallNow, Picture, State, extended
from metrics.district.page.questions import local
from metrics.district.page.words import Words


def both(said: Words) -> str:
    return f'<span class="zh" lang="zh">{escape(said.zh)}</span> <span class="en" lang="en">{escape(said.en)}</span>'


def banner(kind: str, said: Words) -> str:
    return f'<div class="banner {kind}" role="alert"><p>{both(said)}</p></div>'


def fact(name: str, title: Words, value: str, more: str = "", *, bad: bool = False) -> str:
    """A large figure; `value` and `more` are text."""
    beside = f" <small>{escape(more)}</small>" if more else ""
    return (
        f'<div class="fact{" bad" if bad else ""}" data-fact="{name}"><h3>{both(title)}</h3>'
        f"<p><b>{escape(value)}</b>{beside}</p></div>"
    )


def facts(group: Group, *, has_month: bool) -> str:
    """The figures of the district, or of one street."""
    silent, halls = group.count(State.SILENT), len(group.halls)
    nine = group.waited_s(0.9)
    month = f"{extended(group.month):,}" if has_month else "…"
    return '<div class="facts">' + "".join((
        fact("visits", Words("今日办件", "Visits today"), f"{sum(group.visits.values()):,}"),
        fact("extended", Words("今日延时办件", "Extended hours, today"), f"{extended(group.visits):,}"),
        fact("month", Words("本月延时办件", "Extended hours, this month"), month),
        fact("waiting", Words("正在等候", "Waiting now"), f"{group.waiting:,}"),
        fact("waited", Words("近一小时九成等候", "9 of 10 waited, last hour"),
             "—" if nine is None else f"{math.ceil(nine / 60)}", "" if nine is None else "分钟 min at most"),
        fact("open", Words("开放大厅", "Halls open"), f"{group.open}", f"/ {halls}"),
        fact("silent", Words("失联大厅", "Halls silent"), f"{silent}", f"/ {halls}", bad=silent > 0),
    )) + "</div>"  # fmt: skip


def street_link(street: str) -> str:
    return f"/street/{quote(street)}"


def hall_link(hall: HallNow) -> str:
    return f"/hall/{quote(hall.entry.id)}"


def tile(hall: HallNow) -> str:
    """Kept small: there are 135 of them, and first paint waits for them all."""
    name, state = words.short(hall.entry), words.STATES[hall.state]
    tells = hall.state is State.OPEN and hall.wait_s is not None
    told = waits.brief(hall.wait_s) if tells else state
    value = f"<b class=word>{_two(told)}</b>"
    if tells and told != waits.NO_WAIT:
        number, unit = waits.figure(hall.wait_s or 0)
        value = f"<b{' class=h' if unit is waits.HOURS else ''}>{number}</b>"
    queue = f"<u>{hall.queue}</u>" if hall.queue else ""
    label = f"{hall.entry.name_zh} {hall.entry.name_en}: {told.zh} {told.en}, 等候 waiting {hall.queue}"
    kind = " seat" if hall.entry.tier == "street" else ""
    return (
        f'<a class="tile {words.colour(hall)}{kind}" href="{hall_link(hall)}" data-hall="{escape(hall.entry.id)}"'
        f' title="{escape(label)}">{_two(name)}{value}{queue}</a>'
    )


def _two(said: Words) -> str:
    """Both languages, of which a tile shows one."""
    return f"<s>{escape(said.zh)}</s><s lang=en>{escape(said.en)}</s>"


def block(inventory: Inventory, picture: Picture, street: str) -> str:
    """A street on the map: its name, its figures, a tile for each hall."""
    group = picture.group(street)
    silent = group.count(State.SILENT)
    said = f"{group.open}/{len(group.halls)} 开 open" + (f" · {silent} 失联 silent" if silent else "")
    name = words.street_name(street, english(inventory, street))
    heading = f'<a href="{street_link(street)}">{both(name)}</a><span class="said">{escape(said)}</span>'
    tiles = f'<div class="tiles">{"".join(map(tile, group.halls))}</div>'
    return f'<section class="block" data-street="{escape(street)}"><h2>{heading}</h2>{tiles}</section>'


def legend() -> str:
    lower, marks = 0, []
    for below, name in words.SCALE:
        marks.append((name, f"{lower}–{below - 1}" if lower else f"<{below}"))
        lower = below
    marks.append((words.LONGEST, f"≥{lower}"))
    waits = "".join(f'<span class="mark {name}">{text}</span>' for name, text in marks)
    others = (State.STOPPED, State.UNSTAFFED, State.CLOSED, State.SILENT)
    states = "".join(f'<span class="mark {state}">{both(words.STATES[state])}</span>' for state in others)
    title = both(Words("预计等候（分钟）", "Wait, minutes"))
    corner = both(Words("角标：等候人数", "corner: waiting"))
    return f'<div class="legend"><span>{title}</span>{waits}{states}<span>{corner}</span></div>'


def grid(inventory: Inventory, picture: Picture) -> str:
    """All halls, street by street as they lie."""
    rows = inventory.map or tuple((street,) for street in inventory.streets)
    own = picture.group(DISTRICT_LEVEL).halls
    head = f'<div class="top"><div class="own">{"".join(map(tile, own))}</div>{legend()}</div>'
    shown = [
        '<div class="row">'
        + "".join(block(inventory, picture, street) for street in row if has(picture, street))
        + "</div>"
        for row in rows
        if any(has(picture, street) for street in row)
    ]
    return f'<div class="map{"" if inventory.map else " flow"}">{head}{"".join(shown)}</div>'


def has(picture: Picture, street: str) -> bool:
    return any(hall.entry.street == street for hall in picture.halls.values())


def chip(wait_s: float | None) -> str:
    """A wait on its coloured ground: the figure, and the unit in both languages."""
    told = waits.brief(wait_s)
    if wait_s is None or told in {waits.UNKNOWN, waits.NO_WAIT}:
        return both(told)
    number, unit = waits.figure(wait_s)
    return f"<b>{number}</b><i>{unit.zh} {unit.en}</i>"


def hall_row(hall: HallNow) -> str:
    """One hall in a list: name, what it waits, how many do."""
    entry = hall.entry
    name = Words(entry.name_zh, entry.name_en)
    return (
        f'<li data-hall="{escape(entry.id)}"><a href="{hall_link(hall)}"><span class="chip {words.colour(hall)}">'
        f"{chip(hall.wait_s)}</span>"
        f'<span class="name">{both(name)}</span>'
        f'<span class="queue">{hall.queue} 人等候 <em>waiting</em></span></a></li>'
    )


def worst(group: Group, *, most: int = 10) -> str:
    rows = "".join(map(hall_row, group.worst(most)))
    title = both(Words("等候最长的大厅", "Longest waits now"))
    none = f'<p class="none">{both(Words("现在没有开放的大厅", "No hall is open now"))}</p>'
    return f'<section class="list worst"><h2>{title}</h2>{f"<ol>{rows}</ol>" if rows else none}</section>'


def counts(title: Words, named: Mapping[str, Words], given: Mapping[str, int], name: str) -> str:
    """A small table of counts by kind, with bars."""
    most = max([*given.values(), 1])
    rows = "".join(
        f'<tr data-kind="{kind}"><th>{both(said)}</th><td><b>{given.get(kind, 0):,}</b></td>'
        f'<td class="bar"><i style="width:{100 * given.get(kind, 0) / most:.0f}%"></i></td></tr>'
        for kind, said in named.items()
    )
    return f'<section class="counts" data-counts="{name}"><h2>{both(title)}</h2><table>{rows}</table></section>'


def hall_facts(hall: HallNow) -> str:
    """The head of a hall's own level."""
    state = words.STATES[hall.state]
    group = Group(halls=(hall,))
    half, nine = group.waited_s(0.5), group.waited_s(0.9)
    known = hall.state is not State.SILENT

    def in_minutes(seconds: float | None) -> tuple[str, str]:
        return ("—", "") if seconds is None else (f"{math.ceil(seconds / 60)}", "分钟 min")

    def newcomer() -> tuple[str, str]:
        told = waits.brief(hall.wait_s)
        if not known or hall.wait_s is None:
            return "—", ""
        if told == waits.NO_WAIT:
            return told.zh, told.en
        number, unit = waits.figure(hall.wait_s)
        return number, f"{unit.zh} {unit.en}"

    title = both(Words("状态", "State"))
    return '<div class="facts">' + "".join((
        f'<div class="fact state {words.colour(hall)}" data-fact="state"><h3>{title}</h3><p>{both(state)}</p></div>',
        fact("wait", Words("新到预计等候", "Wait for a newcomer"), *newcomer()),
        fact("waiting", Words("正在等候", "Waiting now"), f"{hall.queue}" if known else "—"),
        fact("oldest", Words("最久已等", "Longest waiting"), *in_minutes(hall.oldest_s)),
        fact("half", Words("近一小时半数等候", "Half waited, last hour"), *in_minutes(half)),
        fact("nine", Words("近一小时九成等候", "9 of 10 waited, last hour"), *in_minutes(nine)),
        fact("working", Words("窗口在岗", "Counters at work"),
             f"{hall.working}" if known else "—", f"/ {hall.entry.counters}"),
        fact("visits", Words("今日办件", "Visits today"), f"{sum(hall.visits.values()):,}"),
    )) + "</div>"  # fmt: skip


def hall_tables(hall: HallNow, *, has_month: bool) -> str:
    visits = counts(Words("今日办件", "Visits today"), words.BANDS, hall.visits, "visits")
    month = counts(Words("本月办件", "Visits this month"), words.BANDS, hall.month, "month") if has_month else ""
    counters = counts(Words("窗口", "Counters"), words.COUNTERS, hall.counters, "counters")
    waiting = counts(Words("等候人数", "Waiting"), words.CLASSES, hall.waiting, "waiting")
    return f'<div class="tables">{counters}{waiting}{visits}{month}</div>'


def street_halls(group: Group) -> str:
    """The halls of a street, the longest wait first; those that are not open at the end."""
    order = sorted(group.halls, key=lambda hall: (not hall.is_open, -(hall.wait_s or 0), hall.entry.id))
    rows = "".join(_street_row(hall) for hall in order)
    heads = (
        Words("大厅", "Hall"), Words("预计等候", "Wait"), Words("等候", "Waiting"), Words("窗口", "Counters"),
        Words("今日办件", "Visits"), Words("其中延时", "Extended"),
    )  # fmt: skip
    head = "".join(f"<th>{both(said)}</th>" for said in heads)
    return f'<table class="halls"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _street_row(hall: HallNow) -> str:
    entry = hall.entry
    is_open = hall.state is State.OPEN and hall.wait_s is not None
    said = chip(hall.wait_s) if is_open else both(words.STATES[hall.state])
    cells = (hall.queue, f"{hall.working}/{entry.counters}", sum(hall.visits.values()), extended(hall.visits))
    unknown = hall.state is State.SILENT
    shown = ["—", "—", *cells[2:]] if unknown else cells
    name = both(Words(entry.name_zh, entry.name_en))
    return (
        f'<tr data-hall="{escape(entry.id)}"><th><a href="{hall_link(hall)}">{name}</a></th>'
        f'<td><span class="chip {words.colour(hall)}">{said}</span></td>'
        + "".join(f"<td>{cell}</td>" for cell in shown)
        + "</tr>"
    )


def time_of(at_s: float) -> str:
    return f"{local(at_s):%H:%M:%S}"
