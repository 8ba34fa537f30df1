"""A hall of the district's day: its controller's process, and its people on the common clock."""

import asyncio
import os
import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

import zmq.asyncio
from msgspec.structs import replace

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, load_bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain import commands as c
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.refusal import Refusal
from hall_controller.rehearsal.agenda import Agenda, Answer, act_until
from hall_controller.rehearsal.day import Door
from hall_controller.rehearsal.days import BOOKING_MS
from hall_controller.rehearsal.floor import Floor
from hall_controller.rehearsal.managing import befall, prepare, see_the_day_out
from hall_controller.rehearsal.serving import clerk
from hall_controller.rehearsal.stage import PASSING, PATIENCE_MS, HallStage, Pace, StageTrouble
from hall_controller.rehearsal.visiting import booked, visitor
from hall_controller.rehearsal.whole_day import WholeDay
from hall_controller.supervisor import Part
from metrics.district.day.children import die_with_parent
from metrics.district.day.clock import DayClock

READY_S = 180.0
"""A hundred controllers that start at once on two cores take their time."""
GIVE_UP_S = 180.0
TRY_AGAIN_S, TIMES_OUT_S = 0.25, 3.0
IDLE_MS = 300_000
"""The clock of a hall in which nobody does anything is set so often."""
FULL_BYTES = 4_096


class Controller(Part):
    """Kept running. What it says goes to a file."""

    def __init__(self, directory: Path, log: Path) -> None:
        super().__init__(directory, f"controller-{directory.name}")  # a place of its own to say it is ready
        self.name = "controller"
        self._log = log

    async def start(self) -> None:
        self._started_s = time.monotonic()
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "hall_controller", "controller", str(self._directory),
                env={**os.environ, "NOTIFY_SOCKET": "@" + self._notify_name, "HALL_LOG": "WARNING"},
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent,
            )  # fmt: skip

    async def up(self) -> None:
        """Raises StageTrouble."""
        try:
            async with asyncio.timeout(READY_S):
                await self.ready.wait()
        except TimeoutError:
            raise StageTrouble(f"the controller in {self._directory} did not start; {self._log} says why") from None

    async def crash(self) -> None:
        """SIGKILL, at whatever it is; returns once it is up again."""
        self.ready.clear()
        self.kill()
        await self.up()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def fill_disk(self, *, full: bool) -> None:
        """No file of it may grow: each write fails as on a full disk."""
        soft = FULL_BYTES if full else resource.RLIM_INFINITY
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


def client_of(bundle: Bundle, context: zmq.asyncio.Context) -> HallClient:
    """One of very many; patient, whatever befalls its hall."""
    return HallClient(bundle, timeout_s=TIMES_OUT_S, give_up_s=GIVE_UP_S, context=context)


class _Paced(Pace):
    """Between the acts of a hall's people its clock stands still; when they act, the common clock says."""

    rate = 0.0

    def __init__(self, hall: str, clock: DayClock) -> None:
        self._hall = hall
        self._clock = clock

    async def until(self, at_ms: int) -> int:
        return await self._clock.reach(self._hall, at_ms)


class DayStage(HallStage):
    """Goes on whatever befalls the hall: people wait until it can again."""

    def __init__(self, directory: Path, controller: Controller, clock: DayClock, context: zmq.asyncio.Context) -> None:
        super().__init__(directory, controller, _Paced(directory.name, clock))
        self._context = context
        self.commands = 0
        self.not_written = 0
        """Commands that were refused because the journal could not be written, and given again."""

    async def reach(self, due_ms: int | None) -> None:
        idle_ms = self._advanced_ms + IDLE_MS
        await super().reach(idle_ms if due_ms is None else min(due_ms, idle_ms))
        if self.now_ms >= idle_ms:
            await self.advance()

    async def _exchange(self, device: str, command: c.Command) -> Answer:
        command = replace(command, expires_at_ms=self.now_ms + PATIENCE_MS)
        self.commands += 1
        while True:
            if isinstance(command, c.AdvanceClock):
                reply = await self._ask(device, command)
            else:
                reply, page = await asyncio.gather(
                    self._ask(device, command), self._ask(device, wire.EventsSince(self.hall.seq))
                )
                await self._read(device, page)
            if not (isinstance(reply, Refusal) and reply.code in PASSING):
                break
            self.not_written += 1
            await asyncio.sleep(TRY_AGAIN_S)
        if isinstance(reply, Refusal):
            self.refusals.append(reply)
            return reply
        assert isinstance(reply, wire.Accepted)
        while self.hall.seq < reply.seq:
            await self._read(device, await self._ask(device, wire.EventsSince(self.hall.seq)))
        return reply

    async def _ask(self, device: str, request: wire.Request) -> object:
        client = self._clients.get(device)
        if client is None:
            client = self._clients[device] = client_of(load_bundle(self._directory, device), self._context)
        try:
            return await client.ask(request)
        except NoController as error:
            raise StageTrouble(str(error)) from None


class Played(NamedTuple):
    turned_away: int
    left_over: int
    closed_ms: int


async def play(stage: DayStage, clock: DayClock, plan: WholeDay, catalogue: Catalogue) -> Played:
    """Everybody comes, is served and goes home. Raises StageTrouble."""
    agenda = Agenda()
    floor = Floor(stage, catalogue, lambda person: agenda.begin(person, stage.now_ms))
    floor.colleagues = {one.clerk for one in plan.clerks}
    agenda.begin(see_the_day_out(floor, plan), stage.now_ms)
    agenda.begin(prepare(floor, None), stage.now_ms)
    come = [one for one in plan.visitors if one.arrives_ms >= stage.now_ms]
    for number, one in enumerate(one for one in come if one.door is Door.BOOKED):
        agenda.begin(booked(floor, one, plan.reception_ms + BOOKING_MS * number, prints=True), plan.reception_ms)
    for one in come:
        if one.door is not Door.BOOKED:
            agenda.begin(visitor(floor, one, prints=True), one.arrives_ms)
    for one_clerk in plan.clerks:
        agenda.begin(clerk(floor, one_clerk), one_clerk.opens_ms)

    async def nothing() -> None:
        """Crashes come from outside."""

    for person, at_ms in befall(floor, plan, nothing):
        agenda.begin(person, at_ms)
    try:
        await act_until(agenda, stage, lambda: floor.day_is_over, lambda: None)
    finally:
        clock.leave(stage.hall.rules.hall if stage.hall.rules else "")
    return Played(floor.turned_away, floor.left_over, floor.closed_ms or stage.now_ms)
