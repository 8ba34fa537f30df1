"""What a hall's state becomes: every figure read back from the exposition, none beyond what the table declares."""

import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from prometheus_client import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from display_board.pages.board_view import visits
from hall_controller.bus.wire import COMMAND_BUCKETS_S, DeviceStatus, ProcessFigures, StatusReply
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Carries
from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.commands import CancelReason, DeviceState
from hall_controller.domain.credit import Rating
from hall_controller.domain.hall import DeviceReport, Hall
from hall_controller.domain.matters import How, Subject
from hall_controller.domain.rules import Band, Tier
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import Channel, VisitorClass
from hall_controller.domain.totals import BUCKETS_S, Histogram
from metrics.figures import SHOWN_BUCKETS_S, put_hall, put_status
from metrics.page import Page
from metrics.table import SPECS, Type, table
from tests.unit.domain.support import KIOSK, PRIORITY, Pretend, terminal
from tests.unit.metrics.scrapes import Read, text_of

DOCS = Path(__file__).parents[3] / "docs"


def read(hall: Pretend) -> Read:
    page = Page()
    put_hall(page, hall.hall, hall.now_ms)
    return Read(text_of(page))


def status_of(hall: Pretend, devices: dict[str, DeviceStatus], **changes: object) -> StatusReply:
    process = ProcessFigures(
        started_ms=1_000,
        commands={"call_next/accepted": 3, "call_next/refused": 1, "unknown/refused": 2},
        command_counts=[2, 1, *[0] * (len(COMMAND_BUCKETS_S) - 2), 1],
        command_sum_s=6.5,
        journal_writable=True,
        journal_bytes=4096,
        disk_bytes=10_000,
        disk_free_bytes=5_000,
        backed_up_ms=None,
    )
    reply = StatusReply(
        hall="BA001", tier=Tier.STREET, name_zh="", name_en="", version="1.2", epoch="e1", seq=1, now_ms=hall.now_ms,
        clock_rate=1.0, clock_off_ms=-1500, rehearsal=False, devices=devices, process=process,
    )  # fmt: skip
    return msgspec.structs.replace(reply, **changes)


def read_status(hall: Pretend, devices: dict[str, DeviceStatus], **changes: object) -> Read:
    page = Page()
    put_status(page, status_of(hall, devices, **changes), hall.hall)
    return Read(text_of(page))


def busy_morning() -> Pretend:
    hall = Pretend()
    hall.open(1, 2)
    hall.take_many(4)
    hall.take(PRIORITY, matter="licence")
    hall.later(minutes=4)
    hall.serve(1, seconds=400)
    hall.begin(2)
    return hall


def test_what_is_no_visit_is_counted_beside_and_what_is_outstanding_stands_now() -> None:
    hall = busy_morning()
    hall.do(c.Divert(matter="pension", way=How.ZERO_RUN), KIOSK)
    hall.rating = Rating.GOOD
    hall.take(PRIORITY, matter="licence")
    hall.begin(1)
    receipt = hall.accept(1, None, "X", 2)
    hall.finish(1)
    now = read(hall)
    assert now.by("hall_diversions_total", "way") == {"zero_run": 1}
    assert now("hall_diversions_total", way="by_phone") == 0, "from 0 on, so that a rate misses none"
    assert now("hall_acceptances_total") == now("hall_documents_outstanding") == 1
    assert now("hall_matters_handled_total") == 2
    assert now("hall_results_ready") == now("hall_results_handed_out_total") == 0
    hall.do(c.SupplyDocuments(receipt=receipt))
    hall.do(c.ReportResult(receipt=receipt))
    assert read(hall)("hall_results_ready") == 1
    hall.do(c.HandOut(counter=1, receipt=receipt), terminal(1))
    now = read(hall)
    assert (now("hall_results_ready"), now("hall_results_handed_out_total")) == (0, 1)
    assert sum(now.by("hall_visits_total", "band").values()) == 3, "visits are what they were"


def test_papers_under_way_are_those_that_have_not_arrived_whole() -> None:
    hall = Pretend()
    announce = c.AnnounceConsignment(
        consignment="BA900-261124-C01",
        carries=Carries.MATERIALS,
        receipts=("BA900-261124-0001", "BA900-261124-0002"),
        sent_at_ms=1,
        due_ms=2,
    )
    hall.do(announce)
    assert read(hall)("hall_consignments_under_way") == 1
    hall.do(c.ReceiveConsignment(consignment=announce.consignment, receipts=announce.receipts[:1]))
    assert read(hall)("hall_consignments_under_way") == 1
    hall.do(c.ReceiveConsignment(consignment=announce.consignment, receipts=announce.receipts[1:]))
    assert read(hall)("hall_consignments_under_way") == 0


