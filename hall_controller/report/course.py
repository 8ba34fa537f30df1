"""How a day or month went by half hours: arrivals, waits, who was told what, who left; for the page of a meeting.

A fold beside the account and over the same events: a wait belongs to the half hour of its first call, a visit to that
in which its service began, and an undone act is taken back from there. Levels (waiting, open counters) are means over
the time in which they were so.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hall_controller.domain import events as e
from hall_controller.domain.hours import local
from hall_controller.domain.rules import DAYS, Band
from hall_controller.domain.ticket import TicketState
from hall_controller.report.attendance import Attendance
from hall_controller.report.incidents import Incidents
from hall_controller.report.waits import UNTOLD, Told, told_of, waits_of

SLOT_MINUTES = 30
SLOT_MS = SLOT_MINUTES * 60_000


class Slot:
    """One half hour of one day, or of several together."""

    def __init__(self) -> None:
        self.arrivals = self.served = self.waiting_most = 0
        self.waits_s: list[int] = []
        self.ms = self.waiting_ms = self.open_ms = 0
        """What has passed of it, times who waited, times which counters worked."""

    def add(self, other: "Slot") -> None:
        self.arrivals += other.arrivals
        self.served += other.served
        self.waiting_most = max(self.waiting_most, other.waiting_most)
        self.waits_s += other.waits_s
        self.ms += other.ms
        self.waiting_ms += other.waiting_ms
        self.open_ms += other.open_ms

    @property
    def is_empty(self) -> bool:
        return not (self.arrivals or self.served or self.waits_s or self.waiting_ms or self.open_ms)

    def made(self) -> dict[str, Any]:
        return {
            "arrivals": self.arrivals,
            "served": self.served,
            "waiting_mean": _ratio(self.waiting_ms, self.ms),
            "waiting_most": self.waiting_most,
            "open_mean": _ratio(self.open_ms, self.ms),
            "waits": waits_of(self.waits_s),
        }


class _FirstCall:
    def __init__(self, event: e.TicketCalled, slot: Slot) -> None:
        self.band, self.day, self.wait_s, self.slot = event.band, event.service_day, event.wait_s, slot


class Course:
    """Fed by `make_report`: every event that the account is given, right after it."""

    def __init__(self, period: str, attendance: Attendance) -> None:
        self._period = period
        self._attendance = attendance
        self._slots: dict[tuple[str, int], Slot] = {}
        """By service day and half hour since midnight."""
        self._waiting: set[int] = set()
        self._unclaimed: set[int] = set()
        self._open = 0
        self._since_ms: int | None = None
        self._called: dict[int, tuple[e.TicketCalled, Slot]] = {}
        self._first: dict[int, _FirstCall] = {}
        self._started: dict[int, Slot] = {}
        self._served: set[int] = set()
        self._told: dict[int, Told] = {}
        self._left: list[tuple[str, str, int]] = []
        """Service day, how, and the ticket."""
        self._incidents = Incidents()

    def add(self, event: e.Event) -> None:
        if self._attendance.rules is None:
            return
        self._credit(event.at_ms - event.step_ms if isinstance(event, e.ClockStepped) else event.at_ms)
        self._since_ms = event.at_ms
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event)
        self._open = sum(seat.works for seat in self._attendance.seats.values())
        if self._counts(event.service_day):
            slot = self._slot(event)
            slot.waiting_most = max(slot.waiting_most, len(self._waiting))
            self._incidents.add(event, self._attendance.rules)

    # --- tickets ---------------------------------------------------------------------------------

    def arrived(self, event: e.TicketIssued | e.TicketCheckedIn) -> None:
        self._waiting.add(event.ticket)
        self._told[event.ticket] = Told(event.predicted_wait_s, event.predicted_bound_s)
        if self._counts(event.service_day):
            self._slot(event).arrivals += 1

    def back(self, event: e.TicketReturned | e.TicketTransferred) -> None:
        self._waiting.add(event.ticket)

    def unclaimed(self, event: e.TicketUnclaimed) -> None:
        self._waiting.discard(event.ticket)
        self._unclaimed.add(event.ticket)

    def claimed(self, event: e.TicketPrinted | e.TicketAcknowledged) -> None:
        if event.ticket in self._unclaimed:
            self._unclaimed.discard(event.ticket)
            self._waiting.add(event.ticket)

    def called(self, event: e.TicketCalled) -> None:
        self._gone(event.ticket)
        if self._counts(event.service_day):
            slot = self._slot(event)
            self._called[event.ticket] = event, slot
            if event.first:
                self._first[event.ticket] = _FirstCall(event, slot)
                slot.waits_s.append(event.wait_s)

    def started(self, event: e.ServiceStarted) -> None:
        self._gone(event.ticket)
        self._served.add(event.ticket)
        if self._counts(event.service_day):
            self._started[event.ticket] = slot = self._slot(event)
            slot.served += 1

    def no_show(self, event: e.TicketNoShow) -> None:
        self._leave(event, "booking_missed" if event.number is None else "no_show")

    def cancelled(self, event: e.TicketCancelled) -> None:
        self._leave(event, "booking_cancelled" if event.number is None else str(event.reason))

    def act_undone(self, event: e.ActUndone) -> None:
        if event.ticket is None:
            return
        if event.visit_band is not None:
            self._served.discard(event.ticket)
            if event.ticket in self._started:
                self._started.pop(event.ticket).served -= 1
        if event.act.is_call and event.ticket in self._called:
            called, slot = self._called.pop(event.ticket)
            if called.first:
                del self._first[event.ticket]
                slot.waits_s.remove(called.wait_s)
        self._gone(event.ticket)
        if event.ticket_state is TicketState.WAITING:
            self._waiting.add(event.ticket)

    def _leave(self, event: e.TicketNoShow | e.TicketCancelled, how: str) -> None:
        self._gone(event.ticket)
        if self._counts(event.service_day):
            self._left.append((event.service_day, how, event.ticket))

    def _gone(self, ticket: int) -> None:
        self._waiting.discard(ticket)
        self._unclaimed.discard(ticket)

    # --- time ------------------------------------------------------------------------------------

    def _counts(self, day: str) -> bool:
        return day.startswith(self._period)

    def _slot(self, event: e.Event) -> Slot:
        rules = self._attendance.rules
        assert rules is not None
        now = local(rules, event.at_ms)
        return self._slots.setdefault((event.service_day, _number(now)), Slot())

    def _credit(self, until_ms: int) -> None:
        """The level since the event before, to each half hour its own part."""
        rules, start_ms = self._attendance.rules, self._since_ms
        assert rules is not None
        while start_ms is not None and start_ms < until_ms:
            now = local(rules, start_ms)
            into_ms = (now.minute % SLOT_MINUTES * 60 + now.second) * 1000 + now.microsecond // 1000
            ms = min(until_ms - start_ms, SLOT_MS - into_ms)
            day = now.date().isoformat()
            if self._counts(day):
                slot = self._slots.setdefault((day, _number(now)), Slot())
                slot.ms += ms
                slot.waiting_ms += len(self._waiting) * ms
                slot.open_ms += self._open * ms
                slot.waiting_most = max(slot.waiting_most, len(self._waiting))
            start_ms += ms

    # --- the outcome -----------------------------------------------------------------------------

    def made(self) -> dict[str, Any]:
        first = list(self._first.values())
        served = sorted({day for (day, _), slot in self._slots.items() if slot.arrivals or slot.served})
        bands = {band: [call.wait_s for call in first if call.band is band] for band in Band}
        left = [(day, how) for day, how, ticket in self._left if ticket not in self._served]
        return {
            "days_served": len(served),
            "waits": waits_of([call.wait_s for call in first]),
            "waits_by_band": {str(band): waits_of(waits_s) for band, waits_s in bands.items() if waits_s},
            "half_hours": self._half_hours(served),
            "days": {
                day: {
                    "arrivals": sum(slot.arrivals for (of, _), slot in self._slots.items() if of == day),
                    "left": sum(of == day and not how.startswith("booking") for of, how in left),
                    "waits": waits_of([call.wait_s for call in first if call.day == day]),
                }
                for day in served
            },
            "weekdays": {name: self._weekday(days) for name, days in _by_weekday(served)},
            "left": _tally(how for _, how in left),
            "told": told_of((self._told.get(ticket, UNTOLD), call.wait_s) for ticket, call in self._first.items()),
            "incidents": self._incidents.made(),
        }

    def _half_hours(self, days: Iterable[str]) -> dict[str, Any]:
        """From the first in which anything happened to the last, also those between, so that a break is seen."""
        together: dict[int, Slot] = {}
        chosen = set(days)
        for (day, number), slot in self._slots.items():
            if day in chosen:
                together.setdefault(number, Slot()).add(slot)
        busy = [number for number, slot in together.items() if not slot.is_empty]
        numbers = range(min(busy), max(busy) + 1) if busy else ()
        return {clock(number): together.get(number, Slot()).made() for number in numbers}

    def _weekday(self, days: list[str]) -> dict[str, Any]:
        slots = [slot for (day, _), slot in self._slots.items() if day in days]
        half_hours = self._half_hours(days)
        return {
            "days": len(days),
            "arrivals": _ratio(sum(slot.arrivals for slot in slots), len(days)),
            "served": _ratio(sum(slot.served for slot in slots), len(days)),
            "waits": waits_of([wait_s for slot in slots for wait_s in slot.waits_s]),
            "half_hours": {at: _ratio(slot["arrivals"], len(days)) for at, slot in half_hours.items()},
        }


def clock(number: int) -> str:
    """When a half hour begins: `09:30`."""
    return f"{number // 2:02}:{number % 2 * SLOT_MINUTES:02}"


def _number(now: dt.datetime) -> int:
    return now.hour * 2 + now.minute // SLOT_MINUTES


def _by_weekday(days: Iterable[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {name: [] for name in DAYS}
    for day in days:
        found[DAYS[dt.date.fromisoformat(day).weekday()]].append(day)
    return [(name, of) for name, of in found.items() if of]


def _tally(names: Iterable[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 2) if whole else 0.0


_HANDLERS: dict[type[e.Event], Callable[[Course, Any], None]] = {
    e.TicketIssued: Course.arrived,
    e.TicketCheckedIn: Course.arrived,
    e.TicketReturned: Course.back,
    e.TicketTransferred: Course.back,
    e.TicketUnclaimed: Course.unclaimed,
    e.TicketPrinted: Course.claimed,
    e.TicketAcknowledged: Course.claimed,
    e.TicketCalled: Course.called,
    e.ServiceStarted: Course.started,
    e.TicketNoShow: Course.no_show,
    e.TicketCancelled: Course.cancelled,
    e.ActUndone: Course.act_undone,
}
