"""One press at a time: how a terminal sends what a person pressed, and what it may say of it afterwards.

A press is sent once, at once, or not at all. While it is under way no other is taken, and none is
queued. When nobody answered it is not known whether it was done: the desk says so, and as soon as
the hall is heard again it asks with the same request id. The hall answers that from its journal if
it was done; if not, the command has expired by then and is refused as stale. Either way it is known.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain.commands import Command
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal

SURELY_EXPIRED_MS = 500
"""Only so long after a command's expiry is it asked about again: then it cannot be done late."""

CATCH_UP_S = 2.0
"""So long at most after a reply until its event is heard; longer than that is a lost connection."""


class Link(Protocol):
    """What a terminal needs of `HallClient`."""

    hall: Hall | None
    connected: bool
    shared: frozenset[int]
    """Counters at which more than one terminal speaks."""
    give_up_s: float

    def now_ms(self) -> int: ...
    async def ask(self, request: wire.Request, *, request_id: str | None = None) -> Any: ...
    def follow(self) -> None: ...
    async def close(self) -> None: ...
    def on_event(self, listener: Callable[[Event], None]) -> None: ...
    def on_sync(self, listener: Callable[[], None]) -> None: ...
    def on_connection(self, listener: Callable[[bool], None]) -> None: ...
    def on_devices(self, listener: Callable[[frozenset[int]], None]) -> None: ...


class Picture(msgspec.Struct, frozen=True):
    """The state of the hall of which a screen was drawn."""

    epoch: str = ""
    seq: int = 0


SEEN: ContextVar[Picture] = ContextVar("SEEN")
"""What a person saw who pressed a key; whatever the key begins runs in a context of its own and keeps it."""


class Press(msgspec.Struct, frozen=True):
    """A command on its way, or of which it is not known whether it was done."""

    what: Words
    """Of what was pressed, e.g. 叫号 / call."""
    command: Command
    request_id: str


class NotSent(msgspec.Struct, frozen=True):
    """The press was not taken; nothing went to the hall."""

    reason: Words


class Unanswered(msgspec.Struct, frozen=True):
    """Sent, and nobody answered: it is not known whether it was done."""

    press: Press


ANOTHER_HALL = Words(
    "大厅主机已从备份恢复，没有发出；请看清屏幕后再按。",
    "The hall came back from a backup; nothing was sent: look again.",
)


class Desk:
    def __init__(self, link: Link) -> None:
        self._link = link
        self.clock_rate = 1.0
        """The hall clock's, from its status: how much of it passes while we wait for an answer."""
        self.under_way: Press | None = None
        self.unanswered: Press | None = None
        self._moved = asyncio.Event()
        link.on_event(lambda _: self._moved.set())
        link.on_sync(self._moved.set)

    def why_not_now(self) -> Words | None:
        """Why no press is taken at this moment; None when one is."""
        if self.under_way is not None:
            zh, en = self.under_way.what
            return Words(
                f"“{zh}”还在等大厅答复，这次按键没有发出。", f'Still waiting for "{en}"; this key was not sent.'
            )
        if not self._link.connected:
            return Words("与大厅的连接中断，这次按键没有发出。", "No connection to the hall; this key was not sent.")
        if self.unanswered is not None:
            zh, en = self.unanswered.what
            return Words(f"正在核对“{zh}”是否已办，请稍候。", f'Finding out whether "{en}" was done; one moment.')
        return None

    async def send(
        self, command: Command, what: Words, seen: Picture | None = None
    ) -> wire.Accepted | Refusal | NotSent | Unanswered:
        """`seen` is the picture on which the press was made: what has changed since is refused as stale."""
        hall = self._link.hall
        reason = self.why_not_now()
        if reason is None and seen is not None and hall is not None and hall.epoch != seen.epoch:
            reason = ANOTHER_HALL
        if reason is not None:
            return NotSent(reason)
        patience_ms = int(self._link.give_up_s * max(1.0, self.clock_rate) * 1000)
        dated = replace(
            command, expires_at_ms=self._link.now_ms() + patience_ms, seen_seq=seen.seq if seen is not None else None
        )
        press = self.under_way = Press(what, dated, uuid.uuid4().hex)
        try:
            reply = await self._link.ask(press.command, request_id=press.request_id)
            if isinstance(reply, wire.Accepted):
                await self._caught_up(reply.seq)
        except (NoController, msgspec.DecodeError):
            self.unanswered = press
            return Unanswered(press)
        finally:
            self.under_way = None
        assert isinstance(reply, wire.Accepted | Refusal)
        return reply

    async def _caught_up(self, seq: int) -> None:
        """Until the screen can show what was done: the next press must be meant for the new state, not the old one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_S):
                while self._link.hall is None or self._link.hall.seq < seq:
                    self._moved.clear()
                    await self._moved.wait()

    async def settle(self) -> tuple[Press, bool] | None:
        """Find out about the unanswered press: (press, whether it was done). None while that cannot be known."""
        press = self.unanswered
        if press is None or self.under_way is not None or not self._link.connected:
            return None
        if self._link.now_ms() <= (press.command.expires_at_ms or 0) + SURELY_EXPIRED_MS:
            return None
        self.under_way = press
        try:
            reply = await self._link.ask(press.command, request_id=press.request_id)
        except (NoController, msgspec.DecodeError):
            return None
        finally:
            self.under_way = None
        if isinstance(reply, Refusal) and reply.code is Code.STORAGE:
            return None
        self.unanswered = None
        return press, isinstance(reply, wire.Accepted)
