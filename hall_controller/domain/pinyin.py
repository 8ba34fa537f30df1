"""How Chinese is read, and how it is typed by its sound: without tones, shortened to initials, by a southern ear.

Syllables are compared blurred: `zh` as `z`, `l` as `n`, `ng` as `n`, since people mix these up when they type.
"""

from functools import cache

from hall_controller.domain.readings_table import READINGS, SECOND

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
LONGEST = 6
SHORTENED = 2.2
"""Of one letter for a whole syllable, against 1 for a syllable written out."""


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """The syllables of each character, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for part in READINGS.split():
        syllable = "".join(letter for letter in part if letter.isascii())
        found |= dict.fromkeys(part[len(syllable) :], (syllable,))
    for part in SECOND.split():
        found[part[0]] = tuple(dict.fromkeys((*found[part[0]], part[1:])))
    return found


@cache
def blurred(syllable: str) -> str:
    """The syllable as a tired ear hears it."""
    for long, short in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n")):
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    return syllable.removesuffix("g").replace("v", "u") if syllable.endswith("ng") else syllable.replace("v", "u")


@cache
def heard(one: str) -> tuple[str, ...]:
    """The blurred syllables of a character; none for what is no Chinese."""
    return tuple(dict.fromkeys(blurred(syllable) for syllable in readings().get(one, ())))


def first_heard(text: str) -> tuple[str, ...]:
    """The blurred syllables of a text, one for each character that has any."""
    return tuple(heard(one)[0] for one in text if heard(one))


@cache
def _syllables() -> frozenset[str]:
    """All that is written for a syllable, blurred ones too."""
    whole = {syllable for held in readings().values() for syllable in held}
    return frozenset(whole | {blurred(syllable) for syllable in whole} - set(INITIALS))


@cache
def _written_so(text: str) -> str | None:
    """The blurred syllable that these letters are."""
    if text in _syllables():
        return blurred(text)
    short = blurred(text)
    return short if len(text) > 1 and short in _syllables() else None


def units(letters: str) -> tuple[str, ...] | None:
    """Typed letters as syllables, blurred, and single initials with a `*`: `shenfz` -> (`sen`, `f*`, `z*`).

    None when they cannot be read so.
    """
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())]
    for end in range(1, len(letters) + 1):
        options = []
        for start in range(max(0, end - LONGEST), end):
            before, part = best[start], letters[start:end]
            if before is None:
                continue
            whole = _written_so(part)
            if whole is not None:
                options.append((before[0] + 1, (*before[1], whole)))
            elif part in INITIALS:
                options.append((before[0] + SHORTENED, (*before[1], part[0] + "*")))
        best.append(min(options) if options else None)
    last = best[-1]
    return last[1] if last is not None else None
