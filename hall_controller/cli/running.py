"""hall controller, hall run."""

import gc
import signal
import sqlite3
from pathlib import Path

import click

from hall_controller.bus.keys import KeyTrouble
from hall_controller.bus.server import PortTaken
from hall_controller.config import ConfigTrouble
from hall_controller.journal.journal import FILE, JournalTrouble
from hall_controller.journal.orm import PeeweeException, cause_of, mend_of
from hall_controller.lock import LockTrouble
from hall_controller.part import Trouble, log_to_stderr, say_ready

HALL_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
START_TROUBLE = (ConfigTrouble, JournalTrouble, KeyTrouble, LockTrouble, PortTaken)
DAMAGED = (PeeweeException, sqlite3.Error)


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
def controller(directory: Path) -> None:
    """Run the controller alone: the bus and the journal."""
    from hall_controller.controller import Controller

    log_to_stderr("controller")
    try:
        hall = Controller(directory)
    except START_TROUBLE as error:
        raise Trouble(str(error)) from None
    except DAMAGED as error:
        raise Trouble(f"{directory / FILE}: {cause_of(error)}; {mend_of(error)}") from None
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: hall.stop())
    # What was loaded stays: keep the collector from walking it for ever.
    gc.freeze()
    say_ready()
    try:
        hall.run()
    except (JournalTrouble, PortTaken) as error:
        raise Trouble(str(error)) from None
    except DAMAGED as error:
        raise Trouble(f"{directory / FILE}: {cause_of(error)}; {mend_of(error)}") from None
    finally:
        hall.close()


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.option("--without", multiple=True, metavar="PART", help="Leave a part out, e.g. --without voice.")
def run(directory: Path, without: tuple[str, ...]) -> None:
    """Run the whole hall on this box: controller, kiosk, board, voice, printer, metrics. SIGTERM stops it cleanly.

    The HTTP gateway runs too, once it is enrolled.
    """
    from hall_controller.supervisor import PARTS, parts_of, run_hall

    unknown = set(without) - set(PARTS)
    if unknown:
        raise Trouble(f"--without {', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
    log_to_stderr("run")
    code = run_hall(directory, [part for part in parts_of(directory) if part not in without])
    raise SystemExit(code)
