"""Sound as samples: reading, trimming, levelling, joining, the chime. 16 bits, one channel, 22,050 a second."""

import io
import math
import operator
import sys
import wave
from array import array
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

RATE = 22_050
FULL = 32_767
LOUD = 0.16
"""Root mean square of speech, of full scale: about -16 dB, so that voice, pack and chime are equally loud."""
CEILING = 0.89
"""No sample above this (-1 dB): nothing clips."""
QUIET = 0.01
"""Below this it is silence."""
EDGE = RATE // 50
"""20 ms left around what is trimmed, so that no consonant is cut."""

if TYPE_CHECKING:
    Samples = array[int]
else:
    # Python 3.11's array takes no type when it runs.
    Samples = array


class BadSound(Exception):
    """One sentence: the file, what is wrong, the mend."""


def read_wav(file: Path) -> Samples:
    """Any 16-bit WAV, brought to one channel and our rate. Raises BadSound."""
    try:
        with wave.open(str(file), "rb") as wav:
            width, channels, rate = wav.getsampwidth(), wav.getnchannels(), wav.getframerate()
            frames = wav.readframes(wav.getnframes())
    except FileNotFoundError:
        raise BadSound(f"{file}: no such file; put it there or take it out of the manifest") from None
    except (OSError, EOFError, wave.Error) as error:
        raise BadSound(f"{file}: not a WAV file ({error}); convert it with `sox IN -b 16 OUT.wav`") from None
    if width != 2:
        raise BadSound(f"{file}: has {8 * width} bits a sample; convert it with `sox IN -b 16 OUT.wav`")
    samples = array("h", frames[: len(frames) // (2 * channels) * 2 * channels])
    if sys.byteorder == "big":
        samples.byteswap()
    if channels > 1:
        lanes = [samples[lane::channels] for lane in range(channels)]
        samples = array("h", (sum(frame) // channels for frame in zip(*lanes, strict=True)))
    return samples if rate == RATE else _resample(samples, rate)


def _resample(samples: Samples, rate: int) -> Samples:
    """Downwards each sample is the mean of those it covers; upwards it lies on the line between two."""
    step = rate / RATE
    count = int(len(samples) / step)
    if step >= 1:
        edges = [int(index * step) for index in range(count + 1)]
        return array("h", (sum(samples[a:b]) // (b - a) for a, b in pairwise(edges)))
    last = len(samples) - 1
    out = array("h")
    for index in range(count):
        whole, part = divmod(index * step, 1)
        a, b = samples[int(whole)], samples[min(int(whole) + 1, last)]
        out.append(int(a + (b - a) * part))
    return out


def wav_bytes(samples: Samples) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(samples.tobytes())
    return buffer.getvalue()


def seconds(samples: Samples) -> float:
    return len(samples) / RATE


def silence(length_s: float) -> Samples:
    return array("h", bytes(2 * int(length_s * RATE)))


def peak(samples: Samples) -> float:
    """Of full scale: 0 to 1."""
    return max(map(abs, samples), default=0) / FULL


def loudness(samples: Samples) -> float:
    """Root mean square of what is not silence, of full scale."""
    floor = int(QUIET * FULL)
    voiced = [sample for sample in samples if sample > floor or sample < -floor]
    return math.sqrt(sum(map(operator.mul, voiced, voiced)) / len(voiced)) / FULL if voiced else 0.0


def trim(samples: Samples) -> Samples:
    """Without the silence before and after; empty when all is silent."""
    floor = int(QUIET * FULL)
    first = next((index for index, sample in enumerate(samples) if abs(sample) > floor), None)
    if first is None:
        return array("h")
    last = next(index for index in range(len(samples) - 1, -1, -1) if abs(samples[index]) > floor)
    return samples[max(0, first - EDGE) : last + 1 + EDGE]


def level(samples: Samples) -> Samples:
    """Made equally loud, short of clipping."""
    heard = loudness(samples)
    if not heard:
        return samples
    return scale(samples, min(LOUD / heard, CEILING / peak(samples)))


def scale(samples: Samples, gain: float) -> Samples:
    return array("h", (int(sample * gain) for sample in samples))


def join(parts: list[Samples], gap_s: float) -> Samples:
    gap = silence(gap_s)
    whole = array("h")
    for index, part in enumerate(parts):
        if index:
            whole.extend(gap)
        whole.extend(part)
    return whole


def chime() -> Samples:
    """Two bell tones, falling a third: heard over talk, and not an alarm."""
    whole = array("h", bytes(2 * int(1.15 * RATE)))
    for start_s, pitch_hz, weight in ((0.0, 659.26, 0.30), (0.38, 523.25, 0.34)):
        start = int(start_s * RATE)
        for index in range(len(whole) - start):
            t = index / RATE
            # Struck: up in 4 ms, then dying away, the overtones sooner.
            strike = min(1.0, t / 0.004)
            tone = (
                math.exp(-4.2 * t) * math.sin(2 * math.pi * pitch_hz * t)
                + 0.35 * math.exp(-7.0 * t) * math.sin(4 * math.pi * pitch_hz * t)
                + 0.12 * math.exp(-11.0 * t) * math.sin(6 * math.pi * pitch_hz * t)
            )
            whole[start + index] += int(strike * weight * tone * FULL)
    fade = RATE // 20
    for index in range(fade):
        whole[len(whole) - 1 - index] = int(whole[len(whole) - 1 - index] * index / fade)
    return whole
