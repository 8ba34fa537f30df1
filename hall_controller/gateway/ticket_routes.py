"""A visitor's own ticket, by its token: how it stands, check in, cancel, rate."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.refusal import Code
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass
from hall_controller.gateway import schemas as s
from hall_controller.gateway.answers import READ, WRITE, IdempotencyKey, caller_of, problems
from hall_controller.gateway.booking_routes import check_in_times
from hall_controller.gateway.hall_routes import moment
from hall_controller.gateway.keys import request_id
from hall_controller.gateway.live import Live
from hall_controller.gateway.problems import Own
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
        slot_at=None,
        code=None,
        check_in_from=None,
        on_time_until=None,
        counter=ended.counter if ended else accepted[0].counter,
        ahead=None,
        predicted_wait_s=None,
        predicted_bound_s=None,
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
    early_ms = rules.appointment_early_s * 1000
    told = live.estimate(hall, ticket.ticket) if ticket.state is TicketState.WAITING else None
    return s.TicketBody(
        state=ticket.state,
        number=ticket.number,
        visitor_class=None if booked else ticket.visitor_class,
        matters=[_named(code, live) for code in matters_of(ticket)],
        slot_at=moment(rules, ticket.slot_at_ms) if ticket.slot_at_ms is not None else None,
        code=opened.code if booked else None,
        check_in_from=opens,
        on_time_until=until,
        counter=ticket.counter,
        ahead=told.ahead if told else None,
        predicted_wait_s=told.wait_s if told else None,
        predicted_bound_s=told.bound_s if told else None,
        can_check_in=booked and live.now_ms() >= (ticket.slot_at_ms or 0) - early_ms,
        can_cancel=ticket.state in CANCELLABLE,
        can_rate=False,
        acceptances=acceptances,
        heard=live.heard,
    )


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
