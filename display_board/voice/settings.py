"""What `[device.voice]` of hall.toml says."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta


class Output(StrEnum):
    SPEAKER = "speaker"
    FILE = "file"
    BOTH = "both"


class One(StrEnum):
    """How the digit 1 of a ticket's number is read in Mandarin: yī as most halls do, or yāo as on the telephone."""

    YI = "yi"
    YAO = "yao"


class VoiceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    output: Output = Output.SPEAKER
    """Where announcements go: the sound card, one WAV each in `directory`, or both."""
    directory: str = "announcements"
    """Of the WAVs; relative to the hall's directory, or to where the bundle lies."""
    keep_files: Annotated[int, Meta(ge=1)] = 500
    """The oldest announcements beyond these are deleted."""
    player: str = "auto"
    """`auto`: the first installed of aplay, paplay, play. Or a command, e.g. `aplay -q -D hw:1`; the WAV is added."""
    own_language: bool = True
    """After Mandarin, say it in the visitor's own language."""
    one: One = One.YI
    words_per_minute: Annotated[int, Meta(ge=80, le=300)] = 150
    volume: Annotated[float, Meta(gt=0, le=1)] = 1.0
    chime: bool = True
    pack: str = ""
    """A folder of recorded words, see docs/voice-pack.md; empty: the synthesiser says everything."""
    stale_s: Annotated[int, Meta(ge=5, le=3600)] = 60
    """A call older than this is no longer spoken: the board has shown it, and the counter may have moved on."""
    short_after_s: Annotated[int, Meta(ge=1, le=3600)] = 5
    """A call that waited this long, while another waits behind it, is spoken in the short form."""
    engine_limit_s: Annotated[float, Meta(gt=0, le=60)] = 3.0
    """A synthesiser that needs longer for one clause hangs: it is killed and started again."""
    state: str = ""
    """Where what has been said is remembered; empty: `voice/NAME` in the hall's directory, or where the bundle lies."""


def beside(path: Path, name: str) -> Path:
    """A path of the settings: relative ones lie in the hall's directory, or next to the bundle file."""
    return (path if path.is_dir() else path.parent) / name
