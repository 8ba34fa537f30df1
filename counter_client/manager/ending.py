"""The end of the day: what can be closed now, and what is outstanding. Pure."""

import msgspec

from counter_client.manager.view import numbers
from counter_client.words import Words
from hall_controller.domain import commands as c
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.hall import Hall, Issuing, waiting_count
from hall_controller.domain.ticket import TicketState

WHY = "end of day"


class Ending(msgspec.Struct, frozen=True):
    steps: tuple[c.Command, ...]
    outstanding: tuple[Words, ...]


def ending(hall: Hall) -> Ending:
    """Issuing stops. Counters close that serve nobody and for whom nobody waits or is set aside.

    While people wait, only paused counters close: the others are needed until the last of them is served.
    """
    steps: list[c.Command] = [c.StopIssuing(why=WHY)] if hall.issuing is Issuing.OPEN else []
    waiting, held = waiting_count(hall), _held(hall)
    outstanding: list[Words] = []
    kept_open: list[int] = []
    for number in numbers(hall):
        counter = hall.counters.get(number)
        if counter is None or counter.state is CounterState.CLOSED:
            continue
        with_visitor = _with_visitor(hall, counter, held.get(number, []))
        if with_visitor is not None:
            outstanding.append(with_visitor)
        elif waiting and counter.state is not CounterState.PAUSED:
            kept_open.append(number)
        else:
            steps.append(c.CloseCounter(counter=number, why=WHY))
    if waiting:
        outstanding.insert(0, Words(f"还有 {waiting} 人等候", f"{waiting} still wait"))
    if kept_open:
        which = " ".join(map(str, kept_open))
        outstanding.append(Words(f"窗口 {which} 留着叫完", f"counters {which} stay to call them"))
    missed = sum(ticket.state is TicketState.MISSED for ticket in hall.tickets.values())
    if missed:
        outstanding.append(Words(f"过号未回 {missed} 人", f"{missed} missed the call and may return"))
    return Ending(tuple(steps), tuple(outstanding))


def _held(hall: Hall) -> dict[int, list[str]]:
    held: dict[int, list[str]] = {}
    for ticket in hall.tickets.values():
        if ticket.state is TicketState.HELD and ticket.counter is not None:
            held.setdefault(ticket.counter, []).append(ticket.number or "")
    return held


def _with_visitor(hall: Hall, counter: Counter, held: list[str]) -> Words | None:
    number = counter.counter
    if counter.state in BUSY:
        visitor = hall.tickets[counter.ticket or 0].number or ""
        return Words(f"窗口 {number} 正在办 {visitor}", f"counter {number} serves {visitor}")
    if held:
        who = " ".join(held)
        return Words(f"窗口 {number} 挂起 {who}", f"counter {number} holds {who}")
    return None
