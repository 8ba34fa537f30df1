"""The terminals of clerk, reception and manager beside the hall, as lines of text at the smallest size."""

from counter_client.clerk.panes import side_pane, visitor_pane
from counter_client.clerk.view import ClerkView, clerk_view
from counter_client.manager import panes
from counter_client.manager.alerts import alert_lines, sorted_alerts
from counter_client.manager.sentences import sentence
from counter_client.manager.view import counter_rows, queue_order, summary
from counter_client.reception.panes import chosen_pane, tabs_pane, tickets_pane
from counter_client.reception.view import TAB_OF_STATE, Tab, reception_view
from counter_client.words import Tongue
from hall_controller.cli.watching import render
from hall_controller.domain.assignment import choose
from hall_controller.domain.counter import CounterState
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, in_force, waiting_count
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import TicketState, VisitorClass
from tests.unit.domain.support import CATALOGUE
from tests.unit.projections import truth
from tests.unit.projections.board import free_words
from tests.unit.projections.plain import check_english, check_plain

MATTERS = CATALOGUE.matters
TONGUES: tuple[Tongue, ...] = ("zh", "en")


def check_terminals(mine: Hall, hall: Hall, now_ms: int, step: int) -> None:
    """`mine` is the hall as the terminals hold it. One counter, list and ticket after another by `step`."""
    tongue = TONGUES[step % 2]
    number = 1 + step % in_force(hall).counters
    check_clerk(mine, hall, number, now_ms, tongue)
    check_reception(mine, hall, now_ms, list(Tab)[step % len(Tab)], step, tongue)
    check_manager(mine, hall, now_ms, tongue)
    check_plain(render(mine, now_ms), "hall show", *typed(hall))


def typed(hall: Hall) -> tuple[str, ...]:
    """Words that people have chosen: names of matters are codes in this hall."""
    return (*free_words(hall), *MATTERS, "open_restaurant")


def check_clerk(mine: Hall, hall: Hall, number: int, now_ms: int, tongue: Tongue) -> None:
    view = clerk_view(mine, number, now_ms, MATTERS)
    counter = hall.counters.get(number)
    assert view.state == (counter.state if counter is not None else CounterState.CLOSED)
    ticket = hall.tickets.get(counter.ticket or 0) if counter is not None else None
    shown = view.visitor.number if view.visitor is not None else None
    assert shown == (ticket.number if ticket is not None else None)
    assert view.waiting.total == waiting_count(hall)
    assert view.missed == len(truth.in_state(hall, TicketState.MISSED))
    held = {t.number for t in hall.tickets.values() if t.state is TicketState.HELD and t.counter == number}
    assert {one.number for one in view.held} == held
    assert (view.undo is not None) <= (counter is not None and counter.last_act is not None)
    _check_next(view, hall, number, now_ms)
    for pane in (visitor_pane(view, tongue, 49, 14), side_pane(view, tongue, 23, 15)):
        check_plain(pane.plain, "the clerk's terminal", *typed(hall))


def _check_next(view: ClerkView, hall: Hall, number: int, now_ms: int) -> None:
    """Whoever stands first in the list is whom the next key calls."""
    counter = hall.counters.get(number)
    if counter is None or counter.state is not CounterState.READY or hall.mode is Mode.PUSH:
        return
    chosen = choose(hall, counter, now_ms)
    if chosen is not None and chosen.state is TicketState.WAITING:
        assert chosen.number == view.upcoming[0][0]
    else:
        assert not view.upcoming


def check_reception(mine: Hall, hall: Hall, now_ms: int, tab: Tab, step: int, tongue: Tongue) -> None:
    tickets = list(mine.tickets)
    chosen = tickets[step % len(tickets)] if tickets else None
    view = reception_view(mine, tab, chosen, now_ms)
    states = [state for state, its in TAB_OF_STATE.items() if its is tab]
    assert {one.ticket for one in view.tickets} == set(truth.in_state(hall, *states))
    assert sum(view.counts.values()) == len(hall.tickets)
    rules = in_force(mine)
    for pane in (
        tabs_pane(view, tongue, 80),
        tickets_pane(view, rules, MATTERS, tongue, 80, 10),
        chosen_pane(view, rules, MATTERS, tongue, 80, 6),
    ):
        check_plain(pane.plain, "reception", *typed(hall))


def check_manager(mine: Hall, hall: Hall, now_ms: int, tongue: Tongue) -> None:
    view = summary(mine, now_ms)
    assert view.waiting == waiting_count(hall)
    assert view.visits == sum(hall.visits.values())
    assert view.missed == len(truth.in_state(hall, TicketState.MISSED))
    rows = counter_rows(mine, now_ms, MATTERS)
    at_counters = {(row.number, row.counter) for row in rows if row.number is not None and row.state != "serving"}
    assert at_counters == truth.called(hall)
    order = queue_order(mine)
    queued = (TicketState.WAITING, TicketState.MISSED, TicketState.UNCLAIMED, TicketState.HELD)
    assert set(order) == set(truth.in_state(hall, *queued))
    estimates = predict(mine, now_ms)
    text = [panes.summary_pane(view, predict_newcomer(mine, VisitorClass.ORDINARY, now_ms), tongue, 80, 2).plain]
    text += [panes.counter_row(row, tongue, 80).plain for row in rows]
    for place, ticket in enumerate(order):
        row = panes.ticket_row(place, mine.tickets[ticket], estimates.get(ticket), now_ms, MATTERS, tongue, 80)
        text.append(row.plain)
    text += [row.plain for alert in sorted_alerts(mine) for row in alert_lines(mine, alert, now_ms, tongue, 78)]
    for one in text:
        check_plain(one, "the console", *typed(hall))


def check_sentence(event: Event, hall: Hall) -> None:
    """What the console's journal says of an event."""
    words = sentence(event, in_force(hall), MATTERS)
    assert words.zh
    assert words.en
    allowed = (*typed(hall), *filter(None, (event.by, event.why)), "".join(getattr(event, "outstanding_zh", ())))
    check_plain(words.zh, f"the journal of {type(event).__name__}", *allowed)
    check_plain(words.en, f"the journal of {type(event).__name__}", *allowed)
    if not any(hasattr(event, name) for name in ("zh", "reason", "department", "outstanding_zh", "rules", "detail")):
        check_english(words.en, f"the journal of {type(event).__name__}", *allowed)
