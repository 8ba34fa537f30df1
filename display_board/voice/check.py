"""What `hall check` asks of the voice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from display_board.voice.player import NoSound, player_command
from display_board.voice.settings import Output, VoiceSettings
from hall_controller.part import Trouble, load_part

CARDS = Path("/proc/asound/cards")


def check(directory: Path) -> Iterator[tuple[str, str, str]]:
    """(subject, "ok" | "note" | "mend", sentence): the synthesiser, and the loudspeaker where one is wanted."""
    try:
        _, settings = load_part(directory, "voice", VoiceSettings)
    except Trouble as error:
        yield "voice", "mend", str(error)
        return
    if shutil.which("espeak-ng") is None:
        yield "voice", "mend", "the synthesiser is missing; install espeak-ng"
    if settings.output is Output.FILE:
        yield "sound", "ok", "announcements go to files"
        return
    try:
        command = player_command(settings.player)
    except NoSound as error:
        yield "sound", "mend", str(error)
        return
    if not CARDS.exists() or "no soundcards" in CARDS.read_text():
        yield (
            "sound",
            "note",
            'no sound card: nobody will hear the calls; plug one in, or set output = "file"',
        )
        return
    yield "sound", "ok", f"played by {command[0]}"
