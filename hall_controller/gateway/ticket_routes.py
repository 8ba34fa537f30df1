"""A visitor's own ticket, by its token: how it stands, check in, cancel, rate."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from hall_controller.bus import wire
from hall_controller.bus.features import Feature
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import is_confirmed, local
from hall_controller.domain.refusal import Code
from hall_controller.domain.stranded_bookings import emergency_of, is_taken_now, offered, stranded_by
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass
from hall_controller.gateway import schemas as s
from hall_controller.gateway.answers import READ, WRITE, IdempotencyKey, caller_of, problems
from hall_controller.gateway.booking_routes import check_in_times
from hall_controller.gateway.hall_routes import moment, wait_body
from hall_controller.gateway.keys import request_id
from hall_controller.gateway.live import Live
from hall_controller.gateway.problems import Own, Problem
from hall_controller.gateway.tokens import Opened, unknown

Token = Annotated[str, Path(min_length=1, max_length=64, description="Of a booking, or of the code on a ticket.")]
SEEN = (*READ, Own.NOT_FOUND, Code.UNKNOWN_TICKET)
ACT = (*WRITE, Own.NOT_FOUND, Code.UNKNOWN_TICKET, Code.NOT_ALLOWED, Code.WRONG_STATE)
CANCELLABLE = (TicketState.WAITING, TicketState.BOOKED, TicketState.UNCLAIMED)


def ticket_router() -> APIRouter:
    router = APIRouter(tags=["tickets"])

    @router.get("/tickets/{token}", responses=problems(*SEEN), operation_id="ticket")
    async def ticket(request: Request, token: Token) -> s.TicketBody:
        """How a ticket or booking stands. Ask again after five seconds or more."""
        hall, opened = await request.app.state.tokens.open(token, caller_of(request))
        return _ticket(hall, opened, request.app.state.live)

    @router.post(
        "/tickets/{token}/check-in",
        responses=problems(*ACT, Code.TOO_EARLY, Code.HALL_CLOSED),
        operation_id="checkIn",
    )
    async def check_in(request: Request, token: Token, idempotency_key: IdempotencyKey = None) -> s.CheckedIn:
        """The booked visitor is in the hall: gives the number that will be called."""
        _, opened = await request.app.state.tokens.open(token, caller_of(request))
        done = await _do(request, c.CheckIn(token=token), f"check-in {token}", idempotency_key)
        assert isinstance(done.number, str)
        hall = await request.app.state.live.hall()
        found = hall.tickets.get(opened.ticket)
        return s.CheckedIn(
            number=done.number,
            visitor_class=found.visitor_class if found else VisitorClass.APPOINTMENT,
            ahead=_or_none(done.ahead),
            predicted_wait_s=_or_none(done.predicted_wait_s),
            predicted_bound_s=_or_none(done.predicted_bound_s),
            predicted_wait=wait_body(_or_none(done.predicted_wait_s), _or_none(done.predicted_bound_s)),
        )

    @router.post(
        "/tickets/{token}/rebook",
        responses=problems(*ACT, Code.NO_SLOT, Code.ALREADY_BOOKED, Code.HALL_CLOSED),
        operation_id="rebook",
    )
    async def rebook(
        request: Request, token: Token, wanted: s.RebookingWanted, idempotency_key: IdempotencyKey = None
    ) -> s.Booking:
        """Move a booking at which the hall is shut to a free half hour, once; token and code stay."""
        _, opened = await request.app.state.tokens.open(token, caller_of(request))
        live: Live = request.app.state.live
        if Feature.REBOOK not in live.client.features:
            raise Problem(Code.WRONG_STATE, "This hall cannot move bookings yet: cancel it and book again.", "token")
        slot_at_ms = s.to_ms(wanted.slot_at)
        command = c.RebookTicket(slot_at_ms=max(0, slot_at_ms), token=token)
        done = await _do(request, command, f"rebook {token} {slot_at_ms}", idempotency_key)
        code = done.code if isinstance(done.code, str) else opened.code
        rules = in_force(await live.hall())
        opens, until = check_in_times(rules, slot_at_ms)
        return s.Booking(
            token=token,
            code=code or "",
            slot_at=moment(rules, slot_at_ms),
            confirmed=is_confirmed(rules, local(rules, slot_at_ms).date()),
            check_in_from=opens,
            on_time_until=until,
        )

    @router.post("/tickets/{token}/cancel", responses=problems(*ACT), operation_id="cancel")
    async def cancel(request: Request, token: Token, idempotency_key: IdempotencyKey = None) -> s.Cancelled:
        """Give a booking, or a place in the queue, back."""
        await request.app.state.tokens.open(token, caller_of(request))
        await _do(request, c.CancelTicket(token=token), f"cancel {token}", idempotency_key)
        return s.Cancelled(state="cancelled")

    @router.post(
        "/tickets/{token}/rating",
        status_code=201,
        responses=problems(*ACT, Code.ALREADY_RATED),
        operation_id="rate",
    )
    async def rate(
        request: Request, token: Token, wanted: s.RatingWanted, idempotency_key: IdempotencyKey = None
    ) -> s.RatingTaken:
        """Rate a visit of today that is done, once."""
        await request.app.state.tokens.open(token, caller_of(request))
        command = c.Rate(stars=wanted.stars, reasons=tuple(wanted.reasons), comment=wanted.comment, token=token)
        await _do(request, command, f"rate {token} {wanted.model_dump_json()}", idempotency_key)
        return s.RatingTaken(stars=wanted.stars)

    return router


async def _do(request: Request, command: c.Command, what: str, key: str | None) -> wire.Accepted:
    caller = caller_of(request)
    request.app.state.repeats.is_repeat(key, caller, what)
    live: Live = request.app.state.live
    return await live.do(command, request_id(key, caller, what))


def _or_none(value: object) -> int | None:
    """What a reply leaves out is not known."""
    return value if isinstance(value, int) else None


def _ticket(hall: Hall, opened: Opened, live: Live) -> s.TicketBody:
    """Raises Problem for a ticket of an earlier day of which nothing is left."""
    found, ended = hall.tickets.get(opened.ticket), hall.ended.get(opened.ticket)
    accepted = [one for one in hall.acceptances.values() if one.ticket == opened.ticket]
    acceptances = [_acceptance(one, live) for one in accepted]
    if found is not None:
        return _outstanding_ticket(hall, found, opened, acceptances, live)
    if ended is None and not accepted:
        raise unknown()
    codes = [ended.matter] if ended and ended.matter else list(dict.fromkeys(one.matter for one in accepted))
    return s.TicketBody(
        state=ended.state if ended else TicketState.DONE,
        number=ended.number if ended else accepted[0].number,
        visitor_class=None,
        matters=[_named(code, live) for code in codes],
        ended_by=ended.reason if ended else None,
        slot_at=None,
        slot_confirmed=None,
        stranded=None,
        code=None,
        check_in_from=None,
        on_time_until=None,
        counter=ended.counter if ended else accepted[0].counter,
        ahead=None,
        predicted_wait_s=None,
        predicted_bound_s=None,
        predicted_wait=None,
        can_check_in=False,
        can_cancel=False,
        can_rate=ended is not None and ended.state is TicketState.DONE and not ended.rated,
        acceptances=acceptances,
        heard=live.heard,
    )


def _outstanding_ticket(
    hall: Hall, ticket: Ticket, opened: Opened, acceptances: list[s.AcceptanceBody], live: Live
) -> s.TicketBody:
    rules = in_force(hall)
    booked = ticket.state is TicketState.BOOKED
    opens = until = None
    if booked and ticket.slot_at_ms is not None:
        opens, until = check_in_times(rules, ticket.slot_at_ms)
    told = live.estimate(hall, ticket.ticket) if ticket.state is TicketState.WAITING else None
    return s.TicketBody(
        state=ticket.state,
        number=ticket.number,
        visitor_class=None if booked else ticket.visitor_class,
        matters=[_named(code, live) for code in matters_of(ticket)],
        ended_by=None,
        slot_at=moment(rules, ticket.slot_at_ms) if ticket.slot_at_ms is not None else None,
        slot_confirmed=_is_confirmed(hall, ticket),
        stranded=_stranded(hall, ticket, live),
        code=opened.code if booked else None,
        check_in_from=opens,
        on_time_until=until,
        counter=ticket.counter,
        ahead=told.ahead if told else None,
        predicted_wait_s=told.wait_s if told else None,
        predicted_bound_s=told.bound_s if told else None,
        predicted_wait=wait_body(told.wait_s, told.bound_s) if told else None,
        can_check_in=booked and _can_check_in(hall, ticket, live.now_ms()),
        can_cancel=ticket.state in CANCELLABLE,
        can_rate=False,
        acceptances=acceptances,
        heard=live.heard,
    )


def _is_confirmed(hall: Hall, ticket: Ticket) -> bool | None:
    rules = in_force(hall)
    return is_confirmed(rules, local(rules, ticket.slot_at_ms).date()) if ticket.slot_at_ms is not None else None


def _stranded(hall: Hall, ticket: Ticket, live: Live) -> s.StrandedBody | None:
    why = stranded_by(hall, ticket)
    if why is None:
        return None
    rules = in_force(hall)
    closure = emergency_of(hall, ticket.slot_at_ms or 0)
    free = offered(hall, ticket, live.now_ms()) if Feature.REBOOK in live.client.features else []
    return s.StrandedBody(
        why=why,
        reason=closure.reason if closure is not None else "",
        free=[s.SlotBody(slot_at=moment(rules, one.slot_at_ms), free=one.free, capacity=one.capacity) for one in free],
    )


def _can_check_in(hall: Hall, ticket: Ticket, now_ms: int) -> bool:
    if stranded_by(hall, ticket) is not None:
        return is_taken_now(hall, ticket, now_ms)
    return now_ms >= (ticket.slot_at_ms or 0) - in_force(hall).appointment_early_s * 1000


def _named(code: str, live: Live) -> s.NamedMatter:
    name_zh, name_en = live.name_of(code)
    return s.NamedMatter(code=code, name_zh=name_zh, name_en=name_en)


def _acceptance(one: Acceptance, live: Live) -> s.AcceptanceBody:
    """Never the rating on which it was accepted, nor by whom."""
    name_zh, name_en = live.name_of(one.matter)
    outstanding = None
    if one.outstanding_zh or one.outstanding_en:
        outstanding = s.Outstanding(
            documents_zh=list(one.outstanding_zh),
            documents_en=list(one.outstanding_en),
            due_day=one.documents_due_day,
            remind=one.reminded,
        )
    return s.AcceptanceBody(
        receipt=one.receipt,
        matter=one.matter,
        name_zh=name_zh,
        name_en=name_en,
        state=one.state,
        decision=one.decision,
        result_due_day=one.result_due_day,
        outstanding=outstanding,
    )
