"""A counter: a place where one clerk serves one visitor at a time."""

from typing import assert_never

import msgspec

from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.ticket import Ticket


class CounterState(OpenEnum):
    CLOSED = "closed"
    READY = "ready"
    CALLING = "calling"
    SERVING = "serving"
    WRAPPING_UP = "wrapping_up"
    PAUSED = "paused"


BUSY = frozenset({CounterState.CALLING, CounterState.SERVING})
WORKING = frozenset({CounterState.READY, CounterState.CALLING, CounterState.SERVING, CounterState.WRAPPING_UP})


class ClerkDay(msgspec.Struct, frozen=True, kw_only=True):
    """One clerk's figures of the service day."""

    visits: int = 0
    finished: int = 0
    service_s: int = 0
    no_shows: int = 0


class UndoableAct(OpenEnum):
    """What `undo` can take back, by the name of its command."""

    CALL_NEXT = "call_next"
    CALL_TICKET = "call_ticket"
    START_SERVICE = "start_service"
    RESUME_TICKET = "resume_ticket"
    SERVE_UNTICKETED = "serve_unticketed"
    HOLD = "hold"
    TRANSFER = "transfer"
    FINISH_SERVICE = "finish_service"
    MISSED = "missed"
    PAUSE_COUNTER = "pause_counter"
    RESUME_COUNTER = "resume_counter"

    @property
    def is_call(self) -> bool:
        """Whether to undo it takes back a call."""
        if not self.is_known:
            return False
        match self:
            case UndoableAct.CALL_NEXT | UndoableAct.CALL_TICKET:
                return True
            case (
                UndoableAct.START_SERVICE
                | UndoableAct.RESUME_TICKET
                | UndoableAct.SERVE_UNTICKETED
                | UndoableAct.HOLD
                | UndoableAct.TRANSFER
                | UndoableAct.FINISH_SERVICE
                | UndoableAct.MISSED
                | UndoableAct.PAUSE_COUNTER
                | UndoableAct.RESUME_COUNTER
            ):
                return False
            case _:
                assert_never(self)


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """The last reversible act at a counter, with what it changed, so that `undo` can put it back."""

    act: UndoableAct
    counter_before: "Counter"
    ticket_before: Ticket | None
    ticket_after: Ticket | None
    """None when the act ended the ticket."""
    clerk_before: ClerkDay
    seq: int = 0
    """Of the act's event."""
    ended_run: tuple[int, ...] = ()
    """The run of favoured calls that this call ended."""
    passed: int | None = None
    """The ordinary ticket that a favoured call went before."""
    service_s: int = 0
    """Of a finish."""


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    counter: int
    state: CounterState = CounterState.CLOSED
    since_ms: int = 0
    """Since when it is in this state."""
    clerk: str | None = None
    ticket: int | None = None
    """The ticket being called or served here."""
    pausing: bool = False
    """Pause after this one."""
    back_at_ms: int | None = None
    """Paused, or about to be, over lunch until then."""
    narrowing: Narrowing = Narrowing()
    last_act: Act | None = None
