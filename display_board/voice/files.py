"""Announcements as files: one WAV each, for halls whose loudspeakers take files, and for tests."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from display_board.voice.news import News
from display_board.voice.queue import Call

NAME = re.compile(r"\d{8}-\d{6}-\d{3}_([A-Z]+\d+_counter-\d+|[a-z-]+)\.wav")


def file_name(said: Call | News, start_ms: int, timezone: str) -> str:
    """`20261124-101502-123_A001_counter-3.wav`, or `…_closing-zh.wav`: sorts by the hall's time of its beginning."""
    start = dt.datetime.fromtimestamp(start_ms / 1000, ZoneInfo(timezone))
    name = f"{said.kind}-{said.language}" if isinstance(said, News) else f"{said.number}_counter-{said.counter}"
    return f"{start:%Y%m%d-%H%M%S}-{start_ms % 1000:03d}_{name}.wav"


def save(folder: Path, name: str, wav: bytes, keep: int) -> None:
    """Whole or not at all; beyond `keep`, the oldest of our own are deleted. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    try:
        part.write_bytes(wav)
        part.replace(folder / name)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    ours = sorted(file.name for file in folder.iterdir() if NAME.fullmatch(file.name))
    for old in ours[:-keep]:
        (folder / old).unlink(missing_ok=True)
