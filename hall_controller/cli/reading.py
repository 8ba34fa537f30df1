"""hall matters, hall report: read-only, whether the hall runs or not."""

import contextlib
import csv
import io
from pathlib import Path

import click
import msgspec

from hall_controller.config import ConfigTrouble, load_catalogue, load_config
from hall_controller.journal.epoch import REHEARSAL, first_origin
from hall_controller.journal.journal import Journal, JournalTrouble
from hall_controller.part import Trouble

HALL_DIR = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.argument("query", required=False)
@click.option("--json", "as_json", is_flag=True)
def matters(directory: Path, query: str | None, as_json: bool) -> None:
    """List the catalogue, or the matters that hold QUERY in code or name."""
    try:
        catalogue = load_catalogue(directory)
    except ConfigTrouble as error:
        raise Trouble(str(error)) from None
    wanted = (query or "").casefold()
    found = [
        matter
        for matter in catalogue.matters.values()
        if wanted in f"{matter.code} {matter.name_zh} {matter.name_en}".casefold()
    ]
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for matter in found:
        click.echo(f"{matter.code:<28} {matter.usual_minutes:>4g} min  {matter.name_zh}  {matter.name_en}")
    if not found:
        click.echo(f"hall: no matter holds {query!r}", err=True)


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.option("--day", metavar="YYYY-MM-DD", help="One service day.")
@click.option("--month", metavar="YYYY-MM", help="One month.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
def report(directory: Path, day: str | None, month: str | None, as_json: bool, as_csv: bool) -> None:
    """Visits (total and by band), waits and service times by matter, counter and clerk, from the journal."""
    from hall_controller.report import make_report, render

    if (day is None) == (month is None):
        raise Trouble("give either --day YYYY-MM-DD or --month YYYY-MM")
    try:
        with Journal(directory, read_only=True) as journal:
            rehearsal = _is_rehearsal(directory, journal)
            made = make_report(journal.bodies(), day or month or "")
    except JournalTrouble as error:
        raise Trouble(str(error)) from None
    except ValueError as error:
        raise Trouble(str(error)) from None
    if rehearsal:
        made["rehearsal"] = True
        click.echo(f"hall: {directory} is a rehearsal: these visits never took place and count nowhere", err=True)
    if as_json:
        click.echo(msgspec.json.encode(made).decode())
    elif as_csv:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["by", "key", "visits", "finished", "service_s", "waits", "wait_s"])
        for by, groups in made["by"].items():
            for key, row in groups.items():
                writer.writerow(
                    [by, key, *(row[name] for name in ("visits", "finished", "service_s", "waits", "wait_s"))]
                )
        click.echo(out.getvalue(), nl=False)
    else:
        click.echo(render(made))


def _is_rehearsal(directory: Path, journal: Journal) -> bool:
    """By how its journal began, whatever hall.toml says now; by hall.toml where that beginning is archived."""
    if first_origin(journal) == REHEARSAL:
        return True
    with contextlib.suppress(ConfigTrouble):
        return load_config(directory).hall.rehearsal
    return False
