"""The assignment policy: which waiting ticket goes to which ready counter.

By default any counter takes any matter. `fcfs` calls in order of place over all classes.
`priority` calls priority and on-time appointment visitors (the favoured) first, but at most
k (`favoured_limit`) of them in a row while an ordinary visitor waits: so an ordinary visitor
at the head is passed by at most k others, and nobody starves. Where counters are narrowed, the
hall's run alone would not do (a counter that calls ordinary visitors of its own kind would end the
run again and again, while another passes the head of the queue each time), so a ticket also counts
by how many it was passed.
"""

from collections.abc import Iterator

from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.hall import Hall, in_force, is_after_closing
from hall_controller.domain.keeping import keeper, leaves_to_window, suits
from hall_controller.domain.rules import Mode, Policy
from hall_controller.domain.ticket import Paper, Place, Ticket, TicketState, VisitorClass

Entry = tuple[Place, int]
FAVOURED = (VisitorClass.PRIORITY, VisitorClass.APPOINTMENT)


def choose(hall: Hall, counter: Counter, at_ms: int) -> Ticket | None:
    """The ticket that this counter is to call now, or None when nobody waits for it."""
    ordinary = _first(hall, VisitorClass.ORDINARY, counter, at_ms)
    favoured = min(filter(None, (_first(hall, c, counter, at_ms) for c in FAVOURED)), default=None)
    entry = _prefer(hall.policy, favoured, ordinary, run_before(hall, ordinary), hall.favoured_limit)
    return hall.tickets[entry[1]] if entry else _second_call(hall, counter, at_ms)


def _second_call(hall: Hall, counter: Counter, at_ms: int) -> Ticket | None:
    """After closing, when nobody else waits: one who was called only once and missed it, the longest ago first."""
    if not is_after_closing(hall) or any(hall.queues.values()):
        return None
    once = [
        ticket
        for ticket in hall.tickets.values()
        if ticket.state is TicketState.MISSED and ticket.announced < 2 and may_take(counter, ticket, hall, at_ms)
    ]
    return min(once, key=lambda ticket: (ticket.missed_at_ms or 0, ticket.ticket), default=None)


def run_before(hall: Hall, ordinary: Entry | None) -> int:
    """How many favoured calls in a row the ordinary visitor who is next has had to watch."""
    return max(len(hall.favoured_run), len(hall.tickets[ordinary[1]].passed) if ordinary else 0)


def passed_by(hall: Hall, counter: Counter, called: Ticket, at_ms: int) -> int | None:
    """The ordinary ticket that this counter passes by calling a favoured one."""
    if hall.policy is Policy.FCFS or called.visitor_class not in FAVOURED:
        return None
    ordinary = _first(hall, VisitorClass.ORDINARY, counter, at_ms)
    return ordinary[1] if ordinary else None


def run_after(hall: Hall, called: Ticket) -> int:
    """The favoured run once this ticket is called: only calls that an ordinary visitor had to watch count."""
    if called.visitor_class not in FAVOURED:
        return 0
    return len(hall.favoured_run) + 1 if hall.queues.get(VisitorClass.ORDINARY) else 0


def may_take(counter: Counter, ticket: Ticket, hall: Hall, at_ms: int) -> bool:
    """Whether the counter's narrowing, and whom the visitor is kept for, let them meet now."""
    if not suits(counter, ticket) or leaves_to_window(hall, counter, ticket, at_ms):
        return False
    return ticket.only_counter in (None, counter.counter) or keeper(hall, ticket, at_ms) is None


def ready_counters(hall: Hall) -> list[Counter]:
    """Those ready for a visitor, the longest idle first."""
    ready = [counter for counter in hall.counters.values() if counter.state is CounterState.READY]
    return sorted(ready, key=lambda counter: (counter.since_ms, counter.counter))


def call_order(hall: Hall) -> Iterator[int]:
    """Waiting tickets in the order in which counters that take anything would call them."""
    ordinary = list(hall.queues.get(VisitorClass.ORDINARY, ()))
    favoured = sorted(entry for c in FAVOURED for entry in hall.queues.get(c, ()))
    f = o = 0
    run = run_before(hall, ordinary[0] if ordinary else None)
    while f < len(favoured) or o < len(ordinary):
        first_favoured = favoured[f] if f < len(favoured) else None
        first_ordinary = ordinary[o] if o < len(ordinary) else None
        entry = _prefer(hall.policy, first_favoured, first_ordinary, run, hall.favoured_limit)
        assert entry is not None
        if entry is first_favoured:
            f += 1
            run = run + 1 if first_ordinary else 0
        else:
            o += 1
            run = len(hall.tickets[ordinary[o][1]].passed) if o < len(ordinary) else 0
        yield entry[1]


def _prefer(policy: Policy, favoured: Entry | None, ordinary: Entry | None, run: int, limit: int) -> Entry | None:
    if favoured is None or ordinary is None:
        return favoured or ordinary
    if policy is Policy.FCFS:
        return min(favoured, ordinary)
    return favoured if run < limit else ordinary


def _first(hall: Hall, visitor_class: VisitorClass, counter: Counter, at_ms: int) -> Entry | None:
    push_wait_ms = in_force(hall).print_wait_s * 1000 if hall.mode is Mode.PUSH else 0
    for entry in hall.queues.get(visitor_class, ()):
        ticket = hall.tickets[entry[1]]
        fresh = push_wait_ms and ticket.paper is Paper.PENDING and at_ms < ticket.issued_at_ms + push_wait_ms
        if not fresh and may_take(counter, ticket, hall, at_ms):
            return entry
    return None


def is_callable(ticket: Ticket) -> bool:
    """An unclaimed ticket is skipped by the policy, but may be called when its visitor stands there after all."""
    return ticket.state in (TicketState.WAITING, TicketState.UNCLAIMED, TicketState.MISSED)
