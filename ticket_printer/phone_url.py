"""Where a visitor's phone finds their ticket."""

import tomllib
from pathlib import Path

from hall_controller.domain.text_files import decoded


def phone_url(path: Path, setting: str | None) -> str | None:
    """What the QR code says before the token: the setting, else the board of the hall's own directory, else nothing.

    "" switches the QR code off.
    """
    if setting is not None:
        return setting or None
    if not path.is_dir():
        return None
    board = tomllib.loads(decoded((path / "hall.toml").read_bytes())).get("device", {}).get("board", {})
    port = board.get("port")
    return f"http://127.0.0.1:{port}/t/" if port else None
