"""A voice pack: a folder of recorded words with a manifest, used in place of the synthesiser (docs/voice-pack.md)."""

import tomllib
from pathlib import Path

import msgspec

from display_board.voice import sound
from display_board.voice.phrases import Clause
from hall_controller.domain.plain_text import NotPlain
from hall_controller.domain.text_files import NotText, checked_settings, decoded, why_unread
from hall_controller.domain.ticket import Language

MANIFEST = "voice.toml"


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`voice.toml`: the recordings by language and by what they say."""

    name: str
    gap_ms: int = 30
    """Between two recordings of one clause."""
    chime: str | None = None
    zh: dict[str, str] = {}
    yue: dict[str, str] = {}
    en: dict[str, str] = {}


class Pack(msgspec.Struct, frozen=True):
    name: str = ""
    gap_s: float = 0.03
    chime: sound.Samples | None = None
    recordings: dict[Language, dict[str, sound.Samples]] = {}
    """By language and what they say, trimmed and levelled."""


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a clause: recorded, or for the synthesiser."""

    words: tuple[str, ...]
    recording: sound.Samples | None = None


def key_of(words: tuple[str, ...] | str, language: Language) -> str:
    """How words are looked up: English by spaces and in any case, Chinese without spaces."""
    text = words if isinstance(words, str) else " ".join(words)
    return " ".join(text.split()).casefold() if language is Language.ENGLISH else "".join(text.split())


def pieces(clause: Clause, pack: Pack) -> list[Piece]:
    """The longest recordings that fit, from the left; what lies between them in as few pieces as can be."""
    recordings = pack.recordings.get(clause.language, {})
    found: list[Piece] = []
    unrecorded: tuple[str, ...] = ()
    at = 0
    while at < len(clause.words):
        for end in range(len(clause.words), at, -1):
            recording = recordings.get(key_of(clause.words[at:end], clause.language))
            if recording is not None:
                if unrecorded:
                    found.append(Piece(unrecorded))
                    unrecorded = ()
                found.append(Piece(clause.words[at:end], recording))
                at = end
                break
        else:
            unrecorded = (*unrecorded, clause.words[at])
            at += 1
    return [*found, Piece(unrecorded)] if unrecorded else found


def load_pack(folder: Path) -> tuple[Pack, list[str]]:
    """The pack, and what is wrong with it, a sentence each: a bad recording is left out, the others are used."""
    file = folder / MANIFEST
    try:
        manifest = msgspec.convert(checked_settings(tomllib.loads(decoded(file.read_bytes()))), Manifest)
    except FileNotFoundError:
        return Pack(), [f"{file}: no such file; a voice pack needs this manifest"]
    except (OSError, NotText) as error:
        return Pack(), [f"{file}: cannot be read: {why_unread(error)}; it must be text in UTF-8"]
    except (NotPlain, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        return Pack(), [f"{file}: {error}"]
    problems: list[str] = []
    recordings: dict[Language, dict[str, sound.Samples]] = {}
    for language, words in (
        (Language.MANDARIN, manifest.zh),
        (Language.CANTONESE, manifest.yue),
        (Language.ENGLISH, manifest.en),
    ):
        loaded = {key_of(word, language): _load(folder / name, problems) for word, name in words.items()}
        recordings[language] = {key: samples for key, samples in loaded.items() if samples}
    chime = _load(folder / manifest.chime, problems) if manifest.chime else None
    return Pack(manifest.name, manifest.gap_ms / 1000, chime or None, recordings), problems


def _load(file: Path, problems: list[str]) -> sound.Samples | None:
    try:
        samples = sound.level(sound.trim(sound.read_wav(file)))
    except sound.BadSound as error:
        problems.append(str(error))
        return None
    if not samples:
        problems.append(f"{file}: all silent; record it again")
    return samples
