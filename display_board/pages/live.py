"""One hall, followed once for all the screens of this process: its state, the stage of calls, and who wants to know."""

import asyncio
import logging
import time
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from display_board.pages.board_view import Scene
from display_board.pages.calls import (
    Call,
    Shown,
    Stage,
    Timing,
    advance,
    announce,
    forget,
    is_fresh,
    next_change_ms,
    remember,
    settle,
    withdraw,
)
from display_board.pages.happenings import call_of, history_of, is_expected, moved_by, withdrawn_by
from display_board.pages.words import Words
from hall_controller.bus import wire
from hall_controller.bus.client import SILENCE_S, HallClient, NoController
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import TicketState

log = logging.getLogger(__name__)

LATE_MS = 30_000
"""A call that we hear this late (the network was cut) is put up only if its visitor is still expected."""
GATHER_S = 0.03
"""Events that come together are drawn once."""
REHEARSED_HOLD_MS = 700
"""A call in a rehearsal that runs fast is shown at least this long."""
REHEARSED_LINGER_MS = 5_000
REHEARSED_QUEUE = 8


class Live:
    """Not for threads: everything happens in one asyncio loop."""

    def __init__(self, client: HallClient, timing: Timing) -> None:
        self.client = client
        self.timing = timing
        self.stage = Stage()
        self.history: tuple[Call, ...] = ()
        self.lost_since_ms: int | None = None
        """By the hall's clock; None while it is heard."""
        self.extended_ms: int | None = None
        """When the hours were last extended, by the hall's clock."""
        self.rehearsal = False
        self.names: dict[str, Words] = {}
        """Of the matters, by code."""
        self.finished: dict[int, e.ServiceFinished] = {}
        """The bundles of the day that are done, by ticket: the hall keeps only that they are."""
        self._naming: asyncio.Task[None] | None = None
        self._usual_timing = timing
        self._rate = 1.0
        self._epoch = ""
        self._late: list[Call] = []
        self._listeners: list[Callable[[], None]] = []
        self._past_listeners: list[Callable[[list[e.Event]], None]] = []
        self._wake = asyncio.Event()
        self._rebuilding: asyncio.Task[None] | None = None
        client.on_event(self._hear)
        client.on_sync(self._resync)
        client.on_connection(self._connection)

    @property
    def hall(self) -> Hall | None:
        return self.client.hall

    @property
    def heard(self) -> bool:
        return self.client.connected

    def stage_ms(self) -> int:
        """The stage's clock: real time, since it is eyes that need it."""
        return int(time.monotonic() * 1000)

    def scene(self) -> Scene:
        return Scene(
            now_ms=self.client.now_ms(),
            stage=self.stage,
            history=self.history,
            stage_ms=self.stage_ms(),
            timing=self.timing,
            heard=self.heard,
            lost_since_ms=self.lost_since_ms,
            extended_ms=self.extended_ms,
            rehearsal=self.rehearsal,
        )

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change and at least each second; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def on_past(self, listener: Callable[[list[e.Event]], None]) -> None:
        """Call `listener` with the last events of before the hall was heard (again), the oldest first."""
        self._past_listeners.append(listener)

    def is_fresh(self, ticket: int | None) -> bool:
        """Whether a visitor's call is new: on the panel, or still waiting for a place there."""
        now_ms = self.stage_ms()
        waits = any(call.ticket == ticket for call in self.stage.queue)
        return waits or any(s.call.ticket == ticket and is_fresh(s, now_ms, self.timing) for s in self.stage.shown)

    async def run(self) -> None:
        """Follow the hall until cancelled."""
        self.client.follow()
        while True:
            try:
                self._advance()
                for listener in tuple(self._listeners):
                    listener()
            except Exception:
                # One bad state must not leave every screen of the hall standing still.
                log.exception("the screens could not be drawn")
            try:
                await asyncio.wait_for(self._wake.wait(), self._patience_s())
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                pass
            self._wake.clear()

    def _patience_s(self) -> float:
        now_ms = self.stage_ms()
        change_ms = next_change_ms(self.stage, now_ms, self.timing)
        return 1.0 if change_ms is None else min(1.0, (change_ms - now_ms) / 1000 + 0.005)

    def _advance(self) -> None:
        hall = self.hall
        if hall is None:
            return
        now_ms = self.stage_ms()
        late, self._late = self._late, []
        for call in late:
            if is_expected(hall, call.ticket):
                self.stage = announce(self.stage, call, now_ms, self.timing)
        for shown in self.stage.shown:
            self.stage = settle(self.stage, shown.call.ticket, self._stays_ms(hall, shown.call.ticket))
        if self.rehearsal and len(self.stage.queue) > REHEARSED_QUEUE:
            self.stage = replace(self.stage, queue=self.stage.queue[-REHEARSED_QUEUE:])
        self.stage = advance(self.stage, now_ms, self.timing)

    def _stays_ms(self, hall: Hall, ticket: int) -> int | None:
        if is_expected(hall, ticket):
            return None
        found = hall.tickets.get(ticket)
        # A missed number must not stand in the large panel and among the missed at once.
        return 0 if found is not None and found.state is TicketState.MISSED else self.timing.linger_ms

    # --- what the client tells ---------------------------------------------------------------------

    def _hear(self, event: e.Event) -> None:
        hall = self.hall
        assert hall is not None, "the client applies an event before it tells of it"
        call, withdrawn = call_of(event), withdrawn_by(event)
        for announced in [call] if call is not None else moved_by(event, hall):
            self.history = remember(self.history, announced)
            if self.client.now_ms() - event.at_ms > LATE_MS * max(1.0, self._rate):
                self._late.append(announced)
            else:
                self.stage = announce(self.stage, announced, self.stage_ms(), self.timing)
        if withdrawn is not None:
            self.history = forget(self.history, withdrawn)
            self.stage = withdraw(self.stage, withdrawn)
        if isinstance(event, e.DayStarted):
            self.history = ()
        self._keep_bundle(event)
        if isinstance(event, e.CatalogueChanged):
            self._learn_names()
        if isinstance(event, e.HoursExtended):
            self.extended_ms = event.at_ms
        self._wake.set()

    def _keep_bundle(self, event: e.Event) -> None:
        match event:
            case e.ServiceFinished() if event.more or event.left:
                self.finished[event.ticket] = event
            case e.DayStarted():
                self.finished = {}

    def _connection(self, heard: bool) -> None:
        self.lost_since_ms = None if heard else self.client.now_ms() - int(SILENCE_S * 1000)
        self._wake.set()

    def _resync(self) -> None:
        self._learn_names()
        if self._rebuilding is not None:
            self._rebuilding.cancel()
        self._rebuilding = asyncio.create_task(self._rebuild())

    def _learn_names(self) -> None:
        if self._naming is not None:
            self._naming.cancel()
        self._naming = asyncio.create_task(self._ask_names())

    async def _ask_names(self) -> None:
        try:
            reply = await self.client.ask(wire.Matters())
        except NoController:
            log.warning("the names of matters could not be read; phones show their codes")
            return
        if isinstance(reply, wire.MattersReply):
            self.names = {one.code: Words(one.name_zh, one.name_en or one.name_zh) for one in reply.matters}
            self._wake.set()

    async def _rebuild(self) -> None:
        """The state was replaced: learn from the journal which calls it has made, and put up those not shown yet."""
        hall = self.hall
        assert hall is not None
        first = hall.epoch != self._epoch
        if first:
            self._epoch, self.stage, self.history, self.extended_ms = hall.epoch, Stage(), (), None
        try:
            status = await self.client.ask(wire.Status())
            since = max(0, hall.seq - wire.PAGE)
            reply = await self.client.ask(wire.EventsSince(since))
        except NoController:
            log.warning("the calls of the day could not be read; the list of calls begins now")
            status = reply = None
        if isinstance(status, wire.StatusReply):
            self._rehearse(status)
        events = _known(reply.events) if isinstance(reply, wire.EventsReply) else []
        self.extended_ms = max((event.at_ms for event in events if isinstance(event, e.HoursExtended)), default=None)
        self._restore(history_of(events, hall), first=first)
        for event in events:
            self._keep_bundle(event)
        for listener in self._past_listeners:
            listener(events)
        self._wake.set()

    def _rehearse(self, status: wire.StatusReply) -> None:
        self.rehearsal, self._rate = status.rehearsal, status.clock_rate
        if status.rehearsal:
            rate = status.clock_rate or 1_000.0
            usual = self._usual_timing
            self.timing = Timing(
                hold_ms=max(min(usual.hold_ms, REHEARSED_HOLD_MS), int(usual.hold_ms / rate)),
                linger_ms=min(usual.linger_ms, REHEARSED_LINGER_MS),
            )

    def _restore(self, told: tuple[Call, ...], *, first: bool) -> None:
        hall = self.hall
        assert hall is not None
        seen = {call.ticket: call.seq for call in self.history}
        merged: tuple[Call, ...] = ()
        for call in sorted({*told, *self.history}, key=lambda call: call.seq):
            merged = remember(merged, call)
        now_ms = self.stage_ms()
        for call in reversed(told):
            if not is_expected(hall, call.ticket) or call.seq <= seen.get(call.ticket, -1):
                continue
            if first:
                # This process has just begun: show where people are expected, without calling them again.
                shown = Shown(call, now_ms - self.timing.hold_ms)
                self.stage = replace(self.stage, shown=(shown, *self.stage.shown))
            else:
                self.stage = announce(self.stage, call, now_ms, self.timing)
        self.history = merged
        self.stage = advance(self.stage, now_ms, self.timing)


def _known(events: list[msgspec.Raw]) -> list[e.Event]:
    """Events of a newer hall that we cannot read are no calls of ours."""
    known: list[e.Event] = []
    for raw in events:
        try:
            known.append(wire.decode_event(raw))
        except msgspec.DecodeError:
            continue
    return known
