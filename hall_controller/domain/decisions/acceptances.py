"""Commands about acceptances: accepted at a counter, completed, decided, handed out."""

import datetime as dt

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import RESULTS_GROUP, Acceptance, AcceptanceState, Consignment, Delivery
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.credit import is_barred, may_come_later
from hall_controller.domain.decisions.common import (
    Moment,
    clerk_of,
    find_matter,
    must_be,
    number_of,
    open_counter,
    refuse,
    visitor_at,
)
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, workday_after
from hall_controller.domain.matters import Level, Matter, Route
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Rules
from hall_controller.domain.ticket import Ticket, TicketState

Events = list[e.Event]


def accept_matter(hall: Hall, command: c.AcceptMatter, moment: Moment) -> Events:
    counter, ticket = visitor_at(hall, command)
    must_be(ticket, TicketState.SERVING)
    matter = _its_matter(hall, ticket, command.matter, moment)
    _check_credit(hall, matter, command, moment)
    rules = in_force(hall)
    today = local(rules, moment.at_ms).date()
    outstanding = sorted(set(command.outstanding))
    english = matter.documents_en or matter.documents_zh
    return [
        e.MatterAccepted(
            receipt=numbered(hall, f"{hall.receipts + 1:04}"),
            ticket=ticket.ticket,
            number=number_of(ticket),
            counter=counter.counter,
            clerk=clerk_of(counter),
            matter=matter.code,
            department=matter.department,
            catalogue_version=hall.catalogue_version,
            route=matter.route,
            to_hall=destination(matter, rules),
            rating=moment.rating if command.applicant else None,
            outstanding_zh=tuple(matter.documents_zh[number - 1] for number in outstanding),
            outstanding_en=tuple("".join(english[number - 1 : number]) for number in outstanding),
            documents_due_day=_due(rules, today, rules.acceptance.documents_due_days if outstanding else None),
            result_due_day=_due(rules, today, matter.decide_days),
            kiosk=command.print_at,
        )
    ]


def numbered(hall: Hall, count: str) -> str:
    """The hall's id, the service day, a count: `BA001-261128-0007`."""
    return f"{in_force(hall).hall}-{hall.service_day[2:].replace('-', '')}-{count}"


def destination(matter: Matter, rules: Rules) -> str:
    """The hall to which the papers of a matter must be carried; empty for this one, or where nobody has said."""
    if matter.route is not Route.PHYSICAL:
        return ""
    acceptance = rules.acceptance
    level = matter.level or Level.DISTRICT
    hall = {Level.DISTRICT: acceptance.district_hall, Level.STREET: acceptance.street_hall}.get(level, "")
    return "" if hall == rules.hall else hall


def _due(rules: Rules, today: dt.date, days: int | None) -> str | None:
    return None if days is None else workday_after(rules, today, days).isoformat()


def _its_matter(hall: Hall, ticket: Ticket, code: str | None, moment: Moment) -> Matter:
    matter = find_matter(moment, code or ticket.matter)
    if matter.code not in matters_of(ticket):
        refuse(
            Code.UNKNOWN_MATTER, f"{ticket.number} is not here for {matter.code!r}; amend the ticket first.", "matter"
        )
    if matter.group == RESULTS_GROUP:
        refuse(Code.WRONG_STATE, "A result is handed out, not accepted; use hand_out.", "matter")
    for acceptance in hall.acceptances.values():
        if (acceptance.ticket, acceptance.matter) == (ticket.ticket, matter.code):
            refuse(Code.ALREADY_ACCEPTED, f"It is accepted already: receipt {acceptance.receipt}.", "matter")
    return matter


def _check_credit(hall: Hall, matter: Matter, command: c.AcceptMatter, moment: Moment) -> None:
    rating = moment.rating if command.applicant else None
    if matter.subsidy and command.applicant is None:
        refuse(Code.CREDIT_NEEDED, f"{matter.name_zh} is a subsidy: give the applicant's number.", "applicant")
    if matter.subsidy and rating is None:
        message = "The credit ratings cannot be asked now, and a subsidy must not be accepted without; try again later."
        refuse(Code.CREDIT_NEEDED, message, "applicant")
    if is_barred(matter, rating):
        refuse(Code.BARRED, in_force(hall).credit.barred_zh, "applicant")
    wrong = [number for number in command.outstanding if number not in may_come_later(matter, rating)]
    if wrong:
        needed = matter.documents_zh[wrong[0] - 1] if wrong[0] <= len(matter.documents_zh) else str(wrong[0])
        why = "may not come later" if matter.later else "is needed now"
        refuse(Code.DOCUMENTS_NEEDED, f"{needed} {why} on this applicant's rating.", "outstanding")


def find_acceptance(hall: Hall, receipt: str, field: str = "receipt") -> Acceptance:
    found = hall.acceptances.get(receipt)
    if found is None:
        message = f"Receipt {receipt} is not known in this hall, or its result was handed out; check the number."
        refuse(Code.UNKNOWN_RECEIPT, message, field)
    return found


