"""Samples: reading what halls record, trimming, levelling, joining, the chime."""

import math
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from display_board.voice import sound


def tone(length_s: float, amplitude: float = 0.5, pitch_hz: float = 440.0, rate: int = sound.RATE) -> sound.Samples:
    samples = (math.sin(2 * math.pi * pitch_hz * i / rate) for i in range(int(length_s * rate)))
    return array("h", (int(amplitude * sound.FULL * sample) for sample in samples))


def record(file: Path, samples: sound.Samples, rate: int = sound.RATE, channels: int = 1, width: int = 2) -> Path:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(channels)
        wav.setsampwidth(width)
        wav.setframerate(rate)
        wav.writeframes(samples.tobytes())
    return file


def crossings_a_second(samples: sound.Samples) -> float:
    """Twice the pitch."""
    return sum((a < 0) != (b < 0) for a, b in pairwise(samples)) / sound.seconds(samples)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_a_recording_of_any_rate_keeps_its_length_pitch_and_loudness(rate: int, tmp_path: Path) -> None:
    samples = sound.read_wav(record(tmp_path / "a.wav", tone(1.0, rate=rate), rate))
    assert sound.seconds(samples) == pytest.approx(1.0, abs=0.01)
    assert crossings_a_second(samples) == pytest.approx(880, rel=0.01)
    assert sound.peak(samples) == pytest.approx(0.5, rel=0.05)


def test_both_channels_of_a_stereo_recording_are_heard(tmp_path: Path) -> None:
    left = tone(0.5)
    both = array("h", (sample for one in left for sample in (one, 0)))
    assert sound.peak(sound.read_wav(record(tmp_path / "a.wav", both, channels=2))) == pytest.approx(0.25, rel=0.05)


def test_what_is_no_16_bit_wav_is_refused_with_a_mend(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("hello, this is no sound at all")
    (tmp_path / "empty.wav").write_bytes(b"")
    record(tmp_path / "eight.wav", tone(0.1), width=1)
    for name, words in (("text", "not a WAV"), ("empty", "not a WAV"), ("eight", "8 bits"), ("gone", "no such file")):
        with pytest.raises(sound.BadSound, match=words) as error:
            sound.read_wav(tmp_path / f"{name}.wav")
        assert f"{name}.wav" in str(error.value)
        assert "\n" not in str(error.value)


def test_silence_is_trimmed_but_no_consonant_is_cut() -> None:
    padded = sound.join([sound.silence(0.5), tone(0.2), sound.silence(0.4)], 0)
    trimmed = sound.trim(padded)
    assert sound.seconds(trimmed) == pytest.approx(0.24, abs=0.01)
    assert len(sound.trim(sound.silence(1))) == 0


@pytest.mark.parametrize("amplitude", [0.02, 0.3, 1.0])
def test_a_whisper_and_a_shout_come_out_equally_loud_and_unclipped(amplitude: float) -> None:
    levelled = sound.level(tone(0.5, amplitude))
    assert sound.loudness(levelled) == pytest.approx(sound.LOUD, rel=0.2), "within 2 dB: nobody hears it"
    assert sound.peak(levelled) <= sound.CEILING


def test_the_chime_is_two_tones_that_die_away_without_a_click() -> None:
    chime = sound.chime()
    first, second = chime[: int(0.3 * sound.RATE)], chime[int(0.5 * sound.RATE) : int(0.9 * sound.RATE)]
    assert 0.3 < sound.peak(chime) <= sound.CEILING
    assert sound.loudness(first) > sound.loudness(chime[int(0.9 * sound.RATE) :])
    assert crossings_a_second(first) > crossings_a_second(second), "it falls"
    assert sound.peak(chime[-100:]) < 0.02
    assert sound.peak(chime[:5]) < 0.1


def test_joined_sounds_follow_each_other_with_their_gap() -> None:
    assert sound.seconds(sound.join([tone(0.2), tone(0.3)], 0.1)) == pytest.approx(0.6, abs=0.001)
    assert len(sound.join([], 0.1)) == 0
