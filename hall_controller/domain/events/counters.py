"""Events of counters: opened, closed, paused, handed over, and the last act undone."""

from hall_controller.domain.counter import CounterState, UndoableAct
from hall_controller.domain.events.envelope import Event
from hall_controller.domain.rules import Band, Narrowing
from hall_controller.domain.ticket import TicketState


class CounterOpened(Event):
    counter: int
    clerk: str
    narrowing: Narrowing


class CounterClosed(Event):
    counter: int
    clerk: str


class CounterPaused(Event):
    counter: int
    clerk: str
    back_at_ms: int | None = None
    """Over lunch: nobody need wait for this very counter until then."""


class CounterPausePlanned(Event):
    """Pause after this one."""

    counter: int
    clerk: str
    back_at_ms: int | None = None


class CounterResumed(Event):
    counter: int
    clerk: str


class WrapUpEnded(Event):
    counter: int
    clerk: str


class CounterHandedOver(Event):
    """Another clerk goes on; a service under way goes on too."""

    counter: int
    clerk: str
    from_clerk: str
    narrowing: Narrowing
    ticket: int | None
    """The visitor at the counter."""
    service_s: int
    """Of the stretch that ends here for the first clerk; 0 when nobody was being served."""


class CounterTakenOver(Event):
    counter: int
    from_counter: int
    clerk: str
    tickets: tuple[int, ...]
    """The visitors that moved: the one at the counter first, then the held ones."""


class ActUndone(Event):
    counter: int
    clerk: str
    act: UndoableAct
    ticket: int | None
    number: str | None
    ticket_state: TicketState | None
    counter_state: CounterState
    visit_band: Band | None
    """Set when this takes back a visit: the band it was counted in."""
    service_s: int = 0
    """Of a finish that is taken back."""


class CounterNarrowed(Event):
    """The counter serves something else from now on."""

    counter: int
    clerk: str
    narrowing: Narrowing
