"""Which ticket a token opens. Asked of the hall once; guessing is counted, and never loads the bus."""

import asyncio
import re
from typing import Any, NamedTuple

from hall_controller.bus import wire
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.gateway.limiting import Caller, Limits
from hall_controller.gateway.live import Live
from hall_controller.gateway.problems import Problem, refused
from hall_controller.recent import Recent

KEPT = 20_000
"""Tokens remembered: the tickets of a very busy day, and the bookings of a week."""
ASKS_AT_ONCE = 4
_SHAPE = re.compile(r"\d{1,15}\.[0-9a-f]{20}", re.ASCII)


class Opened(NamedTuple):
    """What a token opens."""

    ticket: int
    code: str | None
    """Of a booking: what its visitor types at a kiosk to check in."""


def unknown() -> Problem:
    message = "This token opens nothing here: it is wrong, of an earlier day, or from before the hall was restored."
    return Problem(Code.UNKNOWN_TICKET, message, "token")


class Tokens:
    def __init__(self, live: Live, limits: Limits) -> None:
        self._live = live
        self._limits = limits
        self._opened: Recent[Opened] = Recent(KEPT)
        self._epoch = ""
        self._gate = asyncio.Semaphore(ASKS_AT_ONCE)

    async def open(self, token: str, caller: Caller) -> tuple[Hall, Opened]:
        """The hall and what a token opens in it. Raises Problem."""
        hall = await self._hall()
        opened = self._opened.get(token)
        if opened is not None:
            return hall, opened
        await self._limits.must_not_guess(caller)
        reply = await self._ask(token) if _SHAPE.fullmatch(token) else None
        if isinstance(reply, wire.TicketStatusReply):
            opened = Opened(reply.ticket, reply.code)
            self._opened.put(token, opened)
            return await self._hall(), opened
        if isinstance(reply, Refusal) and reply.code is not Code.UNKNOWN_TICKET:
            raise refused(reply)
        await self._limits.count_wrong_token(caller)
        raise unknown()

    async def learn(self, token: str, ticket: int, code: str | None) -> None:
        """A booking has just been made: its token need not be asked for."""
        await self._hall()
        self._opened.put(token, Opened(ticket, code))

    async def _hall(self) -> Hall:
        hall = await self._live.hall()
        if hall.epoch != self._epoch:
            # A new epoch makes other tokens: what opened a ticket before opens nothing now.
            self._epoch = hall.epoch
            self._opened.clear()
        return hall

    async def _ask(self, token: str) -> Any:
        async with self._gate:
            return await self._live.ask(wire.TicketStatus(token=token))
