"""What was typed, as segments: each with the ways in which a catalogue may say it. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from hall_controller.domain.everyday import STOP, everyday, qualifiers
from hall_controller.domain.pinyin import first_heard, heard, units

Parts = dict[str, float]
"""Parts of names, as the index has them, each with its weight."""

OFFICIAL = 0.95
"""An official word for an everyday one is worth nearly as much as the word that was typed."""
SOUND = 0.8
"""The same sound in other characters: a slip of the input method."""
LETTERS = 0.75
"""Only letters in common: a slip of the finger."""
SHORTENED = 0.9
"""Initials alone."""
SINGLE = 0.3
LONGEST = 6
"""Characters or syllables of a word that is looked up."""
BY_SOUND = 3
"""A word that is written wrongly is known by its sound when it has so many characters."""
QUALIFIER = 0.6
_FILLER = re.compile("(?<=.)(?:一个|一家|一间|一张|一下|个(?![税人体])|的(?!士))(?=.)")
"""Stands in the middle of a word: `开个公司`."""


class Segment(NamedTuple):
    """One thing that was asked for."""

    weight: float
    ways: tuple[tuple[float, Parts], ...]
    """(trust, parts): as typed, and as it may be called elsewhere; the best one counts."""


class Reading(NamedTuple):
    """One way to understand all that was typed."""

    trust: float
    segments: tuple[Segment, ...]


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {word: called for word, called in everyday().items() if not word.isascii()}


@cache
def _stop() -> frozenset[str]:
    return frozenset(STOP.split())


@cache
def _qualifiers() -> frozenset[str]:
    return qualifiers()


@cache
def _latin_words() -> dict[str, tuple[str, ...]]:
    return {word: called for word, called in everyday().items() if word.isascii()}


@cache
def _by_sound() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Everyday words by their blurred syllables, each with itself before the official ones."""
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for word, called in _words().items():
        sounds = first_heard(word)
        if len(sounds) == len(word):
            table[sounds] = tuple(dict.fromkeys((*table.get(sounds, ()), word, *called)))
    return table


@cache
def _by_initials() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for sounds, called in _by_sound().items():
        if len(sounds) > 1:
            initials = "".join(sound[0] for sound in sounds)
            table[initials] = tuple(dict.fromkeys((*table.get(initials, ()), *called)))
    return table


@cache
def said_as() -> tuple[tuple[str, str], ...]:
    """(official word, the sound of an everyday one for it in letters): a slip of the finger is looked up among them."""
    told = []
    for sounds, called in _by_sound().items():
        letters = "".join(sounds)
        told += [(word, letters) for word in called[1:] if len(letters) > 4 and len(word) > 1]
    return tuple(told)


@cache
def _stop_sounds() -> frozenset[tuple[str, ...]]:
    return frozenset(first_heard(word) for word in _stop() if len(word) > 1)


# --- Chinese -------------------------------------------------------------------------------------


def chinese_segments(run: str) -> list[Segment]:
    """Everyday words, and what stands between them; what says nothing is left out, unless it is all."""
    run = _FILLER.sub("", run) or run
    return [_segment(text, called) for text, called in _cut(run)] or [_segment(run)]


