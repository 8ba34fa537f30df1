"""What happened in a rehearsal: a fold over the journal's events."""

import datetime as dt
import math
from collections.abc import Callable, Iterable
from statistics import fmean, median

import msgspec

from hall_controller.domain import events as e
from hall_controller.domain.counter import UndoableAct
from hall_controller.domain.hours import zone
from hall_controller.domain.rules import Band
from hall_controller.rehearsal.use import Use, in_all

SOON_S = 900
"""Nobody is to wait longer than a quarter of an hour."""
HALF_HOUR_MINUTES = 30


class Waits(msgspec.Struct, frozen=True):
    """Seconds from issue to first call."""

    count: int = 0
    mean_s: float | None = None
    p50_s: int | None = None
    p90_s: int | None = None
    max_s: int | None = None
    soon: float | None = None
    """Share that was called within a quarter of an hour."""


class Predictions(msgspec.Struct, frozen=True):
    """What visitors were told at the kiosk, against what came."""

    count: int = 0
    mean_absolute_error_s: float | None = None
    median_absolute_error_s: float | None = None
    bounds: int = 0
    """So many were told within how long nine in ten are called."""
    held: float | None = None
    """Share of them who were called within that."""


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
    extended_minutes: int = 0
    """In all days."""
    extended_share: float | None = None
    """Of the visits: those outside regular hours."""
    waits: Waits = Waits()
    by_half_hour: dict[str, Waits] = {}
    """By when the ticket was taken, e.g. `09:30`."""
    by_class: dict[str, Waits] = {}
    predictions: Predictions = Predictions()
    services: dict[int, Services] = {}
    """By counter."""
    use: dict[int, Use] = {}
    """By counter."""


class _Fold:
    """By ticket, so that an act which was undone leaves nothing behind."""

    def __init__(self) -> None:
        self.entered: dict[int, e.TicketIssued | e.TicketCheckedIn] = {}
        self.extended: dict[str, int] = {}
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
                self.entered[event.ticket] = event
            case e.HoursExtended():
                self.extended[event.day] = event.minutes
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
        if event.act.is_call and ticket not in self.bands:
            self.wait_s.pop(ticket, None)
        if event.visit_band is not None:
            self.bands.pop(ticket, None)
        if event.act is UndoableAct.FINISH_SERVICE:
            self.finished.pop(ticket, None)


def tell(events: Iterable[e.Event], timezone: str = "Asia/Shanghai") -> Outcome:
    """Everything that was issued, called, served; times in seconds."""
    fold = _Fold()
    for event in events:
        fold.add(event)

    def count(*kinds: type[e.Event]) -> int:
        return sum(fold.counts.get(kind, 0) for kind in kinds)

    visits = {"total": len(fold.bands)}
    for band in fold.bands.values():
        visits[str(band)] = visits.get(str(band), 0) + 1
    total = visits["total"]
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
        extended_minutes=sum(fold.extended.values()),
        extended_share=round(1 - visits.get(Band.REGULAR, 0) / total, 4) if total else None,
        waits=_waits(list(fold.wait_s.values())),
        by_half_hour=_by(fold, lambda event: _half_hour(event, zone(timezone))),
        by_class=_by(fold, lambda event: str(event.visitor_class)),
        predictions=_predictions(fold),
        services=_services(fold),
    )


def _by(fold: _Fold, key: Callable[[e.TicketIssued | e.TicketCheckedIn], str]) -> dict[str, Waits]:
    found: dict[str, list[int]] = {}
    for ticket, wait_s in fold.wait_s.items():
        entered = fold.entered.get(ticket)
        if entered is not None:
            found.setdefault(key(entered), []).append(wait_s)
    return {name: _waits(waits_s) for name, waits_s in sorted(found.items())}


def _half_hour(event: e.Event, where: dt.tzinfo) -> str:
    now = dt.datetime.fromtimestamp(event.at_ms / 1000, where)
    return f"{now:%H}:{now.minute // HALF_HOUR_MINUTES * HALF_HOUR_MINUTES:02}"


def _waits(waits_s: list[int]) -> Waits:
    if not waits_s:
        return Waits()
    waits_s.sort()
    soon = sum(wait_s <= SOON_S for wait_s in waits_s) / len(waits_s)
    half, most = _share(waits_s, 0.5), _share(waits_s, 0.9)
    return Waits(len(waits_s), round(fmean(waits_s), 1), half, most, waits_s[-1], round(soon, 4))


