"""Finding a ticket, searching the journal, and jumping between a row and what the journal says of it."""

from typing import TYPE_CHECKING

from counter_client.clerk.bundles import OUTCOMES, bundle_rows
from counter_client.manager.acts import Act, Focus, View
from counter_client.manager.day import Entry
from counter_client.manager.details import Details
from counter_client.manager.freeing import offers
from counter_client.manager.journal import Search, facts
from counter_client.manager.stranded import move_booking
from counter_client.reception.acts import find
from counter_client.widgets.dialogs import Choose, Type
from counter_client.widgets.told import Tone
from counter_client.words import TICKET_STATES, Words
from hall_controller.domain import events as e
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.alerts.visitors import whom
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.ticket import Ticket, TicketState

if TYPE_CHECKING:
    from counter_client.manager.screen import ManagerScreen


async def find_ticket(screen: "ManagerScreen") -> None:
    prompt = Words("号码，如 A001 或 1", "e.g. A001 or 1")
    typed = await screen.ask(Type(Words("查号", "Find a ticket"), screen.tongue, prompt=prompt))
    hall = screen.link.hall
    if not typed or hall is None:
        return
    living, ended = find(hall, typed)
    if len(living) > 1:
        ways = [
            (str(t.ticket), Words(f"{t.number} {TICKET_STATES[t.state].zh}", TICKET_STATES[t.state].en)) for t in living
        ]
        picked = await screen.ask(Choose(Words("哪一个？", "Which one?"), ways[:9], screen.tongue))
        living = [ticket for ticket in living if str(ticket.ticket) == picked]
        if not living:
            return
    if living:
        show_ticket(screen, living[0].ticket)
    elif ended:
        look_for(screen, ended[0].number or typed)
        states = "、".join(f"{one.number} {TICKET_STATES[one.state].zh}" for one in ended)
        screen.tell(Words(f"{states}，见日志。", "That ticket has ended; its journal is shown."))
    else:
        screen.tell(Words(f"今天没有“{typed}”这个号。", f'There is no ticket "{typed}" today.'), Tone.WARNING)


def show_ticket(screen: "ManagerScreen", ticket: int) -> None:
    """In the queue, or at the counter where it is."""
    hall = screen.link.hall
    found = hall.tickets.get(ticket) if hall is not None else None
    if found is None:
        screen.tell(Words("这个号今天已结束。", "That ticket has ended."), Tone.WARNING)
        return
    if found.counter is not None and found.state in (TicketState.CALLED, TicketState.SERVING):
        show_counter(screen, found.counter)
    else:
        screen.mark(View.QUEUE, ticket)
        screen.open_view(View.QUEUE)
    state = TICKET_STATES[found.state]
    several = _matters(screen, found)
    screen.tell(
        Words(f"{found.number}：{state.zh}。{several.zh}", f"{found.number}: {state.en}. {several.en}".rstrip())
    )


def _matters(screen: "ManagerScreen", ticket: Ticket) -> Words:
    """Of a visit for several: how each of them stands."""
    told = [(OUTCOMES[row.outcome], row.name) for row in bundle_rows(ticket, screen.matters)]
    return Words(
        "；".join(f"{state.zh} {name.zh}" for state, name in told),
        "; ".join(f"{state.en} {name.en}" for state, name in told),
    )


def show_counter(screen: "ManagerScreen", counter: int) -> None:
    screen.mark(View.COUNTERS, counter)
    screen.open_view(View.COUNTERS)


async def ask_search(screen: "ManagerScreen") -> None:
    prompt = Words("号码、窗口3、工号、类型", "number, c3, clerk, kind")
    title = Words("搜索今天的日志", "Search today's journal")
    typed = await screen.ask(Type(title, screen.tongue, prompt=prompt, initial=screen.search.typed))
    if typed is not None:
        look_for(screen, typed)


def look_for(screen: "ManagerScreen", typed: str) -> None:
    screen.search = Search(screen.day, typed)
    screen.marked[View.JOURNAL] = None
    screen.open_view(View.JOURNAL)


def leave_search(screen: "ManagerScreen") -> None:
    """The marked event stays marked, now among all others: what happened around it."""
    screen.search = Search(screen.day)
    screen.draw_soon()


