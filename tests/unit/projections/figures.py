"""Exporter and ledger beside the hall: what is counted of its events is what it holds."""

from collections import Counter as Tally

from hall_controller.bus import wire
from hall_controller.domain.counter import CounterState
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.rules import Band
from hall_controller.domain.ticket import VisitorClass
from metrics.district.ledger.facts import Counting, Row, open_envelope
from metrics.figures import put_hall
from metrics.page import Page
from tests.unit.metrics.scrapes import Read, text_of


class Ledger:
    """The rows that a ledger would keep of one hall's journal."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._counting = Counting("Asia/Shanghai", self._rows_of)

    def _rows_of(self, ticket: int) -> list[Row]:
        return [row for row in self.rows if row.ticket == ticket]

    def hear(self, event: Event) -> None:
        body = wire.encode(event)
        row = self._counting.count(body, open_envelope(body))
        if row is not None:
            self.rows.append(row)

    def check(self, hall: Hall) -> None:
        visits: Tally[tuple[str, str]] = Tally()
        for row in self.rows:
            visits[row.service_day, row.band] += row.visits
        today = {band: count for (day, band), count in visits.items() if day == hall.service_day and count}
        assert today == {band: count for band, count in hall.visits.items() if count}
        assert sum(visits.values()) == _total(hall)


def _total(hall: Hall) -> int:
    return sum(hall.totals.visits.values()) - sum(hall.totals.visits_undone.values())


def check_exporter(mine: Hall, hall: Hall, now_ms: int) -> None:
    page = Page()
    put_hall(page, mine, now_ms)
    read = Read(text_of(page))
    for visitor_class in VisitorClass:
        waiting = len(hall.queues.get(visitor_class, ()))
        assert read("hall_waiting_visitors", visitor_class=visitor_class.value) == waiting
    for state in CounterState:
        standing = sum(counter.state is state for counter in hall.counters.values())
        never = max(0, in_force(hall).counters - len(hall.counters)) if state is CounterState.CLOSED else 0
        assert read("hall_counters", state=state.value) == standing + never
    for band in Band:
        assert read("hall_day_visits", band=band.value) == hall.visits.get(band, 0)
    alerts = Tally(alert.alert.value for alert in hall.alerts.values())
    assert read.by("hall_alerts", "alert") == dict(alerts)
