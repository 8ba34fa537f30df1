"""A rehearsal from beginning to end: the place, the controller, the morning, the screens, and what came of it."""

import asyncio
import contextlib
import resource
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec

from hall_controller.bus.wire import decode_event
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Mode
from hall_controller.journal.journal import Journal
from hall_controller.part import Trouble, until_told_to_stop
from hall_controller.rehearsal.day import Day, draw_day
from hall_controller.rehearsal.morning import Played, play
from hall_controller.rehearsal.outcome import Outcome, tell
from hall_controller.rehearsal.place import Place
from hall_controller.rehearsal.proof import broken
from hall_controller.rehearsal.stage import HallStage, Jumps, Runs
from hall_controller.report import make_report
from hall_controller.supervisor import READY_S, Part, first_start

SCREENS = ("kiosk", "board", "printer", "voice")
FILES_PER_DEVICE = 10
PROGRESS_S = 0.1
TRIES = 20


class CannotStart(Exception):
    """The controller did not start; it has said why. Carries its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the controller ended with code {code}")
        self.code = code


class Rehearsed(msgspec.Struct):
    """What `hall rehearse --json` prints."""

    hall: str
    tier: str
    counters: int
    mode: str
    seed: int
    day: str
    from_ms: int
    to_ms: int
    """The hall's clock at the beginning and at the end."""
    took_s: float
    interrupted: bool
    turned_away: int
    refused: list[str]
    """Commands that the hall refused, by code: none, unless somebody else worked in the hall too."""
    controller_starts: int
    """1 unless the controller ended meanwhile and was started again."""
    outcome: Outcome
    broken: list[str]
    """What does not hold in the journal: nothing, unless there is a defect."""
    rehearsal: bool = True


class Show:
    """How a rehearsal is shown to whoever started it."""

    def __init__(
        self, *, speed: float | None, watch: bool, say: Callable[[str], None], progress: Callable[[int, int], None]
    ) -> None:
        """`progress` is told (visitors who are through, the hall's clock in ms)."""
        self.speed = speed
        self.watch = watch
        self.say = say
        self.progress = progress


async def rehearse(
    place: Place, seed: int, visitors: int, mode: Mode | None, show: Show, done: Callable[[Rehearsed], None]
) -> None:
    """`done` is called once the day is over; with screens on a running clock, they then stay until SIGTERM or Ctrl-C.

    Raises CannotStart, StageTrouble.
    """
    counters = range(1, place.config.hall.counters + 1)
    day = draw_day(seed, visitors, place.catalogue, place.opening_ms, counters)
    allow_open_files(len(counters))
    stop = asyncio.Event()
    told = asyncio.create_task(until_told_to_stop())
    told.add_done_callback(lambda _: stop.set())
    began_s = time.monotonic()
    async with AsyncExitStack() as ends:
        ends.callback(told.cancel)
        controller = await _started(place.directory, told, ends)
        if controller is None:
            return
        stage = HallStage(place.directory, controller, Jumps())
        ends.push_async_callback(stage.close)
        await stage.enter()
        if show.watch:
            await _open_screens(place.directory, show, stop, ends)
        if show.speed:
            stage.set_pace(Runs(max(stage.now_ms, day.doors_ms), show.speed, stop))
        from_ms = stage.now_ms
        played = await _play(stage, day, place, mode, show, stop)
        # The clock stands still while the accounts are made.
        stage.set_pace(Jumps())
        await stage.advance()
        live, accounts = await _accounts(stage, place)
        result = Rehearsed(
            hall=place.config.hall.id,
            tier=place.config.hall.tier,
            counters=len(counters),
            mode=live.mode,
            seed=seed,
            day=place.day,
            from_ms=max(from_ms, day.doors_ms),
            to_ms=stage.now_ms,
            took_s=round(time.monotonic() - began_s, 2),
            interrupted=not played.to_the_end,
            turned_away=played.turned_away,
            refused=[str(refusal.code) for refusal in stage.refusals],
            controller_starts=controller.starts,
            **accounts,
        )
        done(result)
        if show.watch and show.speed and not stop.is_set():
            stage.set_pace(Runs(stage.now_ms, 1.0, stop))
            await stage.advance()
            show.say("The day is over; the screens stay up. Ctrl-C or SIGTERM ends them.")
            await stop.wait()


async def _play(stage: HallStage, day: Day, place: Place, mode: Mode | None, show: Show, stop: asyncio.Event) -> Played:
    shown_s = 0.0

    def progress() -> None:
        nonlocal shown_s
        if time.monotonic() - shown_s > PROGRESS_S:
            shown_s = time.monotonic()
            hall = stage.hall
            show.progress(len(hall.ended) if hall.service_day == place.day else 0, stage.now_ms)

    return await play(
        stage, day, place.catalogue, mode=mode, prints=not show.watch, stopped=stop.is_set, progress=progress
    )


async def _accounts(stage: HallStage, place: Place) -> tuple[Hall, dict[str, Any]]:
    """The hall that the controller has, and what happened and what does not hold by the journal on the disk."""
    for _ in range(TRIES):
        live = (await stage.snapshot()).state
        with Journal(place.directory, read_only=True) as journal:
            bodies = list(journal.bodies())
            replayed = journal.load(use_checkpoint=False)
        if replayed.seq == live.seq:
            break  # Else somebody else, a printer or a person, has added to it meanwhile.
    events = [decode_event(body) for body in bodies]
    found = broken(events, replayed, make_report(bodies, replayed.service_day or place.day))
    if replayed != live:
        found.append("the journal, replayed, is not the hall that the controller has")
    return live, {"outcome": tell(event for event in events if event.seq >= place.first_seq), "broken": found}


async def _started(directory: Path, told: "asyncio.Task[None]", ends: AsyncExitStack) -> Part | None:
    """The controller, kept running until the end; None when we were told to stop before it was ready."""
    controller = Part(directory, "controller")
    ends.push_async_callback(controller.end)
    code = await first_start(controller, told)
    if told.done():
        return None
    if code is not None:
        raise CannotStart(code)
    _keep(controller, ends)
    return controller


def _keep(part: Part, ends: AsyncExitStack) -> None:
    """Start it again whenever it ends, until the rehearsal does."""
    task = asyncio.create_task(part.keep())

    async def cancel() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    ends.push_async_callback(cancel)


async def _open_screens(directory: Path, show: Show, stop: asyncio.Event, ends: AsyncExitStack) -> None:
    """Kiosk, board, printer and voice, and where to look at them. A part that does not come up stops nobody."""
    parts = [Part(directory, name) for name in SCREENS]
    for part in parts:
        ends.push_async_callback(part.end)
        _keep(part, ends)
    for part in parts:
        ready = asyncio.create_task(part.ready.wait())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({ready, stopping}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
        for task in (ready, stopping):
            task.cancel()
        if stop.is_set():
            return
        show.say(f"{part.name:<10} {(part.address or 'ready') if part.ready.is_set() else 'does not come up'}")


def allow_open_files(counters: int) -> None:
    """Each device has a connection of its own. Raises Trouble where this box does not allow so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_PER_DEVICE * (counters + 20)
    if soft >= wanted or soft == resource.RLIM_INFINITY:
        return
    if resource.RLIM_INFINITY != hard < wanted:
        mend = "rehearse with fewer counters, or raise `ulimit -n`"
        raise Trouble(f"{counters} counters need {wanted} open files, and this box allows {hard}; {mend}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
