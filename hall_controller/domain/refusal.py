"""Refusals: every way in which the hall says no. A refusal changes nothing."""

import msgspec

from hall_controller.domain.open_enum import OpenEnum


class Code(OpenEnum):
    """Why a command was refused; each is explained in docs/protocol.md."""

    MALFORMED = "malformed"
    UNKNOWN_COMMAND = "unknown_command"
    UNSUPPORTED_VERSION = "unsupported_version"
    TOO_LARGE = "too_large"
    NOT_ALLOWED = "not_allowed"
    STALE = "stale"
    STORAGE = "storage"
    INTERNAL = "internal"
    UNKNOWN_MATTER = "unknown_matter"
    UNKNOWN_TICKET = "unknown_ticket"
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_KIOSK = "unknown_kiosk"
    WRONG_STATE = "wrong_state"
    COUNTER_CLOSED = "counter_closed"
    COUNTER_OPEN = "counter_open"
    COUNTER_BUSY = "counter_busy"
    COUNTER_PAUSED = "counter_paused"
    COUNTER_NARROWED = "counter_narrowed"
    NO_VISITOR = "no_visitor"
    CLERK_ELSEWHERE = "clerk_elsewhere"
    PUSH_MODE = "push_mode"
    GRACE_OVER = "grace_over"
    TOO_EARLY = "too_early"
    ISSUING_STOPPED = "issuing_stopped"
    HALL_CLOSED = "hall_closed"
    NO_SLOT = "no_slot"
    VISITORS_WAITING = "visitors_waiting"
    NOTHING_TO_UNDO = "nothing_to_undo"
    ALREADY_RATED = "already_rated"
    ALREADY_BOOKED = "already_booked"
    TOO_MANY_BOOKINGS = "too_many_bookings"
    ALREADY_ACCEPTED = "already_accepted"
    UNKNOWN_RECEIPT = "unknown_receipt"
    NOT_READY = "not_ready"
    CREDIT_NEEDED = "credit_needed"
    DOCUMENTS_NEEDED = "documents_needed"
    BARRED = "barred"


class Refusal(msgspec.Struct, tag="refused", tag_field="type", frozen=True):
    code: Code
    message: str
    """One sentence for a person: what is wrong, with the value, and what to do."""
    field: str | None = None