def withdraw_acceptance(hall: Hall, command: c.WithdrawAcceptance, moment: Moment) -> Events:
    del moment
    found = find_acceptance(hall, command.receipt)
    if found.state is not AcceptanceState.ACCEPTED or found.from_hall:
        refuse(Code.WRONG_STATE, f"Receipt {found.receipt} is {found.state}: its department has it.", "receipt")
    return [e.AcceptanceWithdrawn(receipt=found.receipt, ticket=found.ticket)]


def reprint_papers(hall: Hall, command: c.ReprintPapers, moment: Moment) -> Events:
    del moment
    if (command.receipt is None) is (command.consignment is None):
        refuse(Code.MALFORMED, "Print what? Give receipt or consignment, one of the two.", "receipt")
    papers: Acceptance | Consignment | None
    if command.receipt is not None:
        papers = find_acceptance(hall, command.receipt)
    else:
        papers = hall.consignments.get(command.consignment or "")
        if papers is None:
            message = f"Transfer list {command.consignment} is not known in this hall; check the number."
            refuse(Code.UNKNOWN_RECEIPT, message, "consignment")
    if papers.from_hall not in ("", in_force(hall).hall):
        refuse(Code.WRONG_STATE, f"It is of hall {papers.from_hall}, which prints it.", "receipt")
    return [
        e.PapersReprintRequested(
            receipt=command.receipt,
            consignment=command.consignment,
            ticket=papers.ticket if isinstance(papers, Acceptance) else None,
            kiosk=command.print_at,
            copy=papers.copies + 1,
        )
    ]


def supply_documents(hall: Hall, command: c.SupplyDocuments, moment: Moment) -> Events:
    found = find_acceptance(hall, command.receipt)
    count = len(found.outstanding_zh)
    if not count:
        refuse(Code.WRONG_STATE, f"Receipt {found.receipt} has no documents outstanding.", "receipt")
    supplied = set(command.documents or range(1, count + 1))
    if max(supplied) > count:
        refuse(Code.MALFORMED, f"documents holds {max(supplied)}; {count} are outstanding.", "documents")
    still = [place for place in range(count) if place + 1 not in supplied]
    return [
        e.DocumentsSupplied(
            receipt=found.receipt,
            supplied_zh=tuple(found.outstanding_zh[number - 1] for number in sorted(supplied)),
            outstanding_zh=tuple(found.outstanding_zh[place] for place in still),
            outstanding_en=tuple("".join(found.outstanding_en[place : place + 1]) for place in still),
            result_due_day=None if still else _due_anew(hall, found, moment),
        )
    ]


def _due_anew(hall: Hall, found: Acceptance, moment: Moment) -> str | None:
    """The days for deciding run from when all that is needed is there; what was promised before is not kept short."""
    matter = moment.catalogue.matters.get(found.matter)
    if found.result_due_day is None or matter is None:
        return None
    rules = in_force(hall)
    return _due(rules, local(rules, moment.at_ms).date(), matter.decide_days)


def report_result(hall: Hall, command: c.ReportResult, moment: Moment) -> Events:
    del moment
    found = find_acceptance(hall, command.receipt)
    if found.state not in (AcceptanceState.ACCEPTED, AcceptanceState.RECEIVED):
        refuse(Code.WRONG_STATE, f"Receipt {found.receipt} is {found.state}: nothing is to be decided here.", "receipt")
    if found.outstanding_zh:
        what = "、".join(found.outstanding_zh)
        refuse(Code.DOCUMENTS_NEEDED, f"Receipt {found.receipt} still lacks {what}; supply_documents first.", "receipt")
    ready = not found.from_hall and command.delivery is Delivery.WINDOW
    return [e.ResultReported(receipt=found.receipt, decision=command.decision, ready=ready, delivery=command.delivery)]


def hand_out(hall: Hall, command: c.HandOut, moment: Moment) -> Events:
    del moment
    counter = open_counter(hall, command.counter)
    found = find_acceptance(hall, command.receipt)
    if found.state is not AcceptanceState.READY:
        refuse(Code.NOT_READY, f"The result of {found.receipt} is not here yet: it is {found.state}.", "receipt")
    return [
        e.ResultHandedOut(
            receipt=found.receipt, counter=counter.counter, clerk=clerk_of(counter), ticket=counter.ticket
        )
    ]


def documents_due(hall: Hall, today: dt.date) -> Events:
    """Reminders that are owed, each once."""
    events: Events = []
    for one in hall.acceptances.values():
        if one.outstanding_zh and not one.reminded and one.documents_due_day is not None:
            left_days = (dt.date.fromisoformat(one.documents_due_day) - today).days
            if left_days <= in_force(hall).acceptance.remind_days:
                events.append(
                    e.DocumentsDue(
                        receipt=one.receipt,
                        ticket=one.ticket,
                        outstanding_zh=one.outstanding_zh,
                        outstanding_en=one.outstanding_en,
                        documents_due_day=one.documents_due_day,
                    )
                )
    return events
