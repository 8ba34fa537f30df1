"""What came of the day: each hall's totals by its journal, its report, the ledger and Prometheus."""

import contextlib
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hall_controller.bus.wire import decode_event
from hall_controller.domain import events as e
from hall_controller.journal.journal import Journal
from hall_controller.rehearsal.proof import Figures, broken, visits_of
from hall_controller.report import make_report
from hall_controller.report.source import read
from metrics.district.day.children import Usage
from metrics.district.day.plan import CUT_MS, Span
from metrics.district.ledger.account import make_account
from metrics.district.ledger.store import Store

MISSED = 2.5
"""More scrapes than this in a row are not by chance."""
TICKETS = {"issued": "issued", "no_show": "no-shows", "cancelled": "cancelled"}
_TICKETS = "SELECT hall, kind, count(*) FROM counted WHERE service_day = ? GROUP BY hall, kind"


class Gap(msgspec.Struct):
    """A while of the hall's day of which Prometheus has no sample."""

    from_ms: int
    to_ms: int
    visits: int
    """That began meanwhile: seen only afterwards, when the counters had caught up."""
    samples: int
    """That were not taken, or nearly so many."""
    cut: bool
    """Because the hall's line was cut; else this machine had no time to take them."""


class Row(msgspec.Struct, kw_only=True):
    """One hall."""

    hall: str
    tier: str
    street: str
    visits: dict[str, int]
    """Counted from journal, report, ledger and Prometheus."""
    issued: dict[str, int]
    bands: dict[str, int]
    events: int = 0
    turned_away: int = 0
    closed_ms: int = 0
    agent: bool = False
    befell: list[str] = []
    gaps: list[Gap] = []
    differs: list[str] = []
    """What does not agree; nothing, unless there is a defect."""


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
    halls: list[Row]
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


class Counted(msgspec.Struct):
    """One hall by its journal and by its report."""

    bands: dict[str, int]
    tickets: dict[str, int]
    report: dict[str, Any]
    events: int
    began_ms: list[int]
    """When each visit began."""
    broken: list[str]


def count(directory: Path, day: str) -> Counted:
    """From the journal on the disk."""
    with Journal(directory, read_only=True) as journal:
        events = [decode_event(body) for body in journal.bodies()]
        hall = journal.load(use_checkpoint=False)

        def made(period: str) -> dict[str, Any]:
            return make_report(read(journal, period).bodies, period)

        found = broken(events, hall, [Figures.of(hall)], made)
        report = made(day)
    visits = visits_of(events)
    began = {event.ticket: event.at_ms for event in events if isinstance(event, e.ServiceStarted)}
    return Counted(
        bands=dict(Counter(visits.values())),
        tickets={
            "issued": sum(isinstance(event, e.TicketIssued | e.TicketCheckedIn) for event in events),
            "no_show": sum(isinstance(event, e.TicketNoShow) for event in events),
            "cancelled": sum(isinstance(event, e.TicketCancelled) for event in events),
        },
        report=report,
        events=len(events),
        began_ms=sorted(began[ticket] for ticket in visits),
        broken=found,
    )


class Ledger:
    """As the ledger has the day."""

    def __init__(self, url: str, day: str) -> None:
        with contextlib.closing(Store(url)) as store:
            self.account = make_account(store, day)
            self._tickets = {(hall, kind): int(count) for hall, kind, count in store.rows(_TICKETS, (day,))}

    def visits(self, hall: str) -> dict[str, int]:
        visits: dict[str, int] = self.account["by"]["hall"][hall].get("visits", {})
        return visits

    def tickets(self, hall: str) -> dict[str, int]:
        return {kind: self._tickets.get((hall, kind), 0) for kind in TICKETS}

    def amounts(self, hall: str) -> dict[str, int]:
        row = self.account["by"]["hall"][hall]
        return {name: row[name] for name in ("finished", "service_s", "waits", "wait_s")}


def differences(hall: str, counted: Counted, ledger: Ledger, seen: float) -> list[str]:
    """Each total that is not the same in all ways of counting."""
    report = counted.report
    ways: dict[str, tuple[int, ...]] = {}
    for band, visits in report["visits"].items():
        own = sum(counted.bands.values()) if band == "total" else counted.bands.get(band, 0)
        ways[f"visits ({band})"] = (own, visits, ledger.visits(hall).get(band, 0))
    for kind, name in TICKETS.items():
        ways[name] = (counted.tickets[kind], report["tickets"][kind], ledger.tickets(hall)[kind])
    for name, amount in ledger.amounts(hall).items():
        ways[name] = (sum(row[name] for row in report["by"]["band"].values()), amount)
    ways["visits, Prometheus"] = (sum(counted.bands.values()), int(seen))
    found = [f"{name}: {' and '.join(map(str, counts))}" for name, counts in ways.items() if len(set(counts)) > 1]
    return [*found, *counted.broken]


def pauses(
    sampled: Sequence[tuple[float, int]],
    began_ms: Sequence[int],
    longest_ms: int,
    every_s: float,
    cut: Span | None,
) -> list[Gap]:
    """Those longer than `longest_ms` between samples, given as (our seconds, the hall's clock)."""
    found = []
    for (before_s, from_ms), (after_s, to_ms) in itertools.pairwise(sampled):
        if to_ms - from_ms > longest_ms and after_s - before_s > MISSED * every_s:
            visits = sum(from_ms < at_ms <= to_ms for at_ms in began_ms)
            missed = round((after_s - before_s) / every_s) - 1
            hidden_ms = min(to_ms, cut.to_ms) - max(from_ms, cut.from_ms) if cut else 0
            of_cut = 2 * hidden_ms > CUT_MS and to_ms - from_ms < 3 * CUT_MS
            found.append(Gap(from_ms, to_ms, visits, missed, cut=of_cut))
    return found


class Overload(msgspec.Struct):
    """A while without samples of many halls, that no cut line explains."""

    from_ms: int
    to_ms: int
    halls: int
    visits: int


def overloads(rows: Sequence[Row]) -> list[Overload]:
    """The halls' gaps beside those of cut lines, put together where they overlap."""
    found: list[Overload] = []
    gaps = [gap for row in rows for gap in row.gaps if not gap.cut]
    for gap in sorted(gaps, key=lambda gap: gap.from_ms):
        if found and gap.from_ms < found[-1].to_ms:
            last = found[-1]
            found[-1] = Overload(last.from_ms, max(last.to_ms, gap.to_ms), last.halls + 1, last.visits + gap.visits)
        else:
            found.append(Overload(gap.from_ms, gap.to_ms, 1, gap.visits))
    return found


def sums(rows: Sequence[Row]) -> Mapping[str, dict[str, int]]:
    """Of all halls together."""
    return {
        name: {way: sum(getattr(row, name)[way] for row in rows) for way in (getattr(rows[0], name) if rows else {})}
        for name in ("visits", "issued")
    }


def loads(
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
