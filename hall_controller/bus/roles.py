"""Who may send what: the role table, checked for each message against its authenticated sender."""

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.sender import Role, Sender

READS: frozenset[type] = frozenset({wire.Snapshot, wire.EventsSince, wire.Status, wire.Matters})
"""What every role may ask."""

_AT_ITS_COUNTER = {
    c.OpenCounter, c.CloseCounter, c.PauseCounter, c.ResumeCounter, c.HandOverCounter, c.CallNext, c.CallTicket,
    c.Recall, c.StartService, c.FinishService, c.EndWrapUp, c.Missed, c.Hold, c.ResumeTicket, c.Transfer,
    c.ServeUnticketed, c.Undo, c.NarrowCounter, c.HandleMatter, c.AcceptMatter, c.HandOut,
}  # fmt: skip
_PAPERS = {
    c.WithdrawAcceptance, c.SupplyDocuments, c.SendConsignment, c.ReceiveConsignment, c.ReportResult,
    c.ReprintPapers,
}  # fmt: skip
_DEVICE = {c.ReportDevice}

ROLES: dict[Role, frozenset[type]] = {
    Role.KIOSK: READS
    | {c.IssueTicket, c.AcknowledgeTicket, c.BookTicket, c.CheckIn, c.CancelTicket, c.PrintDocuments}
    | {c.Divert}
    | _DEVICE,
    Role.RECEPTION: READS
    | {c.IssueTicket, c.BookTicket, c.CheckIn, c.ReprintTicket, c.CancelTicket, c.AmendTicket, c.ReturnToQueue}
    | {c.RebookTicket, c.AcknowledgeTicket, c.PrintDocuments, c.Divert, wire.TicketStatus}
    | _PAPERS
    | _DEVICE,
    Role.COUNTER: READS
    | _AT_ITS_COUNTER
    | _PAPERS
    | {c.ReturnToQueue, c.AmendTicket, c.ReprintTicket, wire.Credit}
    | _DEVICE,
    Role.PRINTER: READS | {c.ReportPrint, wire.TicketStatus} | _DEVICE,
    Role.BOARD: READS | {c.Rate, c.RebookTicket, wire.TicketStatus} | _DEVICE,
    Role.VOICE: READS | _DEVICE,
    Role.MANAGER: READS | frozenset(c.EXTERNAL) | {wire.TicketStatus, wire.Credit},
    Role.GATEWAY: READS | {c.BookTicket, c.RebookTicket, c.CheckIn, c.CancelTicket, c.Rate, wire.TicketStatus},
    Role.DISTRICT: READS | {c.AnnounceConsignment, c.ConfirmConsignment, c.ReportResult},
}


def check_role(sender: Sender, request: wire.Request) -> Refusal | None:
    """A refusal when this sender may not send this request."""
    kind = type(request)
    name = str(kind.__struct_config__.tag)
    if kind not in ROLES[sender.role]:
        return Refusal(Code.NOT_ALLOWED, f"A {sender.role} may not send {name}.", "type")
    if sender.role is Role.COUNTER and isinstance(request, c.AtCounter) and request.counter != sender.counter:
        message = f"{sender.name} speaks for counter {sender.counter} only, not for {request.counter}."
        return Refusal(Code.NOT_ALLOWED, message, "counter")
    by_token = sender.role is Role.GATEWAY or (sender.role is Role.BOARD and kind in (c.Rate, c.RebookTicket))
    if by_token and getattr(request, "ticket", None) is not None:
        return Refusal(Code.NOT_ALLOWED, f"A {sender.role} names a ticket by its token.", "ticket")
    return None
