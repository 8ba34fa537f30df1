"""A rehearsal from beginning to end: the controller, a morning or whole days, the screens, and what came of it."""

import asyncio
import contextlib
import datetime as dt
import resource
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from hall_controller.bus.wire import decode_event
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import TicketState
from hall_controller.journal.journal import Journal
from hall_controller.part import Trouble, until_told_to_stop
from hall_controller.rehearsal.day import draw_day
from hall_controller.rehearsal.days import PlayedDay, play_day, play_days
from hall_controller.rehearsal.morning import play
from hall_controller.rehearsal.outcome import Outcome, tell
from hall_controller.rehearsal.place import Place
from hall_controller.rehearsal.proof import Figures, broken
from hall_controller.rehearsal.rows import DayRow, PeriodRow, day_rows, month_rows
from hall_controller.rehearsal.scenario import draw_scenario
from hall_controller.rehearsal.stage import HallStage, Jumps, Runs
from hall_controller.rehearsal.use import use_of
from hall_controller.report import make_report
from hall_controller.report.source import read
from hall_controller.supervisor import READY_S, Part, first_start

SCREENS = ("kiosk", "board", "printer", "voice")
FILES_PER_DEVICE = 10
PROGRESS_S = 0.1
TRIES = 20
TURNED_AWAY = (Code.ISSUING_STOPPED, Code.HALL_CLOSED)
"""What the hall tells a visitor who comes in vain."""


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
    gave_up: int
    """Who lost patience."""
    refused: list[str]
    """Commands that the hall refused, by code: none, unless somebody else worked in the hall too.

    Visitors who were turned away are counted apart.
    """
    controller_starts: int
    """1 unless the controller ended meanwhile and was started again."""
    outcome: Outcome
    scenario: str
    """Its name; empty without one."""
    broken: list[str]
    """What does not hold in the journal: nothing, unless there is a defect."""
    days: list[DayRow] = []
    """Of whole days and scenarios: a row each, those on which the hall was shut included."""
    months: list[PeriodRow] = []
    rehearsal: bool = True


class Show:
    """How a rehearsal is shown to whoever started it."""

    def __init__(
        self,
        *,
        speed: float | None,
        watch: bool,
        say: Callable[[str], None],
        progress: Callable[[int, int], None],
        from_ms: int = 0,
    ) -> None:
        """`progress` is told (visitors who are through, the hall's clock in ms). `from_ms`: jumps until then."""
        self.speed = speed
        self.watch = watch
        self.say = say
        self.progress = progress
        self.from_ms = from_ms


async def rehearse(
    place: Place, seed: int, visitors: int, mode: Mode | None, show: Show, done: Callable[[Rehearsed], None]
) -> None:
    """`done` is called once the day is over; with screens on a running clock, they then stay until SIGTERM or Ctrl-C.

    Raises CannotStart, StageTrouble.
    """
    counters = place.config.hall.counters
    allow_open_files(counters)
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
        begin_ms = max(stage.now_ms, place.begin_ms)
        if show.speed:
            stage.set_pace(Runs(begin_ms, show.speed, stop, _resting(stage, place, show)))
        play = _morning
        if place.scenario is not None:
            play = _scenario
        elif place.period is not None:
            play = _whole_days
        played = await play(stage, place, seed, visitors, mode, show, stop)
        # The clock stands still while the accounts are made.
        stage.set_pace(Jumps())
        await stage.advance()
        live, accounts = await _accounts(stage, place, played)
        result = Rehearsed(
            hall=place.config.hall.id,
            tier=place.config.hall.tier,
            counters=counters,
            mode=live.mode,
            seed=seed,
            day=place.day,
            from_ms=begin_ms,
            to_ms=stage.now_ms,
            took_s=round(time.monotonic() - began_s, 2),
            interrupted=not played.to_the_end,
            turned_away=played.turned_away,
            gave_up=played.gave_up,
            scenario=place.scenario.name if place.scenario is not None else "",
            refused=[str(refusal.code) for refusal in stage.refusals if refusal.code not in TURNED_AWAY],
            controller_starts=controller.starts,
            **accounts,
        )
        done(result)
        if show.watch and show.speed and not stop.is_set():
            stage.set_pace(Runs(stage.now_ms, 1.0, stop))
            await stage.advance()
            show.say("The day is over; the screens stay up. Ctrl-C or SIGTERM ends them.")
            await stop.wait()


def _resting(stage: HallStage, place: Place, show: Show) -> Callable[[], bool]:
    """When the clock jumps, although it runs."""
    if place.scenario is not None:
        trainee = place.scenario.trainee
        return lambda: stage.now_ms < show.from_ms or _rests(stage.hall, trainee)
    if place.period is not None:
        return lambda: _rests(stage.hall, None)
    return lambda: False


