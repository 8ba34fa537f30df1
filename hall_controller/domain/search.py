"""Finding a matter as people type: characters, pinyin, initials, English, everyday words, with typos. Pure.

What is typed is cut into segments; each may be said in several ways (as typed, by an official word, by its sound). A
matter scores by how much of each segment it holds. A segment that few matters hold counts more than one that many do;
an act, and for whom it is, count only for a matter that holds some of the thing. The best are then ranked by how much
of their name was asked for.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hall_controller.domain.everyday import LEGAL, NATURAL, THING
from hall_controller.domain.matters import Matter, Subject
from hall_controller.domain.pinyin import heard
from hall_controller.domain.queries import Reading, readings
from hall_controller.domain.query_segments import Segment
from hall_controller.domain.search_index import Entry, Index, initials_of, letters_of, plain

__all__ = ["Hit", "Search", "plain"]

RANKED = 40
"""Of the best by segments so many are ranked by their names."""
LEAST = 0.2
"""A matter that scores less is not what was meant."""
FAINT = 0.13
"""Unless nothing better is found: then three of such a score may be."""
CLOSE = 0.45
"""Nor is one with so small a share of the best one's score."""
KNOWN = 0.3
"""Who holds less of the thing does not hold it."""
LATER_ACTS = ("变更", "延续", "注销", "查询", "领取", "复核", "补领", "补发", "补证", "遗失")
"""What one does with a thing that one has already: seldom meant by who names the thing alone."""
NOT_ASKED = 0.06
LEAN = 0.08
"""A company's matter for who speaks of a company, a person's for who speaks of a person."""
LAST = 1.15
"""Of what stands last, which says what it is, against what stands before it, which says of what kind."""
FEW, COMMON = 4, 120
"""Of more parts than these, single characters and letters that so many matters hold tell little and cost most."""
TYPED = 48
"""Characters of a query at most that are looked at."""
_LEGAL, _NATURAL = LEGAL.split(), NATURAL.split()


class Hit(NamedTuple):
    matter: Matter
    score: float
    """From 0 to about 1.7; only its order means something."""