# --- the hall's state ----------------------------------------------------------------------------


def test_a_morning_is_counted() -> None:
    now = read(busy_morning())
    reception = {"channel": "reception"}
    assert now("hall_tickets_issued_total", visitor_class="ordinary", subject="natural", **reception) == 4
    assert now("hall_tickets_issued_total", visitor_class="priority", subject="legal", **reception) == 1
    assert now("hall_calls_total") == 2
    assert now.by("hall_visits_total", "band") == now.by("hall_day_visits", "band") == {"regular": 2}
    assert now("hall_waiting_visitors", visitor_class="ordinary") == 3
    assert now("hall_waiting_visitors", visitor_class="priority") == 0
    assert now.by("hall_counters", "state") == {"closed": 6, "ready": 1, "serving": 1}
    assert now("hall_oldest_wait_seconds") == 240 + 400
    assert now.by("hall_issuing", "state") == {"open": 1}
    assert now("hall_open") == 1


def test_alerts_that_stand_are_counted_by_kind_and_what_is_well_is_left_out() -> None:
    hall = Pretend()
    hall.open(1, 2)
    hall.take_many(2)
    assert read(hall).by("hall_alerts", "alert") == {}
    hall.later(minutes=35)
    assert read(hall).by("hall_alerts", "alert") == {"counter_idle": 2, "long_wait": 1}


def test_a_visit_taken_back_is_counted_beside_and_leaves_the_days_figure() -> None:
    hall = busy_morning()
    hall.undo(2)
    now = read(hall)
    assert now("hall_visits_total", band="regular") == 2
    assert now("hall_visits_undone_total", band="regular") == 1
    assert now("hall_day_visits", band="regular") == 1


def test_board_and_exporter_say_the_same_number_of_visits() -> None:
    hall = busy_morning()
    hall.undo(2)
    on_board = re.findall(r"\d+", visits(hall.hall).en)
    assert int(on_board[0]) == sum(read(hall).by("hall_day_visits", "band").values())


def test_waits_and_services_are_histograms_in_the_libraries_sense() -> None:
    now = read(busy_morning())
    waits = {"band": "regular"}
    assert now("hall_wait_seconds_count", **waits) == 2
    assert now("hall_wait_seconds_sum", **waits) == 240 + 640
    assert now("hall_wait_seconds_bucket", le="180.0", **waits) == 0
    assert now("hall_wait_seconds_bucket", le="300.0", **waits) == 1
    assert now("hall_wait_seconds_bucket", le="900.0", **waits) == 2
    assert now("hall_wait_seconds_bucket", le="+Inf", **waits) == 2
    assert now("hall_service_seconds_sum", **waits) == 400


@pytest.mark.parametrize("seconds", [0, 60, 61, 120, 121, 480, 481, 7199, 7200, 7201, 100_000])
def test_an_exported_bucket_holds_what_is_at_most_its_bound(seconds: int) -> None:
    hall = Pretend()
    histogram = hall.hall.totals.waits[Band.REGULAR] = Histogram()
    histogram.observe(seconds)
    now = read(hall)
    assert set(SHOWN_BUCKETS_S) <= set(BUCKETS_S)
    for bound in SHOWN_BUCKETS_S:
        # 120 and 480 are bounds that the hall keeps, and the exporter leaves out.
        assert now("hall_wait_seconds_bucket", band="regular", le=str(float(bound))) == (seconds <= bound), bound


def test_only_bands_that_can_come_or_have_come_have_histograms() -> None:
    hall = Pretend()
    assert set(read(hall).by("hall_visits_total", "band")) == set()
    bands = {dict(labels)["band"] for name, labels in read(hall).samples if name == "hall_wait_seconds_count"}
    assert bands == {"regular", "evening", "weekend"}
    hall.hall.totals.waits[Band.HOLIDAY] = Histogram([1], 5)
    assert read(hall)("hall_wait_seconds_count", band="holiday") == 1


def test_predictions_are_what_the_visitors_are_told() -> None:
    hall = busy_morning()
    now = read(hall)
    told = [now("hall_predicted_wait_seconds", quantile=quantile) for quantile in ("0.5", "0.9", "1.0")]
    assert all(wait is not None for wait in told)
    assert told == sorted(told, key=lambda wait: wait or 0)
    newcomer = now("hall_newcomer_wait_seconds")
    assert newcomer is not None
    assert told[-1] is not None
    assert newcomer > told[-1], "behind all who wait"
    bound = now("hall_newcomer_wait_bound_seconds")
    assert bound is not None
    assert bound > newcomer