def _rests(hall: Hall, trainee: int | None) -> bool:
    """Nobody is there, and it is not open; whoever is trained may have left the counter open."""
    is_shut = hall.opening is None or hall.opening.over
    people = any(ticket.state is not TicketState.BOOKED for ticket in hall.tickets.values())
    closed = (one.state is CounterState.CLOSED or one.counter == trainee for one in hall.counters.values())
    return is_shut and not people and all(closed)


class _Played(NamedTuple):
    turned_away: int
    gave_up: int
    to_the_end: bool
    days: list[PlayedDay]


async def _morning(
    stage: HallStage, place: Place, seed: int, visitors: int, mode: Mode | None, show: Show, stop: asyncio.Event
) -> _Played:
    counters = range(1, place.config.hall.counters + 1)
    day = draw_day(seed, visitors, place.catalogue, place.opening_ms, counters)

    def through() -> int:
        return len(stage.hall.ended) if stage.hall.service_day == place.day else 0

    played = await play(
        stage,
        day,
        place.catalogue,
        mode=mode,
        prints=not show.watch,
        stopped=stop.is_set,
        progress=_progress(stage, show, through),
    )
    return _Played(played.turned_away, played.gave_up, played.to_the_end, [])


async def _whole_days(
    stage: HallStage, place: Place, seed: int, visitors: int, mode: Mode | None, show: Show, stop: asyncio.Event
) -> _Played:
    assert place.period is not None
    first = place.period.first.toordinal()

    def through() -> int:
        today = stage.hall.service_day
        return dt.date.fromisoformat(today).toordinal() - first if today else 0

    days = await play_days(
        stage,
        place.period,
        seed,
        visitors,
        place.catalogue,
        mode=mode,
        prints=not show.watch,
        stopped=stop.is_set,
        progress=_progress(stage, show, through),
    )
    turned_away, gave_up = sum(day.turned_away for day in days), sum(day.gave_up for day in days)
    return _Played(turned_away, gave_up, not stop.is_set(), days)


async def _scenario(
    stage: HallStage, place: Place, seed: int, visitors: int, mode: Mode | None, show: Show, stop: asyncio.Event
) -> _Played:
    """All of it by the scenario; `visitors` are those who were drawn."""
    del visitors, mode
    assert place.scenario is not None
    plan = draw_scenario(place.scenario, place.catalogue, seed, in_force(stage.hall))

    def through() -> int:
        return len(stage.hall.ended) if stage.hall.service_day == place.day else 0

    played = await play_day(
        stage,
        plan,
        place.catalogue,
        prints=not show.watch,
        stopped=stop.is_set,
        progress=_progress(stage, show, through),
        tell=show.say if show.speed else None,
    )
    return _Played(played.turned_away, played.gave_up, not stop.is_set(), [played])


def _progress(stage: HallStage, show: Show, through: Callable[[], int]) -> Callable[[], None]:
    shown_s = 0.0

    def progress() -> None:
        nonlocal shown_s
        if time.monotonic() - shown_s > PROGRESS_S:
            shown_s = time.monotonic()
            show.progress(max(0, through()), stage.now_ms)

    return progress


async def _accounts(stage: HallStage, place: Place, played: _Played) -> tuple[Hall, dict[str, Any]]:
    """The hall that the controller has, and what happened and what does not hold by the journal on the disk."""
    for _ in range(TRIES):
        live = await stage.look()
        with Journal(place.directory, read_only=True) as journal:
            events = [decode_event(body) for body in journal.bodies()]
            replayed = journal.load(use_checkpoint=False)
        if replayed.seq == live.seq:
            break  # Else somebody else, a printer or a person, has added to it meanwhile.
    audits = [(day.plan.day, day.audit) for day in played.days if day.audit is not None]
    figures = [audit.figures for _, audit in audits if audit.figures is not None] or [Figures.of(replayed)]
    with Journal(place.directory, read_only=True) as journal:
        found = broken(events, replayed, figures, lambda period: make_report(read(journal, period).bodies, period))
    if replayed != live:
        found.append("the journal, replayed, is not the hall that the controller has")
    found += [f"{day}: what people knew of the hall at midnight was not so" for day, one in audits if not one.agrees]
    rows = day_rows(played.days, events, in_force(live))
    own = [event for event in events if event.seq >= place.first_seq]
    outcome = replace(tell(own, place.config.hall.timezone), use=use_of(events, place.first_seq))
    return live, {"outcome": outcome, "broken": found, "days": rows, "months": month_rows(rows)}


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
