"""The reception's screen as lines of text, for any width. Pure."""

from collections.abc import Mapping

from textual.content import Content

from counter_client.reception.acts import BEYOND, KEYS, Act
from counter_client.reception.slot import slot_words
from counter_client.reception.view import PAPERS, TABS, ReceptionView, Tab
from counter_client.reception.visits import Visit, visit_words
from counter_client.widgets.block_letters import block_letters
from counter_client.widgets.key_bar import Cap, key_rows
from counter_client.widgets.look import CLASS_COLOURS, FAINT, SOFT, badge, cut, fill, line, lines, pair, pair_in, spread
from counter_client.words import (
    CHANNELS,
    CLASSES,
    LANGUAGES,
    TICKET_STATES,
    Tongue,
    Words,
)
from hall_controller.domain.bundle import documents_needed, matters_of
from hall_controller.domain.matters import Matter
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.rules import Rules
from hall_controller.domain.ticket import Paper, Ticket, TicketState, VisitorClass
from hall_controller.i18n import times, waits

Matters = Mapping[str, Matter]
LAST = 20
"""Columns of what stands before the matter."""
URGENT = (Tab.MISSED, Tab.UNCLAIMED)
"""Lists that want a person as soon as they are not empty."""


def hours_pane(view: ReceptionView, tongue: Tongue, columns: int) -> Content:
    """Until when the hall is open, and why no tickets are issued."""
    if view.no_tickets is None:
        return pair_in(view.hours, tongue, columns, "bold")
    for words in (view.no_tickets.both(tongue), view.no_tickets.first(tongue)):
        stopped = badge(words, "$warning")
        room = columns - stopped.cell_length - 2
        if room >= Content(view.hours.first(tongue)).cell_length:
            break
    return spread(pair_in(view.hours, tongue, max(1, room), "bold"), stopped, columns)


def tabs_pane(view: ReceptionView, tongue: Tongue, columns: int) -> Content:
    """The lists with their lengths; the digit that shows each. The open one is reversed."""
    told: list[Content] = []
    for digit, (tab, words) in enumerate(TABS.items(), 1):
        count = view.counts[tab]
        text = f" {digit} {words.first(tongue)} {count} "
        if tab is view.tab:
            told.append(line((text, "bold reverse")))
        else:
            told.append(line((text, "bold $warning" if tab in URGENT and count else "" if count else FAINT)))
    newcomer = view.newcomer
    wait = waits.wait(newcomer.wait_s).first(tongue)
    left = line(*told)
    if view.no_tickets is not None:
        return left
    lead = Words("现在取号：", "newcomer: ").first(tongue)
    whole = waits.whole(newcomer.wait_s, newcomer.bound_s).first(tongue)
    for right in (lead + whole, lead + _briefly(newcomer, tongue), lead + wait, wait):
        if left.cell_length + Content(right).cell_length + 2 <= columns:
            return spread(left, line((right, "bold"), " "), columns)
    return left


