"""The console as lines of text, for any width: pure, from the view to what stands in each pane.

Lists are drawn only as far as they are seen: a line of a hundred columns costs, and five hundred may wait.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from textual.content import Content

from counter_client.clerk.bundles import progress
from counter_client.clerk.view import matter_words
from counter_client.manager.acts import KEYS, ON_COUNTER, ON_HALL, ON_TICKET, VIEWS, Act, Focus, View, label
from counter_client.manager.view import ClassRow, CounterRow, Matters, Summary, Trouble
from counter_client.widgets.key_bar import OWN_KEYS, Cap, key_rows
from counter_client.widgets.look import (
    CLASS_COLOURS,
    FAINT,
    SOFT,
    STATE_COLOURS,
    badge,
    cut,
    fill,
    line,
    lines,
    pair,
    pair_in,
    spread,
)
from counter_client.words import CLASSES, COUNTER_STATES, TICKET_STATES, Tongue, Words
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass
from hall_controller.i18n import times, waits

Newcomers = Mapping[VisitorClass, Estimate]
NARROW = 100
LONG_S = 15 * 60
"""From here on a wait stands in the colour of warning: nine in ten shall be called within it."""


def window(count: int, at: int | None, rows: int) -> int:
    """The first of the lines that are shown, so that the marked one is seen."""
    return max(0, min((at or 0) - rows // 2, count - rows))


def list_pane(
    count: int, row_of: Callable[[int], Content], at: int | None, columns: int, rows: int, *, marked: bool = True
) -> Content:
    """So many lines around the marked one; it is reversed where `marked`, else it carries a mark alone."""
    start = window(count, at, rows)
    told = []
    for place in range(start, min(count, start + rows)):
        row = row_of(place)
        if place == at:
            row = fill(line(">", row), columns)
            told.append(line((row.plain, "bold reverse")) if marked else row)
        else:
            told.append(cut(line(" ", row), columns))
    return lines(told)


# --- the hall in one line ------------------------------------------------------------------------


def summary_pane(view: Summary, newcomer: Estimate | None, tongue: Tongue, columns: int, rows: int) -> Content:
    """Who waits, how long, what a newcomer would wait, what the counters do, until when the hall is open."""
    long = view.oldest_s is not None and view.oldest_s > LONG_S
    waiting = line(
        (
            f" {Words('等候', 'Waiting').first(tongue)} {view.waiting} ",
            "bold reverse $warning" if long else "bold reverse $primary",
        ),
        " ",
        (Words("最久 ", "oldest ").first(tongue), SOFT),
        (
            times.clock(view.oldest_s).first(tongue) if view.oldest_s is not None else "-",
            "bold $warning" if long else "bold",
        ),
        "  ",
        _newcomer(view, newcomer, tongue),
    )
    counters = _counters(view, tongue)
    hours = line((view.hours.first(tongue), "bold"))
    if view.no_tickets is not None:
        hours = line(hours, " ", badge(view.no_tickets.first(tongue), "$warning"))
    figures = [
        Words(
            f"已办 {view.visits}  取号 {view.issued}  过号 {view.missed}  作废 {view.no_shows}",
            f"visits {view.visits}  issued {view.issued}  missed {view.missed}  no-shows {view.no_shows}",
        ),
        Words(f"已办 {view.visits}", f"visits {view.visits}"),
    ]
    counts = [line((words.first(tongue), SOFT), " ") for words in figures]
    if rows < 2:
        return beside(line(waiting, "  ", counters[-1]), [hours], columns)
    if columns < NARROW:
        return lines([beside(waiting, counts[1:], columns), beside(line(" ", hours), counters, columns)])
    return lines([beside(waiting, counters, columns), beside(line(" ", hours), counts, columns)])


def beside(left: Content, rights: Sequence[Content], columns: int) -> Content:
    """The first of the right ones for which the left need not be cut; the left alone where none is short enough."""
    fits = (right for right in rights if left.cell_length + right.cell_length < columns)
    right = next(fits, None)
    return cut(left, columns) if right is None else spread(left, right, columns)


def _counters(view: Summary, tongue: Tongue) -> list[Content]:
    """How many counters are in each state: with the closed ones, without them, and in two figures."""
    states = [
        line(
            (f"{COUNTER_STATES[state].first(tongue)} ", STATE_COLOURS.get(state, "")),
            (str(view.counters[state]), "bold"),
            " ",
        )
        for state in CounterState
        if view.counters[state] and state is not CounterState.CLOSED
    ]
    shut, paused = view.counters[CounterState.CLOSED], view.counters[CounterState.PAUSED]
    closed = line((f"{COUNTER_STATES[CounterState.CLOSED].first(tongue)} {shut}", FAINT)) if shut else Content("")
    at_work = sum(view.counters.values()) - shut - paused
    brief = Words(f"开 {at_work} 停 {paused} ", f"open {at_work} paused {paused} ").first(tongue)
    return [line(*states, closed), line(*states), line((brief, "bold"))]


def _newcomer(view: Summary, newcomer: Estimate | None, tongue: Tongue) -> Content:
    if view.no_tickets is not None:
        return Content("")
    told, bound = wait_words(newcomer, tongue)
    return line(
        (Words("现取号 ", "newcomer ").first(tongue), SOFT), (told, "bold"), (f" {bound}" if bound else "", SOFT)
    )


def wait_words(estimate: Estimate | None, tongue: Tongue) -> tuple[str, str]:
    """`25分钟` and `≤40分钟`: the median, and within how long nine in ten are called."""
    if estimate is None:
        return "-", ""
    known = (estimate.wait_s, estimate.bound_s)
    return waits.brief(known[0]).first(tongue), waits.at_most(*known).first(tongue)


STAND_OUT = (View.ALERTS, View.PAPERS)


def tabs_pane(view: View, counts: Mapping[View, int | None], tongue: Tongue, columns: int) -> Content:
    """The views with the digit that shows each; the open one is reversed, alerts stand out."""
    told = []
    for digit, (one, words) in enumerate(VIEWS.items(), 1):
        count = counts.get(one)
        text = f" {digit} {words.first(tongue)}{f' {count}' if count is not None else ''} "
        style = "bold reverse" if one is view else "bold $warning" if one in STAND_OUT and count else ""
        told.append(line((text, style)))
    return cut(line(*told), columns)


# --- counters ------------------------------------------------------------------------------------

MARKS = {
    Trouble.FAR_OVER: ("!!", "bold $error"),
    Trouble.SLOW_CALL: ("!!", "bold $error"),
    Trouble.IDLE: ("! ", "bold $warning"),
    Trouble.OVER: ("! ", "bold $warning"),
}

COUNTER_HEADINGS = (
    (Words("", ""), 3), (Words("窗口", "No."), 5), (Words("状态", "State"), 9), (Words("工号", "Clerk"), 9),
    (Words("号码", "Ticket"), 7), (Words("已用", "For"), 8), (Words("常规", "Usual"), 6), (Words("事项", "Matter"), 0),
)  # fmt: skip


def headings(columns: Sequence[tuple[Words, int]], tongue: Tongue, width: int) -> Content:
    return fill(line(" ", *(line((padded(words.first(tongue), to), SOFT)) for words, to in columns)), width)


def padded(text: str, columns: int) -> str:
    """To so many columns, at least one of them blank; cut where it is longer."""
    content = Content(text)
    if columns and content.cell_length >= columns:
        return content.truncate(columns - 1, ellipsis=True).plain + " " * (
            columns - content.truncate(columns - 1, ellipsis=True).cell_length
        )
    return text + " " * max(0, columns - content.cell_length)


def counter_row(row: CounterRow, tongue: Tongue, columns: int) -> Content:
    mark, style = MARKS.get(row.trouble, ("  ", ""))
    closed = row.state is CounterState.CLOSED
    loud = style if row.trouble in MARKS else ""
    used = "" if closed else times.clock(row.for_s).first(tongue)
    usual = f"{math.ceil(row.usual_s / 60)}" if row.usual_s is not None else ""
    return line(
        (mark, style),
        " ",
        (padded(str(row.counter), 5), FAINT if closed else "bold"),
        (padded(COUNTER_STATES[row.state].first(tongue), 9), FAINT if closed else STATE_COLOURS.get(row.state, "")),
        padded("" if closed else row.clerk or "", 9),
        (padded(row.number or "", 7), "bold"),
        (padded(used, 8), loud),
        (padded(usual, 6), SOFT),
        cut(_counter_note(row, tongue), max(0, columns - 48)),
    )


def _counter_note(row: CounterRow, tongue: Tongue) -> Content:
    notes: list[Content] = []
    if row.trouble is Trouble.IDLE:
        notes.append(line((Words("有人等，没叫号", "people wait, nobody called").first(tongue), "bold $warning")))
    if row.trouble is Trouble.SLOW_CALL:
        notes.append(line((Words("叫了没人来", "nobody came").first(tongue), "bold $error")))
    if row.lunch is not None:
        notes.append(line((row.lunch.first(tongue), STATE_COLOURS[CounterState.PAUSED])))
    elif row.pausing:
        notes.append(line((Words("办完暂停", "then pause").first(tongue), STATE_COLOURS[CounterState.PAUSED])))
    if row.held:
        notes.append(line(Words(f"挂起{row.held}", f"holds {row.held}").first(tongue)))
    if row.kept:
        notes.append(line(Words(f"留{row.kept}", f"kept {row.kept}").first(tongue)))
    if row.progress:
        notes.append(line((Words(f"已办 {row.progress}", f"done {row.progress}").first(tongue), "bold $accent")))
    if row.matter is not None:
        notes.append(pair(row.matter, tongue))
    elif row.only is not None:
        notes.append(line((row.only.first(tongue), SOFT)))
    return Content(" ").join(notes) if notes else Content("")


# --- the queue -----------------------------------------------------------------------------------

CLASS_HEADINGS = (
    (Words("类别", "Class"), 12), (Words("等候", "Waiting"), 9), (Words("最久", "Oldest"), 10),
    (Words("现在取号", "Newcomer"), 12), (Words("九成", "Nine in ten"), 0),
)  # fmt: skip
TICKET_HEADINGS = (
    (Words("", ""), 4), (Words("号码", "Ticket"), 7), (Words("类别", "Class"), 9), (Words("已等", "Waited"), 9),
    (Words("预计", "Wait"), 9), (Words("九成", "90%"), 10), (Words("留给", "For"), 5), (Words("事项", "Matter"), 0),
)  # fmt: skip


def classes_pane(rows: Sequence[ClassRow], newcomers: Newcomers, tongue: Tongue, columns: int) -> list[Content]:
    told = [headings(CLASS_HEADINGS, tongue, columns)]
    for row in rows:
        oldest = times.clock(row.oldest_s).first(tongue) if row.oldest_s is not None else "-"
        long = row.oldest_s is not None and row.oldest_s > LONG_S
        wait, bound = wait_words(newcomers.get(row.visitor_class), tongue)
        told.append(
            cut(
                line(
                    " ",
                    (padded(CLASSES[row.visitor_class].first(tongue), 12), CLASS_COLOURS.get(row.visitor_class, "")),
                    (padded(str(row.waiting), 9), "bold" if row.waiting else FAINT),
                    (padded(oldest, 10), "bold $warning" if long else ""),
                    padded(wait, 12),
                    (bound, SOFT),
                ),
                columns,
            )
        )
    return told


def ticket_row(
    place: int,
    ticket: Ticket,
    estimate: Estimate | None,
    at_ms: int,
    matters: Matters,
    tongue: Tongue,
    columns: int,
    *,
    kept_for: int | None = None,
) -> Content:
    waiting = ticket.state is TicketState.WAITING
    waited_s = (at_ms - ticket.issued_at_ms) / 1000
    name = pair(matter_words(ticket.matter, dict(matters)), tongue)
    if ticket.more:
        count, begun = 1 + len(ticket.more), bool(ticket.handled or ticket.left)
        several = Words(f"{count} 项", f"{count} matters")
        if begun:
            several = Words(f"已办 {progress(ticket)}", f"done {progress(ticket)}")
        name = line((f"{several.first(tongue)} ", "bold $accent"), name)
    if not waiting:
        name = line((f"[{TICKET_STATES[ticket.state].first(tongue)}] ", "bold $warning"), name)
    wait, bound = wait_words(estimate, tongue)
    return line(
        (padded(str(place + 1) if waiting else "", 4), SOFT),
        (padded(ticket.number or f"#{ticket.ticket}", 7), "bold"),
        (padded(CLASSES[ticket.visitor_class].first(tongue), 9), CLASS_COLOURS.get(ticket.visitor_class, "")),
        (padded(times.clock(waited_s).first(tongue), 9), "bold $warning" if waiting and waited_s > LONG_S else ""),
        padded(wait if waiting else "", 9),
        (padded(bound if waiting else "", 10), SOFT),
        (padded(f">{kept_for}" if kept_for else "", 5), "bold $accent"),
        cut(name, max(0, columns - 53)),
    )


# --- the rest ------------------------------------------------------------------------------------


def nothing(words: Words, tongue: Tongue, columns: int) -> Content:
    return lines([Content(""), line("  ", pair_in(words, tongue, columns - 2, SOFT))])


def keys_pane(
    able: frozenset[Act],
    view: View,
    hall: Hall,
    focus: Focus,
    tongue: Tongue,
    columns: int,
    *,
    offered: Mapping[Act, Focus] | None = None,
) -> Content:
    """Above, what the marked row lets one do, or the marked alert (`offered`); below, the hall."""
    on_row = {View.COUNTERS: ON_COUNTER, View.QUEUE: ON_TICKET}.get(view, ())
    row: list[Cap] = [(KEYS[act].key, label(act, hall, focus), act in able) for act in on_row]
    if view in (View.COUNTERS, View.QUEUE):
        row.append(("j", Words("日志", "Log"), True))
    elif view is View.JOURNAL:
        row += [("⏎", Words("详情", "Details"), True), ("g", Words("跳到", "Go to"), True)]
    elif view is View.ALERTS:
        row += [(KEYS[act].key, label(act, hall, one), act in able) for act, one in (offered or {}).items()]
        row += [("⏎", Words("看过", "Seen"), True), ("g", Words("跳到", "Go to"), True)]
    elif view is View.PAPERS:
        row += [
            ("⏎", Words("打开", "Open"), True),
            ("8", Words("查回执", "Receipt"), True),
            ("0", Words("交接单", "Lists"), True),
        ]
    if Act.CLOCK in able:
        row.append((KEYS[Act.CLOCK].key, KEYS[Act.CLOCK].label, True))
    row += [
        ("f", Words("查号", "Find"), True),
        ("/", Words("搜索", "Search"), True),
        ("^P", Words("命令", "Menu"), True),
    ]
    below: list[Cap] = [
        (KEYS[act].key, label(act, hall, focus), act in able) for act in ON_HALL if act is not Act.CLOCK
    ]
    below += OWN_KEYS
    return lines([*key_rows(row, tongue, columns), *key_rows(below, tongue, columns, bold=False)])
