"""What the phone page says to the holder of one ticket. Pure."""

import msgspec

from display_board.pages.words import NOTHING, Words, counter, duration
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.ticket import Ticket, TicketState

FAR_AHEAD = 10


class PhoneView(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    state: str
    """The ticket's state, for the style."""
    head: Words
    """The one thing to know now."""
    detail: Words = NOTHING
    big: str = ""
    """Shown very large: people ahead, or the counter to go to."""
    big_label: Words = NOTHING
    alarm: str = ""
    """Changes when the visitor must be roused again: a call, and each recall."""
    title: Words
    hall: Words
    time: str
    """The hall's clock: when this was true."""
    heard: bool
    poll_s: int
    """How soon to ask again; 0 when nothing more will happen."""


def phone_view(
    hall: Hall, ticket: int, estimate: Estimate | None, now_ms: int, *, heard: bool = True, poll_s: int = 5
) -> PhoneView | None:
    """None when the hall does not know the ticket any more: it ended on an earlier day."""
    rules = in_force(hall)
    name = Words(rules.name_zh or rules.hall, rules.name_en or rules.hall)
    time = f"{local(rules, now_ms):%H:%M}"
    live = hall.tickets.get(ticket)
    if live is None:
        ended = hall.ended.get(ticket)
        if ended is None:
            return None
        head, detail = _ENDED[ended.state]
        return PhoneView(
            number=ended.number or "",
            state=ended.state.value,
            head=head,
            detail=detail,
            title=_title(head, ended.number),
            hall=name,
            time=time,
            heard=heard,
            poll_s=30,  # an undo at the counter brings it back
        )
    head, detail, big, big_label = _standing(hall, live, estimate)
    called = live.state is TicketState.CALLED
    far = estimate is not None and estimate.ahead >= FAR_AHEAD
    return PhoneView(
        number=live.number or "",
        state=live.state.value,
        head=head,
        detail=detail,
        big=big,
        big_label=big_label,
        alarm=f"{live.counter}/{live.calls}/{live.called_at_ms}" if called else "",
        title=_title(head, live.number),
        hall=name,
        time=time,
        heard=heard,
        poll_s=2 * poll_s if far else poll_s,
    )


Standing = tuple[Words, Words, str, Words]


def _standing(hall: Hall, ticket: Ticket, estimate: Estimate | None) -> Standing:
    match ticket.state:
        case TicketState.WAITING:
            return _waiting(ticket, estimate)
        case TicketState.MISSED:
            return _missed(hall, ticket)
        case TicketState.BOOKED:
            return _booked(hall, ticket)
        case TicketState.CALLED | TicketState.SERVING | TicketState.HELD:
            return _at_counter(ticket)
        case _:
            detail = Words("请到导办台确认，确认后即可排队", "Please confirm it at the reception desk to queue")
            return Words("号票尚未确认", "This ticket is not confirmed"), detail, "", NOTHING


def _at_counter(ticket: Ticket) -> Standing:
    here = counter(ticket.counter or 0)
    detail = NOTHING
    if ticket.state is TicketState.SERVING:
        head = Words(f"正在{here.zh}办理", f"Being served at {here.en}")
    elif ticket.state is TicketState.HELD:
        head = Words(f"已挂起，准备好后请回{here.zh}", f"On hold: return to {here.en} when you are ready")
    else:
        head = Words(f"请到{here.zh}", f"Please go to {here.en}")
        again = Words(f"第{ticket.calls}次呼叫，请尽快前往", f"Call {ticket.calls}: please hurry")
        detail = again if ticket.calls > 1 else Words("轮到您了", "It is your turn")
    return head, detail, str(ticket.counter), Words("号窗口", "Counter")


def _booked(hall: Hall, ticket: Ticket) -> Standing:
    slot = local(in_force(hall), ticket.slot_at_ms or 0)
    detail = Words("到达大厅后请先签到取号", "When you arrive, please check in first")
    date = Words(f"{slot.month}月{slot.day}日", f"{slot:%d %b}")
    return Words("已预约", "Booked"), detail, f"{slot:%H:%M}", date


def _waiting(ticket: Ticket, estimate: Estimate | None) -> Standing:
    if estimate is None:
        return Words("正在等候", "Waiting"), NOTHING, "", NOTHING
    if estimate.ahead == 0:
        head = Words("下一位就是您", "You are next")
    elif estimate.ahead <= 3:
        head = Words("快到您了，请不要走远", "Almost your turn: please stay close")
    else:
        head = Words("正在等候", "Waiting")
    detail = _expected(estimate.wait_s)
    if ticket.only_counter is not None:
        here = counter(ticket.only_counter)
        detail = Words(f"{detail.zh}，在{here.zh}办理", f"{detail.en}, at {here.en}")
    return head, detail, str(estimate.ahead), Words("前面人数", "people ahead of you")


def _expected(wait_s: int | None) -> Words:
    if wait_s is None:
        return Words("暂无法估计等候时间", "How long it takes is not known yet")
    if wait_s <= 0:
        return Words("即将叫号", "You will be called any moment")
    wait = duration(wait_s)
    return Words(f"预计等候{wait.zh}", f"Expected wait: {wait.en[0].lower()}{wait.en[1:]}")


def _missed(hall: Hall, ticket: Ticket) -> Standing:
    until_ms = (ticket.missed_at_ms or 0) + in_force(hall).missed_grace_s * 1000
    until = f"{local(in_force(hall), until_ms):%H:%M}"
    head = Words("您已过号", "You missed your call")
    detail = Words(
        f"请在{until}前到导办台重新排队，无需重新取号",
        f"Ask at the reception desk before {until} to return to the queue; you need no new ticket",
    )
    return head, detail, until, Words("前返回", "return before")


def _title(head: Words, number: str | None) -> Words:
    mark = f"{number} " if number else ""
    return Words(f"{mark}{head.zh}", f"{mark}{head.en}")


_ENDED: dict[TicketState, tuple[Words, Words]] = {
    TicketState.DONE: (Words("已办结", "Done"), Words("谢谢光临", "Thank you for your visit")),
    TicketState.NO_SHOW: (
        Words("已过号失效", "This ticket has expired"),
        Words("如仍需办理，请重新取号", "Please take a new ticket if you still need to be served"),
    ),
    TicketState.CANCELLED: (
        Words("号票已取消", "This ticket was cancelled"),
        Words("如仍需办理，请重新取号", "Please take a new ticket if you still need to be served"),
    ),
}
