"""evolve(hall, event): apply what has happened. No I/O, no clock, no rule: the event says it all.

Every handler may rely on the event having been decided against this very state.
"""

from collections.abc import Callable
from typing import Any

from hall_controller.domain import events as e
from hall_controller.domain.evolutions import (
    acceptances,
    alerting,
    changing,
    counters,
    learning,
    premises,
    services,
    tickets,
    totals,
)
from hall_controller.domain.hall import Hall


def evolve(hall: Hall, event: e.Event) -> None:
    """Bring the hall forward by one event. Raises ValueError when the event is not the next one."""
    if event.seq != hall.seq + 1:
        raise ValueError(f"event {event.seq} does not follow {hall.seq}")
    learning.learn_from(hall, event)  # before the event is applied: it is learned from how things were
    alerting.follow(hall, event)
    seen = changing.look(hall, event)
    _HANDLERS[type(event)](hall, event)
    changing.note(hall, event, seen)
    totals.count(hall, event)
    hall.seq = event.seq
    hall.at_ms = event.at_ms


_HANDLERS: dict[type[e.Event], Callable[[Hall, Any], None]] = {
    e.EpochStarted: premises.epoch_started,
    e.RulesChanged: premises.rules_changed,
    e.CatalogueChanged: premises.catalogue_changed,
    e.DayStarted: premises.day_started,
    e.OpeningStarted: premises.opening_started,
    e.OpeningEnded: premises.opening_ended,
    e.LunchStarted: premises.lunch_started,
    e.AnnouncementMade: premises.announcement_made,
    e.HallClosed: premises.hall_closed,
    e.IssuingStopped: premises.issuing_stopped,
    e.IssuingResumed: premises.issuing_resumed,
    e.PolicySet: premises.policy_set,
    e.ModeSet: premises.mode_set,
    e.NoticeSet: premises.notice_set,
    e.HoursExtended: premises.hours_extended,
    e.RosterSet: premises.roster_set,
    e.ClockStepped: premises.clock_stepped,
    e.DeviceReported: premises.device_reported,
    e.AlertRaised: alerting.alert_raised,
    e.AlertCleared: alerting.alert_cleared,
    e.TicketIssued: tickets.ticket_issued,
    e.TicketBooked: tickets.ticket_booked,
    e.TicketRebooked: tickets.ticket_rebooked,
    e.TicketCheckedIn: tickets.ticket_checked_in,
    e.TicketPrinted: tickets.claimed,
    e.TicketAcknowledged: tickets.claimed,
    e.TicketPrintFailed: tickets.ticket_print_failed,
    e.TicketUnclaimed: tickets.ticket_unclaimed,
    e.TicketReprintRequested: tickets.ticket_reprint_requested,
    e.DocumentsRequested: premises.nothing_changed,
    e.TicketAmended: tickets.ticket_amended,
    e.TicketCalled: tickets.ticket_called,
    e.TicketRecalled: tickets.ticket_recalled,
    e.TicketMissed: tickets.ticket_missed,
    e.TicketReturned: tickets.ticket_returned,
    e.TicketNoShow: tickets.ticket_no_show,
    e.TicketTransferred: tickets.ticket_transferred,
    e.TicketAssigned: tickets.ticket_assigned,
    e.TicketCancelled: tickets.ticket_cancelled,
    e.TicketRated: tickets.ticket_rated,
    e.ServiceStarted: services.service_started,
    e.ServiceResumed: services.service_resumed,
    e.ServiceHeld: services.service_held,
    e.ServiceFinished: services.service_finished,
    e.CounterOpened: counters.counter_opened,
    e.CounterClosed: counters.counter_closed,
    e.CounterPaused: counters.counter_paused,
    e.CounterPausePlanned: counters.counter_pause_planned,
    e.CounterResumed: counters.counter_resumed,
    e.WrapUpEnded: counters.wrap_up_ended,
    e.CounterHandedOver: counters.counter_handed_over,
    e.CounterTakenOver: counters.counter_taken_over,
    e.CounterNarrowed: counters.counter_narrowed,
    e.ActUndone: counters.act_undone,
    e.MatterHandled: services.matter_handled,
    e.VisitDiverted: premises.nothing_changed,
    e.MatterAccepted: acceptances.matter_accepted,
    e.AcceptanceWithdrawn: acceptances.acceptance_withdrawn,
    e.PapersReprintRequested: acceptances.papers_reprint_requested,
    e.DocumentsSupplied: acceptances.documents_supplied,
    e.DocumentsDue: acceptances.documents_due,
    e.ConsignmentSent: acceptances.consignment_sent,
    e.ConsignmentAnnounced: acceptances.consignment_announced,
    e.ConsignmentReceived: acceptances.consignment_received,
    e.ConsignmentConfirmed: acceptances.consignment_confirmed,
    e.ResultReported: acceptances.result_reported,
    e.ResultHandedOut: acceptances.result_handed_out,
}
