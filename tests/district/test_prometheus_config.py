"""The configuration as it is deployed: the tools accept it, and a real Alertmanager makes one message of a cut line."""

import contextlib
import http.client
import json
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support import free_port_row, hall_command, started, wait_for

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "deploy" / "prometheus"
STREET = {"district": "宝安", "street": "新安"}


def tool(*words: str | Path) -> str:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- Prometheus ----------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """As /etc/prometheus is after docs/monitoring.md."""
    place = tmp_path / "prometheus"
    shutil.copytree(PLACE, place)
    assert hall_command("district", "targets", "--out", place / "targets").returncode == 0
    return place


def test_the_districts_configuration_is_accepted_with_its_rules_and_targets(installed: Path) -> None:
    said = tool("promtool", "check", "config", installed / "district.yml")
    assert "4 rule files found" in said
    assert "FAILED" not in said
    assert "135 rules found" in said
    assert "WARNING" not in said


def test_the_targets_are_those_of_the_inventory(installed: Path) -> None:
    found = json.loads(
        tool("promtool", "check", "service-discovery", "--timeout=5s", installed / "district.yml", "hall")
    )
    labels = [target["labels"] for target in found]
    assert len(labels) == 135
    assert {one["hall"] for one in labels if one["street"] == "石岩"} >= {"BA011"}
    assert all(one["hall"] and one["tier"] and one["street"] for one in labels)


def test_the_agents_configuration_is_accepted(installed: Path) -> None:
    (installed / "district.password").write_text("secret")
    text = (installed / "agent.yml").read_text("utf-8")
    (installed / "agent.yml").write_text(text.replace("/etc/prometheus/", f"{installed}/"), "utf-8")
    assert "SUCCESS" in tool("promtool", "check", "config", "--agent", installed / "agent.yml")


@pytest.mark.parametrize("page", ["monitoring.md", "scale.md"])
def test_the_configurations_in_the_docs_are_accepted(page: str, installed: Path) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)):
        file = installed / f"block-{number}.yml"
        file.write_text(block, "utf-8")
        tool("promtool", "check", "config", "--syntax-only", file)


# --- Alertmanager --------------------------------------------------------------------------------


def test_amtool_accepts_the_configuration() -> None:
    assert "6 inhibit rules" in tool("amtool", "check-config", PLACE / "alertmanager.yml")


@pytest.mark.parametrize(
    ("severity", "receiver"), [("critical", "duty"), ("warning", "technicians"), ("unheard_of", "duty")]
)
def test_who_is_told(severity: str, receiver: str) -> None:
    config = f"--config.file={PLACE / 'alertmanager.yml'}"
    assert tool("amtool", "config", "routes", "test", config, f"severity={severity}", "hall=BA002").strip() == receiver


class Webhook:
    """Receives what Alertmanager sends, in order: the receiver, and the message."""

    def __init__(self) -> None:
        self.messages: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        messages = self.messages

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                messages.put((self.path.strip("/"), json.loads(body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port

    def next(self) -> tuple[str, dict[str, Any]]:
        return self.messages.get(timeout=20)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    hook = Webhook()
    thread = threading.Thread(target=hook.server.serve_forever)
    thread.start()
    yield hook
    hook.server.shutdown()
    thread.join()
    hook.server.server_close()


class Alertmanager:
    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, method: str, path: str, body: object = None) -> Any:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)) as connection:
            try:
                connection.request(
                    method, f"/api/v2/{path}", json.dumps(body), headers={"Content-Type": "application/json"}
                )
                response = connection.getresponse()
                said = response.read()
            except OSError:
                return None
        assert response.status == 200, said
        return json.loads(said) if said else {}

    def post(self, *alerts: dict[str, str]) -> None:
        """All in one request, as Prometheus sends those of one evaluation."""
        self.ask("POST", "alerts", [{"labels": alert} for alert in alerts])

    def by_state(self, state: str) -> set[str]:
        return {one["labels"]["alertname"] for one in self.ask("GET", "alerts") if one["status"]["state"] == state}


