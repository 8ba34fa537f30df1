"""Each clerk's time, by service day and band: at an open counter (pauses apart), and with visitors.

A stretch belongs to the clerk who was there: a handover or takeover ends one clerk's and begins another's. Its length
is true also where the hall's clock was set meanwhile.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from hall_controller.domain import events as e
from hall_controller.domain.counter import BUSY, WORKING, CounterState, UndoableAct
from hall_controller.domain.hours import Extension
from hall_controller.domain.rules import Band, Rules
from hall_controller.report.daytime import DAY, Daytime

S = CounterState
Share = tuple["Worked", Band, int]
"""Milliseconds that were credited, and where."""


class Worked:
    """One clerk on one service day, in milliseconds."""

    def __init__(self) -> None:
        self.at_counter_ms: dict[Band, int] = {}
        self.serving_ms: dict[Band, int] = {}
        self.outside_ms = 0
        """Of the time at the counter: outside all openings."""


class _Stretch:
    """A clerk with one visitor, without a break."""

    def __init__(self, since_ms: int) -> None:
        self.since_ms = since_ms
        """What came before has been credited; of a stretch that has ended: its end."""
        self.credited: list[Share] = []


class Seat:
    """A counter as far as its clerk's time goes."""

    def __init__(self) -> None:
        self.clerk = ""
        self.state = S.CLOSED
        self.since_ms = 0
        """At work since then, as far as it has not been credited."""
        self.away = self.was_away = False
        """Sent to lunch by the hall; `was_away`: before the last resume."""
        self.stretch: _Stretch | None = None
        self.ended: _Stretch | None = None
        """The stretch before, which an undo may take up again."""

    @property
    def works(self) -> bool:
        return self.state in WORKING


