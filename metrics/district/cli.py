"""`hall district`. Each subcommand imports what it needs when it is run, so that none waits for another's libraries."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall_controller.part import Trouble

if TYPE_CHECKING:
    from metrics.district.inventory import Inventory

FILE = click.Path(dir_okay=False, path_type=Path)
DIRECTORY = click.Path(file_okay=False, path_type=Path)
inventory_option = click.option(
    "--inventory",
    "file",
    type=FILE,
    default="deploy/district/halls.toml",
    show_default=True,
    help="The district's halls.",
)
EXIT_OUT_OF_DATE = 1


@click.group()
def district() -> None:
    """The district: its inventory of halls, targets for Prometheus, and the ledger of visits."""


def _load(file: Path) -> "Inventory":
    from metrics.district.inventory import InventoryTrouble, load_inventory

    try:
        return load_inventory(file)
    except InventoryTrouble as error:
        raise Trouble("\nhall: ".join(error.sentences)) from None


@district.command()
@inventory_option
@click.option("--json", "as_json", is_flag=True)
@click.option("--sample", is_flag=True, help="Print a sample inventory of 135 halls, as TOML, and end.")
def halls(file: Path, as_json: bool, sample: bool) -> None:
    """Check the inventory and list its halls, street by street. Exit code 2 when it has mistakes."""
    import msgspec

    from metrics.district import sample as made_up
    from metrics.district.inventory import by_street

    if sample:
        click.echo(made_up.text(made_up.inventory()), nl=False)
        return
    inventory = _load(file)
    if as_json:
        click.echo(msgspec.json.encode(inventory).decode())
        return
    for street, group in by_street(inventory).items():
        areas = sum(area.street == street for area in inventory.self_service)
        click.echo(f"{street}  {len(group)} halls, {areas} self-service areas")
        for hall in group:
            counters = f"{hall.counters} counters"
            click.echo(f"  {hall.id:<8} {hall.tier:<10} {counters:>12}  {hall.host:<16} {hall.name_zh}")
    total, areas = len(inventory.hall), len(inventory.self_service)
    click.echo(f"{inventory.name_zh}: {total} halls, {areas} self-service areas, hours in {inventory.hours}")
    if inventory.sample:
        click.echo("hall: this is sample data; its addresses lead nowhere", err=True)


@district.command()
@inventory_option
@click.option("--out", type=DIRECTORY, help="Write halls.json there, for file_sd_configs of Prometheus.")
@click.option("--json", "as_json", is_flag=True, help="Print it instead.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when the file is out of date.")
def targets(file: Path, out: Path | None, as_json: bool, check: bool) -> None:
    """The halls as Prometheus targets, with the labels hall, tier and street."""
    from metrics.district import targets as made

    inventory = _load(file)
    if as_json:
        click.echo(made.targets(inventory), nl=False)
        return
    if out is None:
        raise Trouble("where to? Give --out DIR, or --json to print the targets")
    place = out / made.FILE
    try:
        up_to_date = made.is_up_to_date(inventory, out) if check else not made.write_targets(inventory, out)
    except OSError as error:
        raise Trouble(f"{place}: {error.strerror or error}; choose another directory with --out") from None
    said = "up to date" if up_to_date else "OUT OF DATE; `hall district targets` writes it" if check else "written"
    click.echo(f"{place}: {len(inventory.hall)} halls, {said}")
    if check and not up_to_date:
        raise SystemExit(EXIT_OUT_OF_DATE)
