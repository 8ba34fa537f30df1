"""What a query is made of: its segments, and the parts of names by which the index knows a word. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from hall_controller.domain.everyday import ACT, THING, WHOM, Word
from hall_controller.domain.search_index import stem

Parts = dict[str, float]
"""Parts of names, as the index has them, each with its weight."""

OFFICIAL = 0.95
"""An official word for an everyday one is worth nearly as much as the word that was typed …"""
RARER = 0.02
"""… and each further one a little less."""
SINGLE = 0.3
WEIGHTS = {THING: 1.0, ACT: 0.5, WHOM: 0.5}


class Segment(NamedTuple):
    """One thing that was asked for."""

    weight: float
    ways: tuple[tuple[float, Parts], ...]
    """(trust, parts): as typed, and as it may be called elsewhere; the best one counts."""
    role: str = THING


def official(word: Word, typed: str = "") -> Iterator[tuple[float, Parts]]:
    """What it may be called, what is meant most often first; of an act, all are one."""
    step = RARER if word.role == THING else 0.0
    for rank, text in enumerate(text for text in word.called if text != typed):
        yield OFFICIAL - step * min(rank, 5), parts_called(text)


@lru_cache(maxsize=8192)
def parts_called(text: str) -> Parts:
    """The parts of an official word; of a long one its pairs are enough, and much cheaper."""
    if text.isascii():
        return {f"w{stem(one)}": 1.0 for one in text.split("_")}
    return {f"c{first}{second}": 1.0 for first, second in pairwise(text)} if len(text) > 2 else characters(text)


def characters(text: str) -> Parts:
    if len(text) == 1:
        return {f"c{text}": 1.0}
    pairs = {f"c{text[place : place + 2]}": 1.0 for place in range(len(text) - 1)}
    return pairs | {f"c{one}": SINGLE for one in text}
