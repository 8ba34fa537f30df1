"""English words of a query, as segments. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from hall_controller.domain.everyday import STOP_EN, THING, Word, everyday
from hall_controller.domain.query_segments import WEIGHTS, Parts, Segment, official
from hall_controller.domain.search_index import stem, trigrams

FEWEST = 5
"""Letters of a word that may hold a slip of the finger."""
ALIKE = 0.5
"""Trigrams in common of all."""
SLIPPED = 0.9


@cache
def _stop_en() -> frozenset[str]:
    return frozenset(STOP_EN.split())


def english_segments(words: list[str]) -> tuple[Segment, ...]:
    return tuple(_english(words)) or tuple(_english_segment(word) for word in words)


def _english(words: list[str]) -> Iterator[Segment]:
    """Everyday words and phrases, the longest first, and the words between them."""
    place = 0
    while place < len(words):
        for size in range(min(4, len(words) - place), 0, -1):
            word = everyday().get(" ".join(words[place : place + size]))
            if word is not None:
                break
        else:
            size = 1
        meant = words[place : place + size]
        place += size
        if word is not None:
            yield _english_everyday(meant, word)
        elif meant[0] not in _stop_en():
            yield _english_segment(meant[0])


def _english_everyday(words: Iterable[str], word: Word) -> Segment:
    typed = [stem(one) for one in words if one not in _stop_en()]
    ways: list[tuple[float, Parts]] = [(1.0, {f"w{one}": 1.0 for one in typed})] if typed else []
    ways += official(word)
    return Segment(WEIGHTS[word.role], tuple(ways), word.role)


def _english_segment(word: str) -> Segment:
    ways: list[tuple[float, Parts]] = [(1.0, {f"w{stem(word)}": 1.0})]
    if len(word) >= 2:
        ways.append((0.85, {f"p{word[:8]}": 1.0}))
    if len(word) >= 4:
        ways.append((0.8, {f"t{trigram}": 1.0 for trigram in trigrams(word)}))
    near = _near(word) if len(word) >= FEWEST else None
    if near is not None:
        ways += [(trust * SLIPPED, parts) for trust, parts in official(everyday()[near])]
    return Segment(1.0 if len(word) > 2 else 0.7, tuple(ways))


@cache
def _by_trigram() -> dict[str, tuple[tuple[str, int], ...]]:
    """Trigram -> (an everyday English word, how many trigrams it has)."""
    table: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for word, (role, _) in everyday().items():
        if word.isascii() and word.isalpha() and len(word) >= FEWEST and role == THING:
            held = set(trigrams(word))
            for trigram in held:
                table[trigram].append((word, len(held)))
    return {trigram: tuple(held) for trigram, held in table.items()}


def _near(typed: str) -> str | None:
    """The everyday word that was typed with a slip of the finger: it begins alike, and is about as long."""
    own = set(trigrams(typed))
    common: defaultdict[tuple[str, int], int] = defaultdict(int)
    for trigram in own:
        for word in _by_trigram().get(trigram, ()):
            common[word] += 1
    near = [
        (2 * held / (len(own) + size), word)
        for (word, size), held in common.items()
        if word[0] == typed[0] and abs(len(word) - len(typed)) <= 2
    ]
    likeness, best = max(near, default=(0.0, ""))
    return best if likeness >= ALIKE else None
