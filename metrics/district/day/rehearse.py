"""The district's day from beginning to end."""

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import zmq.asyncio
from msgspec.structs import replace

from hall_controller.config import load_catalogue, load_config
from hall_controller.domain.hours import local, moment_ms
from hall_controller.domain.rules import Rules, Tier
from hall_controller.part import Trouble, until_told_to_stop
from hall_controller.rehearsal.incidents import Incidents
from hall_controller.rehearsal.rehearse import TURNED_AWAY
from hall_controller.rehearsal.whole_day import WholeDay, draw_whole_day
from metrics.district.day import outcome, plan
from metrics.district.day.children import Child, Usage, allow_many_files, usage
from metrics.district.day.clock import DayClock
from metrics.district.day.exporters import MOST_SOCKETS
from metrics.district.day.hall import READY_S, DayStage, play
from metrics.district.day.making import MadeHall, enlist, make_halls
from metrics.district.day.watching import Watch, every_s
from metrics.district.inventory import Inventory

log = logging.getLogger(__name__)

EXTENSION_MINUTES, EXTENDS_BEFORE_MS = 30, 45 * 60_000
HALLS_AN_EXPORTER = 34
IDLE_S = 3.0
CAUGHT_UP_S = 60.0
LEDGER_EVERY_MS = 120_000
SCRAPES_IN_CUT = 4
"""A cut line lasts at least for so many: else it would hide nothing."""
PAUSE_MS = 600_000
"""Without a sample for longer than this of the hall's day is a gap."""


class Wish(NamedTuple):
    halls: int | None
    visitors: int
    speed: float
    seed: int