def test_the_bounds_that_visitors_were_told_are_counted_by_whether_they_held() -> None:
    hall = Pretend()
    hall.open(1)
    hall.take_many(2)
    hall.call(1)
    assert read(hall).by("hall_wait_bounds_total", "outcome") == {"held": 1}
    hall.later(minutes=90)
    hall.open(2)
    hall.call(2)
    assert read(hall).by("hall_wait_bounds_total", "outcome") == {"held": 1, "missed": 1}


def test_nothing_is_predicted_where_nobody_can_say() -> None:
    hall = Pretend()
    hall.take()
    now = read(hall)
    untold = {"hall_predicted_wait_seconds", "hall_newcomer_wait_seconds", "hall_newcomer_wait_bound_seconds"}
    assert not untold & now.names()
    hall.open(1)
    hall.call(1)
    assert read(hall).by("hall_wait_bounds_total", "outcome") == {}, "nobody was told a bound that could hold"
    assert read(Pretend())("hall_oldest_wait_seconds") == 0


def test_open_follows_the_hours_and_an_extension() -> None:
    hall = Pretend("2026-11-24 08:59:59")
    assert read(hall)("hall_open") == 0
    hall.later(seconds=1)
    assert read(hall)("hall_open") == 1
    hall.until("2026-11-24 19:59:00")
    hall.do(c.ExtendHours(minutes=30))
    hall.until("2026-11-24 20:29:59")
    assert read(hall)("hall_open") == 1
    hall.later(seconds=1)
    assert read(hall)("hall_open") == 0
    assert read(hall).by("hall_issuing", "state") == {"stopped": 1}


def test_a_hall_without_a_journal_yet_exports_nothing() -> None:
    page = Page()
    put_hall(page, Hall(), 0)
    assert text_of(page) == ""


# --- devices and process -------------------------------------------------------------------------


def test_a_device_is_up_while_it_is_heard() -> None:
    hall = Pretend()
    devices = {
        "board": DeviceStatus("board", hall.now_ms - 59_000),
        "kiosk": DeviceStatus("kiosk", hall.now_ms - 61_000),
        "reception": DeviceStatus("reception", None),
        "manager": DeviceStatus("manager", hall.now_ms),
    }
    now = read_status(hall, devices)
    assert now("hall_device_up", device="board", kind="board") == 1
    assert now("hall_device_up", device="kiosk", kind="kiosk") == 0
    assert now("hall_device_up", device="reception", kind="reception") == 0
    assert now("hall_device_up", device="manager", kind="manager") is None, "a manager comes and goes"


@pytest.mark.parametrize(("state", "paper", "up"), [("ok", 1, 1), ("warning", 0.5, 1), ("failed", 0, 0)])
def test_paper_is_told_by_level(state: str, paper: float, up: float) -> None:
    hall = Pretend()
    hall.hall.devices["printer/paper"] = DeviceReport("paper", DeviceState(state), "", hall.now_ms)
    now = read_status(hall, {"printer": DeviceStatus("printer", hall.now_ms)})
    assert now("hall_printer_paper", device="printer") == paper
    assert now("hall_device_up", device="printer", kind="paper") == up
    assert now("hall_device_up", device="printer", kind="printer") == 1


def test_a_printer_that_answers_but_cannot_print_is_down() -> None:
    hall = Pretend()
    hall.hall.devices["printer/printer"] = DeviceReport("printer", DeviceState.FAILED, "cover open", hall.now_ms)
    hall.hall.devices["printer/weather"] = DeviceReport("weather", DeviceState.OK, "", hall.now_ms)
    now = read_status(hall, {"printer": DeviceStatus("printer", hall.now_ms)})
    assert now("hall_device_up", device="printer", kind="printer") == 0
    assert now("hall_device_up", device="printer", kind="weather") is None, "no label is left to a device"


def test_the_voice_tells_how_late_it_is() -> None:
    hall = Pretend()
    now = read_status(hall, {"voice": DeviceStatus("voice", hall.now_ms, 12_500)})
    assert now("hall_announcement_delay_seconds", device="voice") == 12.5
    silent = read_status(hall, {"voice": DeviceStatus("voice", hall.now_ms)})
    assert "hall_announcement_delay_seconds" not in silent.names()


