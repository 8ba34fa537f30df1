"""Words for a day that runs itself: why no tickets are issued, and what is announced."""

from hall_controller.domain.open_enum import OpenEnum


class StopCause(OpenEnum):
    """Why no tickets are issued, while the hall is not closed for an emergency."""

    MANAGER = "manager"
    LAST_TICKET = "last_ticket"
    """A newcomer could no longer be served before closing."""
    LUNCH = "lunch"
    """Between two openings of a day."""
    SHUT = "shut"
    """Outside the hours."""


class Announcement(OpenEnum):
    LUNCH_BREAK = "lunch_break"
    """An opening is about to end, and another follows today."""
    LUNCH_SERVICE = "lunch_service"
    """Lunchtime service is about to begin, with fewer counters."""
    CLOSING = "closing"
