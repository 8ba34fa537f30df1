"""Count an event into the totals of the epoch."""

from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Band
from hall_controller.domain.totals import Histogram, Totals


def count(hall: Hall, event: e.Event) -> None:  # noqa: C901, PLR0912 - one case an event
    """After the event was applied."""
    totals = hall.totals
    match event:
        case e.TicketIssued():
            _issued(totals, event.channel, event.visitor_class, event.subject)
        case e.TicketCheckedIn():
            ticket = hall.tickets[event.ticket]
            _issued(totals, ticket.channel, ticket.visitor_class, ticket.subject)
        case e.TicketCalled():
            totals.calls += 1
            if event.first:
                _observe(totals.waits, event.band, event.wait_s)
                _judge_bound(totals, hall.tickets[event.ticket].told_bound_s, event.wait_s)
        case e.TicketRecalled():
            totals.recalls += 1
        case e.ServiceStarted():
            totals.visits[event.band] = totals.visits.get(event.band, 0) + 1
        case e.ServiceFinished():
            _observe(totals.services, event.band, event.service_s)
            whole = not event.left or event.matter not in event.left
            totals.matters_handled += len(event.more) + whole
            totals.matters_left += len(event.left)
        case e.ActUndone():
            totals.undone += 1
            if event.visit_band is not None:
                totals.visits_undone[event.visit_band] = totals.visits_undone.get(event.visit_band, 0) + 1
        case e.TicketNoShow():
            totals.no_shows += 1
        case e.TicketCancelled():
            totals.cancelled[event.reason] = totals.cancelled.get(event.reason, 0) + 1
        case e.TicketRated():
            totals.ratings[event.stars] = totals.ratings.get(event.stars, 0) + 1
            for reason in event.reasons:
                totals.rating_reasons[reason] = totals.rating_reasons.get(reason, 0) + 1
        case e.VisitDiverted():
            totals.diversions[event.way] = totals.diversions.get(event.way, 0) + 1
        case e.MatterAccepted():
            totals.accepted += 1
        case e.ResultHandedOut():
            totals.handed_out += 1
        case _:
            pass


def _issued(totals: Totals, *what: str) -> None:
    key = "/".join(what)
    totals.issued[key] = totals.issued.get(key, 0) + 1


def _judge_bound(totals: Totals, told_bound_s: int | None, wait_s: int) -> None:
    if told_bound_s is None:
        return
    if wait_s <= told_bound_s:
        totals.bounds_held += 1
    else:
        totals.bounds_missed += 1


def _observe(histograms: dict[Band, Histogram], band: Band, seconds: int) -> None:
    histograms.setdefault(band, Histogram()).observe(seconds)
