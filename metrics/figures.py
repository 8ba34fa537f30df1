"""What a hall's state and its controller's status say in figures."""

import math
from bisect import bisect_left
from collections import Counter

from hall_controller.bus.wire import COMMAND_BUCKETS_S, ProcessFigures, StatusReply
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import AcceptanceState, is_under_way
from hall_controller.domain.commands import DeviceKind, DeviceState
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import opening_at
from hall_controller.domain.matters import How
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.rules import Band, Rules
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import VisitorClass
from hall_controller.domain.totals import BUCKETS_S, Histogram
from metrics.page import Page

SHOWN_BUCKETS_S = (60, 180, 300, 600, 900, 1200, 1800, 3600, 7200)
"""Of the buckets that the hall keeps, those that are exported: two histograms by band are half of all series."""
QUANTILES = (0.5, 0.9, 1.0)
ANY = "any"
"""A failure of the hall is one whatever was asked; its log says what, and one series for each would be forty."""
PAPERS = "papers"
"""Stands for all commands about acceptances and the papers that travel for them: rare, and of one kind."""
_PAPERS = frozenset(
    str(kind.__struct_config__.tag) for kind in c.EXTERNAL if kind.__module__.endswith("commands.acceptances")
)
WAYS = tuple(way for way in How if way not in (How.HERE, How.ANY_HALL))
"""Of doing a matter without a counter."""
HEARD_MS = 60_000
"""A device speaks every 20 seconds while it follows the hall."""
STANDING = frozenset({Role.KIOSK, Role.RECEPTION, Role.COUNTER, Role.PRINTER, Role.BOARD, Role.VOICE, Role.GATEWAY})
"""Roles whose devices run while the hall is open; the others come and go."""
PAPER = {DeviceState.OK: 1.0, DeviceState.WARNING: 0.5, DeviceState.FAILED: 0.0}


def put_hall(page: Page, hall: Hall, now_ms: int) -> None:
    """The hall's state: its totals since the epoch began, its day, and the room as it is now."""
    if hall.rules is None:
        return
    _put_totals(page, hall, in_force(hall))
    _put_room(page, hall, in_force(hall), now_ms)


def _put_totals(page: Page, hall: Hall, rules: Rules) -> None:
    totals = hall.totals
    for key, count in totals.issued.items():
        page.put("hall_tickets_issued_total", count, *key.split("/"))
    for reason, count in totals.cancelled.items():
        page.put("hall_tickets_cancelled_total", count, reason)
    page.put("hall_calls_total", totals.calls)
    page.put("hall_no_shows_total", totals.no_shows)
    for band in Band:
        page.put("hall_visits_total", totals.visits.get(band, 0), band)
        page.put("hall_visits_undone_total", totals.visits_undone.get(band, 0), band)
        page.put("hall_day_visits", hall.visits.get(band, 0), band)
    for name, histograms in (("hall_wait_seconds", totals.waits), ("hall_service_seconds", totals.services)):
        for band in Band:
            if band in histograms or band in _bands(rules):
                _put_times(page, name, histograms.get(band, Histogram()), band)
    page.put("hall_wait_bounds_total", totals.bounds_held, "held")
    page.put("hall_wait_bounds_total", totals.bounds_missed, "missed")
    for stars in range(1, 6):
        page.put("hall_ratings_total", totals.ratings.get(stars, 0), str(stars))
    # From 0 on for every way that there is, so that a rate misses none.
    for way in WAYS:
        page.put("hall_diversions_total", totals.diversions.get(way, 0), way)
    page.put("hall_matters_handled_total", totals.matters_handled)
    page.put("hall_acceptances_total", totals.accepted)
    page.put("hall_results_handed_out_total", totals.handed_out)
    page.put("hall_journal_events_total", hall.seq)


def _bands(rules: Rules) -> set[Band]:
    """Those that can come; a figure that stands at 0 before its first visit loses none in a rate."""
    special = (span.band for day in rules.calendar.values() for span in day.hours or ())
    return {Band.EVENING, *special, *(window.band for window in rules.hours)}


def _put_times(page: Page, name: str, histogram: Histogram, band: Band) -> None:
    counts = [0] * (len(SHOWN_BUCKETS_S) + 1)
    for bound, count in zip((*BUCKETS_S, math.inf), histogram.counts, strict=False):
        counts[bisect_left(SHOWN_BUCKETS_S, bound)] += count
    page.put_histogram(name, SHOWN_BUCKETS_S, counts, histogram.sum_s, band)


