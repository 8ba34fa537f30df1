"""What visitors do: take a ticket, wait, lose patience, come back. What happens at a counter is in serving."""

from collections.abc import Generator

from msgspec.structs import replace

from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from hall_controller.domain.booking import days, slots
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.hall import Issuing, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.ticket import Paper, TicketState
from hall_controller.rehearsal.agenda import Answer, At, Person, Send, Step, Wait
from hall_controller.rehearsal.day import Door, PaperFate, Visitor
from hall_controller.rehearsal.floor import Booked, Floor

KIOSK, RECEPTION, PRINTER = "kiosk", "reception", "printer"
READS_S = 20.0
"""Until somebody who gets no ticket has seen that a visit can be booked."""


def visitor(floor: Floor, plan: Visitor, *, prints: bool) -> Person:
    """`prints`: tell for the printer how the paper came out; False where a real printer prints."""
    yield At(plan.arrives_ms)
    floor.to_come -= 1
    if plan.door is Door.UNTICKETED and floor.hall.issuing is not Issuing.CLOSED:
        floor.at_desk.append(plan)
        return
    if plan.door is Door.BOOKING:
        yield from _book(floor, plan)
        return
    answer = yield from _take_ticket(plan)
    ticket = _enter(floor, plan, answer)
    if ticket is not None:
        yield from _wait_to_be_called(floor, plan, ticket, prints=prints)
    elif plan.booking is not None:
        yield Wait(READS_S)
        yield from _book(floor, plan)


def booked(floor: Floor, plan: Visitor, books_ms: int, *, prints: bool) -> Person:
    """Someone who books early in the morning, and checks in at the kiosk."""
    yield At(books_ms)
    assert plan.slot_ms is not None
    booking = c.BookTicket(matter=plan.matter, slot_at_ms=plan.slot_ms, language=plan.language)
    answer = yield Send(RECEPTION, booking)
    yield At(plan.arrives_ms)
    floor.to_come -= 1
    ticket = None
    if isinstance(answer, Accepted) and isinstance(answer.ticket, int):
        ticket = yield from _check_in(floor, plan, answer.ticket, None)
    if ticket is not None:
        yield from _wait_to_be_called(floor, plan, ticket, prints=prints)


def comes_as_booked(floor: Floor, one: Booked, *, prints: bool) -> Person:
    """Somebody who booked at the kiosk on an earlier day, and has the code on paper."""
    assert one.plan.booking is not None
    yield At(one.slot_at_ms - round(one.plan.booking.early_s * 1000))
    plan = replace(one.plan, door=Door.BOOKED, slot_ms=one.slot_at_ms)
    ticket = yield from _check_in(floor, plan, one.ticket, one.code)
    if ticket is not None:
        yield from _wait_to_be_called(floor, plan, ticket, prints=prints)


def _check_in(floor: Floor, plan: Visitor, ticket: int, code: str | None) -> Generator[Step, Answer | None, int | None]:
    """By the code on the paper, where there is one."""
    if ticket not in floor.hall.tickets:
        floor.turned_away += 1  # an emergency in the meantime has ended all bookings of the day
        return None
    command = c.CheckIn(token=code) if code is not None else c.CheckIn(ticket=ticket)
    answer = yield Send(KIOSK, command)
    if isinstance(answer, Accepted):
        answer = replace(answer, ticket=ticket)
    return _enter(floor, plan, answer)


def _book(floor: Floor, plan: Visitor) -> Person:
    """One of the free half hours of the next day on which the hall serves."""
    hall, now_ms = floor.hall, floor.now_ms
    today = local(in_force(hall), now_ms).date()
    tomorrow = next((day for day in days(hall, now_ms) if day > today), None)
    free = [slot.slot_at_ms for slot in slots(hall, tomorrow, now_ms) if slot.free] if tomorrow else []
    if not free or plan.booking is None:
        return
    slot_at_ms = free[min(int(plan.booking.choice * len(free)), len(free) - 1)]
    answer = yield Send(KIOSK, c.BookTicket(matter=plan.matter, slot_at_ms=slot_at_ms, language=plan.language))
    if isinstance(answer, Accepted) and isinstance(answer.ticket, int) and plan.booking.comes:
        code = answer.code if isinstance(answer.code, str) else None
        floor.booked.append(Booked(slot_at_ms, answer.ticket, code, plan))


