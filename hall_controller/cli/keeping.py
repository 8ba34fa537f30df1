"""hall check, hall backup, hall restore."""

from pathlib import Path

import click
import msgspec

from hall_controller.journal.journal import JournalTrouble
from hall_controller.part import Trouble

HALL_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.option("--json", "as_json", is_flag=True)
def check(directory: Path, as_json: bool) -> None:
    """Check settings, keys, journal, printer and sound, and say what to mend. Exit code 1 when something is."""
    from hall_controller.checking import check_hall

    findings = []
    for finding in check_hall(directory):
        findings.append(finding)
        if not as_json:
            click.echo(f"{finding.level.upper():<4}  {finding.subject}: {finding.text}")
    if as_json:
        click.echo(msgspec.json.encode([finding._asdict() for finding in findings]).decode())
    raise SystemExit(0 if all(finding.ok for finding in findings) else 1)


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.argument("file", type=FILE)
def backup(directory: Path, file: Path) -> None:
    """Write the whole hall to FILE while it runs. The file holds its keys: guard it as such."""
    from hall_controller.keeping import back_up

    try:
        seq = back_up(directory, file)
    except JournalTrouble as error:
        raise Trouble(str(error)) from None
    click.echo(f"{file}: the hall up to event {seq}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def restore(file: Path, directory: Path) -> None:
    """Bring a hall back from FILE into the empty directory DIR; it starts a new epoch."""
    from hall_controller.keeping import restore as restore_hall

    try:
        epoch = restore_hall(file, directory)
    except JournalTrouble as error:
        raise Trouble(str(error)) from None
    click.echo(f"{directory}: restored, epoch {epoch}. Start it: hall run {directory}")
