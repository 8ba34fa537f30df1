"""The real hall as people of a rehearsal meet it: a controller, a client for each device, and a driven clock."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from hall_controller.bus import wire
from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain import commands as c
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.rehearsal.agenda import Answer
from hall_controller.rehearsal.business import Business, is_due
from hall_controller.supervisor import Part

MANAGER = "manager"
STEP_MS = 15_000
"""A clock that runs is looked at so often, by itself: people in the hall and at the screens may do anything."""
SETTLE_TIMES = 5
"""One act of the hall may bring about another, but not for ever."""
GIVE_UP_S = 30.0
"""A controller that was killed is up again sooner."""
PATIENCE_MS = 600_000
"""Commands expire so long after their moment: other clients' clocks may lag, the driver's own does not."""
TRIES, TRY_AGAIN_S = 6, 0.5
PASSING = (Code.STORAGE, Code.INTERNAL)
"""Refusals that are no answer to the command: the hall could not do it now."""


class StageTrouble(Exception):
    """The rehearsal cannot go on: one sentence."""


class Pace(Protocol):
    @property
    def rate(self) -> float:
        """0 while the clock stands still between jumps."""

    async def until(self, at_ms: int) -> int:
        """Return at this moment of the hall's clock, or a little later: the moment it is then."""


class Jumps:
    """The clock stands still, and jumps to the next moment in which somebody acts."""

    rate = 0.0

    async def until(self, at_ms: int) -> int:
        return at_ms


class Runs:
    """The clock runs `rate` times as fast as real time."""

    def __init__(
        self, from_ms: int, rate: float, stop: asyncio.Event, rests: Callable[[], bool] = lambda: False
    ) -> None:
        """While the hall `rests`, as at night, the clock jumps."""
        self._rate = rate
        self._rests = rests
        self._from_ms = from_ms
        self._from_s = time.monotonic()
        self._stop = stop

    @property
    def rate(self) -> float:
        return 0.0 if self._rests() else self._rate

    def _now_ms(self) -> int:
        return self._from_ms + int((time.monotonic() - self._from_s) * 1000 * self._rate)

    async def until(self, at_ms: int) -> int:
        if self._rests():
            self._from_ms, self._from_s = at_ms, time.monotonic()
            return at_ms
        while not self._stop.is_set() and (left_ms := at_ms - self._now_ms()) > 0:
            try:
                async with asyncio.timeout(left_ms / 1000 / self._rate):
                    await self._stop.wait()
            except TimeoutError:
                continue
        return self._now_ms()


