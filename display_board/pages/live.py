"""One hall, followed once for all the screens of this process: its state, the calls on show, and who wants to know."""

import asyncio
import logging
import time
from collections.abc import Callable

import msgspec

from display_board.pages.board_view import Scene
from display_board.pages.calls import Stage, Timing, advance, is_fresh, next_change_ms, restore
from display_board.pages.words import Words
from hall_controller.bus import wire
from hall_controller.bus.client import SILENCE_S, HallClient, NoController
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall

log = logging.getLogger(__name__)

GATHER_S = 0.03
"""Events that come together are drawn once."""
REHEARSED_HOLD_MS = 700
"""A call in a rehearsal that runs fast is highlighted at least this long."""


class Live:
    """Not for threads: everything happens in one asyncio loop."""

    def __init__(self, client: HallClient, timing: Timing) -> None:
        self.client = client
        self.timing = timing
        self.stage = Stage()
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
        self._past_unread = True
        """The calls of before this epoch was followed are still to be read from the journal."""
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
        """Whether a visitor's call is new to the screens."""
        shown = next((shown for shown in self.stage.shown if shown.call.ticket == ticket), None)
        return shown is not None and is_fresh(shown, self.stage_ms(), self.timing)

    async def run(self) -> None:
        """Follow the hall until cancelled."""
        self.client.follow()
        while True:
            try:
                for listener in tuple(self._listeners):
                    listener()
            except Exception:
                # One bad state must not leave every screen of the hall standing still.
                log.exception("the screens could not be drawn")
            try:
                async with asyncio.timeout(self._patience_s()):
                    await self._wake.wait()
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                pass
            self._wake.clear()

    def _patience_s(self) -> float:
        now_ms = self.stage_ms()
        change_ms = next_change_ms(self.stage, now_ms, self.timing)
        return 1.0 if change_ms is None else min(1.0, (change_ms - now_ms) / 1000 + 0.005)

    def _advance(self) -> None:
        if self.hall is not None:
            self.stage = advance(self.stage, self.hall, self.stage_ms(), self.timing)

    # --- what the client tells ---------------------------------------------------------------------

    def _hear(self, event: e.Event) -> None:
        self._advance()
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
        hall = self.hall
        assert hall is not None, "the client has a state before it tells of it"
        if self.stage.epoch != hall.epoch:
            self.extended_ms, self._past_unread = None, True
        self._advance()
        # After a lost tail of the journal the hall knows nothing of these.
        self.finished = {ticket: event for ticket, event in self.finished.items() if event.seq <= hall.seq}
        self._learn_names()
        if self._rebuilding is not None:
            self._rebuilding.cancel()
        self._rebuilding = asyncio.create_task(self._rebuild(hall.seq))

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

    async def _rebuild(self, seq: int) -> None:
        """The state was replaced by that of `seq`: learn from the journal what led to it."""
        try:
            status = await self.client.ask(wire.Status())
            reply = await self.client.ask(wire.EventsSince(max(0, seq - wire.PAGE)))
        except NoController:
            log.warning("the calls of the day could not be read; the list of calls begins now")
            status = reply = None
        if isinstance(status, wire.StatusReply):
            self._rehearse(status)
        events = _known(reply.events) if isinstance(reply, wire.EventsReply) else []
        self.extended_ms = max((event.at_ms for event in events if isinstance(event, e.HoursExtended)), default=None)
        if self._past_unread and events and self.hall is not None:
            self.stage, self._past_unread = restore(self.stage, self.hall, events), False
        for event in events:
            self._keep_bundle(event)
        for listener in self._past_listeners:
            listener(events)
        self._wake.set()

    def _rehearse(self, status: wire.StatusReply) -> None:
        self.rehearsal = status.rehearsal
        if status.rehearsal:
            usual_ms = self._usual_timing.hold_ms
            hold_ms = max(min(usual_ms, REHEARSED_HOLD_MS), int(usual_ms / (status.clock_rate or 1_000.0)))
            self.timing = Timing(hold_ms=hold_ms)


def _known(events: list[msgspec.Raw]) -> list[e.Event]:
    """Events of a newer hall that we cannot read are no calls of ours."""
    known: list[e.Event] = []
    for raw in events:
        try:
            known.append(wire.read_event(raw))
        except msgspec.DecodeError:
            continue
    return known
