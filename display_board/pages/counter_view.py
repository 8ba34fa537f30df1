"""What the small display above a counter says. Pure."""

from typing import assert_never

import msgspec

from display_board.pages.idle import idle_words, may_be_called
from display_board.pages.opening import clock, today
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


CLOSED = Words("暂停服务", "Closed")
PAUSED = Words("暂停服务", "Back soon")
READY = Words("请等候叫号", "Ready – please wait for your number")
WRAPPING_UP = Words("请稍候", "One moment, please")


def _alone(hall: Hall, state: CounterState, now_ms: int) -> Words:
    """While nobody is at the counter; nobody is told to wait for a call that cannot come."""
    if not state.is_known:
        return Words(str(state), str(state))
    match state:
        case CounterState.CALLING | CounterState.SERVING:
            return NOTHING
        case CounterState.CLOSED:
            return CLOSED
        case CounterState.PAUSED:
            return PAUSED if may_be_called(hall) else CLOSED
        case CounterState.READY | CounterState.WRAPPING_UP if not may_be_called(hall):
            return idle_words(hall, today(hall, now_ms), now_ms)[0]
        case CounterState.READY:
            return READY
        case CounterState.WRAPPING_UP:
            return WRAPPING_UP
        case _:
            assert_never(state)


def counter_view(hall: Hall, number: int, now_ms: int, *, fresh: bool = False, heard: bool = True) -> CounterView:
    """`now_ms` is the hall's clock; `fresh`: the call is to be highlighted, at the same moments as on the board."""
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
        lead=_alone(hall, here.state, now_ms),
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
