"""What is so in a hall, told from its tickets and counters alone: no projection's code has a part in it."""

from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import TicketState


def in_state(hall: Hall, *states: TicketState) -> dict[int, str]:
    """Numbers by ticket."""
    return {number: ticket.number or "" for number, ticket in hall.tickets.items() if ticket.state in states}


def called(hall: Hall) -> set[tuple[str, int]]:
    """Whom a counter waits for: number and counter."""
    return {
        (ticket.number or "", ticket.counter or 0)
        for ticket in hall.tickets.values()
        if ticket.state is TicketState.CALLED
    }


def numbers(hall: Hall, *states: TicketState) -> set[str]:
    return set(in_state(hall, *states).values())
