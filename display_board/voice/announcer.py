"""Joins the hall's events, the queue, speech and sound: the loop of `hall voice`."""

import asyncio
import contextlib
import logging
import time
from itertools import islice
from pathlib import Path

from display_board.voice import files, sound
from display_board.voice.ahead import likely_clauses
from display_board.voice.lateness import Lateness
from display_board.voice.memory import (
    Memory,
    after_event,
    ask_for,
    forget,
    load_memory,
    missed_meanwhile,
    news_meanwhile,
    save_memory,
)
from display_board.voice.news import News, in_next_language, is_true, news_of, put_news, standing_news, take_news
from display_board.voice.news_phrases import news_sentence
from display_board.voice.phrases import Clause, languages_of, sentence
from display_board.voice.player import NoSound, Speaker
from display_board.voice.queue import Call, Queue, prune, standing, stands, take
from display_board.voice.settings import Output, VoiceSettings
from display_board.voice.speech import LIKELY, Speech
from display_board.voice.synthesiser import NoSpeech
from display_board.voice.trouble import Unspoken, lose, queue_report, sound_report
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.commands import DeviceKind, DeviceState, ReportDevice
from hall_controller.domain.events import ActUndone, Event
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.ticket import Language

log = logging.getLogger(__name__)

REPORT_EVERY_S = 1.0
AHEAD_EVERY_S = 0.2
AGAIN_S = 5.0
"""Before a synthesiser that failed is tried again for what is not yet called."""


