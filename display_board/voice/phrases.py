"""What is said: the clauses of an announcement, word by word.

A sentence is two clauses, one of the ticket and one of the counter. Each is made once and kept:
so thirty tickets and forty counters need seventy sounds, not twelve hundred.
"""

import msgspec

from display_board.voice.numerals import CHINESE, ENGLISH, ORDINALS, chinese_number, english_number
from display_board.voice.settings import One
from hall_controller.domain.ticket import Language


class Clause(msgspec.Struct, frozen=True):
    """Words said in one breath. Letters are single capitals; a voice pack may hold any run of the words."""

    language: Language
    words: tuple[str, ...]


def languages_of(language: Language, *, own_language: bool) -> tuple[Language, ...]:
    """Mandarin, then the visitor's own language where it is another."""
    if own_language and language is not Language.MANDARIN:
        return (Language.MANDARIN, language)
    return (Language.MANDARIN,)


def sentence(
    number: str, counter: int, language: Language, *, nth: int = 1, short: bool = False, one: One = One.YI
) -> tuple[Clause, ...]:
    """One call in one language: `nth` counts the times it is called; the short form is number and counter alone."""
    clauses = (ticket_clause(number, language, short=short, one=one), counter_clause(counter, language, short=short))
    return clauses if nth <= 1 or short else (again_clause(nth, language), *clauses)


def ticket_clause(number: str, language: Language, *, short: bool = False, one: One = One.YI) -> Clause:
    """请 A 零 零 一 号; Ticket A zero zero one. Digit by digit, as printed on the paper in the visitor's hand."""
    spoken = tuple(_character(character, language, one) for character in number)
    if short:
        return Clause(language, spoken)
    match language:
        case Language.ENGLISH:
            return Clause(language, ("ticket", *spoken))
        case Language.CANTONESE:
            return Clause(language, ("請", *spoken, "號"))
        case Language.MANDARIN:
            return Clause(language, ("请", *spoken, "号"))


def counter_clause(counter: int, language: Language, *, short: bool = False) -> Clause:
    """到 十 二 号 窗口; please go to counter twelve. A whole number, as one asks for a counter."""
    match language:
        case Language.ENGLISH:
            return Clause(language, (*(() if short else ("please", "go", "to")), "counter", *english_number(counter)))
        case Language.CANTONESE:
            return Clause(language, (*(() if short else ("到",)), *chinese_number(counter), "號", "窗口"))
        case Language.MANDARIN:
            return Clause(language, (*(() if short else ("到",)), *chinese_number(counter), "号", "窗口"))


def again_clause(nth: int, language: Language) -> Clause:
    """第 二 次 呼叫; second call."""
    if language is Language.ENGLISH:
        return Clause(language, (ORDINALS[nth], "call") if nth < len(ORDINALS) else ("once", "more"))
    return Clause(language, ("第", *chinese_number(nth), "次", "呼叫") if nth < len(ORDINALS) else ("再次", "呼叫"))


def _character(character: str, language: Language, one: One) -> str:
    """A letter by its name (the voice knows it), a digit by its word."""
    if not character.isdigit():
        return character
    if language is Language.ENGLISH:
        return ENGLISH[int(character)]
    if language is Language.MANDARIN and one is One.YAO and character == "1":
        return "幺"
    return CHINESE[int(character)]
