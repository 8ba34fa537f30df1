"""Finding a matter as people type: characters, pinyin, initials, English, everyday words, with typos. Pure.

What is typed is cut into segments; each may be said in several ways (as typed, by an official word, by its sound). A
matter scores by how much of each segment it holds, rare parts counting more than common ones; the best are then ranked
by how much of their name was asked for. An index of parts keeps a keystroke cheap.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from hall_controller.domain.everyday import STOP_EN, TRADITIONAL, everyday_en
from hall_controller.domain.matters import Matter
from hall_controller.domain.pinyin import heard
from hall_controller.domain.queries import Reading, Segment, chinese_segments, latin_readings, said_as

RANKED = 40
"""Of the best by segments so many are ranked by their names."""
LEAST = 0.22
"""A matter that scores less is not what was meant."""
CLOSE = 0.45
"""Nor is one with so small a share of the best one's score."""
CONTEXT = 0.3
"""A part in group, department or documents counts so much of one in a name."""
SAID = 0.9
"""A letter of the everyday word for a name, of one in the name itself."""
LATER_ACTS = ("变更", "延续", "注销", "查询", "领取", "复核")
"""What one does with a thing that one has already: seldom meant by who names the thing alone."""
NOT_ASKED = 0.06
TYPED = 48
"""Characters of a query at most that are looked at."""
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STOP_EN = frozenset(STOP_EN.split())


class Hit(NamedTuple):
    matter: Matter
    score: float
    """From 0 to about 1.7; only its order means something."""


class Entry(NamedTuple):
    """What a matter's names are compared by once it is among the best."""

    names: tuple[str, ...]
    """Plain: the Chinese name, the English one, aliases, the code."""
    parts: dict[str, float]
    """Of its Chinese and English names: part -> weight, before rarity."""
    initials: str


def plain(text: str) -> str:
    """Small, simplified, of normal width, without punctuation: what is compared."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(TRADITIONAL)
    return " ".join(_WORD.findall(small))


class Search:
    """An index over some matters; built once, asked for each keystroke."""

    def __init__(self, matters: Iterable[Matter]) -> None:
        self.matters = list(matters)
        found: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self._entries: list[Entry] = []
        seen: dict[str, list[tuple[str, float]]] = {}
        for place, matter in enumerate(self.matters):
            entry = _entry(matter)
            self._entries.append(entry)
            for part, weight in _all_parts(matter, entry, seen):
                held = found[part]
                if weight > held.get(place, 0.0):
                    held[place] = weight
        count = len(self.matters) or 1
        self._rarity = {part: math.log(1 + count / len(held)) for part, held in found.items()}
        self._unknown = math.log(1 + count) * 0.6
        self._held = {part: tuple(held.items()) for part, held in found.items()}

    def find(self, typed: str, limit: int = 20) -> list[Hit]:
        """The matters that may be meant, best first; none for an empty query."""
        wanted = plain(typed)[:TYPED]
        if not wanted:
            return []
        best: dict[int, float] = {}
        asked: dict[str, float] = {}
        for reading in _readings(wanted):
            for place, score in self._scores(reading).items():
                if score > best.get(place, 0.0):
                    best[place] = score
            for segment in reading.segments:
                for trust, parts in segment.ways:
                    asked |= {part: max(trust, asked.get(part, 0.0)) for part in parts}
        first = sorted(best, key=lambda place: (-best[place], place))[:RANKED]
        ranked = [(best[place] + self._closeness(place, wanted, asked), place) for place in first]
        ranked.sort(key=lambda one: (-one[0], one[1]))
        least = max(LEAST, ranked[0][0] * CLOSE) if ranked else 0
        return [Hit(self.matters[place], score) for score, place in ranked[:limit] if score >= least]

    def _scores(self, reading: Reading) -> dict[int, float]:
        """How much of each segment a matter holds, by the weights of the segments: 0 to 1."""
        total = 0.0
        sums: defaultdict[int, float] = defaultdict(float)
        for segment in reading.segments:
            found, strength = self._segment(segment)
            total += strength
            for place, score in found.items():
                sums[place] += score * strength
        return {place: score / total * reading.trust for place, score in sums.items()} if total else {}

    def _segment(self, segment: Segment) -> tuple[dict[int, float], float]:
        best: dict[int, float] = {}
        strength = 0.0
        for trust, parts in segment.ways:
            found: defaultdict[int, float] = defaultdict(float)
            whole = known = weights = 0.0
            for part, weight in parts.items():
                rarity = self._rarity.get(part)
                if rarity is None:
                    whole += weight * self._unknown
                    continue
                whole += weight * rarity
                known += weight * rarity
                weights += weight
                for place, field in self._held[part]:
                    found[place] += weight * rarity * field
            if weights:
                strength = max(strength, known / weights * trust)
            for place, score in found.items():
                score = score / whole * trust  # noqa: PLW2901 - its share
                if score > best.get(place, 0.0):
                    best[place] = score
        # What no matter knows says little, but not nothing: "xyzzy" must not find by its other word alone.
        return best, (strength or self._unknown * 0.5) * segment.weight

    def _closeness(self, place: int, wanted: str, asked: Mapping[str, float]) -> float:
        """How much of the matter's own name was asked for, and whether it was typed as it stands."""
        entry = self._entries[place]
        kinds: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for part, weight in entry.parts.items():
            value = weight * self._rarity[part]
            sums = kinds[part[0]]
            sums[1] += value
            sums[0] += value * asked.get(part, 0.0)
        close = 0.3 * max((held / whole for held, whole in kinds.values()), default=0.0)
        if any(act in entry.names[0] and f"c{act}" not in asked for act in LATER_ACTS):
            close -= NOT_ASKED
        joined = wanted.replace(" ", "")
        if any(name in (wanted, joined) for name in entry.names):
            return close + 0.4
        if any(name.startswith(wanted) or (len(joined) > 1 and joined in name) for name in entry.names):
            close += 0.12
        if len(joined) > 1 and joined.isascii() and joined in entry.initials:
            close += 0.1 + 0.2 * len(joined) / len(entry.initials)
        return close


