"""The account of a service day or month: a fold over the journal's events, exact to the visit.

A visit is a ticket's first `service_started`; an undone start takes it back from the same day, hour and band, as an
undone finish takes back its service and an undone first call its wait.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hall_controller.bus.wire import decode_event
from hall_controller.domain import events as e
from hall_controller.domain.counter import UndoableAct
from hall_controller.domain.rules import Band
from hall_controller.report.attendance import Attendance, Worked
from hall_controller.report.besides import Besides
from hall_controller.report.course import Course

Row = dict[str, int]
Visits = dict[str, int]
"""In all, and by band."""
AMOUNTS = ("visits", "finished", "service_s", "waits", "wait_s")
EXTENDED = tuple(band for band in Band if band is not Band.REGULAR)
A_DAYS_WORK_S = 60
"""Extended hours count as a day of them from a visit or a minute at the counter on: nobody closes on the second."""


def make_report(bodies: Iterable[bytes], period: str, *, with_course: bool = False) -> dict[str, Any]:
    """All that happened on service days that begin with `period` (`2026-11-24` or `2026-11`); times in seconds.

    `bodies` are the journal's events in order, from one with all counters closed on; see `source`. `besides` has what
    is no visit; `with_course` adds the key `course`: how it went by half hours. Raises ValueError for a period that is
    neither a day nor a month.
    """
    _must_be_period(period)
    account, besides = Account(period), Besides(period)
    course = Course(period, account.attendance) if with_course else None
    for body in bodies:
        event = decode_event(body)
        account.add(event)
        besides.add(event)
        if course is not None:
            course.add(event)
        if is_beyond(event.service_day, period):
            break
    return account.made() | {"besides": besides.made()} | ({"course": course.made()} if course is not None else {})


def is_beyond(service_day: str, period: str) -> bool:
    """Whether a day comes after all days of the period."""
    return service_day[: len(period)] > period


def _must_be_period(period: str) -> None:
    try:
        found = re.fullmatch(r"\d{4}-\d\d(-\d\d)?", period)
        dt.date.fromisoformat(period if found and found[1] else f"{period}-01")
    except ValueError:
        raise ValueError(f"{period!r} is neither a day (YYYY-MM-DD) nor a month (YYYY-MM)") from None


class Account:
    """The totals, and what of each ticket may yet be undone: always on the day on which it was done."""

    def __init__(self, period: str) -> None:
        self._period = period
        self.attendance = Attendance()
        self._tickets = {"issued": 0, "no_show": 0, "cancelled": 0}
        self._cells: dict[str, dict[str, dict[str, Row]]] = {"matter": {}, "counter": {}, "clerk": {}, "day": {}}
        """By what, which one, and band."""
        self._hours: dict[str, dict[str, int]] = {}
        self._clerk_days: dict[tuple[str, str], Visits] = {}
        """Visits by band of each service day and clerk."""
        self._days: set[str] = set()
        self._until_ms: int | None = None
        self._started: dict[int, e.ServiceStarted] = {}
        self._called: dict[int, e.TicketCalled] = {}
        self._finished: dict[int, e.ServiceFinished] = {}

    def add(self, event: e.Event) -> None:
        self.attendance.add(event)
        if not event.service_day.startswith(self._period):
            return
        self._until_ms = event.at_ms
        self._days.add(event.service_day)
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event)

    def service_started(self, event: e.ServiceStarted) -> None:
        self._started[event.ticket] = event
        self._visit(event, 1)

    def service_finished(self, event: e.ServiceFinished) -> None:
        self._finished[event.ticket] = event
        self._row(event, finished=1, service_s=event.service_s)

    def ticket_called(self, event: e.TicketCalled) -> None:
        self._called[event.ticket] = event
        self._wait(event, 1)

    def act_undone(self, event: e.ActUndone) -> None:
        if event.ticket is None:
            return
        if event.visit_band is not None:
            self._visit(self._started.pop(event.ticket), -1)
        if event.act is UndoableAct.FINISH_SERVICE:
            finished = self._finished.pop(event.ticket)
            self._row(finished, finished=-1, service_s=-finished.service_s)
        elif event.act.is_call:
            self._wait(self._called.pop(event.ticket), -1)

    def ticket_issued(self, _: e.TicketIssued | e.TicketCheckedIn) -> None:
        self._tickets["issued"] += 1

    def ticket_no_show(self, _: e.TicketNoShow) -> None:
        self._tickets["no_show"] += 1

    def ticket_cancelled(self, _: e.TicketCancelled) -> None:
        self._tickets["cancelled"] += 1

    def _visit(self, event: e.ServiceStarted, sign: int) -> None:
        self._row(event, visits=sign)
        if self.attendance.daytime is not None:
            hour = self._hours.setdefault(f"{self.attendance.daytime.hour(event.at_ms):02}", {})
            hour[event.band] = hour.get(event.band, 0) + sign
        day = self._clerk_days.setdefault((event.service_day, event.clerk), {})
        day[event.band] = day.get(event.band, 0) + sign

    def _wait(self, event: e.TicketCalled, sign: int) -> None:
        if event.first:
            self._row(event, waits=sign, wait_s=sign * event.wait_s)

    def _row(self, event: e.ServiceStarted | e.ServiceFinished | e.TicketCalled, **amounts: int) -> None:
        keys = (event.matter, str(event.counter), event.clerk, event.service_day)
        for rows, key in zip(self._cells.values(), keys, strict=True):
            bands = rows.setdefault(key, {})
            if event.band not in bands:
                bands[event.band] = dict.fromkeys(AMOUNTS, 0)
            row = bands[event.band]
            for what, amount in amounts.items():
                row[what] += amount

    # --- the outcome -----------------------------------------------------------------------------

    def made(self) -> dict[str, Any]:
        self.attendance.settle()
        rules = self.attendance.rules
        by = {name: {key: _sum(bands.values()) for key, bands in rows.items()} for name, rows in self._cells.items()}
        days = self._cells["day"]
        bands = {
            str(band): _sum(one[band] for one in days.values() if band in one)
            for band in Band
            if any(band in one for one in days.values())
        }
        visits = _by_band({band: row["visits"] for band, row in bands.items()})
        return {
            "period": self._period,
            "hall": rules.hall if rules else "",
            "tier": str(rules.tier) if rules else "",
            "name_zh": rules.name_zh if rules else "",
            "name_en": rules.name_en if rules else "",
            "timezone": rules.timezone if rules else "",
            "until_ms": self._until_ms,
            "visits": visits,
            "extended": _extended(visits),
            "tickets": self._tickets,
            "by": {"band": bands, **{name: by[name] for name in ("matter", "counter", "clerk")}},
            "by_band": self._cells,
            "days": {day: self._visits_of(days.get(day, {})) for day in sorted(self._days)},
            "hours": {hour: _by_band(bands) for hour, bands in sorted(self._hours.items())},
            "roster": self._roster(),
        }

    @staticmethod
    def _visits_of(bands: Mapping[str, Row]) -> Visits:
        return _by_band({band: row["visits"] for band, row in bands.items()})

    def _roster(self) -> dict[str, dict[str, Any]]:
        """Each clerk's work; seconds are rounded once, for each day and band, so that days add up to their month."""
        worked = {key: one for key, one in self.attendance.worked.items() if key[0].startswith(self._period)}
        found: dict[str, _Roster] = {}
        for day, clerk in sorted(worked.keys() | self._clerk_days.keys()):
            if clerk:
                roster = found.setdefault(clerk, _Roster())
                roster.add(worked.get((day, clerk), Worked()), self._clerk_days.get((day, clerk), {}))
        return {clerk: found[clerk].made() for clerk in sorted(found)}