def _cut(run: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(text, what it is called where it is an everyday word), the longest word first at each place."""
    rest, place = "", 0
    while place < len(run):
        size, called = _longest(run, place)
        if not size:
            rest, place = rest + run[place], place + 1
            continue
        if rest:
            yield rest, ()
        rest = ""
        if called:
            yield run[place : place + size], called
        place += size
    if rest:
        yield rest, ()


def _longest(run: str, place: int) -> tuple[int, tuple[str, ...]]:
    for size in range(min(LONGEST, len(run) - place), 0, -1):
        word = run[place : place + size]
        called = _words().get(word)
        if called is None and size >= BY_SOUND and word not in _stop():
            called = _by_sound().get(first_heard(word))
        if called is not None:
            return size, called
        if word in _stop():
            return size, ()
    return 0, ()


def _segment(text: str, called: tuple[str, ...] = ()) -> Segment:
    ways: list[tuple[float, Parts]] = [(1.0, _characters(text))]
    ways += [(OFFICIAL, _characters(other)) for other in called if other != text]
    if len(text) > 1:
        ways.append((SOUND, _sounds([heard(one) for one in text])))
    return Segment(_weight(text, known=bool(called)), tuple(ways))


def _weight(text: str, *, known: bool) -> float:
    """A word of one character is an act more often than a thing: it says less."""
    if len(text) == 1:
        return 0.55 if known else 0.4
    if text in _qualifiers():
        return QUALIFIER
    return 1.0 if known else min(2.0, 0.4 + 0.3 * len(text))


def _characters(text: str) -> Parts:
    if len(text) == 1:
        return {f"c{text}": 1.0}
    pairs = {f"c{text[place : place + 2]}": 1.0 for place in range(len(text) - 1)}
    return pairs | {f"c{one}": SINGLE for one in text}


def _sounds(sounds: Sequence[tuple[str, ...]]) -> Parts:
    """By the usual reading of each; the index holds the others too."""
    usual = [one[0] for one in sounds if one]
    if len(usual) == 1:
        return {f"s{usual[0]}": 1.0}
    pairs = {f"s{first} {second}": 1.0 for first, second in pairwise(usual)}
    return pairs | {f"s{one}": SINGLE for one in usual}


# --- Latin letters -------------------------------------------------------------------------------


def latin_readings(words: list[str]) -> Iterator[tuple[float, tuple[Segment, ...]]]:
    """(trust, segments): as pinyin, as letters of pinyin, as initials."""
    known = [_latin_words()[word] for word in words if word in _latin_words()]
    if len(known) == len(words):
        yield 1.0, tuple(Segment(1.0, tuple((OFFICIAL, _characters(text)) for text in called)) for called in known)
    cut = [units(word) for word in words]
    syllables = [unit for one in cut if one for unit in one]
    if all(cut) and any(not unit.endswith("*") for unit in syllables):
        yield 1.0, tuple(_pinyin_segments(syllables))
    joined = "".join(words)
    if joined.isdigit():
        return
    if len(joined) >= 4:
        letters = "".join(unit.rstrip("*") for unit in syllables) if all(cut) else joined
        parts = {f"l{letters[place : place + 3]}": 1.0 for place in range(len(letters) - 2)}
        yield LETTERS, (Segment(1.0, ((1.0, parts),)),)
    if 2 <= len(joined) <= 8:
        yield SHORTENED, (Segment(1.0, tuple(_initials(joined))),)


def _pinyin_segments(syllables: list[str]) -> Iterator[Segment]:
    rest: list[str] = []
    place = 0
    while place < len(syllables):
        size, called = _longest_sound(syllables, place)
        if not size:
            rest, place = [*rest, syllables[place]], place + 1
            continue
        if rest:
            yield _sound_segment(rest)
        rest = []
        if called:
            heard_so = [(one,) for one in syllables[place : place + size]]
            ways = [(OFFICIAL, _characters(text)) for text in called]
            yield Segment(1.0 if size > 1 else 0.55, ((1.0, _sounds(heard_so)), *ways))
        place += size
    if rest:
        yield _sound_segment(rest)


def _longest_sound(syllables: list[str], place: int) -> tuple[int, tuple[str, ...]]:
    """(syllables, what they are called); a word that says nothing is called nothing."""
    for size in range(min(LONGEST, len(syllables) - place), 0, -1):
        sounds = tuple(syllables[place : place + size])
        called = _by_sound().get(sounds)
        if called:
            return size, called
        if sounds in _stop_sounds():
            return size, ()
    return 0, ()


def _sound_segment(syllables: list[str]) -> Segment:
    """Syllables that are no everyday word; a single letter stands for a syllable that begins so."""
    whole = [(one,) for one in syllables if not one.endswith("*")]
    parts = _sounds(whole) if whole else {}
    ways = [(1.0, parts)] if parts and len(whole) == len(syllables) else []
    if len(ways) == 0 and len(syllables) > 1:
        initials = "".join(one[0] for one in syllables)
        ways = [(SHORTENED, parts | weights) for _, weights in _initials(initials)]
    return Segment(min(2.0, 0.4 + 0.3 * len(syllables)), tuple(ways))


def _initials(letters: str) -> Iterator[tuple[float, Parts]]:
    size = min(3, len(letters))
    yield 1.0, {f"i{letters[place : place + size]}": 1.0 for place in range(len(letters) - size + 1)}
    for called in _by_initials().get(letters, ()):
        yield OFFICIAL, _characters(called)
