"""hall matters: read-only, whether the hall runs or not."""

from pathlib import Path

import click
import msgspec

from hall_controller.config import ConfigTrouble, load_catalogue
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
