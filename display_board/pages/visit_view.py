"""What a visit holds beside its place in the queue: its matters, what was accepted, its rating. Pure.

Of an acceptance the phone is told where it stands and what is still to come; never the rating that it was accepted on.
"""

import datetime as dt
from collections.abc import Mapping

import msgspec

from display_board.pages.words import NOTHING, WEEKDAYS, Words
from hall_controller.domain.acceptance import Acceptance, AcceptanceState, is_decided
from hall_controller.domain.bundle import MatterOutcome, matters_of, outcome_of
from hall_controller.domain.events import ServiceFinished
from hall_controller.domain.hall import Ended, Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.ticket import Ticket, TicketState

Names = Mapping[str, Words]
"""Of matters, by code."""

OUTCOMES = {
    MatterOutcome.OPEN: Words("待办", "to do"),
    MatterOutcome.HANDLED: Words("已办", "done"),
    MatterOutcome.LEFT: Words("改日再办", "another day"),
}
READY = Words("结果已到，请带回执到本大厅领取", "The result is here: come with your receipt")
STANDING = {
    AcceptanceState.ACCEPTED: Words("已受理，正在审批", "Accepted, being decided"),
    AcceptanceState.SENT: Words("材料正在送往审批部门", "The papers are on the way to who decides"),
    AcceptanceState.RECEIVED: Words("审批部门正在办理", "Being decided"),
    AcceptanceState.DECIDED: Words("已有结果，正在送回", "Decided: the result is on its way back"),
    AcceptanceState.READY: READY,
}
INCOMPLETE = Words("已受理，材料补齐后审批", "Accepted: decided once the documents are there")
WILL_TRAVEL = Words("已受理，材料将送往审批部门", "Accepted: the papers will be sent to who decides")


class MatterLine(msgspec.Struct, frozen=True):
    name: Words
    outcome: str
    """For the style."""
    said: Words


class AcceptedLine(msgspec.Struct, frozen=True, kw_only=True):
    name: Words
    receipt: str
    state: str
    """For the style."""
    where: Words
    missing: Words = NOTHING
    """Documents that are still to come, and by when."""
    urgent: bool = False
    promised: Words = NOTHING


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """Told in whole by the page; by its JSON only whether it has changed."""

    matters: tuple[MatterLine, ...] = ()
    """Of a bundle, on its day."""
    accepted: tuple[AcceptedLine, ...] = ()


def visit_of(hall: Hall, ticket: int, names: Names, now_ms: int, finished: ServiceFinished | None = None) -> Visit:
    """`finished`: how the service of a bundle ended, of which the hall keeps only that it did."""
    live = hall.tickets.get(ticket)
    outcomes = _outcomes(live) if live is not None else _outcomes_at_last(finished) if finished is not None else {}
    return Visit(
        matters=tuple(MatterLine(_name(names, code), one.value, OUTCOMES[one]) for code, one in outcomes.items())
        if len(outcomes) > 1
        else (),
        accepted=tuple(_accepted(hall, one, names, now_ms) for one in acceptances_of(hall, ticket)),
    )


def acceptances_of(hall: Hall, ticket: int) -> list[Acceptance]:
    return [one for one in hall.acceptances.values() if one.ticket == ticket]


def summary_of(accepted: list[Acceptance]) -> Words:
    """The one thing to know of all that was accepted in a visit."""
    if any(one.state is AcceptanceState.READY for one in accepted):
        return Words("结果可以领取了", "Your result is ready")
    if any(one.outstanding_zh for one in accepted):
        return Words("已受理，还需补交材料", "Accepted, with documents still to bring")
    return Words("已受理，等候结果", "Accepted: please wait for the result")


def rating_of(ended: Ended | None) -> str:
    """`open` while the visit may be rated, `done` once it was; nothing for what is no visit of today."""
    if ended is None or ended.state is not TicketState.DONE:
        return ""
    return "done" if ended.rated else "open"


def _name(names: Names, code: str) -> Words:
    return names.get(code) or Words(code, code)


def _outcomes(ticket: Ticket) -> dict[str, MatterOutcome]:
    return {code: outcome_of(ticket, code) for code in matters_of(ticket)}


def _outcomes_at_last(finished: ServiceFinished) -> dict[str, MatterOutcome]:
    handled = dict.fromkeys((finished.matter, *finished.more), MatterOutcome.HANDLED)
    return handled | dict.fromkeys(finished.left, MatterOutcome.LEFT)


def _accepted(hall: Hall, one: Acceptance, names: Names, now_ms: int) -> AcceptedLine:
    promised = _day(one.result_due_day) if not is_decided(one) else NOTHING
    missing, urgent = _missing(hall, one, now_ms)
    return AcceptedLine(
        name=_name(names, one.matter),
        receipt=one.receipt,
        state=one.state.value,
        where=_where(one),
        missing=missing,
        urgent=urgent,
        promised=Words(f"承诺{promised.zh}前办结", f"Promised by {promised.en}") if promised.zh else NOTHING,
    )


def _where(one: Acceptance) -> Words:
    if one.decision is not None and one.state is not AcceptanceState.READY:
        return STANDING[AcceptanceState.DECIDED]  # told by the district; the paper is still to come
    if one.state is AcceptanceState.ACCEPTED and one.to_hall:
        return WILL_TRAVEL
    if one.state is AcceptanceState.ACCEPTED and one.outstanding_zh:
        return INCOMPLETE
    plain = str(one.state)
    return STANDING.get(one.state, Words(plain, plain))


def _missing(hall: Hall, one: Acceptance, now_ms: int) -> tuple[Words, bool]:
    if not one.outstanding_zh:
        return NOTHING, False
    zh = "、".join(one.outstanding_zh)
    english = (*one.outstanding_en, *one.outstanding_zh[len(one.outstanding_en) :])
    en = ", ".join(name or one.outstanding_zh[place] for place, name in enumerate(english))
    due = _day(one.documents_due_day)
    if not due.zh:
        return Words(f"请补交：{zh}", f"Please bring: {en}"), False
    today = local(in_force(hall), now_ms).date()
    if one.documents_due_day and dt.date.fromisoformat(one.documents_due_day) < today:
        return Words(f"已过{due.zh}，请尽快补交：{zh}", f"Due since {due.en}, please bring soon: {en}"), True
    return Words(f"请在{due.zh}前补交：{zh}", f"Please bring by {due.en}: {en}"), one.reminded


def _day(day: str | None) -> Words:
    if day is None:
        return NOTHING
    date = dt.date.fromisoformat(day)
    return Words(f"{date.month}月{date.day}日", f"{WEEKDAYS[date.weekday()].en} {date.day} {date:%b}")