class Attendance:
    def __init__(self) -> None:
        self.rules: Rules | None = None
        """In force; None until the first that the journal holds."""
        self.daytime: Daytime | None = None
        self.worked: dict[tuple[str, str], Worked] = {}
        """By service day and clerk."""
        self.seats: dict[int, Seat] = {}
        self._extension: Extension | None = None
        self._day = ""
        self._now_ms = 0

    def add(self, event: e.Event) -> None:
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event)
        self._now_ms = event.at_ms

    def settle(self, until_ms: int | None = None) -> None:
        """Credit what is under way: to the last event, or to `until_ms`."""
        now_ms = self._now_ms if until_ms is None else until_ms
        for seat in self.seats.values():
            if seat.works:
                self._credit(seat, now_ms)
                seat.since_ms = now_ms
            if seat.stretch is not None:
                self._credit_stretch(seat, seat.stretch, now_ms)

    # --- the hall --------------------------------------------------------------------------------

    def rules_changed(self, event: e.RulesChanged) -> None:
        self.settle(event.at_ms)
        self.rules = event.rules
        self._set_hours()

    def hours_extended(self, event: e.HoursExtended) -> None:
        self.settle(event.at_ms)
        if event.until_ms is not None:
            self._extension = Extension(event.day, event.until_ms)
        self._set_hours()

    def day_started(self, event: e.DayStarted) -> None:
        """What is under way is split at midnight, not at the tick that noticed it; a box may have been off for days."""
        if self.daytime is not None and self._day:
            day, last = dt.date.fromisoformat(self._day) + DAY, dt.date.fromisoformat(event.service_day)
            while day <= last:
                midnight_ms = self.daytime.midnight_ms(day)
                if self._now_ms < midnight_ms < event.at_ms:
                    self.settle(midnight_ms)
                    self._now_ms = midnight_ms
                self._day = day.isoformat()
                day += DAY
        self.settle(event.at_ms)
        self._day = event.service_day
        if self._extension is not None and self._extension.until_ms <= event.at_ms:
            self._extension = None
            self._set_hours()

    def clock_stepped(self, event: e.ClockStepped) -> None:
        """Until here the old clock counts, from here on the new one."""
        self.settle(event.at_ms - event.step_ms)
        for seat in self.seats.values():
            seat.since_ms = event.at_ms
            for stretch in (seat.stretch, seat.ended):
                if stretch is not None:
                    stretch.since_ms += event.step_ms

    def _set_hours(self) -> None:
        if self.rules is not None:
            self.daytime = Daytime(self.rules, self._extension)

    # --- counters --------------------------------------------------------------------------------

    def counter_opened(self, event: e.CounterOpened) -> None:
        self._move(event.counter, S.CLOSED, event.at_ms)
        seat = self.seats[event.counter] = Seat()
        seat.clerk = event.clerk
        self._move(event.counter, S.READY, event.at_ms)

    def counter_closed(self, event: e.CounterClosed) -> None:
        self._move(event.counter, S.CLOSED, event.at_ms)
        self.seats[event.counter] = Seat()

    def counter_paused(self, event: e.CounterPaused) -> None:
        seat = self._move(event.counter, S.PAUSED, event.at_ms)
        seat.away = seat.away or event.back_at_ms is not None

    def counter_pause_planned(self, event: e.CounterPausePlanned) -> None:
        seat = self._seat(event.counter)
        seat.away = seat.away or event.back_at_ms is not None

    def counter_resumed(self, event: e.CounterResumed) -> None:
        seat = self._seat(event.counter)
        seat.was_away, seat.away = seat.away, False
        if seat.state is S.PAUSED:
            self._move(event.counter, S.READY, event.at_ms)

    def counter_handed_over(self, event: e.CounterHandedOver) -> None:
        seat = self._seat(event.counter)
        if seat.works:
            self._credit(seat, event.at_ms)
            seat.since_ms = event.at_ms
        if seat.stretch is not None:
            self._credit_stretch(seat, seat.stretch, event.at_ms)
            seat.stretch = _Stretch(event.at_ms)
        seat.clerk = event.clerk

    def counter_taken_over(self, event: e.CounterTakenOver) -> None:
        state = self._seat(event.from_counter).state
        self._move(event.from_counter, S.CLOSED, event.at_ms)
        self.seats[event.from_counter] = Seat()
        if state in BUSY:
            self._move(event.counter, state, event.at_ms)

    def wrap_up_ended(self, event: e.WrapUpEnded) -> None:
        self._move(event.counter, S.READY, event.at_ms)

    def ticket_called(self, event: e.TicketCalled) -> None:
        self._move(event.counter, S.CALLING, event.at_ms)

    def served(self, event: e.ServiceStarted | e.ServiceResumed) -> None:
        self._move(event.counter, S.SERVING, event.at_ms)

    def freed(self, event: e.TicketMissed | e.TicketTransferred | e.ServiceHeld | e.ServiceFinished) -> None:
        if event.counter_state is not None:
            self._move(event.counter, event.counter_state, event.at_ms)

    def act_undone(self, event: e.ActUndone) -> None:
        """As `evolve` has it: whom lunch has called away meanwhile stays away."""
        seat = self._seat(event.counter)
        if event.act is UndoableAct.RESUME_COUNTER:
            seat.away = seat.away or seat.was_away
        state = S.PAUSED if seat.away and event.counter_state not in BUSY else event.counter_state
        if state is S.SERVING and seat.stretch is None:
            # The end was taken back: the visitor was being served all along.
            seat.stretch, seat.ended = seat.ended or _Stretch(event.at_ms), None
        elif state is not S.SERVING and seat.stretch is not None:
            for worked, band, ms in seat.stretch.credited:
                worked.serving_ms[band] -= ms
            seat.stretch = None
        self._move(event.counter, state, event.at_ms)

    # --- within ----------------------------------------------------------------------------------

    def _seat(self, counter: int) -> Seat:
        return self.seats.setdefault(counter, Seat())

    def _move(self, counter: int, state: CounterState, at_ms: int) -> Seat:
        seat = self._seat(counter)
        if seat.works and state not in WORKING:
            self._credit(seat, at_ms)
        elif not seat.works and state in WORKING:
            seat.since_ms = at_ms
        if seat.stretch is not None and state is not S.SERVING:
            self._credit_stretch(seat, seat.stretch, at_ms)
            seat.stretch, seat.ended = None, seat.stretch
        elif seat.stretch is None and state is S.SERVING:
            seat.stretch = _Stretch(at_ms)
        seat.state = state
        return seat

    def _credit(self, seat: Seat, until_ms: int) -> None:
        worked = self._worked(seat.clerk)
        for ms, band, is_open in self.daytime.pieces(seat.since_ms, until_ms) if self.daytime else ():
            worked.at_counter_ms[band] = worked.at_counter_ms.get(band, 0) + ms
            worked.outside_ms += 0 if is_open else ms

    def _credit_stretch(self, seat: Seat, stretch: _Stretch, until_ms: int) -> None:
        worked = self._worked(seat.clerk)
        for ms, band, _ in self.daytime.pieces(stretch.since_ms, until_ms) if self.daytime else ():
            worked.serving_ms[band] = worked.serving_ms.get(band, 0) + ms
            stretch.credited.append((worked, band, ms))
        stretch.since_ms = max(stretch.since_ms, until_ms)

    def _worked(self, clerk: str) -> Worked:
        return self.worked.setdefault((self._day, clerk), Worked())


_HANDLERS: dict[type[e.Event], Callable[[Attendance, Any], None]] = {
    e.RulesChanged: Attendance.rules_changed,
    e.HoursExtended: Attendance.hours_extended,
    e.DayStarted: Attendance.day_started,
    e.ClockStepped: Attendance.clock_stepped,
    e.CounterOpened: Attendance.counter_opened,
    e.CounterClosed: Attendance.counter_closed,
    e.CounterPaused: Attendance.counter_paused,
    e.CounterPausePlanned: Attendance.counter_pause_planned,
    e.CounterResumed: Attendance.counter_resumed,
    e.CounterHandedOver: Attendance.counter_handed_over,
    e.CounterTakenOver: Attendance.counter_taken_over,
    e.WrapUpEnded: Attendance.wrap_up_ended,
    e.TicketCalled: Attendance.ticket_called,
    e.TicketMissed: Attendance.freed,
    e.TicketTransferred: Attendance.freed,
    e.ServiceStarted: Attendance.served,
    e.ServiceResumed: Attendance.served,
    e.ServiceHeld: Attendance.freed,
    e.ServiceFinished: Attendance.freed,
    e.ActUndone: Attendance.act_undone,
}
