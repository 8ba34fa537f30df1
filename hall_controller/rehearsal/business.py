"""When the hall next has something to do by itself: so far a driven clock may jump, and no further.

The hall alone decides what then happens; here is only when it is to look. A moment too many costs a question.
"""

import datetime as dt
from collections.abc import Iterator

from hall_controller.domain.alerts.find import next_alert_ms
from hall_controller.domain.commands import Tick
from hall_controller.domain.counter import CounterState
from hall_controller.domain.decide import assign, decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.decisions.openings import judges_last_ticket
from hall_controller.domain.decisions.passing import CALLED_TWICE, SWEEP_AFTER_S
from hall_controller.domain.hall import Hall, Issuing, in_force, is_after_closing, waiting_count
from hall_controller.domain.hours import Extension, local, moment_ms, openings
from hall_controller.domain.keeping import kept_until_ms
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.rules import Band, Mode, Rules
from hall_controller.domain.sender import HALL
from hall_controller.domain.ticket import Paper, Ticket, TicketState, VisitorClass

NO_MATTERS = Catalogue({})
AFTER_MS = 1
"""What is due once a moment has passed, and not yet in it."""


LOOK_LEAST_MS, LOOK_MOST_MS = 1_000, 60_000
"""What a newcomer would be told changes with time alone: near the last ticket it is looked at again after so long."""


def is_due(hall: Hall, at_ms: int) -> bool:
    """Whether the hall would do something of its own now."""
    estimate = predict_newcomer(hall, VisitorClass.ORDINARY, at_ms) if judges_last_ticket(hall, at_ms) else None
    moment = Moment(at_ms=at_ms, by=HALL, catalogue=NO_MATTERS, estimate=estimate)
    return bool(decide(hall, Tick(), moment) or assign(hall, moment))


class Business:
    """Of one hall. The moments of a day by its hours are reckoned once a day and extension."""

    def __init__(self) -> None:
        self._known: tuple[Rules | None, dt.date, Extension | None] = (None, dt.date.min, None)
        self._moments: tuple[int, ...] = ()
        self._midnights = (0, 0)

    def next_ms(self, hall: Hall, after_ms: int) -> int:
        """The first moment after this one in which something may fall due: at the latest midnight."""
        self._reckon(in_force(hall), after_ms, hall.extension)
        moments = (*self._moments, *_of_people(hall), *_of_last_ticket(hall, after_ms), *next_alert_ms(hall, after_ms))
        return min((moment for moment in moments if moment > after_ms), default=self._midnights[1])

    def _reckon(self, rules: Rules, after_ms: int, extension: Extension | None) -> None:
        if not self._midnights[0] <= after_ms < self._midnights[1]:
            today = local(rules, after_ms).date()
        else:
            today = self._known[1]
        if self._known[0] is rules and self._known[1:] == (today, extension):
            return
        tomorrow = today + dt.timedelta(days=1)
        self._known = rules, today, extension
        self._midnights = moment_ms(rules, today, dt.time()), moment_ms(rules, tomorrow, dt.time())
        days = (today - dt.timedelta(days=1), today)
        found = {moment for day in days for moment in _of_hours(rules, day, extension)}
        self._moments = (*sorted(found), self._midnights[1])


def _of_hours(rules: Rules, day: dt.date, extension: Extension | None) -> Iterator[int]:
    """Openings, announcements, lunch, closing."""
    for opening in openings(rules, day, extension):
        lunches = [stretch.start_ms for stretch in opening.stretches if stretch.band is Band.LUNCH]
        yield opening.start_ms - rules.issue_before_s * 1000
        yield opening.start_ms
        for moment in (*lunches, opening.end_ms):
            yield moment
            yield from (moment - before_s * 1000 for before_s in rules.announce_s)
        yield opening.end_ms - rules.last_ticket_s * 1000


def _of_last_ticket(hall: Hall, after_ms: int) -> Iterator[int]:
    """When to look next whether a newcomer would be called too late: halfway to when it would be so by now."""
    opening = hall.opening
    if opening is None or hall.issuing is not Issuing.OPEN or not judges_last_ticket(hall, after_ms):
        return
    wait_s = predict_newcomer(hall, VisitorClass.ORDINARY, after_ms).wait_s
    if wait_s:
        left_ms = opening.end_ms - wait_s * 1000 + AFTER_MS - after_ms
        yield after_ms + min(max(left_ms // 2, LOOK_LEAST_MS), LOOK_MOST_MS)


def _of_people(hall: Hall) -> Iterator[int]:
    """Grace periods, papers that nobody took, the end of a wrap-up and of being kept for a counter."""
    rules = in_force(hall)
    for ticket in hall.tickets.values():
        if ticket.state is TicketState.MISSED:
            yield (ticket.missed_at_ms or 0) + _grace_s(hall, ticket) * 1000 + AFTER_MS
        elif ticket.state is TicketState.WAITING and ticket.paper in (Paper.PENDING, Paper.FAILED):
            if ticket.claim_by_ms is not None:
                yield ticket.claim_by_ms + AFTER_MS
            if hall.mode is Mode.PUSH:
                yield ticket.issued_at_ms + rules.print_wait_s * 1000
        if ticket.only_counter is not None and (until_ms := kept_until_ms(hall, ticket)) is not None:
            yield until_ms
    for counter in hall.counters.values():
        if counter.state is CounterState.WRAPPING_UP:
            yield counter.since_ms + rules.wrap_up_s * 1000


def _grace_s(hall: Hall, ticket: Ticket) -> int:
    grace_s = in_force(hall).missed_grace_s
    if ticket.announced >= CALLED_TWICE and is_after_closing(hall) and not waiting_count(hall):
        return min(grace_s, SWEEP_AFTER_S)
    return grace_s
