"""At the counter of whoever is trained: what the visitor there does, told in words, since nobody can be seen."""

from collections.abc import Callable

from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.ticket import Ticket, TicketState
from hall_controller.rehearsal.agenda import Person, Until, Wait
from hall_controller.rehearsal.day import Visitor
from hall_controller.rehearsal.floor import Floor
from hall_controller.rehearsal.visiting import comes_back

FETCHES_S = 240.0
"""Of somebody whom the trainee sends away."""
Tell = Callable[[str], None]


def beside(floor: Floor, number: int, tell: Tell) -> Person:
    """Until the day is over."""
    tell(f"{number}号窗口由您操作 / Counter {number} is yours: hall counter DIR --number {number}")
    while not floor.day_is_over:
        counter = floor.counter(number)
        ticket = floor.hall.tickets.get(counter.ticket) if counter.ticket is not None else None
        if ticket is None:
            yield Until(lambda: floor.day_is_over or floor.counter(number).ticket is not None)
        elif counter.state is CounterState.CALLING:
            yield from _called(floor, counter, ticket, tell)
        else:
            yield from _served(floor, counter, ticket, tell)


def _called(floor: Floor, counter: Counter, ticket: Ticket, tell: Tell) -> Person:
    """Walks up, or does not come."""
    number, who, plan = counter.counter, ticket.ticket, floor.plan(ticket.ticket)

    def is_called() -> bool:
        now = floor.counter(number)
        return now.ticket == who and now.state is CounterState.CALLING and not floor.day_is_over

    if who in floor.gone or (plan.absent and floor.once(who, "absent")):
        tell(f"{ticket.number}：无人应答 / nobody comes; call again, then missed")
        yield Until(lambda: not is_called())
        known = floor.hall.tickets.get(who)
        if known is not None and known.state is TicketState.MISSED:
            _may_return(floor, who, plan)
        return
    yield Until(lambda: not is_called(), floor.now_ms + round(plan.walk_s * 1000))
    if is_called():
        tell(f"{ticket.number}：已到{number}号窗口，要办 {ticket.matter} / is at counter {number}, for {ticket.matter}")
        yield Until(lambda: not is_called())


def _may_return(floor: Floor, who: int, plan: Visitor) -> None:
    if plan.returns_after_s is not None and who not in floor.gone:
        floor.to_come += 1
        floor.begin(comes_back(floor, who, plan.returns_after_s))


def _served(floor: Floor, counter: Counter, ticket: Ticket, tell: Tell) -> Person:
    """Says what is wanted, and when all is done."""
    number, who, plan = counter.counter, ticket.ticket, floor.plan(ticket.ticket)

    def is_served() -> bool:
        now = floor.counter(number)
        return now.ticket == who and now.state is CounterState.SERVING and not floor.day_is_over

    floor.left_s.setdefault(who, floor.service_s(who))
    if plan.amend_to is not None and floor.once(who, "amended"):
        tell(f"{ticket.number}：实际要办 {plan.amend_to} / wants {plan.amend_to} in fact: amend the matter")
    if plan.hold is not None and floor.once(who, "held"):
        tell(f"{ticket.number}：需补材料 / has to fetch a copy: hold the ticket")
    began_ms = floor.now_ms
    yield Until(lambda: not is_served(), began_ms + round(floor.left_s[who] * 1000))
    floor.left_s[who] = round(max(0.0, floor.left_s[who] - (floor.now_ms - began_ms) / 1000), 3)
    if is_served():
        tell(f"{ticket.number}：已办完 / has everything: finish")
        yield Until(lambda: not is_served())
    known = floor.hall.tickets.get(who)
    if known is not None and known.state is TicketState.HELD:
        floor.begin(_fetches(floor, ticket, plan, tell))


def _fetches(floor: Floor, ticket: Ticket, plan: Visitor, tell: Tell) -> Person:
    yield Wait(plan.hold.away_s if plan.hold is not None else FETCHES_S)
    known = floor.hall.tickets.get(ticket.ticket)
    if known is not None and known.state is TicketState.HELD:
        tell(f"{ticket.number}：补件回来 / is back: resume the ticket")
