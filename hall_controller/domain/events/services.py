"""Events of services: started, resumed, held, finished."""

from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.counter import CounterState
from hall_controller.domain.events.envelope import Event
from hall_controller.domain.rules import Band


class ServiceStarted(Event):
    """The first service of a ticket: one visit."""

    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    band: Band


class ServiceResumed(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str


class ServiceHeld(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    counter_state: CounterState


class ServiceFinished(Event):
    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    counter_state: CounterState | None
    """The counter's state after it; None when the visitor was not at the counter (ended while held)."""
    service_s: int
    """From start to finish, less holds and waits between transfers."""
    band: Band
    more: tuple[str, ...] = ()
    """Further matters of the same visit that were handled."""
    left: tuple[str, ...] = ()
    """Matters that were put off to another day."""


class MatterHandled(Event):
    """One of the matters of a visit: how it stands now."""

    ticket: int
    number: str
    counter: int
    clerk: str
    matter: str
    outcome: MatterOutcome
