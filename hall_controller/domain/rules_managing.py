"""Rules for managing a hall: when its manager is alerted, and what the advice on open counters aims at."""

from hall_controller.domain.record import COUNTERS_MAX, Record

ALERT_LIMITS: dict[str, tuple[float, float, str]] = {
    **dict.fromkeys(("long_wait_s", "counter_idle_s", "slow_service_at_least_s"), (10, 86_400, "seconds")),
    "slow_service_times": (1.2, 50, "times the usual"),
    "no_shows": (1, 100, "calls"),
    **dict.fromkeys(
        ("paper_low_s", "paper_out_s", "printer_failing_s", "sound_failing_s", "voice_backlog_s"),
        (1, 86_400, "seconds"),
    ),
    # A device speaks every 20 seconds.
    **dict.fromkeys(
        ("kiosk_silent_s", "printer_silent_s", "board_silent_s", "voice_silent_s", "terminal_silent_s"),
        (45, 86_400, "seconds"),
    ),
    "clock_off_s": (1, 86_400, "seconds"),
    "disk_filling_percent": (1, 90, "percent"),
    "backup_old_hours": (1, 8_760, "hours"),
    "consignment_overdue_hours": (1, 8_760, "hours"),
    "documents_overdue_days": (1, 400, "days"),
    "bookings_stranded": (1, 1000, "bookings"),
    **dict.fromkeys(
        ("kept_wait_s", "second_wait_s", "long_hold_s", "no_counter_s", "none_suits_s", "results_away_s"),
        (10, 86_400, "seconds"),
    ),
    "result_overdue_days": (1, 400, "days"),
}
"""Of each threshold, beside the 0 that switches the alert off."""
RECENT_CALLS = 100


class AlertRules(Record, frozen=True):
    """When the manager is alerted of what; 0: never of that."""

    long_wait_s: int = 1800
    """Somebody waits for the first call so long."""
    counter_idle_s: int = 180
    """A counter is ready so long while people wait whom it could serve."""
    slow_service_times: float = 3.0
    """A service takes so many times as long as services of its matter do here"""
    slow_service_at_least_s: int = 900
    """and at least so long; 0: however short."""
    no_shows: int = 6
    """To so many of the last calls nobody came."""
    no_shows_of: int = 20
    """How many calls those are."""
    paper_low_s: int = 60
    """A printer reports that paper is near its end for so long."""
    paper_out_s: int = 10
    """A printer reports that paper is out for so long."""
    printer_failing_s: int = 30
    """A printer reports a failure for so long."""
    sound_failing_s: int = 30
    """A voice reports that its sound does not come out for so long."""
    voice_backlog_s: int = 5
    """A voice reports that it could not speak all calls for so long."""
    kiosk_silent_s: int = 120
    """A kiosk is not heard so long, during the hall's day."""
    printer_silent_s: int = 120
    """Likewise a printer's program."""
    board_silent_s: int = 120
    """Likewise a board."""
    voice_silent_s: int = 120
    """Likewise a voice."""
    terminal_silent_s: int = 120
    """The terminal of a counter that works is not heard so long."""
    clock_off_s: int = 10
    """The wall clock and the hall's differ by so much."""
    disk_filling_percent: int = 10
    """Less than so much of the disk is free."""
    backup_old_hours: int = 48
    """There is no backup of the last so many hours."""
    consignment_overdue_hours: int = 4
    """Papers that were sent to another hall are so long over their time, and nothing is heard of them."""
    documents_overdue_days: int = 1
    """Documents that an applicant may bring later are so many days over their day."""
    kept_wait_s: int = 900
    """Somebody who is kept for a counter waits for it so long."""
    second_wait_s: int = 1200
    """Somebody who was called before, and sent on or returned, waits again so long."""
    long_hold_s: int = 1800
    """Somebody is set aside so long."""
    no_counter_s: int = 90
    """People wait so long while every counter is closed or paused."""
    none_suits_s: int = 120
    """People wait so long whom no counter that works may call."""
    results_away_s: int = 120
    """People wait so long for results whose window is paused or at lunch."""
    result_overdue_days: int = 1
    """A result is so many days over its promised day."""
    bookings_stranded: int = 1
    """So many bookings of one day are for half hours in which the hall is shut."""

    def __post_init__(self) -> None:
        for name, (least, most, what) in ALERT_LIMITS.items():
            value = getattr(self, name)
            if value != 0 and not least <= value <= most:
                raise ValueError(f"alerts.{name} is {value}; give {least} to {most} {what}, or 0 to switch it off")
        if not 1 <= self.no_shows_of <= RECENT_CALLS:
            raise ValueError(f"alerts.no_shows_of is {self.no_shows_of}; give 1 to {RECENT_CALLS} calls")
        if self.no_shows > self.no_shows_of:
            of = f"alerts.no_shows_of only {self.no_shows_of}"
            raise ValueError(f"alerts.no_shows is {self.no_shows}, but {of}; give no more of them")


ADVICE_LIMITS: dict[str, tuple[float, float, str]] = {
    "target_wait_s": (60, 14_400, "seconds"),
    "target_share": (0.5, 0.99, "of all visitors"),
    "least_counters": (0, COUNTERS_MAX, "counters"),
    "reserve": (0, COUNTERS_MAX, "counters"),
    "notice_s": (60, 7200, "seconds"),
    "away_share": (0, 0.5, "of a counter's time"),
}


class AdviceRules(Record, frozen=True):
    """What the advice on open counters aims at."""

    target_wait_s: int = 900
    """Visitors are to be called within so long"""
    target_share: float = 0.9
    """so many of them: 0.9 is nine in ten."""
    least_counters: int = 1
    """So many are open in all hours, however few come."""
    reserve: int = 0
    """So many more than are needed."""
    notice_s: int = 600
    """Opening or closing a counter takes so long from the advice on."""
    away_share: float = 0.05
    """Share of its time in which an open counter calls nobody: short breaks."""

    def __post_init__(self) -> None:
        for name, (least, most, what) in ADVICE_LIMITS.items():
            if not least <= (value := getattr(self, name)) <= most:
                raise ValueError(f"advice.{name} is {value}; give {least} to {most} {what}")
