"""The synthesiser: what it says, phoneme by phoneme, and what happens when it hangs."""

import os
import string
import subprocess
import sys
import time
from pathlib import Path

import pytest

from display_board.voice import sound
from display_board.voice.engine import VOICES
from display_board.voice.pack import Pack
from display_board.voice.phrases import Clause, sentence
from display_board.voice.speech import Speech
from display_board.voice.speech_text import speech_text
from display_board.voice.synthesiser import NoSpeech, Synthesiser
from hall_controller.domain.ticket import Language

ZH, YUE, EN = Language.MANDARIN, Language.CANTONESE, Language.ENGLISH


def phonemes(language: Language, text: str) -> list[str]:
    """What espeak-ng would say, without stress marks and pauses."""
    command = ["espeak-ng", "-v", VOICES[language], "-x", "-q", text]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for mark in ("'", ",", "_:", "_|", "_", "|", "(en)", "(yue)"):
        out = out.replace(mark, " " if mark.startswith("_") or mark == "|" else "")
    return out.split()


def phonemes_of(language: Language, number: str, counter: int, *, nth: int = 1, short: bool = False) -> str:
    clauses = sentence(number, counter, language, nth=nth, short=short)
    return " / ".join(" ".join(phonemes(language, speech_text(language, clause.words))) for clause in clauses)


@pytest.mark.parametrize(
    ("language", "number", "counter", "nth", "heard"),
    [
        # qǐng A líng líng yī hào / dào sān hào chuāng kǒu, each with its tone: 21 and 214 the third, 35 the second …
        (ZH, "A001", 3, 1, "tS;hi21N ei51 li35N li35N ji55 XAu51 / tAu51 sa55n XAu51 ts.hwA55N khou214"),
        # dì èr cì hū jiào / … / dào shí èr hào …
        (
            ZH,
            "A1",
            12,
            2,
            "ti51 @r51 tshi[51 Xu55 tS;jAu51 / tS;hi21N ei51 ji55 XAu51 / tAu51 s.i.35 @r51 XAu51 ts.hwA55N khou214",
        ),
        # cing2 A ling4 ling4 jat1 hou6 / dou3 saam1 hou6 coeng1 hau2
        (YUE, "A001", 3, 1, "cing2 eI1 ling4 ling4 ja1t hou6 / dou3 saa1mhou6 coeng1 hau2"),
        (EN, "A001", 3, 1, "tIkI2t eI zi@roU zi@roU wVn / pli:z goU t@ kaUnt3 Tri:"),
        (EN, "P117", 12, 2, "sEk@nd kO:l / tIkI2t pi: wVn wVn sEv@n / pli:z goU t@ kaUnt3 twElv"),
    ],
)
def test_the_phonemes_are_those_of_the_sentence(
    language: Language, number: str, counter: int, nth: int, heard: str
) -> None:
    assert phonemes_of(language, number, counter, nth=nth) == heard


@pytest.mark.parametrize("language", Language)
def test_every_letter_has_a_name_of_its_own(language: Language) -> None:
    names = {
        " ".join(phonemes(language, speech_text(language, ("零", letter)))[1:]) for letter in string.ascii_uppercase
    }
    assert len(names) == 26
    assert "" not in names


@pytest.mark.parametrize("language", Language)
async def test_every_language_is_rendered_at_the_speed_that_was_set(language: Language, tmp_path: Path) -> None:
    clause = sentence("A001", 3, language)[0]
    lengths = []
    for words_per_minute in (120, 240, 120):
        synthesiser = Synthesiser(tmp_path / "clause.wav", words_per_minute=words_per_minute, limit_s=5)
        try:
            # Another language between, since pyttsx3 is known to drop a setting after a change of voice.
            await synthesiser.render(EN if language is ZH else ZH, ("一",) if language is not ZH else ("one",))
            lengths.append(sound.seconds(await synthesiser.render(language, clause.words)))
        finally:
            await synthesiser.close()
    assert lengths[0] == pytest.approx(lengths[2], rel=0.03)
    assert 1.5 < lengths[0] / lengths[1] < 2.6


async def test_of_a_hundred_and_fifty_clauses_in_a_row_none_is_cut_or_mixed_up(tmp_path: Path) -> None:
    synthesiser = Synthesiser(tmp_path / "clause.wav", words_per_minute=300, limit_s=5)
    clauses = [sentence("A012", 3, language)[0] for language in Language]
    lengths: dict[Language, list[float]] = {language: [] for language in Language}
    begun_s = time.monotonic()
    try:
        for each in clauses * 50:
            lengths[each.language].append(sound.seconds(await synthesiser.render(each.language, each.words)))
    finally:
        await synthesiser.close()
    print(f"{(time.monotonic() - begun_s) / 150 * 1000:.1f} ms a clause, synthesiser's start included")
    for language, found in lengths.items():
        assert min(found) > 0.5
        assert max(found) - min(found) < 0.05, language


# --- hanging ---

HANGING = """
import json, sys, time, wave
print("{}", flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    if "七" in ask["words"]:
        time.sleep(3600)
    if "八" in ask["words"]:
        sys.exit(1)
    with wave.open(ask["file"], "wb") as wav:
        wav.setnchannels(1); wav.setsampwidth(2); wav.setframerate(22050)
        wav.writeframes(b"\\x00\\x20\\x00\\xe0" * 4000)
    print("{}", flush=True)
"""


def clause(*words: str) -> Clause:
    return Clause(ZH, words)


@pytest.mark.parametrize("bad", ["七", "八"])
async def test_a_synthesiser_that_hangs_or_crashes_is_killed_tried_once_more_and_the_next_is_spoken(
    bad: str, tmp_path: Path
) -> None:
    command = (sys.executable, "-c", HANGING)
    synthesiser = Synthesiser(tmp_path / "clause.wav", words_per_minute=150, limit_s=0.5, command=command)
    speech = Speech(synthesiser, Pack(), chime=False)
    try:
        assert await speech.clause(clause("六"))
        begun_s = time.monotonic()
        with pytest.raises(NoSpeech, match=r"hung|ended"):
            await speech.clause(clause(bad))
        assert time.monotonic() - begun_s < 3
        assert await speech.clause(clause("九"))
    finally:
        await synthesiser.close()


async def test_a_synthesiser_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = (sys.executable, "-c", 'print(\'{"error": "the synthesiser does not start; install espeak-ng"}\')')
    synthesiser = Synthesiser(tmp_path / "clause.wav", words_per_minute=150, limit_s=0.5, command=broken)
    with pytest.raises(NoSpeech, match="install espeak-ng"):
        await synthesiser.render(ZH, ("一",))
    await synthesiser.close()


async def test_a_folder_that_cannot_be_written_is_said_and_does_not_hang(tmp_path: Path) -> None:
    synthesiser = Synthesiser(tmp_path / "gone" / "clause.wav", words_per_minute=150, limit_s=5)
    try:
        with pytest.raises(NoSpeech, match="cannot write"):
            await synthesiser.render(ZH, ("一",))
    finally:
        await synthesiser.close()


def test_the_voice_loads_no_page_and_no_dictionary(tmp_path: Path) -> None:
    code = (
        "import sys, display_board.voice.command, display_board.voice.service as s; "
        "print(sorted({'nicegui', 'fastapi', 'pypinyin', 'pyttsx3', 'peewee'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert out.stdout.strip() == "[]"
