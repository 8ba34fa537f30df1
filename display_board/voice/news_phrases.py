"""The words of what is told to everybody, in three languages, with times as people say them."""

import datetime as dt

from display_board.hours import is_evening, is_lunch
from display_board.voice.news import Kind, News
from display_board.voice.numerals import CHINESE, chinese_number, english_number
from display_board.voice.phrases import Clause
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local, next_opening
from hall_controller.domain.rules import Rules
from hall_controller.domain.ticket import Language

Phrases = tuple[tuple[str, ...], ...]
Words = tuple[str, ...]

TIMES_OF_DAY = ((5, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
"""What a Chinese hour is called, up to this one."""
HALF, QUARTERS = 30, {15: "past", 45: "to"}


def news_sentence(news: News, hall: Hall, now_ms: int, language: Language) -> tuple[Clause, ...]:
    """`now_ms` is when it is said: the minutes that are left count from there."""
    rules = in_force(hall)
    match language:
        case Language.MANDARIN:
            phrases = _mandarin(news, hall, rules, now_ms)
        case Language.CANTONESE:
            phrases = _cantonese(news, hall, rules, now_ms)
        case Language.ENGLISH:
            phrases = _english(news, hall, rules, now_ms)
    return tuple(Clause(language, words) for words in phrases if words)


def _mandarin(news: News, hall: Hall, rules: Rules, now_ms: int) -> Phrases:
    moment = chinese_time(local(rules, news.moment_ms), Language.MANDARIN)
    minutes = chinese_minutes(_left(news, now_ms))
    served = (("持票的", "请", "继续", "等候"), ("我们会", "为", "每一位", "办完"))
    match news.kind:
        case Kind.LUNCH_BREAK:
            pause = "午休" if is_lunch(rules, news.moment_ms) else "休息"
            said: Phrases = (("离", pause, "还有", *minutes),)
            again = _again(news, rules)
            if again is not None:
                said = (*said, (*chinese_time(again, Language.MANDARIN), "继续", "办公"))
        case Kind.LUNCH_SERVICE:
            said = ((*moment, "起", "是", "午间服务"), ("窗口", "会", "减少"))
        case Kind.CLOSING:
            said = (("离", "结束", "办公", "还有", *minutes), ("持票的", "都会", "办完"))
        case Kind.CLOSED:
            said = (("今日", "取号", "已结束"), *served)
        case Kind.EXTENDED:
            issues = ("可以", "继续", "取号") if hall.issuing is Issuing.OPEN else ()
            said = (("今天", "延时服务", "到", *moment), issues)
    return (("各位", "办事群众"), *said)


def _cantonese(news: News, hall: Hall, rules: Rules, now_ms: int) -> Phrases:
    moment = chinese_time(local(rules, news.moment_ms), Language.CANTONESE)
    minutes = chinese_minutes(_left(news, now_ms), Language.CANTONESE)
    served = (("持票嘅", "請", "繼續", "等候"), ("我哋會", "為", "每一位", "辦完"))
    match news.kind:
        case Kind.LUNCH_BREAK:
            pause = "午休" if is_lunch(rules, news.moment_ms) else "休息"
            said: Phrases = (("距離", pause, "仲有", *minutes),)
            again = _again(news, rules)
            if again is not None:
                said = (*said, (*chinese_time(again, Language.CANTONESE), "繼續", "辦公"))
        case Kind.LUNCH_SERVICE:
            said = ((*moment, "起", "係", "午間服務"), ("窗口", "會", "減少"))
        case Kind.CLOSING:
            said = (
                ("距離", "結束", "辦公", "仲有", *minutes),
                ("持票嘅", "都會", "辦完"),
            )
        case Kind.CLOSED:
            said = (("今日", "取號", "已經結束"), *served)
        case Kind.EXTENDED:
            issues = ("可以", "繼續", "取號") if hall.issuing is Issuing.OPEN else ()
            said = (("今日", "延時服務", "到", *moment), issues)
    return (("各位", "市民"), *said)


def _english(news: News, hall: Hall, rules: Rules, now_ms: int) -> Phrases:
    moment = english_time(local(rules, news.moment_ms))
    minutes = english_minutes(_left(news, now_ms))
    served = (_words("if you hold a ticket please wait"), _words("everyone will be served"))
    match news.kind:
        case Kind.LUNCH_BREAK:
            pause = "lunch break" if is_lunch(rules, news.moment_ms) else "break"
            said: Phrases = ((*_words(f"the {pause} begins in"), *minutes),)
            again = _again(news, rules)
            if again is not None:
                said = (*said, (*_words("we open again at"), *english_time(again)))
        case Kind.LUNCH_SERVICE:
            said = (("from", *moment, *_words("fewer counters are open")),)
        case Kind.CLOSING:
            said = ((*_words("we close in"), *minutes), _words("everyone with a ticket will be served"))
        case Kind.CLOSED:
            said = (_words("no more tickets are given today"), *served)
        case Kind.EXTENDED:
            day = "tonight" if is_evening(rules, news.moment_ms) else "today"
            issues = _words("you can still take a ticket") if hall.issuing is Issuing.OPEN else ()
            said = ((day, *_words("we are open until"), *moment), issues)
    return (_words("attention please"), *said)


def chinese_time(time: dt.datetime, language: Language) -> Words:
    """20:30 is 晚上 八 点 半, 14:00 下午 两 点, 09:05 上午 九 点 零 五 分."""
    mandarin = language is Language.MANDARIN
    called = next(name for before, name in TIMES_OF_DAY if time.hour < before)
    if not time.hour and not time.minute:
        called, hour = "晚上", 12
    else:
        hour = time.hour if time.hour <= 12 else time.hour - 12
    words = (called, *_count(hour, language), "点" if mandarin else "點")
    if not time.minute:
        return words
    if time.minute == HALF:
        return (*words, "半")
    return (*words, *(("零",) if time.minute < 10 else ()), *chinese_number(time.minute), "分")


def chinese_minutes(minutes: int, language: Language = Language.MANDARIN) -> Words:
    """10 is 十 分钟, 30 半 个 小时, 120 两 个 小时."""
    mandarin = language is Language.MANDARIN
    hour = ("个", "小时") if mandarin else ("個", "鐘頭")
    if minutes == HALF:
        return ("半", *hour)
    if minutes and not minutes % 60:
        return (*_count(minutes // 60, language), *hour)
    return (*_count(minutes, language), "分钟" if mandarin else "分鐘")


def english_time(time: dt.datetime) -> Words:
    """20:30 is half past eight, 09:05 five past nine."""
    if not time.minute and time.hour in (0, 12):
        return ("twelve", "noon") if time.hour else ("midnight",)
    if time.minute == HALF:
        return ("half", "past", *_hour(time.hour))
    if time.minute in QUARTERS:
        word = QUARTERS[time.minute]
        return ("a", "quarter", word, *_hour(time.hour + (word == "to")))
    if not time.minute:
        return (*_hour(time.hour), "o'clock")
    past = time.minute < HALF
    minutes = time.minute if past else 60 - time.minute
    noun = () if minutes % 5 == 0 else ("minute" if minutes == 1 else "minutes",)
    return (*english_number(minutes), *noun, "past" if past else "to", *_hour(time.hour + (not past)))


def english_minutes(minutes: int) -> Words:
    if minutes == HALF:
        return ("half", "an", "hour")
    if minutes and not minutes % 60:
        hours = minutes // 60
        return (*english_number(hours), "hour" if hours == 1 else "hours")
    return (*english_number(minutes), "minute" if minutes == 1 else "minutes")


def _hour(hour: int) -> Words:
    return english_number((hour - 1) % 12 + 1)


def _count(number: int, language: Language) -> Words:
    """Two of something is 两, and 兩."""
    if number == 2:
        return ("两",) if language is Language.MANDARIN else ("兩",)
    return chinese_number(number) if number else (CHINESE[0],)


def _left(news: News, now_ms: int) -> int:
    return max(1, -(-(news.moment_ms - now_ms) // 60_000))


def _again(news: News, rules: Rules) -> dt.datetime | None:
    """When the hall serves again after a break; looked up where the announcement itself was not heard."""
    if news.next_ms is not None:
        return local(rules, news.next_ms)
    later = next_opening(rules, news.moment_ms - 1)
    return local(rules, later.start_ms) if later else None


def _words(text: str) -> Words:
    return tuple(text.split())
