"""The account of a service day or month: a fold over the journal's events, exact to the visit.

A visit is a ticket's first `service_started`; an undone start takes it back from the same band.
"""

import re
from collections.abc import Iterable
from typing import Any

from hall_controller.bus.wire import decode_event
from hall_controller.domain import events as e
from hall_controller.domain.rules import Band

Row = dict[str, int]


def make_report(bodies: Iterable[bytes], period: str) -> dict[str, Any]:
    """Totals of all events whose service day begins with `period` (`2026-11-24` or `2026-11`); times in seconds.

    Raises ValueError for a period that is neither a day nor a month.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?", period):
        raise ValueError(f"{period!r} is neither a day (YYYY-MM-DD) nor a month (YYYY-MM)")
    visits: dict[str, int] = {"total": 0, **{band.value: 0 for band in Band}}
    tickets = {"issued": 0, "no_show": 0, "cancelled": 0}
    by: dict[str, dict[str, Row]] = {"band": {}, "matter": {}, "counter": {}, "clerk": {}}

    def count(event: Any, band: str, **amounts: int) -> None:
        keys = {
            "band": band,
            "matter": getattr(event, "matter", ""),
            "counter": str(event.counter),
            "clerk": event.clerk,
        }
        for name, key in keys.items():
            row = by[name].setdefault(key, {"visits": 0, "finished": 0, "service_s": 0, "waits": 0, "wait_s": 0})
            for what, amount in amounts.items():
                row[what] += amount

    started: dict[int, e.ServiceStarted] = {}
    for body in bodies:
        event = decode_event(body)
        counts = event.service_day.startswith(period)
        match event:
            case e.ServiceStarted():
                started[event.ticket] = event
                if counts:
                    visits["total"] += 1
                    visits[event.band] += 1
                    count(event, event.band, visits=1)
            case e.ActUndone(visit_band=Band() as band) if counts and event.ticket is not None:
                visits["total"] -= 1
                visits[band] -= 1
                count(started.pop(event.ticket), band, visits=-1)
            case e.ServiceFinished() if counts:
                count(event, event.band, finished=1, service_s=event.service_s)
            case e.TicketCalled(first=True) if counts:
                count(event, event.band, waits=1, wait_s=event.wait_s)
            case e.TicketIssued() | e.TicketCheckedIn() if counts:
                tickets["issued"] += 1
            case e.TicketNoShow() if counts:
                tickets["no_show"] += 1
            case e.TicketCancelled() if counts:
                tickets["cancelled"] += 1
            case _:
                pass
    return {"period": period, "visits": visits, "tickets": tickets, "by": by}


def render(made: dict[str, Any]) -> str:
    """The report as a page of text."""
    visits = made["visits"]
    bands = ", ".join(f"{band} {count}" for band, count in visits.items() if band != "total" and count)
    lines = [f"{made['period']}: {visits['total']} visits" + (f" ({bands})" if bands else "")]
    lines.append(", ".join(f"{name} {count}" for name, count in made["tickets"].items()))
    for by, rows in made["by"].items():
        if rows:
            lines += ["", f"{by:<28} visits  mean wait  mean service"]
        for key, row in sorted(rows.items()):
            wait = _mean(row["wait_s"], row["waits"])
            lines.append(f"{key:<28} {row['visits']:>6}  {wait:>9}  {_mean(row['service_s'], row['finished']):>12}")
    return "\n".join(lines)


def _mean(total_s: int, count: int) -> str:
    if not count:
        return "-"
    mean_s = round(total_s / count)
    return f"{mean_s // 60}:{mean_s % 60:02}"