def comes_back(floor: Floor, ticket: int, after_s: float) -> Person:
    """Missed the call, and is back within the grace period."""
    yield Wait(after_s)
    if _is(floor, ticket, TicketState.MISSED):
        yield Send(RECEPTION, c.ReturnToQueue(ticket=ticket))
    floor.to_come -= 1


def _take_ticket(plan: Visitor) -> Generator[Step, Answer | None, Answer | None]:
    at_reception = plan.door is Door.RECEPTION
    command = c.IssueTicket(
        matter=plan.matter,
        visitor_class=plan.visitor_class,
        language=plan.language,
        print_at=KIOSK if at_reception else None,
    )
    return (yield Send(RECEPTION if at_reception else KIOSK, command))


def _enter(floor: Floor, plan: Visitor, answer: Answer | None) -> int | None:
    """The ticket, now known on the floor; None for one who was turned away."""
    if not isinstance(answer, Accepted) or not isinstance(answer.ticket, int):
        floor.turned_away += 1
        return None
    floor.plans[answer.ticket] = plan
    return answer.ticket


def _wait_to_be_called(floor: Floor, plan: Visitor, ticket: int, *, prints: bool) -> Person:
    yield Wait(plan.paper_s if plan.paper in (PaperFate.PRINTED, PaperFate.TOUCHED) else 4)
    if prints:
        printed = plan.paper is PaperFate.PRINTED
        outcome = PrintOutcome.PRINTED if printed else PrintOutcome.FAILED
        detail = "" if printed else "paper jam"
        yield Send(PRINTER, c.ReportPrint(ticket=ticket, outcome=outcome, detail=detail))
    if plan.paper in (PaperFate.LOST, PaperFate.CLAIMED):
        yield from _without_paper(floor, plan, ticket)
    elif plan.door in (Door.KIOSK, Door.BOOKED) and _paper(floor, ticket) in (Paper.PENDING, Paper.FAILED):
        yield Send(KIOSK, c.AcknowledgeTicket(ticket=ticket))
    yield from _out_of_patience(floor, plan, ticket)


def _without_paper(floor: Floor, plan: Visitor, ticket: int) -> Person:
    """Nobody holds this number: the greeter gives it back to its visitor, or takes it out of the queue."""
    floor.gone.add(ticket)
    yield Wait(plan.paper_s)
    if plan.paper is PaperFate.CLAIMED:
        floor.gone.discard(ticket)
    if _is(floor, ticket, TicketState.MISSED) and plan.paper is PaperFate.CLAIMED:
        yield Send(RECEPTION, c.ReturnToQueue(ticket=ticket))
    if not (_is(floor, ticket, TicketState.UNCLAIMED) or _is(floor, ticket, TicketState.WAITING)):
        return
    if plan.paper is PaperFate.CLAIMED:
        yield Send(RECEPTION, c.AcknowledgeTicket(ticket=ticket))
        yield Send(RECEPTION, c.ReprintTicket(ticket=ticket))
    else:
        yield Send(RECEPTION, c.CancelTicket(ticket=ticket, why="nobody holds this number"))


def _out_of_patience(floor: Floor, plan: Visitor, ticket: int) -> Person:
    yield Wait(plan.patience_s)
    if not _is(floor, ticket, TicketState.WAITING) or floor.hall.tickets[ticket].started_at_ms is not None:
        return  # Whoever was sent on to another counter has come too far to leave.
    floor.gave_up += 1
    if plan.leaves_quietly:
        floor.gone.add(ticket)
    else:
        yield Send(RECEPTION, c.CancelTicket(ticket=ticket, why="the visitor could not wait"))


def _is(floor: Floor, ticket: int, state: TicketState) -> bool:
    known = floor.hall.tickets.get(ticket)
    return known is not None and known.state is state


def _paper(floor: Floor, ticket: int) -> Paper | None:
    known = floor.hall.tickets.get(ticket)
    return known.paper if known else None
