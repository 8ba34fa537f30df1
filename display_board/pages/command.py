"""`hall board DIR|BUNDLE`. NiceGUI is imported when the command runs, not when `hall --help` looks for commands."""

from pathlib import Path

import click

from hall_controller.part import part_argument


@click.command()
@part_argument
@click.option("--host", help="Serve at this address instead of the one in hall.toml.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Serve at this port instead; 0 takes a free one.")
def board(path: Path, host: str | None, port: int | None) -> None:
    """Serve the board, the counter displays and the phone page.

    / is the board for the hall's large screen, /counter/3 the small display above counter 3, and
    /t/TOKEN the page that a visitor opens with the code on the ticket. Stops on SIGTERM.
    """
    from display_board.pages.serve import run

    run(path, host=host, port=port)
