"""The two ways to run the voice: serving a hall, and saying one sample."""

import asyncio
import contextlib
import fcntl
import logging
import os
import tempfile
from pathlib import Path

from display_board.voice import sound
from display_board.voice.announcer import Announcer
from display_board.voice.pack import Pack, load_pack
from display_board.voice.phrases import languages_of, sentence
from display_board.voice.player import NoSound, Speaker
from display_board.voice.settings import VoiceSettings, beside
from display_board.voice.speech import Speech
from display_board.voice.synthesiser import NoSpeech, Synthesiser
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain.ticket import Language
from hall_controller.part import Trouble, load_part, say_ready, until_told_to_stop

log = logging.getLogger(__name__)

READY_S = 5.0
"""A voice without a controller is ready after this long: it waits for it, and must not be restarted for it."""
FINISH_S = 4.0
"""Told to stop, it finishes its sentence if that takes no longer."""


async def serve(path: Path) -> None:
    """Speak the hall's calls until SIGTERM. Raises Trouble for what the technician must mend."""
    bundle, settings = load_part(path, "voice", VoiceSettings)
    stop = asyncio.create_task(until_told_to_stop())
    with contextlib.ExitStack() as stack:
        state = _state(path, bundle.name, settings, stack)
        pack, problems = load_pack(beside(path, settings.pack)) if settings.pack else (Pack(), [])
        synthesiser = _synthesiser(settings, state)
        speech = Speech(synthesiser, pack, volume=settings.volume, chime=settings.chime)
        async with HallClient(bundle) as client:
            announcer = Announcer(client, settings, speech, state, beside(path, settings.directory))
            announcer.say_of_pack(problems)
            client.on_connection(lambda heard: log.info("the hall is heard" if heard else "the hall is silent"))
            client.follow()
            running = asyncio.create_task(announcer.run())
            try:
                with contextlib.suppress(NoController):
                    await client.synced(READY_S)
                say_ready()
                await asyncio.wait({stop, running}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    running.result()
                announcer.finish()
                await asyncio.wait({running}, timeout=FINISH_S)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await synthesiser.close()


async def say(path: Path | None, number: str, counter: int, language: str, *, short: bool, target: Path | None) -> None:
    """One call, as a visitor of this language would hear it, to a file or the sound card. Raises Trouble."""
    settings = load_part(path, "voice", VoiceSettings)[1] if path else VoiceSettings()
    pack, problems = load_pack(beside(path, settings.pack)) if path and settings.pack else (Pack(), [])
    for problem in problems:
        log.warning("voice pack: %s; the synthesiser says it", problem)
    sentences = [
        sentence(number, counter, each, short=short, one=settings.one)
        for each in languages_of(Language(language), own_language=True)
    ]
    with tempfile.TemporaryDirectory(prefix="hall-voice-") as scratch:
        synthesiser = _synthesiser(settings, Path(scratch))
        speech = Speech(synthesiser, pack, volume=settings.volume, chime=settings.chime)
        try:
            samples = await speech.announcement(sentences, chime=not short)
            file = target or Path(scratch) / "sample.wav"
            file.write_bytes(sound.wav_bytes(samples))
            if target is None:
                await Speaker(settings.player, Path(scratch) / "lock").play(file, sound.seconds(samples))
        except (NoSpeech, NoSound) as error:
            raise Trouble(str(error)) from None
        except OSError as error:
            raise Trouble(f"{target}: cannot be written: {error.strerror}") from None
        finally:
            await synthesiser.close()


def _synthesiser(settings: VoiceSettings, state: Path) -> Synthesiser:
    return Synthesiser(
        state / "clause.wav", words_per_minute=settings.words_per_minute, limit_s=settings.engine_limit_s
    )


def _state(path: Path, name: str, settings: VoiceSettings, stack: contextlib.ExitStack) -> Path:
    """The directory of what the voice remembers; one that goes with the process where none can be written."""
    state = beside(path, settings.state or f"voice/{name}")
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.warning("%s: %s; what was said is forgotten when the voice ends", state, error.strerror)
    if not os.access(state, os.W_OK):
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hall-voice-")))
    lock = stack.enter_context((state / "running").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # Two voices would say everything twice.
        raise Trouble(
            f"a voice is running with {state} already; stop it first, or give this one its own `state`"
        ) from None
    return state
