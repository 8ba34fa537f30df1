"""What stands in each pane that is seen, and nothing that is not: a console of forty counters must stay quick."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from counter_client.manager import finding, panes, papers
from counter_client.manager.acts import VIEWS, View
from counter_client.manager.alerts import advice_lines, alert_lines, alert_rows, sorted_alerts
from counter_client.manager.curve import CurvePlot, drawn, legend
from counter_client.manager.journal import Newest, entry_row
from counter_client.manager.lists import ListPane
from counter_client.manager.ratings import rating_line, rating_rows, row_id
from counter_client.manager.surroundings import box_row, device_row, devices
from counter_client.manager.view import class_rows, counter_rows, queue_order, summary
from counter_client.widgets.look import SOFT, cut, line, lines, pair, pair_in
from counter_client.widgets.pane import Pane
from counter_client.words import Words
from hall_controller.domain.alert import key
from hall_controller.domain.hall import Hall, in_force, waiting_count
from hall_controller.domain.keeping import keeper
from hall_controller.domain.ticket import VisitorClass

if TYPE_CHECKING:
    from counter_client.manager.screen import ManagerScreen


FIRST_MARKED = (View.COUNTERS, View.QUEUE, View.ALERTS, View.PAPERS)
"""Lists whose first row is marked until another is chosen: a key has something to act on at once."""


Piece = View | str
TOP = ("summary", "advice", "tabs", "keys")


def pieces(screen: "ManagerScreen") -> list[Piece]:
    """What is seen now; each can be drawn by itself."""
    return [*TOP, *(view for view in VIEWS if screen.shows(view))]


def draw(screen: "ManagerScreen", hall: Hall, piece: Piece) -> None:
    at_ms = screen.link.now_ms()
    if isinstance(piece, View):
        DRAWERS[piece](screen, hall, at_ms)
        return
    pane = screen.query_one(f"#{piece}", Pane)
    columns = pane.room[0]
    match piece:
        case "summary":
            newcomer = screen.predictions.known.newcomers.get(VisitorClass.ORDINARY)
            pane.show(panes.summary_pane(summary(hall, at_ms), newcomer, screen.tongue, *pane.room))
        case "advice":
            _advice(screen, hall, at_ms, pane)
        case "tabs" if not screen.grand:
            pane.show(panes.tabs_pane(screen.view, counts(screen, hall), screen.tongue, columns))
        case "keys":
            focus, offered = screen.focus_of(screen.view), finding.offered(screen)
            able = screen.able(hall)
            pane.show(panes.keys_pane(able, screen.view, hall, focus, screen.tongue, columns, offered=offered))


def _advice(screen: "ManagerScreen", hall: Hall, at_ms: int, pane: Pane) -> None:
    """The gravest alert, where the alerts are not seen beside it, and always the staffing advice."""
    columns = pane.room[0] or screen.size.width - 2
    told: list[Content] = []
    if not screen.shows(View.ALERTS):
        found, low = sorted_alerts(hall), screen.ratings.unseen()
        if found:
            told = alert_lines(hall, found[0], at_ms, screen.tongue, columns)
        elif low:
            told = [cut(rating_line(low[0], screen.tongue), columns)]
    told += advice_lines(screen.predictions.advice, screen.tongue, columns)
    pane.display = bool(told)
    if told:
        pane.styles.height = len(told)
        pane.show(lines(told))


def counts(screen: "ManagerScreen", hall: Hall) -> dict[View, int | None]:
    found = papers.standing(hall, screen.link.now_ms())
    return {
        View.QUEUE: waiting_count(hall),
        View.ALERTS: len(hall.alerts) + len(screen.ratings.unseen()) or None,
        View.PAPERS: found.overdue + found.lists_overdue or None,
    }


def title(screen: "ManagerScreen", view: View, *more: Words) -> Content:
    """For the border: the digit, the name, and what is special now."""
    digit = list(VIEWS).index(view) + 1
    named = line(
        (f" {digit} ", "bold reverse" if view is screen.view else ""), " ", pair(VIEWS[view], screen.tongue, "bold")
    )
    for words in more:
        named = line(named, "  ", (words.first(screen.tongue), SOFT))
    return line(named, " ")


def first_shown(screen: "ManagerScreen", view: View) -> int:
    """The place of the first line shown in a list."""
    pane, rows = screen.query_one(f"#{view.value}", ListPane), screen.rows[view]
    marked = screen.marked[view]
    at = rows.index(marked) if marked in rows else None
    return panes.window(len(rows), at, pane.room[1] - pane.above)


def _frame(screen: "ManagerScreen", pane: Pane, view: View, *more: Words) -> None:
    if screen.grand:
        pane.frame(title(screen, view, *more), Content(""))


def _place(screen: "ManagerScreen", view: View, ids: Sequence[int | str]) -> int | None:
    """Remember what the list is of; the place of the marked row. One that has gone leaves its neighbour marked."""
    before = screen.rows[view]
    screen.rows[view] = ids
    if view in FIRST_MARKED and view not in screen.touched:
        screen.marked[view] = ids[0] if ids else None
    marked = screen.marked[view]
    if marked is None:
        return None
    try:
        return ids.index(marked)
    except ValueError:
        pass
    near = before.index(marked) if marked in before else 0
    screen.marked[view] = ids[min(near, len(ids) - 1)] if ids else None
    return min(near, len(ids) - 1) if ids else None


def _counters(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    pane = screen.query_one(f"#{View.COUNTERS.value}", ListPane)
    columns, height = pane.room
    rows = counter_rows(hall, at_ms, screen.matters, by_number=screen.by_number)
    ids: list[int | str] = [row.counter for row in rows]
    at = _place(screen, View.COUNTERS, ids)
    pane.above = 1
    order = Words("按号", "by number") if screen.by_number else Words("有问题的在上", "trouble first")
    _frame(screen, pane, View.COUNTERS, order)
    told = panes.list_pane(
        len(rows),
        lambda place: panes.counter_row(rows[place], screen.tongue, columns - 1),
        at,
        columns,
        height - 1,
        marked=screen.view is View.COUNTERS,
    )
    pane.show(lines([panes.headings(panes.COUNTER_HEADINGS, screen.tongue, columns), told]))


def _queue(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    pane = screen.query_one(f"#{View.QUEUE.value}", ListPane)
    columns, height = pane.room
    order = queue_order(hall)
    ids: list[int | str] = list(order)
    at = _place(screen, View.QUEUE, ids)
    known = screen.predictions.known
    above = [*panes.classes_pane(class_rows(hall, at_ms), known.newcomers, screen.tongue, columns)]
    above.append(panes.headings(panes.TICKET_HEADINGS, screen.tongue, columns))
    pane.above = len(above)
    _frame(screen, pane, View.QUEUE)
    if not order:
        nobody = Words("没有人等候", "nobody is waiting")
        pane.show(lines([*above, panes.nothing(nobody, screen.tongue, columns)]))
        return

    def row(place: int) -> Content:
        ticket = hall.tickets[order[place]]
        estimate = known.tickets.get(ticket.ticket)
        kept_for = keeper(hall, ticket, at_ms)
        return panes.ticket_row(
            place, ticket, estimate, at_ms, screen.matters, screen.tongue, columns - 1, kept_for=kept_for
        )

    told = panes.list_pane(len(order), row, at, columns, height - len(above), marked=screen.view is View.QUEUE)
    pane.show(lines([*above, told]))


def _curve(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    box = screen.query_one("#curve")
    rules = in_force(hall)
    screen.day.curve.reach(rules, at_ms)
    if screen.grand:
        named = title(screen, View.CURVE, Words("每半小时", "by half hours"))
        if screen.curve_title != named.plain:
            screen.curve_title = named.plain
            box.border_title = named.markup
    shown = screen.query_one("#legend", Pane)
    shown.show(legend(screen.tongue, shown.room[0]))
    screen.query_one("#plot", CurvePlot).show(drawn(screen.day.curve, rules, at_ms))


def _devices(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    pane = screen.query_one(f"#{View.DEVICES.value}", ListPane)
    columns, height = pane.room
    found = devices(hall, screen.devices, at_ms, screen.desk.clock_rate)
    at = _place(screen, View.DEVICES, [device.name for device in found])
    _frame(screen, pane, View.DEVICES)
    pane.above = 1
    told = panes.list_pane(
        len(found),
        lambda place: device_row(found[place], screen.tongue, columns - 1),
        at,
        columns,
        height - 1,
        marked=screen.view is View.DEVICES,
    )
    pane.show(lines([box_row(screen.status, screen.tongue, columns), told]))


def _alerts(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    pane = screen.query_one(f"#{View.ALERTS.value}", ListPane)
    columns, height = pane.room
    found, low = sorted_alerts(hall), screen.ratings.unseen()
    ids: list[int | str] = [*(row_id(event) for event in low), *(key(one.alert, one.subject) for one in found)]
    at = _place(screen, View.ALERTS, ids)
    _frame(screen, pane, View.ALERTS)
    if not ids:
        pane.show(panes.nothing(Words("没有警示", "nothing is wrong"), screen.tongue, columns))
        return
    rated = at is not None and at < len(low)
    told: list[Content] = []
    if low and not rated:
        more = Words(f" * {len(low)} 个差评还没看（Home）", f" * {len(low)} low ratings unseen (Home)")
        told.append(cut(line((more.first(screen.tongue), "bold $warning")), columns))
    for event in low[at:] if rated else ():
        told += rating_rows(event, in_force(hall), screen.matters, screen.tongue, columns, marked=event is low[at or 0])
    place = None if rated or at is None else at - len(low)
    if len(told) < height:
        told += alert_rows(hall, found, place, at_ms, screen.tongue, columns, height - len(told))
    pane.show(lines(told[:height]))


def _papers(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    pane = screen.query_one(f"#{View.PAPERS.value}", ListPane)
    columns, height = pane.room
    found = papers.rows(hall, at_ms)
    at = _place(screen, View.PAPERS, found)
    _frame(screen, pane, View.PAPERS)
    pane.above = 1
    above = papers.head(papers.standing(hall, at_ms), screen.tongue, columns)
    if not found:
        none = Words("没有在办的受理，没有在途的材料", "nothing accepted is open, no papers are under way")
        pane.show(lines([above, panes.nothing(none, screen.tongue, columns)]))
        return

    def row(place: int) -> Content:
        return papers.row(found[place], hall, screen.matters, at_ms, screen.tongue, columns - 1)

    told = panes.list_pane(len(found), row, at, columns, height - 1, marked=screen.view is View.PAPERS)
    pane.show(lines([above, told]))


def _journal(screen: "ManagerScreen", hall: Hall, at_ms: int) -> None:
    del at_ms
    pane = screen.query_one(f"#{View.JOURNAL.value}", ListPane)
    columns, height = pane.room
    rules = in_force(hall)
    entries = screen.search.entries()
    count = len(entries)
    at = _place(screen, View.JOURNAL, Newest(entries))
    typed = screen.search.typed
    searched = Words(f"“{typed}” {count} 条，Esc 全部", f'"{typed}": {count}, Esc shows all') if typed else None
    more = (searched,) if searched else ()
    _frame(screen, pane, View.JOURNAL, *more)
    head = [] if screen.grand or searched is None else [pair_in(searched, screen.tongue, columns, "bold $accent")]
    pane.above = len(head)
    if not count:
        nothing = Words("没有符合的", "nothing matches") if typed else Words("今天还没有记录", "nothing yet today")
        pane.show(lines([*head, panes.nothing(nothing, screen.tongue, columns)]))
        return

    def row(place: int) -> Content:
        return entry_row(entries[count - 1 - place], rules, screen.matters, screen.tongue, columns - 1)

    told = panes.list_pane(count, row, at, columns, height - len(head), marked=screen.view is View.JOURNAL)
    pane.show(lines([*head, told]))


DRAWERS = {
    View.COUNTERS: _counters,
    View.QUEUE: _queue,
    View.CURVE: _curve,
    View.ALERTS: _alerts,
    View.DEVICES: _devices,
    View.JOURNAL: _journal,
    View.PAPERS: _papers,
}
