"""A line is cut for a while: a hall that is only scraped has a hole in its figures, one that has an agent has none.

The configuration is the deployed one, at a pace of seconds. A Prometheus takes nothing that is older than half of its
newest block, an hour as a rule: here a block is of ten seconds, so that a cut of twelve is a long one.
"""

import contextlib
import itertools
import json
import math
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Refusal
from tests.district.watching import Prometheus, exporting
from tests.support import MATTER, RunningHall, free_port_row, make_hall, start_controller, started, wait_for

PLACE = Path(__file__).parents[2] / "deploy" / "prometheus"
CUT_S = 12.0
INTERVAL_S = 1.0
BLOCK_S = 10
LABELS = {"HALL": "BA002", "TIER": "street", "STREET": "新安"}


class Line:
    """A TCP line to a port of this machine. Cut, it refuses whoever comes and hangs up on whoever is there."""

    def __init__(self, to_port: int) -> None:
        self._to_port, self.port, self._whole = to_port, free_port_row(), True
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to_port)) if self._whole else None
            except OSError:
                far = None
            if far is None:
                near.close()
                continue
            self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                self._threads.append(threading.Thread(target=self._carry, args=(one, other)))
                self._threads[-1].start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self._whole = False
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()
        for end in self._open:
            end.close()


@contextlib.contextmanager
def line(to_port: int) -> Iterator[Line]:
    made = Line(to_port)
    try:
        yield made
    finally:
        made.close()


def deployed(name: str, **changes: str) -> str:
    """A file of deploy/prometheus at the pace of the test; `changes` are what a technician adapts too."""
    text = (PLACE / name).read_text("utf-8").replace("interval: 15s", "interval: 1s")
    text = text.replace("    scrape_timeout: 10s\n", "").replace("max_backoff: 30s", "max_backoff: 1s")
    text = text.replace("batch_send_deadline: 5s", "batch_send_deadline: 1s")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def running(file: Path, port: int, *options: str, **environment: str) -> Iterator[Prometheus]:
    words = ["prometheus", f"--config.file={file}", f"--web.listen-address=127.0.0.1:{port}", *options]
    with file.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True, env={**os.environ, **environment}
        )
        with started(process):
            server = Prometheus(port)
            wait_for(lambda: server.ask("status/buildinfo"), file.stem)
            yield server


@contextlib.contextmanager
def district(where: Path, scraped: int, port: int, window: str) -> Iterator[Prometheus]:
    """The district's Prometheus, which scrapes BA001 and receives what others send."""
    (where / "targets").mkdir(parents=True)
    group = {"targets": [f"127.0.0.1:{scraped}"], "labels": {"hall": "BA001", "tier": "street", "street": "新安"}}
    (where / "targets" / "halls.json").write_text(json.dumps([group]), "utf-8")
    shutil.copytree(PLACE / "rules", where / "rules")
    changes = {"127.0.0.1:9090": f"127.0.0.1:{port}", "time_window: 1d": f"time_window: {window}"}
    (where / "district.yml").write_text(deployed("district.yml", **changes), "utf-8")
    blocks = [f"--storage.tsdb.{edge}-block-duration={BLOCK_S}s" for edge in ("min", "max")]
    options = ["--web.enable-remote-write-receiver", f"--storage.tsdb.path={where / 'data'}", *blocks]
    with running(where / "district.yml", port, *options) as server:
        yield server


@contextlib.contextmanager
def agent(where: Path, exporter: int, *upwards: int) -> Iterator[None]:
    """The hall's own Prometheus, which sends what it scrapes to these ports."""
    where.mkdir()
    (where / "password").write_text("secret")
    text = deployed("agent.yml", **{"127.0.0.1:5706": f"127.0.0.1:{exporter}"})
    head, way = text.split("remote_write:\n")
    way = way.replace("/etc/prometheus/district.password", str(where / "password"))
    ways = [way.replace("https://prometheus.district.example", f"http://127.0.0.1:{port}") for port in upwards]
    (where / "agent.yml").write_text(f"{head}remote_write:\n{''.join(ways)}", "utf-8")
    options = ["--enable-feature=agent,expand-external-labels", f"--storage.agent.path={where / 'data'}"]
    with running(where / "agent.yml", free_port_row(), *options, **LABELS):
        yield


