"""What matters are known by: an index of characters, pairs of characters and English words. Pure.

Only these are kept for each matter; sounds, beginnings and trigrams of words are looked up among the parts that there
are, and initials and letters are indexed when Latin letters are typed first. So it is built while a terminal waits.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from hall_controller.domain.everyday import STOP_EN, TRADITIONAL, said_of
from hall_controller.domain.matters import Matter
from hall_controller.domain.pinyin import heard, readings

CONTEXT = 0.2
"""A part in group, department or documents counts so much of one in a name."""
SAID = 0.9
"""As much of a pair of characters, or a word, in what people say; a single character of it tells nothing."""
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STOP_EN = frozenset(STOP_EN.split())

Places = Sequence[tuple[int, float]]
"""(place of a matter, weight) of a part."""


class Entry(NamedTuple):
    """What a matter's names are compared by once it is among the best."""

    names: tuple[str, ...]
    """Plain: the Chinese name, the English one, aliases, the code."""
    chinese: tuple[str, ...]
    """Parts of the Chinese name, without repeats."""
    english: tuple[str, ...]


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Small, simplified, of normal width, without punctuation: what is compared."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(TRADITIONAL)
    return " ".join(_WORD.findall(small))


def stem(word: str) -> str:
    """Roughly: one word for singular and plural, and for either spelling of a licence."""
    word = word.replace("license", "licence")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def trigrams(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[place : place + 3] for place in range(len(padded) - 2)]


def letters_of(name: str) -> str:
    """The sound of the Chinese in a plain name, in letters."""
    return "".join(heard(one)[0] for one in name if heard(one))


def initials_of(name: str) -> str:
    """The first letter of each character, as it is spelt."""
    return "".join(readings()[one][0][0] for one in name if one in readings())


class Index:
    """Where each part is held; the kind of a part is its first letter.

    `c` characters and pairs, `s` syllables and pairs, `i` initials, `l` letters of the sound; `w` English words, `p`
    their beginnings, `t` their trigrams.
    """

    def __init__(self, matters: Iterable[Matter]) -> None:
        self.entries: list[Entry] = []
        held: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for place, matter in enumerate(matters):
            entry = _entry(matter)
            self.entries.append(entry)
            own = dict.fromkeys((*entry.chinese, *entry.english), 1.0)
            for alias in entry.names[2:]:
                own |= dict.fromkeys(_parts(alias), 1.0)
            said = said_of(matter.name_zh)
            if said not in shared:
                shared[said] = tuple(dict.fromkeys(_parts(plain(";".join(said)), alone=False)))
            for part in shared[said]:
                own.setdefault(part, SAID)
            for part, weight in own.items():
                held[part].append((place, weight))
            around = (matter.group_zh, matter.group_en, matter.department, matter.department_en)
            texts = (*around, *matter.documents_zh, *matter.documents_en, *matter.themes_zh, *matter.themes_en)
            if texts not in shared:
                shared[texts] = tuple(dict.fromkeys(part for text in texts for part in _parts(plain(text))))
            for part in shared[texts]:
                if part not in own:
                    held[part].append((place, CONTEXT))
        self.count = len(self.entries) or 1
        self._held: dict[str, Places] = dict(held)
        self._known: dict[str, tuple[Places, float]] = {}
        self.unknown = math.log(1 + self.count) * 0.6
        """How rare a part counts that no matter holds."""

    def look(self, part: str) -> tuple[Places, float]:
        """(where it is held, how rare it is)."""
        found = self._known.get(part)
        if found is None:
            places = self._places(part)
            share = sum(weight for _, weight in places)
            found = self._known[part] = places, math.log(1 + self.count / share) if share else 0.0
            if len(self._known) > 8 * 4096:
                self._known = {}
        return found

    def knows(self, part: str) -> bool:
        return part in self._held if part[0] in "cw" else part in self._meant

    def _places(self, part: str) -> Places:
        if part[0] in "cw":
            return self._held.get(part, ())
        if part[0] in "il":
            return self._sounds.get(part, ())
        kinds = self._meant.get(part, ())
        if len(kinds) == 1:
            return self._held[kinds[0]]
        found: dict[int, float] = {}
        for kind in kinds:
            for place, weight in self._held[kind]:
                if weight > found.get(place, 0.0):
                    found[place] = weight
        return tuple(found.items())

    @cached_property
    def _meant(self) -> dict[str, list[str]]:
        """The parts that sound so, or words that begin so or hold these letters."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for part in self._held:
            if part[0] == "c":
                for sounds in product(*(heard(one) for one in part[1:])):
                    found["s" + " ".join(sounds)].append(part)
            else:
                word = part[1:]
                for end in range(2, min(len(word), 8) + 1):
                    found["p" + word[:end]].append(part)
                for trigram in set(trigrams(word)):
                    found["t" + trigram].append(part)
        return dict(found)

    @cached_property
    def _sounds(self) -> dict[str, Places]:
        """Initials and letters, of the names alone."""
        found: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for place, entry in enumerate(self.entries):
            for name in (entry.names[0], *entry.names[2:]):
                initials, letters = initials_of(name), letters_of(name)
                for size in (2, 3):
                    for at in range(len(initials) - size + 1):
                        found[f"i{initials[at : at + size]}"][place] = 1.0
                for at in range(len(letters) - 2):
                    found[f"l{letters[at : at + 3]}"][place] = 1.0
        return {part: tuple(held.items()) for part, held in found.items()}


def _entry(matter: Matter) -> Entry:
    names = tuple(plain(name) for name in (matter.name_zh, matter.name_en, *matter.aliases, matter.code))
    english = tuple(dict.fromkeys(part for part in _parts(names[1]) if part[0] == "w"))
    return Entry(names, tuple(dict.fromkeys(part for part in _parts(names[0]) if part[0] == "c")), english)


def _parts(name: str, *, alone: bool = True) -> Iterator[str]:
    """Words, pairs of characters and, unless they are not to stand alone, characters."""
    for run in name.split():
        if not run[0].isascii():
            if alone:
                yield from ("c" + one for one in run)
            yield from (f"c{first}{second}" for first, second in pairwise(run))
        elif run not in _STOP_EN:
            yield "w" + stem(run)


Knows = Callable[[str], bool]
"""Whether a catalogue has a part at all."""