class HallStage:
    """One hall. Use `enter` to begin; `hall` is changed in place by the events that answers bring along."""

    hall: Hall

    def __init__(self, directory: Path, controller: Part, pace: Pace) -> None:
        self.now_ms = 0
        self.refusals: list[Refusal] = []
        self._directory = directory
        self._controller = controller
        self._starts = controller.starts
        self._pace = pace
        self._advanced_ms = 0
        self._told_rate = 0.0
        self._business = Business()
        self._clients: dict[str, HallClient] = {}

    async def enter(self) -> None:
        """Take the hall as it is. Raises StageTrouble."""
        reply = await self.snapshot()
        self.hall = reply.state
        self.now_ms = self._advanced_ms = reply.now_ms

    async def snapshot(self) -> wire.SnapshotReply:
        reply = await self._ask(MANAGER, wire.Snapshot())
        assert isinstance(reply, wire.SnapshotReply)
        return reply

    async def look(self) -> Hall:
        return (await self.snapshot()).state

    async def close(self) -> None:
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.close()

    def set_pace(self, pace: Pace) -> None:
        self._pace = pace

    # --- the clock -------------------------------------------------------------------------------

    async def reach(self, due_ms: int | None) -> None:
        business_ms = self._business.next_ms(self.hall, self.now_ms)
        target_ms = business_ms if due_ms is None else min(max(due_ms, self.now_ms), business_ms)
        # Twice a second: whoever works at a counter is not to wait for what the others do about it.
        every_ms = min(STEP_MS, round(500 * self._pace.rate))
        if every_ms:
            target_ms = min(target_ms, self.now_ms + every_ms)
        self.now_ms = await self._pace.until(target_ms)
        runs_on = self._pace.rate > 0 and self.now_ms - self._advanced_ms >= every_ms
        if self._starts != self._controller.starts or runs_on or self._pace.rate != self._told_rate:
            await self.advance()
        if self.now_ms >= business_ms:
            await self._settle()

    async def _settle(self) -> None:
        """Let the hall do what is due, here and now: so the moment at which its own clock strikes changes nothing."""
        for _ in range(SETTLE_TIMES):
            if not is_due(self.hall, self.now_ms):
                return
            await self.advance()

    async def advance(self) -> None:
        """Bring the hall's clock to ours. It also decides what has fallen due."""
        self._starts, self._told_rate = self._controller.starts, self._pace.rate
        await self._exchange(MANAGER, c.AdvanceClock(to_ms=self.now_ms, rate=self._told_rate))
        self._advanced_ms = self.now_ms

    # --- commands --------------------------------------------------------------------------------

    async def send(self, device: str, command: c.Command) -> Answer:
        """Raises StageTrouble when the hall does not answer, or cannot write."""
        # Not told of moments in which nobody asks for anything; and a fresh controller begins at its last event.
        if self._starts != self._controller.starts or self.now_ms > self._advanced_ms:
            await self.advance()
        answer = await self._exchange(device, command)
        await self._settle()
        return answer

    async def fail(self) -> None:
        """Kill the controller as a crash would, between two acts, and go on when it is up again."""
        self._controller.kill()
        await self._controller.wait()
        # What is connected yet would wait for an answer that never comes.
        await self.close()
        for _ in range(TRIES):
            # After some crashes in a row the next start is put off by more than a client waits.
            with contextlib.suppress(StageTrouble):
                await self.advance()
                return
        raise StageTrouble("the hall controller was killed and did not come up again; see its messages")

    async def _exchange(self, device: str, command: c.Command) -> Answer:
        """The command and a look at what came of it, in one go: a request is answered after those before it."""
        expires_ms = self.now_ms + PATIENCE_MS + int(GIVE_UP_S * 1000 * self._pace.rate)
        command = replace(command, expires_at_ms=expires_ms)
        last = ""
        for _ in range(TRIES):
            if isinstance(command, c.AdvanceClock):
                reply = await self._ask(device, command)  # It brings seldom anything: then we look below.
            else:
                reply, page = await asyncio.gather(
                    self._ask(device, command), self._ask(device, wire.EventsSince(self.hall.seq))
                )
                await self._read(device, page)
            if not (isinstance(reply, Refusal) and reply.code in PASSING):
                break
            last = reply.message
            await asyncio.sleep(TRY_AGAIN_S)
        else:
            raise StageTrouble(f"the hall cannot go on: {last}")
        if isinstance(reply, Refusal):
            self.refusals.append(reply)
            return reply
        assert isinstance(reply, wire.Accepted)
        while self.hall.seq < reply.seq:
            await self._read(device, await self._ask(device, wire.EventsSince(self.hall.seq)))
        return reply

    async def _read(self, device: str, page: object) -> None:
        while isinstance(page, wire.EventsReply):
            for raw in page.events:
                event = wire.decode_event(raw)
                if event.seq > self.hall.seq:
                    evolve(self.hall, event)
            if len(page.events) < wire.PAGE:
                return
            page = await self._ask(device, wire.EventsSince(self.hall.seq))
        assert isinstance(page, Refusal)
        raise StageTrouble(f"the hall does not tell {device} what happened: {page.message}")

    async def _ask(self, device: str, request: wire.Request) -> object:
        client = self._clients.get(device)
        if client is None:
            client = self._clients[device] = HallClient(load_bundle(self._directory, device), give_up_s=GIVE_UP_S)
        try:
            return await client.ask(request)
        except NoController as error:
            raise StageTrouble(str(error)) from None
