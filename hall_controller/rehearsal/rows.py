"""What came of each rehearsed day and month: rows for a person and for `--json`."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from hall_controller.domain import events as e
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.day import StopCause
from hall_controller.domain.hours import day_kind, local
from hall_controller.domain.rules import Band, Rules
from hall_controller.rehearsal.days import PlayedDay
from hall_controller.rehearsal.proof import visits_of

EXTENDED = tuple(str(band) for band in Band if band is not Band.REGULAR)


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    day: str
    kind: str
    """Workday, weekend or holiday."""
    shut: bool
    """All day, by its hours."""
    visits: dict[str, int]
    """In all, and by band."""
    issued: int = 0
    booked: int = 0
    """For this day or a later one."""
    turned_away: int = 0
    no_shows: int = 0
    cancelled: int = 0
    swept: int = 0
    """Of the no-shows and cancelled: after closing, since they were not there any more."""
    handovers: int = 0
    last_ticket_ms: int | None = None
    """Since when newcomers would have been called too late, the first time."""
    overruled: bool = False
    extended_minutes: int = 0
    closed_hall: str = ""
    """The reason of an emergency."""
    crashes: int = 0
    closed_ms: int | None = None
    """When the last counter closed."""
    under_way: int = 0
    """People who were still there at midnight."""
    everyone_served: bool = True


class PeriodRow(msgspec.Struct, frozen=True, kw_only=True):
    """A month, or all of them."""

    period: str
    days: int
    visits: dict[str, int]
    extended_share: float
    """Of the visits: those outside regular hours."""
    turned_away: int
    swept: int


def day_rows(played: Iterable[PlayedDay], events: Iterable[e.Event], rules: Rules) -> list[DayRow]:
    by_day: dict[str, list[e.Event]] = {}
    for event in events:
        by_day.setdefault(event.service_day, []).append(event)
    return [_day_row(one, by_day.get(one.plan.day.isoformat(), []), rules) for one in played]


def _day_row(played: PlayedDay, events: Sequence[e.Event], rules: Rules) -> DayRow:
    last = next((event.at_ms for event in events if _is_last_ticket(event)), None)
    resumed = (event for event in events if isinstance(event, e.IssuingResumed) and event.by != "hall")
    emergencies = [event for event in events if isinstance(event, e.HallClosed)]

    def count(*kinds: type[e.Event]) -> int:
        return sum(isinstance(event, kinds) for event in events)

    return DayRow(
        day=played.plan.day.isoformat(),
        kind=day_kind(rules, played.plan.day),
        shut=played.plan.closing_ms is None,
        visits=by_band(visits_of(events).values()),
        issued=count(e.TicketIssued, e.TicketCheckedIn),
        booked=count(e.TicketBooked),
        turned_away=played.turned_away,
        no_shows=count(e.TicketNoShow),
        cancelled=count(e.TicketCancelled),
        swept=_swept(events),
        handovers=count(e.CounterHandedOver),
        last_ticket_ms=last,
        overruled=last is not None and not emergencies and any(event.at_ms > last for event in resumed),
        extended_minutes=max((event.minutes for event in events if isinstance(event, e.HoursExtended)), default=0),
        closed_hall=next((event.reason for event in emergencies), ""),
        crashes=played.crashes,
        closed_ms=played.closed_ms,
        under_way=played.audit.under_way if played.audit else 0,
        everyone_served=played.everyone_served,
    )


def _is_last_ticket(event: e.Event) -> bool:
    return isinstance(event, e.IssuingStopped) and event.cause is StopCause.LAST_TICKET


def _swept(events: Sequence[e.Event]) -> int:
    """After closing, or by the hall at any time."""
    closing_ms = next((event.at_ms for event in events if isinstance(event, e.OpeningEnded) and _closes(event)), None)
    swept = 0
    for event in events:
        if isinstance(event, e.TicketCancelled):
            swept += event.reason is CancelReason.SWEPT
        elif isinstance(event, e.TicketNoShow):
            swept += closing_ms is not None and event.at_ms >= closing_ms
    return swept


def _closes(event: e.OpeningEnded) -> bool:
    return event.next_ms is None


def by_band(bands: Iterable[str]) -> dict[str, int]:
    """In all, and by each band that occurs, in the order of the day."""
    found = [str(band) for band in bands]
    return {"total": len(found), **{str(band): found.count(band) for band in Band if band in found}}


def month_rows(rows: Sequence[DayRow]) -> list[PeriodRow]:
    months = dict.fromkeys(row.day[:7] for row in rows)
    return [sum_of(month, [row for row in rows if row.day.startswith(month)]) for month in months]


def sum_of(period: str, rows: Sequence[DayRow]) -> PeriodRow:
    visits = {"total": sum(row.visits["total"] for row in rows)}
    for band in Band:
        count = sum(row.visits.get(band, 0) for row in rows)
        if count:
            visits[str(band)] = count
    extended = sum(visits.get(band, 0) for band in EXTENDED)
    return PeriodRow(
        period=period,
        days=sum(not row.shut for row in rows),
        visits=visits,
        extended_share=round(extended / visits["total"], 4) if visits["total"] else 0.0,
        turned_away=sum(row.turned_away for row in rows),
        swept=sum(row.swept for row in rows),
    )


# --- as text -------------------------------------------------------------------------------------


def render(rows: Sequence[DayRow], rules: Rules) -> str:
    """A line a day, and a line a month; of more than two months, only these."""
    months = month_rows(rows)
    bands = [str(band) for band in Band if any(row.visits.get(band) for row in rows)]
    head = f"{'':<14}" + "".join(f"{name:>9}" for name in ("visits", *bands))
    lines = [f"{head}  turned away  swept  last ticket  closed"]
    if len(months) <= 2:
        lines += [_day_line(row, bands, rules) for row in rows]
        lines.append("")
    for month in (*months, *([sum_of("all", rows)] if len(months) > 1 else [])):
        cells = "".join(f"{month.visits.get(name, 0):>9}" for name in ("total", *bands))
        share = f"extended hours {100 * month.extended_share:.1f} % in {month.days} days"
        lines.append(f"{month.period:<14}{cells}  {month.turned_away:>11}  {month.swept:>5}  {share}")
    return "\n".join(lines)


def _day_line(row: DayRow, bands: Sequence[str], rules: Rules) -> str:
    name = f"{row.day} {dt.date.fromisoformat(row.day):%a}"
    if row.shut:
        return f"{name:<14}     shut"
    cells = "".join(f"{row.visits.get(band, 0):>9}" for band in ("total", *bands))
    times = f"{_clock(row.last_ticket_ms, rules):>11}  {_clock(row.closed_ms, rules):>6}"
    return f"{name:<14}{cells}  {row.turned_away:>11}  {row.swept:>5}  {times}{_remarks(row)}"


def _clock(at_ms: int | None, rules: Rules) -> str:
    return f"{local(rules, at_ms):%H:%M}" if at_ms is not None else "-"


def _remarks(row: DayRow) -> str:
    said = [
        f"extended by {row.extended_minutes} min" if row.extended_minutes else "",
        "last ticket overruled" if row.overruled else "",
        f"emergency: {row.closed_hall}" if row.closed_hall else "",
        "controller killed" if row.crashes else "",
        f"{row.under_way} still there at midnight" if row.under_way else "",
        "" if row.everyone_served else "NOT EVERYONE WAS SERVED",
    ]
    text = ", ".join(one for one in said if one)
    return f"  {text}" if text else ""