class Announcer:
    """One hall's voice. `state` and `folder` are directories; times by the hall's clock unless they end in `_s`."""

    def __init__(self, client: HallClient, settings: VoiceSettings, speech: Speech, state: Path, folder: Path) -> None:
        self._client = client
        self._settings = settings
        self._speech = speech
        self._folder = folder
        self._memory_file = state / "said.json"
        self._wav = state / "now.wav"
        self._speaker = Speaker(settings.player, state / "lock")
        self._remembered = load_memory(self._memory_file)
        self._memory = Memory()
        self._queue = Queue()
        self._news: tuple[News, ...] = ()
        """For everybody, to be told when no call waits."""
        self._chimed: tuple[int, int] | None = None
        """The news that the chime has just been sounded for: not again between its languages."""
        self._unspoken = Unspoken()
        self._lateness = Lateness()
        self._troubles: dict[str, str] = {}
        self._sound_known = False
        self._pack_report = ReportDevice(kind=DeviceKind.PACK, state=DeviceState.OK)
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._stopping = False
        client.on_event(self._hear)
        client.on_sync(self._arrive)

    # --- hearing ---------------------------------------------------------------------------------

    def _hear(self, event: Event) -> None:
        hall = self._client.hall
        assert hall is not None
        self._queue = after_event(self._queue, self._memory, event, hall)
        if isinstance(event, ActUndone):
            self._save_memory()
        if self._queue.waiting:
            self._wake.set()
        news = news_of(event)
        if news is not None:
            self._put_news(news)
        self._moved.set()

    def _put_news(self, news: News) -> None:
        self._news = put_news(self._news, news)
        self._wake.set()

    def _arrive(self) -> None:
        """A snapshot: speak what was called while we did not hear, and nothing that was spoken before."""
        hall = self._client.hall
        assert hall is not None
        known, self._remembered = self._remembered or self._memory, None
        now_ms = self._client.now_ms()
        missed: tuple[Call, ...] = ()
        untold: tuple[News, ...] = ()
        if known.epoch == hall.epoch:
            self._memory = known
            missed = missed_meanwhile(known, hall, now_ms, self._settings.stale_s * 1000)
            untold = news_meanwhile(known, hall, now_ms)
        else:
            # Nothing is known of this numbering: what is being called may well have been spoken.
            self._memory = Memory()
            for call in standing(hall):
                self._memory.remember(call)
            for news in standing_news(hall, now_ms):
                self._memory.remember_news(news)
        forget(self._memory, hall)
        self._save_memory()
        self._queue = prune(self._queue, hall)
        for call in missed:
            self._queue = ask_for(self._queue, self._memory, call)
        if self._queue.waiting:
            self._wake.set()
        for news in untold:
            self._put_news(news)
        self._moved.set()

    # --- speaking --------------------------------------------------------------------------------

    async def run(self) -> None:
        """Speak until cancelled or told to finish."""
        await self._try_speaker()
        background = [asyncio.create_task(self._report_for_ever()), asyncio.create_task(self._make_ahead())]
        try:
            while not self._stopping:
                await self._wake.wait()
                self._wake.clear()
                while await self._next():
                    pass
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)

    def finish(self) -> None:
        """End `run` after the sentence that is being spoken."""
        self._stopping = True
        self._wake.set()

    async def _next(self) -> bool:
        """Take what is next, calls before news, and speak it; False when nothing waits, or we are to stop."""
        hall = self._client.hall
        if hall is None or self._stopping:
            return False
        self._queue = prune(self._queue, hall)
        limits = {"stale_ms": self._settings.stale_s * 1000, "short_after_ms": self._settings.short_after_s * 1000}
        taken = take(self._queue, self._client.now_ms(), **limits)
        self._queue = taken.queue
        for call in taken.stale:
            self._lose(call, f"older than {self._settings.stale_s} s")
        if taken.call is None:
            return await self._next_news()
        # Ended and undone while its words were made, it was asked for twice.
        if not self._memory.knows(taken.call):
            await self._announce(taken.call, short=taken.short)
        return True

    async def _announce(self, call: Call, *, short: bool) -> None:
        settings = self._settings
        languages = languages_of(call.language, own_language=settings.own_language)
        sentences = [
            sentence(call.number, call.counter, language, nth=call.nth, short=short, one=settings.one)
            for language in languages
        ]
        try:
            samples = await self._speech.announcement(sentences, chime=not short)
        except NoSpeech as error:
            self._trouble("synthesiser", str(error))
            self._lose(call, str(error))
            if settings.output is not Output.FILE:
                # Without words the chime still makes people look at the board.
                await self._play(sound.wav_bytes(self._speech.chime), sound.seconds(self._speech.chime))
            return
        self._trouble("synthesiser", "")
        hall = self._client.hall
        if hall is None or not stands(call, hall):
            return
        forget(self._memory, hall)
        self._memory.remember(call)
        self._save_memory()
        self._chimed = None
        self._lateness.add(call.at_ms, self._client.now_ms())
        log.info(
            "%s to counter %d in %s%s, %d ms after the call", call.number, call.counter,
            " and ".join(languages), " (short)" if short else "", self._client.now_ms() - call.at_ms,
        )  # fmt: skip
        await self._put_out(call, samples)

    async def _next_news(self) -> bool:
        """Tell the next news to everybody; False when there is none."""
        hall, now_ms = self._client.hall, self._client.now_ms()
        assert hall is not None
        news, dropped, self._news = take_news(self._news, hall, now_ms, self._settings.stale_s * 1000)
        for old in dropped:
            log.info("%s is not told: too old, or no longer so", old.kind)
        if news is None:
            return False
        begun = news.language is not Language.MANDARIN
        if not begun and self._memory.knows_news(news):
            return True
        later = in_next_language(news, own_language=self._settings.own_language)
        if later is not None:
            # One language at a time: a call that comes meanwhile need not wait for all three.
            self._news = (later, *self._news)
        clauses = news_sentence(news, hall, now_ms, news.language)
        try:
            samples = await self._speech.announcement([clauses], chime=news.key != self._chimed)
        except NoSpeech as error:
            self._trouble("synthesiser", str(error))
            log.warning("%s was not told in %s: %s", news.kind, news.language, error)
            return True
        self._trouble("synthesiser", "")
        if not is_true(news, hall, self._client.now_ms()):
            return True
        self._chimed = news.key
        self._memory.remember_news(news)
        self._save_memory()
        log.info("%s for everybody in %s", news.kind, news.language)
        await self._put_out(news, samples)
        return True

    async def _put_out(self, said: Call | News, samples: sound.Samples) -> None:
        """Play it, write it, or both; returns when its time is over: nothing overlaps, also where nothing is heard."""
        begun_s, begun_ms, length_s = time.monotonic(), self._client.now_ms(), sound.seconds(samples)
        wav = sound.wav_bytes(samples)
        if self._settings.output is not Output.SPEAKER:
            self._write(said, wav, begun_ms)
        if self._settings.output is not Output.FILE:
            await self._play(wav, length_s)
        await asyncio.sleep(max(0.0, length_s - (time.monotonic() - begun_s)))

    def _write(self, said: Call | News, wav: bytes, begun_ms: int) -> None:
        hall = self._client.hall
        timezone = hall.rules.timezone if hall is not None and hall.rules is not None else "Asia/Shanghai"
        try:
            files.save(self._folder, files.file_name(said, begun_ms, timezone), wav, self._settings.keep_files)
        except OSError as error:
            self._trouble("files", f"cannot write announcements to {self._folder}: {error.strerror}")
        else:
            self._trouble("files", "")

    async def _play(self, wav: bytes, length_s: float) -> None:
        try:
            part = self._wav.with_suffix(".part")
            part.write_bytes(wav)
            # A fresh file each time: a player left behind by an earlier voice still reads the old one.
            part.replace(self._wav)
            await self._speaker.play(self._wav, length_s)
        except OSError as error:
            self._trouble("speaker", f"cannot write {self._wav}: {error.strerror}")
        except NoSound as error:
            self._trouble("speaker", str(error))
        else:
            self._trouble("speaker", "")
        self._sound_known = True

    async def _try_speaker(self) -> None:
        """A tenth of a second of silence: staff learn of a missing sound card before the first visitor does."""
        if self._settings.output is not Output.FILE:
            await self._play(sound.wav_bytes(sound.silence(0.1)), 0.1)
        else:
            self._sound_known = True

    # --- telling staff ---------------------------------------------------------------------------

    def say_of_pack(self, problems: list[str]) -> None:
        detail = "; ".join(problems)[:400]
        state = DeviceState.WARNING if problems else DeviceState.OK
        self._pack_report = ReportDevice(kind=DeviceKind.PACK, state=state, detail=detail)
        for problem in problems:
            log.warning("voice pack: %s; the synthesiser says it", problem)

    def _trouble(self, what: str, trouble: str) -> None:
        """Said in the log when it changes, once."""
        before = self._troubles.get(what, "")
        self._troubles[what] = trouble
        if trouble and trouble != before:
            log.error("%s", trouble)
        elif before and not trouble:
            log.info("the %s works again", what)

    def _lose(self, call: Call, reason: str) -> None:
        log.warning("%s to counter %d was not spoken: %s", call.number, call.counter, reason)
        self._unspoken = lose(self._unspoken, call, reason, self._client.now_ms())

    async def _report_for_ever(self) -> None:
        while True:
            self._client.delay_ms = self._lateness.worst_ms(self._client.now_ms())
            with contextlib.suppress(NoController):
                await self._report()
            await asyncio.sleep(REPORT_EVERY_S)

    async def _report(self) -> None:
        """Bring what the hall knows of us to what is so."""
        hall = self._client.hall
        if hall is None or not self._client.connected:
            return
        self._unspoken, queue = queue_report(self._unspoken, self._client.now_ms())
        reports = [queue, self._pack_report]
        if self._sound_known:
            reports.append(sound_report(self._troubles))
        for report in reports:
            known = hall.devices.get(f"{self._client.bundle.name}/{report.kind}")
            if known is None and report.state is DeviceState.OK and report.kind != DeviceKind.SOUND:
                continue
            if known is None or (known.state, known.detail) != (report.state, report.detail):
                reply = await self._client.ask(report)
                if isinstance(reply, Refusal):
                    log.warning("the hall refused a report: %s", reply.message)

    # --- making ahead ----------------------------------------------------------------------------

    async def _make_ahead(self) -> None:
        """One clause at a time while idle, so that a call waits for at most one."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            try:
                while (clause := self._likely_clause()) is not None:
                    await self._speech.clause(clause)
                    self._trouble("synthesiser", "")
            except NoSpeech as error:
                self._trouble("synthesiser", str(error))
                await asyncio.sleep(AGAIN_S)
                self._moved.set()
            await asyncio.sleep(AHEAD_EVERY_S)

    def _likely_clause(self) -> Clause | None:
        hall = self._client.hall
        if hall is None or hall.rules is None:
            return None
        likely = likely_clauses(hall, own_language=self._settings.own_language, one=self._settings.one)
        return next((clause for clause in islice(likely, LIKELY) if not self._speech.has(clause)), None)

    def _save_memory(self) -> None:
        try:
            save_memory(self._memory, self._memory_file)
        except OSError as error:
            log.warning("cannot remember what was said: %s: %s", self._memory_file, error.strerror)