def _put_room(page: Page, hall: Hall, rules: Rules, now_ms: int) -> None:
    page.put("hall_time_seconds", now_ms / 1000)
    page.put("hall_open", opening_at(rules, now_ms, hall.extension) is not None)
    for issuing in Issuing:
        page.put("hall_issuing", hall.issuing is issuing, issuing)
    states = [counter.state for counter in hall.counters.values()]
    # A counter that has never been opened is not in the state yet.
    states += [CounterState.CLOSED] * (rules.counters - len(states))
    for state in CounterState:
        page.put("hall_counters", states.count(state), state)
    for visitor_class in VisitorClass:
        page.put("hall_waiting_visitors", len(hall.queues.get(visitor_class, ())), visitor_class)
    page.put("hall_oldest_wait_seconds", _oldest_wait_s(hall, now_ms))
    waits = sorted(known.wait_s for known in predict(hall, now_ms).values() if known.wait_s is not None)
    for quantile in QUANTILES if waits else ():
        page.put("hall_predicted_wait_seconds", waits[math.ceil(quantile * len(waits)) - 1], str(quantile))
    newcomer = predict_newcomer(hall, VisitorClass.ORDINARY, now_ms)
    if newcomer.wait_s is not None:
        page.put("hall_newcomer_wait_seconds", newcomer.wait_s)
    if newcomer.bound_s is not None:
        page.put("hall_newcomer_wait_bound_seconds", newcomer.bound_s)
    _put_papers(page, hall)
    for kind, count in sorted(Counter(alert.alert for alert in hall.alerts.values()).items()):
        page.put("hall_alerts", count, kind)


def _put_papers(page: Page, hall: Hall) -> None:
    acceptances = hall.acceptances.values()
    page.put("hall_documents_outstanding", sum(bool(one.outstanding_zh) for one in acceptances))
    page.put("hall_results_ready", sum(one.state is AcceptanceState.READY for one in acceptances))
    page.put("hall_consignments_under_way", sum(map(is_under_way, hall.consignments.values())))


def _oldest_wait_s(hall: Hall, now_ms: int) -> float:
    waiting = (hall.tickets[ticket] for queue in hall.queues.values() for _, ticket in queue)
    issued_ms = (ticket.issued_at_ms for ticket in waiting if ticket.called_at_ms is None)
    return max(0, now_ms - min(issued_ms, default=now_ms)) / 1000


def put_status(page: Page, status: StatusReply, hall: Hall | None) -> None:
    """The controller's status; of the hall's state what its devices have reported."""
    page.put("hall_build_info", 1, status.version, str(status.rehearsal).lower())
    page.put("hall_clock_offset_seconds", status.clock_off_ms / 1000)
    _put_devices(page, status, hall)
    if status.process is not None:
        _put_process(page, status.process)


def _put_devices(page: Page, status: StatusReply, hall: Hall | None) -> None:
    reports = {} if hall is None else hall.devices
    for name, device in status.devices.items():
        if device.role not in STANDING:
            continue
        heard = device.last_seen_ms is not None and status.now_ms - device.last_seen_ms <= HEARD_MS
        up = {str(device.role): heard}
        for kind in sorted(DeviceKind):  # another word would be a label that nobody bounds
            report = reports.get(f"{name}/{kind}")
            if report is not None:
                works = heard and report.state is not DeviceState.FAILED
                up[kind] = works and up.get(kind, True)
                if kind is DeviceKind.PAPER:
                    page.put("hall_printer_paper", PAPER[report.state], name)
        for part, works in up.items():
            page.put("hall_device_up", works, name, part)
        if device.role == Role.VOICE and device.delay_ms is not None and heard:
            page.put("hall_announcement_delay_seconds", device.delay_ms / 1000, name)


def _put_process(page: Page, process: ProcessFigures) -> None:
    page.put("hall_start_time_seconds", process.started_ms / 1000)
    failed, papers = 0, dict[str, int]()
    for key, count in sorted(process.commands.items()):
        kind, outcome = key.split("/")
        if outcome == "error":
            failed += count
        elif kind in _PAPERS:
            papers[outcome] = papers.get(outcome, 0) + count
        else:
            page.put("hall_commands_total", count, kind, outcome)
    for outcome, count in papers.items():
        page.put("hall_commands_total", count, PAPERS, outcome)
    if failed:
        page.put("hall_commands_total", failed, ANY, "error")
    page.put_histogram("hall_command_seconds", COMMAND_BUCKETS_S, process.command_counts, process.command_sum_s)
    page.put("hall_journal_writable", process.journal_writable)
    page.put("hall_journal_bytes", process.journal_bytes)
    page.put("hall_disk_free_bytes", process.disk_free_bytes)
    page.put("hall_disk_bytes", process.disk_bytes)
    if process.backed_up_ms is not None:
        page.put("hall_backup_time_seconds", process.backed_up_ms / 1000)
