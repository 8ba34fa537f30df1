"""An alert: what the manager is to look at. And what the hall is told of the world around it, to raise some of them."""

import msgspec

from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.sender import Role


class AlertKind(OpenEnum):
    """The name of each, less its unit, is that of its threshold in `[alerts]` of hall.toml."""

    LONG_WAIT = "long_wait"
    COUNTER_IDLE = "counter_idle"
    """While people wait whom it could serve."""
    SLOW_SERVICE = "slow_service"
    NO_SHOWS = "no_shows"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    PRINTER_FAILING = "printer_failing"
    SOUND_FAILING = "sound_failing"
    VOICE_BACKLOG = "voice_backlog"
    KIOSK_SILENT = "kiosk_silent"
    PRINTER_SILENT = "printer_silent"
    BOARD_SILENT = "board_silent"
    VOICE_SILENT = "voice_silent"
    TERMINAL_SILENT = "terminal_silent"
    CLOCK_OFF = "clock_off"
    DISK_FILLING = "disk_filling"
    BACKUP_OLD = "backup_old"
    CONSIGNMENT_OVERDUE = "consignment_overdue"
    """Papers that were sent are not where they should be."""
    BOOKINGS_STRANDED = "bookings_stranded"
    """Visitors have booked half hours of this day in which the hall is shut."""
    DOCUMENTS_OVERDUE = "documents_overdue"
    """Documents that might come later have not come."""
    KEPT_WAIT = "kept_wait"
    """Somebody waits for the counter that they are kept for."""
    SECOND_WAIT = "second_wait"
    """Somebody who was called before waits again: sent on, or back after a missed call."""
    LONG_HOLD = "long_hold"
    """Somebody was set aside and not taken up again."""
    NO_COUNTER = "no_counter"
    """People wait while no counter works."""
    NONE_SUITS = "none_suits"
    """People wait whom no counter that works may call."""
    RESULTS_AWAY = "results_away"
    """People wait for results whose window is away."""
    RESULT_OVERDUE = "result_overdue"
    """A result is not there on its promised day."""


class Alert(msgspec.Struct, frozen=True):
    """One that stands."""

    alert: AlertKind
    subject: str
    """A counter's or a ticket's number, a receipt, a device's name, a day; empty where it is about the hall."""
    value: int
    """When it was raised: seconds, no-shows, percent of the disk that are free, hours since the last backup, hours or
    days over the time."""
    since_ms: int
    """Since when things are so; earlier than it was raised."""
    raised_ms: int


def key(alert: AlertKind, subject: str) -> str:
    """By which the hall keeps it."""
    return f"{alert}/{subject}"


class DeviceSeen(msgspec.Struct, frozen=True):
    role: Role
    counter: int | None
    seen_ms: int | None
    """When it spoke last, by the hall's clock; None for not since the controller started."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the core cannot know of itself: told with a tick. A rehearsal's hall has none."""

    started_ms: int
    """When the controller was started, by the hall's clock."""
    devices: dict[str, DeviceSeen]
    """All that are enrolled."""
    clock_off_ms: int
    disk_free_percent: int
    backup_age_s: int
    """Since the last backup; without any, since the hall was made."""
