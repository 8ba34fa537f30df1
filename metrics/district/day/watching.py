"""One real Prometheus over all halls, agents in some of them, and what it has seen."""

import asyncio
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hall_controller.making import free_port
from hall_controller.part import Trouble
from metrics.district.day.children import Child
from metrics.district.inventory import HallEntry

EVERY_S, LEAST_S = 120.0, 1.0
"""Samples are taken so often by the halls' clock, and not more often by ours than the other: one machine plays all."""
READY_S, TRY_AGAIN_S = 60.0, 0.2
_DISTRICT = """
global:
  scrape_interval: {every_ms}ms
  scrape_timeout: {every_ms}ms
scrape_configs:
  - job_name: hall
    file_sd_configs:
      - files: ["targets.json"]
storage:
  tsdb:
    out_of_order_time_window: 2h
"""
_AGENT = """
global:
  scrape_interval: {every_ms}ms
  scrape_timeout: {every_ms}ms
  external_labels: {labels}
scrape_configs:
  - job_name: hall
    static_configs:
      - targets: ["127.0.0.1:{port}"]
remote_write:
  - url: http://127.0.0.1:{upwards}/api/v1/write
    remote_timeout: 2s
    queue_config: {{ min_backoff: 50ms, max_backoff: 500ms, batch_send_deadline: 250ms, max_shards: 2 }}
"""


def every_s(speed: float) -> float:
    return max(EVERY_S / speed, LEAST_S)


def labels(hall: HallEntry) -> dict[str, str]:
    return {"hall": hall.id, "tier": hall.tier.value, "street": hall.street}


class Watch:
    """The district's Prometheus."""

    def __init__(self, where: Path, logs: Path) -> None:
        self._where = where
        self._logs = logs
        self.port = free_port(9_100)
        self.server: Child | None = None
        self.agents: dict[str, Child] = {}

    async def start(self, halls: Iterable[HallEntry], ports: Mapping[str, int], speed: float) -> None:
        """`ports`: at which each hall is scraped."""
        self._where.mkdir()
        config = self._where / "prometheus.yml"
        config.write_text(_DISTRICT.format(every_ms=round(every_s(speed) * 1000)), "utf-8")
        groups = [
            {"targets": [f"127.0.0.1:{ports[hall.id]}"], "labels": labels(hall)} for hall in halls if hall.id in ports
        ]
        (self._where / "targets.json").write_text(json.dumps(groups, ensure_ascii=False), "utf-8")
        options = {
            "config.file": config,
            "storage.tsdb.path": self._where / "data",
            "web.listen-address": f"127.0.0.1:{self.port}",
            "log.level": "warn",
        }
        words = ["prometheus", *(f"--{name}={value}" for name, value in options.items())]
        self.server = Child([*words, "--web.enable-remote-write-receiver"], self._logs / "prometheus.log")
        await self.server.start()
        deadline = asyncio.get_running_loop().time() + READY_S
        while await self.ask("query", query="up") is None:
            if self.server.ended or asyncio.get_running_loop().time() > deadline:
                raise Trouble(f"Prometheus did not start; {self.server.log} says why")
            await asyncio.sleep(TRY_AGAIN_S)

    async def start_agent(self, hall: HallEntry, port: int, upwards: int, speed: float) -> None:
        """In the hall: it scrapes the port there, and sends its samples upwards through another."""
        directory = self._where / f"agent-{hall.id}"
        directory.mkdir()
        config = directory / "agent.yml"
        given = json.dumps(labels(hall), ensure_ascii=False)
        text = _AGENT.format(every_ms=round(every_s(speed) * 1000), labels=given, port=port, upwards=upwards)
        config.write_text(text, "utf-8")
        options = {
            "config.file": config,
            "storage.agent.path": directory / "data",
            "web.listen-address": f"127.0.0.1:{free_port(self.port + 10 * (len(self.agents) + 1))}",
            "log.level": "error",
        }
        words = ["prometheus", "--enable-feature=agent", *(f"--{name}={value}" for name, value in options.items())]
        self.agents[hall.id] = Child(words, self._logs / f"agent-{hall.id}.log", {"GOMAXPROCS": "1"})
        await self.agents[hall.id].start()

    async def end(self) -> None:
        children = [*self.agents.values(), *([self.server] if self.server else [])]
        await asyncio.gather(*(child.end() for child in children))

    async def ask(self, path: str, **parameters: str) -> Any:
        """The `data` of an answer of its HTTP API; None while it does not answer."""
        text = await self._get(f"/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        return json.loads(text)["data"] if text else None

    async def _get(self, target: str) -> str:
        def get() -> str:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{target}", timeout=30) as answer:
                    return str(answer.read().decode())
            except (urllib.error.URLError, OSError):
                return ""

        return await asyncio.to_thread(get)

    async def by_hall(self, promql: str) -> dict[str, float]:
        found = await self.ask("query", query=promql) or {"result": []}
        return {row["metric"].get("hall", ""): float(row["value"][1]) for row in found["result"]}

    async def sampled_s(self, hall: str, within_s: float) -> list[float]:
        """When there is a sample of what the hall has counted, in seconds since 1970."""
        promql = f'hall_journal_events_total{{hall="{hall}"}}[{round(within_s)}s]'
        found = await self.ask("query", query=promql) or {"result": []}
        return sorted({float(at_s) for row in found["result"] for at_s, _ in row["values"]})

    async def own(self, metric: str) -> float:
        """Of Prometheus itself."""
        found = re.search(rf"(?m)^{metric} (\S+)$", await self._get("/metrics"))
        return float(found[1]) if found else 0.0

    async def appended(self) -> float:
        text = await self._get("/metrics")
        return sum(map(float, re.findall(r"(?m)^prometheus_tsdb_head_samples_appended_total\S* (\S+)$", text)))
