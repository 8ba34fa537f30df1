"""What tests share: halls of their own, real processes, and waiting for a condition with a bound."""

import asyncio
import contextlib
import datetime as dt
import os
import random
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Tier
from hall_controller.making import PORTS
from hall_controller.making import make_hall as make_in
from hall_controller.surroundings import MADE

T = TypeVar("T")
HALL = [sys.executable, "-m", "hall_controller"]
MATTER = "id-card-renew"
"""A matter of the sample catalogue."""
SHENZHEN = dt.timezone(dt.timedelta(hours=8))
BOUND_S = 20.0
"""How long a test waits for what must happen: far more than it takes, for machines are noisy."""


def wait_for(condition: Callable[[], T], what: str = "the condition", bound_s: float = BOUND_S) -> T:
    """Return the first true value of `condition`; fail after `bound_s` seconds."""
    deadline = time.monotonic() + bound_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come within {bound_s:g} s"
        time.sleep(0.01)


def free_port_row() -> int:
    """The first of a row of free ports, drawn by chance so that suites run side by side.

    Below the kernel's own range (from 32768 on): a client that reconnects while nobody listens there
    could be given the very port it calls, connect to itself, and keep a restarted hall from binding it.
    """
    while True:
        first = random.SystemRandom().randrange(10_000, 32_000)
        if all(_can_bind(port) for port in range(first, first + PORTS)):
            return first


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


ALWAYS_OPEN = """
country = ""
[[hours]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
start = 00:00:00
end = 23:59:59
"""


def zone_by_day(now: dt.datetime) -> str:
    """A time zone in which it is two hours after midnight or more, and two hours before the next one or more.

    A new service day sweeps tickets of the last, and a clock set back an hour could end in yesterday.
    """
    hour = now.astimezone(SHENZHEN).hour
    return "Asia/Kamchatka" if hour < 2 else "Asia/Urumqi" if hour >= 22 else "Asia/Shanghai"


def of_release(tree: Path | None) -> dict[str, Any]:
    """Options of a process that runs the sources in `tree`; None for those under test."""
    return {"cwd": tree, "env": os.environ | ({} if tree is None else {"PYTHONPATH": str(tree)})}


def make_hall(
    where: Path,
    counters: int = 8,
    tier: str = "street",
    *,
    real_hours: bool = False,
    tree: Path | None = None,
    **settings: Any,
) -> Path:
    """A new hall in `where/hall`. Settings replace lines of hall.toml: `make_hall(p, mode='"push"', wrap_up_s=2)`.

    It is always open, or at least (`real_hours`) knows no public holidays: what a test sees must not hang on the
    moment at which it runs. `tree` has the sources of another release.
    """
    directory = where / "hall"
    port = str(free_port_row())
    command = ["init", str(directory), "--id", "BA001", "--tier", tier, "--counters", str(counters), "--port", port]
    subprocess.run([*HALL, *command], check=True, capture_output=True, **of_release(tree))
    os.utime(directory / MADE)  # when it was made by the clock of the tests, which may be a pretended one
    file = directory / "hall.toml"
    text = file.read_text("utf-8")
    text = re.sub(r"(?m)^disk_filling_percent = \d+", "disk_filling_percent = 0", text)  # whatever disk tests run on
    for key, value in settings.items():
        text, count = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value} ", text)
        assert count, f"hall.toml has no line {key}"
    if not real_hours:
        text = text.replace("Asia/Shanghai", zone_by_day(dt.datetime.now(dt.UTC)))
        text = re.sub(r"(?m)^last_ticket_s = \d+", "last_ticket_s = 0", text)
        text = re.sub(r"(?m)^announce_s = \[.*\]", "announce_s = []", text)
    file.write_text(text, "utf-8")
    hours = directory / "hours.toml"
    real = hours.read_text("utf-8").replace('country = "CN"', 'country = ""')
    hours.write_text(real if real_hours else ALWAYS_OPEN, "utf-8")
    return directory


def local_ms(local_time: str) -> int:
    """Milliseconds of a local time in Shenzhen, e.g. `2026-11-24 23:30:00`."""
    return round(dt.datetime.fromisoformat(local_time).replace(tzinfo=SHENZHEN).timestamp() * 1000)


def make_hall_at(where: Path, local_time: str, counters: int = 4, tier: str = "street") -> Path:
    """A rehearsal hall in `where/hall`: its clock stands at this time, until `RunningHall.set_clock` moves it on."""
    directory, at_ms = where / "hall", local_ms(local_time)
    make_in(directory, "BA001", Tier(tier), counters, port=free_port_row(), rehearsal=True, at_ms=at_ms)
    return directory


class RunningHall:
    """A controller process and its directory."""

    def __init__(self, directory: Path, tree: Path | None = None) -> None:
        """`tree` has the sources of another release."""
        self.dir = directory
        self.tree = tree
        self.process: subprocess.Popen[str] = self.start()

    def start(self) -> subprocess.Popen[str]:
        self.process = start_part(self.dir, "controller", tree=self.tree)
        return self.process

    def bundle(self, name: str) -> Bundle:
        return load_bundle(self.dir, name)

    def do(self, command: wire.Request, as_: str = "manager", request_id: str | None = None) -> Any:
        """Send one command or query and return its reply."""

        async def ask() -> Any:
            async with HallClient(self.bundle(as_), give_up_s=BOUND_S) as client:
                return await client.ask(command, request_id=request_id or uuid.uuid4().hex)

        return run_async(ask)

    def set_clock(self, local_time: str, rate: float = 0.0) -> None:
        """Of a rehearsal hall: let the time pass until then, and decide what it brings."""
        reply = self.do(c.AdvanceClock(to_ms=local_ms(local_time), rate=rate))
        assert isinstance(reply, wire.Accepted), reply

    def state(self) -> Hall:
        state: Hall = self.do(wire.Snapshot()).state
        return state

    def kill(self) -> None:
        """As a power cut would: kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.terminate()
        return self.process.wait(BOUND_S)


def run_async(function: Callable[[], Any]) -> Any:
    """Run a coroutine function to its end, also when a loop is running in this thread already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(function())
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(function())).result()


def start_part(
    path: Path, part: str, *options: str, log: Path | None = None, tree: Path | None = None
) -> subprocess.Popen[str]:
    """Start `hall PART PATH` and return once it is ready. What it writes goes to PART.log beside it."""
    log = log or path.with_name(f"{part}.log")
    # A socket's path has room for 108 bytes only, and a test's directory may be longer: use the abstract name space.
    address = f"@hall-test-{uuid.uuid4().hex}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, log.open("a") as out:
        notify.bind(address.replace("@", "\0", 1))
        notify.settimeout(0.1)
        process = subprocess.Popen(
            [*HALL, part, str(path), *options],
            cwd=tree,
            env={**of_release(tree)["env"], "NOTIFY_SOCKET": address},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            text=True,
        )
        deadline = time.monotonic() + BOUND_S
        while True:
            with contextlib.suppress(TimeoutError):
                if notify.recv(4096).startswith(b"READY=1"):
                    return process
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise AssertionError(f"hall {part} did not become ready: {log.read_text()}")


@contextlib.contextmanager
def started(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """End the process at the end of the block, gently first."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def start_controller(directory: Path, tree: Path | None = None) -> Iterator[RunningHall]:
    hall = RunningHall(directory, tree)
    try:
        yield hall
    finally:
        with started(hall.process):
            pass


def hall_command(*words: str | Path, tree: Path | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `hall WORDS…` to its end, as a shell user would."""
    command = [*HALL, *map(str, words)]
    options = of_release(tree) | options
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)
