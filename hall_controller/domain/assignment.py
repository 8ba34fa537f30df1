"""The assignment policy: which waiting ticket goes to which ready counter.

By default any counter takes any matter. `fcfs` calls in order of place over all classes.
`priority` calls priority and on-time appointment visitors (the favoured) first, but at most
k (`favoured_limit`) of them in a row while an ordinary visitor waits: so an ordinary visitor
at the head is passed by at most k others, and nobody starves.
"""

from collections.abc import Iterator

from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.rules import Mode, Policy
from hall_controller.domain.ticket import Paper, Place, Ticket, TicketState, VisitorClass

Entry = tuple[Place, int]
FAVOURED = (VisitorClass.PRIORITY, VisitorClass.APPOINTMENT)


def choose(hall: Hall, counter: Counter, at_ms: int) -> Ticket | None:
    """The ticket that this counter is to call now, or None when nobody waits for it."""
    ordinary = _first(hall, VisitorClass.ORDINARY, counter, at_ms)
    favoured = min(filter(None, (_first(hall, c, counter, at_ms) for c in FAVOURED)), default=None)
    entry = _prefer(hall.policy, favoured, ordinary, hall.favoured_run, hall.favoured_limit)
    return hall.tickets[entry[1]] if entry else None


def run_after(hall: Hall, called: Ticket) -> int:
    """The favoured run once this ticket is called: only calls that an ordinary visitor had to watch count."""
    if called.visitor_class not in FAVOURED:
        return 0
    return hall.favoured_run + 1 if hall.queues.get(VisitorClass.ORDINARY) else 0


def may_take(counter: Counter, ticket: Ticket, hall: Hall) -> bool:
    """Whether the counter's narrowing, and the ticket's transfer, let them meet."""
    narrowing = counter.narrowing
    if narrowing.groups and ticket.group not in narrowing.groups:
        return False
    if narrowing.languages and ticket.language not in narrowing.languages:
        return False
    return ticket.only_counter in (None, counter.counter) or not _is_open(hall, ticket.only_counter)


def ready_counters(hall: Hall) -> list[Counter]:
    """Those ready for a visitor, the longest idle first."""
    ready = [counter for counter in hall.counters.values() if counter.state is CounterState.READY]
    return sorted(ready, key=lambda counter: (counter.since_ms, counter.counter))


def call_order(hall: Hall) -> Iterator[int]:
    """Waiting tickets in the order in which counters that take anything would call them."""
    ordinary = [entry for entry in hall.queues.get(VisitorClass.ORDINARY, ())]
    favoured = sorted(entry for c in FAVOURED for entry in hall.queues.get(c, ()))
    f = o = 0
    run = hall.favoured_run
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
            run = 0
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
        if not fresh and may_take(counter, ticket, hall):
            return entry
    return None


def _is_open(hall: Hall, number: int | None) -> bool:
    counter = hall.counters.get(number or 0)
    return counter is not None and counter.state is not CounterState.CLOSED


def is_callable(ticket: Ticket) -> bool:
    """An unclaimed ticket is skipped by the policy, but may be called when its visitor stands there after all."""
    return ticket.state in (TicketState.WAITING, TicketState.UNCLAIMED, TicketState.MISSED)
