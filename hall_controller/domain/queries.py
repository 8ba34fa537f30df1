"""What was typed, as segments: each with the ways in which a catalogue may say it. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import NamedTuple

from hall_controller.domain.everyday import STOP, THING, WHOM, Word, everyday
from hall_controller.domain.pinyin import first_heard, heard, units
from hall_controller.domain.queries_english import english_segments
from hall_controller.domain.query_segments import (
    OFFICIAL,
    SINGLE,
    WEIGHTS,
    Parts,
    Segment,
    characters,
    official,
    parts_called,
)
from hall_controller.domain.search_index import Knows, initials_of, trigrams

SOUND = 0.8
"""The same sound in other characters: a slip of the input method."""
LETTERS = 0.75
"""Only letters in common: a slip of the finger."""
SHORTENED = 0.9
"""Initials alone."""
LONGEST = 8
"""Characters or syllables of a word that is looked up."""
BY_SOUND = 3
"""A word that is written wrongly is known by its sound when it has so many characters."""
MANY = 32
"""Official words at most that two or three initials are read as."""
TOGETHER = 1.6
"""What two words mean together, against each of them."""
SLIP = 0.55
"""Trigrams in common of all, for a word typed with a slip of the finger."""
_FILLER = re.compile(
    "(?:一个|一家|一间|一张|一下|怎么|怎样|如何|多少|什么|需要|可以|要|想|我|在|个(?![税人体])|的(?!士)|了(?!解))"
)
"""Stands in the middle of a word: `开个公司`."""
_NUMBERS = {"1": "一", "2": "二", "3": "三", "60": "六十", "65": "六十五", "70": "七十", "80": "八十", "90": "九十"}
_BORDER = re.compile(r"(?<=[a-z0-9])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[a-z0-9])")
_NUMBER = re.compile(r"(\d+) ?(?=[岁胎孩])")


class Reading(NamedTuple):
    """One way to understand all that was typed."""

    trust: float
    segments: tuple[Segment, ...]


def readings(wanted: str, knows: Knows) -> list[Reading]:
    """All ways to understand what was typed: Chinese runs are common to them, Latin ones may be read in several."""
    wanted = _NUMBER.sub(lambda found: _NUMBERS.get(found[1], found[1]), wanted)
    mixed = [word for word in _mixed() if word in wanted]
    chinese = [_segment(word, everyday()[word.replace(" ", "")]) for word in mixed]
    for word in mixed:
        wanted = wanted.replace(word, " ")
    runs = wanted.split()
    chinese += [segment for run in runs if not run[0].isascii() for segment in chinese_segments(run, knows)]
    latin = [run for run in runs if run[0].isascii()]
    if not latin:
        return [Reading(1.0, tuple(chinese))]
    return [
        Reading(trust, (*chinese, *segments))
        for trust, segments in (*latin_readings(latin, knows), (0.95, english_segments(latin)))
        if segments
    ]


@cache
def _stop() -> frozenset[str]:
    return frozenset(STOP.split())


@cache
def _mixed() -> tuple[str, ...]:
    """Everyday words of letters and characters, as a plain query has them: `i 深圳`."""
    plain = {word: _BORDER.sub(" ", word) for word in everyday()}
    return tuple(sorted((text for word, text in plain.items() if text != word), key=len, reverse=True))


@cache
def _by_sound() -> dict[tuple[str, ...], Word]:
    """Everyday words by their blurred syllables, each with itself before the official ones."""
    table: dict[tuple[str, ...], Word] = {}
    for word, (role, called) in everyday().items():
        sounds = first_heard(word)
        if sounds and len(sounds) == len(word):
            held = table.get(sounds, Word(role, ()))
            table[sounds] = Word(held.role, tuple(dict.fromkeys((*held.called, word, *called))))
    return table


@cache
def _by_initials() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for word, (_, called) in everyday().items():
        initials = initials_of(word)
        if len(initials) > 1 and "+" not in word:
            table[initials] = tuple(dict.fromkeys((*table.get(initials, ()), *called)))
    return table


@cache
def _by_letters() -> dict[str, tuple[tuple[str, int], ...]]:
    """Trigram -> (letters of an everyday word, how many trigrams it has)."""
    table: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for sounds, word in _by_sound().items():
        letters = "".join(sounds)
        if len(letters) > 4 and word.role == THING:
            held = set(trigrams(letters))
            for trigram in held:
                table[trigram].append((" ".join(sounds), len(held)))
    return {trigram: tuple(held) for trigram, held in table.items()}


@cache
def _stop_sounds() -> frozenset[tuple[str, ...]]:
    return frozenset(first_heard(word) for word in _stop() if len(word) > 1)


# --- Chinese -------------------------------------------------------------------------------------


def chinese_segments(run: str, knows: Knows) -> list[Segment]:
    """Everyday words, and what stands between them; what says nothing is left out, unless it is all."""
    whole, cut = _cut(run, knows)
    shorter = _FILLER.sub("", run)
    if shorter and shorter != run:
        without, cut_without = _cut(shorter, knows)
        if without > whole:
            cut = cut_without
    found: list[Segment] = []
    for text, word in cut:
        if word is None:
            found += [_segment(piece) for piece in _pieces(text, knows)]
        elif word.called:
            found.append(_segment(text, word))
    found += [_segment(text, word)._replace(weight=TOGETHER) for text, word in _together(run, cut)]
    return found or [_segment(run)]


def _together(run: str, cut: Iterable[tuple[str, Word | None]]) -> list[tuple[str, Word]]:
    """What words mean together, wherever they stand: a home and a fund, that is a loan of the fund."""
    said = [text for text, word in cut if word is not None and word.called]
    pairs = (_pairs().get(frozenset(pair)) for pair in combinations(said, 2))
    texts = [text for text in pairs if text is not None]
    texts += [text for text, parts in _sums() if all(part in run for part in parts)]
    return [(text, everyday()[text]) for text in dict.fromkeys(texts)]


@cache
def _pairs() -> dict[frozenset[str], str]:
    """Everyday words that are made of two others."""
    found: dict[frozenset[str], str] = {}
    for text, (role, _) in everyday().items():
        if role == THING and len(text) > 3 and not text.isascii():
            for place in range(2, len(text) - 1):
                first, second = text[:place], text[place:]
                if first in everyday() and second in everyday() and everyday()[second].role != WHOM:
                    found.setdefault(frozenset((first, second)), text)
    return found


@cache
def _sums() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Everyday words with `+` in them: what is meant when all of it is said."""
    return tuple((text, tuple(text.split("+"))) for text in everyday() if "+" in text)


