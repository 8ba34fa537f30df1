"""What the small display above a counter says. Pure."""

import msgspec

from display_board.pages.opening import clock
from display_board.pages.words import NOTHING, Words, counter
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.hall import Hall, in_force


class CounterView(msgspec.Struct, frozen=True, kw_only=True):
    counter: int
    name: Words
    state: str
    """The counter's state, for the style; `unknown` when the hall has no such counter."""
    number: str = ""
    """Of the visitor who is called or served here."""
    lead: Words = NOTHING
    """Before the number, or alone: what this counter is doing."""
    trail: Words = NOTHING
    """After the number."""
    fresh: bool = False
    clerk: str = ""
    pausing: bool = False
    heard: bool = True


ALONE = {
    CounterState.CLOSED: Words("暂停服务", "Closed"),
    CounterState.PAUSED: Words("暂停服务", "Back soon"),
    CounterState.READY: Words("请等候叫号", "Ready – please wait for your number"),
    CounterState.WRAPPING_UP: Words("请稍候", "One moment, please"),
}


def counter_view(hall: Hall, number: int, *, fresh: bool = False, heard: bool = True) -> CounterView:
    """`fresh` says whether the call is to be highlighted: the same moments as on the board."""
    name = counter(number)
    if not 1 <= number <= in_force(hall).counters:
        words = Words("没有这个窗口", f"This hall has counters 1 to {in_force(hall).counters}")
        return CounterView(counter=number, name=name, state="unknown", lead=words, heard=heard)
    here = hall.counters.get(number) or Counter(counter=number)
    view = CounterView(
        counter=number,
        name=name,
        state=here.state.value,
        clerk=here.clerk or "",
        pausing=here.pausing,
        lead=ALONE.get(here.state, NOTHING),
        heard=heard,
    )
    if here.state is CounterState.PAUSED and here.back_at_ms is not None:
        back = clock(in_force(hall), here.back_at_ms)
        return msgspec.structs.replace(view, lead=Words(f"午间休息 {back}恢复", f"Lunch break, back at {back}"))
    ticket = hall.tickets.get(here.ticket or 0)
    if ticket is None:
        return view
    calling = here.state is CounterState.CALLING
    return msgspec.structs.replace(
        view,
        number=ticket.number or "",
        lead=Words("请", "Please come") if calling else Words("正在办理", "Now serving"),
        trail=Words("号", ""),
        fresh=fresh and calling,
    )
