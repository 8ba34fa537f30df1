"""Halls in memory that live by chance, are backed up and restored; and a collector that reads them without a socket."""

import copy
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hall_controller import __version__
from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import NoController
from hall_controller.domain import events as e
from hall_controller.domain.rules import Tier
from hall_controller.domain.sender import Role
from hall_controller.report import make_report
from metrics.district.inventory import HallEntry
from metrics.district.ledger import collect
from metrics.district.ledger.collect import Collector, Follower
from metrics.district.ledger.facts import AMOUNTS
from metrics.district.ledger.store import Store
from tests.unit.domain.support import Pretend
from tests.unit.domain.test_months import Month

MONTH = "2026-10"
KEY = "x" * 40


def entry(number: int = 1) -> HallEntry:
    """The first is the district's own hall, the others are of a street."""
    hall, host = f"BA{number:03}", f"198.51.100.{number}"
    where: dict[str, Any] = {"tier": Tier.STREET, "street": "新安"} if number > 1 else {"tier": Tier.DISTRICT}
    return HallEntry(id=hall, name_zh=f"大厅{number}", name_en=f"Hall {number}", counters=3, host=host, **where)


class Life:
    """A hall's month, and what may befall its box."""

    def __init__(self, hall: str, seed: int) -> None:
        self.id = hall
        self.rng = random.Random(seed)
        self._month = Month(MONTH, self.rng)
        self._epochs = 1
        self._backup: Pretend | None = None
        self.is_away = False
        self.rehearsal = False
        self.page = 40
        self.archived_before = 1
        """The journal begins with this event; older ones are gone."""

    @property
    def hall(self) -> Pretend:
        return self._month.hall

    @property
    def bodies(self) -> list[bytes]:
        return [wire.encode(event) for event in self.hall.events]

    def live(self, moments: int = 5) -> None:
        for _ in range(moments):
            self.hall.now_ms += self.rng.randrange(60_000, 10_800_000)
            self._month._tick()
            self._month._something()

    def back_up(self) -> None:
        self._backup = copy.deepcopy(self.hall)

    def restore(self, backup: Pretend | None = None) -> None:
        """As `hall restore` does: all since the backup is lost, and a new epoch begins."""
        chosen = backup or self._backup
        assert chosen is not None
        chosen, now_ms = copy.deepcopy(chosen), self.hall.now_ms
        self._epochs += 1
        chosen.now_ms = now_ms
        self._month.hall = chosen
        epoch = f"{self.id}-{self._epochs}"
        event = e.EpochStarted(
            epoch=epoch, seq=chosen.hall.seq + 1, at_ms=now_ms, by="hall", origin=e.Origin.RESTORE,
            service_day=chosen.hall.service_day,
        )  # fmt: skip
        chosen._apply([event])

    def set_back(self) -> None:
        """As an old copy of the disk does: all since is lost, and nothing says so."""
        assert self._backup is not None
        self._backup.now_ms = self.hall.now_ms
        self._month.hall = self._backup

    def answer(self, request: wire.Request) -> Any:
        if self.is_away:
            raise NoController("no answer from the hall controller")
        hall = self.hall.hall
        match request:
            case wire.Status():
                return wire.StatusReply(
                    self.id, Tier.STREET, "", "", __version__, hall.epoch, hall.seq, 0, 1.0, 0, self.rehearsal, {}
                )
            case wire.EventsSince(seq, limit):
                known = self.bodies[self.archived_before - 1 :]
                first = max(0, seq + 1 - self.archived_before)
                page = known[first : first + min(limit, self.page)]
                body = wire.EventsReply(hall.epoch, self.archived_before, hall.seq, [msgspec.Raw(b) for b in page])
                return wire.decode_reply(wire.encode(body))
            case _:
                raise AssertionError(request)


class FakeClient:
    """A HallClient to a hall in memory."""

    lives: dict[str, Life] = {}

    def __init__(self, bundle: Bundle, **_: Any) -> None:
        self.bundle = bundle

    async def ask(self, request: wire.Request) -> Any:
        return self.lives[self.bundle.hall].answer(request)

    async def close(self) -> None:
        pass


def play(monkeypatch: pytest.MonkeyPatch, lives: Sequence[Life]) -> None:
    """From now on the collector finds these halls."""

    def bundle(_: Path, hall: str) -> Bundle:
        keys: dict[str, Any] = dict.fromkeys(("server_public_key", "public_key", "secret_key"), KEY)
        ends: dict[str, Any] = {"commands": "tcp://127.0.0.1:5701", "events": "tcp://127.0.0.1:5702"}
        return Bundle(hall=hall, name="district", role=Role.DISTRICT, **ends, **keys)

    monkeypatch.setattr(FakeClient, "lives", {life.id: life for life in lives})
    monkeypatch.setattr(collect, "HallClient", FakeClient)
    monkeypatch.setattr(collect, "district_bundle", bundle)


async def read(url: str, lives: Sequence[Life], *, afresh: Sequence[str] = (), rehearsal: bool = False) -> list[str]:
    """One run of a collector until now; returns the halls that it could not read."""
    halls = [entry(int(life.id[2:])) for life in lives]
    collector = Collector(halls, Path())
    try:
        await collector.open(url, afresh, rehearsal=rehearsal)
        return await collector.read_until_now()
    finally:
        await collector.close()


async def troubles(url: str, life: Life, **options: Any) -> str:
    """What the collector says of a hall that it cannot read."""
    collector = Collector([entry(int(life.id[2:]))], Path())
    try:
        await collector.open(url, (), **{"rehearsal": False, **options})
        follower = Follower(collector, life.id)
        assert not await follower.read_until_now()
        return collector.heard[life.id].trouble
    finally:
        await collector.close()


def must_agree(account: dict[str, Any], lives: Sequence[Life], period: str = MONTH) -> None:
    """The account is the sum of the halls' own reports, in every cell."""
    reports = {life.id: make_report(life.bodies, period) for life in lives}
    bands = {band: sum(report["visits"][band] for report in reports.values()) for band in account["visits"]}
    assert account["visits"] == bands
    for name in account["tickets"]:
        assert account["tickets"][name] == sum(report["tickets"][name] for report in reports.values())
    for hall, report in reports.items():
        assert account["by"]["hall"][hall]["visits"] == report["visits"]
        assert account["by"]["hall"][hall]["extended"] == report["extended"]
    for name in ("band", "matter"):
        expected: dict[str, dict[str, int]] = {}
        for report in reports.values():
            for key, row in report["by"][name].items():
                sums = expected.setdefault(key, dict.fromkeys(AMOUNTS, 0))
                for what in AMOUNTS:
                    sums[what] += row[what]
        found = {
            key: {what: row["visits"]["total"] if what == "visits" else row[what] for what in AMOUNTS}
            for key, row in account["by"][name].items()
        }
        assert without_empty(found) == without_empty(expected)


def without_empty(rows: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {key: row for key, row in rows.items() if any(row.values())}


def opened(url: str) -> Store:
    return Store(url)


def visited(life: Life) -> set[int]:
    """The tickets that are visits, of the month alone."""
    found: set[int] = set()
    for event in life.hall.events:
        if isinstance(event, e.ServiceStarted) and event.service_day.startswith(MONTH):
            found.add(event.ticket)
        elif isinstance(event, e.ActUndone) and event.visit_band is not None and event.ticket is not None:
            found.discard(event.ticket)
    return found
