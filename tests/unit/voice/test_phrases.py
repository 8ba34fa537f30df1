"""What the voice says, word by word, in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_board.voice.numerals import chinese_number, english_number
from display_board.voice.phrases import languages_of, sentence, ticket_clause
from display_board.voice.settings import One
from display_board.voice.speech_text import speech_text
from hall_controller.domain.ticket import Language

ZH, YUE, EN = Language.MANDARIN, Language.CANTONESE, Language.ENGLISH


def said(number: str, counter: int, language: Language, nth: int = 1, *, short: bool = False) -> str:
    gap = " " if language is EN else ""
    return ", ".join(gap.join(c.words) for c in sentence(number, counter, language, nth=nth, short=short))


@pytest.mark.parametrize(
    ("number", "counter", "language", "nth", "short", "words"),
    [
        ("A001", 3, ZH, 1, False, "请A零零一号, 到三号窗口"),
        ("P117", 12, ZH, 1, False, "请P一一七号, 到十二号窗口"),
        ("AB1020", 105, ZH, 1, False, "请AB一零二零号, 到一百零五号窗口"),
        ("A001", 3, ZH, 2, False, "第二次呼叫, 请A零零一号, 到三号窗口"),
        ("A001", 3, ZH, 12, False, "再次呼叫, 请A零零一号, 到三号窗口"),
        ("A001", 3, ZH, 1, True, "A零零一, 三号窗口"),
        ("A001", 3, ZH, 3, True, "A零零一, 三号窗口"),
        ("A001", 3, YUE, 1, False, "請A零零一號, 到三號窗口"),
        ("R209", 20, YUE, 2, False, "第二次呼叫, 請R二零九號, 到二十號窗口"),
        ("R209", 20, YUE, 1, True, "R二零九, 二十號窗口"),
        ("A001", 3, EN, 1, False, "ticket A zero zero one, please go to counter three"),
        ("A001", 21, EN, 3, False, "third call, ticket A zero zero one, please go to counter twenty one"),
        ("A001", 3, EN, 10, False, "once more, ticket A zero zero one, please go to counter three"),
        ("P117", 112, EN, 1, True, "P one one seven, counter one hundred and twelve"),
    ],
)
def test_a_call_is_said_as_a_person_would_say_it(
    number: str, counter: int, language: Language, nth: int, short: bool, words: str
) -> None:
    assert said(number, counter, language, nth, short=short) == words


def test_one_may_be_read_yao_in_ticket_numbers_but_never_in_counters() -> None:
    clauses = sentence("A101", 1, ZH, one=One.YAO)
    assert ["".join(clause.words) for clause in clauses] == ["请A幺零幺号", "到一号窗口"]
    assert ticket_clause("A1", YUE, one=One.YAO).words == ("請", "A", "一", "號"), "Cantonese has no yāo"


def test_mandarin_comes_first_then_the_visitors_own_language() -> None:
    assert languages_of(ZH, own_language=True) == (ZH,)
    assert languages_of(EN, own_language=True) == (ZH, EN)
    assert languages_of(YUE, own_language=False) == (ZH,)


def test_mandarin_is_given_to_the_synthesiser_in_pinyin() -> None:
    texts = [speech_text(ZH, clause.words) for clause in sentence("A012", 12, ZH, nth=2)]
    assert texts == ["di4 er4 ci4 hu1 jiao4", "qing3 A ling2 yi1 er4 hao4", "dao4 shi2 er4 hao4 chuang1 kou3"]


def test_pinyin_settles_characters_with_several_readings() -> None:
    assert speech_text(ZH, ("银行", "重复", "旅客")) == "yin2 hang2 chong2 fu4 lv3 ke4"


def test_letters_in_pinyin_never_run_together_into_a_syllable() -> None:
    assert speech_text(ZH, ticket_clause("MA12", ZH).words) == "qing3 M A yi1 er4 hao4"


def test_the_letter_a_is_not_said_as_the_article() -> None:
    assert speech_text(EN, ticket_clause("A7", EN).words) == "ticket eigh seven"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (0, "零", "zero"),
        (2, "二", "two"),
        (10, "十", "ten"),
        (14, "十四", "fourteen"),
        (20, "二十", "twenty"),
        (100, "一百", "one hundred"),
        (110, "一百一十", "one hundred and ten"),
        (101, "一百零一", "one hundred and one"),
        (200, "二百", "two hundred"),
        (999, "九百九十九", "nine hundred and ninety nine"),
    ],
)
def test_numbers(value: int, chinese: str, english: str) -> None:
    assert "".join(chinese_number(value)) == chinese
    assert " ".join(english_number(value)) == english


def test_no_two_counters_sound_alike() -> None:
    assert len({chinese_number(n) for n in range(1, 201)}) == len({english_number(n) for n in range(1, 201)}) == 200


@given(st.from_regex(r"[A-Z]{1,3}[0-9]{1,6}", fullmatch=True), st.sampled_from(Language), st.booleans())
def test_every_character_of_the_number_is_said_once_and_in_order(number: str, language: Language, short: bool) -> None:
    words = ticket_clause(number, language, short=short).words
    spoken = words if short else (words[1:] if language is EN else words[1:-1])
    assert len(spoken) == len(number)
    digits = "零一二三四五六七八九" if language is not EN else [" ".join(english_number(n)) for n in range(10)]
    assert [character if character.isalpha() else digits[int(character)] for character in number] == list(spoken)
