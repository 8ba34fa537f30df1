"""Which ticket a phone's token opens. Asked of the hall once; guessing is made slow, and never loads the bus."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from hall_controller.bus import wire
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.recent import Recent

SHAPE = re.compile(r"[A-Za-z0-9._~-]{1,64}")
KEPT = 20_000
"""Tokens remembered: the tickets of a very busy day."""
BAD_KEPT = 5_000
BAD_FOR_S = 60.0
"""How long a bad token is refused without asking again: a ticket's token may be opened before we hear of the ticket."""
GUESSES = 20
"""Bad tokens that one address may try in a row."""
GUESS_EVERY_S = 3.0
"""And one more each so many seconds."""
ASKS_AT_ONCE = 4

Ask = Callable[[wire.TicketStatus], Awaitable[Any]]
TRANSIENT = frozenset({Code.STORAGE, Code.STALE, Code.NOT_ALLOWED, Code.UNKNOWN_COMMAND})
"""Refusals that say nothing about the token."""


class UnknownToken(Exception):
    """Forged, mistyped, or of a ticket that the hall has forgotten."""


class TooManyGuesses(Exception):
    """This address has tried too many bad tokens."""


class Unanswered(Exception):
    """The hall could not say."""


class Opened(NamedTuple):
    """What a token opens."""

    ticket: int
    code: str | None
    """Of a booking: what its visitor types at a kiosk to check in."""


class Tokens:
    def __init__(self, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._tickets: Recent[Opened] = Recent(KEPT)
        self._bad: Recent[float] = Recent(BAD_KEPT)
        self._guesses: Recent[tuple[float, float]] = Recent(BAD_KEPT)
        """By address: guesses left, and when that was."""
        self._asking: dict[str, asyncio.Task[Opened | None]] = {}
        self._gate = asyncio.Semaphore(ASKS_AT_ONCE)

    async def opened(self, token: str, address: str) -> Opened:
        """What a token opens. Raises UnknownToken, TooManyGuesses, Unanswered, NoController."""
        known = self._tickets.get(token)
        if known is not None:
            return known
        if self._left(address) < 1:
            raise TooManyGuesses
        opened = None if self._is_bad(token) else await self._ask_once(token)
        if opened is None:
            self._guesses.put(address, (self._left(address) - 1, self._clock()))
            raise UnknownToken
        return opened

    def forget(self, token: str) -> None:
        """Its ticket has ended on an earlier day."""
        self._tickets.drop(token)

    def forget_all(self) -> None:
        """A new epoch: tokens are made anew."""
        self._tickets.clear()
        self._bad.clear()

    def _is_bad(self, token: str) -> bool:
        until_s = self._bad.get(token)
        return not SHAPE.fullmatch(token) or (until_s is not None and self._clock() < until_s)

    async def _ask_once(self, token: str) -> Opened | None:
        """Many pages that open with one token at once ask together."""
        task = self._asking.get(token)
        if task is None:
            task = self._asking[token] = asyncio.create_task(self._ask_hall(token))
            task.add_done_callback(lambda _: self._asking.pop(token, None))
        return await asyncio.shield(task)

    async def _ask_hall(self, token: str) -> Opened | None:
        """None for a bad token."""
        async with self._gate:
            reply = await self._ask(wire.TicketStatus(token=token))
        if isinstance(reply, wire.TicketStatusReply):
            opened = Opened(reply.ticket, reply.code)
            self._tickets.put(token, opened)
            return opened
        if isinstance(reply, Refusal) and reply.code not in TRANSIENT:
            self._bad.put(token, self._clock() + BAD_FOR_S)
            return None
        raise Unanswered

    def _left(self, address: str) -> float:
        left, when_s = self._guesses.get(address) or (float(GUESSES), self._clock())
        return min(float(GUESSES), left + (self._clock() - when_s) / GUESS_EVERY_S)
