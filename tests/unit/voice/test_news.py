"""What is told to everybody: what it is, when it is said, and never twice."""

import datetime as dt
from pathlib import Path

import pytest

from display_board.voice.files import NAME, file_name, save
from display_board.voice.memory import Memory, load_memory, news_meanwhile, save_memory
from display_board.voice.news import (
    PATIENCE,
    Kind,
    News,
    in_next_language,
    is_true,
    news_of,
    put_news,
    standing_news,
    take_news,
)
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.rules import DEFAULT_HOURS, Band, Window
from tests.unit.voice.hours import MINUTE_MS, Evening, at

STALE_MS = 60_000
LUNCH = Window(days=("tue",), start=dt.time(12), end=dt.time(14), band=Band.LUNCH)


def told(news: News | None) -> tuple[str, str] | None:
    return (
        (news.kind, f"{dt.datetime.fromtimestamp(news.moment_ms / 1000, dt.UTC) + dt.timedelta(hours=8):%H:%M}")
        if news
        else None
    )


def test_a_day_as_the_voice_tells_it() -> None:
    play = Evening("08:50")
    for clock in ("09:00", "11:30", "11:50", "12:00", "13:30", "19:30", "19:50", "20:00"):
        play.until(clock)
    assert [told(news_of(event)) for event in play.events if news_of(event)] == [
        ("lunch-break", "12:00"), ("lunch-break", "12:00"),
        ("closing", "20:00"), ("closing", "20:00"), ("closed", "20:00"),
    ]  # fmt: skip


def test_lunchtime_service_is_told_and_the_break_it_replaces_is_not() -> None:
    play = Evening("11:00", hours=(*DEFAULT_HOURS, LUNCH), lunch_counters=(1,))
    play.until("11:50")
    assert [told(news_of(event)) for event in play.events if news_of(event)] == [("lunch-service", "12:00")]


def test_an_extension_is_told_and_the_closing_before_it_no_longer() -> None:
    play = Evening("19:00")
    [closing] = play.until("19:50")
    [longer] = play.do(c.ExtendHours(minutes=30))
    assert told(longer) == ("extended", "20:30")
    waiting = put_news((closing,), longer)
    first, dropped, rest = take_news(waiting, play.hall, play.now_ms, STALE_MS)
    assert (first, dropped, rest) == (longer, (closing,), ())
    [again] = play.do(c.ExtendHours(minutes=30))
    assert put_news((longer,), again) == (again,)
    assert not is_true(longer, play.hall, play.now_ms)


def test_news_is_dropped_once_it_is_too_old_or_its_moment_has_passed() -> None:
    play = Evening("19:00")
    [closing] = play.until("19:31")
    assert take_news((closing,), play.hall, closing.at_ms + PATIENCE * STALE_MS, STALE_MS)[0] == closing
    assert take_news((closing,), play.hall, closing.at_ms + PATIENCE * STALE_MS + 1, STALE_MS) == (None, (closing,), ())
    [late] = play.until("19:59")
    assert take_news((late,), play.hall, late.moment_ms, STALE_MS)[0] is None


def test_a_closing_that_the_hall_was_off_for_is_not_told_in_the_morning() -> None:
    play = Evening("19:00")
    news = play.until("08:00", "2026-11-25")
    assert [one.kind for one in news] == [Kind.CLOSED]
    assert take_news(tuple(news), play.hall, play.now_ms, STALE_MS)[0] is None


def test_in_an_emergency_nothing_is_told() -> None:
    play = Evening("19:00")
    [closing] = play.until("19:50")
    play.do(c.CloseHall(reason="台风"))
    assert not is_true(closing, play.hall, play.now_ms)
    assert standing_news(play.hall, play.now_ms) == ()


def test_a_voice_that_was_away_tells_what_it_missed_and_nothing_again() -> None:
    play = Evening("19:00")
    memory = Memory(play.hall.epoch)
    [closing] = play.until("19:50")
    [missed] = news_meanwhile(memory, play.hall, play.now_ms)
    assert (missed.kind, missed.key) == (closing.kind, closing.key)
    memory.remember_news(closing)
    assert news_meanwhile(memory, play.hall, play.now_ms) == ()
    [longer] = play.do(c.ExtendHours(minutes=60))
    assert [one.key for one in news_meanwhile(memory, play.hall, play.now_ms)] == [longer.key]
    memory.remember_news(longer)
    assert news_meanwhile(memory, play.hall, play.now_ms) == ()
    [first] = play.until("20:30")
    memory.remember_news(first)
    [second] = play.until("20:50")
    assert [one.key for one in news_meanwhile(memory, play.hall, play.now_ms)] == [second.key], (
        "ten minutes are other news"
    )


def test_what_was_told_is_kept_in_its_file_and_an_older_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "said.json"
    memory = Memory("e1")
    memory.remember_news(News(kind=Kind.EXTENDED, at_ms=1, moment_ms=2))
    save_memory(memory, file)
    assert load_memory(file) == memory
    file.write_text('{"epoch":"e1","said":{"7":[1,2]}}')
    assert load_memory(file) == Memory("e1", {7: (1, 2)})


@pytest.mark.parametrize("kind", list(Kind))
def test_its_file_is_named_by_what_it_is_and_counts_among_our_own(kind: Kind) -> None:
    name = file_name(News(kind=kind, at_ms=0, moment_ms=0), at("19:50"), "Asia/Shanghai")
    assert name == f"20261124-195000-000_{kind}-zh.wav"
    assert NAME.fullmatch(name)


def test_old_news_is_deleted_with_old_calls(tmp_path: Path) -> None:
    for minute in range(3):
        news = News(kind=Kind.CLOSING, at_ms=0, moment_ms=0)
        save(tmp_path, file_name(news, at("19:50") + minute * MINUTE_MS, "Asia/Shanghai"), b"x", 2)
    assert len(list(tmp_path.iterdir())) == 2


def test_everybody_is_told_in_three_languages_one_after_the_other_unless_the_hall_wants_one() -> None:
    news: News | None = News(kind=Kind.CLOSING, at_ms=0, moment_ms=0)
    told_in = []
    while news is not None:
        told_in.append(news.language)
        news = in_next_language(news, own_language=True)
    assert told_in == ["zh", "yue", "en"]
    assert in_next_language(News(kind=Kind.CLOSING, at_ms=0, moment_ms=0), own_language=False) is None


def test_other_events_are_no_news() -> None:
    play = Evening("19:00")
    play.do(c.StopIssuing())
    assert [event for event in play.events if isinstance(event, e.IssuingStopped) and news_of(event)] == []