def _share(ordered: list[int], share: float) -> int:
    """The least value that this share of all does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _predictions(fold: _Fold) -> Predictions:
    came = [(entered, fold.wait_s[ticket]) for ticket, entered in fold.entered.items() if ticket in fold.wait_s]
    off_s = [abs(one.predicted_wait_s - wait_s) for one, wait_s in came if one.predicted_wait_s is not None]
    kept = [wait_s <= one.predicted_bound_s for one, wait_s in came if one.predicted_bound_s is not None]
    if not off_s:
        return Predictions()
    held = round(fmean(kept), 4) if kept else None
    return Predictions(len(off_s), round(fmean(off_s), 1), float(median(off_s)), len(kept), held)


def _services(fold: _Fold) -> dict[int, Services]:
    at: dict[int, list[e.ServiceFinished]] = {}
    for finished in fold.finished.values():
        at.setdefault(finished.counter, []).append(finished)
    return {
        counter: Services(done[-1].clerk, len(done), round(fmean(one.service_s for one in done), 1))
        for counter, done in sorted(at.items())
    }


def render(outcome: Outcome, *, by_half_hour: bool = True) -> str:
    """As a page of text."""
    o, waits, told = outcome, outcome.waits, outcome.predictions
    bands = ", ".join(f"{band} {count}" for band, count in o.visits.items() if band != "total")
    visits = f"visits {o.visits['total']}" + (f" ({bands})" if bands else "")
    half, most, longest = minutes(waits.p50_s), minutes(waits.p90_s), minutes(waits.max_s)
    off, mostly = minutes(told.mean_absolute_error_s), minutes(told.median_absolute_error_s)
    waited = f"waits: mean {minutes(waits.mean_s)}, half within {half}, nine of ten within {most}, longest {longest}"
    told_line = f"predicted waits were off by {off} on average, half by {mostly} at most ({told.count} visitors)"
    extended = f", hours extended by {o.extended_minutes} minutes" if o.extended_minutes else ""
    lines = [
        f"issued {o.issued}, {visits}, no-shows {o.no_shows}, cancelled {o.cancelled}{extended}",
        f"calls {o.calls}, called again {o.recalls}, missed {o.missed}, of these back {o.returned}",
        f"held {o.held}, sent on {o.transferred}, keys undone {o.undone}, unclaimed {o.unclaimed}",
        f"{waited}; {percent(waits.soon)} within 15:00",
        f"{told_line}; {percent(told.held)} were called within the bound that is told for nine in ten",
        "",
        *_waits_table(o, by_half_hour=by_half_hour),
        "",
        "counter  clerk     services  mean service    open  paused  with visitors",
        *(_counter_line(o, number) for number in sorted(o.services.keys() | o.use.keys())),
    ]
    if o.use:
        use = in_all(o.use.values())
        lines.append(f"{'in all':<41} {hours(use.open_s):>7} {hours(use.paused_s):>7}  {percent(use.share):>13}")
    return "\n".join(lines)


def _waits_table(outcome: Outcome, *, by_half_hour: bool) -> list[str]:
    rows = [*outcome.by_class.items(), *(outcome.by_half_hour.items() if by_half_hour else ())]
    head = "taken         called    mean    half  nine of ten  longest  within 15:00"
    return [head, *(_waits_line(name, waits) for name, waits in rows)]


def _waits_line(name: str, waits: Waits) -> str:
    cells = f"{minutes(waits.mean_s):>7} {minutes(waits.p50_s):>7} {minutes(waits.p90_s):>12} {minutes(waits.max_s):>8}"
    return f"{name:<12} {waits.count:>7} {cells} {percent(waits.soon):>13}"


def _counter_line(outcome: Outcome, number: int) -> str:
    services = outcome.services.get(number, Services("", 0, 0.0))
    mean = minutes(services.mean_s if services.count else None)
    line = f"{number:>7}  {services.clerk:<8}  {services.count:>8}  {mean:>12}"
    use = outcome.use.get(number)
    if use is None:
        return line
    return f"{line} {hours(use.open_s):>7} {hours(use.paused_s):>7}  {percent(use.share):>13}"


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def hours(seconds: float) -> str:
    whole = round(seconds / 60)
    return f"{whole // 60}:{whole % 60:02}"


def minutes(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    whole_s = round(seconds)
    return f"{whole_s // 60}:{whole_s % 60:02}"