class Rehearsal:
    def __init__(self, where: Path, inventory: Inventory, wish: Wish, say: Callable[[str], None]) -> None:
        self.where = where
        self.inventory = inventory
        self.wish = wish
        self.say = say
        self.logs = where / "logs"
        entries = plan.choose(inventory.hall, wish.halls)
        rules = Rules(hall="DISTRICT", tier=Tier.DISTRICT, counters=1)
        self.begin_ms = moment_ms(rules, plan.DAY, plan.BEGINS)
        self._rules = rules
        self.befalls = plan.draw(wish.seed, entries, self.begin_ms)
        self.visitors = plan.share_out(wish.visitors, entries)
        self.halls = [MadeHall(entry, where / "halls" / entry.id, self.logs) for entry in entries]
        self.clock = DayClock(self.begin_ms, wish.speed)
        self.watch = Watch(where / "prometheus", self.logs)
        self.database = f"sqlite:///{where / 'ledger.db'}"
        self.exporters: list[Child] = []
        self._ledger_words: list[str] = []
        self.context = zmq.asyncio.Context()

    # --- before the day --------------------------------------------------------------------------

    async def _open_eyes(self) -> None:
        """Exporters, Prometheus and agents."""
        ports: dict[str, int] = {}
        for first in range(0, len(self.halls), HALLS_AN_EXPORTER):
            ports |= await self._exported(self.halls[first : first + HALLS_AN_EXPORTER])
        scraped = {}
        for hall in self.halls:
            name = hall.entry.id
            if name not in self.befalls.agents:
                is_cut = name in self.befalls.cut
                scraped[name] = await hall.line.lead_to(ports[name]) if is_cut else ports[name]
        await self.watch.start([hall.entry for hall in self.halls], scraped, self.wish.speed)
        for hall in self.halls:
            if hall.entry.id in self.befalls.agents:
                upwards = await hall.line.lead_to(self.watch.port)
                await self.watch.start_agent(hall.entry, ports[hall.entry.id], upwards, self.wish.speed)

    async def _exported(self, halls: Sequence[MadeHall]) -> dict[str, int]:
        """The port of each hall's figures."""
        name = f"exporters-{halls[0].entry.id}"
        file, log_file = self.where / f"{name}.json", self.logs / f"{name}.log"
        directories = [hall.directory for hall in halls]
        exporters = Child([sys.executable, "-m", "metrics.district.day.exporters", file, *directories], log_file)
        self.exporters.append(exporters)
        await exporters.start()
        deadline_s = time.monotonic() + READY_S
        while not file.exists():
            if exporters.ended or time.monotonic() > deadline_s:
                raise Trouble(f"the exporters did not start; {log_file} says why")
            await asyncio.sleep(0.1)
        ports: dict[str, int] = json.loads(file.read_text("utf-8"))
        return ports

    # --- the day ---------------------------------------------------------------------------------

    def _plan(self, hall: MadeHall) -> WholeDay:
        config = load_config(hall.directory)
        number = self.halls.index(hall)
        name = hall.entry.id
        drawn = draw_whole_day(
            self.wish.seed * 1_000 + number,
            self.visitors[name],
            load_catalogue(hall.directory),
            config.rules(plan.DAY),
            plan.DAY,
        )
        incidents = Incidents()
        if name in self.befalls.extended and drawn.closing_ms is not None:
            incidents = Incidents(
                extended_at_ms=drawn.closing_ms - EXTENDS_BEFORE_MS, extended_minutes=EXTENSION_MINUTES
            )
            hall.befell.append(f"extended by {EXTENSION_MINUTES} minutes")
        return replace(drawn, incidents=incidents)

    async def _people(self, hall: MadeHall) -> None:
        stage = hall.stage = DayStage(hall.directory, hall.controller, self.clock, self.context)
        await stage.enter()
        day, catalogue = self._plan(hall), load_catalogue(hall.directory)
        hall.played = await play(stage, self.clock, day, catalogue)

    async def _befall(self, hall: MadeHall) -> None:
        """What comes from outside, each at its time."""
        name, clock = hall.entry.id, self.clock
        async with asyncio.TaskGroup() as tasks:
            if name in self.befalls.killed:
                tasks.create_task(self._kill(hall, self.befalls.killed[name]))
            if (span := self.befalls.cut.get(name)) is not None:

                def cut() -> None:
                    clock.slow(name, plan.CUT_MS / 1000 / (SCRAPES_IN_CUT * every_s(clock.speed)))
                    hall.line.cut()

                def mend() -> None:
                    hall.line.mend()
                    clock.slow(name, None)

                tasks.create_task(self._during(hall, span, "line cut", cut, mend))
            if (span := self.befalls.full.get(name)) is not None:

                def fill() -> None:
                    clock.excuse(name)
                    hall.controller.fill_disk(full=True)

                def free() -> None:
                    hall.controller.fill_disk(full=False)
                    clock.expect(name)

                tasks.create_task(self._during(hall, span, "disk full", fill, free))

    async def _kill(self, hall: MadeHall, at_ms: int) -> None:
        await self.clock.until(at_ms)
        self.clock.excuse(hall.entry.id)
        from_ms = self.clock.now_ms
        await hall.controller.crash()
        self.clock.expect(hall.entry.id)
        hall.befell.append(f"killed {self._time(from_ms)}, up {self._time(self.clock.now_ms)}")

    async def _during(
        self, hall: MadeHall, span: plan.Span, what: str, begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        await self.clock.until(span.from_ms)
        begin()
        await self.clock.until(span.to_ms)
        end()
        hall.befell.append(f"{what} {self._time(span.from_ms)}-{self._time(self.clock.now_ms)}")

    def _time(self, at_ms: int) -> str:
        return f"{local(self._rules, at_ms):%H:%M}"

    # --- from beginning to end -------------------------------------------------------------------

    async def run(self) -> outcome.Rehearsed:
        """Raises Trouble, StageTrouble."""
        began_s = time.monotonic()
        allow_many_files()
        self.context.set(zmq.MAX_SOCKETS, MOST_SOCKETS)
        self.logs.mkdir(parents=True)
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self._end)
            self.say(f"making {len(self.halls)} halls and starting their controllers")
            await make_halls(self.halls, self.begin_ms)
            known = await enlist(self.halls, self.inventory, self.where, set(self.befalls.cut))
            pace = ["--patience", "6", "--retry", "2"]
            self._ledger_words = [
                *(sys.executable, "-m", "hall_controller", "district", "collect", *known),
                *("--database", self.database, "--rehearsal", *pace),
            ]
            await self._open_eyes()
            collector = Child(
                [*self._ledger_words, "--every", f"{max(0.5, LEDGER_EVERY_MS / 1000 / self.wish.speed):.2f}"],
                self.logs / "ledger.log",
            )
            await collector.start()
            ends.push_async_callback(collector.end)
            idle_cpu = await self._idle()
            self.say(f"the day begins, {self.wish.speed:g} times as fast")
            before = self._used(collector)
            day_began_s, wall_s = time.monotonic(), time.time()
            appended = await self.watch.appended()
            await self._day()
            day_s = time.monotonic() - day_began_s
            loads = outcome.loads(before, self._used(collector), self._pids(collector))
            samples = round(await self.watch.appended() - appended)
            self.say(f"the day took {day_s:.0f} s; the accounts are made")
            await collector.end()
            rows = await self._account(wall_s)
            stages = [hall.stage for hall in self.halls if hall.stage is not None]
            refused: dict[str, int] = {}
            for refusal in (one for stage in stages for one in stage.refusals):
                if refusal.code not in TURNED_AWAY:
                    refused[str(refusal.code)] = refused.get(str(refusal.code), 0) + 1
            return outcome.Rehearsed(
                day=plan.DAY.isoformat(), seed=self.wish.seed, halls=rows, took_s=round(time.monotonic() - began_s, 1),
                day_s=round(day_s, 1), speed=self.wish.speed,
                held_speed=round((self.clock.now_ms - self.begin_ms) / 1000 / day_s, 1),
                from_ms=self.begin_ms, to_ms=self.clock.now_ms,
                commands=sum(stage.commands for stage in stages),
                not_written=sum(stage.not_written for stage in stages), refused=refused,
                restarts=sum(hall.controller.starts - 1 for hall in self.halls), load=loads,
                idle_cpu=round(idle_cpu, 3), series=round(await self.watch.own("prometheus_tsdb_head_series")),
                samples=samples, sample_every_s=every_s(self.wish.speed),
            )  # fmt: skip

    async def _day(self) -> None:
        ticking = asyncio.create_task(self.clock.run())
        told = asyncio.create_task(until_told_to_stop())
        telling = asyncio.create_task(self._tell())
        day = asyncio.create_task(self._everybody())
        try:
            await asyncio.wait({day, told, ticking}, return_when=asyncio.FIRST_COMPLETED)
            if not day.done():
                raise Trouble("the district's day was stopped before its end; nothing was compared")
            day.result()
        finally:
            for task in (day, ticking, told, telling):
                task.cancel()
            await asyncio.gather(day, ticking, told, telling, return_exceptions=True)
            self.clock.note()

    async def _everybody(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for hall in self.halls:
                tasks.create_task(self._people(hall))
                tasks.create_task(self._befall(hall))

    async def _tell(self) -> None:
        while True:
            for hour in range(9, 24):
                await self.clock.until(self.begin_ms + (hour - 8) * 3_600_000 - 1_800_000)
                served = sum(sum(hall.stage.hall.visits.values()) for hall in self.halls if hall.stage is not None)
                self.say(f"{self._time(self.clock.now_ms)}: {served} visits")
            await asyncio.Event().wait()

    async def _idle(self) -> float:
        pids = [hall.controller.pid for hall in self.halls]
        before_s, began_s = usage(pids).cpu_s, time.monotonic()
        await asyncio.sleep(IDLE_S)
        return (usage(pids).cpu_s - before_s) / (time.monotonic() - began_s)

    def _pids(self, collector: Child) -> dict[str, list[int]]:
        return {
            "controllers": [hall.controller.pid for hall in self.halls],
            "people": [os.getpid()],
            "exporters": [exporters.pid for exporters in self.exporters],
            "prometheus": [self.watch.server.pid] if self.watch.server else [],
            "agents": [agent.pid for agent in self.watch.agents.values()],
            "ledger": [collector.pid],
        }

    def _used(self, collector: Child) -> dict[str, dict[int, Usage]]:
        return {kind: {pid: usage([pid]) for pid in pids} for kind, pids in self._pids(collector).items()}

    async def _account(self, wall_s: float) -> list[outcome.Row]:
        await self._collect_the_rest()
        day = plan.DAY.isoformat()
        ledger = outcome.Ledger(self.database, day)
        rows = []
        counted = {}
        for hall in self.halls:
            counted[hall.entry.id] = await asyncio.to_thread(outcome.count, hall.directory, day)
        seen = await self._seen({name: sum(one.bands.values()) for name, one in counted.items()})
        for hall in self.halls:
            name, one = hall.entry.id, counted[hall.entry.id]
            sampled = [
                (at_s, self.clock.moment_ms(at_s))
                for at_s in await self.watch.sampled_s(name, time.time() - wall_s)
                if self.clock.noted[0].wall_s <= at_s <= self.clock.noted[-1].wall_s
            ]
            ends = [(self.clock.noted[place].wall_s, self.clock.noted[place].at_ms) for place in (0, -1)]
            sampled = [ends[0], *sampled, ends[1]]
            played = hall.played
            assert played is not None
            rows.append(
                outcome.Row(
                    hall=name,
                    tier=hall.entry.tier.value,
                    street=hall.entry.street,
                    visits={
                        "journal": sum(one.bands.values()),
                        "report": one.report["visits"]["total"],
                        "ledger": ledger.visits(name).get("total", 0),
                        "prometheus": int(seen.get(name, -1)),
                    },
                    issued={
                        "journal": one.tickets["issued"],
                        "report": one.report["tickets"]["issued"],
                        "ledger": ledger.tickets(name)["issued"],
                    },
                    bands=one.bands,
                    events=one.events,
                    turned_away=played.turned_away,
                    closed_ms=played.closed_ms,
                    agent=name in self.befalls.agents,
                    befell=hall.befell,
                    gaps=outcome.pauses(
                        sampled, one.began_ms, PAUSE_MS, every_s(self.wish.speed), self.befalls.cut.get(name)
                    ),
                    differs=outcome.differences(name, one, ledger, seen.get(name, -1)),
                )
            )
        return rows

    async def _collect_the_rest(self) -> None:
        last = Child([*self._ledger_words, "--until-now"], self.logs / "ledger.log")
        await last.start()
        if await last.wait():
            raise Trouble(f"the ledger could not read all halls; {last.log} says which")

    async def _seen(self, expected: dict[str, int]) -> dict[str, float]:
        """The visits by Prometheus, once it has caught up; what it has by then otherwise."""
        deadline_s = time.monotonic() + CAUGHT_UP_S
        while True:
            promql = "sum by (hall) (hall_visits_total) - sum by (hall) (hall_visits_undone_total)"
            seen = await self.watch.by_hall(promql)
            if seen == expected or time.monotonic() > deadline_s:
                return seen
            await asyncio.sleep(0.2)

    async def _end(self) -> None:
        keeping = [hall.keeping for hall in self.halls if hall.keeping is not None]
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await self.watch.end()
        await asyncio.gather(*(exporters.end() for exporters in self.exporters))
        for hall in self.halls:
            if hall.stage is not None:
                await hall.stage.close()
            await hall.line.close()
        await asyncio.gather(*(hall.controller.end() for hall in self.halls))
        self.context.destroy(linger=0)
