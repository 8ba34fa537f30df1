"""One thing said in both languages of the hall."""

from typing import Literal, NamedTuple

Tongue = Literal["zh", "en"]
"""Which language comes first on a screen."""


class Words(NamedTuple):
    zh: str
    en: str

    def first(self, tongue: Tongue) -> str:
        return self.zh if tongue == "zh" else self.en

    def second(self, tongue: Tongue) -> str:
        return self.en if tongue == "zh" else self.zh

    def both(self, tongue: Tongue) -> str:
        first, second = self.first(tongue), self.second(tongue)
        return first if first == second else f"{first} {second}"


NOTHING = Words("", "")
