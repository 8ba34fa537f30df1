"""What everybody is told, word by word, with times as people say them."""

import datetime as dt

import pytest

from display_board.voice.news import Kind, News
from display_board.voice.news_phrases import (
    chinese_minutes,
    chinese_time,
    english_minutes,
    english_time,
    news_sentence,
)
from display_board.voice.speech_text import speech_text
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Language
from tests.unit.voice.hours import MINUTE_MS, Evening, at

SERVED = "if you hold a ticket please wait, everyone will be served"
ZH, YUE, EN = Language.MANDARIN, Language.CANTONESE, Language.ENGLISH


def said(play: Evening, news: News, language: Language) -> str:
    gap = " " if language is EN else ""
    clauses = news_sentence(news, play.hall, play.now_ms, language)
    return (", " if gap else "，").join(gap.join(clause.words) for clause in clauses)


def news(kind: Kind, moment: str, next_: str | None = None, day: str = "2026-11-24") -> News:
    return News(kind=kind, at_ms=0, moment_ms=at(moment, day), next_ms=at(next_) if next_ else None)


@pytest.mark.parametrize(
    ("clock", "what", "zh", "yue", "en"),
    [
        (
            "11:50", news(Kind.LUNCH_BREAK, "12:00", "14:00"),
            "各位办事群众，离午休还有十分钟，下午两点继续办公",
            "各位市民，距離午休仲有十分鐘，下午兩點繼續辦公",
            "attention please, the lunch break begins in ten minutes, we open again at two o'clock",
        ),
        (
            "11:30", news(Kind.LUNCH_SERVICE, "12:00"),
            "各位办事群众，中午十二点起是午间服务，窗口会减少",
            "各位市民，中午十二點起係午間服務，窗口會減少",
            "attention please, from twelve noon fewer counters are open",
        ),
        (
            "19:30", news(Kind.CLOSING, "20:00"),
            "各位办事群众，离结束办公还有半个小时，持票的都会办完",
            "各位市民，距離結束辦公仲有半個鐘頭，持票嘅都會辦完",
            "attention please, we close in half an hour, everyone with a ticket will be served",
        ),
        (
            "20:00", news(Kind.CLOSED, "20:00"),
            "各位办事群众，今日取号已结束，持票的请继续等候，我们会为每一位办完",
            "各位市民，今日取號已經結束，持票嘅請繼續等候，我哋會為每一位辦完",
            f"attention please, no more tickets are given today, {SERVED}",
        ),
        (
            "19:40", news(Kind.EXTENDED, "20:30"),
            "各位办事群众，今天延时服务到晚上八点半，可以继续取号",
            "各位市民，今日延時服務到晚上八點半，可以繼續取號",
            "attention please, tonight we are open until half past eight, you can still take a ticket",
        ),
    ],
)  # fmt: skip
def test_it_is_said_as_a_person_would_say_it(clock: str, what: News, zh: str, yue: str, en: str) -> None:
    play = Evening(clock)
    assert (said(play, what, ZH), said(play, what, YUE), said(play, what, EN)) == (zh, yue, en)


def test_minutes_count_from_when_it_is_said() -> None:
    play = Evening("19:30")
    play.now_ms += 3 * MINUTE_MS + 20_000
    assert "还有二十七分钟" in said(play, news(Kind.CLOSING, "20:00"), ZH)


def test_a_break_that_was_missed_finds_its_own_end_and_one_in_the_evening_is_no_lunch() -> None:
    play = Evening("11:50")
    assert said(play, news(Kind.LUNCH_BREAK, "12:00"), EN).endswith("we open again at two o'clock")
    play = Evening("16:50")
    assert said(play, news(Kind.LUNCH_BREAK, "17:00", "18:00"), ZH).startswith(
        "各位办事群众，离休息还有十分钟，晚上六点"
    )


def test_while_no_tickets_are_given_none_are_promised() -> None:
    play = Evening("19:40")
    play.do(c.StopIssuing())
    assert said(play, news(Kind.EXTENDED, "20:30"), EN) == "attention please, tonight we are open until half past eight"
    assert said(play, news(Kind.EXTENDED, "16:30"), EN).endswith("today we are open until half past four")


@pytest.mark.parametrize(
    ("time", "zh", "yue", "en"),
    [
        ((0, 0), "晚上十二点", "晚上十二點", "midnight"),
        ((0, 30), "凌晨零点半", "凌晨零點半", "half past twelve"),
        ((8, 0), "早上八点", "早上八點", "eight o'clock"),
        ((9, 5), "上午九点零五分", "上午九點零五分", "five past nine"),
        ((12, 0), "中午十二点", "中午十二點", "twelve noon"),
        ((12, 45), "中午十二点四十五分", "中午十二點四十五分", "a quarter to one"),
        ((14, 0), "下午两点", "下午兩點", "two o'clock"),
        ((17, 15), "下午五点十五分", "下午五點十五分", "a quarter past five"),
        ((20, 30), "晚上八点半", "晚上八點半", "half past eight"),
        ((20, 40), "晚上八点四十分", "晚上八點四十分", "twenty to nine"),
        ((22, 1), "晚上十点零一分", "晚上十點零一分", "one minute past ten"),
        ((23, 58), "晚上十一点五十八分", "晚上十一點五十八分", "two minutes to twelve"),
    ],
)
def test_times_are_said_as_people_say_them(time: tuple[int, int], zh: str, yue: str, en: str) -> None:
    moment = dt.datetime(2026, 11, 24, *time, tzinfo=dt.UTC)
    assert "".join(chinese_time(moment, ZH)) == zh
    assert "".join(chinese_time(moment, YUE)) == yue
    assert " ".join(english_time(moment)) == en


@pytest.mark.parametrize(
    ("minutes", "zh", "yue", "en"),
    [
        (1, "一分钟", "一分鐘", "one minute"),
        (2, "两分钟", "兩分鐘", "two minutes"),
        (10, "十分钟", "十分鐘", "ten minutes"),
        (30, "半个小时", "半個鐘頭", "half an hour"),
        (60, "一个小时", "一個鐘頭", "one hour"),
        (90, "九十分钟", "九十分鐘", "ninety minutes"),
        (120, "两个小时", "兩個鐘頭", "two hours"),
    ],
)
def test_minutes_are_said_as_people_say_them(minutes: int, zh: str, yue: str, en: str) -> None:
    assert "".join(chinese_minutes(minutes)) == zh
    assert "".join(chinese_minutes(minutes, YUE)) == yue
    assert " ".join(english_minutes(minutes)) == en


def test_mandarin_news_has_its_right_readings() -> None:
    play = Evening("19:30")
    clauses = news_sentence(news(Kind.CLOSED, "20:00"), play.hall, play.now_ms, ZH)
    assert [speech_text(ZH, clause.words) for clause in clauses] == [
        "ge4 wei4 ban4 shi4 qun2 zhong4",
        "jin1 ri4 qu3 hao4 yi3 jie2 shu4",
        "chi2 piao4 de5 qing3 ji4 xu4 deng3 hou4",
        "wo3 men5 hui4 wei4 mei3 yi1 wei4 ban4 wan2",
    ]