def journal_of_row(screen: "ManagerScreen") -> None:
    focus, hall = screen.focus_of(screen.view), screen.link.hall
    ticket = hall.tickets.get(focus.ticket or 0) if hall is not None else None
    if focus.counter is not None:
        look_for(screen, f"c{focus.counter}")
    elif ticket is not None and ticket.number:
        look_for(screen, ticket.number)
    else:
        screen.open_view(View.JOURNAL)


async def see_rating(screen: "ManagerScreen", rating: e.TicketRated) -> None:
    """In full; whoever has read it has seen it."""
    hall = screen.link.hall
    if hall is None:
        return
    entry = screen.search.by_seq(rating.seq) or Entry(rating, "")
    rows = facts(entry, in_force(hall), screen.matters, screen.tongue)
    answer = await screen.ask(Details(Words("评价", "Rating"), rows, screen.tongue))
    screen.ratings.see(rating)
    if answer == "go" and rating.counter is not None:
        show_counter(screen, rating.counter)
    screen.draw_soon()


def open_paper(screen: "ManagerScreen") -> None:
    """The marked receipt's card; of papers that come here, their receiving; else the list of what is sent."""
    hall, marked = screen.link.hall, str(screen.marked[View.PAPERS] or "")
    if hall is None or not marked:
        return
    consignment = hall.consignments.get(marked)
    if consignment is not None and consignment.from_hall == in_force(hall).hall:
        screen.papers()
    else:
        screen.look_up(marked)


async def details(screen: "ManagerScreen") -> None:
    entry, hall = marked_entry(screen), screen.link.hall
    if entry is None or hall is None:
        return
    rows = facts(entry, in_force(hall), screen.matters, screen.tongue)
    if await screen.ask(Details(Words("日志", "Journal"), rows, screen.tongue)) == "go":
        go_to(screen)


def marked_entry(screen: "ManagerScreen") -> Entry | None:
    marked = screen.marked[View.JOURNAL]
    return screen.search.by_seq(marked) if isinstance(marked, int) else None


def go_to(screen: "ManagerScreen") -> None:
    """From the marked line of the journal to the ticket or counter that it is about."""
    entry, hall = marked_entry(screen), screen.link.hall
    if screen.view is View.ALERTS and hall is not None:
        _go_to_alert(screen, hall)
        return
    if screen.view is not View.JOURNAL or entry is None or hall is None:
        return
    ticket, counter = (getattr(entry.event, field, None) for field in ("ticket", "counter"))
    if isinstance(ticket, int) and ticket in hall.tickets:
        show_ticket(screen, ticket)
    elif isinstance(counter, int):
        show_counter(screen, counter)
    else:
        screen.tell(Words("这一条没有窗口，号也已结束。", "This names no counter, and its ticket has ended."))


def offered(screen: "ManagerScreen") -> dict[Act, Focus]:
    """What can be done from the marked alert."""
    hall = screen.link.hall
    if screen.view is not View.ALERTS or hall is None:
        return {}
    return offers(hall, hall.alerts.get(str(screen.marked[View.ALERTS])), screen.link.now_ms())


def _go_to_alert(screen: "ManagerScreen", hall: Hall) -> None:
    rating = screen.ratings.get(screen.marked[View.ALERTS])
    if rating is not None and rating.counter is not None:
        show_counter(screen, rating.counter)
    alert = hall.alerts.get(str(screen.marked[View.ALERTS]))
    if alert is None:
        return
    named = whom(hall, alert, screen.link.now_ms())
    if named and not alert.subject.isdigit():
        show_ticket(screen, named[0].ticket)
    elif alert.alert is AlertKind.BOOKINGS_STRANDED:
        screen.run_worker(move_booking(screen, alert.subject))
    elif alert.subject in hall.acceptances or alert.subject in hall.consignments:
        screen.mark(View.PAPERS, alert.subject)
        open_paper(screen)
    elif alert.subject.isdigit():
        show_counter(screen, int(alert.subject))
    elif alert.subject:
        screen.mark(View.DEVICES, alert.subject)
        screen.open_view(View.DEVICES)
    else:
        screen.tell(Words("这条警示说的是整个大厅。", "This alert is about the whole hall."))
