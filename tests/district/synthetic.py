"""A district without its halls: one small server that is scraped as 135 exporters, and Debian's Prometheus over it."""

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from prometheus_client import generate_latest

from hall_controller.domain.counter import CounterState
from hall_controller.domain.rules import Band
from hall_controller.domain.ticket import VisitorClass
from metrics.district.inventory import HallEntry, Inventory
from metrics.figures import SHOWN_BUCKETS_S
from metrics.page import Page
from tests.district.watching import Prometheus
from tests.support import free_port_row, started, wait_for

CONFIG = """
global:
  scrape_interval: {scrape}
  evaluation_interval: {scrape}
rule_files: {rules}
scrape_configs:
  - job_name: hall
    file_sd_configs:
      - files: ["{targets}"]
"""


@dataclass
class Sham:
    """What a hall's exporter says. The names are held by the exporter's own table."""

    entry: HallEntry
    is_open: bool = True
    is_heard: bool = True
    wait_s: float | None = 240
    waiting: int = 3
    working: int = 2
    visits: dict[str, int] = field(default_factory=lambda: {"regular": 20, "lunch": 4, "evening": 6})
    calls: int = 40

    def text(self) -> bytes:
        page = Page()
        page.put("hall_up", self.is_heard)
        for band in Band:
            page.put("hall_visits_total", self.visits.get(band, 0) + 1000, band)
            page.put("hall_visits_undone_total", 1, band)
        for band in (Band.REGULAR, Band.LUNCH, Band.EVENING):
            for name in ("hall_wait_seconds", "hall_service_seconds"):
                counts = [self.calls, 2 * self.calls, self.calls, *(0 for _ in SHOWN_BUCKETS_S[2:])]
                page.put_histogram(name, SHOWN_BUCKETS_S, counts, 150.0 * self.calls, band)
        page.put("hall_calls_total", 4 * self.calls)
        page.put("hall_no_shows_total", self.calls // 8)
        for reason in ("visitor", "closing"):
            page.put("hall_tickets_cancelled_total", self.calls // 10, reason)
        for channel in ("kiosk", "reception"):
            page.put("hall_tickets_issued_total", 3 * self.calls, channel, "ordinary", "social-insurance")
        page.put("hall_wait_bounds_total", 9 * self.calls, "held")
        page.put("hall_wait_bounds_total", self.calls, "missed")
        for stars in range(1, 6):
            page.put("hall_ratings_total", stars * self.calls, str(stars))
        self._put_besides(page)
        page.put("hall_journal_events_total", 20 * self.calls)
        for outcome in ("accepted", "refused", "error"):
            page.put("hall_commands_total", self.calls, "call_next", outcome)
        page.put_histogram("hall_command_seconds", (0.005, 0.01, 0.1), (self.calls, 2, 1, 0), 0.4)
        if self.is_heard:
            self._put_room(page)
        return generate_latest(page.registry())

    def _put_besides(self, page: Page) -> None:
        """What is no visit."""
        for way in ("zero_run", "by_phone"):
            page.put("hall_diversions_total", self.calls, way)
        for name in ("matters_handled", "acceptances", "results_handed_out"):
            page.put(f"hall_{name}_total", 2 * self.calls)

    def _put_room(self, page: Page) -> None:
        page.put("hall_build_info", 1, "0.1.0", "false")
        page.put("hall_start_time_seconds", 1.7e9)
        page.put("hall_backup_time_seconds", 1.7e9)
        page.put("hall_clock_offset_seconds", 0.01)
        page.put("hall_open", self.is_open)
        for state in ("open", "stopped", "closed"):
            page.put("hall_issuing", (state == "open") is self.is_open and state != "stopped", state)
        for band in Band:
            page.put("hall_day_visits", self.visits.get(band, 0), band)
        for visitor_class in VisitorClass:
            page.put("hall_waiting_visitors", self.waiting if visitor_class == "ordinary" else 0, visitor_class)
        page.put("hall_oldest_wait_seconds", 200 if self.waiting else 0)
        for name in ("documents_outstanding", "results_ready", "consignments_under_way"):
            page.put(f"hall_{name}", 3)
        page.put("hall_alerts", 1, "consignment_overdue")
        for quantile in ("0.5", "0.9", "1.0"):
            page.put("hall_predicted_wait_seconds", 150, quantile)
        if self.wait_s is not None:
            page.put("hall_newcomer_wait_seconds", self.wait_s)
            page.put("hall_newcomer_wait_bound_seconds", 2 * self.wait_s)
        working = min(self.working, self.entry.counters)
        for state in CounterState:
            closed = self.entry.counters - working
            page.put("hall_counters", {"serving": working, "closed": closed}.get(state, 0), state)
        for device, kind in (("kiosk", "kiosk"), ("kiosk", "paper"), ("board", "board"), ("voice", "voice")):
            page.put("hall_device_up", 1, device, kind)
        page.put("hall_printer_paper", 1, "kiosk")
        page.put("hall_announcement_delay_seconds", 1.5, "voice")
        page.put("hall_journal_writable", 1)
        page.put("hall_journal_bytes", 3e6)
        page.put("hall_disk_free_bytes", 6e10)
        page.put("hall_disk_bytes", 1e11)


class District:
    """Its halls, each to be changed while it is scraped."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.halls = {entry.id: Sham(entry) for entry in inventory.hall}
        self.gone: set[str] = set()
        """Halls whose exporter does not answer."""
        self._texts: dict[str, bytes] = {}
        self.port = 0

    def change(self, hall: str, **values: object) -> None:
        for name, value in values.items():
            setattr(self.halls[hall], name, value)
        self._texts.pop(hall, None)

    def call_visitors(self) -> None:
        """Everywhere: so that there is something to make a rate of."""
        for hall, sham in self.halls.items():
            self.change(hall, calls=sham.calls + 8)

    def page(self, hall: str) -> bytes | None:
        if hall not in self.halls or hall in self.gone:
            return None
        if hall not in self._texts:
            self._texts[hall] = self.halls[hall].text()
        return self._texts[hall]

    def targets(self) -> str:
        return json.dumps([
            {
                "targets": [f"127.0.0.1:{self.port}"],
                "labels": {
                    "hall": entry.id,
                    "tier": entry.tier.value,
                    "street": entry.street,
                    "__metrics_path__": f"/{entry.id}",
                },
            }
            for entry in self.inventory.hall
        ])  # fmt: skip


@contextlib.contextmanager
def served(inventory: Inventory) -> Iterator[District]:
    district = District(inventory)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            text = district.page(self.path.strip("/"))
            self.send_response(503 if text is None else 200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(text or b"")))
            self.end_headers()
            self.wfile.write(text or b"")

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_: object) -> None:
            """A Prometheus that is killed says no goodbye."""

    with Server(("127.0.0.1", 0), Handler) as server:
        district.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield district
        server.shutdown()
        thread.join(10)


class Watch(Prometheus):
    """A Prometheus that can be killed and started again at its address, with what it had."""

    def __init__(self, where: Path, district: District, scrape: str, rules: Sequence[Path] = ()) -> None:
        self.port, self._where, self.district = free_port_row(), where, district
        super().__init__(self.port)
        self.address = f"http://127.0.0.1:{self.port}"
        targets, config = where / "halls.json", where / "prometheus.yml"
        targets.write_text(district.targets(), "utf-8")
        config.write_text(
            CONFIG.format(targets=targets, scrape=scrape, rules=json.dumps([str(file) for file in rules])), "utf-8"
        )
        self._config = config
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        options = {
            "config.file": self._config,
            "storage.tsdb.path": self._where / "tsdb",
            "web.listen-address": f"127.0.0.1:{self.port}",
            "log.level": "warn",
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        with (self._where / "prometheus.log").open("a") as log:
            self.process = subprocess.Popen(
                ["prometheus", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True
            )
        return self.process

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def watched(where: Path, district: District, scrape: str = "1s", rules: Sequence[Path] = ()) -> Iterator[Watch]:
    """Debian's Prometheus, once it has scraped every hall."""
    where.mkdir(parents=True, exist_ok=True)
    watch = Watch(where, district, scrape, rules)
    try:
        halls = len(district.inventory.hall)
        wait_for(lambda: watch.ask("query", query="up"), "Prometheus")
        wait_for(lambda: watch.query("count(hall_up)", "hall") == {"": halls}, f"{halls} halls scraped", 60)
        yield watch
    finally:
        with started(watch.process):
            pass
