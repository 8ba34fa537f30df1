"""hall init, hall enroll, hall revoke."""

from pathlib import Path

import click

from hall_controller.bus.keys import KeyTrouble
from hall_controller.config import ConfigTrouble, load_config
from hall_controller.domain.rules import Tier
from hall_controller.domain.sender import Role
from hall_controller.making import enroll_device, make_hall, revoke_device
from hall_controller.part import Trouble

DIR = click.Path(file_okay=False, path_type=Path)
HALL_DIR = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("directory", metavar="DIR", type=DIR)
@click.option("--id", "hall", required=True, help="The hall's id in the district, e.g. BA001.")
@click.option("--tier", type=click.Choice([tier.value for tier in Tier]), required=True)
@click.option("--counters", type=click.IntRange(1, 200), required=True, help="How many counters the hall has.")
@click.option("--name-zh", help="The hall's Chinese name, for board and ticket.")
@click.option("--name-en", help="The hall's English name.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address terminals on other boxes reach it by."
)
@click.option(
    "--port", type=click.IntRange(1, 65_530), help="The first of five ports; by default the first free from 5701 on."
)
def init(
    directory: Path,
    hall: str,
    tier: str,
    counters: int,
    name_zh: str | None,
    name_en: str | None,
    host: str,
    port: int | None,
) -> None:
    """Make a new hall in DIR: its settings, keys, device bundles and journal."""
    names = (name_zh or f"{hall} 政务服务大厅", name_en or f"{hall} Public Service Hall")
    given = names if name_zh or name_en else None
    make_hall(directory, hall, Tier(tier), counters, names=given, host=host, port=port)
    click.echo(f"Hall {hall} with {counters} counters is in {directory}. Start it: hall run {directory}")


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--counter", type=int, help="For a terminal: the counter it stands at.")
def enroll(directory: Path, name: str, role: str, counter: int | None) -> None:
    """Enroll a device: prints the bundle file to carry to its box. A running hall knows it within a second."""
    try:
        file = enroll_device(directory, load_config(directory), name, Role(role), counter)
    except (ConfigTrouble, KeyTrouble) as error:
        raise Trouble(str(error)) from None
    except OSError as error:
        raise Trouble(f"{directory}: cannot be written: {error.strerror}") from None
    click.echo(str(file))


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.argument("name")
def revoke(directory: Path, name: str) -> None:
    """Take a device's key from it. A running hall refuses it within a second."""
    try:
        revoke_device(directory, name)
    except KeyTrouble as error:
        raise Trouble(str(error)) from None
    except OSError as error:
        raise Trouble(f"{directory}: cannot be written: {error.strerror}") from None
    click.echo(f"{name} is revoked.")