class Search:
    """An index over some matters; built once, asked for each keystroke."""

    def __init__(self, matters: Iterable[Matter]) -> None:
        self.matters = list(matters)
        self._index = Index(self.matters)
        self._own: dict[int, tuple[tuple[tuple[str, float], ...], ...]] = {}

    def find(self, typed: str, limit: int = 20) -> list[Hit]:
        """The matters that may be meant, best first; none for an empty query."""
        wanted = plain(typed)[:TYPED]
        if not wanted:
            return []
        best: dict[int, float] = {}
        asked: dict[str, float] = {}
        for reading in readings(wanted, self._index.knows):
            for place, score in self._scores(reading).items():
                if score > best.get(place, 0.0):
                    best[place] = score
            for segment in reading.segments:
                for trust, parts in segment.ways:
                    for part in parts:
                        if trust > asked.get(part, 0.0):
                            asked[part] = trust
        first = sorted(best, key=lambda place: (-best[place], place))[:RANKED]
        lean = _lean(wanted)
        ranked = [(best[place] + self._closeness(place, wanted, asked, lean), place) for place in first]
        ranked.sort(key=lambda one: (-one[0], one[1]))
        top = ranked[0][0] if ranked else 0.0
        if top < LEAST:
            limit = min(limit, 3)
        least = max(LEAST, top * CLOSE) if top >= LEAST else max(FAINT, top * 0.7)
        return [Hit(self.matters[place], score) for score, place in ranked[:limit] if score >= least]

    def _scores(self, reading: Reading) -> dict[int, float]:
        """How much of each segment a matter holds, by the weights of the segments: 0 to 1."""
        things = [segment for segment in reading.segments if segment.role == THING]
        others = [segment for segment in reading.segments if segment.role != THING]
        total, sums = 0.0, defaultdict[int, float](float)
        for number, segment in enumerate(things, 1):
            found, strength = self._segment(segment)
            if number == len(things) > 1:
                strength *= LAST
            total += strength
            for place, score in found.items():
                sums[place] += score * strength
        # Where the thing is found hardly anywhere, what else was said must do.
        held = dict(sums) if max(sums.values(), default=0.0) >= KNOWN * total else {}
        enough = 0.5 * max(held.values(), default=0.0)
        for segment in others:
            found, strength = self._segment(segment)
            total += strength
            for place, score in found.items():
                if not held:
                    sums[place] += score * strength
                elif place in held:
                    sums[place] += score * strength * min(1.0, held[place] / enough)
        return {place: score / total * reading.trust for place, score in sums.items()} if total else {}

    def _segment(self, segment: Segment) -> tuple[dict[int, float], float]:
        """(how much of it each matter holds, how much it tells)."""
        best: dict[int, float] = {}
        look, unknown = self._index.look, self._index.unknown
        for trust, parts in segment.ways:
            found: defaultdict[int, float] = defaultdict(float)
            whole = 0.0
            for part, weight in parts.items():
                places, rarity = look(part)
                whole += weight * (rarity or unknown)
                if len(places) > COMMON and len(parts) > FEW and (weight < 1 or part[0] in "lt"):
                    continue
                value = weight * rarity
                for place, field in places:
                    found[place] += value * field
            for place, score in found.items():
                share = score / whole * trust
                if share > best.get(place, 0.0):
                    best[place] = share
        if not best:
            return best, 0.3 * segment.weight
        top = max(best.values())
        many = sum((share / top) ** 3 for share in best.values())
        # What few matters hold tells more; what none holds well tells little.
        return best, segment.weight * math.log(1 + self._index.count / many) * (0.3 + 0.7 * top) / unknown

    def _closeness(self, place: int, wanted: str, asked: Mapping[str, float], lean: Subject | None) -> float:
        """How much of the matter's own name was asked for, and whether it was typed as it stands."""
        entry = self._index.entries[place]
        close = 0.3 * self._share(place, asked)
        if any(act in entry.names[0] and f"c{act}" not in asked for act in LATER_ACTS):
            close -= NOT_ASKED
        if lean is not None:
            close += LEAN if (self.matters[place].subject == Subject.LEGAL) == (lean == Subject.LEGAL) else 0.0
        joined = wanted.replace(" ", "")
        if any(name in (wanted, joined) for name in entry.names):
            return close + 0.4
        if any(name.startswith(wanted) or (len(joined) > 1 and joined in name) for name in entry.names):
            close += 0.12
        if len(joined) > 1 and joined.isascii():
            initials = initials_of(entry.names[0])
            if joined in initials:
                close += 0.1 + 0.2 * len(joined) / len(initials)
        return close

    def _share(self, place: int, asked: Mapping[str, float]) -> float:
        """Of the name's parts that were asked for: by characters, by sound, by letters or in English."""
        own = self._own.get(place)
        if own is None:
            own = self._own[place] = self._name(self._index.entries[place])
        shares = (sum(value * asked[part] for part, value in kind if part in asked) for kind in own)
        return max(shares)

    def _name(self, entry: Entry) -> tuple[tuple[tuple[str, float], ...], ...]:
        """The parts of a name with their shares of it, in each writing."""
        look = self._index.look
        whole = sum(look(part)[1] for part in entry.chinese) or 1.0
        chinese = tuple((part, look(part)[1] / whole) for part in entry.chinese)
        sounds = tuple(
            ("s" + " ".join(heard(one)[0] if heard(one) else "" for one in part[1:]), value) for part, value in chinese
        )
        english = sum(look(part)[1] for part in entry.english) or 1.0
        letters = letters_of(entry.names[0])
        return (
            chinese,
            sounds,
            tuple((part, look(part)[1] / english) for part in entry.english),
            tuple((f"l{letters[at : at + 3]}", 1 / len(letters)) for at in range(len(letters) - 2)),
        )


def _lean(wanted: str) -> Subject | None:
    words = wanted.split()
    if any(word in words if word.isascii() else word in wanted for word in _LEGAL):
        return Subject.LEGAL
    if any(word in words if word.isascii() else word in wanted for word in _NATURAL):
        return Subject.NATURAL
    return None
