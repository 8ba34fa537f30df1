"""The synthesiser, seen from the voice: a child process that may hang, and is then killed and started again."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from display_board.voice import sound
from display_board.voice.ask import Answer, Ask
from hall_controller.domain.ticket import Language

log = logging.getLogger(__name__)

START_LIMIT_S = 10.0
ENGINE = (sys.executable, "-m", "display_board.voice.engine")


class NoSpeech(Exception):
    """The words could not be made; one sentence says why."""


class Synthesiser:
    """One request at a time; whoever comes next waits for at most one clause."""

    def __init__(
        self, scratch: Path, *, words_per_minute: int, limit_s: float, command: Sequence[str] = ENGINE
    ) -> None:
        """`scratch` is a file of this process's own."""
        self._scratch = scratch
        self._words_per_minute = words_per_minute
        self._limit_s = limit_s
        self._command = command
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def render(self, language: Language, words: tuple[str, ...]) -> sound.Samples:
        """Trimmed and levelled. Raises NoSpeech, at the latest after `limit_s` (and 10 s when it must be started)."""
        async with self._turn:
            child = self._child or await self._start()
            ask = Ask(language, words, self._words_per_minute, str(self._scratch))
            assert child.stdin is not None
            child.stdin.write(msgspec.json.encode(ask) + b"\n")
            answer = await self._answer(child, self._limit_s)
            if answer.error:
                raise NoSpeech(answer.error)
            try:
                samples = sound.read_wav(self._scratch)
            except sound.BadSound as error:
                raise NoSpeech(str(error)) from None
            heard = sound.trim(samples)
            if not heard:
                # Whatever went wrong in there must not reach the next clause.
                await self._kill()
                raise NoSpeech("the synthesiser gave silence")
        return sound.level(heard)

    async def close(self) -> None:
        await self._kill()

    async def _start(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        self._child = child
        answer = await self._answer(child, START_LIMIT_S)
        if answer.error:
            await self._kill()
            raise NoSpeech(answer.error)
        return child

    async def _answer(self, child: asyncio.subprocess.Process, limit_s: float) -> Answer:
        """Its next line. Without one the child is killed: an answer that came later would be taken for another's."""
        assert child.stdout is not None
        try:
            async with asyncio.timeout(limit_s):
                line = await child.stdout.readline()
            if line:
                return msgspec.json.decode(line, type=Answer)
            why = "the synthesiser ended without an answer"
        except TimeoutError:
            why = f"the synthesiser hung for {limit_s:g} s"
        except BaseException:
            await self._kill()
            raise
        await self._kill()
        log.warning("%s; it is started again", why)
        raise NoSpeech(why)

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
