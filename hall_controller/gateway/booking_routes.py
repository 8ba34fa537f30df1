"""The days and half hours that may be booked, and booking one."""

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request, Security
from fastapi.security import HTTPBearer

from hall_controller.domain import commands as c
from hall_controller.domain.booking import days, slots
from hall_controller.domain.hall import in_force
from hall_controller.domain.hours import is_confirmed, local
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Rules
from hall_controller.gateway import schemas as s
from hall_controller.gateway.answers import READ, WRITE, IdempotencyKey, caller_of, leads_to, problems
from hall_controller.gateway.hall_routes import moment
from hall_controller.gateway.keys import request_id
from hall_controller.gateway.live import Live
from hall_controller.gateway.problems import Own, Problem

BOOKING = (
    *WRITE, Own.KEY_NEEDED, Code.NOT_ALLOWED, Code.UNKNOWN_MATTER, Code.NO_SLOT, Code.ALREADY_BOOKED,
    Code.TOO_MANY_BOOKINGS, Code.HALL_CLOSED,
)  # fmt: skip

BOOKED: dict[int | str, dict[str, Any]] = {
    201: {
        "links": {name: leads_to(name, "token", "/token") for name in ("ticket", "checkIn", "rebook", "cancel", "rate")}
    }
}


def booking_router(*, needs_key: bool) -> APIRouter:
    router = APIRouter(tags=["bookings"])
    key = HTTPBearer(auto_error=False, scheme_name="appKey", description="The app's key, where the hall has set any.")

    @router.get("/days", responses=problems(*READ), operation_id="days")
    async def bookable_days(request: Request) -> s.BookableDays:
        """The days that may be booked, today included."""
        live: Live = request.app.state.live
        hall, now_ms = await live.hall(), live.now_ms()
        rules = in_force(hall)
        found = []
        for day in days(hall, now_ms):
            half_hours = slots(hall, day, now_ms)
            free, room = sum(one.free for one in half_hours), sum(one.capacity for one in half_hours)
            found.append(
                s.BookableDay(day=day.isoformat(), confirmed=is_confirmed(rules, day), free=free, capacity=room)
            )
        return s.BookableDays(days=found)

    @router.get("/days/{day}/slots", responses=problems(*READ, Own.NOT_FOUND), operation_id="slots")
    async def slots_of_day(request: Request, day: s.GivenDay) -> s.Slots:
        """The half hours of a day, with how many places are free; none on a day that cannot be booked."""
        live: Live = request.app.state.live
        hall = await live.hall()
        rules = in_force(hall)
        return s.Slots(
            day=day,
            confirmed=is_confirmed(rules, dt.date.fromisoformat(day)),
            slots=[
                s.SlotBody(slot_at=moment(rules, one.slot_at_ms), free=one.free, capacity=one.capacity)
                for one in slots(hall, dt.date.fromisoformat(day), live.now_ms())
            ],
        )

    @router.post(
        "/bookings",
        status_code=201,
        responses=BOOKED | problems(*BOOKING),
        operation_id="book",
        dependencies=[Security(key)] if needs_key else [],
    )
    async def book(request: Request, wanted: s.BookingWanted, idempotency_key: IdempotencyKey = None) -> s.Booking:
        """Book a visit. Send an Idempotency-Key, and repeat with the same one until there is an answer."""
        live: Live = request.app.state.live
        caller = caller_of(request)
        if needs_key and caller.app is None:
            raise Problem(Own.KEY_NEEDED, "Bookings need an app's key here: send Authorization: Bearer KEY.")
        what = f"book {wanted.model_dump_json()}"
        if not request.app.state.repeats.is_repeat(idempotency_key, caller, what):
            await request.app.state.limits.count_booking(caller, wanted.holder)
        slot_at_ms = s.to_ms(wanted.slot_at)
        command = c.BookTicket(
            matter=wanted.matter,
            slot_at_ms=max(0, slot_at_ms),
            more=tuple(wanted.more),
            theme=wanted.theme,
            holder=wanted.holder,
            language=wanted.language,
        )
        done = await live.do(command, request_id(idempotency_key, caller, what))
        assert isinstance(done.ticket, int)
        assert isinstance(done.token, str)
        assert isinstance(done.code, str)
        await request.app.state.tokens.learn(done.token, done.ticket, done.code)
        rules = in_force(await live.hall())
        opens, until = check_in_times(rules, slot_at_ms)
        return s.Booking(
            token=done.token,
            code=done.code,
            slot_at=moment(rules, slot_at_ms),
            confirmed=is_confirmed(rules, local(rules, slot_at_ms).date()),
            check_in_from=opens,
            on_time_until=until,
        )

    return router


def check_in_times(rules: Rules, slot_at_ms: int) -> tuple[str, str]:
    """When check-in opens, and until when it is on time."""
    return (
        moment(rules, slot_at_ms - rules.appointment_early_s * 1000),
        moment(rules, slot_at_ms + rules.appointment_late_s * 1000),
    )
