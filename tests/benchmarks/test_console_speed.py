"""The manager's console under a full hall: a key is answered within a frame of what an idle console needs."""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
from textual import events
from textual._compositor import CompositorUpdate
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen

from counter_client.manager.acts import View
from counter_client.manager.lists import ListPane
from counter_client.manager.screen import ManagerScreen
from counter_client.terminal import TerminalApp
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import VisitorClass
from tests.benchmarks.conftest import Report
from tests.terminal.bench import patient_fingers
from tests.terminal.local_hall import CATALOGUE, LocalHall

FRAME_S = 1 / 60
COUNTERS, WAITING, EVENTS_S = 40, 500, 50
PRESSES = 120


def full_hall(waiting: int) -> LocalHall:
    local = LocalHall(counters=COUNTERS)
    codes = list(CATALOGUE.matters)
    for number in range(1, COUNTERS + 1):
        local.do(c.OpenCounter(counter=number, clerk=f"{number:03d}"))
    for at in range(waiting + COUNTERS):
        kind = VisitorClass.PRIORITY if at % 7 == 3 else VisitorClass.ORDINARY
        local.do(c.IssueTicket(matter=codes[at % len(codes)], visitor_class=kind))
        local.later(3)
    for number in range(1, COUNTERS + 1):
        local.do(c.CallNext(counter=number))
        local.do(c.StartService(counter=number))
    return local


def recorded(events: int) -> list[msgspec.Raw]:
    """What goes on happening in a full hall: services end, the next are called and served, others come."""
    local = full_hall(WAITING)
    begun = len(local.journal)
    number = 0
    while len(local.journal) < begun + events:
        number = number % COUNTERS + 1
        local.later(0.08)
        local.do(c.FinishService(counter=number))
        local.do(c.CallNext(counter=number))
        local.do(c.StartService(counter=number))
        local.do(c.IssueTicket(matter="id-card-renew"))
    return local.journal[begun:]


async def happen(local: LocalHall, events: list[msgspec.Raw]) -> None:
    """As the client does when it hears them: decode, apply, tell."""
    start = time.monotonic()
    for done, raw in enumerate(events):
        await asyncio.sleep(max(0.0, start + done / EVENTS_S - time.monotonic()))
        event = wire.decode_event(raw)
        local.at_ms = event.at_ms
        local.hear(event)


@contextlib.asynccontextmanager
async def console(local: LocalHall) -> AsyncIterator[tuple[Pilot[None], ManagerScreen]]:
    app = TerminalApp(lambda: local, lambda link: ManagerScreen(link, guard=patient_fingers()))
    async with app.run_test(size=(160, 48)) as pilot:
        screen = app.screen
        assert isinstance(screen, ManagerScreen)
        while not screen.day.entries or not screen.rows[View.QUEUE]:
            await pilot.pause()
        yield pilot, screen


async def latencies(pilot: Pilot[None], screen: ManagerScreen) -> list[float]:
    """Seconds from a key to the first bytes for the terminal that show its effect."""
    app = pilot.app
    written: list[float] = []

    def display(shown: Screen[Any], renderable: Any) -> None:
        """As on a real terminal, which a headless run spares itself: every byte is made."""
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(app.console)
            written.append(time.perf_counter())

    app._display = display  # type: ignore[method-assign, assignment]
    pane = screen.query_one("#queue", ListPane)
    show = pane.show
    updated: tuple[float, int | str | None] = 0.0, None

    def noted(content: Content) -> None:
        nonlocal updated
        show(content)
        updated = time.perf_counter(), screen.marked[View.QUEUE]

    pane.show = noted  # type: ignore[method-assign]
    await pilot.press("2", "home")
    took = []
    for press in range(PRESSES):
        await asyncio.sleep(0.037)  # not in step with the drawing
        marked, pressed = screen.marked[View.QUEUE], time.perf_counter()
        app.post_message(events.Key(("pagedown", "down", "pagedown", "pageup")[press % 4], None))

        def answered(marked: int | str | None = marked) -> bool:
            """What was drawn with the new mark has gone out."""
            at, drawn = updated
            return drawn != marked and bool(written) and written[-1] > at

        await _until(answered)
        took.append(written[-1] - pressed)
    return took


async def _until(condition: Callable[[], object]) -> None:
    deadline = time.perf_counter() + 5
    while not condition():
        assert time.perf_counter() < deadline, "the key was not answered"
        await asyncio.sleep(0)


@pytest.mark.timeout(180)
async def test_a_key_is_answered_as_fast_in_a_full_hall_as_in_a_quiet_one(report: Report) -> None:
    async with console(full_hall(WAITING)) as (pilot, screen):
        idle = await latencies(pilot, screen)
    local, events_ahead = full_hall(WAITING), recorded(60 * EVENTS_S)
    async with console(local) as (pilot, screen):
        load = asyncio.create_task(happen(local, events_ahead))
        since, start = local.state.seq, time.monotonic()
        busy = await latencies(pilot, screen)
        rate = (local.state.seq - since) / (time.monotonic() - start)
        load.cancel()
    quiet, loaded = statistics.median(idle), statistics.median(busy)
    worst = statistics.quantiles(busy, n=20)[-1]
    ratio = loaded / quiet
    shown = f"{loaded * 1e3:.1f} ms of {quiet * 1e3:.1f} ms idle; 95 % in {worst * 1e3:.1f} ms; {rate:.0f} events/s"
    report(f"console, a key, {WAITING} waiting, {COUNTERS} counters", shown, ratio, "<= 3")
    assert rate > 0.8 * EVENTS_S
    assert ratio <= 3