def _cut(run: str, knows: Knows) -> tuple[int, list[tuple[str, Word | None]]]:
    """(how well words cover it, the pieces with the word that each is): the longest words that fit together."""
    sounds = [(heard(one) or ("",))[0] for one in run]
    best: list[tuple[int, int, Word | None]] = [(0, 0, None)]
    for end in range(1, len(run) + 1):
        choice: tuple[int, int, Word | None] = (best[end - 1][0], end - 1, None)
        for start in range(max(0, end - LONGEST), end):
            word = _word(run[start:end], sounds[start:end])
            if word is None or (end - start == 1 and _belongs(run, start, knows)):
                continue
            covered = best[start][0] + (end - start) ** 2
            if covered > choice[0]:
                choice = (covered, start, word)
        best.append(choice)
    pieces: list[tuple[str, Word | None]] = []
    end = len(run)
    while end:
        _, start, word = best[end]
        if word is None and pieces and pieces[-1][1] is None:
            pieces[-1] = (run[start:end] + pieces[-1][0], None)
        else:
            pieces.append((run[start:end], word))
        end = start
    return best[-1][0], pieces[::-1]


def _word(text: str, sounds: Sequence[str]) -> Word | None:
    """The everyday word that it is; one that says nothing is called nothing."""
    word = everyday().get(text)
    if word is None and text in _stop():
        return _NOTHING
    if word is None and len(text) >= BY_SOUND:
        return _by_sound().get(tuple(sounds))
    return word


_NOTHING = Word(THING, ())


def _belongs(run: str, place: int, knows: Knows) -> bool:
    """Whether a single character is part of a word of the catalogue: `用` in `用电`."""
    after, before = run[place : place + 2], run[max(0, place - 1) : place + 1]
    return (len(after) == 2 and knows("c" + after)) or (
        len(before) == 2 and knows("c" + before) and run[max(0, place - 1)] not in everyday()
    )


def _pieces(text: str, knows: Knows) -> Iterator[str]:
    """Characters that stand side by side in a name stay together, and so do all the others between them."""
    joined = [knows(f"c{first}{second}") for first, second in pairwise(text)]
    if not any(joined) or all(joined):
        yield text
        return
    start = 0
    for place in range(1, len(text)):
        before, here = joined[place - 1], place < len(joined) and joined[place]
        loose = not before and not here and not (place > 1 and joined[place - 2])
        if not before and not loose:
            yield text[start:place]
            start = place
    yield text[start:]