def accept(hall: RunningHall, *commands: c.Command) -> None:
    for command in commands:
        reply = hall.do(command)
        assert not isinstance(reply, Refusal), reply


def visit(hall: RunningHall) -> None:
    accept(hall, c.IssueTicket(matter=MATTER), c.CallNext(counter=1))
    accept(hall, c.StartService(counter=1), c.FinishService(counter=1))


def moments(server: Prometheus, hall: str) -> list[float]:
    """When the figures were taken that the district has of a hall."""
    rows = server.ask("query", query=f'hall_journal_events_total{{hall="{hall}"}}[10m]')["result"]
    return [float(moment) for row in rows for moment, _ in row["values"]]


def hole_s(server: Prometheus, hall: str) -> float:
    """The longest time without figures."""
    return max((after - before for before, after in itertools.pairwise(moments(server, hall))), default=math.inf)


def visits_at(server: Prometheus, hall: str, moment_s: float) -> set[float]:
    """The visits that the district says there had been in the three seconds before that moment."""
    asked = f'sum by (hall) (last_over_time(hall_day_visits{{hall="{hall}"}}[3s]))'
    rows = server.ask("query_range", query=asked, start=f"{moment_s}", end=f"{moment_s}", step="1")["result"]
    return {float(value) for row in rows for _, value in row["values"]}


@pytest.mark.timeout(150)
def test_an_agent_fills_what_a_cut_line_missed(tmp_path: Path) -> None:
    ports = [free_port_row() for _ in range(2)]
    with contextlib.ExitStack() as stack:
        hall = stack.enter_context(start_controller(make_hall(tmp_path)))
        accept(hall, c.OpenCounter(counter=1, clerk="7"))
        exporter = stack.enter_context(exporting(hall.dir))
        lines = [stack.enter_context(line(port)) for port in (exporter.port, *ports)]
        server = stack.enter_context(district(tmp_path / "a", lines[0].port, ports[0], "1d"))
        strict = stack.enter_context(district(tmp_path / "b", lines[0].port, ports[1], "0s"))
        stack.enter_context(agent(tmp_path / "agent", exporter.port, lines[1].port, lines[2].port))
        visit(hall)
        for each in (server, strict):
            each.wait_for({"BA001": 1, "BA002": 1}, "sum by (hall) (hall_day_visits)", by="hall")
        assert server.query('hall_up{job="hall"}', "street") == {"新安": 1}
        assert server.query('hall_up{hall="BA002"}', "tier") == {"street": 1}

        for one in lines:
            one.cut()
        cut_s = server.now_s()
        served_s = []
        for _ in range(3):
            visit(hall)
            served_s.append(server.now_s())
            wait_for(lambda: server.now_s() > served_s[-1] + CUT_S / 3)  # the cut takes its time
        assert server.now_s() - max(moments(server, "BA002")) > CUT_S / 2, "the line is truly cut"
        for one in lines:
            one.mend()
        mended_s = server.now_s()

        for each in (server, strict):
            wait_for(lambda each=each: max(moments(each, "BA001")) > mended_s, "the scrapes")  # type: ignore[misc]
            wait_for(lambda each=each: max(moments(each, "BA002")) > mended_s + 3, "the agent")  # type: ignore[misc]
        for number, moment_s in enumerate(served_s, 2):
            known = visits_at(server, "BA002", moment_s + CUT_S / 3 - 0.5)
            assert known == {float(number)}, "each visit of the cut at its time"
            assert visits_at(server, "BA001", moment_s + CUT_S / 3 - 0.5) == set()
        holes = {
            "scraped": hole_s(server, "BA001"),
            "sent": hole_s(server, "BA002"),
            "sent, without a window": hole_s(strict, "BA002"),
        }
        print(f"cut for {mended_s - cut_s:.1f} s; the longest hole: {holes}")
        assert holes["scraped"] > CUT_S - INTERVAL_S
        assert holes["sent"] <= 2.1 * INTERVAL_S
        assert holes["sent, without a window"] > CUT_S / 4, "the window of district.yml is what lets late samples in"
        server.wait_for({"BA001": 4, "BA002": 4}, "sum by (hall) (hall_day_visits)", by="hall")
