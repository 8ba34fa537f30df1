"""What an event counts: one row of signed amounts. An undo is a row that takes back another, in its own day and band.

Rows are only ever added. So what a hall had counted up to any event is known for ever, also after it was restored
from a backup. They name no clerk, no device and no number that a visitor held.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from hall_controller.bus.wire import read_event
from hall_controller.domain import events as e
from hall_controller.domain.counter import UndoableAct
from hall_controller.domain.hours import zone
from hall_controller.domain.ticket import Channel, VisitorClass

TIMEZONE = "Asia/Shanghai"
KNOWN_TICKETS = 300
"""So many of a hall's last tickets are kept in memory; of an older one, the database is asked."""


class Row(NamedTuple):
    """In the order of the columns."""

    seq: int
    kind: str
    ticket: int
    """The hall's own count of tickets, which ties an undo to what it takes back."""
    service_day: str
    band: str
    matter: str
    counter: int
    hour: int
    """Of the hall's local time."""
    visitor_class: str
    channel: str
    visits: int = 0
    finished: int = 0
    service_s: int = 0
    waits: int = 0
    wait_s: int = 0

    def undone(self, seq: int) -> "Row":
        amounts = {name: -getattr(self, name) for name in AMOUNTS}
        return self._replace(seq=seq, kind=f"{self.kind}{UNDONE}", **amounts)


AMOUNTS = ("visits", "finished", "service_s", "waits", "wait_s")
UNDONE = "_undone"
UNDOABLE = ("called", "started", "finished")


class Envelope(msgspec.Struct):
    """Of any event, also of a kind that only a newer hall knows."""

    type: str
    epoch: str
    seq: int
    at_ms: int


open_envelope = msgspec.json.Decoder(Envelope).decode


class Ticket:
    """What the ledger must know of a ticket to count what comes."""

    def __init__(self, visitor_class: str = "", channel: str = "") -> None:
        self.visitor_class = visitor_class
        self.channel = channel
        self.last: dict[str, Row] = {}
        """What may be undone, by kind."""

    def remember(self, row: Row) -> None:
        self.visitor_class, self.channel = row.visitor_class, row.channel
        if row.kind in UNDOABLE:
            self.last[row.kind] = row
        elif row.kind.endswith(UNDONE):
            self.last.pop(row.kind.removesuffix(UNDONE), None)


class Counting:
    """One hall's events, in order."""

    def __init__(self, timezone: str, rows_of: Callable[[int], list[Row]]) -> None:
        """`rows_of` finds what was counted of a ticket before."""
        self.timezone = timezone
        self._rows_of = rows_of
        self._tickets: dict[int, Ticket] = {}

    def count(self, body: bytes, envelope: Envelope) -> Row | None:
        """None for an event that counts nothing."""
        if envelope.type not in _HANDLERS:
            return None
        event = read_event(body)
        row: Row | None = _HANDLERS[envelope.type](self, event)
        if row is not None:
            self._ticket(row.ticket).remember(row)
        return row

    def _ticket(self, number: int) -> Ticket:
        ticket = self._tickets.get(number)
        if ticket is None:
            ticket = Ticket()
            for row in self._rows_of(number):
                ticket.remember(row)
            self._keep(number, ticket)
        return ticket

    def _keep(self, number: int, ticket: Ticket) -> None:
        self._tickets[number] = ticket
        if len(self._tickets) > KNOWN_TICKETS:
            del self._tickets[next(iter(self._tickets))]

    def _row(self, kind: str, event: Any, **more: Any) -> Row:
        ticket = self._ticket(event.ticket)
        row = Row(
            seq=event.seq,
            kind=kind,
            ticket=event.ticket,
            service_day=event.service_day,
            band="",
            matter="",
            counter=0,
            hour=dt.datetime.fromtimestamp(event.at_ms / 1000, zone(self.timezone)).hour,
            visitor_class=ticket.visitor_class,
            channel=ticket.channel,
        )
        return row._replace(**more)

    # --- events ----------------------------------------------------------------------------------

    def rules_changed(self, event: e.RulesChanged) -> None:
        self.timezone = event.rules.timezone

    def ticket_issued(self, event: e.TicketIssued) -> Row:
        self._keep(event.ticket, Ticket())
        who = {"visitor_class": event.visitor_class.value, "channel": event.channel.value}
        return self._row("issued", event, matter=event.matter, **who)

    def ticket_booked(self, event: e.TicketBooked) -> Row:
        self._keep(event.ticket, Ticket())
        who = {"visitor_class": VisitorClass.APPOINTMENT.value, "channel": Channel.APPOINTMENT.value}
        return self._row("booked", event, matter=event.matter, **who)

    def ticket_checked_in(self, event: e.TicketCheckedIn) -> Row:
        return self._row("issued", event, visitor_class=event.visitor_class.value)

    def ticket_amended(self, event: e.TicketAmended) -> Row:
        return self._row("amended", event, matter=event.matter, visitor_class=event.visitor_class.value)

    def ticket_called(self, event: e.TicketCalled) -> Row:
        first = int(event.first)
        return self._at_counter("called", event, waits=first, wait_s=first * event.wait_s)

    def service_started(self, event: e.ServiceStarted) -> Row:
        return self._at_counter("started", event, visits=1)

    def service_finished(self, event: e.ServiceFinished) -> Row:
        return self._at_counter("finished", event, finished=1, service_s=event.service_s)

    def _at_counter(self, kind: str, event: Any, **amounts: int) -> Row:
        return self._row(kind, event, band=event.band.value, matter=event.matter, counter=event.counter, **amounts)

    def ticket_no_show(self, event: e.TicketNoShow) -> Row:
        return self._row("no_show", event)

    def ticket_cancelled(self, event: e.TicketCancelled) -> Row:
        return self._row("cancelled", event)

    def act_undone(self, event: e.ActUndone) -> Row | None:
        if event.ticket is None:
            return None
        if event.visit_band is not None:
            kind = "started"
        elif event.act is UndoableAct.FINISH_SERVICE:
            kind = "finished"
        elif event.act.is_call:
            kind = "called"
        else:
            return None
        before = self._ticket(event.ticket).last.get(kind)
        return before.undone(event.seq) if before is not None else None


_HANDLERS: dict[str, Callable[[Counting, Any], Row | None]] = {
    "rules_changed": Counting.rules_changed,
    "ticket_issued": Counting.ticket_issued,
    "ticket_booked": Counting.ticket_booked,
    "ticket_checked_in": Counting.ticket_checked_in,
    "ticket_amended": Counting.ticket_amended,
    "ticket_called": Counting.ticket_called,
    "service_started": Counting.service_started,
    "service_finished": Counting.service_finished,
    "ticket_no_show": Counting.ticket_no_show,
    "ticket_cancelled": Counting.ticket_cancelled,
    "act_undone": Counting.act_undone,
}
"""By type on the wire; any other event moves the ledger's place in the journal and counts nothing."""