def tickets_pane(
    view: ReceptionView, rules: Rules, matters: Matters, tongue: Tongue, columns: int, rows: int
) -> Content:
    """One ticket a line, the chosen one reversed and always in sight."""
    if not view.tickets:
        empty = Words(f"“{TABS[view.tab].zh}”名单是空的", "nobody in this list")
        return lines([Content(""), line("  ", pair(empty, tongue, SOFT))])
    heading = fill(line((_heading(view.tab, tongue), SOFT)), columns)
    room = max(1, rows - 1)
    at = next((i for i, ticket in enumerate(view.tickets) if view.chosen and ticket.ticket == view.chosen.ticket), 0)
    start = max(0, min(at - room // 2, len(view.tickets) - room))
    told = [heading]
    for ticket in view.tickets[start : start + room]:
        row = fill(_ticket_row(view, ticket, rules, matters, tongue, columns), columns)
        chosen = view.chosen is not None and ticket.ticket == view.chosen.ticket
        told.append(line((row.plain, "bold reverse")) if chosen else row)
    return lines(told)


def _heading(tab: Tab, tongue: Tongue) -> str:
    last = {
        Tab.WAITING: Words("预计 多数≤", "expected, most ≤"),
        Tab.MISSED: Words("过号至今", "since"),
        Tab.UNCLAIMED: Words("号票", "paper"),
        Tab.AT_COUNTERS: Words("窗口", "counter"),
        Tab.BOOKED: Words("预约时间", "booked for"),
    }[tab]
    names = [Words("号码", "Number"), Words("类别", "Class"), Words("已等", "Waited"), last, Words("事项", "Matter")]
    widths = (8, 9, 9, LAST, 0)
    return "".join(_padded(name.first(tongue), width) for name, width in zip(names, widths, strict=True))


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - Content(text).cell_length)


def _ticket_row(
    view: ReceptionView, ticket: Ticket, rules: Rules, matters: Matters, tongue: Tongue, columns: int
) -> Content:
    kind = CLASSES[ticket.visitor_class].first(tongue)
    waited = (
        times.clock((view.at_ms - ticket.issued_at_ms) / 1000).first(tongue)
        if ticket.state is not TicketState.BOOKED
        else ""
    )
    room = columns - 26 - LAST
    return line(
        (_padded(name_of(ticket), 8), "bold"),
        (_padded(kind, 9), CLASS_COLOURS.get(ticket.visitor_class, "")),
        fill(line(waited), 9),
        fill(line(_last_column(view, ticket, rules, tongue)), LAST),
        cut(pair(_matters_words(ticket, matters), tongue), room),
    )


def _matters_words(ticket: Ticket, matters: Matters) -> Words:
    return visit_words(Visit((ticket.matter, *ticket.more), ticket.theme), matters)


def name_of(ticket: Ticket) -> str:
    """The number; of a booking, which has none yet, its id with a `#`."""
    return ticket.number or f"#{ticket.ticket}"


def _last_column(view: ReceptionView, ticket: Ticket, rules: Rules, tongue: Tongue) -> str:
    if ticket.state is TicketState.WAITING:
        estimate = view.estimates.get(ticket.ticket)
        return _briefly(estimate, tongue) if estimate else waits.UNKNOWN.first(tongue)
    if ticket.state is TicketState.MISSED:
        return times.clock((view.at_ms - (ticket.missed_at_ms or view.at_ms)) / 1000).first(tongue)
    if ticket.state is TicketState.BOOKED:
        return slot_words(rules, ticket.slot_at_ms or 0, view.at_ms)
    if ticket.state is TicketState.UNCLAIMED:
        paper = PAPERS.get(ticket.paper)
        return paper.first(tongue) if paper else ""
    return f"{ticket.counter} {TICKET_STATES[ticket.state].first(tongue)}"


def _briefly(estimate: Estimate, tongue: Tongue) -> str:
    """`25分钟 ≤40分钟`: within 40 minutes nine in ten are called."""
    known = (estimate.wait_s, estimate.bound_s)
    return f"{waits.brief(known[0]).first(tongue)} {waits.at_most(*known).first(tongue)}".rstrip()


def chosen_pane(
    view: ReceptionView,
    rules: Rules,
    matters: Matters,
    tongue: Tongue,
    columns: int,
    rows: int,
    code: str | None = None,
) -> Content:
    """The chosen ticket: its number large on the left, what is known of it on the right.

    `code` is that of a booking made here, to be read out.
    """
    ticket = view.chosen
    if ticket is None:
        told = Words("没有选中的号：F 查号，I 取号", "no ticket chosen: F finds, I issues")
        return lines([Content("")] * (rows // 2 - 1) + [line("  ", pair(told, tongue, SOFT))])
    text = ticket.number or slot_words(rules, ticket.slot_at_ms or 0, view.at_ms).rsplit(" ", 1)[-1]
    number = block_letters(text, columns // 2 if columns > 90 else 35, rows)
    gap = len(number[0]) + 3
    about = _about(view, ticket, rules, matters, tongue, columns - gap)
    if code is not None and ticket.state is TicketState.BOOKED:
        about.insert(1, pair(Words(f"签到码 {code}", f"check-in code {code}"), tongue, "bold $accent"))
    told_lines = []
    for at in range(min(rows, max(len(number), len(about)))):
        left = fill(line((number[at], "bold $primary")), gap) if at < len(number) else Content(" " * gap)
        told_lines.append(line(left, about[at]) if at < len(about) else left)
    return lines(told_lines)


def _about(
    view: ReceptionView, ticket: Ticket, rules: Rules, matters: Matters, tongue: Tongue, columns: int
) -> list[Content]:
    state = line(badge(TICKET_STATES[ticket.state].both(tongue), "$primary"))
    if ticket.counter is not None and ticket.state is not TicketState.MISSED:
        at = Words(f"窗口 {ticket.counter}", f"counter {ticket.counter}")
        state = line(state, " ", pair(at, tongue, "bold"))
    paper = PAPERS.get(ticket.paper)
    if paper is not None:
        state = line(state, "  ", pair(paper, tongue, "bold $warning" if ticket.paper is Paper.FAILED else ""))
    colour = CLASS_COLOURS.get(ticket.visitor_class, "")
    plain_class = ticket.visitor_class is VisitorClass.ORDINARY
    kind = (
        pair(CLASSES[ticket.visitor_class], tongue)
        if plain_class
        else badge(CLASSES[ticket.visitor_class].both(tongue), colour)
    )
    issued = slot_words(rules, ticket.issued_at_ms, view.at_ms)
    about = [
        state,
        pair(_matters_words(ticket, matters), tongue, "bold"),
        line(kind, "  ", pair(LANGUAGES[ticket.language], tongue)),
        line(pair(CHANNELS[ticket.channel], tongue), "  ", (issued, "")),
        _expectation(view, ticket, rules, tongue, columns),
    ]
    if ticket.receipt is not None:
        about.append(line(pair(Words("回执", "Receipt"), tongue, "bold $accent"), " ", (ticket.receipt, "bold")))
    known = [matters[code] for code in matters_of(ticket) if code in matters]
    if names := documents_needed(known, english=tongue == "en"):
        listed = ("、" if tongue == "zh" else ", ").join(names)
        about.append(line(pair(Words("材料", "Documents"), tongue, "bold $accent"), " ", listed))
    return [cut(row, columns) for row in about]


def _expectation(view: ReceptionView, ticket: Ticket, rules: Rules, tongue: Tongue, columns: int) -> Content:
    estimate = view.estimates.get(ticket.ticket)
    if estimate is not None:
        wait = waits.clause(estimate.wait_s, estimate.bound_s)
        told = Words(f"前面 {estimate.ahead} 人，{wait.zh}", f"{estimate.ahead} ahead, {wait.en}")
        return pair_in(told, tongue, columns, "bold $accent")
    if ticket.state is TicketState.MISSED:
        left_s = rules.missed_grace_s - (view.at_ms - (ticket.missed_at_ms or view.at_ms)) / 1000
        left = times.left(left_s)
        told = Words(f"V 回队，还有{left.zh}", f"V returns; {left.en} left")
        return pair(told, tongue, "bold $accent")
    if ticket.state is TicketState.BOOKED:
        at = slot_words(rules, ticket.slot_at_ms or 0, view.at_ms)
        return pair(Words(f"预约 {at}，C 签到", f"booked for {at}, C checks in"), tongue, "bold $accent")
    if ticket.state is TicketState.UNCLAIMED:
        return pair(Words("可能没人拿着这个号；P 补打后有效", "perhaps nobody holds it"), tongue, "bold $warning")
    return Content("")


def keys_pane(able: frozenset[Act], tongue: Tongue, columns: int) -> Content:
    caps: list[Cap] = [(KEYS[act].key, KEYS[act].label, act in able) for act in KEYS if act not in BEYOND]
    rest = [(KEYS[act].key.upper(), KEYS[act].label, act in able) for act in BEYOND]
    rest += [("1-5", Words("名单", "lists"), True), ("↑↓", Words("选择", "choose"), True)]
    rest += [("L", Words("语言", "中/EN"), True), ("F1", Words("帮助", "Help"), True)]
    both = _foot(rest, tongue)
    foot = both if both.cell_length <= columns else _foot(rest, tongue, both=False)
    return lines([*key_rows(caps, tongue, columns), cut(foot, columns)])


def _foot(keys: list[Cap], tongue: Tongue, *, both: bool = True) -> Content:
    told = []
    for key, words, on in keys:
        style = "" if on else FAINT
        label = pair(words, tongue, style) if both else line((words.first(tongue), style))
        told.append(line((f" {key} ", "bold reverse" if on else FAINT), " ", label, "  "))
    return line(*told)
