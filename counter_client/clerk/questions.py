"""What a clerk is asked before an act: for whom, where to, which matter. Each answers a command, or None when left."""

from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from counter_client.clerk.accepting import accept
from counter_client.clerk.acts import Act, Seen, counter_of, held_here, missed
from counter_client.clerk.asking import Asker
from counter_client.clerk.bundles import MarkMatter, bundle_rows, documents_page, finish_dialog, finishing
from counter_client.clerk.serving import serve_what, served_words
from counter_client.entries import ticket_entry
from counter_client.questions import add_matter, ask_amendment, pick_matter
from counter_client.widgets.dialogs import Choose, Entry, Pick, Type
from counter_client.widgets.look import line, pair
from counter_client.words import COUNTER_STATES, Words
from hall_controller.domain import commands as c
from hall_controller.domain.assignment import call_order
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.ticket import Language, Ticket, TicketState

Wanted = c.Command | Sequence[c.Command] | None
"""One command, or several that belong to one press, in their order."""


async def ask(screen: Asker, act: Act, hall: Hall, looked: Seen) -> Wanted:
    question = QUESTIONS[act]
    return await question(screen, hall, looked)


async def open_counter(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del hall, looked
    clerk = screen.clerk
    if clerk is None:
        title, prompt = Words("开窗", "Open the counter"), Words("您的工号", "your clerk id")
        clerk = await screen.ask(Type(title, screen.tongue, prompt=prompt, check=_clerk_id))
    return c.OpenCounter(counter=screen.number, clerk=clerk) if clerk else None


async def hand_over(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    """The colleague's id, and the narrowing only where it is not the counter's own: it would be lost unseen."""
    here = counter_of(hall, screen.number)
    visitor = Words(f"，{looked.number} 继续办理", f", with {looked.number}") if looked.number else Words("", "")
    title = Words(f"交接窗口{visitor.zh}", f"Hand over{visitor.en}")

    def wrong(typed: str) -> Words | None:
        if typed == here.clerk:
            return Words(f"{typed} 已经在这个窗口。", f"{typed} is at this counter already.")
        return _clerk_id(typed)

    clerk = await screen.ask(
        Type(title, screen.tongue, prompt=Words("接手同事的工号", "your colleague's clerk id"), check=wrong)
    )
    if not clerk:
        return None
    wanted = c.HandOverCounter(counter=screen.number, clerk=clerk)
    narrowing = here.narrowing
    if narrowing == in_force(hall).narrow.get(screen.number, Narrowing()):
        return wanted
    only = served_words(narrowing, screen.matters) or Words("什么都办", "anything")
    ways = [
        ("keep", Words(f"照旧：{only.zh}", f"as now: {only.en}")),
        ("own", Words("按本窗口的设置", "as this counter is set")),
    ]
    match await screen.ask(Choose(title, ways, screen.tongue)):
        case "keep":
            languages = tuple(Language(language) for language in narrowing.languages)
            return replace(wanted, groups=narrowing.groups, languages=languages)
        case "own":
            return wanted
    return None


def _clerk_id(typed: str) -> Words | None:
    if not typed:
        return Words("请输入工号。", "Type your clerk id.")
    return Words("工号最多 64 个字。", "At most 64 letters.") if len(typed) > 64 else None


async def call_chosen(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del looked
    ticket = await _pick_ticket(screen, hall, Words("选一位来叫（不按次序）", "Call out of turn"), _callable(hall))
    return c.CallTicket(counter=screen.number, ticket=ticket) if ticket else None


def _callable(hall: Hall) -> list[Ticket]:
    """In the order in which they would be called; then those who missed their call, or whose ticket nobody took."""
    waiting = [hall.tickets[ticket] for ticket in call_order(hall)]
    return [*waiting, *missed(hall), *(t for t in hall.tickets.values() if t.state is TicketState.UNCLAIMED)]


async def resume_held(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del looked
    held = held_here(hall, screen.number)
    if len(held) == 1:
        return c.ResumeTicket(counter=screen.number, ticket=held[0].ticket)
    ticket = await _pick_ticket(screen, hall, Words("取回哪一位？", "Get back whom?"), held)
    return c.ResumeTicket(counter=screen.number, ticket=ticket) if ticket else None


async def return_missed(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del looked
    ticket = await _pick_ticket(screen, hall, Words("过号的哪一位回来了？", "Who is back?"), missed(hall))
    return c.ReturnToQueue(ticket=ticket) if ticket else None


async def _pick_ticket(screen: Asker, hall: Hall, title: Words, tickets: list[Ticket]) -> int | None:
    del hall
    at_ms = screen.link.now_ms()
    entries = [ticket_entry(ticket, at_ms, screen.matters, screen.tongue) for ticket in tickets]
    picked = await screen.ask(Pick(title, entries, screen.tongue, prompt=Words("号码或事项", "number or matter")))
    return next((ticket.ticket for ticket in tickets if ticket.number == picked), None) if picked else None


async def walk_in(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del hall, looked
    matter = await pick_matter(screen, Words("无号办理：什么事项？", "Walk-in: which matter?"))
    return c.ServeUnticketed(counter=screen.number, matter=matter) if matter else None


async def transfer(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    ways = [
        ("counter", Words("转到另一窗口", "to another counter")),
        ("matter", Words("转办另一事项（任一窗口）", "to another matter, at any counter")),
    ]
    title = Words(f"转办 {looked.number}", f"Transfer {looked.number}")
    match await screen.ask(Choose(title, ways, screen.tongue)):
        case "counter":
            to = await screen.ask(
                Pick(title, _counters(screen, hall), screen.tongue, prompt=Words("窗口号", "counter"))
            )
            return c.Transfer(counter=screen.number, ticket=looked.ticket, to_counter=int(to)) if to else None
        case "matter":
            matter = await pick_matter(screen, title)
            return c.Transfer(counter=screen.number, ticket=looked.ticket, matter=matter) if matter else None
    return None


def _counters(screen: Asker, hall: Hall) -> list[Entry]:
    """The other open counters."""
    entries = []
    for number, counter in sorted(hall.counters.items()):
        if counter.state is not CounterState.CLOSED and number != screen.number:
            state = pair(COUNTER_STATES[counter.state], screen.tongue)
            serves = served_words(counter.narrowing, screen.matters)
            only = pair(serves, screen.tongue) if serves is not None else ""
            name = pair(Words(f"窗口 {number:>2}", f"counter {number}"), screen.tongue, "bold")
            entries.append(Entry(str(number), line(name, "  ", state, "  ", only), f"{number}"))
    return entries


async def amend(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del hall
    return await ask_amendment(screen, looked.ticket or 0, looked.number or "")


async def reprint(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    del hall
    return c.ReprintTicket(ticket=looked.ticket or 0, print_at=screen.settings.print_at)


async def finish(screen: Asker, hall: Hall, looked: Seen) -> Wanted:
    """Asked of a visitor of whose matters some are open."""
    ticket = hall.tickets[looked.ticket or 0]
    done = await screen.ask(finish_dialog(ticket, screen.matters, screen.tongue))
    return finishing(screen.number, ticket, done) if done is not None else None


async def mark_matter(screen: Asker, hall: Hall, looked: Seen) -> Wanted:
    ticket = hall.tickets[looked.ticket or 0]
    title = Words(f"{ticket.number} 的事项", "The visitor's matters")
    marked = await screen.ask(MarkMatter(title, bundle_rows(ticket, screen.matters), screen.tongue))
    if marked is None:
        return None
    matter, outcome = marked
    return c.HandleMatter(counter=screen.number, ticket=ticket.ticket, matter=matter, outcome=outcome)


async def add(screen: Asker, hall: Hall, looked: Seen) -> Wanted:
    del hall
    return await add_matter(screen, looked.ticket or 0, looked.number or "")


async def documents(screen: Asker, hall: Hall, looked: Seen) -> Wanted:
    await screen.ask(documents_page(hall.tickets[looked.ticket or 0], screen.matters, screen.tongue))
    return None


Question = Callable[[Asker, Hall, Seen], Awaitable[Wanted]]
QUESTIONS: dict[Act, Question] = {
    Act.OPEN: open_counter,
    Act.HAND_OVER: hand_over,
    Act.QUEUE: call_chosen,
    Act.RESUME: resume_held,
    Act.RETURN: return_missed,
    Act.WALK_IN: walk_in,
    Act.TRANSFER: transfer,
    Act.AMEND: amend,
    Act.REPRINT: reprint,
    Act.FINISH: finish,
    Act.MATTERS: mark_matter,
    Act.ADD_MATTER: add,
    Act.DOCUMENTS: documents,
    Act.ACCEPT: accept,
    Act.SERVES: serve_what,
}
