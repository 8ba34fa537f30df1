"""A controller and a gateway, both real processes, and an HTTP client that knows nothing of ours."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from hall_controller.domain import commands as c
from tests.support import MATTER, RunningHall, hall_command, local_ms, start_controller, start_part, started, wait_for

Json = dict[str, Any]
MONDAY = "2026-11-30"
JSON = {"Content-Type": "application/json"}


def at(time: str, day: str = MONDAY) -> str:
    return f"{day}T{time}:00+08:00"


class Site:
    """A hall with its gateway."""

    def __init__(self, hall: RunningHall, url: str) -> None:
        self.hall = hall
        self.url = url
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=20)

    def get(self, path: str, status: int = 200, **options: Any) -> Json:
        return self._answer(self.http.get(path, **options), status)

    def post(self, path: str, body: Json | None = None, status: int = 200, **options: Any) -> Json:
        return self._answer(self.http.post(path, json=body, **options), status)

    def refused(self, path: str, body: Json | None = None, **options: Any) -> tuple[int, str]:
        """(status, code) of a POST that is refused in our one shape."""
        return problem(self.http.post(path, json=body, **options))

    def _answer(self, response: httpx.Response, status: int) -> Json:
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/json"
        found: Json = response.json()
        return found

    def book(self, slot: str, holder: str = "h1", matter: str = MATTER, **more: Any) -> Json:
        return self.post("/bookings", {"matter": matter, "slot_at": slot, "holder": holder, **more}, 201)

    def clock(self, local_time: str) -> None:
        """Of a rehearsal hall; the gateway hears of it, too."""
        self.hall.set_clock(local_time)
        self.hall.do(c.OpenCounter(counter=4, clerk="clock"))
        self.hall.do(c.CloseCounter(counter=4))
        seconds = local_ms(local_time) // 1000
        self.until(lambda: now_of(self.get("/hall")) >= seconds)

    def until(self, condition: Any) -> None:
        wait_for(condition)


def now_of(hall: Json) -> int:
    return int(dt.datetime.fromisoformat(hall["now"]).timestamp())


def problem(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert set(body) == {"code", "message", "field"}, body
    assert body["message"].endswith("."), body
    assert "Traceback" not in response.text
    assert response.status_code < 500 or response.status_code == 503
    if response.status_code in (429, 503):
        assert int(response.headers["retry-after"]) >= 1
    return response.status_code, body["code"]


def enroll(directory: Path, settings: str = "") -> None:
    assert hall_command("enroll", directory, "gateway", "--role", "gateway").returncode == 0
    with (directory / "hall.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[device.gateway]\nport = 0\n{settings}\n")


@contextlib.contextmanager
def gateway(directory: Path) -> Iterator[str]:
    """Its address."""
    log = directory.with_name("gateway.log")
    log.unlink(missing_ok=True)
    with started(start_part(directory, "gateway", log=log)) as process:
        found = re.search(r"serving the gateway at (\S+)", log.read_text("utf-8"))
        assert found, log.read_text("utf-8")
        yield found[1]
    assert process.returncode == 0
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


@contextlib.contextmanager
def site(directory: Path, settings: str = "") -> Iterator[Site]:
    enroll(directory, settings)
    with start_controller(directory) as hall, gateway(directory) as url:
        there = Site(hall, url)
        with there.http:
            yield there
