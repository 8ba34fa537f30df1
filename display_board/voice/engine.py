"""The synthesiser's own process: `python -m display_board.voice.engine`.

pyttsx3 and espeak-ng may hang or crash; here they can be killed. One JSON request a line on stdin,
one JSON answer a line on stdout; it ends when stdin ends.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec

from display_board.voice.ask import Answer, Ask
from display_board.voice.speech_text import speech_text
from hall_controller.domain.ticket import Language

VOICES = {Language.MANDARIN: "sit/cmn-latn-pinyin", Language.CANTONESE: "sit/yue", Language.ENGLISH: "gmw/en-us"}
"""Mandarin by pinyin: the plain voice `cmn` falls into English."""
PR_SET_PDEATHSIG = 1
UNLIMITED = 0.8
"""At full volume espeak-ng flattens the loudest vowels; loudness is made afterwards."""


def main() -> None:
    # A parent killed while we hang would leave us behind for ever: Linux ends us with it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # pyttsx3 prints; its words must not get between our answers.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    encoder = msgspec.json.Encoder()
    try:
        engine = _start()
    except Exception as error:  # noqa: BLE001 - whatever pyttsx3 raises, the voice must say it in a sentence
        answers.write(encoder.encode(Answer(f"the synthesiser does not start ({error}); install espeak-ng")) + b"\n")
        sys.exit(1)
    answers.write(encoder.encode(Answer()) + b"\n")
    for line in sys.stdin.buffer:
        ask = msgspec.json.decode(line, type=Ask)
        answers.write(encoder.encode(Answer(_render(engine, ask))) + b"\n")


def _start() -> Any:
    import pyttsx3

    engine = pyttsx3.init("espeak")
    # Until its first run pyttsx3 only queues settings; and the first words take the longest.
    engine.save_to_file(speech_text(Language.MANDARIN, ("请",)), os.devnull)
    engine.runAndWait()
    _settle()
    return engine


def _render(engine: Any, ask: Ask) -> str:
    """Write the WAV; an error as a sentence, or nothing."""
    file = Path(ask.file)
    try:
        # Looked at first: a file that cannot be written makes pyttsx3 wait for ever.
        file.write_bytes(b"")
    except OSError as error:
        return f"the synthesiser cannot write {file}: {error.strerror}"
    voice = VOICES[ask.language]
    settings: tuple[tuple[str, str | float], ...] = (
        ("voice", voice),
        ("rate", ask.words_per_minute),
        ("volume", UNLIMITED),
    )
    if not all(_set(engine, name, value) for name, value in settings):
        return f"espeak-ng has no voice {voice}; install espeak-ng-data"
    # One save a run: of two queued, pyttsx3 loses the first.
    engine.save_to_file(speech_text(ask.language, ask.words), ask.file)
    engine.runAndWait()
    _settle()
    return "" if file.stat().st_size else f"the synthesiser wrote nothing to {file}"


def _set(engine: Any, name: str, value: str | float) -> bool:
    """Whether it took: a voice that is unknown leaves the old one, without a word."""
    for _ in range(5):
        if engine.getProperty(name) == value:
            return True
        engine.setProperty(name, value)
        _settle()
    return bool(engine.getProperty(name) == value)


def _settle() -> None:
    """Wait until espeak-ng's thread has done all that it was given.

    It takes text and settings alike from a queue of its own, of which pyttsx3 knows nothing: without this, about one
    clause in a thousand is empty, since the end of the one before is taken for its own.
    """
    from pyttsx3.drivers import _espeak

    _espeak.Synchronize()


if __name__ == "__main__":
    main()
