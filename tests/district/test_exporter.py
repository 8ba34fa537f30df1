"""`hall metrics` as a process: what it answers, what it knows of the controller, and how it starts and stops."""

import contextlib
import gzip
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.figures import BACKED_UP
from metrics.door import MOST_CONNECTIONS
from tests.district.watching import Exporter, exporting
from tests.support import MATTER, RunningHall, hall_command, make_hall, start_controller, start_part, started
from tests.unit.metrics.scrapes import Read

ISSUE = c.IssueTicket(matter=MATTER)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("exporter"))) as running:
        yield running


@pytest.fixture(scope="module")
def exporter(hall: RunningHall) -> Iterator[Exporter]:
    with exporting(hall.dir) as running:
        running.wait_for(1, "hall_up")
        yield running


# --- HTTP ----------------------------------------------------------------------------------------


def test_a_plain_scrape_and_one_in_openmetrics(exporter: Exporter) -> None:
    status, headers, body = exporter.ask()
    assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b"hall_up 1.0\n" in body
    wanted = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,*/*;q=0.1"
    status, headers, body = exporter.ask(Accept=wanted)
    assert headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert body.endswith(b"# EOF\n")


def test_a_page_over_a_thin_line_is_small(exporter: Exporter) -> None:
    status, headers, body = exporter.ask(Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert len(body) < 5_000
    assert Read(gzip.decompress(body).decode())("hall_up") == 1


@pytest.mark.parametrize(
    ("path", "method", "status", "says"),
    [
        ("/", "GET", 404, b"/metrics"),
        ("/metrics/", "GET", 404, b"/metrics"),
        ("/../etc/passwd", "GET", 404, b"/metrics"),
        ("/metrics", "POST", 405, b"use GET"),
        ("/metrics?name=hall_up", "GET", 200, b"hall_up"),
        ("/metrics", "HEAD", 200, b""),
    ],
)
def test_there_is_one_page_to_get(exporter: Exporter, path: str, method: str, status: int, says: bytes) -> None:
    answer = exporter.ask(path, method)
    assert answer[0] == status
    assert says in answer[2]
    assert len(answer[2]) < 200 or status == 200


@pytest.mark.parametrize(
    "accept",
    [
        "application/openmetrics-text;version=x",
        "application/openmetrics-text;version=9.0.0",
        "text/plain;version=1.0.0;=",
        ";;,,",
        "é",
    ],
)
def test_a_strange_wish_is_answered(exporter: Exporter, accept: str) -> None:
    assert exporter.ask(Accept=accept)[0] in {200, 400}
    assert exporter.ask()[0] == 200


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\x02\r\n\r\n", b"GET /metrics\r\n\r\n", b"A" * 20_000, b"\r\n\r\n"])
def test_what_is_no_request_is_said_so(exporter: Exporter, junk: bytes) -> None:
    with socket.create_connection(("127.0.0.1", exporter.port), timeout=15) as connection:
        connection.sendall(junk)
        answer = b""
        with contextlib.suppress(ConnectionError):  # cut off with half of the junk unread
            answer = connection.recv(4096)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 ")) or not answer
    assert exporter.ask()[0] == 200


def test_slow_scrapers_do_not_pile_up_and_nobody_waits_for_them(exporter: Exporter) -> None:
    with contextlib.ExitStack() as stack:
        slow = []
        for _ in range(3 * MOST_CONNECTIONS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", exporter.port), timeout=15))
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
            slow.append(connection)
        begun_s = time.monotonic()
        assert exporter.ask()[0] == 200
        assert time.monotonic() - begun_s < 3
        for connection in slow[:MOST_CONNECTIONS]:
            with contextlib.suppress(ConnectionError):
                assert connection.recv(100) == b"", "cut off"
    assert "Traceback" not in exporter.dir.with_name("metrics.log").read_text()


# --- the controller's process --------------------------------------------------------------------


@pytest.mark.timeout(120)
def test_commands_are_counted_by_outcome_and_begin_anew_with_the_controller(tmp_path: Path) -> None:
    with start_controller(make_hall(tmp_path)) as hall, exporting(hall.dir) as exporter:
        hall.do(ISSUE, request_id="once")
        hall.do(ISSUE, request_id="once")
        hall.do(ISSUE, "board")
        assert hall.do(c.CallNext(counter=1)).code is Code.COUNTER_CLOSED
        hall.do(c.SetNotice(zh="你好"))
        resource.prlimit(hall.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        refused = hall.do(ISSUE)
        assert isinstance(refused, Refusal)
        assert refused.code is Code.STORAGE
        now = exporter.wait_for(1, "hall_commands_total", type="any", outcome="error")
        assert now("hall_journal_writable") == 0
        assert now("hall_commands_total", type="issue_ticket", outcome="accepted") == 1, "done once, counted once"
        assert now("hall_commands_total", type="issue_ticket", outcome="refused") == 1, "no board issues"
        assert now("hall_commands_total", type="call_next", outcome="refused") == 1
        assert now("hall_command_seconds_count") == 2
        assert now("hall_tickets_issued_total", channel="reception", visitor_class="ordinary", subject="natural") == 1
        hall.kill()
        hall.start()
        now = exporter.wait_for(0, "hall_command_seconds_count")
        assert now("hall_commands_total", type="issue_ticket", outcome="accepted") is None
        assert now("hall_journal_writable") == 1
        assert now("hall_tickets_issued_total", channel="reception", visitor_class="ordinary", subject="natural") == 1


def test_a_backup_is_seen(hall: RunningHall, exporter: Exporter, tmp_path: Path) -> None:
    assert "hall_backup_time_seconds" not in exporter.read().names()
    assert hall_command("backup", hall.dir, tmp_path / "backup.tar.gz").returncode == 0
    hall.do(c.SetNotice(zh="备份"))
    made = None
    deadline = time.monotonic() + 20
    while made is None:
        assert time.monotonic() < deadline
        made = exporter.read()("hall_backup_time_seconds")
    assert abs(made - (hall.dir / BACKED_UP).stat().st_mtime) < 1


def test_a_part_that_follows_is_up(hall: RunningHall, exporter: Exporter) -> None:
    with started(start_part(hall.dir, "board", "--port", "0")):
        exporter.wait_for(1, "hall_device_up", device="board", kind="board")
        assert exporter.read()("hall_device_up", device="kiosk", kind="kiosk") == 0


# --- start and end -------------------------------------------------------------------------------


def test_it_ends_cleanly_with_a_hall_and_without_one(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    with exporting(directory) as alone:
        assert set(alone.read().samples) == {("hall_up", frozenset())}, "nothing is known yet"
        with start_controller(directory):
            alone.wait_for(1, "hall_up")
            alone.process.terminate()
            assert alone.process.wait(10) == 0
    with exporting(directory) as alone:
        assert alone.read()("hall_up") == 0
        alone.process.terminate()
        assert alone.process.wait(10) == 0
    assert "Traceback" not in (tmp_path / "metrics.log").read_text()


def test_a_scraper_that_holds_on_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with exporting(make_hall(tmp_path)) as alone, socket.create_connection(("127.0.0.1", alone.port)) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\n")
        alone.process.terminate()
        assert alone.process.wait(10) == 0
    assert "Traceback" not in (tmp_path / "metrics.log").read_text()


def test_a_taken_port_is_named_with_its_mend(exporter: Exporter) -> None:
    result = hall_command("metrics", exporter.dir)
    assert result.returncode == 2
    assert f"127.0.0.1:{exporter.port}: Address already in use; choose another port" in result.stderr


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    file = directory / "hall.toml"
    file.write_text(file.read_text("utf-8").replace("[device.metrics]", "[device.metrics]\nprot = 1"), "utf-8")
    result = hall_command("metrics", directory)
    assert result.returncode == 2
    assert "[device.metrics]" in result.stderr
    assert "prot" in result.stderr
