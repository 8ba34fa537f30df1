"""The voice in a running hall: real controller, real voice process, real synthesiser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from display_board.voice import sound
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Language
from tests.hall.voice_support import QUICK, SpeakingHall, begun_s, leading_silence_s, samples_of, speaking_hall
from tests.support import hall_command, wait_for

ZH, YUE, EN = Language.MANDARIN, Language.CANTONESE, Language.ENGLISH


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeakingHall]:
    settings = {"output": "file", "engine_limit_s": 2.0, **QUICK}
    with speaking_hall(tmp_path_factory.mktemp("voice"), **settings) as speaking:
        yield speaking


@pytest.fixture
def voice(shared: SpeakingHall) -> SpeakingHall:
    """A hall that writes its announcements; nobody waits."""
    shared.clear()
    return shared


def test_a_call_becomes_a_wav_that_a_person_can_hear(tmp_path: Path) -> None:
    with speaking_hall(tmp_path, output="file", short_after_s=60) as voice:
        numbers = voice.issue(ZH, EN)
        voice.call(3, 5)
        mandarin, english = voice.spoken(numbers)
        assert [file.name.partition("_")[2] for file in (mandarin, english)] == [
            "A001_counter-3.wav",
            "A002_counter-5.wav",
        ]
        for file, least_s, most_s in ((mandarin, 4.0, 6.5), (english, 6.5, 11.0)):
            samples = samples_of(file)
            print(
                f"{file.name}: {sound.seconds(samples):.2f} s, loudness {sound.loudness(samples):.3f}, "
                f"peak {sound.peak(samples):.3f}, begins after {leading_silence_s(samples):.3f} s"
            )
            assert least_s < sound.seconds(samples) < most_s
            assert 0.1 < sound.loudness(samples) < 0.25
            assert 0.5 < sound.peak(samples) <= 0.9, "loud and never clipped"
            assert leading_silence_s(samples) < 0.3


def test_two_calls_close_together_are_two_whole_announcements_in_order(voice: SpeakingHall) -> None:
    numbers = voice.issue(ZH, ZH)
    assert voice.call(1, 2) == numbers
    first, second = voice.spoken(numbers)
    length_s = sound.seconds(samples_of(first))
    assert length_s > 1.2
    assert sound.seconds(samples_of(second)) > 1.2
    assert begun_s(second) - begun_s(first) >= length_s - 0.01, "the second waits until the first has ended"


def test_a_call_undone_before_it_was_spoken_is_not_spoken(voice: SpeakingHall) -> None:
    first, undone, third = voice.issue(ZH, ZH, ZH)
    voice.call(1, 2)
    last = max(voice.hall.state().tickets)
    voice.do(c.Undo(counter=2), c.CallTicket(counter=3, ticket=last))
    voice.spoken([first, third])
    assert f"{undone} to counter" not in voice.log.read_text()


def test_a_recall_is_said_as_one(voice: SpeakingHall) -> None:
    [number] = voice.issue(ZH)
    voice.call(1)
    [first] = voice.spoken([number])
    wait_for(lambda: f"{number} to counter" in voice.log.read_text(), "the first call")
    voice.do(c.Recall(counter=1))
    _, again = voice.spoken_twice(number)
    assert sound.seconds(samples_of(again)) > sound.seconds(samples_of(first)) + 0.4, "第二次呼叫"


def test_killed_it_neither_repeats_what_it_said_nor_loses_what_was_called_meanwhile(voice: SpeakingHall) -> None:
    numbers = voice.issue(ZH, ZH, ZH)
    voice.call(1)
    voice.spoken(numbers[:1])
    engine = voice.engine()
    voice.kill()
    wait_for(lambda: not engine.is_running(), "the synthesiser's end")
    voice.call(2)
    voice.start()
    voice.spoken(numbers[:2])
    voice.call(3)
    voice.spoken(numbers)


def test_a_controller_that_is_killed_and_comes_back_is_heard_again(voice: SpeakingHall) -> None:
    numbers = voice.issue(ZH, ZH)
    voice.call(1)
    voice.spoken(numbers[:1])
    voice.hall.kill()
    voice.hall.start()
    voice.call(2)
    voice.spoken(numbers)


def test_a_voice_that_finds_no_controller_is_ready_all_the_same_and_waits_for_it(voice: SpeakingHall) -> None:
    voice.process.terminate()
    voice.process.wait(10)
    voice.hall.kill()
    heard = voice.log.read_text().count("the hall is heard")
    voice.start()
    assert voice.process.poll() is None
    voice.hall.start()
    wait_for(lambda: voice.log.read_text().count("the hall is heard") > heard, "the hall")
    numbers = voice.issue(EN)
    voice.call(1)
    voice.spoken(numbers)


def test_a_second_voice_for_the_same_hall_is_refused(voice: SpeakingHall) -> None:
    done = hall_command("voice", voice.hall.dir)
    assert done.returncode == 2
    assert "a voice is running" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_hanging_synthesiser_delays_a_call_and_loses_none(voice: SpeakingHall) -> None:
    engine = voice.engine()
    engine.suspend()
    numbers = voice.issue(ZH, EN)
    voice.call(1, 2)
    voice.spoken(numbers)
    wait_for(lambda: not engine.is_running(), "the end of the one that hung")
    assert "hung for 2 s" in voice.log.read_text()


def test_calls_that_grew_too_old_are_dropped_and_told_to_staff(tmp_path: Path) -> None:
    with speaking_hall(tmp_path, output="file", stale_s=5, chime=False) as voice:
        voice.issue(*[YUE] * 8)
        voice.call(*range(1, 9))
        detail = voice.told("queue", "warning")
        assert "not spoken" in detail
        assert "older than 5 s" in detail
        spoken = len(voice.files())
        assert 1 <= spoken < 8
        assert spoken + voice.log.read_text().count("was not spoken") == 8, "each call is spoken or counted"


def test_without_a_sound_card_it_says_so_once_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIODRIVER", "alsa")
    monkeypatch.setenv("AUDIODEV", "no_such_card")
    with speaking_hall(tmp_path, output="both", player="play -q", **QUICK) as voice:
        assert "no sound card" in voice.told("sound", "failed")
        numbers = voice.issue(ZH, ZH)
        voice.call(1, 2)
        voice.spoken(numbers)
        assert voice.log.read_text().count("no sound card") == 1
