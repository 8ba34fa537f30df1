"""What the district's tests share: a hall's exporter, Debian's own Prometheus, and asking both."""

import contextlib
import http.client
import json
import subprocess
import tomllib
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import BOUND_S, free_port_row, start_part, started, wait_for
from tests.unit.metrics.scrapes import Read

CONFIG = """
global:
  scrape_interval: 250ms
scrape_configs:
  - job_name: hall
    static_configs:
      - targets: ["127.0.0.1:{port}"]
        labels: {{hall: BA001, tier: district}}
"""


class Exporter:
    """A `hall metrics` process and its page."""

    def __init__(self, directory: Path) -> None:
        self.dir = directory
        self.port = int(tomllib.loads((directory / "hall.toml").read_text("utf-8"))["device"]["metrics"]["port"])
        self.process = start_part(directory, "metrics")

    def start(self) -> None:
        self.process = start_part(self.dir, "metrics")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, path: str = "/metrics", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by their names in small letters, and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=BOUND_S)
        with contextlib.closing(connection):
            connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            given = {name.lower(): text for name, text in response.getheaders()}
            return response.status, given, response.read()

    def text(self) -> str:
        status, _, body = self.ask()
        assert status == 200, body
        return body.decode()

    def read(self) -> Read:
        return Read(self.text())

    def wait_for(self, value: float, name: str, **labels: str) -> Read:
        """The first page on which this metric has this value."""

        def page() -> Read | None:
            now = self.read()
            return now if now(name, **labels) == value else None

        found = wait_for(page, f"{name}{labels} = {value}")
        assert found is not None
        return found


@contextlib.contextmanager
def exporting(directory: Path) -> Iterator[Exporter]:
    exporter = Exporter(directory)
    try:
        yield exporter
    finally:
        with started(exporter.process):
            pass


class Prometheus:
    """A real Prometheus server that scrapes one exporter."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, path: str, **parameters: str) -> Any:
        """The `data` of an answer of its HTTP API; None while it does not answer."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=BOUND_S)) as connection:
            try:
                connection.request("GET", f"/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
                response = connection.getresponse()
                body = response.read()
            except OSError:
                return None
        if response.status == 503:
            return None  # it is starting
        answer = json.loads(body)
        assert answer["status"] == "success", answer
        return answer["data"]

    def query(self, promql: str, by: str = "band") -> dict[str, float]:
        """The value of each series now, by one label; zeros left out."""
        rows = self.ask("query", query=promql)["result"]
        return {row["metric"].get(by, ""): float(row["value"][1]) for row in rows if float(row["value"][1])}

    def now_s(self) -> float:
        """Its own clock, in Unix seconds: the only one that its samples know."""
        return float(self.ask("query", query="time()")["result"][1])

    def wait_for(self, expected: dict[str, float], promql: str, by: str = "band") -> None:
        wait_for(lambda: self.query(promql, by) == expected, f"{promql} = {expected}")


@contextlib.contextmanager
def prometheus(where: Path, exporter: Exporter) -> Iterator[Prometheus]:
    """Debian's Prometheus on a port and in a directory of its own."""
    port, config = free_port_row(), where / "prometheus.yml"
    config.write_text(CONFIG.format(port=exporter.port), "utf-8")
    options = {
        "config.file": config,
        "storage.tsdb.path": where / "prometheus",
        "web.listen-address": f"127.0.0.1:{port}",
        "log.level": "warn",
    }
    with (where / "prometheus.log").open("w") as log:
        process = subprocess.Popen(
            ["prometheus", *(f"--{name}={value}" for name, value in options.items())],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True,
        )  # fmt: skip
        with started(process):
            server = Prometheus(port)
            wait_for(lambda: server.ask("query", query="up"), "Prometheus")
            yield server
