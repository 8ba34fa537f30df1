"""The sound card: a player program, started for each announcement, that may be missing or hang."""

import asyncio
import contextlib
import fcntl
import os
import shlex
import shutil
from pathlib import Path

PLAYERS = (("aplay", "-q"), ("paplay",), ("play", "-q"))
SLACK_S = 5.0
"""A player that needs so much longer than its sound hangs."""


class NoSound(Exception):
    """Nothing was heard; one sentence says why and what to mend."""


def player_command(setting: str) -> tuple[str, ...]:
    """Raises NoSound when it is not installed."""
    if setting != "auto":
        command = tuple(shlex.split(setting))
        if command and shutil.which(command[0]):
            return command
        raise NoSound(f"the player {setting!r} is not installed; install it or set another in [device.voice]")
    for command in PLAYERS:
        if shutil.which(command[0]):
            return command
    raise NoSound("no player is installed; install alsa-utils (aplay)")


class Speaker:
    """Plays one WAV at a time, also across a restart: a player that was left behind holds the lock until it is done."""

    def __init__(self, setting: str, lock: Path) -> None:
        self._setting = setting
        self._lock = lock

    async def play(self, file: Path, length_s: float) -> None:
        """Return once it was heard. Raises NoSound. Cancelled, it cuts the sound."""
        command = player_command(self._setting)
        lock = await self._locked()
        try:
            player = await asyncio.create_subprocess_exec(
                *command,
                str(file),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(lock,),
                # In a session of its own, so that a signal to our group lets it finish the sentence.
                start_new_session=True,
            )
        except OSError as error:
            raise NoSound(f"{command[0]} cannot be started: {error.strerror}") from None
        finally:
            os.close(lock)
        try:
            async with asyncio.timeout(length_s + SLACK_S):
                _, said = await player.communicate()
        except TimeoutError:
            raise NoSound(f"{command[0]} hangs; is the sound card in use by another program?") from None
        finally:
            if player.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    player.kill()
                await player.wait()
        if player.returncode:
            lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
            why = lines[-1].strip() if lines else f"exit code {player.returncode}"
            raise NoSound(
                f'no sound card that {command[0]} can use ({why[:160]}); plug it in or choose output = "file"'
            )

    async def _locked(self) -> int:
        """A descriptor of the lock; the player inherits it, and with its end the lock is free."""
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            async with asyncio.timeout(4 * SLACK_S):
                while True:
                    with contextlib.suppress(BlockingIOError):
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        return lock
                    await asyncio.sleep(0.02)
        except TimeoutError:
            os.close(lock)
            raise NoSound("another announcement does not end; is a second voice running with the same state?") from None
        except BaseException:
            os.close(lock)
            raise