def test_the_process_tells_of_its_commands_disk_and_clock() -> None:
    now = read_status(Pretend(), {})
    assert now("hall_commands_total", type="call_next", outcome="accepted") == 3
    assert now("hall_commands_total", type="unknown", outcome="refused") == 2
    assert now("hall_command_seconds_count") == 4
    assert now("hall_command_seconds_bucket", le="0.005") == 3
    assert now("hall_command_seconds_bucket", le="5.0") == 3
    assert now("hall_clock_offset_seconds") == -1.5
    assert now("hall_journal_writable") == 1
    assert now("hall_disk_free_bytes") == 5000
    assert now("hall_backup_time_seconds") is None, "never backed up"
    assert now("hall_build_info", version="1.2", rehearsal="false") == 1


def test_an_older_controller_without_figures_is_served_all_the_same() -> None:
    now = read_status(Pretend(), {}, process=None)
    assert "hall_build_info" in now.names()
    assert "hall_commands_total" not in now.names()


# --- the whole page ------------------------------------------------------------------------------


def everything(counters: int = 40) -> Page:
    """A hall in which each label has had each of its values."""
    hall = Pretend(counters=counters)
    totals = hall.hall.totals
    for channel in Channel:
        for visitor_class in VisitorClass:
            # `appointment` is given at check-in alone, which is in time or late; that class is given nowhere else.
            other = VisitorClass.PRIORITY if channel is Channel.APPOINTMENT else VisitorClass.APPOINTMENT
            if visitor_class is not other:
                for subject in Subject:
                    totals.issued[f"{channel}/{visitor_class}/{subject}"] = 7
    totals.cancelled = dict.fromkeys(CancelReason, 2)
    for band in Band:
        totals.waits[band] = totals.services[band] = Histogram([1] * (len(BUCKETS_S) + 1), 9)
    hall.open(*range(1, counters + 1))
    hall.take_many(5 + counters)
    hall.call(1)
    devices = {f"counter-{number}": DeviceStatus("counter", hall.now_ms) for number in range(1, counters + 1)}
    devices |= {str(role): DeviceStatus(role, hall.now_ms) for role in Role if role is not Role.COUNTER}
    devices["voice"] = DeviceStatus("voice", hall.now_ms, 900)
    for key in ("printer/paper", "printer/printer", "voice/sound", "voice/queue", "voice/pack"):
        hall.hall.devices[key] = DeviceReport(key.split("/")[1], DeviceState.OK, "", hall.now_ms)
    for kind in AlertKind:
        hall.hall.alerts[f"{kind}/"] = Alert(kind, "", 1800, hall.now_ms, hall.now_ms)
    kinds = [str(command.__struct_config__.tag) for command in c.EXTERNAL]
    commands = {f"{kind}/{outcome}": 5 for kind in kinds for outcome in ("accepted", "refused", "error")}
    commands["unknown/refused"] = 5  # what cannot be read is never done
    status = status_of(hall, devices)
    assert status.process is not None
    process = msgspec.structs.replace(status.process, commands=commands, backed_up_ms=9_000)
    page = Page()
    put_status(page, msgspec.structs.replace(status, process=process), hall.hall)
    put_hall(page, hall.hall, hall.now_ms)
    page.put("hall_up", True)
    return page


def test_a_hall_of_40_counters_that_uses_everything_has_less_than_420_series() -> None:
    series = Read(text_of(everything())).samples
    assert 350 < len(series) < 420


def test_every_metric_of_the_table_is_exported_and_no_other() -> None:
    families = {family.name: family for family in everything().collect()}
    assert list(families) == [spec.name.removesuffix("_total") for spec in SPECS]
    for spec in SPECS:
        family = families[spec.name.removesuffix("_total")]
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(spec.labels), sample


def test_promtool_has_nothing_to_say() -> None:
    text = text_of(everything())
    result = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_openmetrics_says_the_same() -> None:
    page = everything()
    strict = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(openmetrics(page.registry()).decode())
        for sample in family.samples
    }
    assert strict == Read(generate_latest(page.registry()).decode()).samples


def test_of_a_silent_hall_only_what_is_counted_is_told() -> None:
    page = everything()
    page.drop_what_passes()
    lasting = {spec.name.removesuffix("_total") for spec in SPECS if spec.type in {Type.COUNTER, Type.HISTOGRAM}}
    assert {family.name for family in page.collect()} == lasting


def test_every_help_is_a_sentence() -> None:
    for spec in SPECS:
        assert spec.help.endswith("."), spec.name
        assert "|" not in spec.help


def test_the_page_in_the_docs_lists_every_metric() -> None:
    text = (DOCS / "metrics.md").read_text("utf-8")
    assert table() in text, "docs/metrics.md: replace its table by what `python -m metrics.table` prints"
