"""What undo may take back, and what it must leave as it is.

An act moves a ticket. What others learn about it meanwhile (that its paper came out, that its
matter was noted wrongly) is no move: it neither forbids the undo nor is lost by it.
"""

from typing import Any

from msgspec.structs import replace

from hall_controller.domain.ticket import Paper, Ticket, TicketState

MOVES = (
    "state",
    "counter",
    "only_counter",
    "place",
    "called_at_ms",
    "started_at_ms",
    "serving_since_ms",
    "served_ms",
    "missed_at_ms",
)
LEARNED_TOGETHER = (
    ("paper",),
    ("copies",),
    ("visitor_class",),
    ("matter", "group", "subject", "usual_s", "more", "theme"),
    ("handled",),
    ("left",),
    ("passed",),
)


def unmoved(after: Ticket, now: Ticket) -> bool:
    """Whether the ticket still is where the act brought it."""
    return all(getattr(after, field) == getattr(now, field) for field in MOVES)


def restored(before: Ticket, after: Ticket | None, now: Ticket | None) -> Ticket:
    """The ticket as it was before the act, with what was learned since."""
    if after is None or now is None:
        return before
    kept: dict[str, Any] = {}
    for fields in LEARNED_TOGETHER:
        if any(getattr(now, field) != getattr(after, field) for field in fields):
            kept.update({field: getattr(now, field) for field in fields})
    ticket = replace(before, **kept)
    if ticket.state is TicketState.UNCLAIMED and ticket.paper in (Paper.PRINTED, Paper.ACKNOWLEDGED):
        return replace(ticket, state=TicketState.WAITING)  # The paper came out while it was called.
    return ticket