# --- what a matter is known by -------------------------------------------------------------------


def _entry(matter: Matter) -> Entry:
    names = tuple(plain(name) for name in (matter.name_zh, matter.name_en, *matter.aliases, matter.code))
    parts = dict(_name_parts(names[0]))
    parts |= {part: weight for part, weight in _name_parts(names[1]) if part[0] == "w"}
    return Entry(names, parts, "".join(heard(one)[0][0] for one in names[0] if heard(one)))


def _all_parts(matter: Matter, entry: Entry, seen: dict[str, list[tuple[str, float]]]) -> Iterator[tuple[str, float]]:
    """`seen` keeps the parts of texts that many matters share."""
    for name in entry.names:
        yield from _name_parts(name)
    for letters in (letters for word, letters in said_as() if word in entry.names[0]):
        for place in range(len(letters) - 2):
            yield f"l{letters[place : place + 3]}", SAID
    context = (matter.group_zh, matter.group_en, matter.department, *matter.documents_zh, *matter.documents_en)
    for text in dict.fromkeys((*context, *matter.themes_zh, *matter.themes_en)):
        if text not in seen:
            seen[text] = [(part, weight * CONTEXT) for part, weight in _name_parts(plain(text)) if part[0] in "cw"]
        yield from seen[text]


def _name_parts(name: str) -> Iterator[tuple[str, float]]:
    """The parts of a plain name, each with its kind as its first letter.

    `c` characters and pairs, `s` syllables and pairs, `i` initials, `l` letters of the sound; `w` English words, `p`
    their beginnings, `t` their trigrams.
    """
    for run in name.split():
        if run[0].isascii():
            if run not in _STOP_EN:
                yield from _word_parts(run)
        else:
            yield from _chinese_parts(run)


def _word_parts(word: str) -> Iterator[tuple[str, float]]:
    yield f"w{stem(word)}", 1.0
    for end in range(2, min(len(word), 8) + 1):
        yield f"p{word[:end]}", 1.0
    for trigram in trigrams(word):
        yield f"t{trigram}", 1.0


def _chinese_parts(run: str) -> Iterator[tuple[str, float]]:
    sounds = [heard(one) for one in run]
    for place, one in enumerate(run):
        yield f"c{one}", 1.0
        yield from ((f"s{sound}", 1.0) for sound in sounds[place])
    for place in range(len(run) - 1):
        yield f"c{run[place : place + 2]}", 1.0
        for first in sounds[place]:
            for second in sounds[place + 1]:
                yield f"s{first} {second}", 1.0
    initials = "".join(sound[0][0] if sound else "-" for sound in sounds)
    for size in (2, 3):
        for place in range(len(initials) - size + 1):
            yield f"i{initials[place : place + size]}", 1.0
    letters = "".join(sound[0] for sound in sounds if sound)
    for place in range(len(letters) - 2):
        yield f"l{letters[place : place + 3]}", 1.0


def stem(word: str) -> str:
    """Roughly: one word for singular and plural, and for either spelling of a licence."""
    word = word.replace("license", "licence")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def trigrams(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[place : place + 3] for place in range(len(padded) - 2)]


# --- what was typed ------------------------------------------------------------------------------


def _readings(wanted: str) -> list[Reading]:
    """All ways to understand what was typed: Chinese runs are common to them, Latin ones may be read in several."""
    runs = wanted.split()
    chinese = [segment for run in runs if not run[0].isascii() for segment in chinese_segments(run)]
    latin = [run for run in runs if run[0].isascii()]
    if not latin:
        return [Reading(1.0, tuple(chinese))]
    return [
        Reading(trust, (*chinese, *segments))
        for trust, segments in (*latin_readings(latin), (0.95, english_segments(latin)))
        if segments
    ]


_EVERYDAY_EN: Mapping[str, tuple[str, ...]] = everyday_en()


def english_segments(words: list[str]) -> tuple[Segment, ...]:
    meant = [word for word in words if word not in _STOP_EN] or words
    return tuple(_english_segment(word) for word in meant)


def _english_segment(word: str) -> Segment:
    ways: list[tuple[float, dict[str, float]]] = [(1.0, {f"w{stem(word)}": 1.0})]
    ways += [(0.9, {f"w{stem(other)}": 1.0}) for other in _EVERYDAY_EN.get(word, ())]
    if len(word) >= 2:
        ways.append((0.85, {f"p{word[:8]}": 1.0}))
    if len(word) >= 4:
        ways.append((0.8, {f"t{trigram}": 1.0 for trigram in trigrams(word)}))
    return Segment(1.0 if len(word) > 2 else 0.7, tuple(ways))
