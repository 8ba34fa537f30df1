"""What a real voice tells everybody of the hours of a real hall whose clock the test drives."""

from pathlib import Path

from display_board.voice import sound
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Language
from tests.hall.voice_support import QUICK, SpeakingHall, begun_s, samples_of, speaking_hall_at
from tests.support import wait_for

LANGUAGES = ("zh", "yue", "en")


def in_all_languages(*kinds: str) -> list[str]:
    return [f"{kind}-{language}" for kind in kinds for language in LANGUAGES]


def wait_for_news(voice: SpeakingHall, news: list[str]) -> None:
    wait_for(lambda: voice.news() == news, f"{news[-1]}", 40)


def test_a_longer_evening_and_its_closing_are_told_in_three_languages(tmp_path: Path) -> None:
    with speaking_hall_at(tmp_path, "2026-11-24 19:40:00", output="file", words_per_minute=220) as voice:
        voice.do(c.ExtendHours(minutes=30))
        wait_for_news(voice, in_all_languages("extended"))
        voice.hall.set_clock("2026-11-24 20:20:00", rate=1.0)
        wait_for_news(voice, in_all_languages("extended", "closing"))
        files = sorted(voice.folder.glob("*.wav"))
        for file, least_s, most_s in zip(files, (5.0, 2.5, 2.5) * 2, (9.0, 7.0, 7.0) * 2, strict=True):
            samples = samples_of(file)
            print(f"{file.name}: {sound.seconds(samples):.2f} s, loudness {sound.loudness(samples):.3f}, "
                  f"peak {sound.peak(samples):.3f}")  # fmt: skip
            assert least_s < sound.seconds(samples) < most_s, file.name
            assert 0.1 < sound.loudness(samples) < 0.25
            assert 0.5 < sound.peak(samples) <= 0.9, "loud and never clipped"
        log = voice.log.read_text()
        assert "extended for everybody in zh" in log
        assert "closing for everybody in en" in log


def test_news_is_told_between_calls_once_and_not_again_after_a_restart(tmp_path: Path) -> None:
    with speaking_hall_at(tmp_path, "2026-11-24 19:00:00", output="file", own_language=False, **QUICK) as voice:
        numbers = voice.issue(*[Language.MANDARIN] * 3)
        voice.call(1, 2, 3)
        voice.do(c.ExtendHours(minutes=60))
        wait_for_news(voice, ["extended-zh"])
        calls = voice.spoken(numbers)
        [told] = voice.folder.glob("*_extended-zh.wav")
        assert begun_s(told) > begun_s(calls[-1]), "calls go first"
        voice.kill()
        voice.start()
        [last] = voice.issue(Language.MANDARIN)
        voice.do(c.StartService(counter=1), c.FinishService(counter=1))
        voice.call(1)
        voice.spoken([*numbers, last])
        assert voice.news() == ["extended-zh"]


def test_what_was_announced_while_the_voice_was_away_is_told_when_it_is_back(tmp_path: Path) -> None:
    with speaking_hall_at(tmp_path, "2026-11-24 11:00:00", output="file", own_language=False, **QUICK) as voice:
        voice.kill()
        voice.hall.set_clock("2026-11-24 11:50:00", rate=1.0)
        voice.start()
        wait_for_news(voice, ["lunch-break-zh"])
