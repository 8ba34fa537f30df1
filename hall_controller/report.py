"""The account of a service day or month: a fold over the journal's events, exact to the visit.

A visit is a ticket's first `service_started`; an undone start takes it back from the same band, as an undone
finish takes back its service and an undone first call its wait.
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
    account = _Account()
    for body in bodies:
        event = decode_event(body)
        if event.service_day.startswith(period):
            account.add(event)
    return {"period": period, "visits": account.visits, "tickets": account.tickets, "by": account.by}


class _Account:
    """The totals, and what of each ticket may yet be undone: always on the day on which it was done."""

    def __init__(self) -> None:
        self.visits: dict[str, int] = {"total": 0, **{band.value: 0 for band in Band}}
        self.tickets = {"issued": 0, "no_show": 0, "cancelled": 0}
        self.by: dict[str, dict[str, Row]] = {"band": {}, "matter": {}, "counter": {}, "clerk": {}}
        self._started: dict[int, e.ServiceStarted] = {}
        self._called: dict[int, e.TicketCalled] = {}
        self._finished: dict[int, e.ServiceFinished] = {}

    def add(self, event: e.Event) -> None:
        match event:
            case e.ServiceStarted():
                self._started[event.ticket] = event
                self._visit(event, 1)
            case e.ServiceFinished():
                self._finished[event.ticket] = event
                self._row(event, finished=1, service_s=event.service_s)
            case e.TicketCalled():
                self._called[event.ticket] = event
                self._wait(event, 1)
            case e.ActUndone(ticket=int() as ticket):
                self._undo(event, ticket)
            case e.TicketIssued() | e.TicketCheckedIn():
                self.tickets["issued"] += 1
            case e.TicketNoShow():
                self.tickets["no_show"] += 1
            case e.TicketCancelled():
                self.tickets["cancelled"] += 1
            case _:
                pass

    def _undo(self, event: e.ActUndone, ticket: int) -> None:
        if event.visit_band is not None:
            self._visit(self._started.pop(ticket), -1)
        if event.act == "finish_service":
            finished = self._finished.pop(ticket)
            self._row(finished, finished=-1, service_s=-finished.service_s)
        elif event.act in ("call_next", "call_ticket"):
            self._wait(self._called.pop(ticket), -1)

    def _visit(self, event: e.ServiceStarted, sign: int) -> None:
        self.visits["total"] += sign
        self.visits[event.band] += sign
        self._row(event, visits=sign)

    def _wait(self, event: e.TicketCalled, sign: int) -> None:
        if event.first:
            self._row(event, waits=sign, wait_s=sign * event.wait_s)

    def _row(self, event: e.ServiceStarted | e.ServiceFinished | e.TicketCalled, **amounts: int) -> None:
        keys = {"band": event.band, "matter": event.matter, "counter": str(event.counter), "clerk": event.clerk}
        for name, key in keys.items():
            row = self.by[name].setdefault(key, {"visits": 0, "finished": 0, "service_s": 0, "waits": 0, "wait_s": 0})
            for what, amount in amounts.items():
                row[what] += amount


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
