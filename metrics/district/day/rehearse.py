"""The district's day from beginning to end."""

import asyncio
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec
import zmq.asyncio
from msgspec.structs import replace

from hall_controller.bus.bundle import load_bundle, save_bundle
from hall_controller.config import CONFIG, load_catalogue, load_config
from hall_controller.domain.hours import local, moment_ms
from hall_controller.domain.rules import Rules, Tier
from hall_controller.making import free_port, make_hall
from hall_controller.part import Trouble, until_told_to_stop
from hall_controller.rehearsal.incidents import Incidents
from hall_controller.rehearsal.whole_day import WholeDay, draw_whole_day
from metrics.district import sample
from metrics.district.day import outcome, plan
from metrics.district.day.children import Child, Usage, allow_many_files, usage
from metrics.district.day.clock import DayClock
from metrics.district.day.exporters import MOST_SOCKETS
from metrics.district.day.hall import Controller, DayStage, Played, play
from metrics.district.day.line import Line
from metrics.district.day.watching import Watch, every_s
from metrics.district.inventory import Counts, HallEntry, Inventory

log = logging.getLogger(__name__)

STARTS_AT_ONCE = 4
LUNCH_SHARE = 3
EXTENSION_MINUTES, EXTENDS_BEFORE_MS = 30, 45 * 60_000
IDLE_S = 5.0
CAUGHT_UP_S = 60.0
LEDGER_EVERY_MS = 120_000
SCRAPES_IN_CUT = 5
"""A cut line lasts at least for so many: else it would hide nothing."""
PAUSE_MS = 600_000
"""Without a sample for longer than this of the hall's day is a gap."""


class Wish(NamedTuple):
    halls: int | None
    visitors: int
    speed: float
    seed: int


class Load(msgspec.Struct):
    """What a kind of process has used during the day."""

    processes: int
    cpu_s: float
    resident_mb: float
    proportional_mb: float


class Rehearsed(msgspec.Struct, kw_only=True):
    """What `hall district rehearse --json` prints."""

    day: str
    seed: int
    halls: list[outcome.Row]
    took_s: float
    """The whole command."""
    day_s: float
    """The day alone."""
    speed: float
    held_speed: float
    """What this machine held."""
    from_ms: int
    to_ms: int
    commands: int
    not_written: int
    """Commands that a full disk refused, and that were given again."""
    refused: dict[str, int]
    restarts: int
    load: dict[str, Load]
    idle_cpu: float
    """Share of a core that the controllers used while the clock stood still."""
    series: int
    samples: int
    sample_every_s: float
    interrupted: bool = False
    rehearsal: bool = True


