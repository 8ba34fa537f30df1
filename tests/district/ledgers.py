"""What the tests of the ledger share: a small district of real controllers, days by chance, and collectors to kill."""

import contextlib
import json
import random
import subprocess
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, load_bundle, save_bundle
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain.rules import Tier
from hall_controller.domain.ticket import TicketState, VisitorClass
from hall_controller.journal.journal import Journal
from hall_controller.making import make_hall
from hall_controller.report import make_report
from metrics.district import sample
from metrics.district.inventory import DISTRICT_LEVEL, Counts, HallEntry
from metrics.district.ledger.facts import AMOUNTS
from metrics.district.ledger.store import Store, StoreTrouble
from tests.support import (
    BOUND_S,
    HALL,
    MATTER,
    RunningHall,
    free_port_row,
    hall_command,
    local_ms,
    run_async,
    started,
    wait_for,
)

MORNING = "2026-11-24 10:50:00"
"""A Tuesday, soon lunch: what is done by chance takes it into the evening."""
MONTH = "2026-11"
COUNTERS = 3
MATTERS = (MATTER, "pickup-card", "e-signature")
NEVER = 2**52


class District:
    """A street's worth of halls: their directories and bundles, and the inventory that names them."""

    def __init__(self, where: Path, halls: int = 3, *, rehearsal: bool = True) -> None:
        self.where = where
        self.inventory = where / "halls.toml"
        self.bundles = where / "bundles"
        self.bundles.mkdir()
        self.rehearsal = rehearsal
        self.ids = [f"BA{number:03}" for number in range(1, halls + 1)]
        tiers = dict(zip(self.ids, [Tier.DISTRICT, Tier.STREET, *[Tier.COMMUNITY] * halls], strict=False))
        for hall, tier in tiers.items():
            at_ms = local_ms(MORNING) if rehearsal else None
            make_hall(self.dir(hall), hall, tier, COUNTERS, port=free_port_row(), rehearsal=rehearsal, at_ms=at_ms)
            self.enlist(hall)
        entries = tuple(
            HallEntry(
                id=hall, tier=tier, name_zh=hall, name_en=hall, counters=COUNTERS, host=f"198.51.100.{number}",
                street=DISTRICT_LEVEL if tier is Tier.DISTRICT else "新安",
            )
            for number, (hall, tier) in enumerate(tiers.items(), 1)
        )  # fmt: skip
        listed = [tier.value for tier in tiers.values()]
        counts = Counts(self_service=0, **{tier.value: listed.count(tier.value) for tier in Tier})
        made = replace(sample.inventory(), hall=entries, self_service=(), counts=counts)
        self.inventory.write_text(sample.text(made), "utf-8")

    def dir(self, hall: str) -> Path:
        return self.where / "halls" / hall

    def enlist(self, hall: str, **ends: str) -> None:
        """Carry the hall's bundle to the district, with other endpoints where its line is another."""
        save_bundle(replace(load_bundle(self.dir(hall), "district"), **ends), self.bundles / f"{hall}.toml")

    @contextlib.contextmanager
    def running(self) -> Iterator[dict[str, RunningHall]]:
        with contextlib.ExitStack() as stack:
            halls = {hall: RunningHall(self.dir(hall)) for hall in self.ids}
            for hall in halls.values():
                stack.callback(stopped, hall)
            yield halls

    # --- the district's own commands ---

    def words(self, url: str, *more: str) -> list[str]:
        where = ["--inventory", str(self.inventory), "--bundles", str(self.bundles), "--database", url]
        rehearsal = ["--rehearsal"] if self.rehearsal else []
        return ["district", "collect", *where, *rehearsal, "--patience", "3", "--retry", "0.5", *more]

    @contextlib.contextmanager
    def collecting(self, url: str, *more: str) -> Iterator["subprocess.Popen[str]"]:
        with (self.where / "collect.log").open("a") as log:
            process = subprocess.Popen(
                [*HALL, *self.words(url, "--every", "0.05", *more)], stdout=log, stderr=log, text=True
            )
        with started(process):
            yield process

    def collect(self, url: str, *more: str) -> "subprocess.CompletedProcess[str]":
        return hall_command(*self.words(url, "--until-now", *more))

    def must_agree(self, url: str) -> dict[str, Any]:
        """Everything is read, and the account is the sum of the halls' own reports, in every cell."""
        collected = self.collect(url)
        assert collected.returncode == 0, collected.stderr
        account = reported(url)
        reports = {hall: hall_report(self.dir(hall)) for hall in self.ids}
        assert account["missing"] == {}
        for band, count in account["visits"].items():
            assert count == sum(report["visits"][band] for report in reports.values()), band
        for hall, report in reports.items():
            assert account["by"]["hall"][hall]["visits"] == report["visits"]
        for name in account["tickets"]:
            assert account["tickets"][name] == sum(report["tickets"][name] for report in reports.values())
        matters = {matter for report in reports.values() for matter in report["by"]["matter"]}
        for matter in matters:
            row = account["by"]["matter"][matter]
            for what in AMOUNTS:
                found = row["visits"]["total"] if what == "visits" else row[what]
                assert found == sum(report["by"]["matter"].get(matter, {}).get(what, 0) for report in reports.values())
        assert account["visits"]["total"] > 0
        return account


