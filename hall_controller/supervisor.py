"""`hall run`: every part its own process, started in order, restarted when it ends, stopped together.

A crash of one part blanks nothing else, and the controller never waits for a screen.
"""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path

import click

from hall_controller.part import until_told_to_stop

log = logging.getLogger(__name__)

PARTS = ("controller", "kiosk", "board", "printer", "voice", "metrics", "gateway")
READY_S = 30.0
BACKOFF_S = (0.2, 1, 2, 5, 10)
"""Waits before the first, second … restart in a row; a part that lived for a minute starts over."""
LIVED_S = 60.0
STOP_S = 8.0
_PR_SET_PDEATHSIG = 1


def parts_of(directory: Path) -> list[str]:
    """The parts that this hall has: its gateway only once it was enrolled."""
    return [part for part in PARTS if part != "gateway" or (directory / "devices" / "gateway.toml").exists()]


def run_hall(directory: Path, parts: list[str]) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code. 2 when the controller could not start at all."""
    return asyncio.run(_run(directory, parts))


async def _run(directory: Path, parts: list[str]) -> int:
    running = [Part(directory, name) for name in parts]
    stop = asyncio.create_task(until_told_to_stop())
    tasks: list[asyncio.Task[None]] = []
    try:
        for part in running:
            if part.name == "controller":
                code = await first_start(part, stop)
                if code is not None:
                    return code
            tasks.append(asyncio.create_task(part.keep()))
        announced = asyncio.create_task(_announce(running))
        tasks.append(announced)
        done, _ = await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(part.end() for part in running if part.name != "controller"))
        await asyncio.gather(*(part.end() for part in running))
    return 0


async def first_start(part: "Part", stop: asyncio.Task[None]) -> int | None:
    """None once the controller is ready; else the exit code: what it said on stderr is the reason."""
    await part.start()
    ready = asyncio.create_task(part.ready.wait())
    ended = asyncio.create_task(part.wait())
    await asyncio.wait({ready, ended, stop}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if stop.done():
        return 0
    if ended.done():
        return ended.result() or 1
    ended.cancel()
    return None


async def _announce(parts: list["Part"]) -> None:
    """Each address once its part is ready, then one line that all is up."""
    for part in parts:
        try:
            async with asyncio.timeout(READY_S):
                await part.ready.wait()
        except TimeoutError:
            log.error("%s is not ready after %.0f s; still trying", part.name, READY_S)
            continue
        click.echo(f"{part.name:<10} {part.address or 'ready'}")
    if all(part.ready.is_set() for part in parts):
        click.echo("The hall is running. Ctrl-C or SIGTERM stops it.")
    # Ends only with the hall: a task that ends would look like a failure.
    await asyncio.Event().wait()


class Part:
    """One process of the hall."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.ready = asyncio.Event()
        self.address: str | None = None
        self.starts = 0
        """How often it was started."""
        self._directory = directory
        self._process: asyncio.subprocess.Process | None = None
        self._started_s = 0.0
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify_name = f"hall-run-{os.getpid()}-{name}"
        self._notify.bind("\0" + self._notify_name)
        self._notify.setblocking(False)
        asyncio.get_running_loop().add_reader(self._notify, self._hear)

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for line in self._notify.recv(4096).decode("utf-8", "replace").splitlines():
                key, _, value = line.partition("=")
                if key == "X_ADDRESS":
                    self.address = value
                elif key == "READY":
                    # After the address, should both come in one message.
                    asyncio.get_running_loop().call_soon(self.ready.set)

    async def start(self) -> None:
        self._started_s = time.monotonic()
        self.starts += 1
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hall_controller",
            self.name,
            str(self._directory),
            env={**os.environ, "NOTIFY_SOCKET": "@" + self._notify_name},
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    async def wait(self) -> int:
        assert self._process is not None
        return await self._process.wait()

    async def keep(self) -> None:
        """Start where needed, and again whenever it ends."""
        failures = 0
        if self._process is None:
            await self.start()
        while True:
            code = await self.wait()
            failures = 0 if time.monotonic() - self._started_s > LIVED_S else failures
            wait_s = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
            failures += 1
            log.warning("%s ended with code %s; starting it again in %.1f s", self.name, code, wait_s)
            await asyncio.sleep(wait_s)
            await self.start()

    def kill(self) -> None:
        """SIGKILL, as a crash would end it; `keep` starts it again."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                async with asyncio.timeout(STOP_S):
                    await process.wait()
            except TimeoutError:
                log.error("%s did not stop within %.0f s; killed", self.name, STOP_S)
                process.kill()
                await process.wait()


def _die_with_parent() -> None:
    """In the child: should `hall run` be killed, its parts end too, and the next one finds the directory free."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