class _Roster:
    """One clerk's days together."""

    def __init__(self) -> None:
        self.visits: dict[str, int] = {}
        self.at_counter_s: dict[str, int] = {}
        self.serving_s: dict[str, int] = {}
        self.outside_s = 0
        self.extended_days = 0

    def add(self, worked: Worked, visits: Visits) -> None:
        at_counter_s = _seconds(worked.at_counter_ms)
        for total, more in (
            (self.visits, visits),
            (self.at_counter_s, at_counter_s),
            (self.serving_s, _seconds(worked.serving_ms)),
        ):
            for band, amount in more.items():
                total[band] = total.get(band, 0) + amount
        self.outside_s += round(worked.outside_ms / 1000)
        self.extended_days += bool(_extended(visits)) or _extended(at_counter_s) >= A_DAYS_WORK_S

    def made(self) -> dict[str, Any]:
        return {
            "visits": _by_band(self.visits),
            "at_counter_s": _by_band(self.at_counter_s),
            "serving_s": _by_band(self.serving_s),
            "extended_visits": _extended(self.visits),
            "extended_at_counter_s": _extended(self.at_counter_s),
            "extended_serving_s": _extended(self.serving_s),
            "extended_days": self.extended_days,
            "outside_hours_s": self.outside_s,
        }


def _seconds(by_band: Mapping[Band, int]) -> dict[str, int]:
    return {str(band): round(ms / 1000) for band, ms in by_band.items()}


def _by_band(amounts: Mapping[str, int]) -> Visits:
    return {"total": sum(amounts.values()), **{str(band): amounts.get(band, 0) for band in Band}}


def _extended(amounts: Mapping[str, int]) -> int:
    return sum(amounts.get(band, 0) for band in EXTENDED)


def _sum(rows: Iterable[Row]) -> Row:
    total = dict.fromkeys(AMOUNTS, 0)
    for row in rows:
        for what, amount in row.items():
            total[what] += amount
    return total


_HANDLERS: dict[type[e.Event], Callable[[Account, Any], None]] = {
    e.ServiceStarted: Account.service_started,
    e.ServiceFinished: Account.service_finished,
    e.TicketCalled: Account.ticket_called,
    e.ActUndone: Account.act_undone,
    e.TicketIssued: Account.ticket_issued,
    e.TicketCheckedIn: Account.ticket_issued,
    e.TicketNoShow: Account.ticket_no_show,
    e.TicketCancelled: Account.ticket_cancelled,
}
