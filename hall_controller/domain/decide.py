"""decide(hall, command, moment) -> events or a refusal. Pure: it reads the hall and changes nothing."""

from collections.abc import Callable
from typing import Any

from hall_controller.domain import commands as c
from hall_controller.domain.decisions import (
    acceptances,
    bookings,
    cataloguing,
    clerks,
    consignments,
    counters,
    management,
    passing,
    visitors,
)
from hall_controller.domain.decisions.common import Moment, Refuse
from hall_controller.domain.decisions.staleness import stale
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Refusal

Decision = Callable[[Hall, Any, Moment], list[Event]]

DECISIONS: dict[type[c.Command], Decision] = {
    c.IssueTicket: visitors.issue_ticket,
    c.AcknowledgeTicket: visitors.acknowledge_ticket,
    c.BookTicket: bookings.book_ticket,
    c.RebookTicket: bookings.rebook_ticket,
    c.CheckIn: bookings.check_in,
    c.CancelTicket: visitors.cancel_ticket,
    c.ReprintTicket: visitors.reprint_ticket,
    c.AmendTicket: visitors.amend_ticket,
    c.ReturnToQueue: visitors.return_to_queue,
    c.Rate: visitors.rate,
    c.Divert: visitors.divert,
    c.PrintDocuments: visitors.print_documents,
    c.ReportPrint: visitors.report_print,
    c.OpenCounter: counters.open_,
    c.CloseCounter: counters.close,
    c.PauseCounter: counters.pause,
    c.ResumeCounter: counters.resume,
    c.HandOverCounter: counters.hand_over,
    c.NarrowCounter: counters.narrow,
    c.HandleMatter: clerks.handle_matter,
    c.AcceptMatter: acceptances.accept_matter,
    c.WithdrawAcceptance: acceptances.withdraw_acceptance,
    c.ReprintPapers: acceptances.reprint_papers,
    c.SupplyDocuments: acceptances.supply_documents,
    c.ReportResult: acceptances.report_result,
    c.HandOut: acceptances.hand_out,
    c.SendConsignment: consignments.send_consignment,
    c.ReceiveConsignment: consignments.receive_consignment,
    c.AnnounceConsignment: consignments.announce_consignment,
    c.ConfirmConsignment: consignments.confirm_consignment,
    c.CallNext: clerks.call_next,
    c.CallTicket: clerks.call_ticket,
    c.Recall: clerks.recall,
    c.StartService: clerks.start_service,
    c.FinishService: clerks.finish_service,
    c.EndWrapUp: clerks.end_wrap_up,
    c.Missed: clerks.missed,
    c.Hold: clerks.hold,
    c.ResumeTicket: clerks.resume_ticket,
    c.Transfer: clerks.transfer,
    c.ServeUnticketed: clerks.serve_unticketed,
    c.Undo: clerks.undo,
    c.TakeOverCounter: management.take_over_counter,
    c.AssignTicket: management.assign_ticket,
    c.SetNotice: management.set_notice,
    c.ExtendHours: management.extend_hours,
    c.SetRoster: management.set_roster,
    c.StopIssuing: management.stop_issuing,
    c.ResumeIssuing: management.resume_issuing,
    c.SetPolicy: management.set_policy,
    c.SetMode: management.set_mode,
    c.CloseHall: management.close_hall,
    c.AcceptClock: management.accept_clock,
    c.AdvanceClock: management.accept_clock,
    c.ReportDevice: management.report_device,
    c.Tick: passing.tick,
    c.ChangeRules: passing.change_rules,
    c.ImportCatalogue: cataloguing.import_catalogue,
    c.ChangeCatalogue: cataloguing.change_catalogue,
    c.StepClock: passing.step_clock,
}


def decide(hall: Hall, command: c.Command, moment: Moment) -> list[Event] | Refusal:
    """What a command leads to: events for `evolve`, none when there is nothing to do, or a refusal."""
    if (refusal := stale(hall, command, moment)) is not None:
        return refusal
    try:
        events = DECISIONS[type(command)](hall, command, moment)
    except Refuse as refused:
        return refused.refusal
    return _stamped(hall, events, moment, command.why)


def assign(hall: Hall, moment: Moment) -> list[Event]:
    """The next call that push mode owes a ready counter; ask again after `evolve` until there is none."""
    event = passing.assign(hall, moment)
    return _stamped(hall, [event], moment, None) if event else []


def _stamped(hall: Hall, events: list[Event], moment: Moment, why: str | None) -> list[Event]:
    for seq, event in enumerate(events, hall.seq + 1):
        event.epoch = hall.epoch
        event.seq = seq
        event.at_ms = moment.at_ms
        event.service_day = event.service_day or hall.service_day
        event.by = moment.by.name
        event.why = why
    return events
