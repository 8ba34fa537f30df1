"""What an account says besides visits: who was spared one, matters, acceptances, papers, ratings, bookings.

A fold beside the account and over the same events, which changes no figure of visits. What was done is counted on its
service day; what is outstanding is told as it was at the end of the period, so what came before the period is fed too.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries, Decision, Delivery, hall_of
from hall_controller.domain.counter import UndoableAct
from hall_controller.domain.decisions.visitors import LOW_STARS
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules
from hall_controller.domain.ticket import VisitorClass
from hall_controller.report.waits import waits_of

BEFORE = (
    e.MatterAccepted, e.AcceptanceWithdrawn, e.DocumentsSupplied, e.ResultReported, e.ResultHandedOut,
    e.ConsignmentSent, e.ConsignmentAnnounced, e.ConsignmentReceived, e.ConsignmentConfirmed, e.TicketBooked,
    e.TicketRebooked, e.TicketCheckedIn,
)  # fmt: skip
"""Events that matter long after their day: what they began may not have ended."""


class _Open(NamedTuple):
    """An acceptance of this hall whose result was not handed out."""

    outstanding: bool
    due_day: str | None
    ready: bool = False


class _Wait(NamedTuple):
    who: str
    seconds: int


class _List(NamedTuple):
    """A consignment from here or to here."""

    due_ms: int | None
    under_way: bool


class Besides:
    """Fed by `make_report`: every event that the account is given."""

    def __init__(self, period: str) -> None:
        self._period = period
        self._rules: Rules | None = None
        self._diverted: dict[str, dict[str, int]] = {}
        """By matter and way."""
        self._matters = {"handled": 0, "left": 0, "bundles": 0}
        self._finished: dict[int, e.ServiceFinished] = {}
        self._acceptances = dict.fromkeys(
            ("accepted", "on_credit", "withdrawn", "supplied", "granted", "rejected", "handed_out", "delivered"), 0
        )
        self._papers = {"sent": 0, "received": 0}
        self._open: dict[str, _Open] = {}
        self._lists: dict[str, _List] = {}
        self._received: dict[str, set[str]] = {}
        """What was scanned here of each list,"""
        self._is_first = False
        """and whether it was the first time."""
        self._stars = {str(stars): 0 for stars in range(1, 6)}
        self._reasons: dict[str, int] = {}
        self._low: list[dict[str, Any]] = []
        self._bookings = dict.fromkeys(("booked", "cancelled", "came", "on_time", "late", "no_show"), 0)
        self._slots: dict[int, int] = {}
        """The booked moment of each booking."""
        self._checked_in: dict[int, tuple[int, str]] = {}
        self._waits: dict[int, _Wait] = {}
        self._last_ms = 0
        self._last_day = ""

    def add(self, event: e.Event) -> None:
        if isinstance(event, e.RulesChanged):
            self._rules = event.rules
        if event.service_day[: len(self._period)] > self._period:
            return
        level = _LEVELS.get(type(event))
        if level is not None:
            level(self, event)
        if event.service_day.startswith(self._period):
            self._last_ms, self._last_day = event.at_ms, event.service_day
            handler = _HANDLERS.get(type(event))
            if handler is not None:
                handler(self, event)

    # --- what is outstanding ---------------------------------------------------------------------

    def opened(self, event: e.MatterAccepted) -> None:
        self._open[event.receipt] = _Open(bool(event.outstanding_zh), event.documents_due_day)

    def closed(self, event: e.AcceptanceWithdrawn | e.ResultHandedOut) -> None:
        self._open.pop(event.receipt, None)

    def completed(self, event: e.DocumentsSupplied) -> None:
        if event.receipt in self._open:
            self._open[event.receipt] = self._open[event.receipt]._replace(outstanding=bool(event.outstanding_zh))

    def decided(self, event: e.ResultReported) -> None:
        if event.delivery is not Delivery.WINDOW:
            self._open.pop(event.receipt, None)
        elif event.ready and event.receipt in self._open:
            self._open[event.receipt] = self._open[event.receipt]._replace(ready=True)

    def on_the_way(self, event: e.ConsignmentSent | e.ConsignmentAnnounced) -> None:
        known = self._lists.get(event.consignment)
        self._lists[event.consignment] = _List(event.due_ms, under_way=True)
        if known is not None:
            # It came before its announcement, which tells what is missing.
            received = self._received.get(event.consignment, set())
            self._lists[event.consignment] = _List(event.due_ms, not received.issuperset(event.receipts))

    def arrived(self, event: e.ConsignmentReceived | e.ConsignmentConfirmed) -> None:
        known = self._lists.get(event.consignment)
        self._lists[event.consignment] = _List(known.due_ms if known else None, under_way=bool(event.missing))
        if isinstance(event, e.ConsignmentReceived):
            self._is_first = event.consignment not in self._received
            self._received[event.consignment] = set(event.receipts)
            for receipt in event.receipts if event.carries is Carries.RESULTS else ():
                if receipt in self._open:
                    self._open[receipt] = self._open[receipt]._replace(ready=True)

    # --- what was done ---------------------------------------------------------------------------

    def diverted(self, event: e.VisitDiverted) -> None:
        ways = self._diverted.setdefault(event.matter, {})
        ways[event.way] = ways.get(event.way, 0) + 1

    def finished(self, event: e.ServiceFinished) -> None:
        self._finished[event.ticket] = event
        self._handled(event, 1)

    def _handled(self, event: e.ServiceFinished, sign: int) -> None:
        first = event.matter not in event.left
        self._matters["handled"] += sign * (len(event.more) + first)
        self._matters["left"] += sign * len(event.left)
        self._matters["bundles"] += sign * (len({event.matter, *event.more, *event.left}) > 1)

    def undone(self, event: e.ActUndone) -> None:
        if event.ticket is None:
            return
        if event.act is UndoableAct.FINISH_SERVICE:
            self._handled(self._finished.pop(event.ticket), -1)
        elif event.act.is_call:
            self._waits.pop(event.ticket, None)

    def accepted(self, event: e.MatterAccepted) -> None:
        self._acceptances["accepted"] += 1
        self._acceptances["on_credit"] += bool(event.outstanding_zh)

    def withdrawn(self, _: e.AcceptanceWithdrawn) -> None:
        self._acceptances["withdrawn"] += 1

    def supplied(self, event: e.DocumentsSupplied) -> None:
        self._acceptances["supplied"] += not event.outstanding_zh

    def reported(self, event: e.ResultReported) -> None:
        self._acceptances["granted" if event.decision is Decision.GRANTED else "rejected"] += 1
        own = self._rules is not None and hall_of(event.receipt) == self._rules.hall
        self._acceptances["delivered"] += own and event.delivery is not Delivery.WINDOW

    def handed_out(self, _: e.ResultHandedOut) -> None:
        self._acceptances["handed_out"] += 1

    def sent(self, _: e.ConsignmentSent) -> None:
        self._papers["sent"] += 1

    def received(self, _: e.ConsignmentReceived) -> None:
        self._papers["received"] += self._is_first

    def rated(self, event: e.TicketRated) -> None:
        self._stars[str(event.stars)] += 1
        for reason in event.reasons:
            self._reasons[reason] = self._reasons.get(reason, 0) + 1
        if event.stars <= LOW_STARS:
            self._low.append(
                {
                    "day": event.service_day,
                    "time": f"{local(self._rules, event.at_ms):%H:%M}" if self._rules else "",
                    "stars": event.stars,
                    "number": event.number,
                    "matter": event.matter,
                    "counter": event.counter,
                    "clerk": event.clerk,
                    "reasons": [str(reason) for reason in event.reasons],
                    "comment": event.comment,
                }
            )

    def booked(self, _: e.TicketBooked) -> None:
        self._bookings["booked"] += 1

    def knows_slot(self, event: e.TicketBooked | e.TicketRebooked) -> None:
        self._slots[event.ticket] = event.slot_at_ms

    def checked_in(self, event: e.TicketCheckedIn) -> None:
        how = "on_time" if event.visitor_class is VisitorClass.APPOINTMENT else "late"
        self._checked_in[event.ticket] = (event.at_ms, how)

    def came(self, event: e.TicketCheckedIn) -> None:
        self._bookings["came"] += 1
        self._bookings[self._checked_in[event.ticket][1]] += 1

    def no_show(self, event: e.TicketNoShow) -> None:
        self._bookings["no_show"] += event.number is None

    def cancelled(self, event: e.TicketCancelled) -> None:
        self._bookings["cancelled"] += event.number is None

    def called(self, event: e.TicketCalled) -> None:
        """A booked visitor waits from the booked moment on, or from check-in, if that was later."""
        if not event.first:
            return
        at_ms, how = self._checked_in.get(event.ticket, (None, "walk_in"))
        wait_s = event.wait_s
        if at_ms is not None:
            since_ms = max(at_ms, self._slots.get(event.ticket, at_ms))
            wait_s = max(0, event.at_ms - since_ms) // 1000
        self._waits[event.ticket] = _Wait(how, wait_s)

    # --- the outcome -----------------------------------------------------------------------------

    def made(self) -> dict[str, Any]:
        waits = {who: [one.seconds for one in self._waits.values() if one.who == who] for who in WAITED}
        counts = {key: count for key, count in self._stars.items() if count}
        return {
            "diversions": {
                "total": sum(sum(ways.values()) for ways in self._diverted.values()),
                "way": _summed(self._diverted),
                "matter": {code: dict(sorted(ways.items())) for code, ways in sorted(self._diverted.items())},
            },
            "matters": self._matters,
            "acceptances": self._acceptances | self._outstanding(),
            "papers": self._papers | self._under_way(),
            "ratings": {
                "count": sum(counts.values()),
                "stars": self._stars,
                "reasons": dict(sorted(self._reasons.items(), key=lambda one: (-one[1], one[0]))),
                "low": self._low,
            },
            "bookings": self._bookings | {"waits": {who: waits_of(found) for who, found in waits.items()}},
        }

    def _outstanding(self) -> dict[str, int]:
        late = [one for one in self._open.values() if one.outstanding and one.due_day and one.due_day < self._last_day]
        return {
            "documents_outstanding": sum(one.outstanding for one in self._open.values()),
            "documents_overdue": len(late),
            "results_ready": sum(one.ready for one in self._open.values()),
        }

    def _under_way(self) -> dict[str, int]:
        under_way = [one for one in self._lists.values() if one.under_way]
        late = [one for one in under_way if one.due_ms is not None and one.due_ms < self._last_ms]
        return {"under_way": len(under_way), "overdue": len(late)}


WAITED = ("on_time", "late", "walk_in")
"""Who waited: booked and on time, booked and late, without a booking."""


def _summed(rows: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in rows.values():
        for key, count in row.items():
            total[key] = total.get(key, 0) + count
    return dict(sorted(total.items(), key=lambda one: (-one[1], one[0])))


_LEVELS: dict[type[e.Event], Callable[[Besides, Any], None]] = {
    e.MatterAccepted: Besides.opened,
    e.AcceptanceWithdrawn: Besides.closed,
    e.ResultHandedOut: Besides.closed,
    e.DocumentsSupplied: Besides.completed,
    e.ResultReported: Besides.decided,
    e.ConsignmentSent: Besides.on_the_way,
    e.ConsignmentAnnounced: Besides.on_the_way,
    e.ConsignmentReceived: Besides.arrived,
    e.ConsignmentConfirmed: Besides.arrived,
    e.TicketBooked: Besides.knows_slot,
    e.TicketRebooked: Besides.knows_slot,
    e.TicketCheckedIn: Besides.checked_in,
}
_HANDLERS: dict[type[e.Event], Callable[[Besides, Any], None]] = {
    e.VisitDiverted: Besides.diverted,
    e.ServiceFinished: Besides.finished,
    e.ActUndone: Besides.undone,
    e.MatterAccepted: Besides.accepted,
    e.AcceptanceWithdrawn: Besides.withdrawn,
    e.DocumentsSupplied: Besides.supplied,
    e.ResultReported: Besides.reported,
    e.ResultHandedOut: Besides.handed_out,
    e.ConsignmentSent: Besides.sent,
    e.ConsignmentReceived: Besides.received,
    e.TicketRated: Besides.rated,
    e.TicketBooked: Besides.booked,
    e.TicketCheckedIn: Besides.came,
    e.TicketNoShow: Besides.no_show,
    e.TicketCancelled: Besides.cancelled,
    e.TicketCalled: Besides.called,
}
