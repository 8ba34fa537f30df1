"""What happened in a rehearsal: a fold over the journal's events."""

import math
from collections.abc import Iterable
from statistics import fmean

import msgspec

from hall_controller.domain import events as e


class Waits(msgspec.Struct, frozen=True):
    """Seconds from issue to first call."""

    count: int = 0
    mean_s: float | None = None
    p50_s: int | None = None
    p90_s: int | None = None
    max_s: int | None = None


class Predictions(msgspec.Struct, frozen=True):
    """What visitors were told at the kiosk, against what came."""

    count: int = 0
    mean_absolute_error_s: float | None = None


class Services(msgspec.Struct, frozen=True):
    """One counter's finished services."""

    clerk: str
    count: int
    mean_s: float


class Outcome(msgspec.Struct, frozen=True):
    issued: int = 0
    visits: dict[str, int] = {}
    """In all, and by band."""
    no_shows: int = 0
    cancelled: int = 0
    calls: int = 0
    recalls: int = 0
    missed: int = 0
    returned: int = 0
    held: int = 0
    transferred: int = 0
    undone: int = 0
    unclaimed: int = 0
    waits: Waits = Waits()
    predictions: Predictions = Predictions()
    services: dict[int, Services] = {}
    """By counter."""


class _Fold:
    """By ticket, so that an act which was undone leaves nothing behind."""

    def __init__(self) -> None:
        self.told_s: dict[int, int | None] = {}
        self.wait_s: dict[int, int] = {}
        self.bands: dict[int, str] = {}
        self.finished: dict[int, e.ServiceFinished] = {}
        self.no_shows: set[int] = set()
        self.cancelled: set[int] = set()
        self.counts: dict[type[e.Event], int] = {}

    def add(self, event: e.Event) -> None:
        self.counts[type(event)] = self.counts.get(type(event), 0) + 1
        match event:
            case e.TicketIssued() | e.TicketCheckedIn():
                self.told_s[event.ticket] = event.predicted_wait_s
            case e.TicketCalled(first=True):
                self.wait_s[event.ticket] = event.wait_s
            case e.ServiceStarted():
                self.bands[event.ticket] = event.band
            case e.ServiceFinished():
                self.finished[event.ticket] = event
            case e.TicketNoShow():
                self.no_shows.add(event.ticket)
            case e.TicketCancelled():
                self.cancelled.add(event.ticket)
            case e.ActUndone(ticket=int() as ticket):
                self._undo(event, ticket)
            case _:
                pass

    def _undo(self, event: e.ActUndone, ticket: int) -> None:
        if event.act in ("call_next", "call_ticket") and ticket not in self.bands:
            self.wait_s.pop(ticket, None)
        if event.visit_band is not None:
            self.bands.pop(ticket, None)
        if event.act == "finish_service":
            self.finished.pop(ticket, None)


def tell(events: Iterable[e.Event]) -> Outcome:
    """Everything that was issued, called, served; times in seconds."""
    fold = _Fold()
    for event in events:
        fold.add(event)

    def count(*kinds: type[e.Event]) -> int:
        return sum(fold.counts.get(kind, 0) for kind in kinds)

    visits = {"total": len(fold.bands)}
    for band in fold.bands.values():
        visits[str(band)] = visits.get(str(band), 0) + 1
    return Outcome(
        issued=count(e.TicketIssued, e.TicketCheckedIn),
        visits=visits,
        no_shows=len(fold.no_shows),
        cancelled=len(fold.cancelled),
        calls=count(e.TicketCalled),
        recalls=count(e.TicketRecalled),
        missed=count(e.TicketMissed),
        returned=count(e.TicketReturned),
        held=count(e.ServiceHeld),
        transferred=count(e.TicketTransferred),
        undone=count(e.ActUndone),
        unclaimed=count(e.TicketUnclaimed),
        waits=_waits(list(fold.wait_s.values())),
        predictions=_predictions(fold),
        services=_services(fold),
    )


def _waits(waits_s: list[int]) -> Waits:
    if not waits_s:
        return Waits()
    waits_s.sort()
    return Waits(len(waits_s), round(fmean(waits_s), 1), _share(waits_s, 0.5), _share(waits_s, 0.9), waits_s[-1])


def _share(ordered: list[int], share: float) -> int:
    """The least value that this share of all does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _predictions(fold: _Fold) -> Predictions:
    off_s = [
        abs(told_s - fold.wait_s[ticket])
        for ticket, told_s in fold.told_s.items()
        if told_s is not None and ticket in fold.wait_s
    ]
    return Predictions(len(off_s), round(fmean(off_s), 1)) if off_s else Predictions()


def _services(fold: _Fold) -> dict[int, Services]:
    at: dict[int, list[e.ServiceFinished]] = {}
    for finished in fold.finished.values():
        at.setdefault(finished.counter, []).append(finished)
    return {
        counter: Services(done[-1].clerk, len(done), round(fmean(one.service_s for one in done), 1))
        for counter, done in sorted(at.items())
    }


def render(outcome: Outcome) -> str:
    """As a page of text."""
    o, waits, told = outcome, outcome.waits, outcome.predictions
    bands = ", ".join(f"{band} {count}" for band, count in o.visits.items() if band != "total")
    visits = f"visits {o.visits['total']}" + (f" ({bands})" if bands else "")
    half, most, longest = minutes(waits.p50_s), minutes(waits.p90_s), minutes(waits.max_s)
    off = minutes(told.mean_absolute_error_s)
    lines = [
        f"issued {o.issued}, {visits}, no-shows {o.no_shows}, cancelled {o.cancelled}",
        f"calls {o.calls}, called again {o.recalls}, missed {o.missed}, of these back {o.returned}",
        f"held {o.held}, sent on {o.transferred}, keys undone {o.undone}, unclaimed {o.unclaimed}",
        f"waits: mean {minutes(waits.mean_s)}, half within {half}, nine of ten within {most}, longest {longest}",
        f"predicted waits were off by {off} on average ({told.count} visitors)",
        "",
        "counter  clerk     services  mean service",
    ]
    lines += [
        f"{number:>7}  {row.clerk:<8}  {row.count:>8}  {minutes(row.mean_s):>12}" for number, row in o.services.items()
    ]
    return "\n".join(lines)


def minutes(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    whole_s = round(seconds)
    return f"{whole_s // 60}:{whole_s % 60:02}"
