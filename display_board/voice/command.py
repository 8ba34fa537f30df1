"""`hall voice`: speak the calls of a hall, or one sample for a technician's ear."""

import asyncio
import re
from pathlib import Path

import click

from hall_controller.part import Trouble, log_to_stderr

NAME = "voice"


@click.command(NAME)
@click.argument("path", metavar="[DIR|BUNDLE]", type=click.Path(exists=True, path_type=Path), required=False)
@click.option(
    "--say", "number", metavar="NUMBER", help="Say one call, e.g. A001, with the settings of DIR if given; then end."
)
@click.option("--counter", type=click.IntRange(1, 200), default=1, show_default=True, help="With --say: the counter.")
@click.option(
    "--language",
    type=click.Choice(["zh", "yue", "en"]),
    default="zh",
    show_default=True,
    help="With --say: the visitor's own language, said after Mandarin.",
)
@click.option("--short", is_flag=True, help="With --say: the short form of a voice that has fallen behind.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="With --say: write this WAV, play nothing."
)
def voice(
    path: Path | None, number: str | None, *, counter: int, language: str, short: bool, target: Path | None
) -> None:
    """Speak the hall's calls: Mandarin, then the visitor's own language.

    DIR is a hall's directory, BUNDLE this device's bundle file. The settings are in [device.voice] of hall.toml.
    """
    log_to_stderr(NAME)
    # asyncio, the bus and the sound are imported when they are needed: `hall --help` reads this module too.
    from display_board.voice import service

    if number is not None:
        if not re.fullmatch(r"[A-Z]{1,3}[0-9]{1,6}", number):
            raise Trouble(f"--say {number!r} is not a ticket number; write e.g. A001")
        asyncio.run(service.say(path, number, counter, language, short=short, target=target))
        return
    if target is not None:
        raise Trouble("--to goes with --say; where the calls of a hall are written is `directory` in [device.voice]")
    if path is None:
        raise Trouble("which hall? Give its directory or this device's bundle, or --say NUMBER for a sample")
    asyncio.run(service.serve(path))