def stopped(hall: RunningHall) -> None:
    with started(hall.process):
        pass


def reported(url: str) -> dict[str, Any]:
    made = hall_command("district", "report", "--month", MONTH, "--json", "--database", url)
    assert made.returncode == 0, made.stderr
    account: dict[str, Any] = json.loads(made.stdout)
    return account


def visited(bodies: Iterable[bytes], since: int = 0) -> set[int]:
    """The tickets that are visits, told from the bare journal; those above `since` alone."""
    found: set[int] = set()
    for event in map(json.loads, bodies):
        if event["type"] == "service_started":
            found.add(event["ticket"])
        elif event["type"] == "act_undone" and event["visit_band"]:
            found.remove(event["ticket"])
    return {ticket for ticket in found if ticket > since}


def bodies_of(directory: Path) -> list[bytes]:
    with Journal(directory, read_only=True) as journal:
        return list(journal.bodies())


def hall_report(directory: Path) -> dict[str, Any]:
    return make_report(bodies_of(directory), MONTH)


def read_to(url: str) -> int:
    """How many events of all halls are in the ledger; 0 while there is none."""
    try:
        with contextlib.closing(Store(url)) as store:
            return int(store.rows("SELECT coalesce(sum(kept_to - first_seq + 1), 0) FROM epochs")[0][0])
    except StoreTrouble:
        return 0


def busy(hall: RunningHall, seed: int, acts: int = 120) -> None:
    """Visitors and clerks by chance: what makes no sense is refused."""
    run_async(lambda: _busy(hall.bundle("manager"), random.Random(seed), acts))


async def _busy(bundle: Bundle, rng: random.Random, acts: int) -> None:
    async with HallClient(bundle, give_up_s=BOUND_S) as client:
        for number in range(1, COUNTERS + 1):
            await client.ask(c.OpenCounter(counter=number, clerk=f"clerk-{number}", expires_at_ms=NEVER))
        for _ in range(acts):
            for command in await _something(client, rng):
                await client.ask(replace(command, expires_at_ms=NEVER))


async def _something(client: HallClient, rng: random.Random) -> list[c.Command]:
    what, counter = rng.random(), rng.randrange(1, COUNTERS + 1)
    visitor_class = rng.choice(list(VisitorClass)[:1] + [VisitorClass.ORDINARY] * 2)
    if what < 0.3:
        return [c.IssueTicket(matter=rng.choice(MATTERS), visitor_class=visitor_class)]
    if what < 0.35:
        return [c.ServeUnticketed(counter=counter, matter=rng.choice(MATTERS))]
    if what < 0.47:
        return [c.Undo(counter=counter)]
    if what < 0.53:
        status = await client.ask(wire.Status())
        return [c.AdvanceClock(to_ms=status.now_ms + rng.randrange(1_000, 1_200_000))] if status.rehearsal else []
    if what < 0.6:
        state = (await client.ask(wire.Snapshot())).state
        outside = [one.ticket for one in state.tickets.values() if one.state in (TicketState.MISSED, TicketState.HELD)]
        acts: list[c.Command] = [c.CallTicket(counter=counter, ticket=ticket) for ticket in outside[:1]]
        acts += [c.ReturnToQueue(ticket=ticket) for ticket in outside[:1]]
        acts += [c.ResumeTicket(counter=counter, ticket=ticket) for ticket in outside[:1]]
        return acts
    keys: list[c.Command] = [
        *[c.CallNext(counter=counter)] * 3,
        *[c.StartService(counter=counter)] * 3,
        *[c.FinishService(counter=counter)] * 3,
        c.Missed(counter=counter),
        c.Hold(counter=counter),
        c.Transfer(counter=counter, matter=rng.choice(MATTERS)),
        c.OpenCounter(counter=counter, clerk=f"clerk-{counter}"),
        c.ResumeCounter(counter=counter),
    ]
    return [rng.choice(keys)]


def last_seqs(halls: dict[str, RunningHall]) -> int:
    return sum(hall.state().seq for hall in halls.values())


MOST_KILLS = 40


def kill_and_catch_up(district: District, url: str, halls: dict[str, RunningHall], kills: int = 6) -> None:
    """While the halls go on, kill -9 a collector that writes five events at once, at any moment of its work."""
    rng = random.Random()
    in_the_middle = 0
    for number in range(MOST_KILLS):
        if number >= kills and in_the_middle:
            break  # On a fast machine a collector may be done before it is killed: then once more.
        for each, hall in enumerate(halls.values()):
            busy(hall, 10 * number + each, acts=25)
        before = read_to(url)
        with district.collecting(url, "--page", "5") as collector:
            wait_for(partial(_has_read_more, url, before))
            time.sleep(rng.random() * 0.05)  # waits for nothing: the moment of the kill is to be any
            collector.kill()
            collector.wait()
        in_the_middle += read_to(url) < last_seqs(halls)
    assert in_the_middle > 0


def _has_read_more(url: str, than: int) -> bool:
    return read_to(url) > than
