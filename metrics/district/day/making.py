"""Making the halls of the day, and what the district has of them: bundles at its end of the line, an inventory."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from hall_controller.bus.bundle import load_bundle, save_bundle
from hall_controller.config import CONFIG
from hall_controller.domain.rules import Tier
from hall_controller.making import free_port, make_hall
from metrics.district import sample
from metrics.district.day.hall import Controller, DayStage, Played
from metrics.district.day.line import Line
from metrics.district.inventory import Counts, HallEntry, Inventory

STARTS_AT_ONCE = 4
FIRST_PORT = 20_000
LUNCH_SHARE = 3
"""In the district's hall one counter of so many goes on through lunch."""


class MadeHall:
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


async def make_halls(halls: Sequence[MadeHall], begin_ms: int) -> None:
    """Their directories, and their controllers up and kept running. Raises Trouble, StageTrouble."""
    places = asyncio.Semaphore(STARTS_AT_ONCE)

    async def start(hall: MadeHall) -> None:
        async with places:
            await hall.controller.start()
            await hall.controller.up()
            hall.keeping = asyncio.create_task(hall.controller.keep())

    port = FIRST_PORT - 10
    async with asyncio.TaskGroup() as starting:
        for hall in halls:
            entry = hall.entry
            port = free_port(port + 10)
            make_hall(
                hall.directory,
                entry.id,
                entry.tier,
                entry.counters,
                names=(entry.name_zh, entry.name_en),
                port=port,
                rehearsal=True,
                at_ms=begin_ms,
            )
            if entry.tier is Tier.DISTRICT and entry.counters > 1:
                _serve_lunch(hall.directory / CONFIG, -(-entry.counters // LUNCH_SHARE))
            hall.entry = replace(entry, host="127.0.0.1", commands=port, events=port + 1, metrics=port + 5)
            starting.create_task(start(hall))
            await asyncio.sleep(0)


async def enlist(halls: Sequence[MadeHall], inventory: Inventory, where: Path, cut: set[str]) -> list[str]:
    """Write the bundles and the inventory of these halls; returns how `hall district collect` is told of them."""
    bundles, file = where / "bundles", where / "halls.toml"
    bundles.mkdir()
    for hall in halls:
        bundle = load_bundle(hall.directory, "district")
        if hall.entry.id in cut:
            bundle = replace(bundle, commands=f"tcp://127.0.0.1:{await hall.line.lead_to(hall.entry.commands)}")
        save_bundle(bundle, bundles / f"{hall.entry.id}.toml")
    entries = tuple(hall.entry for hall in halls)
    tiers = [entry.tier.value for entry in entries]
    counts = Counts(self_service=0, **{tier.value: tiers.count(tier.value) for tier in Tier})
    made = replace(inventory, hall=entries, self_service=(), counts=counts, sample=True)
    file.write_text(sample.text(made), "utf-8")
    return ["--inventory", str(file), "--bundles", str(bundles)]


def _serve_lunch(file: Path, counters: int) -> None:
    """So many counters go on through lunch."""
    line = f"lunch_counters = {list(range(1, counters + 1))} "
    text, found = re.subn(r"(?m)^# lunch_counters = \[[^]]*\] *", line, file.read_text("utf-8"))
    assert found == 1, "the settings of a new hall have this line"
    file.write_text(text, "utf-8")
