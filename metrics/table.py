"""Every metric, declared once: what is exported, what docs/metrics.md lists. The names are public: never rename one."""

from enum import StrEnum
from typing import NamedTuple


class Type(StrEnum):
    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"


class Spec(NamedTuple):
    name: str
    type: Type
    labels: tuple[str, ...]
    help: str

    @property
    def lasts(self) -> bool:
        """Also true of a hall that has fallen silent: what happened has happened. Of what is now, nothing is known."""
        return self.type in {Type.COUNTER, Type.HISTOGRAM}


_C, _G, _H, _S = Type

SPECS = (
    # --- is the hall there -----------------------------------------------------------------------
    Spec("hall_up", _G, (), "1 while the hall's controller is heard; at 0 only what is counted is exported."),
    Spec(
        "hall_build_info", _G, ("version", "rehearsal"),
        "Always 1; the software that the hall runs, and whether it is a rehearsal, which is never counted.",
    ),
    Spec("hall_start_time_seconds", _G, (), "When the controller was started, in seconds since 1970."),
    Spec("hall_time_seconds", _G, (), "The hall's clock, in seconds since 1970."),
    Spec("hall_open", _G, (), "1 within the hall's opening hours, extensions included."),
    Spec("hall_issuing", _G, ("state",), "1 for the state that issuing tickets is in: open, stopped or closed."),
    Spec(
        "hall_clock_offset_seconds", _G, (),
        "The box's wall clock less the hall's clock; a large step waits for the manager to accept it.",
    ),
    # --- the day's work, since the epoch began ---------------------------------------------------
    Spec(
        "hall_tickets_issued_total", _C, ("channel", "visitor_class", "subject"),
        "Numbers given out, at check-in for a booking.",
    ),
    Spec("hall_tickets_cancelled_total", _C, ("reason",), "Tickets that were given up or ended without a visit."),
    Spec("hall_calls_total", _C, (), "Calls of a visitor to a counter, recalls apart."),
    Spec("hall_no_shows_total", _C, (), "Tickets whose visitor was called and never came."),
    Spec(
        "hall_visits_total", _C, ("band",),
        "Services started for the first time; less hall_visits_undone_total, it is the visits of the account.",
    ),
    Spec("hall_visits_undone_total", _C, ("band",), "Of hall_visits_total, those that were taken back."),
    Spec(
        "hall_day_visits", _G, ("band",),
        "Visits of this service day by band, exact to the visit, those taken back left out.",
    ),
    Spec("hall_wait_seconds", _H, ("band",), "From the issue of a number to its first call, by the band of that call."),
    Spec(
        "hall_wait_bounds_total", _C, ("outcome",),
        "First calls of visitors who were told within how long nine in ten are called: held, or missed.",
    ),
    Spec(
        "hall_service_seconds", _H, ("band",),
        "From the start to the finish of a service, holds left out, by the band of the visit.",
    ),
    Spec("hall_ratings_total", _C, ("stars",), "Ratings by visitors, 1 to 5 stars."),
    Spec(
        "hall_diversions_total", _C, ("way",),
        "Visits that need not be: whoever saw at a kiosk that the matter can be done in another way, and chose so.",
    ),
    Spec(
        "hall_matters_handled_total", _C, (),
        "Matters handled in finished services, those undone included: one visit may be for several.",
    ),
    Spec("hall_acceptances_total", _C, (), "Matters accepted at a counter, for a department to decide."),
    Spec("hall_results_handed_out_total", _C, (), "Results handed out at a counter."),
    # --- the room now ----------------------------------------------------------------------------
    Spec("hall_waiting_visitors", _G, ("visitor_class",), "Visitors who wait to be called."),
    Spec(
        "hall_oldest_wait_seconds", _G, (),
        "How long the one has waited who has waited longest for a first call; 0 when nobody does.",
    ),
    Spec(
        "hall_predicted_wait_seconds", _S, ("quantile",),
        "What the visitors who wait now are told to expect; absent when nobody waits or no counter works.",
    ),
    Spec(
        "hall_newcomer_wait_seconds", _G, (),
        "What an ordinary visitor who takes a ticket now is told to expect; absent when no counter works.",
    ),
    Spec(
        "hall_newcomer_wait_bound_seconds", _G, (),
        "Within how long nine in ten of such visitors are called; absent when nobody can say.",
    ),
    Spec("hall_counters", _G, ("state",), "Counters by what they are doing."),
    Spec(
        "hall_alerts", _G, ("alert",),
        "Alerts that stand, by what they are of; absent of what is well. docs/alerts.md says what to do.",
    ),
    # --- what is accepted and not over -----------------------------------------------------------
    Spec("hall_documents_outstanding", _G, (), "Acceptances of this hall whose applicant has documents to bring."),
    Spec("hall_results_ready", _G, (), "Results that wait at the results window."),
    Spec(
        "hall_consignments_under_way", _G, (),
        "Transfer lists from here or to here that have not arrived whole; those overdue are among hall_alerts.",
    ),
    # --- its devices -----------------------------------------------------------------------------
    Spec(
        "hall_device_up", _G, ("device", "kind"),
        "1 for a device that was heard within a minute and has not reported a failure; kind is its role, or the part "
        "of it that it reports on.",
    ),
    Spec("hall_printer_paper", _G, ("device",), "1: there is paper, 0.5: it is near its end, 0: it is out."),
    Spec(
        "hall_announcement_delay_seconds", _G, ("device",),
        "The longest from a call to its announcement within the last minute; absent when nothing was said.",
    ),
    # --- the controller's process: these begin at 0 when it is started ---------------------------
    Spec(
        "hall_commands_total", _C, ("type", "outcome"),
        "Commands by outcome: accepted, refused, error (the hall failed; `type` is `any`); since its start.",
    ),
    Spec(
        "hall_command_seconds", _H, (),
        "From deciding an accepted command to its reply, the commit included; since the controller started.",
    ),
    Spec("hall_journal_events_total", _C, (), "Events in the journal since the epoch began."),
    Spec("hall_journal_writable", _G, (), "0 once the journal could not be written, until it can be again."),
    Spec("hall_journal_bytes", _G, (), "Size of the journal's files."),
    Spec("hall_disk_free_bytes", _G, (), "Space that the hall may still use on the disk of its directory."),
    Spec("hall_disk_bytes", _G, (), "Size of the disk that the hall's directory lies on."),
    Spec(
        "hall_backup_time_seconds", _G, (),
        "When `hall backup` last succeeded, in seconds since 1970; absent when it never has.",
    ),
)  # fmt: skip


def table() -> str:
    """As docs/metrics.md shows it."""
    rows = [
        f"| `{spec.name}` | {spec.type} | {', '.join(f'`{label}`' for label in spec.labels)} | {spec.help} |"
        for spec in SPECS
    ]
    return "\n".join(["| metric | type | labels | meaning |", "| --- | --- | --- | --- |", *rows])


if __name__ == "__main__":
    import sys

    sys.stdout.write(table() + "\n")