@pytest.fixture
def alertmanager(tmp_path: Path, webhook: Webhook) -> Iterator[Alertmanager]:
    """Debian's, with the deployed configuration: only its waits are of a second, and its addresses lead here."""
    text = (PLACE / "alertmanager.yml").read_text("utf-8").replace("127.0.0.1:9095", f"127.0.0.1:{webhook.port}")
    text = re.sub(r"(group_wait|group_interval): \w+", r"\1: 1s", text)
    config, port = tmp_path / "alertmanager.yml", free_port_row()
    config.write_text(text, "utf-8")
    options = {
        "config.file": config,
        "storage.path": tmp_path / "alertmanager",
        "web.listen-address": f"127.0.0.1:{port}",
        "cluster.listen-address": "",
    }
    with (tmp_path / "alertmanager.log").open("w") as log:
        process = subprocess.Popen(
            ["prometheus-alertmanager", *(f"--{name}={value}" for name, value in options.items())],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True,
        )  # fmt: skip
        with started(process):
            server = Alertmanager(port)
            wait_for(lambda: server.ask("GET", "status") is not None, "Alertmanager")
            yield server


def about_hall(alert: str, number: int, severity: str = "critical", street: str = "新安") -> dict[str, str]:
    hall = {"hall": f"BA{number:03}", "tier": "community", "street": street, "district": "宝安"}
    return {"alertname": alert, "severity": severity, "scope": "hall", **hall}


CUT_STREET = {"alertname": "StreetCutOff", "severity": "critical", "scope": "street", **STREET}
CUT_DISTRICT = {"alertname": "DistrictCutOff", "severity": "critical", "scope": "district", "district": "宝安"}


def behind_the_line(street: str = "新安", first: int = 1) -> list[dict[str, str]]:
    """What 13 halls behind a cut line may say, 39 alerts."""
    return [
        about_hall(name, number, severity, street)
        for number in range(first, first + 13)
        for name, severity in (("HallUnreachable", "critical"), ("BackupOld", "warning"), ("NoCounterOpen", "critical"))
    ]


def test_a_cut_line_is_one_message_and_not_forty(alertmanager: Alertmanager, webhook: Webhook) -> None:
    elsewhere = about_hall("PrinterOut", 99, street="西乡")
    alertmanager.post(CUT_STREET, *behind_the_line(), elsewhere)
    told = [webhook.next() for _ in range(2)]
    assert {receiver for receiver, _ in told} == {"duty"}
    alerts = [alert["labels"]["alertname"] for _, message in told for alert in message["alerts"]]
    assert sorted(alerts) == ["PrinterOut", "StreetCutOff"], "the other street's trouble is told as ever"
    alertmanager.post(CUT_STREET, *behind_the_line(), elsewhere)  # as Prometheus does again and again
    wait_for(lambda: alertmanager.by_state("unprocessed") == set(), "all alerts are looked at")
    assert alertmanager.by_state("active") == {"PrinterOut", "StreetCutOff"}
    assert alertmanager.by_state("suppressed") == {"HallUnreachable", "BackupOld", "NoCounterOpen"}
    with pytest.raises(queue.Empty):
        webhook.messages.get(timeout=4)  # four intervals of a group without a further message


def test_the_districts_own_line_is_one_message_too(alertmanager: Alertmanager, webhook: Webhook) -> None:
    streets = [{**CUT_STREET, "street": street} for street in ("新安", "西乡")]
    alertmanager.post(CUT_DISTRICT, *streets, *behind_the_line(), *behind_the_line("西乡", 14))
    _, message = webhook.next()
    assert [alert["labels"]["alertname"] for alert in message["alerts"]] == ["DistrictCutOff"]
    wait_for(lambda: alertmanager.by_state("unprocessed") == set(), "all alerts are looked at")
    assert alertmanager.by_state("active") == {"DistrictCutOff"}


def test_the_cause_is_told_and_not_what_it_brings(alertmanager: Alertmanager, webhook: Webhook) -> None:
    alertmanager.post(
        about_hall("NoCounterOpen", 2),
        about_hall("HallSilent", 2, "warning"),
        about_hall("VisitorWaitsTooLong", 2),
        about_hall("VisitorWaitsTooLong", 3),
        about_hall("WaitOverTarget", 3, "warning"),
        about_hall("DiskFills", 4, "warning"),
        about_hall("BackupOld", 5, "warning"),
    )
    told = [webhook.next() for _ in range(3)]
    assert sorted((to, *sorted(one["labels"]["alertname"] for one in said["alerts"])) for to, said in told) == [
        ("duty", "NoCounterOpen"),
        ("duty", "VisitorWaitsTooLong"),
        ("technicians", "BackupOld", "DiskFills"),  # one message a street
    ]
