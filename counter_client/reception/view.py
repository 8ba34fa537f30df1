"""What the reception shows, from the hall as it is: lists of tickets, and the chosen one. Pure."""

from enum import StrEnum

import msgspec

from counter_client.hours import hours_words, why_no_tickets
from counter_client.words import Words, device_kind_words
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.hall import Hall
from hall_controller.domain.prediction import Estimate, predict, predict_newcomer
from hall_controller.domain.ticket import Paper, Ticket, TicketState, VisitorClass


class Tab(StrEnum):
    WAITING = "waiting"
    MISSED = "missed"
    UNCLAIMED = "unclaimed"
    AT_COUNTERS = "at_counters"
    BOOKED = "booked"


TABS = {
    Tab.WAITING: Words("等候", "Waiting"),
    Tab.MISSED: Words("过号", "Missed"),
    Tab.UNCLAIMED: Words("未取票", "Unclaimed"),
    Tab.AT_COUNTERS: Words("窗口", "Counters"),
    Tab.BOOKED: Words("预约", "Booked"),
}

TAB_OF_STATE = {
    TicketState.WAITING: Tab.WAITING,
    TicketState.MISSED: Tab.MISSED,
    TicketState.UNCLAIMED: Tab.UNCLAIMED,
    TicketState.CALLED: Tab.AT_COUNTERS,
    TicketState.SERVING: Tab.AT_COUNTERS,
    TicketState.HELD: Tab.AT_COUNTERS,
    TicketState.BOOKED: Tab.BOOKED,
}

PAPERS = {
    Paper.NOT_EXPECTED: None,
    Paper.PENDING: Words("正在打印", "printing"),
    Paper.FAILED: Words("没打出来", "print failed"),
    Paper.PRINTED: Words("已打印", "printed"),
    Paper.ACKNOWLEDGED: Words("已看屏幕", "read on screen"),
}


class ReceptionView(msgspec.Struct, frozen=True, kw_only=True):
    counts: dict[Tab, int]
    tickets: tuple[Ticket, ...]
    """Of the tab, in the order of their turn."""
    estimates: dict[int, Estimate]
    """By waiting ticket."""
    tab: Tab
    chosen: Ticket | None
    at_ms: int
    newcomer: Estimate
    """What an ordinary newcomer would be told."""
    hours: Words
    no_tickets: Words | None
    """Why none are issued."""


def reception_view(hall: Hall, tab: Tab, chosen: int | None, at_ms: int) -> ReceptionView:
    counts = dict.fromkeys(Tab, 0)
    for ticket in hall.tickets.values():
        if ticket.state in TAB_OF_STATE:
            counts[TAB_OF_STATE[ticket.state]] += 1
    estimates = predict(hall, at_ms)
    return ReceptionView(
        counts=counts,
        tickets=tuple(tickets_of(hall, tab, list(estimates))),
        estimates=estimates,
        tab=tab,
        chosen=hall.tickets.get(chosen or 0),
        at_ms=at_ms,
        newcomer=predict_newcomer(hall, VisitorClass.ORDINARY, at_ms),
        hours=hours_words(hall, at_ms),
        no_tickets=why_no_tickets(hall),
    )


def tickets_of(hall: Hall, tab: Tab, call_order: list[int]) -> list[Ticket]:
    if tab is Tab.WAITING:
        return [hall.tickets[ticket] for ticket in call_order]
    tickets = [ticket for ticket in hall.tickets.values() if TAB_OF_STATE.get(ticket.state) is tab]
    if tab is Tab.AT_COUNTERS:
        return sorted(tickets, key=lambda ticket: (ticket.counter or 0, ticket.ticket))
    if tab is Tab.BOOKED:
        return sorted(tickets, key=lambda ticket: (ticket.slot_at_ms or 0, ticket.ticket))
    if tab is Tab.MISSED:
        return sorted(tickets, key=lambda ticket: -(ticket.missed_at_ms or 0))
    return sorted(tickets, key=lambda ticket: ticket.ticket)


def device_troubles(hall: Hall) -> list[Words]:
    """What the devices complain of, the gravest first: the greeter is the nearest to the machine."""
    troubles = [
        (report.state is not DeviceState.FAILED, name.split("/", 1)[0], report)
        for name, report in hall.devices.items()
        if report.state is not DeviceState.OK
    ]
    return [
        Words(f"{device}：{kind.zh} {report.detail}", f"{device}: {kind.en} {report.detail}")
        for _, device, report in sorted(troubles, key=lambda trouble: trouble[:2])
        for kind in [device_kind_words(report.kind)]
    ]
