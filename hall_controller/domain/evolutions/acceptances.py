"""Events of acceptances and of the papers that travel for them."""

from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.acceptance import (
    Acceptance,
    AcceptanceState,
    Carries,
    Consignment,
    ConsignmentState,
    Delivery,
    hall_of,
    is_under_way,
)
from hall_controller.domain.hall import Hall, in_force

KEPT_MS = 30 * 86_400_000
"""A consignment that has arrived whole is known so long: its list may be scanned again."""


def matter_accepted(hall: Hall, event: e.MatterAccepted) -> None:
    hall.receipts += 1
    hall.acceptances[event.receipt] = Acceptance(
        receipt=event.receipt,
        matter=event.matter,
        department=event.department,
        state=AcceptanceState.ACCEPTED,
        accepted_at_ms=event.at_ms,
        ticket=event.ticket,
        number=event.number,
        catalogue_version=event.catalogue_version,
        counter=event.counter,
        clerk=event.clerk,
        route=event.route,
        to_hall=event.to_hall,
        rating=event.rating,
        outstanding_zh=event.outstanding_zh,
        outstanding_en=event.outstanding_en,
        documents_due_day=event.documents_due_day,
        result_due_day=event.result_due_day,
    )


def acceptance_withdrawn(hall: Hall, event: e.AcceptanceWithdrawn) -> None:
    del hall.acceptances[event.receipt]


def papers_reprint_requested(hall: Hall, event: e.PapersReprintRequested) -> None:
    if event.receipt is not None:
        _change(hall, event.receipt, copies=event.copy)
    else:
        name = event.consignment or ""
        hall.consignments[name] = replace(hall.consignments[name], copies=event.copy)


def documents_supplied(hall: Hall, event: e.DocumentsSupplied) -> None:
    _change(hall, event.receipt, outstanding_zh=event.outstanding_zh, outstanding_en=event.outstanding_en)
    if event.result_due_day is not None:
        _change(hall, event.receipt, result_due_day=event.result_due_day)


def documents_due(hall: Hall, event: e.DocumentsDue) -> None:
    _change(hall, event.receipt, reminded=True)


def result_reported(hall: Hall, event: e.ResultReported) -> None:
    if event.delivery is not Delivery.WINDOW:
        del hall.acceptances[event.receipt]
        return
    state = AcceptanceState.READY if event.ready else AcceptanceState.DECIDED
    _change(hall, event.receipt, state=state, decision=event.decision)


def result_handed_out(hall: Hall, event: e.ResultHandedOut) -> None:
    del hall.acceptances[event.receipt]


def consignment_sent(hall: Hall, event: e.ConsignmentSent) -> None:
    hall.consignments_sent += 1
    for receipt in event.receipts:
        _change(hall, receipt, state=AcceptanceState.SENT, consignment=event.consignment)
    hall.consignments[event.consignment] = Consignment(
        consignment=event.consignment,
        from_hall=in_force(hall).hall,
        to_hall=event.to_hall,
        carries=event.carries,
        receipts=event.receipts,
        matters=event.matters,
        state=ConsignmentState.SENT,
        sent_at_ms=event.at_ms,
        due_ms=event.due_ms,
        decisions=event.decisions,
    )


def consignment_announced(hall: Hall, event: e.ConsignmentAnnounced) -> None:
    """It may have come before its announcement: then only what is missing is learned."""
    known = hall.consignments.get(event.consignment)
    told = Consignment(
        consignment=event.consignment,
        from_hall=event.from_hall,
        to_hall=in_force(hall).hall,
        carries=event.carries,
        receipts=event.receipts,
        matters=event.matters,
        state=ConsignmentState.ANNOUNCED,
        sent_at_ms=event.sent_at_ms,
        due_ms=event.due_ms,
        decisions=event.decisions,
    )
    if known is not None:
        unlisted = tuple(one for one in known.receipts if one not in event.receipts)
        told = replace(
            told,
            receipts=(*event.receipts, *unlisted),
            missing=tuple(one for one in event.receipts if one not in known.receipts),
            state=known.state,
            received_at_ms=known.received_at_ms,
        )
    hall.consignments[event.consignment] = told
    _learn(hall, told)


def _learn(hall: Hall, consignment: Consignment) -> None:
    """What only the announcement says: what another hall's acceptances are about, what was decided of this hall's."""
    for receipt, matter in zip(consignment.receipts, consignment.matters, strict=False):
        if receipt in hall.acceptances and not hall.acceptances[receipt].matter:
            _change(hall, receipt, matter=matter)
    for receipt, decision in zip(consignment.receipts, consignment.decisions, strict=False):
        if receipt in hall.acceptances and hall_of(receipt) == in_force(hall).hall:
            _change(hall, receipt, decision=decision)


def consignment_received(hall: Hall, event: e.ConsignmentReceived) -> None:
    known = hall.consignments.get(event.consignment) or Consignment(
        consignment=event.consignment,
        from_hall=event.from_hall,
        to_hall=in_force(hall).hall,
        carries=event.carries,
        receipts=(),
        state=ConsignmentState.RECEIVED,
    )
    hall.consignments[event.consignment] = replace(
        known,
        receipts=(*known.receipts, *(one for one in event.receipts if one not in known.receipts)),
        missing=event.missing,
        state=ConsignmentState.RECEIVED,
        received_at_ms=event.at_ms,
    )
    for receipt in event.receipts:
        if event.carries is Carries.RESULTS:
            if receipt in hall.acceptances:
                _change(hall, receipt, state=AcceptanceState.READY, consignment=event.consignment)
        elif receipt not in hall.acceptances:
            hall.acceptances[receipt] = Acceptance(
                receipt=receipt,
                matter="",
                department="",
                state=AcceptanceState.RECEIVED,
                accepted_at_ms=event.at_ms,
                from_hall=hall_of(receipt),
                consignment=event.consignment,
            )
    _learn(hall, hall.consignments[event.consignment])


def consignment_confirmed(hall: Hall, event: e.ConsignmentConfirmed) -> None:
    """Papers of this hall's acceptances are now where they are decided; a result that was sent back is settled."""
    known = hall.consignments[event.consignment]
    for receipt in event.receipts:
        if known.carries is Carries.RESULTS:
            hall.acceptances.pop(receipt, None)
        elif receipt in hall.acceptances and hall.acceptances[receipt].state is AcceptanceState.SENT:
            _change(hall, receipt, state=AcceptanceState.RECEIVED)
    hall.consignments[event.consignment] = replace(
        known, missing=event.missing, state=ConsignmentState.RECEIVED, received_at_ms=event.at_ms
    )


def forget_old(hall: Hall, at_ms: int) -> None:
    """When a day begins."""
    hall.consignments = {
        name: one
        for name, one in hall.consignments.items()
        if is_under_way(one) or (one.received_at_ms or at_ms) > at_ms - KEPT_MS
    }


def _change(hall: Hall, receipt: str, **fields: object) -> None:
    hall.acceptances[receipt] = replace(hall.acceptances[receipt], **fields)
