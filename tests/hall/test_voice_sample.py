"""`hall voice --say`: a sample for a technician's ear, and the voice pack heard in it."""

from itertools import pairwise
from pathlib import Path

import pytest

from display_board.voice import sound
from tests.hall.voice_support import leading_silence_s, samples_of, set_voice
from tests.support import hall_command, make_hall
from tests.unit.voice.test_sound import record, tone


@pytest.mark.parametrize(("language", "least_s", "most_s"), [("zh", 4, 6.5), ("yue", 7, 10.5), ("en", 7.5, 11)])
def test_a_technician_hears_a_sample_without_a_hall(
    language: str, least_s: float, most_s: float, tmp_path: Path
) -> None:
    file = tmp_path / "sample.wav"
    done = hall_command("voice", "--say", "A001", "--counter", "3", "--language", language, "--to", file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    samples = samples_of(file)
    assert least_s < sound.seconds(samples) < most_s
    assert leading_silence_s(samples) < 0.3
    assert sound.peak(samples) <= 0.9


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--say", "001"), "write e.g. A001"),
        (("--say", "A001", "--to", "/nowhere/a.wav"), "/nowhere/a.wav: cannot be written"),
        (("--to", "a.wav"), "--to goes with --say"),
        ((), "which hall?"),
        (("--say", "A1", "--counter", "0"), "1<=x<=200"),
    ],
)
def test_a_wrong_word_is_answered_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = hall_command("voice", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sample_without_a_sound_card_says_what_to_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    set_voice(directory, player="play -q")
    monkeypatch.setenv("AUDIODRIVER", "alsa")
    monkeypatch.setenv("AUDIODEV", "no_such_card")
    done = hall_command("voice", directory, "--say", "A001")
    assert done.returncode == 2
    assert "no sound card that play can use" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    set_voice(directory, output="radio")
    done = hall_command("voice", directory)
    assert done.returncode == 2
    assert "radio" in done.stderr
    assert "output" in done.stderr
    assert "[device.voice]" in done.stderr


def pitch_hz(samples: sound.Samples) -> float:
    return sum((a < 0) != (b < 0) for a, b in pairwise(samples)) / sound.seconds(samples) / 2


def test_a_voice_pack_is_heard_word_by_word_in_place_of_the_synthesiser(tmp_path: Path) -> None:
    """Each recorded word is a tone of its own, so that what is heard can be read off; 一 is not recorded."""
    directory = make_hall(tmp_path)
    pack = directory / "pack"
    pack.mkdir()
    pitches = {"请": 300, "A": 400, "零": 500, "号": 600, "到": 700, "三号窗口": 800}
    for index, pitch in enumerate(pitches.values()):
        record(pack / f"{index}.wav", tone(0.4, 0.3, pitch))
    words = "".join(f'"{word}" = "{index}.wav"\n' for index, word in enumerate(pitches))
    (pack / "voice.toml").write_text(f'name = "tones"\ngap_ms = 0\n[zh]\n{words}', "utf-8")
    set_voice(directory, pack="pack", chime=False)
    done = hall_command("voice", directory, "--say", "A001", "--counter", "3", "--to", tmp_path / "a.wav")
    assert (done.returncode, done.stderr) == (0, "")
    samples = samples_of(tmp_path / "a.wav")
    heard = [
        pitch_hz(samples[int((at + 0.1) * sound.RATE) : int((at + 0.3) * sound.RATE)]) for at in (0, 0.4, 0.8, 1.2)
    ]
    assert heard == pytest.approx([300, 400, 500, 500], rel=0.03)
    end = sound.trim(samples)
    tail = [pitch_hz(end[-int((back + 0.3) * sound.RATE) : -int((back + 0.1) * sound.RATE)]) for back in (0.4, 0)]
    assert tail == pytest.approx([700, 800], rel=0.03)
    assert 0.1 < sound.seconds(samples) - 7 * 0.4 - 0.16 - 0.3 < 0.9, "and the synthesiser's one word between"


def test_a_bad_pack_is_told_and_the_synthesiser_speaks(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    set_voice(directory, pack="nowhere", chime=False)
    done = hall_command("voice", directory, "--say", "A001", "--to", tmp_path / "a.wav")
    assert done.returncode == 0
    assert "nowhere/voice.toml: no such file" in done.stderr
    assert sound.seconds(samples_of(tmp_path / "a.wav")) > 2
