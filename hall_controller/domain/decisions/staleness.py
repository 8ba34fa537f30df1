"""Commands made too long ago, or on a picture of the hall that is no longer so."""

from hall_controller.domain import commands as c
from hall_controller.domain.changes import COUNTER_FIELDS
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal


def stale(hall: Hall, command: c.Command, moment: Moment) -> Refusal | None:
    if command.expires_at_ms is not None and moment.at_ms > command.expires_at_ms:
        late_s = (moment.at_ms - command.expires_at_ms) / 1000
        return Refusal(Code.STALE, f"The command came {late_s:.1f} s after it expired; look again.", "expires_at_ms")
    if command.seen_seq is None:
        return None
    what = _changed(hall, command, command.seen_seq)
    return Refusal(Code.STALE, f"seen_seq is {command.seen_seq}, but {what}; look again.", "seen_seq") if what else None


def _changed(hall: Hall, command: c.Command, seen_seq: int) -> str:
    """What the sender of this command cannot have seen; empty when nothing of what it names has changed."""
    changes = hall.changes
    if seen_seq > hall.seq:
        return f"this hall has no event after {hall.seq}"
    if seen_seq < changes.everything:
        return f"the hall began afresh with event {changes.everything}"
    for name in COUNTER_FIELDS:
        counter = getattr(command, name, None)
        if counter is not None and (seq := changes.counters.get(counter, 0)) > seen_seq:
            return f"event {seq} has changed counter {counter} since"
    ticket = getattr(command, "ticket", None)
    if ticket is not None and (seq := changes.tickets.get(ticket, 0)) > seen_seq:
        found = hall.tickets.get(ticket) or hall.ended.get(ticket)
        return f"event {seq} has changed ticket {(found and found.number) or ticket} since"
    return ""
