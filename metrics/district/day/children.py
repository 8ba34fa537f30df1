"""Programs that run beside the day, and what they use of this machine."""

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

STOP_S = 20.0
_PR_SET_PDEATHSIG = 1
_TICKS = os.sysconf("SC_CLK_TCK")


def die_with_parent() -> None:
    """In the child: should the rehearsal be killed, nothing of it goes on."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def allow_many_files() -> None:
    """As many as this box lets us have: every device of every hall is a connection."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Child:
    """A program with its messages in a file."""

    def __init__(self, words: Iterable[str | Path], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.words = [str(word) for word in words]
        self.log = log
        self._env = {**os.environ, **(env or {})}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.words, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=self._env,
                start_new_session=True, preexec_fn=die_with_parent,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process is None or self._process.returncode is not None

    async def wait(self) -> int:
        assert self._process is not None
        return await self._process.wait()

    async def end(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
            try:
                async with asyncio.timeout(STOP_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


class Usage(NamedTuple):
    cpu_s: float
    resident: int
    """Bytes, what is shared between processes counted in each."""
    proportional: int
    """Bytes, what is shared divided among those who share it."""


def usage(pids: Iterable[int]) -> Usage:
    """Of processes together; those that have ended count nothing."""
    cpu_s, resident, proportional = 0.0, 0, 0
    for pid in pids:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
            cpu_s += (int(words[11]) + int(words[12])) / _TICKS
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
            kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in rollup[1:]}
            resident += kilobytes["Rss"] * 1024
            proportional += kilobytes["Pss"] * 1024
    return Usage(cpu_s, resident, proportional)
