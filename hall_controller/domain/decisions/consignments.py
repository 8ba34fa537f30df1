"""Commands about papers between halls: sent, announced, received, confirmed.

Each hall can go on alone: a consignment is received by what was scanned, announced or not, and the district passes on
what it learns whenever the two can be reached.
"""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Acceptance, AcceptanceState, Carries, ConsignmentState, Decision, hall_of
from hall_controller.domain.decisions.acceptances import find_acceptance, numbered
from hall_controller.domain.decisions.common import Moment, refuse
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, moment_ms, workday_after
from hall_controller.domain.refusal import Code

Events = list[e.Event]


def send_consignment(hall: Hall, command: c.SendConsignment, moment: Moment) -> Events:
    rules = in_force(hall)
    if command.to_hall == rules.hall:
        refuse(Code.MALFORMED, f"to_hall is this hall, {rules.hall}; nothing need be sent.", "to_hall")
    receipts = tuple(dict.fromkeys(command.receipts))
    for receipt in receipts:
        _must_travel(find_acceptance(hall, receipt, "receipts"), command)
    now = local(rules, moment.at_ms)
    due_day = workday_after(rules, now.date(), rules.acceptance.consignment_due_days)
    return [
        e.ConsignmentSent(
            consignment=numbered(hall, f"C{hall.consignments_sent + 1:02}"),
            to_hall=command.to_hall,
            carries=command.carries,
            receipts=receipts,
            matters=tuple(hall.acceptances[receipt].matter for receipt in receipts),
            due_ms=moment_ms(rules, due_day, now.time().replace(second=0, microsecond=0)),
            kiosk=command.print_at,
            decisions=_decisions(hall, receipts) if command.carries is Carries.RESULTS else (),
        )
    ]


def _decisions(hall: Hall, receipts: tuple[str, ...]) -> tuple[Decision, ...]:
    """So that the hall that hands them out can say it without opening an envelope."""
    return tuple(one for one in (hall.acceptances[receipt].decision for receipt in receipts) if one is not None)


def _must_travel(found: Acceptance, command: c.SendConsignment) -> None:
    if command.carries is Carries.MATERIALS:
        fits = found.state is AcceptanceState.ACCEPTED and not found.from_hall
        wanted = "an acceptance of this hall that is not decided"
    else:
        fits = found.state is AcceptanceState.DECIDED and found.from_hall == command.to_hall
        wanted = f"one of hall {command.to_hall} that is decided here"
    if not fits:
        refuse(Code.WRONG_STATE, f"Receipt {found.receipt} is {found.state}, not {wanted}.", "receipts")


def receive_consignment(hall: Hall, command: c.ReceiveConsignment, moment: Moment) -> Events:
    """What was scanned before counts too: a paper that was missing may be found and scanned later."""
    del moment
    from_hall = _from_elsewhere(hall, command.consignment)
    scanned = tuple(dict.fromkeys(command.receipts))
    for receipt in scanned:
        _must_arrive(hall, receipt, from_hall, command.carries)
    known = hall.consignments.get(command.consignment)
    if known is not None and known.carries is not command.carries:
        refuse(Code.WRONG_STATE, f"{known.consignment} carries {known.carries}; look at the list.", "carries")
    if known is None and not scanned:
        refuse(Code.MALFORMED, "Nothing was scanned, and the list is not known here; scan the receipts.", "receipts")
    arrived = known is not None and known.state is ConsignmentState.RECEIVED
    before = tuple(one for one in known.receipts if one not in known.missing) if known and arrived else ()
    scanned = tuple(dict.fromkeys((*before, *scanned)))
    if arrived and scanned == before:
        return []
    return [
        e.ConsignmentReceived(
            consignment=command.consignment,
            from_hall=from_hall,
            carries=command.carries,
            receipts=scanned,
            missing=tuple(one for one in known.receipts if one not in scanned) if known else (),
        )
    ]


def _from_elsewhere(hall: Hall, consignment: str) -> str:
    from_hall = hall_of(consignment)
    if from_hall == in_force(hall).hall:
        refuse(Code.WRONG_STATE, f"{consignment} was sent from here; the other hall receives it.", "consignment")
    return from_hall


def _must_arrive(hall: Hall, receipt: str, from_hall: str, carries: Carries) -> None:
    _must_fit(hall, receipt, from_hall, carries)
    if carries is Carries.RESULTS:
        find_acceptance(hall, receipt, "receipts")


def _must_fit(hall: Hall, receipt: str, from_hall: str, carries: Carries) -> None:
    """Materials are of acceptances of the hall that sends them; a result is of one of this hall's."""
    own = hall_of(receipt) == in_force(hall).hall
    if own is not (carries is Carries.RESULTS):
        message = f"Receipt {receipt} is of {'this' if own else 'another'} hall: it is not among {carries}."
        refuse(Code.WRONG_STATE, message, "receipts")
    if not own and hall_of(receipt) != from_hall:
        refuse(Code.WRONG_STATE, f"Receipt {receipt} is not of hall {from_hall}, which has sent this.", "receipts")


def announce_consignment(hall: Hall, command: c.AnnounceConsignment, moment: Moment) -> Events:
    del moment
    from_hall = _from_elsewhere(hall, command.consignment)
    known = hall.consignments.get(command.consignment)
    if known is not None and known.sent_at_ms is not None:
        return []
    if known is not None and known.carries is not command.carries:
        refuse(
            Code.WRONG_STATE, f"{known.consignment} came here with {known.carries}; ask hall {from_hall}.", "carries"
        )
    for receipt in command.receipts:
        _must_fit(hall, receipt, from_hall, command.carries)
    if len(set(command.receipts)) != len(command.receipts):
        refuse(Code.MALFORMED, "receipts holds one twice; name each once.", "receipts")
    if command.matters and len(command.matters) != len(command.receipts):
        refuse(Code.MALFORMED, "matters is not as long as receipts; give one for each, or none.", "matters")
    if command.decisions and len(command.decisions) != len(command.receipts):
        refuse(Code.MALFORMED, "decisions is not as long as receipts; give one for each, or none.", "decisions")
    if command.decisions and command.carries is not Carries.RESULTS:
        refuse(Code.MALFORMED, f"decisions are of results, and this carries {command.carries}; give none.", "decisions")
    announced = e.ConsignmentAnnounced(
        consignment=command.consignment,
        from_hall=from_hall,
        carries=command.carries,
        receipts=command.receipts,
        matters=command.matters,
        sent_at_ms=command.sent_at_ms,
        due_ms=command.due_ms,
        decisions=command.decisions,
    )
    return [announced]


def confirm_consignment(hall: Hall, command: c.ConfirmConsignment, moment: Moment) -> Events:
    del moment
    known = hall.consignments.get(command.consignment)
    if known is None:
        return []  # It was confirmed whole, and is no longer kept.
    if known.from_hall != in_force(hall).hall:
        refuse(Code.WRONG_STATE, f"{known.consignment} was sent to this hall, not from it.", "consignment")
    arrived = tuple(one for one in known.receipts if one in command.receipts)
    missing = tuple(one for one in known.receipts if one not in command.receipts)
    if known.state is ConsignmentState.RECEIVED and missing == known.missing:
        return []
    return [
        e.ConsignmentConfirmed(consignment=known.consignment, to_hall=known.to_hall, receipts=arrived, missing=missing)
    ]