class _Hall:
    """One hall of the day."""

    def __init__(self, entry: HallEntry, directory: Path, logs: Path) -> None:
        self.entry = entry
        self.directory = directory
        self.line = Line()
        self.controller = Controller(directory, logs / f"{entry.id}.log")
        self.keeping: asyncio.Task[None] | None = None
        self.stage: DayStage | None = None
        self.played: Played | None = None
        self.befell: list[str] = []


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
        self.halls = [_Hall(entry, where / "halls" / entry.id, self.logs) for entry in entries]
        self.clock = DayClock(self.begin_ms, wish.speed)
        self.watch = Watch(where / "prometheus", self.logs)
        self.database = f"sqlite:///{where / 'ledger.db'}"
        self.exporters = Child(
            [sys.executable, "-m", "metrics.district.day.exporters", where / "halls", where / "exporters.json"],
            self.logs / "exporters.log",
        )
        self._ledger_words: list[str] = []
        self.context = zmq.asyncio.Context()

    # --- before the day --------------------------------------------------------------------------

    async def _make(self) -> None:
        """The halls' directories, bundles and inventory, and their controllers."""
        places = asyncio.Semaphore(STARTS_AT_ONCE)

        async def start(hall: _Hall) -> None:
            async with places:
                await hall.controller.start()
                await hall.controller.up()
                hall.keeping = asyncio.create_task(hall.controller.keep())

        starting, port = [], 20_000
        for hall in self.halls:
            entry = hall.entry
            port = free_port(port + 10)
            make_hall(
                hall.directory, entry.id, entry.tier, entry.counters, names=(entry.name_zh, entry.name_en),
                port=port, rehearsal=True, at_ms=self.begin_ms,
            )  # fmt: skip
            if entry.tier is Tier.DISTRICT and entry.counters > 1:
                _serve_lunch(hall.directory / CONFIG, -(-entry.counters // LUNCH_SHARE))
            hall.entry = replace(entry, host="127.0.0.1", commands=port, events=port + 1, metrics=port + 5)
            starting.append(asyncio.create_task(start(hall)))
            await asyncio.sleep(0)
        await asyncio.gather(*starting)

    async def _enlist(self) -> None:
        """The bundles as the district has them, at this end of the line, and the inventory of these halls."""
        bundles = self.where / "bundles"
        bundles.mkdir()
        for hall in self.halls:
            bundle = load_bundle(hall.directory, "district")
            if hall.entry.id in self.befalls.cut:
                bundle = replace(bundle, commands=f"tcp://127.0.0.1:{await hall.line.lead_to(hall.entry.commands)}")
            save_bundle(bundle, bundles / f"{hall.entry.id}.toml")
        entries = tuple(hall.entry for hall in self.halls)
        tiers = [entry.tier.value for entry in entries]
        counts = Counts(self_service=0, **{tier.value: tiers.count(tier.value) for tier in Tier})
        made = replace(self.inventory, hall=entries, self_service=(), counts=counts, sample=True)
        file = self.where / "halls.toml"
        file.write_text(sample.text(made), "utf-8")
        self._ledger_words = [
            sys.executable, "-m", "hall_controller", "district", "collect", "--inventory", str(file),
            "--bundles", str(bundles), "--database", self.database, "--rehearsal",
            "--patience", "6", "--retry", "2",
        ]  # fmt: skip

    async def _open_eyes(self) -> None:
        """Exporters, Prometheus and agents."""
        await self.exporters.start()
        file = self.where / "exporters.json"
        deadline_s = time.monotonic() + 120
        while not file.exists():
            if self.exporters.ended or time.monotonic() > deadline_s:
                raise Trouble(f"the exporters did not start; {self.exporters.log} says why")
            await asyncio.sleep(0.1)
        ports: dict[str, int] = json.loads(file.read_text("utf-8"))
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

    # --- the day ---------------------------------------------------------------------------------

    def _plan(self, hall: _Hall) -> WholeDay:
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

    async def _people(self, hall: _Hall) -> None:
        stage = hall.stage = DayStage(hall.directory, hall.controller, self.clock, self.context)
        await stage.enter()
        day, catalogue = self._plan(hall), load_catalogue(hall.directory)
        hall.played = await play(stage, self.clock, day, catalogue)

    async def _befall(self, hall: _Hall) -> None:
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

    async def _kill(self, hall: _Hall, at_ms: int) -> None:
        await self.clock.until(at_ms)
        self.clock.excuse(hall.entry.id)
        from_ms = self.clock.now_ms
        await hall.controller.crash()
        self.clock.expect(hall.entry.id)
        hall.befell.append(f"killed {self._time(from_ms)}, up {self._time(self.clock.now_ms)}")

    async def _during(
        self, hall: _Hall, span: plan.Span, what: str, begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        await self.clock.until(span.from_ms)
        begin()
        await self.clock.until(span.to_ms)
        end()
        hall.befell.append(f"{what} {self._time(span.from_ms)}-{self._time(self.clock.now_ms)}")

    def _time(self, at_ms: int) -> str:
        return f"{local(self._rules, at_ms):%H:%M}"

    # --- from beginning to end -------------------------------------------------------------------

    async def run(self) -> Rehearsed:
        """Raises Trouble, StageTrouble."""
        began_s = time.monotonic()
        allow_many_files()
        self.context.set(zmq.MAX_SOCKETS, MOST_SOCKETS)
        self.logs.mkdir(parents=True)
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self._end)
            self.say(f"making {len(self.halls)} halls and starting their controllers")
            await self._make()
            await self._enlist()
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
            loads = _loads(before, self._used(collector), self._pids(collector))
            samples = round(await self.watch.appended() - appended)
            self.say(f"the day took {day_s:.0f} s; the accounts are made")
            await collector.end()
            rows = await self._account(wall_s)
            stages = [hall.stage for hall in self.halls if hall.stage is not None]
            refused: dict[str, int] = {}
            for refusal in (one for stage in stages for one in stage.refusals):
                refused[str(refusal.code)] = refused.get(str(refusal.code), 0) + 1
            return Rehearsed(
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
            "exporters": [self.exporters.pid],
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
                    gaps=outcome.pauses(sampled, one.began_ms, PAUSE_MS, every_s(self.wish.speed)),
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
        await self.exporters.end()
        for hall in self.halls:
            if hall.stage is not None:
                await hall.stage.close()
            await hall.line.close()
        await asyncio.gather(*(hall.controller.end() for hall in self.halls))
        self.context.destroy(linger=0)


def _serve_lunch(file: Path, counters: int) -> None:
    """So many counters go on through lunch."""
    line = f"lunch_counters = {list(range(1, counters + 1))} "
    text, found = re.subn(r"(?m)^# lunch_counters = \[[^]]*\] *", line, file.read_text("utf-8"))
    assert found == 1, "the settings of a new hall have this line"
    file.write_text(text, "utf-8")


def _loads(
    before: dict[str, dict[int, Usage]], after: dict[str, dict[int, Usage]], pids: dict[str, list[int]]
) -> dict[str, Load]:
    """A process that was started meanwhile has used all that it has; one that was killed is not known any more."""
    found = {}
    for kind, now in after.items():
        cpu_s = sum(one.cpu_s - (before[kind][pid].cpu_s if pid in before[kind] else 0) for pid, one in now.items())
        found[kind] = Load(
            processes=len(pids[kind]),
            cpu_s=round(cpu_s, 1),
            resident_mb=round(sum(one.resident for one in now.values()) / 2**20, 1),
            proportional_mb=round(sum(one.proportional for one in now.values()) / 2**20, 1),
        )
    return found
