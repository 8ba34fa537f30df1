"""The voice through a player: nothing overlaps, nothing is cut off, and it starts at once."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hall_controller.domain.ticket import Language
from tests.hall.voice_support import QUICK, LoggingPlayer, SpeakingHall, speaking_hall
from tests.support import wait_for

ZH, EN = Language.MANDARIN, Language.ENGLISH


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SpeakingHall, LoggingPlayer]]:
    where: Path = tmp_path_factory.mktemp("speaker")
    player = LoggingPlayer(where)
    with speaking_hall(where, output="speaker", player=str(player.command), **QUICK) as speaking:
        yield speaking, player


@pytest.fixture
def voice(shared: tuple[SpeakingHall, LoggingPlayer]) -> SpeakingHall:
    shared[0].clear()
    return shared[0]


@pytest.fixture
def player(shared: tuple[SpeakingHall, LoggingPlayer]) -> LoggingPlayer:
    shared[1].skip()
    return shared[1]


def test_three_calls_at_once_are_heard_one_after_another(voice: SpeakingHall, player: LoggingPlayer) -> None:
    voice.issue(ZH, EN, ZH)
    voice.call(1, 2, 3)
    moments = [at_s for _, at_s in player.played(3)]
    assert moments == sorted(moments)
    assert voice.told("sound", "ok") == ""


def test_what_was_made_ahead_starts_at_once(voice: SpeakingHall, player: LoggingPlayer) -> None:
    def start_delay_ms(counter: int) -> float:
        since_ms = voice.hall.state().counters[counter].since_ms
        [(_, begun_s), _] = player.played(1)
        player.skip()
        return begun_s * 1000 - since_ms

    voice.issue(EN)
    engine = voice.engine()
    voice.call(1)
    ahead_ms = start_delay_ms(1)
    # Stopped, so that it makes nothing ahead, and let go with the call.
    engine.suspend()
    voice.issue(EN)
    voice.call(2)
    engine.resume()
    then_ms = start_delay_ms(2)
    print(f"event to sound: made ahead {ahead_ms:.0f} ms, made then {then_ms:.0f} ms")
    assert ahead_ms < 500
    assert then_ms < 3_000


def test_a_sentence_goes_on_when_the_voice_is_killed_and_the_next_waits_for_its_end(
    voice: SpeakingHall, player: LoggingPlayer
) -> None:
    voice.issue(EN, ZH)
    voice.call(1)
    wait_for(player.notes, "the first sentence")
    voice.kill()
    voice.call(2)
    voice.start()
    notes = player.played(2)
    assert notes[1][1] - notes[0][1] > 2.5, "nobody cut it off"


def test_told_to_stop_mid_sentence_it_ends_cleanly_within_five_seconds(
    voice: SpeakingHall, player: LoggingPlayer
) -> None:
    voice.issue(ZH, ZH)
    voice.call(1, 2)
    wait_for(player.notes, "the first sentence")
    children = psutil.Process(voice.process.pid).children(recursive=True)
    voice.process.terminate()
    assert voice.process.wait(5) == 0
    player.played(1)
    assert not [child for child in children if child.is_running()]
    assert "Traceback" not in voice.log.read_text()
    voice.start()
    player.played(2)