def _segment(text: str, word: Word | None = None) -> Segment:
    ways: list[tuple[float, Parts]] = [(1.0, characters(text))]
    if word is not None:
        ways += official(word, text)
    if len(text) > 1:
        ways.append((SOUND, _sounds([heard(one) for one in text])))
    if word is not None:
        weight = WEIGHTS[word.role] * (0.7 if len(text) == 1 else 1.0)
        return Segment(weight, tuple(ways), word.role)
    return Segment(0.4 if len(text) == 1 else min(1.6, 0.5 + 0.25 * len(text)), tuple(ways))


def _sounds(sounds: Sequence[tuple[str, ...]]) -> Parts:
    """By the usual reading of each; the index holds the others too."""
    usual = [one[0] for one in sounds if one]
    if len(usual) == 1:
        return {f"s{usual[0]}": 1.0}
    pairs = {f"s{first} {second}": 1.0 for first, second in pairwise(usual)}
    return pairs | {f"s{one}": SINGLE for one in usual}


# --- Latin letters -------------------------------------------------------------------------------


def latin_readings(words: list[str], knows: Knows) -> Iterator[tuple[float, tuple[Segment, ...]]]:
    """(trust, segments): as pinyin, as letters of pinyin, as initials."""
    cut = [units(word) for word in words]
    syllables = [unit for one in cut if one for unit in one]
    if all(cut) and any(not unit.endswith("*") for unit in syllables):
        yield 1.0, tuple(_pinyin_segments(syllables, knows))
    joined = "".join(words)
    if joined.isdigit():
        return
    if len(joined) >= 4:
        letters = "".join(unit.rstrip("*") for unit in syllables) if all(cut) else joined
        parts = {f"l{letters[place : place + 3]}": 1.0 for place in range(len(letters) - 2)}
        ways = ((1.0, parts), *_slips(letters))
        yield LETTERS, (Segment(1.0, ways),)
    if 2 <= len(joined) <= 8:
        yield SHORTENED, (Segment(1.0, tuple(_initials(joined))),)


def _slips(letters: str) -> Iterator[tuple[float, Parts]]:
    """Everyday words that are typed nearly so."""
    typed = set(trigrams(letters))
    common: defaultdict[tuple[str, int], int] = defaultdict(int)
    for trigram in typed:
        for word in _by_letters().get(trigram, ()):
            common[word] += 1
    near = [(2 * held / (len(typed) + size), sounds) for (sounds, size), held in common.items()]
    for likeness, sounds in sorted(near, reverse=True)[:3]:
        if likeness >= SLIP:
            for text in _by_sound()[tuple(sounds.split())].called:
                yield 0.4 + 0.6 * likeness, parts_called(text)


def _pinyin_segments(syllables: list[str], knows: Knows) -> Iterator[Segment]:
    rest: list[str] = []
    place = 0
    while place < len(syllables):
        size, word = _longest_sound(syllables, place)
        if not size:
            rest, place = [*rest, syllables[place]], place + 1
            continue
        yield from _sound_pieces(rest, knows)
        rest = []
        if word is not None:
            heard_so = [(one,) for one in syllables[place : place + size]]
            ways = ((1.0, _sounds(heard_so)), *official(word))
            yield Segment(WEIGHTS[word.role] if size > 1 else 0.4, ways, word.role)
        place += size
    yield from _sound_pieces(rest, knows)


def _longest_sound(syllables: list[str], place: int) -> tuple[int, Word | None]:
    """(syllables, what they are called); a word that says nothing is None."""
    for size in range(min(LONGEST, len(syllables) - place), 0, -1):
        sounds = tuple(syllables[place : place + size])
        word = _by_sound().get(sounds)
        if word is not None:
            return size, word
        if sounds in _stop_sounds():
            return size, None
    return 0, None


def _sound_pieces(syllables: list[str], knows: Knows) -> Iterator[Segment]:
    """Cut where no name has two syllables side by side; a single letter joins them."""
    piece: list[str] = []
    for one in syllables:
        if piece and not (one + piece[-1]).count("*") and not knows(f"s{piece[-1]} {one}") and len(piece) > 1:
            yield _sound_segment(piece)
            piece = []
        piece.append(one)
    if piece:
        yield _sound_segment(piece)


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
    for called in _by_initials().get(letters, ())[:MANY]:
        yield OFFICIAL, parts_called(called)
